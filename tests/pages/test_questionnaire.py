"""The questionnaire as people use it: with plain forms, with scripts, with two at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import publishing
from assessments.models import Answer as AnswerRow
from assessments.models import Assessment, Edition
from assessments.scoring.terms import Answer
from tests import drafters
from tests.assessments.commands import everything
from tests.cast import edition_toml, publish_assessments, publish_edition
from tests.drafters import BUT, LATER, NOON, YES, Hazel
from tests.orgs.conftest import as_
from tests.pages import demo as the_demo
from tests.pages import reading
from tests.pages.reading import Element

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12
ADDRESSES = ("tasks", "question", "answers-dimension")
SLUGS = ("rules", "losses", "release-delay", "decisions", "outflow", "licences", "exchange")


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    return drafters.found()


def url(name: str = "question", part: str = "rules", slug: str = "hazel") -> str:
    parts = {"tasks": [], "question": [part], "answers-dimension": ["commons"]}[name]
    return reverse(name, args=[slug, *parts])


def page_of(response: Any) -> Element:
    return reading.read(response.content)


def post(
    hazel: Hazel, fields: dict[str, Any], slug: str = "rules", *, user: Any = None, **headers: str
) -> Any:
    return as_(user or hazel.ana).post(url(part=slug), fields, headers=headers)


def errors(page: Element) -> list[str]:
    """What the summary says; every line leads to a field of the page."""
    summary = page.one(of_class="error-summary")
    ids = {one.attributes.get("id") for one in page.walk()}
    for link in summary.all("a"):
        assert link.attributes["href"].removeprefix("#") in ids
    return [line.text for line in summary.all("li")]


class TestLadder:
    @pytest.mark.parametrize("name", ADDRESSES)
    def test_members_see_it_within_the_budget_and_others_find_nothing(
        self, hazel: Hazel, name: str
    ) -> None:
        hazel.save(YES)
        hazel.save(BUT, by=hazel.emre)
        for user in (hazel.ana, hazel.emre, hazel.vilma):
            client = as_(user)
            client.get(url("tasks"))
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url(name))
            assert response.status_code == 200
            assert len(queries) <= MOST_QUERIES
            assert "no-store" in response["Cache-Control"]
            page_of(response)
        stranger = as_(hazel.oto)
        there, unknown = stranger.get(url(name)), stranger.get(url(name, slug="nobody"))
        assert there.status_code == unknown.status_code == 404
        assert there.content == unknown.content
        entry = Client().get(url(name))
        assert entry.status_code == 302
        assert reverse("account_login") in entry["Location"]

    @pytest.mark.parametrize("name", ADDRESSES)
    def test_wrong_methods(self, hazel: Hazel, name: str) -> None:
        for method in ("put", "patch", "delete"):
            assert getattr(as_(hazel.ana), method)(url(name)).status_code == 405
        if name == "tasks":
            assert as_(hazel.ana).post(url(name)).status_code == 405

    def test_what_is_not_asked_is_not_there(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        assert client.get(url(part="nothing")).status_code == 404
        assert client.get(reverse("answers-dimension", args=["hazel", "no"])).status_code == 404
        assert client.post(url(part="nothing"), {}).status_code == 404

    def test_viewers_and_strangers_change_nothing(self, hazel: Hazel) -> None:
        fields = hazel.fields(answer="level:yes")
        assert post(hazel, fields, user=hazel.vilma).status_code == 403
        assert post(hazel, fields, user=hazel.oto).status_code == 404
        # What was typed is carried along, beside the log-in.
        assert Client().post(url(), fields).status_code == 401
        assert hazel.draft().answers == {}

    def test_viewers_read_and_find_no_form(self, hazel: Hazel) -> None:
        hazel.save(BUT)
        for name in ("question", "answers-dimension"):
            page = page_of(as_(hazel.vilma).get(url(name)))
            assert not page.one("main").all("form")
            assert "Yes, but…" in page.text

    def test_reading_stores_nothing(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        client.get(url("tasks"))
        before = everything()
        for name in ADDRESSES:
            client.get(url(name))
        assert everything() == before

    @pytest.mark.parametrize("slug", SLUGS)
    def test_a_save_takes_few_queries(self, hazel: Hazel, slug: str) -> None:
        client = as_(hazel.ana)
        for headers in (HTMX, {}):
            fields = hazel.fields(slug, answer="unknown", note=str(headers))
            with CaptureQueriesContext(connection) as queries:
                assert client.post(url(part=slug), fields, headers=headers).status_code < 400
            assert len(queries) <= MOST_QUERIES

    def test_a_whole_dimension_is_saved_in_few_queries(self, hazel: Hazel) -> None:
        fields: dict[str, Any] = {}
        for slug in ("rules", "release-delay", "outflow", "licences", "exchange"):
            fields |= hazel.fields(slug, answer="unknown")
        client = as_(hazel.ana)
        with CaptureQueriesContext(connection) as queries:
            response = client.post(url("answers-dimension"), fields)
        assert response.status_code == 302
        assert len(queries) <= MOST_QUERIES
        assert len(hazel.draft().answers) == 5


class TestAnswers:
    @pytest.mark.parametrize(
        ("slug", "filled", "answer"),
        [
            ("rules", {"answer": "level:yes", "evidence": "https://a.b/c"},
             Answer(level="yes", evidence=("https://a.b/c",))),
            ("rules", {"answer": "but:yes", "reservation": " not\r\nall "},
             Answer(level="yes", reservation="not\nall")),
            ("losses", {"answer": "but:no", "reservation": "once"},
             Answer(level="no", reservation="once")),
            ("losses", {"answer": "na", "na": "no losses"}, Answer(na="no losses")),
            ("decisions", {"answer": "level:consent", "withheld": "on"},
             Answer(level="consent", withheld=True)),
            ("outflow", {"answer": "said", "value": "4,5"}, Answer(value=Decimal("4.5"))),
            ("outflow", {"value": " 34,5 %"}, Answer(value=Decimal("34.5"))),
            ("outflow", {"value": "34.5 per cent"}, Answer(value=Decimal("34.5"))),
            ("outflow", {"answer": "unknown", "withheld": "on"}, Answer(unknown=True)),
            ("licences", {"licences": "MIT\n\n CC-BY-SA-4.0 "},
             Answer(licences=("MIT", "CC-BY-SA-4.0"))),
            ("licences", {"licences": "CC BY-SA 4.0\nmit OR (Agpl-3.0-Only)\nMIT License"},
             Answer(licences=("CC-BY-SA-4.0", "MIT OR (AGPL-3.0-only)", "MIT"))),
            ("licences", {"licences": "all rights reserved\nAGPLv3+"},
             Answer(licences=("LicenseRef-proprietary", "AGPL-3.0-or-later"))),
            ("rules", {"answer": "level:yes", "evidence": "www.hazel.example/rules\nhttp://a.example"},
             Answer(level="yes", evidence=("https://www.hazel.example/rules", "http://a.example"))),
            ("exchange", {"needs": "bread\nroses", "note": "soon"},
             Answer(needs=("bread", "roses"), note="soon")),
        ],
    )  # fmt: skip
    def test_are_saved_as_they_were_meant(
        self, hazel: Hazel, slug: str, filled: dict[str, str], answer: Answer
    ) -> None:
        response = post(hazel, hazel.fields(slug, **filled), slug)
        assert response.status_code == 302
        assert hazel.draft().answers == {slug: answer}
        # What the form gives back as it is, changes nothing.
        assert post(hazel, hazel.fields(slug), slug, user=hazel.emre).status_code == 302
        assert hazel.draft().edits[slug].changed_by == hazel.ana

    @pytest.mark.parametrize(
        ("slug", "filled", "said"),
        [
            ("rules", {"note": "only this"}, "Choose an answer"),
            ("rules", {"answer": "level:maybe"}, "Choose one of the answers."),
            ("rules", {"answer": "but:yes"}, "Write what the but is."),
            ("rules", {"answer": "level:yes", "reservation": "hm"}, "Choose the answer that it"),
            ("rules", {"answer": "na"}, "Choose one of the answers."),
            ("rules", {"answer": "level:yes", "evidence": "https://a.b\njavascript:alert(1)"},
             "Line 2:"),
            ("rules", {"answer": "level:yes", "note": "x" * 10_001}, "at most 10,000 characters"),
            ("losses", {"answer": "na"}, "Write why it does not apply to you."),
            ("outflow", {"answer": "said"}, "Write the number"),
            ("outflow", {"value": "much"}, "Write only the number, for example 4.5."),
            ("outflow", {"value": "1,234"}, "1234 or as 1.234"),
            ("outflow", {"value": "-1"}, "less than where the first band begins"),
            ("outflow", {"value": "150"}, "A share is at most 100 %."),
            ("outflow", {"answer": "unknown", "value": "4"}, "Choose the answer that it belongs"),
            ("outflow", {"value": "9" * 60}, "too long"),
            ("licences", {"licences": "MIT\nGPL 3"}, "Line 2: “GPL 3” is no short name"),
            ("licences", {"licences": "gpl\nMIT\nbsd"}, "Line 3: “bsd” is no short name"),
            ("licences", {"licences": "share alike"}, "is no short name of a licence that we know"),
            ("exchange", {"answer": "said"}, "Write what you offer or need"),
        ],
    )  # fmt: skip
    def test_that_cannot_be_saved_are_told_and_kept_in_the_form(
        self, hazel: Hazel, slug: str, filled: dict[str, str], said: str
    ) -> None:
        response = post(hazel, hazel.fields(slug, **filled), slug)
        assert response.status_code == 422
        page = page_of(response)
        assert page.one("title").text.startswith("Error:")
        assert any(said in error for error in errors(page))
        for name, value in filled.items():
            if name not in ("answer", "withheld"):
                assert escape(value) in response.content.decode()
        assert hazel.draft().answers == {}

    def test_what_is_offered_twice_is_there_once(self, hazel: Hazel) -> None:
        fields = hazel.fields("exchange", offers="bread\noven\n bread", needs="bread")
        assert post(hazel, fields, "exchange").status_code == 302
        said = hazel.draft().answers["exchange"]
        assert (said.offers, said.needs) == (("bread", "oven"), ("bread",))

    def test_a_but_is_left_behind_with_its_choice(self, hazel: Hazel) -> None:
        """Without scripts the text of the earlier choice is sent along."""
        hazel.save(BUT)
        assert post(hazel, hazel.fields(answer="level:no")).status_code == 302
        assert hazel.draft().answers["rules"].reservation == ""

    def test_a_but_to_the_bad_answer_from_a_file_can_be_kept(self, hazel: Hazel) -> None:
        said = {"rules": {"level": "no", "reservation": "soon"}}
        publish_assessments({"slug": "hazel", "name": "Hazel", "answers": said})
        assert post(hazel, hazel.fields(note="n")).status_code == 302
        assert hazel.draft().answers["rules"] == Answer(level="no", reservation="soon", note="n")

    def test_are_taken_back(self, hazel: Hazel) -> None:
        hazel.save(YES)
        response = post(hazel, {**hazel.fields(), "rules-take-back": "1"})
        assert response["Location"] == url()
        assert hazel.draft().answers == {}

    def test_say_what_a_but_counts_as(self, hazel: Hazel) -> None:
        yes_but = page_of(as_(hazel.ana).get(url())).one(of_class="panel-but").text
        assert "counts as No until the but is gone" in yes_but
        assert "“They are public.”" in yes_but or "They are public." in yes_but
        no_but = page_of(as_(hazel.ana).get(url(part="losses"))).one(of_class="panel-but").text
        assert "counts as Yes until" in no_but

    def test_say_into_which_band_a_number_falls(self, hazel: Hazel) -> None:
        hazel.save(Answer(value=Decimal("12")), "outflow")
        assert "It counts as “A tenth”." in page_of(as_(hazel.ana).get(url(part="outflow"))).text

    def test_lead_on_to_the_next_open_question_or_back(self, hazel: Hazel) -> None:
        for go, target in (
            ("next", url(part="losses")),
            ("tasks", url("tasks")),
            ("review", reverse("review", args=["hazel"]) + "#answer-rules"),
            ("//evil.example", url(part="losses")),
        ):
            fields = hazel.fields(answer="level:no", note=go) | {"go": go}
            assert post(hazel, fields)["Location"] == target
        for slug in SLUGS[1:]:
            hazel.save(Answer(unknown=True), slug)
        response = post(hazel, hazel.fields(answer="unknown"))
        assert response["Location"] == reverse("review", args=["hazel"])


class TestTwoAtOnce:
    def test_both_texts_are_shown_and_nothing_is_overwritten(self, hazel: Hazel) -> None:
        fields = hazel.fields(answer="but:yes", reservation="my own <but>")
        hazel.save(BUT, by=hazel.emre, at=LATER)
        response = post(hazel, fields)
        assert response.status_code == 409
        page = page_of(response)
        theirs = page.one(of_class="conflict").text
        assert "Emre changed this answer" in theirs
        assert "4 May 2026, 12:05" in theirs
        assert "not for guests" in theirs
        assert "my own <but>" in page.one(of_class="panel-but").one("textarea").text
        assert hazel.draft().answers == {"rules": BUT}
        # Saving again as if nothing had happened is refused again.
        assert post(hazel, fields).status_code == 409
        over = page.one(of_class="conflict").all("button")[0].attributes
        assert post(hazel, fields | {over["name"]: over["value"]}).status_code == 302
        assert hazel.draft().answers["rules"].reservation == "my own <but>"

    def test_one_may_save_over_and_keep_their_links_and_note(self, hazel: Hazel) -> None:
        fields = hazel.fields(answer="level:no", note="My note.")
        theirs = Answer(level="yes", evidence=("https://hazel.example/a",), note="Their note.")
        hazel.save(theirs, by=hazel.emre)
        _, beside = page_of(post(hazel, fields)).one(of_class="conflict").all("button")
        over = {beside.attributes["name"]: beside.attributes["value"]}
        assert post(hazel, fields | over).status_code == 302
        assert hazel.draft().answers["rules"] == Answer(
            level="no", evidence=theirs.evidence, note="My note.\nTheir note."
        )

    def test_saving_over_is_refused_where_a_third_text_stands_there(self, hazel: Hazel) -> None:
        fields = hazel.fields(answer="level:no")
        hazel.save(BUT, by=hazel.emre)
        over = page_of(post(hazel, fields)).one(of_class="conflict").all("button")[0].attributes
        hazel.save(YES, by=hazel.emre)
        assert post(hazel, fields | {over["name"]: over["value"]}).status_code == 409
        assert hazel.draft().answers == {"rules": YES}

    def test_a_form_without_what_was_seen_overwrites_nothing(self, hazel: Hazel) -> None:
        hazel.save(YES)
        assert post(hazel, {"rules-answer": "level:no"}).status_code == 409
        assert hazel.draft().answers == {"rules": YES}

    def test_of_a_dimension_the_others_are_saved(self, hazel: Hazel) -> None:
        fields = hazel.fields("rules", answer="level:no")
        fields |= hazel.fields("release-delay", answer="level:soon")
        fields |= hazel.fields("outflow", value="x")
        fields |= hazel.fields("licences")
        hazel.save(YES, by=hazel.emre)
        hazel.save(Answer(licences=("MIT",)), "licences", by=hazel.emre)
        response = as_(hazel.ana).post(url("answers-dimension"), fields)
        assert response.status_code == 409
        page = page_of(response)
        assert len(errors(page)) == 2
        assert page.one(of_class="conflict")
        # The one that nobody touched here is no conflict, and shows what stands there now.
        answers = hazel.draft().answers
        assert answers["licences"] == Answer(licences=("MIT",))
        assert answers["rules"] == YES
        assert answers["release-delay"] == Answer(level="soon")
        assert 'value="x"' in response.content.decode()


class TestTheCore:
    """The questions that are asked first lead to a first result."""

    @pytest.fixture
    def hazel(self, db: None) -> Hazel:
        publish_edition(
            edition_toml("small", ("[criteria.losses]", "[criteria.losses]\ncore = true"))
        )
        return drafters.found()

    def test_says_the_place_among_them(self, hazel: Hazel) -> None:
        page = page_of(as_(hazel.ana).get(url(part="losses")))
        assert "Question 2 of the first 2; 0 of 7 answered in all." in page.text
        assert " of " not in page.one("nav", "breadcrumbs").text
        other = page_of(as_(hazel.ana).get(url(part="outflow")))
        assert "of the first" not in other.text
        assert "3 of 5" in other.one("nav", "breadcrumbs").text

    def test_ends_with_a_first_result(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        client.post(url(part="losses"), hazel.fields("losses", answer="unknown"))
        page = page_of(client.get(url()))
        marked = [one for one in page.all("input") if one.attributes.get("name") == "last-of-core"]
        assert [one.attributes["value"] for one in marked] == ["1"]
        # A script saves it before the button is pressed.
        filled = {**hazel.fields(answer="level:yes"), "last-of-core": "1"}
        assert client.post(url(), filled, headers=HTMX).status_code == 200
        filled = {**hazel.fields(answer="level:yes"), "last-of-core": "1"}
        response = client.post(url(), filled)
        assert response["Location"] == reverse("review", args=["hazel"])
        assert "here is your first result" in page_of(client.get(response["Location"])).text
        # Changed later, it is a question like any other.
        again = client.post(url(), hazel.fields(answer="level:no"))
        assert again["Location"] == url(part="release-delay")


class TestWhatWasSaved:
    """Said above the next question, so it says of which."""

    def notices(self, page: Element) -> list[str]:
        return [one.text for one in page.all("ul", "messages")]

    def test_is_named_with_a_way_back(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        client.post(url(), hazel.fields(answer="level:yes"))
        page = page_of(client.get(url(part="losses")))
        (way,) = page.one("ul", "messages").all("a")
        assert way.attributes["href"] == url(part="rules")
        because = "It counts as not yet known until a link shows it."
        assert self.notices(page) == [f"Saved: {way.text} {because}"]
        whole = page_of(client.get(url())).one("h1").text
        assert whole.startswith(way.text.removesuffix("…"))

    def test_what_was_taken_back_is_told_for_whoever_took_back_the_wrong_one(
        self, hazel: Hazel
    ) -> None:
        client = as_(hazel.ana)
        client.post(url(part="losses"), hazel.fields("losses", answer="level:yes"))
        client.post(url(part="losses"), hazel.fields("losses") | {"losses-take-back": "1"})
        *_, said = self.notices(page_of(client.get(url(part="losses"))))
        assert said.endswith("The answer was taken back. It was “Yes”.")

    def test_what_was_left_open_is_not_said_to_be_saved(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        client.post(url(), hazel.fields())
        (said,) = self.notices(page_of(client.get(url(part="losses"))))
        assert said.startswith("Left open: ")

    def test_nothing_is_called_saved_beside_a_conflict(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        fields = hazel.fields(answer="level:yes")
        assert client.post(url(), fields).status_code == 302
        # What was saved is not read, and the same page in another window collides with it.
        answer = client.post(url(), fields | {"rules-answer": "level:no"})
        assert answer.status_code == 409
        page = page_of(answer)
        assert self.notices(page) == []


class TestWithScripts:
    def test_a_save_is_answered_with_its_time_and_the_new_mark(self, hazel: Hazel) -> None:
        response = post(hazel, hazel.fields(answer="level:yes"), **HTMX)
        assert response["Answer-Saved"] == "yes"
        page = page_of(response)
        assert page.text.startswith("Saved ")
        assert "not yet known until a link shows it" in page.text
        assert page.one("input").attributes["value"] == hazel.mark()

    def test_a_save_brings_the_count_up_to_date(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        hazel.save(Answer(level="no"), "losses")
        dimension = reverse("answers-dimension", args=["hazel", "commons"])
        for address in (url(), dimension):
            shown = page_of(client.get(address)).one(of_class="head")
            (count,) = (one for one in shown.all("span") if one.attributes.get("id") == "answered")
            assert count.text == "1"
            assert "1 of 7 answered" in shown.text
        for slug, answer, expected in (
            ("rules", "level:yes", "2"),
            ("rules", "level:no", "2"),
            ("outflow", "unknown", "3"),
        ):
            page = page_of(post(hazel, hazel.fields(slug, answer=answer), slug, **HTMX))
            (count,) = (one for one in page.all("span") if one.attributes.get("id") == "answered")
            assert (count.text, count.attributes["hx-swap-oob"]) == (expected, "true")

    def test_an_error_is_told_at_its_field(self, hazel: Hazel) -> None:
        fields = hazel.fields("outflow", answer="said", value="much")
        response = post(hazel, fields, "outflow", **HTMX)
        assert (response.status_code, response["Answer-Saved"]) == (422, "no")
        slots = {one.attributes["id"]: one.text for one in page_of(response).all(of_class="slot")}
        assert slots["error-outflow-value"].startswith("“much” is not a number.")
        assert slots["error-outflow-note"] == ""

    def test_what_is_only_begun_is_no_error(self, hazel: Hazel) -> None:
        response = post(hazel, hazel.fields(answer="but:yes"), **HTMX)
        page = page_of(response)
        assert response.status_code == 422
        assert page.text == "Not saved yet. Write what the but is."

    def test_a_conflict_is_told_in_place(self, hazel: Hazel) -> None:
        fields = hazel.fields(answer="level:no")
        hazel.save(BUT, by=hazel.emre)
        response = post(hazel, fields, **HTMX)
        assert response.status_code == 409
        assert "Emre changed this answer" in page_of(response).text


class TestTaskList:
    def test_the_default_edition_gives_a_first_result_in_fifteen_minutes(self, db: None) -> None:
        edition = the_demo.publish_default()
        page = page_of(as_(drafters.found().ana).get(url("tasks")))
        assert "The first 12: a first result in 15 minutes" in page.text
        said = edition.description
        assert "Twelve core questions come first and give a first result in a quarter" in said

    def test_shows_few_states_and_the_next_question(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="soon"), "release-delay")
        page = page_of(as_(hazel.ana).get(url("tasks")))
        assert "1 of 7 questions answered" in page.text
        states = [one.text for one in page.all(of_class="task-state")]
        assert states == ["in progress: 1 of 5", "not started"]
        assert page.one("main").one(of_class="button").attributes["href"] == url()

    def test_leads_to_publishing_what_has_changed_or_all_of_it_again(self, hazel: Hazel) -> None:
        def ways() -> list[str]:
            actions = page_of(as_(hazel.ana).get(url("tasks"))).one("p", "actions")
            return [one.text for one in actions.all("a") if "ublish" in one.text]

        hazel.save(Answer(level="soon"), "release-delay")
        assert ways() == []
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        assert ways() == []
        hazel.save(Answer(level="never"), "release-delay")
        assert ways() == ["Publish what has changed"]
        publishing.withdraw(hazel.organisation, by=hazel.ana, at=LATER)
        assert ways() == ["Publish again"]

    def test_leads_to_the_review_when_all_is_answered(self, hazel: Hazel) -> None:
        for slug in SLUGS:
            hazel.save(Answer(unknown=True), slug)
        page = page_of(as_(hazel.ana).get(url("tasks")))
        states = [one.text for one in page.all(of_class="task-state")]
        assert states == ["done", "done"]
        assert page.one("main").one(of_class="button").text == "Review the answers"

    @pytest.mark.parametrize(
        ("show", "count"),
        [("not-answered", 4), ("not-shown", 1), ("not-known", 1), ("withheld", 1), ("others", 1)],
    )
    def test_finds_what_is_open(self, hazel: Hazel, show: str, count: int) -> None:
        hazel.save(Answer(level="yes"), "rules")
        hazel.save(Answer(unknown=True), "decisions", by=hazel.emre)
        hazel.save(Answer(value=Decimal("3"), withheld=True), "outflow")
        page = page_of(as_(hazel.ana).get(url("tasks"), {"show": show}))
        assert (
            len(page.one(of_class="content").all("li", ""))
            - len(page.one(of_class="filters-line").all("li"))
            == count
        )

    def test_shows_what_others_changed(self, hazel: Hazel) -> None:
        hazel.save(YES, by=hazel.emre)
        assert "Emre, on" in page_of(as_(hazel.ana).get(url("tasks"))).text
        assert "Changed by others" not in page_of(as_(hazel.emre).get(url("tasks"))).text

    def test_before_there_are_criteria(self, db: None) -> None:
        hazel = drafters.found()
        assert "No questions yet" in page_of(as_(hazel.ana).get(url("tasks"))).text
        assert as_(hazel.ana).get(url()).status_code == 404


NAMES = st.sampled_from(
    [
        f"{slug}-{name}"
        for slug in (*SLUGS, "nothing")
        for name in (
            *("answer", "reservation", "na", "value", "licences", "offers", "needs"),
            *("evidence", "note", "withheld", "seen", "over", "take-back", "level", "id"),
        )
    ]
    + ["go", "assessment", "organisation", "criterion", "number", "published_at", "slug", ""]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.text("\x00\ud800\udfff\u202e\r\n\t,.-%0123456789eE", max_size=20),
    st.sampled_from(
        [
            *("level:yes", "level:no", "but:yes", "but:", "level:", "said", "unknown", "na", "on"),
            *("1e999999999", "NaN", "Infinity", "٣", "0x10", "1" * 5_000, "-0", "½", "1_000"),
            *("MIT OR", "(" * 200, "MIT AND " * 300 + "MIT", "https://[::1", "http://a:b", "//x"),
            *("<script>alert(1)</script>", "{{ 7 }}", "x" * 100_000, "\n" * 5_000, "a\n" * 900),
        ]
    ),
)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(("question", "answers-dimension")),
    slug=st.sampled_from(SLUGS),
    fields=st.lists(st.tuples(NAMES, VALUES), max_size=12),
    is_seen=st.booleans(),
    by_script=st.booleans(),
)
def test_whatever_is_posted(
    fuzzed: Fuzzed,
    name: str,
    slug: str,
    fields: list[tuple[str, str]],
    is_seen: bool,
    by_script: bool,
) -> None:
    """Never an error of ours, nothing changed beyond one's own answers, what was typed stays."""
    hazel = fuzzed.hazel
    if is_seen:
        marks = [(f"{one}-seen", hazel.mark(one)) for one in SLUGS]
        fields = [*marks, *fields]
    body = "&".join(
        f"{quote(key)}={quote(value.encode('utf-8', 'surrogatepass'))}" for key, value in fields
    )
    response = fuzzed.client.post(
        url(name, slug),
        body,
        content_type="application/x-www-form-urlencoded",
        headers=HTMX if by_script else {},
    )
    assert response.status_code in (200, 302, 409, 422)
    assert fuzzed.others() == fuzzed.before
    said = AnswerRow.objects.exclude(assessment__organisation=hazel.organisation)
    assert said.count() == fuzzed.foreign
    if by_script or name != "question" or response.status_code not in (409, 422):
        return
    page = page_of(response)
    if response.status_code == 422:
        assert errors(page)
    sent = QueryDict(body)
    for field in page.one("form", "question").all("textarea"):
        key = field.attributes["name"]
        if key in sent:
            typed = sent[key]
            assert escape(typed) in response.content.decode()


class Fuzzed:
    """What a long series of posts works on."""

    UNTOUCHED = ("organisation", "membership", "user", "edition", "criterion", "level", "sheet")

    def __init__(self, hazel: Hazel) -> None:
        self.hazel = hazel
        self.client = as_(hazel.ana)
        self.before = self.others()
        self.foreign = AnswerRow.objects.count()

    def others(self) -> dict[str, list[str]]:
        """All that no answer of Hazel may change."""
        return {
            table: rows
            for table, rows in everything().items()
            if table.endswith(self.UNTOUCHED) or "requirement" in table
        } | {"published": sorted(map(str, Assessment.objects.exclude(number=None)))}


@pytest.fixture
def fuzzed(cast: Any) -> Fuzzed:
    return Fuzzed(drafters.found())
