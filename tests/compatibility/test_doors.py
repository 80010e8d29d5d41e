"""What would open doors: the counts are those of the whole row computed anew for each change."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from assessments.compatibility import doors, pairs
from assessments.compatibility.bars import Bar, shortened
from assessments.compatibility.doors import Barrier, Door, Doors, KeptShut
from assessments.compatibility.encoding import (
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    UNKNOWN,
    Frame,
    Rows,
    encode,
)
from assessments.compatibility.explanation import DealBreaker
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Criterion, Role
from tests.compatibility import test_against_reference as naive
from tests.compatibility.strategies import World, always, worlds, written
from tests.reference import model
from tests.scoring.builders import alike, asks, cases, choice, edition, offers, practice, sheet

COUNT = 6


def found(world: World, place: int = 0, **how: Any) -> Doors:
    """What would open doors to one organisation of a world."""
    return doors.doors(world.frame, world.rows, place, **how)


# By computing the whole world again for each change


def partners(world: World, place: int) -> set[int]:
    """With whom one organisation is compatible, by all pairs computed whole."""
    verdicts = world.all_pairs.verdicts[place]
    return {
        other
        for other, verdict in enumerate(verdicts)
        if other != place and verdict == pairs.COMPATIBLE
    }


def few(places: set[int]) -> tuple[int, ...]:
    """Who they are, if they are three or fewer."""
    return tuple(sorted(places)) if len(places) <= 3 else ()


Counts = tuple[int, int, tuple[int, ...]]
"""How many doors an answer opens, how many it closes, and to whom it opens them if to few."""


def answers_of(world: World, place: int, criterion: Criterion) -> dict[str, Counts]:
    """Each other level of a criterion with the doors that it opens and closes; nothing if n/a."""
    own = world.sheets[place][criterion.slug]
    if int(world.rows.levels[place, world.frame.criteria.index(criterion)]) == NOT_APPLICABLE:
        return {}
    before = partners(world, place)
    counts = {}
    for position, level in enumerate(criterion.levels):
        if position != own.position:
            then = partners(world.with_level(place, criterion, position), place)
            counts[level.slug] = len(then - before), len(before - then), few(then - before)
    return counts


def better(criterion: Criterion, levels: Iterable[str], now: int | None) -> list[str]:
    """Those among some levels that have more credit than the present one, the least first."""
    found = (criterion.positions[level] for level in levels)
    more = [at for at in found if now is None or criterion.credit(at) > criterion.credit(now)]
    return [criterion.levels[at].slug for at in sorted(more, key=criterion.credit)]


def chosen(criterion: Criterion, counts: dict[str, Counts], now: int | None) -> Iterator[Door]:
    """The doors among the levels of one criterion, as the definition says in words."""
    if criterion.role is Role.SIMILARITY:
        for level, found in counts.items():
            yield Door(criterion.slug, level, *found)
    elif more := better(criterion, counts, now):
        enough = [level for level in more if counts[level][0] == counts[more[-1]][0]]
        yield Door(criterion.slug, enough[0], *counts[enough[0]])


def without(world: World, place: int, slug: str) -> set[int]:
    """Who becomes compatible without a deal-breaker."""
    own = world.policies[place]
    kept = {one: must for one, must in own.must_reach.items() if one != slug}
    return opened_by(world, place, replace(own, must_reach=kept))


def opened_by(world: World, place: int, lenient: Policy) -> set[int]:
    """Who becomes compatible when less is asked."""
    before = partners(world, place)
    then = partners(world.with_policy(place, lenient), place)
    assert before <= then
    return then - before


def lower_bars(world: World, place: int) -> Iterator[Bar]:
    """Every lower threshold that opens more than the one above it, each tried by itself."""
    own = world.policies[place]
    above: set[int] = set()
    for threshold in reversed(range(own.threshold)):
        opened = opened_by(world, place, replace(own, threshold=threshold))
        if opened > above:
            more = opened - above
            yield Bar(threshold, len(opened), len(more), few(more))
        above = opened


def barriers(world: World, place: int) -> Iterator[Barrier]:
    """What is in the way, by the reasons of each pair alone."""

    def met(seen: World, other: int, at: int) -> bool:
        (part,) = [seen.of((place, other)).reasons.backward.parts[at]]
        return part.deal_breaker in (None, DealBreaker.MET)

    for at, criterion in enumerate(world.frame.criteria):
        levels = list(answers_of(world, place, criterion))
        changed = [world.with_level(place, criterion, criterion.positions[one]) for one in levels]
        others = sum(
            not met(world, other, at) and any(met(one, other, at) for one in changed)
            for other in range(len(world.sheets))
            if other != place
        )
        if others:
            yield Barrier(criterion.slug, others)


def computed_anew(world: World, place: int) -> Doors:
    """What `doors` has to say, by whole recomputation for each change."""
    every = [
        door
        for criterion in world.frame.criteria
        for door in chosen(
            criterion,
            answers_of(world, place, criterion),
            world.sheets[place][criterion.slug].position,
        )
    ]
    shut = [
        KeptShut(slug, len(opened), few(opened))
        for slug in world.policies[place].must_reach
        if (opened := without(world, place, slug))
    ]
    return Doors(
        others=len(world.sheets) - 1,
        compatible=len(partners(world, place)),
        answers=tuple(
            sorted(
                (door for door in every if door.opens > door.closes),
                key=lambda door: (door.closes - door.opens, door.criterion, door.level),
            )
        ),
        deal_breakers=tuple(sorted(shut, key=lambda one: (-one.opens, one.criterion))),
        bars=tuple(lower_bars(world, place)),
        barriers=tuple(
            sorted(barriers(world, place), key=lambda one: (-one.others, one.criterion))
        ),
    )


@always(
    world=worlds(organisations=COUNT, greatest_importance=3),
    place=st.integers(0, COUNT - 1),
    block=st.integers(1, COUNT + 1),
)
def test_every_count_is_that_of_the_row_computed_anew(world: World, place: int, block: int) -> None:
    assert found(world, place, block=block) == computed_anew(world, place)


@always(world=worlds(organisations=COUNT), place=st.integers(0, COUNT - 1))
def test_more_credit_never_closes_a_door(world: World, place: int) -> None:
    """So one level is enough to say of a standard criterion, and the best opens the most."""
    for criterion in world.frame.criteria:
        if criterion.role is Role.STANDARD:
            now = world.sheets[place][criterion.slug].position
            counts = answers_of(world, place, criterion)
            more = [counts[level] for level in better(criterion, counts, now)]
            opened = [opens for opens, _, _ in more]
            assert opened == sorted(opened)
            assert all(closes == 0 for _, closes, _ in more)


@always(
    world=worlds(organisations=4, greatest_importance=3),
    order=st.permutations(range(4)),
)
def test_the_order_of_organisations_opens_nothing(world: World, order: list[int]) -> None:
    turned = found(world.of(order), order.index(0))

    def there(places: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(order[place] for place in places))

    assert found(world) == replace(
        turned,
        answers=tuple(replace(one, few=there(one.few)) for one in turned.answers),
        deal_breakers=tuple(replace(one, few=there(one.few)) for one in turned.deal_breakers),
        bars=tuple(replace(one, few=there(one.few)) for one in turned.bars),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_naive_reference_agrees(seed: int) -> None:
    it = naive.world(seed)

    def friends(side: model.Side) -> set[str]:
        others = (other for slug, other in it.sides.items() if slug != side.slug)
        return {
            other.slug
            for other in others
            if model.verdict(it.edition, side, other) == model.COMPATIBLE
        }

    for place, slug in enumerate(it.slugs):
        own = it.sides[slug]
        before = friends(own)
        expected = []
        for criterion in it.frame.criteria:
            state, position = own.sheet[criterion.slug]
            counts = {}
            for at, level in enumerate(criterion.levels):
                if state != "na" and at != position:
                    changed = {**own.sheet, criterion.slug: ("known", at)}
                    then = friends(replace(own, sheet=changed))
                    opened = {it.slugs.index(other) for other in then - before}
                    counts[level.slug] = len(opened), len(before - then), few(opened)
            expected += [one for one in chosen(criterion, counts, position) if one.net > 0]
        ours = doors.doors(it.frame, it.rows, place)
        assert ours.compatible == len(before)
        assert sorted(ours.answers, key=repr) == sorted(expected, key=repr)
        for kept in ours.deal_breakers:
            policy = replace(
                own.policy,
                must_reach={
                    one: must
                    for one, must in own.policy.must_reach.items()
                    if one != kept.criterion
                },
            )
            assert len(friends(replace(own, policy=policy)) - before) == kept.opens
        for bar in ours.bars:
            above = bar.opens - bar.more
            for threshold, opens in ((bar.threshold, bar.opens), (bar.threshold + 1, above)):
                lenient = replace(own, policy=replace(own.policy, threshold=threshold))
                assert len(friends(lenient) - before) == opens
        lenient = replace(own, policy=replace(own.policy, threshold=0))
        assert len(friends(lenient) - before) == max((bar.opens for bar in ours.bars), default=0)


def test_the_worlds_of_the_reference_have_doors_of_every_kind() -> None:
    """Else the test above would prove little."""
    seen: set[str] = set()
    for seed in range(20):
        it = naive.world(seed)
        for place in range(len(it.slugs)):
            ours = doors.doors(it.frame, it.rows, place)
            for door in ours.answers:
                criterion = it.current.by_slug[door.criterion]
                state = it.sheets[it.slugs[place]][door.criterion].state
                seen.add(f"{criterion.role} from {state}")
                seen |= {"more than one"} if door.opens > 1 else set()
                best = max(level.credit or 0 for level in criterion.levels)
                if criterion.role is Role.STANDARD:
                    level = criterion.level(door.level)
                    seen.add("less than the best" if level.credit != best else "the best")
            seen |= {"a deal-breaker"} if ours.deal_breakers else set()
            seen |= {"the threshold"} if ours.bars else set()
            seen |= {"several thresholds"} if len(ours.bars) > 1 else set()
    assert seen == {
        "standard from known",
        "standard from unknown",
        "similarity from known",
        "similarity from unknown",
        "more than one",
        "the best",
        "less than the best",
        "a deal-breaker",
        "the threshold",
        "several thresholds",
    }


# By hand

P = edition(practice("p"), offers())
L = edition(choice("l", [0, 40, 40, 100]))
S = edition(alike("s", 3))


def small(asked: Any, own: tuple[str, ...], *others: tuple[str, ...], threshold: int = 60) -> World:
    """One's own words for sheet, weights and deal-breakers, then those of the others."""

    def one(words: str, weights: str, must_reach: str = "") -> Any:
        return sheet(asked, words), asks(asked, weights, must_reach, threshold)

    return written(asked, one(*own), *(one(*other) for other in others))


