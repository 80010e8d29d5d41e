"""A draft's page: every difference, what becomes of answers, whose they are, what it could have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments import curation, foresight
from assessments.catalogue import edition_file
from assessments.catalogue.edition_changes import goes_back
from assessments.compatibility.causes import Cause, Part
from assessments.foresight import Loss
from assessments.models import Edition
from assessments.scoring.terms import Edition as Terms
from assessments.scoring.terms import Evidence, Role
from assessments.views import draft_words
from orgs.models.organisation import plain
from tests.cast import EDITION_PUBLISHED_AT, SMALL_TOML, Cast, edition_toml, publish_edition
from tests.catalogue.edition_fields import BEFORE, FIELDS, ROWS, after
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

LOSSES = (
    SMALL_TOML[
        SMALL_TOML.index("[criteria.losses]") : SMALL_TOML.index("[criteria.release-delay]")
    ],
    "",
)
MEANING = ('evidence = "required"', 'evidence = "required"\nmeaning = 2')


@pytest.fixture
def curator(db: None) -> Client:
    return people.logged_in("curator@coop.example", is_curator=True)


def draft(client: Client, edition: Terms | str) -> Element:
    """The page of an edition that was loaded as a draft."""
    text = edition if isinstance(edition, str) else edition_file.write(edition)
    made = edition_file.read(text)
    assert curation.load(made) is curation.Loaded.DRAFT
    return read(client.get(f"/curation/{made.slug}/").content)


def section(page: Element, name: str) -> Element:
    (found,) = (one for one in page.all("section") if one.attributes.get("aria-labelledby") == name)
    return found


def fold(page: Element, summary: str) -> Element:
    """What is folded away of what publishing sets off."""
    (found,) = (
        one for one in section(page, "sets-off").all("details")
        if one.one("summary").text.startswith(summary)
    )  # fmt: skip
    return found


def criterion(page: Element, question: str) -> Element:
    """A criterion in the comparison."""
    (found,) = (
        one for one in section(page, "changes").all("details")
        if one.all("summary")[0].text == question
    )  # fmt: skip
    return found


# Every difference


@pytest.mark.parametrize(("what", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_no_difference_is_missed(curator: Client, what: type, name: str) -> None:
    publish_edition(edition_file.write(BEFORE))
    row = ROWS[what, name]
    changes = section(draft(curator, after(what, name)), "changes")
    assert row.before in changes.text
    assert row.after in changes.text
    assert "word for word" not in changes.text
    changed = [one for one in changes.all("dd") if one.all("del") or one.all("ins")]
    assert changed or changes.all("ul", "reasons") or changes.all("article")


def test_what_is_the_same_is_said_to_be(curator: Client) -> None:
    publish_edition(SMALL_TOML)
    changes = section(draft(curator, edition_toml("next")), "changes")
    assert "The same, word for word, but for its slug." in changes.text
    assert not changes.all("dl")


def test_only_the_words_that_changed_are_marked(curator: Client) -> None:
    publish_edition(SMALL_TOML)
    page = draft(curator, edition_toml("next", ("before you publish?", "before you release?")))
    question = "How long do you wait before you release?"
    before, then = criterion(page, question).one("dl", "differences").all("dd")
    assert [one.text for one in before.all("del")] == ["publish"]
    assert [one.text for one in then.all("ins")] == ["release"]
    assert before.text == "before: How long do you wait before you publish?"


def test_answers_and_deal_breakers_are_said_in_words(curator: Client) -> None:
    publish_edition(SMALL_TOML)
    asking = ('kind = "share"', 'kind = "share"\nmust_reach = "from-3"')
    page = draft(curator, edition_toml("next", asking))
    _, then = criterion(page, "What share of the surplus goes to others?").one("dl").all("dd")
    assert then.one("ins").text == "from 3 to under 10 %"
    assert then.one("code", "soft").text == "from-3"


def test_what_is_added_shows_itself_whole(curator: Client) -> None:
    start = SMALL_TOML.index("[criteria.rules]")
    publish_edition(SMALL_TOML[:start] + SMALL_TOML[SMALL_TOML.index("[criteria.losses]") :]
                    .partition("[translations")[0])  # fmt: skip
    added = criterion(
        draft(curator, edition_toml("next")),
        "Are the rules of your main commons written and public?",
    )
    assert "open" not in added.attributes
    for words in ("Rules that one can read can be kept.", "They are public.", "Ostrom 1990"):
        assert words in added.one("article").text
    # So do its translations.
    assert "question (Español)" in added.one("dl", "differences").text
    assert "¿Están escritas" in added.text
    assert added.one("span", "tag").text == "new"


# What becomes of answers


def test_where_words_changed_it_says_how_to_say_that_the_meaning_did(
    curator: Client, cast: Cast
) -> None:
    question = "Are all rules of your main commons written and public?"
    words = ("Are the rules of your main commons", "Are all rules of your main commons")
    one = criterion(draft(curator, edition_toml("next", words)), question)
    assert "Earlier answers are kept. If it asks something else now, write meaning = 2" in one.text
    assert one.one("span", "tag").text == "only words"
    assert "open" in one.attributes
    both = criterion(draft(curator, edition_toml("next", words, MEANING)), question)
    assert "Earlier answers are kept" not in both.text
    assert both.one("span", "tag").text == "asked anew: earlier answers stop counting"
    weighing = ("importance = 3", "importance = 4")
    page = draft(curator, edition_toml("next", weighing))
    assert "Earlier answers are kept" not in section(page, "changes").text


def test_it_names_a_meaning_that_was_never_used(curator: Client, cast: Cast) -> None:
    publish_edition(edition_toml("second", MEANING))
    publish_edition(edition_toml("third"), at=EDITION_PUBLISHED_AT + timedelta(days=9))
    words = ("Are the rules of your main commons", "Are all rules of your main commons")
    page = draft(curator, edition_toml("next", words))
    assert "write meaning = 3 and" in section(page, "changes").text


def test_a_meaning_that_comes_back_brings_its_answers_back(curator: Client, cast: Cast) -> None:
    publish_edition(edition_toml("second", MEANING), at=EDITION_PUBLISHED_AT + timedelta(days=9))
    page = draft(curator, edition_toml("next"))
    one = criterion(page, "Are the rules of your main commons written and public?")
    assert "meaning changed" in one.text
    assert "raised" not in one.text
    assert "asked anew" not in one.text
    assert one.one("span", "tag").text == (
        "asked as before: answers given to meaning 1 count again, those given to meaning 2 stop "
        "counting"
    )
    # All three that had said and shown it then.
    sets_off = section(page, "sets-off")
    assert "No organisation loses an answer" in sets_off.text
    (again,) = sets_off.all("ul", "counted")[-1].all("li")
    assert again.one("b").text == "3"
    why = sets_off.one("div", "notice").text
    assert "asked as before: earlier answers count again" in why
    assert "asked anew" not in sets_off.text


def test_a_criterion_that_comes_back_brings_its_answers_back(curator: Client, cast: Cast) -> None:
    start, end = SMALL_TOML.index("[criteria.exchange]"), SMALL_TOML.index("[translations")
    gone = edition_toml("second", (SMALL_TOML[start:end], ""))
    publish_edition(gone, at=EDITION_PUBLISHED_AT + timedelta(days=9))
    page = draft(curator, edition_toml("next"))
    added = criterion(page, "What do you offer, and what do you need?")
    assert added.one("span", "tag").text == "asked again: answers given to meaning 1 count again"


# Whose answers


def test_it_names_whose_answers_stop_counting(curator: Client, cast: Cast) -> None:
    page = draft(curator, edition_toml("next", MEANING))
    folded = fold(page, "Whose answers, and how many of each")
    assert "open" not in folded.attributes
    rows = folded.one("ul", "counted").all("li")
    assert [(row.one("a").text, row.one("b").text) for row in rows] == [
        ("Alder", "1"),
        ("Birch", "1"),
        ("Cedar", "1"),
    ]
    assert rows[0].one("a").attributes["href"] == "/organisations/alder/"
    assert "more" not in folded.text


def test_of_many_the_first_are_named_for_the_same_queries(
    curator: Client,
) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    made = edition.as_terms()
    anew = tuple(replace(one, meaning=one.meaning + 1) for one in made.criteria)
    curation.load(replace(made, slug="next", criteria=anew))
    few = people.queries(curator, "/curation/next/")
    the_demo.publish(the_demo.many(120), edition)
    assert people.queries(curator, "/curation/next/") == few <= 12
    losing = foresight.publishing(replace(made, criteria=anew), curation.ever_published()).losing
    folded = fold(read(curator.get("/curation/next/").content), "Whose answers, and how many of")
    names = [row.one("a").text for row in folded.one("ul", "counted").all("li")]
    assert len(names) == foresight.MOST_NAMED == 50
    assert names == sorted(names, key=plain)
    assert f"and {losing - 50} more" in folded.text


# What lapses, whose headline answer changes, which pairs


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ((("[criteria.losses]", "[criteria.losses]\nmeaning = 2"),), "asked anew"),
        ((LOSSES,), "dropped"),
        ((("reversed = true", 'reversed = true\nrole = "none"'), ("na_meets = true\n", "")),
         "not scored any more"),
    ],
    ids=["raised", "dropped", "not scored"],
)  # fmt: skip
def test_own_requirements_that_lapse_are_named_with_whose_they_are(
    curator: Client, cast: Cast, changes: tuple[tuple[str, str], ...], why: str
) -> None:
    page = draft(curator, edition_toml("next", *changes))
    assert "Own requirements of 1 organisation lapse." in section(page, "sets-off").text
    rows = [
        one for one in section(page, "sets-off").all("li")
        if one.all("code") and one.one("code").text == "losses" and one.all("a")
    ]  # fmt: skip
    assert [(row.one("span", "why").text, row.one("a").text) for row in rows] == [(why, "Alder")]


def test_requirements_that_stay_do_not_lapse(curator: Client, cast: Cast) -> None:
    delay = ("[criteria.release-delay]", "[criteria.release-delay]\nmeaning = 2")
    page = draft(curator, edition_toml("next", delay))
    assert "lapse" not in section(page, "sets-off").text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (MEANING, "asked anew"),
        (("allow_na = true\nna_meets = true\n", ""), "“does not apply” is no answer any more"),
        (('question = "How do', 'evidence = "required"\nquestion = "How do'), ""),
        (('question = "How long', 'evidence = "required"\nquestion = "How long'),
         "needs a link now"),
    ],
    ids=["meaning", "na", "similarity needs no link", "link"],
)  # fmt: skip
def test_it_says_why_answers_stop_counting(
    curator: Client, cast: Cast, change: tuple[str, str], why: str
) -> None:
    page = draft(curator, edition_toml("next", change))
    sets_off = section(page, "sets-off")
    of_verdicts = [one for notice in sets_off.all("div", "notice") for one in notice.all("span")]
    whys = {one.text for one in sets_off.all("span", "why") if one not in of_verdicts}
    assert whys - {""} == ({why} if why else set())


def test_it_says_whose_headline_answer_changes(curator: Client, cast: Cast) -> None:
    page = draft(curator, edition_toml("next", MEANING))
    (table, _) = section(page, "sets-off").all("table")
    rows = {
        row.one("th").text: [cell.text.lstrip("NowThen") for cell in row.all("td")]
        for row in table.one("tbody").all("tr")
    }
    before = [int(now) for now, _ in rows.values()]
    assert sum(before) == sum(int(then) for _, then in rows.values()) == 4
    assert rows["yes"][1] == rows["no"][1] == "0"
    assert rows["not yet known"][1] == "4"
    assert "from yes to not yet known: Alder" in section(page, "sets-off").text
    same = draft(curator, edition_toml("next"))
    assert "No organisation gets another answer." in section(same, "sets-off").text


def test_it_names_the_pairs_that_get_another_verdict(
    curator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = edition_toml("next", MEANING)
    page = draft(curator, made)
    found = foresight.publishing(edition_file.read(made), curation.ever_published())
    assert len(found.pair_turns) == found.changing > 0
    pairs = fold(page, "Which pairs").all("li")
    assert [one.text for one in pairs] == [
        f"{one.first.name} and {one.second.name}" for one in found.pair_turns
    ]
    assert pairs[0].one("a").attributes["href"].startswith("/organisations/")
    monkeypatch.setattr(foresight, "MOST_PAIRS", 0)
    few = fold(read(curator.get("/curation/next/").content), "Which pairs")
    assert not few.all("li")
    assert f"and {found.changing} more" in few.text


# What looks like something else


def test_the_same_question_under_another_slug_is_pointed_out(curator: Client, cast: Cast) -> None:
    page = draft(curator, edition_toml("next", ("[criteria.losses]", "[criteria.loss-es]")))
    added = criterion(page, "Are losses put on those who work?")
    assert added.one("p", "notice").text == (
        "Same question under another slug: it was losses. Keep that slug, and the answers keep "
        "counting."
    )
    assert "open" in added.attributes
    assert "in “Democracy”" in added.text


def test_what_only_moved_to_another_dimension_stands_together(curator: Client, cast: Cast) -> None:
    moves = [
        (f'"democracy"\nquestion = "{words}', f'"commons"\nquestion = "{words}')
        for words in ("Are losses", "How do")
    ]
    changes = section(draft(curator, edition_toml("next", *moves)), "changes")
    assert "In another dimension" in changes.text
    assert changes.one("dl", "differences").one("ins").text == "Commons stewardship"
    assert "2 changed" in changes.text
    assert "only words" not in changes.text
    worded = ("Are losses put on", "Are all losses put on")
    page = draft(curator, edition_toml("next", moves[0], worded))
    one = criterion(page, "Are all losses put on those who work?")
    assert one.one("span", "tag").text == "other dimension, and words"


def test_a_translation_of_the_old_meaning_is_called_so(curator: Client, cast: Cast) -> None:
    words = ("Are the rules of your main commons", "Are all rules of your main commons")
    text = hinted(draft(curator, edition_toml("next", words, MEANING)))
    assert "1 still of the old meaning" in text
    assert "perhaps out of date" not in text
    assert "asks what was asked before" in text


def test_a_language_that_nobody_knows_is_pointed_out(curator: Client, cast: Cast) -> None:
    text = hinted(
        draft(curator, edition_toml("next") + '\n[translations.xx-YY.edition]\ntitle = "x"')
    )
    assert "not a language that we know" in text
    assert "Is xx-YY mistyped?" in text
    assert "not a language" not in hinted(draft(curator, edition_toml("next")))


def test_hints_stand_before_the_differences(curator: Client, cast: Cast) -> None:
    sections = draft(curator, edition_toml("next", MEANING)).one("main").all("section")
    names = [one.attributes.get("aria-labelledby") for one in sections]
    assert names == ["before", "sets-off", "changes", "publish", "discard"]


# After it is published


def test_the_differences_can_be_read_after_publishing(curator: Client, cast: Cast) -> None:
    later = EDITION_PUBLISHED_AT + timedelta(days=9)
    publish_edition(edition_toml("second", MEANING), at=later)
    changes = section(read(curator.get("/curation/second/").content), "changes")
    assert "Beside “A small edition”, the edition before it" in changes.text
    assert "asked anew" in changes.text
    assert "upload it again" not in changes.text
    publish_edition(
        edition_toml("third", ("threshold = 60", "threshold = 50")), at=later + timedelta(days=1)
    )
    assert "meaning" in section(read(curator.get("/curation/third/").content), "changes").text
    first = read(curator.get("/curation/small/").content)
    assert "changes" not in [one.attributes.get("aria-labelledby") for one in first.all("section")]


# What it could have


def hinted(page: Element) -> str:
    return section(page, "before").text


def test_before_publishing_it_says_what_is_missing(curator: Client, cast: Cast) -> None:
    text = hinted(draft(curator, edition_toml("next")))
    assert "the same title as the current edition, “A small edition”" in text
    assert "Without why it is asked: 6 criteria" in text
    assert "1 dimension without a question, a line that says what it asks about (democracy)" in text
    assert "Without a counter-example: 6 criteria" in text
    assert "Without “what would show it”: 6 criteria" in text
    assert "Español: 21 texts missing" in text
    assert "perhaps out of date" not in text


def test_before_publishing_it_says_what_is_out_of_date(curator: Client, cast: Cast) -> None:
    words = ("Are the rules of your main commons", "Are all rules of your main commons")
    answer = ('yes = "They are public."', 'yes = "They are published."')
    text = hinted(draft(curator, edition_toml("next", words, answer)))
    assert "Español: 21 texts missing, 2 perhaps out of date" in text
    assert "rules: question, text of yes" in text
    assert "edition: description" in text
    assert "dimension commons: title, question" in text


def test_hints_block_nothing(curator: Client, cast: Cast) -> None:
    page = draft(curator, edition_toml("next"))
    assert section(page, "before")
    assert section(page, "publish").one("form").one("button").text == "Publish"


def test_without_a_hint_there_is_no_such_section(curator: Client) -> None:
    whole = (
        '[edition]\nslug = "{}"\ntitle = "{}"\n[dimensions.d]\ntitle = "D"\nquestion = "?"\n'
        '[criteria.c]\ndimension = "d"\nquestion = "?"\nkind = "offers"\nwhy = "w"\n'
        'example = "e"\ncounter_example = "c"\nshows = "s"\nsource = "o"\n'
    )
    publish_edition(whole.format("one", "One"))
    page = draft(curator, whole.format("two", "Two"))
    assert "Before you publish" not in page.text
    assert Edition.objects.count() == 2


def test_what_is_missing_is_named_by_its_question_with_the_way_to_it(
    curator: Client, cast: Cast
) -> None:
    page = draft(curator, edition_toml("next", ('shows = "A link to the rules."\n', "")))
    (fold_,) = (
        one for one in section(page, "before").all("details")
        if one.one("summary").text == "Without “what would show it”: 7 criteria"
    )  # fmt: skip
    first = fold_.all("li")[0]
    assert first.text == "Are the rules of your main commons written and public? rules"
    way = first.one("a").attributes["href"]
    assert way == "/criteria/editions/next/#criterion-rules"
    there = read(curator.get(way).content)
    assert [one for one in there.all("article") if one.attributes["id"] == "criterion-rules"]


def test_a_title_that_is_not_translated_anew_is_pointed_out(curator: Client, cast: Cast) -> None:
    renamed = ("A small edition", "Another edition")
    text = hinted(draft(curator, edition_toml("next", renamed)))
    assert "In Español it still has the title of the current edition, “Una edición peq" in text
    anew = edition_toml("next", renamed, ("Una edición pequeña", "Otra edición"))
    assert "it still has the title" not in hinted(draft(curator, anew))
    # Where the title is the same in every language, that is said already.
    assert "it still has the title" not in hinted(draft(curator, edition_toml("next")))


def test_a_lapse_is_one_plain_sentence(curator: Client, cast: Cast) -> None:
    losses = ("[criteria.losses]", "[criteria.losses]\nmeaning = 2")
    text = section(draft(curator, edition_toml("next", losses)), "sets-off").text
    assert "Alder’s deal-breaker, “No”, no longer counts here; the standard has none." in text
    dropped = section(draft(curator, edition_toml("next", LOSSES)), "sets-off").text
    assert "Alder’s deal-breaker, “No”, no longer counts here." in dropped


def test_what_lapses_is_said_beside_what_holds_in_its_place() -> None:
    now = edition_file.read(SMALL_TOML)
    then = replace(now, criteria=tuple(replace(one, meaning=2) for one in now.criteria))
    both = foresight.Lapsing("Cuckoo", "cuckoo", 0, "no", True)
    assert draft_words._lapsing(both, "rules", now, then)["said"] == (
        "importance 0 no longer counts here; the standard 3 does. Its deal-breaker, “They are "
        "not” or better, no longer counts here; the standard one, “They are public”, does."
    )
    none = foresight.Lapsing("Cuckoo", "cuckoo", None, None, True)
    assert draft_words._lapsing(none, "losses", now, then)["said"] == (
        "wish for no deal-breaker no longer counts here; the standard has none."
    )


# Why verdicts change

MINUTES = """[criteria.minutes]
dimension = "democracy"
question = "Are the minutes shared?"
kind = "practice"
must_reach = "yes"

