"""A comparison misses nothing, and says what each difference does to the answers given so far."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue import edition_changes
from assessments.catalogue.edition_changes import Difference, Weight
from assessments.scoring import terms
from assessments.scoring.terms import Edition
from tests.catalogue.edition_fields import BEFORE, FIELDS, ROWS, after, criterion, edition, level


def every(before: Edition, later: Edition) -> list[Difference]:
    found = edition_changes.compare(before, later)
    return [*found.edition, *(one for each in found.changed for one in each.differences)]


def test_every_field_has_its_row() -> None:
    assert set(FIELDS) == ROWS.keys()


def test_the_same_is_the_same() -> None:
    found = edition_changes.compare(BEFORE, replace(BEFORE, slug="after"))
    assert found.is_same
    assert found.unchanged == len(BEFORE.criteria)


@pytest.mark.parametrize(("what", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_no_field_is_missed(what: type, name: str) -> None:
    later = after(what, name)
    assert not edition_changes.compare(BEFORE, later).is_same
    assert not edition_changes.compare(later, BEFORE).is_same
    if name not in {"slug", "dimensions", "criteria", "translations", "levels", "bound"}:
        keys = {one.key for one in every(BEFORE, later)}
        assert name in keys or what is terms.Translation


def test_all_the_levels_are_compared_even_where_some_are_others() -> None:
    later = level("release-delay", 0, slug="nothing")(BEFORE)
    later = level("release-delay", 1, credit=70, text="Soon")(later)
    found = [one for one in every(BEFORE, later) if one.of == "soon"]
    assert [(one.key, one.before, one.after) for one in found] == [
        ("credit", "60", "70"),
        ("text", "Within three months", "Soon"),
    ]


def test_a_translation_of_an_added_criterion_is_told_too() -> None:
    before = replace(BEFORE, criteria=BEFORE.criteria[1:])
    (added,) = edition_changes.compare(before, BEFORE).added
    assert added.criterion.slug == "rules"
    # The translation was in the file before: only what is new in it is a difference.
    assert added.differences == ()
    bare = replace(before, translations={})
    (added,) = edition_changes.compare(bare, BEFORE).added
    assert [(one.key, one.language) for one in added.differences] == [
        ("question", "es"),
        ("text", "es"),
    ]


def weight(later: Edition) -> tuple[Weight, bool]:
    (changed,) = edition_changes.compare(BEFORE, later).changed
    return changed.weight, changed.is_reworded


def test_only_another_meaning_takes_answers_away() -> None:
    assert weight(criterion("outflow", unit="euros")(BEFORE)) == (Weight.WORDS, True)
    assert weight(criterion("rules", question="?")(BEFORE)) == (Weight.WORDS, True)
    assert weight(level("decisions", 0, text="By vote")(BEFORE)) == (Weight.WORDS, True)
    assert weight(criterion("rules", question="?", meaning=2)(BEFORE)) == (Weight.MEANING, False)
    assert weight(criterion("rules", question="?", importance=4)(BEFORE)) == (Weight.COUNTING, True)
    # Who answers does not see these.
    assert weight(criterion("rules", source="?")(BEFORE)) == (Weight.WORDS, False)
    assert weight(criterion("rules", dimension="democracy")(BEFORE)) == (Weight.WORDS, False)


def test_what_weighs_most_comes_first() -> None:
    later = criterion("rules", question="?", importance=4, meaning=2)(BEFORE)
    (changed,) = edition_changes.compare(BEFORE, later).changed
    assert [one.key for one in changed.differences] == ["meaning", "importance", "question"]


def places(later: Edition) -> dict[str, tuple[str, str]]:
    found = edition_changes.compare(BEFORE, later)
    return {
        each.criterion.slug: (one.before, one.after)
        for each in found.changed
        for one in each.differences
        if one.key == edition_changes.PLACE
    }


def test_one_criterion_that_moves_is_one_difference() -> None:
    first, *others = BEFORE.criteria
    assert places(edition(criteria=(*others, first))(BEFORE)) == {
        "rules": ("1, the first", "7, after exchange")
    }
    assert places(edition(criteria=tuple(others))(BEFORE)) == {}


@given(order=st.permutations(range(7)), kept=st.sets(st.integers(0, 6), min_size=1))
def test_no_other_order_is_missed(order: list[int], kept: set[int]) -> None:
    later = edition(criteria=tuple(BEFORE.criteria[one] for one in order if one in kept))(BEFORE)
    is_same_order = [one for one in order if one in kept] == sorted(kept)
    assert bool(places(later)) is not is_same_order
