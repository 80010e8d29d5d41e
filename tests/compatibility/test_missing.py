"""Which open answers would be enough: by hand, and by answering all of them in every way."""

from __future__ import annotations

from itertools import combinations

from assessments.compatibility.explanation import DealBreaker, Direction, Outcome
from assessments.compatibility.missing import by_these, missing
from assessments.scoring.terms import State
from tests.compatibility.strategies import World, always, worlds, written
from tests.compatibility.test_enough import ways
from tests.scoring.builders import alike, asks, cases, choice, edition, practice, sheet

FIVE = edition(
    practice("p"), practice("q"), practice("r"), choice("c", [0, 40, 100]), alike("s", 3)
)


def forward(first: str, second: str, weights: str, must_reach: str, threshold: int) -> Direction:
    """How the second meets what the first asks."""
    world = written(
        FIVE,
        (sheet(FIVE, first), asks(FIVE, weights, must_reach, threshold)),
        (sheet(FIVE, second), asks(FIVE, "0 0 0 0 0")),
    )
    return world.reasons.forward


OWN = "no no no l0 l0"


@cases(
    "first second weights must_reach threshold chosen each others",
    (
        "any one of two, where a change of what is known is what adds most",
        *(OWN, "? ? no l0 l0", "2 2 1 5 0", ". . . . .", 20),
        *(("p",), ("p", "q"), ()),
    ),
    (
        "one that is not enough by itself stands apart",
        *(OWN, "? yes ? l0 l0", "2 2 1 5 0", ". . . . .", 40),
        *(("p",), ("p",), ("r",)),
    ),
    (
        "two together, the one that adds most first",
        *(OWN, "? ? ? l2 l0", "1 3 2 4 0", ". . . . .", 90),
        *(("q", "r"), (), ("p",)),
    ),
    (
        "what a deal-breaker needs cannot be replaced",
        *(OWN, "? ? yes l0 l0", "1 1 8 0 0", "yes . . . .", 60),
        *(("p",), (), ("q",)),
    ),
    (
        "a deal-breaker without weight",
        *(OWN, "? ? yes l0 l0", "0 1 8 0 0", "yes . . . .", 60),
        *(("p",), (), ("q",)),
    ),
    (
        "nothing is needed, whatever is open",
        *(OWN, "? ? yes l0 l0", "1 1 8 0 0", ". . . . .", 60),
        *((), (), ("p", "q")),
    ),
    (
        "even the best of them is not enough",
        *(OWN, "? no no l0 l0", "1 1 8 0 0", ". . . . .", 60),
        *((), (), ("p",)),
    ),
    (
        "what is known fails a deal-breaker",
        *(OWN, "? no yes l0 l0", "1 1 8 0 0", ". yes . . .", 60),
        *((), (), ("p",)),
    ),
    (
        "likeness that one's own answer is missing for is not theirs to say",
        *("no no no l0 ?", "? no yes l0 ?", "6 0 0 0 4", ". . . . .", 60),
        *(("p",), ("p",), ()),
    ),
)
def test_what_is_missing(
    first: str,
    second: str,
    weights: str,
    must_reach: str,
    threshold: int,
    chosen: tuple[str, ...],
    each: tuple[str, ...],
    others: tuple[str, ...],
) -> None:
    found = missing(forward(first, second, weights, must_reach, threshold))
    assert (found.change.criteria, found.each, found.others) == (chosen, each, others)


def test_what_adds_most_may_be_known_already() -> None:
    direction = forward(OWN, "? ? no l0 l0", "2 2 1 5 0", ". . . . .", 20)
    assert direction.change.criteria == ("c",)
    turned = by_these(direction, "q")
    assert turned.change.criteria == ("q",)
    assert turned.change.outcome is Outcome.THESE_ANSWERS


def open_to(world: World) -> list[str]:
    """What the second has not said and the first would judge, or breaks a deal over."""
    parts = world.reasons.forward.parts
    own, other = world.sheets
    return [
        part.criterion
        for part in parts
        if other[part.criterion].state is State.UNKNOWN
        and (part.is_open or part.deal_breaker is DealBreaker.OPEN)
        and not (
            world.edition.by_slug[part.criterion].role == "similarity"
            and own[part.criterion].state is not State.KNOWN
        )
    ]


@always(world=worlds())
def test_they_are_the_fewest_and_each_that_is_said_to_be_enough_is(world: World) -> None:
    for one in (world, world.of((1, 0))):
        direction, asked = one.reasons.forward, open_to(one)
        found = missing(direction)
        named = {*found.change.criteria, *found.each, *found.others}
        assert named == set(asked)
        does = [
            some
            for count in range(len(asked) + 1)
            for some in combinations(asked, count)
            if (ways(one, some) if some else direction.change.outcome is Outcome.NOTHING_NEEDED)
        ]
        if not does:
            assert found.change.outcome is Outcome.NO_ANSWERS
            continue
        fewest = min(map(len, does))
        assert len(found.change.criteria) == fewest
        assert tuple(sorted(found.change.criteria, key=asked.index)) in does
        alone = {some[0] for some in does if len(some) == 1}
        if fewest == 1 and not direction.breakers(DealBreaker.OPEN):
            assert set(found.each) == alone
        else:
            assert found.each == ()
        if found.change.criteria:
            assert found.change.outcome is Outcome.THESE_ANSWERS