[translations.es.edition]"""


def test_it_says_where_it_is_seen_what_makes_verdicts_change(curator: Client, cast: Cast) -> None:
    page = draft(curator, edition_toml("next", ("[translations.es.edition]", MINUTES)))
    sets_off = section(page, "sets-off")
    lead = sets_off.one("p", "lead").text
    assert "1 of 6 pairs gets another verdict, 1 of them because of minutes: the new deal-" in lead
    why = sets_off.one("div", "notice")
    (row,) = why.all("li")
    assert row.text == "1Are the minutes shared? minutes the new deal-breaker"
    # And beside the numbers that it changes.
    assert "1 from compatible to not yet known, because of minutes: the new deal-breaker" in (
        sets_off.text
    )
    assert "Why verdicts change" not in draft(curator, edition_toml("next")).text


@pytest.mark.parametrize(
    ("part", "changes", "why"),
    [
        (Part.THRESHOLD, {}, "the standard bar, 60 → 99"),
        (Part.ANSWERS, {"meaning": 2}, "asked anew: earlier answers stop counting"),
        (Part.ANSWERS, {"evidence": Evidence.OPTIONAL}, "it needs no link any more"),
        (Part.ANSWERS, {"allow_na": True}, "“does not apply” is an answer now"),
        (Part.ANSWERS, {"na_meets": True}, "“does not apply” counts in another way"),
        (Part.IMPORTANCE, {"importance": 5}, "its importance, 3 → 5"),
        (Part.IMPORTANCE, {"meaning": 2}, "own importances that lapse"),
        (Part.DEAL_BREAKER, {"must_reach": None}, "its deal-breaker is gone"),
        (Part.DEAL_BREAKER, {"must_reach": "no"}, "its other deal-breaker"),
        (Part.DEAL_BREAKER, {"meaning": 2}, "own deal-breakers that lapse"),
        (Part.CRITERION, {"role": Role.NONE}, "not scored any more"),
        (Part.CRITERION, {"role": Role.SIMILARITY}, "judged in another way now"),
        (Part.CRITERION, {"slug": "other"}, "it is dropped"),
        (Part.DEAL_BREAKER, {"slug": "other"}, "its deal-breaker is gone"),
    ],
)
def test_each_kind_of_change_has_its_words(part: Part, changes: dict[str, Any], why: str) -> None:
    now = edition_file.read(SMALL_TOML)
    first = replace(now.by_slug["rules"], **changes)
    then = replace(now, threshold=99, criteria=(first, *now.criteria[1:]))
    slug = "" if part is Part.THRESHOLD else "rules"
    assert draft_words._because(Cause(slug, part, {}), now, then) == why


def test_answers_to_a_meaning_that_is_given_up_are_lost_to_the_one_before() -> None:
    then = edition_file.read(SMALL_TOML)
    now = replace(then, criteria=(replace(then.by_slug["rules"], meaning=2), *then.criteria[1:]))
    lost = {Loss.ASKED_ANEW: 2, Loss.NEEDS_LINK: 1}
    for one, other, said in ((now, then, "asked as before"), (then, now, "asked anew")):
        is_back = goes_back("rules", one, other)
        assert draft_words._why({Loss.ASKED_ANEW: 2}, is_back=is_back) == said
        assert draft_words._why(lost, is_back=is_back) == f"2 {said}, 1 needs a link now"
        assert draft_words._lapsed(one, other, "rules") == said


def test_what_is_new_has_its_words_too() -> None:
    then = edition_file.read(SMALL_TOML)
    now = replace(then, criteria=then.criteria[1:])
    for part, why in (
        (Part.DEAL_BREAKER, "the new deal-breaker"),
        (Part.CRITERION, "the weight of a new question"),
    ):
        assert draft_words._because(Cause("rules", part, {}), now, then) == why