@cases(
    "world answers",
    (
        "turn the but into a yes: the two who ask it",
        small(P, ("no", "0"), ("yes", "3"), ("yes", "0", "yes"), ("no", "0")),
        [Door("p", "yes", 2, 0, (1, 2))],
    ),
    (
        "what is not known may become known",
        small(P, ("?", "0"), ("yes", "3"), ("yes", "0", "yes")),
        [Door("p", "yes", 2, 0, (1, 2))],
    ),
    (
        "any known answer meets a deal-breaker that asks no credit: the least is enough",
        small(P, ("?", "0"), ("yes", "0", "no")),
        [Door("p", "no", 1, 0, (1,))],
    ),
    ("what does not apply stays out", small(P, ("-", "0"), ("yes", "3")), []),
    ("what is at its best opens nothing", small(P, ("yes", "0"), ("no", "0", "yes")), []),
    ("nobody asks it", small(P, ("no", "0"), ("yes", "0")), []),
    (
        "one asks it, and is not what oneself asks",
        small(P, ("no", "3"), ("no", "3")),
        [],
    ),
    (
        "a deal-breaker that asks less: the first of the levels that are enough",
        small(L, ("l0", "0"), ("l3", "0", "l2"), ("l3", "0", "l1")),
        [Door("l", "l1", 2, 0, (1, 2))],
    ),
    (
        "one more asks the best",
        small(L, ("l1", "0"), ("l3", "0", "l2"), ("l3", "0", "l3")),
        [Door("l", "l3", 1, 0, (2,))],
    ),
    (
        "likeness closes doors, too, and is listed where it opens more",
        small(S, ("l0", "0"), ("l0", "0", "same"), ("l1", "0", "same"), ("l1", "0", "same")),
        [Door("s", "l1", 2, 1, (2, 3))],
    ),
    (
        "likeness that opens as many as it closes is not listed",
        small(S, ("l0", "0"), ("l0", "0", "same"), ("l1", "0", "same")),
        [],
    ),
    (
        "one's own deal-breaker on likeness follows one's own answer",
        small(S, ("l0", "0", "same"), ("l2", "0")),
        [Door("s", "l2", 1, 0, (1,))],
    ),
    (
        "likeness from not known: each level is a door",
        small(S, ("?", "0"), ("l1", "3"), ("l2", "3")),
        [Door("s", "l1", 1, 0, (1,)), Door("s", "l2", 1, 0, (2,))],
    ),
)
def test_the_answers_that_would_open_doors(world: World, answers: list[Door]) -> None:
    assert list(found(world).answers) == answers


