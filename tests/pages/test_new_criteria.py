"""After the criteria have changed: what is asked anew, and what is new, is said."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assessments import drafting, drafts, publishing
from assessments.models import Assessment, Edition
from assessments.scoring.terms import Answer, Requirements
from orgs.models import Organisation
from orgs.models.membership import Membership, Role
from tests import drafters
from tests.cast import SMALL_TOML, Cast, edition_toml, publish_edition
from tests.drafters import LATER, NO, NOON, YES, Hazel
from tests.orgs.conftest import as_, person
from tests.pages import people, reading
from tests.pages.reading import Element

pytestmark = pytest.mark.django_db

LATEST = LATER + timedelta(hours=1)
SOON = Answer(level="soon")
HOW = ("anew", "only")
ASKED_ANEW = (
    ("How long do you wait before you publish?", "How soon do you publish your sources?"),
    ("[criteria.release-delay]\n", "[criteria.release-delay]\nmeaning = 2\n"),
)
NEW = (
    "[criteria.losses]",
    '[criteria.notice]\ndimension = "commons"\nquestion = "Do you say so?"\nkind = "practice"\n\n'
    "[criteria.losses]",
)


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    """Hazel has published two answers, and then the criteria changed."""
    hazel = drafters.found()
    hazel.save(YES)
    hazel.save(SOON, "release-delay")
    publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
    publish_edition(edition_toml("second", *ASKED_ANEW, NEW), at=LATER)
    return hazel


def page(client: Client, name: str, *parts: str) -> Element:
    return reading.read(client.get(reverse(name, args=["hazel", *parts])).content)


def states(shown: Element) -> dict[str, str]:
    return {
        line.one("a").text: line.one("span", "line-state").text
        for lines in shown.all("ul", "lines")
        for line in lines.all("li")
    }


def named(shown: Element) -> dict[str, dict[str, str]]:
    """The questions that are told of, by what is said of them: each with its address."""
    found: dict[str, dict[str, str]] = {}
    for part in shown.all(of_class="named"):
        title = (part.all("summary") or part.all("p"))[0].text
        found[title] = {one.text: one.one("a").attributes["href"] for one in part.all("li")}
    return found


def question(slug: str) -> str:
    return reverse("question", args=["hazel", slug])


def test_the_list_says_how_many_and_which(hazel: Hazel) -> None:
    shown = page(as_(hazel.ana), "tasks")
    notice = shown.one("section", "notice")
    assert notice.text.startswith(
        "The criteria have changed: two questions to answer. Until you answer and publish, "
        "they count as not yet known."
    )
    assert named(notice) == {
        "Asked anew: 1": {"How soon do you publish your sources?": question("release-delay")},
        "New: 1": {"Do you say so?": question("notice")},
    }
    found = states(shown)
    assert found["How soon do you publish your sources?"] == "asked anew"
    assert found["Do you say so?"] == "new"
    assert found["Are the rules of your main commons written and public?"] == "answered"


def test_a_link_leads_to_exactly_these(hazel: Hazel) -> None:
    client = as_(hazel.ana)
    shown = page(client, "tasks")
    (link,) = (one for one in shown.all("a") if one.text == "two questions to answer")
    assert link.attributes["href"] == "/organisations/hazel/answers/?show=since#found"
    assert states(reading.read(client.get(link.attributes["href"]).content)) == {
        "How soon do you publish your sources?": "asked anew",
        "Do you say so?": "new",
    }


def test_the_question_shows_what_was_asked_and_answered_before(hazel: Hazel) -> None:
    said = page(as_(hazel.ana), "question", "release-delay").one("fieldset", "answer").text
    assert "How long do you wait before you publish?" in said
    assert "Within three months" in said
    assert "Asked anew" not in page(as_(hazel.ana), "question", "rules").text


def test_a_quotation_that_ends_with_a_full_stop_gets_no_second(hazel: Hazel) -> None:
    rules = (
        "[criteria.rules]",
        "[criteria.rules]\nmeaning = 2",
    )
    other = ("Are the rules of your main commons written", "Are your rules written")
    publish_edition(edition_toml("third", *ASKED_ANEW, NEW, rules, other), at=LATEST)
    said = page(as_(hazel.ana), "question", "rules").one("fieldset", "answer").text
    assert "your answer was They are public." in said
    assert "They are public.." not in said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((), "Its words are the same, but it is meant otherwise"),
        ((('evidence = "required"\n', ""),), "It needs no link any more."),
        ((("importance = 3\nmust", "importance = 5\nmust"),), "It weighs 5 of 10 now; before, 3."),
        (
            (('yes = "They are public."', 'yes = "Anybody can read them."'),),
            "Its answer “They are public” reads “Anybody can read them” now.",
        ),
        (
            (('kind = "practice"\ntexts', 'kind = "practice"\nreversed = true\ntexts'),),
            "“No” is the good answer now.",
        ),
        (
            (('example = "A page', 'example = "Any page'),),
            "What explains it is put in other words.",
        ),
    ],
)
def test_of_a_sentence_that_is_the_same_it_says_what_else_changed(
    hazel: Hazel, changes: tuple[tuple[str, str], ...], told: str
) -> None:
    meaning = ("[criteria.rules]", "[criteria.rules]\nmeaning = 2")
    if "reversed" in str(changes):
        changes = (*changes, ('must_reach = "yes"\nheadline', 'must_reach = "no"\nheadline'))
    publish_edition(edition_toml("third", *ASKED_ANEW, NEW, meaning, *changes), at=LATEST)
    shown = page(as_(hazel.ana), "question", "rules")
    since = shown.one(of_class="answer-since")
    assert since.text.startswith("asked anew The sentence is the same, and this has changed: ")
    assert told in since.text
    assert "Your answer was They are public." in since.text
    assert shown.one("main").text.count("Are the rules of your main commons") == 1


def test_other_answers_of_the_same_sentence_are_named(hazel: Hazel) -> None:
    other = (
        ("[criteria.outflow]\n", "[criteria.outflow]\nmeaning = 2\n"),
        ("  {from = 3, credit = 60},\n", "  {from = 5, credit = 60},\n"),
        ('unit = "%"', 'unit = "euro"'),
    )
    hazel.save(Answer(value=Decimal(4)), "outflow")
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
    publish_edition(edition_toml("third", *ASKED_ANEW, NEW, *other), at=LATEST)
    said = page(as_(hazel.ana), "question", "outflow").one(of_class="answer-since").text
    assert (
        "In the place of “under 0.01 %”, “from 0.01 to under 3 %”, “from 3 to under 10 %”" in said
    )
    assert "it has “under 0.01 euro”, “from 0.01 to under 5 euro”" in said
    assert said.endswith("Your answer was 4 %.")
    assert "Its number is in euro now; before, in %." in said


def test_it_is_over_once_it_is_answered(hazel: Hazel) -> None:
    hazel.save(SOON, "release-delay", at=LATEST)
    hazel.save(Answer(unknown=True), "notice", at=LATEST)
    client = as_(hazel.ana)
    assert not page(client, "tasks").all("section", "notice")
    assert "to answer" not in reading.read(client.get(reverse("desk")).content).one("main").text
    assert not page(client, "question", "release-delay").all(of_class="answer-since")
    assert not page(client, "question", "notice").all(of_class="answer-since")


class TestWhoPublishesAgainWithoutAnswering:
    """What was not answered stays open, and everything says so until it is."""

    @pytest.fixture
    def hazel(self, hazel: Hazel) -> Hazel:
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        return hazel

    def test_is_told_on_the_list(self, hazel: Hazel) -> None:
        shown = page(as_(hazel.ana), "tasks")
        assert named(shown.one("section", "notice")) == {
            "Asked anew: 1": {"How soon do you publish your sources?": question("release-delay")},
            "New: 1": {"Do you say so?": question("notice")},
        }
        assert states(shown)["Do you say so?"] == "new"
        assert states(shown)["How soon do you publish your sources?"] == "asked anew"

    def test_is_told_on_the_desk(self, hazel: Hazel) -> None:
        shown = reading.read(as_(hazel.ana).get(reverse("desk")).content)
        notice = shown.one("p", "notice")
        assert notice.text == "2 questions to answer since the criteria changed."
        found = as_(hazel.ana).get(notice.one("a").attributes["href"])
        assert len(states(reading.read(found.content))) == 2

    def test_finds_what_it_answered_before(self, hazel: Hazel) -> None:
        said = page(as_(hazel.ana), "question", "release-delay").one(of_class="answer-since").text
        assert "How long do you wait before you publish?" in said
        assert "Within three months" in said
        assert page(as_(hazel.ana), "question", "notice").one(of_class="answer-since").text == (
            "new It was not asked before the criteria changed."
        )

    def test_finds_it_also_after_the_criteria_have_changed_again(self, hazel: Hazel) -> None:
        publish_edition(
            edition_toml(
                "third", *ASKED_ANEW, NEW, ("importance = 3\nmust", "importance = 4\nmust")
            ),
            at=LATEST.replace(hour=16),
        )
        assert "Within three months" in page(as_(hazel.ana), "question", "release-delay").text
        assert states(page(as_(hazel.ana), "tasks"))["Do you say so?"] == "new"

    def test_is_not_told_of_what_it_has_answered_and_taken_back_itself(self, hazel: Hazel) -> None:
        hazel.save(SOON, "release-delay", at=LATEST)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        hazel.save(None, "release-delay", at=LATEST)
        assert states(page(as_(hazel.ana), "tasks"))["How soon do you publish your sources?"] == (
            "not answered"
        )

    def test_is_not_told_that_all_still_holds_and_no_more(self, hazel: Hazel) -> None:
        shown = page(as_(hazel.ana), "publish")
        assert (
            "Still open since the criteria changed, and “not said” until you answer:" in shown.text
        )
        assert set(named(shown)) == {"Asked anew: 1", "New: 1"}
        assert "Nothing else. Published again, it says" in shown.text

    def test_reads_no_more_of_it_once_it_has_answered(self, hazel: Hazel) -> None:
        hazel.save(SOON, "release-delay", at=LATEST)
        hazel.save(Answer(level="yes"), "notice", at=LATEST)
        assert not page(as_(hazel.ana), "tasks").all("section", "notice")
        assert not reading.read(as_(hazel.ana).get(reverse("desk")).content).all("p", "notice")


class TestWhoHasNeverPublished:
    """What was answered in a draft is not lost when a question asks something else."""

    @pytest.fixture
    def hazel(self, small_edition: Edition) -> Hazel:
        hazel = drafters.found()
        hazel.save(YES)
        hazel.save(SOON, "release-delay")
        publish_edition(edition_toml("second", *ASKED_ANEW, NEW), at=LATER)
        return hazel

    def assert_finds_it(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        assert named(page(client, "tasks").one("section", "notice")) == {
            "Asked anew: 1": {"How soon do you publish your sources?": question("release-delay")},
            "New: 1": {"Do you say so?": question("notice")},
        }
        said = page(client, "question", "release-delay").one(of_class="answer-since").text
        assert "How long do you wait before you publish?" in said
        assert "Within three months" in said
        desk = reading.read(client.get(reverse("desk")).content)
        assert desk.one("p", "notice").text == "2 questions to answer since the criteria changed."

    def test_finds_it_before_anything_is_saved(self, hazel: Hazel) -> None:
        self.assert_finds_it(hazel)
        assert Assessment.objects.count() == 1

    def test_finds_it_when_something_is_saved(self, hazel: Hazel) -> None:
        hazel.save(NO, "losses", at=LATEST)
        self.assert_finds_it(hazel)
        assert states(page(as_(hazel.ana), "tasks"))["Are losses put on those who work?"] == (
            "answered"
        )

    def test_finds_it_when_it_has_published(self, hazel: Hazel) -> None:
        hazel.save(NO, "losses", at=LATEST)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        self.assert_finds_it(hazel)
        assert "no. 1" in page(as_(hazel.ana), "publish").text

    def test_finds_it_after_the_criteria_have_changed_again(self, hazel: Hazel) -> None:
        hazel.save(NO, "losses", at=LATEST)
        other = ("importance = 3\nmust", "importance = 4\nmust")
        publish_edition(edition_toml("third", *ASKED_ANEW, NEW, other), at=LATEST)
        hazel.save(Answer(level="consent"), "decisions", at=LATEST)
        self.assert_finds_it(hazel)

    def test_reads_no_more_of_it_once_it_has_answered(self, hazel: Hazel) -> None:
        hazel.save(SOON, "release-delay", at=LATEST)
        hazel.save(Answer(unknown=True), "notice", at=LATEST)
        assert not page(as_(hazel.ana), "tasks").all("section", "notice")
        assert not reading.read(as_(hazel.ana).get(reverse("desk")).content).all("p", "notice")

    def test_shows_nobody_else_what_it_never_published(self, hazel: Hazel) -> None:
        hazel.save(NO, "losses", at=LATEST)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        for name in ("organisation", "published"):
            parts = ["1"] if name == "published" else []
            shown = reading.read(Client().get(reverse(name, args=["hazel", *parts])).content)
            assert "Within three months" not in shown.text
        assert Client().get(reverse("published", args=["hazel", 2])).status_code == 404

    def test_can_still_be_removed(self, hazel: Hazel) -> None:
        hazel.save(NO, "losses", at=LATEST)
        assert Assessment.objects.filter(organisation=hazel.organisation).count() == 2
        publishing.remove(hazel.organisation)
        assert not Assessment.objects.exists()


def test_what_a_draft_said_is_found_though_it_was_never_published(hazel: Hazel) -> None:
    hazel.save(Answer(level="never"), "release-delay", at=LATEST)
    meaning = ("[criteria.release-delay]\nmeaning = 2", "[criteria.release-delay]\nmeaning = 3")
    publish_edition(edition_toml("third", *ASKED_ANEW, meaning, NEW), at=LATEST)
    hazel.save(NO, "losses", at=LATEST)
    said = page(as_(hazel.ana), "question", "release-delay").one(of_class="answer-since").text
    assert "Your answer was We do not." in said


def test_who_has_published_under_these_criteria_only_has_nothing_that_waits(hazel: Hazel) -> None:
    oak = Organisation.objects.get(slug="oak")
    mark = drafts.read(oak).mark("rules")
    drafting.save_answer(oak, "rules", YES, seen=mark, by=hazel.oto, at=LATEST)
    publishing.publish(oak, by=hazel.oto, at=LATEST)
    client = as_(hazel.oto)
    shown = reading.read(client.get(reverse("tasks", args=["oak"])).content)
    assert set(states(shown).values()) == {"answered", "not answered"}
    assert not reading.read(client.get(reverse("desk")).content).all("p", "notice")


def test_does_not_apply_where_it_is_no_answer_any_more_is_asked_anew(hazel: Hazel) -> None:
    hazel.save(Answer(na="never any loss"), "losses")
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
    none = ("allow_na = true\nna_meets = true\n", "")
    publish_edition(edition_toml("third", *ASKED_ANEW, NEW, none), at=LATEST)
    assert (
        states(page(as_(hazel.ana), "tasks"))["Are losses put on those who work?"] == "asked anew"
    )
    said = page(as_(hazel.ana), "question", "losses").one(of_class="answer-since").text
    assert "“Does not apply” is no answer to it any more." in said
    assert "Your answer was Does not apply: never any loss." in said


class TestPublishingAgain:
    def test_says_what_the_new_criteria_make_of_it(self, hazel: Hazel) -> None:
        gone = SMALL_TOML[SMALL_TOML.index("[criteria.exchange]") :].partition("[translations")[0]
        hazel.save(Answer(offers=("bread",)), "exchange", at=LATER)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
        other = (
            (gone, ""),
            ("Are the rules of your main commons written", "Are your rules written"),
            ("importance = 3\nmust", "importance = 4\nmust"),
            ("threshold = 60", "threshold = 65"),
            ("[criteria.outflow]\n", "[criteria.outflow]\nmeaning = 2\n"),
        )
        hazel.save(Answer(value=Decimal(4)), "outflow", at=LATER)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
        publish_edition(edition_toml("third", *ASKED_ANEW, NEW, *other), at=LATEST)
        shown = page(as_(hazel.ana), "publish")
        requirements = "/organisations/hazel/requirements/#asked-rules"
        rules = "Are your rules written and public?"
        assert named(shown) == {
            "Asked anew, will read “not said”: 2": {
                "How soon do you publish your sources?": question("release-delay"),
                "What share of the surplus goes to others?": question("outflow"),
            },
            "New, will read “not said”: 1": {"Do you say so?": question("notice")},
            "Not asked any more, your answer falls away: 1": {
                "What do you offer, and what do you need?": "/criteria/editions/second/"
                "#criterion-exchange"
            },
            "Reworded, look whether your answer still holds: 1": {rules: question("rules")},
            "Weighing more or less in the standard policy: 1": {f"{rules} 3 → 4": requirements},
        }
        assert "The standard bar is 65; it was 60." in shown.text
        assert "Nothing" not in shown.one("main").text
        there = Client().get("/criteria/editions/second/").content
        assert b'id="criterion-exchange"' in there

    def test_shows_an_answer_to_another_meaning_as_it_was(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="never"), "release-delay", at=LATEST)
        shown = page(as_(hazel.ana), "publish")
        (row,) = (
            one for one in shown.all("li") if "How soon do you publish" in one.text and one.all("b")
        )
        assert "Before, when it asked something else: Within three months" in row.text
        assert "Now: We do not" in row.text
        assert set(named(shown)) == {"New, will read “not said”: 1"}

    def test_says_nothing_only_where_nothing_differs(self, hazel: Hazel) -> None:
        hazel.save(SOON, "release-delay", at=LATEST)
        hazel.save(Answer(level="yes"), "notice", at=LATEST)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        publish_edition(edition_toml("third", *ASKED_ANEW, NEW), at=LATEST.replace(hour=16))
        shown = page(as_(hazel.ana), "publish").one("main").text
        assert (
            "Nothing. Published again, it says that all of it still holds today, under “A small "
            "edition”." in shown
        )


class TestReworded:
    """The same question in other words: its answer counts on, and one is told to look at it."""

    RULES = "Are your rules written and public?"

    @pytest.fixture
    def hazel(self, hazel: Hazel) -> Hazel:
        other = ("Are the rules of your main commons written", "Are your rules written")
        text = ('yes = "They are public."', 'yes = "Anybody reads them."')
        publish_edition(edition_toml("third", *ASKED_ANEW, NEW, other, text), at=LATEST)
        return hazel

    def test_is_marked_on_the_list_and_found_there(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        shown = page(client, "tasks")
        said = "answeredreworded since you answered: look whether your answer still holds"
        assert states(shown)[self.RULES] == said
        assert named(shown)["Reworded, your answer is kept: 1"] == {self.RULES: question("rules")}
        found = client.get("/organisations/hazel/answers/?show=reworded")
        assert states(reading.read(found.content)) == {self.RULES: said}

    def test_shows_the_earlier_words(self, hazel: Hazel) -> None:
        since = page(as_(hazel.vilma), "question", "rules").one(of_class="answer-since").text
        assert since.startswith("reworded since you answered Look whether your answer still holds")
        assert "The question: Are the rules of your main commons written and public?" in since
        assert "An answer: They are public." in since
        assert not page(as_(hazel.ana), "question", "losses").all(of_class="answer-since")

    def test_is_over_once_the_same_answer_is_saved_again(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        shown = page(client, "question", "rules")
        hidden = [one for one in shown.all("input") if one.attributes["name"] == "rules-reworded"]
        assert [one.attributes["value"] for one in hidden] == ["1"]
        before = hazel.draft().answers["rules"]
        # Without the mark before one's eyes nothing new is said by the same answer.
        assert client.post(question("rules"), hazel.fields()).status_code == 302
        assert page(client, "question", "rules").all(of_class="answer-since")
        sent = {**hazel.fields(), "rules-reworded": "1"}
        assert client.post(question("rules"), sent).status_code == 302
        assert not page(client, "question", "rules").all(of_class="answer-since")
        assert states(page(client, "tasks"))[self.RULES] == "answered"
        assert hazel.draft().answers["rules"] == before

    def test_is_over_once_another_answer_is_saved(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="no"), at=LATEST)
        assert not page(as_(hazel.ana), "question", "rules").all(of_class="answer-since")

    def test_is_over_once_it_is_published_again(self, hazel: Hazel) -> None:
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
        assert not page(as_(hazel.ana), "question", "rules").all(of_class="answer-since")
        assert states(page(as_(hazel.ana), "tasks"))[self.RULES] == "answered"

    def test_a_draft_that_was_begun_before_is_marked_too(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="no"), at=LATER)
        assert page(as_(hazel.ana), "question", "rules").all(of_class="answer-since")


def test_everybody_reads_that_it_is_asked_anew_and_not_that_nothing_was_said(hazel: Hazel) -> None:
    states = {
        row.one("p", "summary-question").text: [one.text for one in row.all("p", "soft")]
        for answers in page(Client(), "organisation").all("ul", "summary")
        for row in answers.all("li")
        if row.all("p", "summary-question")
    }
    anew, new = (f"Asked {how} since the criteria changed, and not answered yet" for how in HOW)
    assert states["How soon do you publish your sources?"] == [anew]
    assert states["Do you say so?"] == [new]
    assert states["Are losses put on those who work?"] == ["Not said"]


def test_everybody_reads_what_was_asked_where_an_answer_was_given_to_other_words(
    hazel: Hazel,
) -> None:
    other = ("Are the rules of your main commons written", "Are your rules written")
    text = (
        '{slug = "soon", credit = 60, text = "Within',
        '{slug = "soon", credit = 60, text = "In',
    )
    publish_edition(edition_toml("third", other, text, NEW), at=LATEST)
    (rules, delay) = (
        one
        for one in page(Client(), "organisation").all("p", "soft")
        if one.text.startswith("Answered when")
    )
    assert rules.text == (
        "Answered when it read Are the rules of your main commons written and public?."
    )
    assert rules.one("a").attributes["href"] == "/criteria/editions/small/#criterion-rules"
    assert delay.text == "Answered when it stood in other words."
    assert "Answered when" not in page(Client(), "published", "1").text
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATEST)
    assert "Answered when" not in page(Client(), "organisation").text


def test_a_pair_says_of_it_what_the_profile_says(cast: Cast) -> None:
    publish_edition(edition_toml("second", *ASKED_ANEW, NEW), at=LATER)
    steward = people.member(cast.alder)
    pair = reading.read(steward.get(reverse("pair", args=["alder", "birch"])).content)
    anew, new = (f"Asked {how} since the criteria changed, and not answered yet" for how in HOW)
    said = {
        row.one("a").text: row.text.removeprefix(row.one("a").text)
        for where in [*pair.all("tbody"), *pair.all("ul", "reasons")]
        for row in [*where.all("tr"), *where.all("li")]
        if row.all("a") and ("sources" in row.text or "say so" in row.text)
    }
    assert anew in said["How soon do you publish your sources?"]
    assert new in said["Do you say so?"]
    assert pair.text.count(new) == pair.text.count("Do you say so?")


def test_the_desk_of_several_organisations_costs_as_much_as_that_of_one(cast: Cast) -> None:
    ana, desk = person("Ana"), reverse("desk")
    Membership.objects.create(organisation=cast.alder, user=ana, role=Role.STEWARD)
    publish_edition(edition_toml("strict", *ASKED_ANEW, NEW), at=LATER)
    client = as_(ana)
    of_one = people.queries(client, desk)
    for other in (cast.birch, cast.cedar, cast.dogwood):
        Membership.objects.create(organisation=other, user=ana, role=Role.EDITOR)
    mark = drafts.read(cast.birch).mark("notice")
    drafting.save_answer(cast.birch, "notice", NO, seen=mark, by=ana, at=LATEST)
    assert people.queries(client, desk) == of_one <= 12
    waiting = {
        row.one("h3").text: row.one("p", "notice").one("b").text
        for row in reading.read(client.get(desk).content).all("li", "desk-organisation")
    }
    assert waiting == {
        "Alder": "2 questions to answer",
        "Birch": "1 question to answer",
        "Cedar": "2 questions to answer",
        "Dogwood": "2 questions to answer",
    }


@pytest.mark.parametrize("begun", ["not", "before", "since", "published again"])
def test_every_page_keeps_to_its_queries_until_all_is_answered(cast: Cast, begun: str) -> None:
    """What has changed is told by what was published before: it is read beside the draft."""
    ana = person("Ana")
    Membership.objects.create(organisation=cast.alder, user=ana, role=Role.STEWARD)
    if begun == "before":
        drafting.save_requirements(cast.alder, Requirements(50))
    # One is asked anew, one is new, one is reworded, and one weighs more.
    publish_edition(
        edition_toml(
            "strict",
            *(("threshold = 60", "threshold = 100"), *ASKED_ANEW, NEW),
            ("Are the rules of your main commons written", "Are your rules written"),
            ("importance = 3\nmust", "importance = 4\nmust"),
        )
    )
    if begun in ("since", "published again"):
        drafting.save_requirements(cast.alder, Requirements(50))
    if begun == "published again":
        publishing.publish(cast.alder, by=ana, at=LATER)
        drafting.save_requirements(cast.alder, Requirements(55))
    client = as_(ana)
    pages = ("tasks", "review", "preview", "publish", "requirements", "matches", "doors", "news")
    of_one = {name: reverse(name, args=["alder"]) for name in (*pages, "messages", "members")}
    parts = {
        "desk": reverse("desk"),
        "question": reverse("question", args=["alder", "rules"]),
        "asked anew": reverse("question", args=["alder", "release-delay"]),
        "dimension": reverse("answers-dimension", args=["alder", "commons"]),
        "pair": reverse("pair", args=["alder", "birch"]),
    }
    counted = {name: people.queries(client, url) for name, url in {**of_one, **parts}.items()}
    assert {name: count for name, count in counted.items() if count > 12} == {}
