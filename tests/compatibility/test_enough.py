"""The least answers that are enough: by hand, and by trying every answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from assessments.compatibility import enough, pairs
from assessments.compatibility.encoding import Rows, encode
from assessments.compatibility.explanation import Outcome
from assessments.scoring.terms import Agreement, Role
from tests.compatibility.strategies import World, always, worlds, written
from tests.scoring.builders import alike, asks, cases, choice, edition, practice, sheet

FOUR = edition(
    choice("c", [0, 30, 60, 100]), choice("d", [0, 60, 60, 100]), alike("a", 5), practice("p")
)


def least(world: World) -> dict[str, int]:
    """The least answers of the second that would bring it to what the first asks."""
    return enough.least_answers(
        world.edition, world.reasons.forward, world.sheets[0], world.policies[0]
    )


@cases(
    "first second weights must_reach threshold expected",
    (
        "what the deal-breaker asks, where the bar is reached anyway",
        "? ? l0 ?",
        "l0 l3 l0 yes",
        "1 9 1 1",
        "l2 . . .",
        60,
        {"c": 2},
    ),
    (
        "more than the deal-breaker asks, where the bar needs it",
        "? ? l0 ?",
        "l0 l3 l4 no",
        "4 6 0 0",
        "l1 . . .",
        83,
        {"c": 2},
    ),
    (
        "the best, on the bound",
        "? ? l0 ?",
        "l0 l3 l4 no",
        "4 6 0 0",
        "l1 . . .",
        100,
        {"c": 3},
    ),
    (
        "of levels that are worth the same the first",
        "? ? l0 ?",
        "l3 l0 l4 no",
        "4 6 0 0",
        ". . . .",
        70,
        {"d": 1},
    ),
    (
        "a deal-breaker that is met stays met",
        "? ? l0 ?",
        "l1 l0 l4 no",
        "5 5 0 0",
        "l1 l3 . .",
        60,
        {"d": 3},
    ),
    (
        "as like as it has to be, and no more",
        "? ? l4 ?",
        "l3 l3 l0 no",
        "2 2 6 0",
        ". . . .",
        70,
        {"a": 2},
    ),
    (
        "the same, where likeness is a deal-breaker",
        "? ? l2 ?",
        "l3 l3 l1 no",
        "9 9 1 0",
        ". . same .",
        60,
        {"a": 2},
    ),
    (
        "one after the other, in the order of what they add",
        "? ? l0 ?",
        "l0 l0 l4 no",
        "5 4 0 1",
        ". . . .",
        70,
        {"c": 2, "d": 3},
    ),
    ("nothing where nothing is needed", "? ? l0 ?", "l3 l3 l0 yes", "1 1 1 1", ". . . .", 60, {}),
    ("nothing where nothing would do", "? ? l0 ?", "- - l0 no", "9 9 1 1", ". . . .", 60, {}),
    (
        "what a deal-breaker asks of a question without weight",
        "? ? l0 ?",
        "? l3 l0 no",
        "0 1 0 0",
        "l1 . . .",
        60,
        {"c": 1},
    ),
)
def test_the_least_answers(
    first: str,
    second: str,
    weights: str,
    must_reach: str,
    threshold: int,
    expected: dict[str, int],
) -> None:
    world = written(
        FOUR,
        (sheet(FOUR, first), asks(FOUR, weights, must_reach, threshold)),
        (sheet(FOUR, second), asks(FOUR, "0 0 0 0")),
    )
    found = least(world)
    assert found == expected
    assert list(found) == list(world.reasons.forward.change.criteria)


def accepted(world: World, slug: str, level: int) -> int:
    """What the first accepts of a level of the second, by the words of the model."""
    criterion, own = world.edition.by_slug[slug], world.sheets[0][slug].position
    if criterion.role is Role.STANDARD:
        return criterion.credit(level)
    assert own is not None, "No answer of another helps where one's own is missing."
    if criterion.agreement is Agreement.EXACT:
        return 100 if level == own else 0
    steps = len(criterion.levels) - 1
    return int(Fraction(100 * (steps - abs(own - level)), steps) + Fraction(1, 2))


def ways(world: World, slugs: Sequence[str]) -> list[tuple[int, ...]]:
    """Every way for the second to answer some criteria that is enough for the first."""
    rows, criteria = world.rows.take((0, 1)), world.frame.criteria
    places = [[one.slug for one in criteria].index(slug) for slug in slugs]
    tried = list(product(*(range(len(criteria[place].levels)) for place in places)))
    many = len(tried)
    levels = np.repeat(rows.levels[1:], many, axis=0)
    levels[:, places] = tried
    answered = Rows(
        levels,
        np.repeat(rows.importances[1:], many, axis=0),
        np.repeat(rows.required[1:], many, axis=0),
        np.repeat(rows.thresholds[1:], many),
    )
    asking = encode(world.frame, rows.take((0,)))
    found = pairs.judge(asking, encode(world.frame, answered))
    does = ((found.failed + found.open == 0) & found.reaches & ~found.evaded)[0]
    return [way for way, is_enough in zip(tried, does, strict=True) if is_enough]


@always(world=worlds())
def test_of_all_answers_that_are_enough_they_are_the_least(world: World) -> None:
    for one in (world, world.of((1, 0))):
        change, found = one.reasons.forward.change, least(one)
        assert list(found) == list(change.criteria)
        if not found:
            assert change.outcome is not Outcome.THESE_ANSWERS
            continue
        does, shown = ways(one, change.criteria), tuple(found.values())
        assert shown in does

        def order(way: tuple[int, ...], world: World = one) -> list[tuple[int, int]]:
            levels = zip(world.reasons.forward.change.criteria, way, strict=True)
            return [(accepted(world, slug, level), level) for slug, level in levels]

        # Lowered in their order: the least of the first, then of the second, and so on.
        assert shown == min(does, key=order)
        # None can be lowered alone.
        for way in does:
            changed = [place for place, level in enumerate(way) if level != shown[place]]
            if len(changed) == 1:
                (place,) = changed
                assert order(way)[place] >= order(shown)[place]


@always(world=worlds())
def test_none_of_them_is_what_is_said_already(world: World) -> None:
    """The criteria are the fewest, so whoever answers has to answer each of them anew."""
    for one in (world, world.of((1, 0))):
        for slug, level in least(one).items():
            assert one.sheets[1][slug].position != level