def test_of_more_than_a_few_only_the_number_is_said() -> None:
    strict = ("no", "0", "yes")
    world = small(P, ("no", "0"), *[strict] * 4)
    for block in (1, 2, 5):
        assert found(world, block=block).answers == (Door("p", "yes", 4, 0),)
    assert found(world.of(range(4))).answers == (Door("p", "yes", 3, 0, (1, 2, 3)),)


def test_answers_stand_by_how_many_more_they_open_then_by_slug() -> None:
    asked = edition(practice("b"), practice("a"), practice("c"), alike("s", 2))
    world = small(
        asked,
        ("no no no l0", "0 0 0 0"),
        ("no no no l0", "0 0 0 0", ". yes . ."),
        ("no no no l0", "0 0 0 0", "yes . . ."),
        ("no no no l0", "0 0 0 0", ". . yes ."),
        ("no no no l0", "0 0 0 0", ". . yes ."),
        ("no no no l0", "0 0 0 0", "yes yes . ."),
        ("no no no l1", "0 0 0 0", ". . . same"),
    )
    assert list(found(world).answers) == [
        Door("c", "yes", 2, 0, (3, 4)),
        Door("a", "yes", 1, 0, (1,)),
        Door("b", "yes", 1, 0, (2,)),
        Door("s", "l1", 1, 0, (6,)),
    ]


