"""What an edition could still have before it is published."""

from __future__ import annotations

from dataclasses import replace

from assessments.catalogue import edition_file, edition_hints
from assessments.catalogue.edition_hints import Hints, Language, Place
from tests.catalogue import examples

CURRENT = edition_file.read(examples.EDITION)


def hints(*changes: tuple[str, str]) -> Hints:
    """The hints on the example with some changes, to take the place of the example."""
    text = examples.EDITION
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return edition_hints.hints(edition_file.read(text), CURRENT)


def spanish(found: Hints) -> Language:
    (one,) = found.languages
    return one


def test_names_the_criteria_that_lack_a_text() -> None:
    found = hints()
    every = [one.slug for one in CURRENT.criteria]
    assert found.lacking["why"] == tuple(every[1:])
    assert hints(('why = "Rules that one can read can be kept."\n', "")).lacking["why"] == (
        tuple(every)
    )
    blank = ('why = "Rules that one can read can be kept."', 'why = "  "')
    assert hints(blank).lacking["why"] == tuple(every)


def test_asks_for_a_reason_only_where_something_is_to_be_reasoned() -> None:
    # These two have a deal-breaker without a reason; the rules have one with it.
    assert hints().lacking["reason"] == ("release-delay", "loss-sharing")


def test_asks_for_the_words_of_answers_that_have_none_of_their_own() -> None:
    assert hints().lacking["levels"] == ("release-delay", "loss-sharing")


def test_names_dimensions_without_a_question() -> None:
    assert hints().dimensions == ("democracy",)
    assert hints(('title = "Democracy"', 'title = "D"\nquestion = "?"')).dimensions == ()


def test_tells_of_a_title_that_is_taken() -> None:
    assert hints().has_same_title
    assert not hints(('"Commons first"', '"Commons second"')).has_same_title
    assert not edition_hints.hints(CURRENT, None).has_same_title


def test_names_what_a_translation_lacks() -> None:
    missing = spanish(hints()).missing
    for place in (
        Place("", "", "description"),
        Place("", "democracy", "title"),
        Place("", "commons", "question"),
        Place("commons-rules", "", "why"),
        Place("commons-rules", "", "text", "no"),
        Place("decisions", "", "text", "consent"),
        Place("exchange", "", "question"),
    ):
        assert place in missing
    assert not {
        Place("", "", "title"),
        Place("commons-rules", "", "question"),
        # What has no original cannot be translated, nor is the source of a question.
        Place("", "democracy", "question"),
        Place("decisions", "", "why"),
        Place("commons-rules", "", "source"),
        Place("release-delay", "", "text", "never"),
    }.intersection(missing)


def test_names_what_is_perhaps_out_of_date() -> None:
    assert spanish(hints()).outdated == ()
    question = ("Are the rules of your main commons", "Are all rules of your commons")
    assert spanish(hints(question)).outdated == (Place("commons-rules", "", "question"),)
    level = ('text = "Majority', 'text = "Simple majority')
    assert spanish(hints(level)).outdated == (Place("decisions", "", "text", "vote"),)
    title = ('title = "Commons stewardship"', 'title = "Stewards"')
    assert spanish(hints(title)).outdated == (Place("", "commons", "title"),)


def test_a_translation_that_went_along_is_not_out_of_date() -> None:
    both = (
        ("Are the rules of your main commons", "Are all rules of your commons"),
        ("¿Están escritas y publicadas las reglas?", "¿Están todas escritas?"),
    )
    assert spanish(hints(*both)).outdated == ()


def test_the_translation_of_an_earlier_meaning_that_comes_back_is_its_own() -> None:
    (slug,) = (one for one in CURRENT.by_slug if one == "commons-rules")
    other = replace(CURRENT.by_slug[slug], meaning=2, question="Who wrote the rules?")
    criteria = tuple(other if one.slug == slug else one for one in CURRENT.criteria)
    later = replace(CURRENT, criteria=criteria)
    (back,) = edition_hints.hints(CURRENT, later).languages
    assert (back.stale, back.outdated) == ((), ())
    (raised,) = edition_hints.hints(later, CURRENT).languages
    assert raised.stale == (Place(slug, "", "question"),)


def test_a_whole_edition_needs_no_hint() -> None:
    edition = edition_file.read(
        '[edition]\nslug = "x"\ntitle = "X"\n[dimensions.d]\ntitle = "D"\nquestion = "?"\n'
        '[criteria.c]\ndimension = "d"\nquestion = "?"\nkind = "offers"\nwhy = "w"\n'
        'example = "e"\ncounter_example = "c"\nshows = "s"\nsource = "o"\n'
        '[translations.es.edition]\ntitle = "Equis"\n'
    )
    assert edition_hints.hints(edition, None).are_any  # The Spanish is not whole.
    assert not edition_hints.hints(replace(edition, translations={}), None).are_any
