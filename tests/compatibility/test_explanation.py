"""The reasons for one pair: its parts, and what would change the verdict."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import strategies as st

from assessments.compatibility import explanation, pairs
from assessments.compatibility.encoding import NOT_APPLICABLE, Rows, encode
from assessments.compatibility.explanation import (
    Change,
    DealBreaker,
    Direction,
    Obstacle,
    Outcome,
    Overreach,
    Part,
)
from assessments.scoring.terms import Criterion, Edition, Role
from tests.compatibility.strategies import World, always, worlds, written
from tests.compatibility.test_pairs import DEAL_BREAKERS
from tests.scoring.builders import alike, asks, cases, choice, edition, practice, sheet

THESE, NOTHING, NONE = Outcome.THESE_ANSWERS, Outcome.NOTHING_NEEDED, Outcome.NO_ANSWERS


def forward(
    asked: Edition, first: str, second: str, weights: str, must_reach: str = "", threshold: int = 60
) -> Direction:
    """How the second meets what the first asks; the second asks nothing."""
    nothing = " ".join(["0"] * len(weights.split()))
    world = written(
        asked,
        (sheet(asked, first), asks(asked, weights, must_reach, threshold)),
        (sheet(asked, second), asks(asked, nothing)),
    )
    return world.reasons.forward


@cases("criterion first second must_reach expected", *DEAL_BREAKERS)
def test_each_deal_breaker_is_said_to_be_met_open_or_failed(
    criterion: Criterion, first: str, second: str, must_reach: str, expected: DealBreaker | None
) -> None:
    for weight in ("0", "7"):
        found = forward(edition(criterion), first, second, weight, must_reach)
        assert [part.deal_breaker for part in found.parts] == [expected]
        if expected is not None:
            assert found.breakers(expected) == found.parts


PLAIN = edition(choice("c", [0, 40, 100]))
LIKE = edition(alike("c", 4))


@cases(
    "asked first second weight part",
    (
        "judged",
        PLAIN,
        "?",
        "l1",
        "3",
        Part("c", 3, 40, 120, 300, is_open=False, deal_breaker=None, to_gain=180, can_mend=True),
    ),
    (
        "open: it could gain all",
        PLAIN,
        "?",
        "?",
        "3",
        Part("c", 3, None, 0, 300, is_open=True, deal_breaker=None, to_gain=300, can_mend=True),
    ),
    (
        "n/a takes no part and stays",
        PLAIN,
        "?",
        "-",
        "3",
        Part("c", 3, None, 0, 0, is_open=False, deal_breaker=None, to_gain=0, can_mend=False),
    ),
    (
        "importance 0 takes no part",
        PLAIN,
        "?",
        "l1",
        "0",
        Part("c", 0, None, 0, 0, is_open=False, deal_breaker=None, to_gain=0, can_mend=True),
    ),
    (
        "likeness",
        LIKE,
        "l1",
        "l2",
        "2",
        Part("c", 2, 67, 134, 200, is_open=False, deal_breaker=None, to_gain=66, can_mend=True),
    ),
    (
        "judged and worth nothing",
        LIKE,
        "l0",
        "l3",
        "2",
        Part("c", 2, 0, 0, 200, is_open=False, deal_breaker=None, to_gain=200, can_mend=True),
    ),
    (
        "one's own unknown: open, and no answer of the other helps",
        LIKE,
        "?",
        "l2",
        "2",
        Part("c", 2, None, 0, 200, is_open=True, deal_breaker=None, to_gain=0, can_mend=False),
    ),
    (
        "one's own n/a: not asked",
        LIKE,
        "-",
        "l2",
        "2",
        Part("c", 2, None, 0, 0, is_open=False, deal_breaker=None, to_gain=0, can_mend=True),
    ),
)
def test_each_criterion_has_its_part(
    asked: Edition, first: str, second: str, weight: str, part: Part
) -> None:
    assert forward(asked, first, second, weight).parts == (part,)


def test_a_direction_has_its_sums() -> None:
    asked = edition(practice("a"), practice("b"), practice("c"))
    found = forward(asked, "? ? ?", "yes ? -", "3 2 5", threshold=70)
    assert (found.points, found.could_have, found.possible, found.asked) == (300, 500, 500, 1000)
    assert (found.low, found.high, found.threshold) == (0.6, 1, 70)
    assert (found.reaches, found.falls_short, found.evaded) == (False, False, False)


FOUR = edition(
    practice("d"), choice("c", [0, 50, 100], na_meets=True), practice("b"), alike("a", 3)
)


@cases(
    "first second weights must_reach threshold expected",
    ("at the threshold", "? ? ? l0", "yes l2 no l0", "1 1 1 1", ". . . .", 75, Change(NOTHING)),
    ("nothing asked", "? ? ? l0", "no l0 no l1", "0 0 0 0", ". . . .", 100, Change(NOTHING)),
    (
        "the one that adds most is enough",
        "? ? ? l0",
        "no l2 no l1",
        "3 2 1 1",
        ". . . .",
        60,
        Change(THESE, ("d",)),
    ),
    (
        "what is open counts as nothing now",
        "? ? ? l0",
        "yes ? no l0",
        "3 5 1 1",
        ". . . .",
        60,
        Change(THESE, ("c",)),
    ),
    (
        "by points to gain, until it is enough",
        "? ? ? l0",
        "no l1 no l2",
        "2 3 1 4",
        ". . . .",
        60,
        Change(THESE, ("a", "d")),
    ),
    (
        "what is reached already cannot be gained again",
        "? ? ? l0",
        "no l1 no l0",
        "2 5 1 1",
        ". . . .",
        80,
        Change(THESE, ("c", "d")),
    ),
    (
        "not one more than it needs, on the bound",
        "? ? ? l0",
        "no l2 no l0",
        "1 2 1 1",
        ". . . .",
        80,
        Change(THESE, ("b",)),
    ),
    (
        "of equals by slug",
        "? ? ? l0",
        "no l0 no l2",
        "1 1 1 1",
        ". . . .",
        75,
        Change(THESE, ("a", "b", "c")),
    ),
    (
        "first what a deal-breaker needs",
        "? ? ? l0",
        "no l0 no l2",
        "1 9 1 1",
        ". . yes .",
        60,
        Change(THESE, ("b", "c")),
    ),
    (
        "a deal-breaker needs it also above the threshold",
        "? ? ? l0",
        "no l2 yes l0",
        "1 9 1 1",
        "yes . . .",
        60,
        Change(THESE, ("d",)),
    ),
    (
        "what gains nothing is listed for a deal-breaker",
        "? ? ? l0",
        "no l2 yes l0",
        "0 9 1 1",
        "yes . . .",
        60,
        Change(THESE, ("d",)),
    ),
    (
        "deal-breakers among themselves by points, then slug",
        "? ? ? l0",
        "? ? no l1",
        "1 5 1 0",
        "yes l1 yes same",
        0,
        Change(THESE, ("c", "b", "d", "a")),
    ),
    (
        "the points of a deal-breaker count towards the threshold",
        "? ? ? l0",
        "no l0 yes l0",
        "3 3 3 3",
        "yes . . .",
        75,
        Change(THESE, ("d",)),
    ),
    (
        "the best answer for a deal-breaker is more than what it requires",
        "? ? ? l0",
        "yes l0 yes l2",
        "1 6 1 2",
        ". l1 . .",
        80,
        Change(THESE, ("c",)),
    ),
    (
        "evaded: no answers would do",
        "? ? ? l0",
        "no - - -",
        "1 1 1 1",
        ". . . .",
        60,
        Change(NONE, obstacle=Obstacle.EVADED),
    ),
    (
        "evaded, though the threshold is reached",
        "? ? ? l0",
        "yes - - -",
        "1 1 1 1",
        ". . . .",
        60,
        Change(NONE, obstacle=Obstacle.EVADED),
    ),
    (
        "n/a stays, so its deal-breaker stays open",
        "? ? ? l0",
        "- l2 yes l0",
        "1 1 1 1",
        "yes . . .",
        60,
        Change(NONE, obstacle=Obstacle.DEAL_BREAKER),
    ),
    (
        "n/a that meets its deal-breaker is no obstacle",
        "? ? ? l0",
        "no - yes l0",
        "1 1 1 1",
        ". l2 . .",
        60,
        Change(NOTHING),
    ),
    (
        "one's own unknown level stays, so its deal-breaker stays open",
        "? ? ? ?",
        "yes l2 yes l0",
        "1 1 1 1",
        ". . . same",
        60,
        Change(NONE, obstacle=Obstacle.DEAL_BREAKER),
    ),
    (
        "one's own unknown level cannot be gained",
        "? ? ? ?",
        "no l0 no l0",
        "1 1 1 2",
        ". . . .",
        60,
        Change(THESE, ("b", "c", "d")),
    ),
    (
        "all that can be gained is not enough",
        "? ? ? ?",
        "no l0 no l0",
        "1 1 1 4",
        ". . . .",
        60,
        Change(NONE, obstacle=Obstacle.NOT_ENOUGH),
    ),
)
def test_what_would_change_the_verdict(
    first: str, second: str, weights: str, must_reach: str, threshold: int, expected: Change
) -> None:
    assert forward(FOUR, first, second, weights, must_reach, threshold).change == expected


def fewest(world: World) -> tuple[int | None, set[frozenset[str]]]:
    """The least number of answers of the second that would do, and which: by trying all."""
    rows = world.rows.take((0, 1))
    now = rows.levels[1]
    choices = [
        [int(level)] if level == NOT_APPLICABLE else [int(level), *range(size)]
        for level, size in zip(now, world.frame.sizes, strict=True)
    ]
    tried = np.array(list(product(*choices)), dtype=np.int16)
    many = len(tried)
    answered = Rows(
        tried,
        np.repeat(rows.importances[1:], many, axis=0),
        np.repeat(rows.required[1:], many, axis=0),
        np.repeat(rows.thresholds[1:], many),
    )
    asking = encode(world.frame, rows.take((0,)))
    found = pairs.judge(asking, encode(world.frame, answered))
    does = ((found.failed + found.open == 0) & found.reaches & ~found.evaded)[0]
    if not does.any():
        return None, set()
    changed = (tried != now)[does]
    least = int(changed.sum(axis=1).min())
    slugs = [criterion.slug for criterion in world.frame.criteria]
    ways = changed[changed.sum(axis=1) == least]
    return least, {frozenset(slugs[place] for place in np.flatnonzero(way)) for way in ways}


@always(world=worlds())
def test_no_fewer_answers_would_do_and_these_would(world: World) -> None:
    for one in (world, world.of((1, 0))):
        change = one.reasons.forward.change
        least, ways = fewest(one)
        if change.outcome is NONE:
            assert least is None
            assert change.obstacle is not None
        else:
            assert len(change.criteria) == least
            assert frozenset(change.criteria) in ways
            assert change.obstacle is None
            assert (change.outcome is NOTHING) == (change.criteria == ())


@always(world=worlds(), dice=st.integers(0, 3))
def test_an_answer_that_is_listed_brings_what_it_is_said_to_gain(world: World, dice: int) -> None:
    parts = world.reasons.forward.parts
    part = parts[dice % len(parts)]
    criterion = world.edition.by_slug[part.criterion]
    now = world.rows.levels[1, dice % len(parts)]
    if now == NOT_APPLICABLE:
        assert part.to_gain == 0
        return
    reached = [
        world.with_level(1, criterion, level).reasons.forward.points
        for level in range(len(criterion.levels))
    ]
    assert max(reached) - world.reasons.forward.points == part.to_gain


OWN = edition(
    choice("a", [0, 60, 60, 100]),
    practice("b", reversed=True),
    alike("s", 3),
    practice("listed", role=Role.NONE),
)


@cases(
    "words must_reach expected",
    ("it reaches what it asks", "l3 no l0 no", "l1 no .", ()),
    ("the level itself", "l1 no l0 no", "l1 no .", ()),
    ("equal credit", "l1 no l0 no", "l2 no .", ()),
    ("less credit", "l0 no l0 no", "l1 no .", (Overreach("a", "l1", True),)),
    ("reversed", "l3 yes l0 no", "l1 no .", (Overreach("b", "no", True),)),
    ("unknown: not yet for all to see", "? no l0 no", "l1 no .", (Overreach("a", "l1", False),)),
    ("what does not apply to it may be asked", "- no l0 no", "l1 no .", ()),
    ("likeness asks what one is", "l3 no ? no", ". . same", ()),
    ("what is no deal-breaker says nothing", "l0 yes l0 no", ". . .", ()),
    (
        "in the order of the edition",
        "l0 yes l0 no",
        "l3 no same",
        (Overreach("a", "l3", True), Overreach("b", "no", True)),
    ),
)
def test_asking_more_than_one_gives(
    words: str, must_reach: str, expected: tuple[Overreach, ...]
) -> None:
    own, policy = sheet(OWN, words), asks(OWN, "1 0 1", must_reach)
    frame = written(OWN, (own, policy)).frame
    assert explanation.asks_more_than_it_gives(frame, own, policy) == expected