def test_what_is_asked_of_others_keeps_doors_shut() -> None:
    asked = edition(practice("a"), practice("b"), alike("s", 2))
    world = small(
        asked,
        ("yes yes l0", "2 0 0", "yes yes same"),
        ("yes no l0", "0 0 0"),
        ("yes ? l0", "0 0 0"),
        ("yes yes l1", "0 0 0"),
        ("no yes l0", "0 0 0"),
        ("yes yes l0", "0 0 0"),
    )
    ours = found(world)
    assert (ours.others, ours.compatible) == (5, 1)
    # Who says no to `a` is refused, and stays below the threshold, too.
    assert list(ours.deal_breakers) == [KeptShut("b", 2, (1, 2)), KeptShut("s", 1, (3,))]
    assert ours.bars == ()
    bare = world.with_policy(0, asks(asked, "2 0 0"))
    assert found(bare).bars == (Bar(0, 1, 1, (4,)),)
    assert found(bare).deal_breakers == ()


def test_the_highest_bar_that_lets_each_in() -> None:
    asked = edition(choice("l", [0, 60, 100]), practice("p"))
    world = small(
        asked,
        ("l0 no", "2 1"),
        ("l1 no", "0 0"),
        ("l2 no", "0 0"),
        ("l0 yes", "0 0"),
        ("l1 ?", "0 0"),
        ("l2 yes", "0 0"),
        ("l0 no", "0 0"),
        threshold=70,
    )
    # They reach 40, 66⅔, 33⅓, 40 to 73⅓, 100 and 0.
    bars = (
        Bar(66, 1, 1, (2,)),
        Bar(40, 3, 2, (1, 4)),
        Bar(33, 4, 1, (3,)),
        Bar(0, 5, 1, (6,)),
    )
    for block in (1, 2, 7):
        assert found(world, block=block).bars == bars
    assert shortened(bars, 4) == bars
    assert shortened(bars, 3) == (*bars[:2], Bar(0, 5, 2))
    assert shortened((), 3) == ()


@cases(
    "world in_the_way",
    (
        "two who ask more than is shown, and one who is met",
        small(L, ("l1", "0"), ("l0", "0", "l3"), ("l0", "0", "l3"), ("l0", "0", "l1")),
        [Barrier("l", 2)],
    ),
    (
        "what is not known is in the way",
        small(P, ("?", "0"), ("no", "0", "yes")),
        [Barrier("p", 1)],
    ),
    ("what does not apply stays", small(P, ("-", "0"), ("no", "0", "yes")), []),
    (
        "of likeness only where the other has said its own",
        small(S, ("l0", "0"), ("?", "0", "same"), ("l2", "0", "same"), ("l0", "0", "same")),
        [Barrier("s", 1)],
    ),
    (
        "however much else is in the way",
        small(
            edition(*(practice(slug) for slug in "abcd")),
            ("no no no yes", "0 0 0 9", ". . . yes"),
            ("no no no no", "0 0 0 0", "yes yes yes ."),
            ("no no no no", "0 0 0 0", ". yes yes ."),
        ),
        [Barrier("b", 2), Barrier("c", 2), Barrier("a", 1)],
    ),
)
def test_what_is_in_the_way_of_most(world: World, in_the_way: list[Barrier]) -> None:
    ours = found(world)
    assert list(ours.barriers) == in_the_way


def test_alone_nothing_opens() -> None:
    assert found(small(P, ("no", "3", "yes"))) == Doors(0, 0, (), (), (), ())


def test_without_a_question_that_counts_nothing_opens() -> None:
    asked = edition(practice("p", role=Role.NONE))
    assert found(small(asked, ("no", ""), ("yes", ""))) == Doors(1, 1, (), (), (), ())


# Many


def made(count: int, criteria: int, seed: int = 1844) -> tuple[Frame, Rows]:
    """Many organisations that answer and ask at random, each with a deal-breaker or two."""
    dice = np.random.default_rng(seed)
    asked = [
        alike(f"c{at}", 2 + at % 3)
        if at % 8 == 0
        else choice(f"c{at}", [0, 30, 60, 100][4 - (2 + at % 3) :] if at % 3 == 2 else [0, 100])
        for at in range(criteria)
    ]
    frame = Frame(tuple(asked))
    sizes = frame.sizes
    levels = (dice.random((count, criteria)) ** 0.3 * sizes).astype(np.int16)
    levels[dice.random(levels.shape) < 0.05] = UNKNOWN
    levels[dice.random(levels.shape) < 0.05] = NOT_APPLICABLE
    required = np.where(dice.random(levels.shape) < 1.5 / criteria, sizes // 2, NO_DEAL_BREAKER)
    rows = Rows(
        levels,
        dice.integers(0, 6, levels.shape).astype(np.int16),
        required.astype(np.int16),
        dice.integers(50, 70, count).astype(np.int16),
    )
    assert rows.misfits(frame) == []
    return frame, rows


def test_10000_organisations_take_less_than_a_second_a_criterion_and_are_exact() -> None:
    frame, rows = made(10_000, 61)
    place = 4_100
    started = time.perf_counter()
    ours = doors.doors(frame, rows, place)
    assert time.perf_counter() - started < len(frame.criteria)
    assert ours.others == 9_999
    assert len(ours.answers) > 5

    def friends(levels: Any) -> Any:
        own = replace(rows.take([place]), levels=levels[None, :])
        verdicts = pairs.compare(encode(frame, own), encode(frame, rows)).verdicts[0]
        are_compatible = verdicts == pairs.COMPATIBLE
        are_compatible[place] = False
        return are_compatible

    before = friends(rows.levels[place])
    assert ours.compatible == before.sum()
    slugs = [criterion.slug for criterion in frame.criteria]
    for door in (*ours.answers[:3], ours.answers[-1]):
        at = slugs.index(door.criterion)
        changed = rows.levels[place].copy()
        changed[at] = frame.criteria[at].positions[door.level]
        then = friends(changed)
        assert (door.opens, door.closes) == ((then & ~before).sum(), (before & ~then).sum())
        assert door.few == few(set(np.flatnonzero(then & ~before).tolist()))
