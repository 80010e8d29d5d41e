"""What made a verdict turn: the same as by trying every item, on random worlds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from assessments.compatibility import turns
from assessments.compatibility.encoding import NO_DEAL_BREAKER, NOT_APPLICABLE, UNKNOWN
from assessments.compatibility.pairs import Verdict
from assessments.compatibility.turns import DoesNotTurn, Force, Item, Kind, Turn
from assessments.scoring.policy import Policy
from assessments.scoring.terms import SAME, Criterion, Effective, Role, Sheet, State
from tests.compatibility.strategies import World, deal_breaker, effective, shapes, written
from tests.scoring import builders

COMPATIBLE = Verdict.COMPATIBLE
SHAPES = shapes()
Change = tuple[Item, World]


def packed(world: World, place: int) -> bytes:
    return world.frame.row(world.sheets[place], world.policies[place]).tobytes()


def found(world: World) -> Turn:
    """Of four organisations: the first two before, the last two after."""
    (turn,) = turns.turns(
        world.frame,
        (packed(world, 0), packed(world, 2)),
        [(packed(world, 1), packed(world, 3))],
    )
    return turn


def number(said: Effective) -> int:
    if said.position is not None:
        return said.position
    return UNKNOWN if said.state is State.UNKNOWN else NOT_APPLICABLE


def required(policy: Policy, criterion: Criterion) -> int:
    must = policy.must_reach.get(criterion.slug)
    if must is None:
        return NO_DEAL_BREAKER
    return 0 if must == SAME and criterion.role is Role.SIMILARITY else criterion.positions[must]


def judged(world: World) -> list[Criterion]:
    return [one for one in world.edition.criteria if one.role is not Role.NONE]


def moved(world: World, places: tuple[int, int]) -> Iterator[Change]:
    """The pair at two places with one thing each of their other states in it, and that thing."""
    pair = world.of(places)
    to = {0: 2, 1: 3, 2: 0, 3: 1}
    for side, place in enumerate(places):
        other = to[place]
        old, new = world.policies[place], world.policies[other]
        for one in judged(world):
            own = side == 0
            before, after = (number(world.sheets[at][one.slug]) for at in (place, other))
            if before != after:
                level = pair.with_level(side, one, after)
                yield Item(own, Kind.LEVEL, one.slug, before, after), level
            first, second = (at.importances[one.slug] for at in (old, new))
            if first != second:
                policy = replace(old, importances={**old.importances, one.slug: second})
                item = Item(own, Kind.IMPORTANCE, one.slug, first, second)
                yield item, pair.with_policy(side, policy)
            first, second = required(old, one), required(new, one)
            if first != second:
                must = {slug: at for slug, at in old.must_reach.items() if slug != one.slug}
                if one.slug in new.must_reach:
                    must[one.slug] = new.must_reach[one.slug]
                item = Item(own, Kind.DEAL_BREAKER, one.slug, first, second)
                yield item, pair.with_policy(side, replace(old, must_reach=must))
        if old.threshold != new.threshold:
            item = Item(side == 0, Kind.THRESHOLD, "", old.threshold, new.threshold)
            yield item, pair.with_policy(side, replace(old, threshold=new.threshold))


def turned_round(item: Item) -> Item:
    return replace(item, before=item.after, after=item.before)


def one_side(dice: random.Random, criteria: Sequence[Criterion]) -> tuple[Sheet, Policy]:
    """An organisation that does not refuse most of the others."""
    levels = (0, 1, 2, 3, 1, 2, UNKNOWN, NOT_APPLICABLE)
    sheet = {one.slug: effective(one, dice.choice(levels)) for one in criteria}
    breaks = {
        one.slug: deal_breaker(one, dice.choice((-1, -1, -1, -1, 0, 1, 2))) for one in criteria
    }
    policy = Policy(
        dice.choice((0, 0, 34, 50, 60, 100)),
        {one.slug: dice.choice((0, 1, 1, 2, 3, 10)) for one in criteria},
        {slug: must for slug, must in breaks.items() if must is not None},
    )
    return sheet, policy


def later(
    dice: random.Random, was: tuple[Sheet, Policy], new: tuple[Sheet, Policy], rate: float
) -> tuple[Sheet, Policy]:
    """One of them as it was, with some things of the other."""
    sheet, policy = was
    other, asks = new
    chosen = {slug for slug in sheet if dice.random() < rate}
    weighed = {slug for slug in sheet if dice.random() < rate}
    broken = {slug for slug in sheet if dice.random() < rate}
    return (
        {slug: (other if slug in chosen else sheet)[slug] for slug in sheet},
        Policy(
            asks.threshold if dice.random() < rate else policy.threshold,
            {slug: (asks if slug in weighed else policy).importances[slug] for slug in sheet},
            {
                slug: must
                for slug in sheet
                if (must := (asks if slug in broken else policy).must_reach.get(slug)) is not None
            },
        ),
    )


def turning(seed: int, count: int, others: int = 1) -> Iterator[World]:
    """Random worlds in which one organisation and each of some others turn: before, then after."""
    dice = random.Random(seed)
    while count:
        drawn = [dice.choice(SHAPES) for _ in range(dice.randint(1, 6))]
        criteria = [replace(one, slug=f"c{place}") for place, one in enumerate(drawn)]
        edition = builders.edition(*criteria)
        rate = dice.choice((0.1, 0.4, 1.0))
        states: list[tuple[Sheet, Policy]] = []
        own = one_side(dice, criteria)
        own_later = later(dice, own, one_side(dice, criteria), rate)
        tries = 200
        while len(states) < 2 * others and tries:
            tries -= 1
            was = one_side(dice, criteria)
            now = later(dice, was, one_side(dice, criteria), rate)
            world = written(edition, own, was, own_later, now)
            verdicts = world.of((0, 1)).verdict, world.of((2, 3)).verdict
            if (verdicts[0] is COMPATIBLE) != (verdicts[1] is COMPATIBLE):
                states += [was, now]
        if len(states) == 2 * others:
            count -= 1
            yield written(edition, own, states[0], own_later, states[1], *states[2:])


MANY = pytest.mark.parametrize("count", [150, pytest.param(5_000, marks=pytest.mark.long)])


@MANY
def test_what_made_it_turn_is_what_trying_every_item_finds(count: int) -> None:
    seen: Counter[tuple[Force, bool]] = Counter()
    for world in turning(1, count):
        before, after = world.of((0, 1)).verdict, world.of((2, 3)).verdict

        turn = found(world)

        assert (turn.before, turn.after) == (before, after)
        is_now = after is COMPATIBLE
        forward = dict(moved(world, (0, 1)))
        alone = {one for one, made in forward.items() if (made.verdict is COMPATIBLE) == is_now}
        back = [(one, made.verdict is COMPATIBLE) for one, made in moved(world, (2, 3))]
        needed = {turned_round(one) for one, is_so in back if is_so != is_now}
        assert {turned_round(one) for one, _ in back} == set(forward)
        if alone:
            assert (turn.force, set(turn.items)) == (Force.ALONE, alone)
        elif needed:
            assert (turn.force, set(turn.items)) == (Force.NEEDED, needed)
        else:
            assert turn.force is Force.TOGETHER
            assert set(turn.items) <= set(forward)
            # What is left out makes no difference, so these bring it from one to the other.
            assert with_all(world, turn).verdict is after
        assert len(set(turn.items)) == len(turn.items) > 0
        seen[turn.force, is_now] += 1
    # Else nothing was shown about one of them.
    assert {force for force, _ in seen} == set(Force)
    assert {is_now for _, is_now in seen} == {True, False}


def with_all(world: World, turn: Turn) -> World:
    pair = world.of((0, 1))
    for item in turn.items:
        side = 0 if item.is_own else 1
        new = world.policies[2 + side]
        policy = pair.policies[side]
        if item.kind is Kind.LEVEL:
            pair = pair.with_level(side, world.edition.by_slug[item.criterion], item.after)
        elif item.kind is Kind.IMPORTANCE:
            importances = {**policy.importances, item.criterion: item.after}
            pair = pair.with_policy(side, replace(policy, importances=importances))
        elif item.kind is Kind.THRESHOLD:
            pair = pair.with_policy(side, replace(policy, threshold=item.after))
        else:
            must = {slug: at for slug, at in policy.must_reach.items() if slug != item.criterion}
            if item.criterion in new.must_reach:
                must[item.criterion] = new.must_reach[item.criterion]
            pair = pair.with_policy(side, replace(policy, must_reach=must))
    return pair


def test_many_at_once_are_told_as_one_by_one() -> None:
    for world in turning(2, 20, others=3):
        own = packed(world, 0), packed(world, 2)
        others = [(packed(world, at), packed(world, to)) for at, to in ((1, 3), (4, 5), (6, 7))]
        told = [turns.turns(world.frame, own, [other])[0] for other in others]
        assert turns.turns(world.frame, own, others) == told


def test_nobody_is_nothing() -> None:
    world = written(EDITION, (sheet(0, 0, 0), NOTHING))
    assert turns.turns(world.frame, (packed(world, 0), packed(world, 0)), []) == []


# Worlds written out: each force, and what does not turn


RULES, DELAY, LIKE = (
    builders.choice("rules", (0, 100)),
    builders.choice("delay", (0, 50, 100)),
    builders.alike("like", 3),
)
EDITION = builders.edition(RULES, DELAY, LIKE)


def sheet(rules: int, delay: int, like: int) -> Sheet:
    return {
        "rules": effective(RULES, rules),
        "delay": effective(DELAY, delay),
        "like": effective(LIKE, like),
    }


def asks(threshold: int, must_reach: dict[str, str] | None = None, **importances: int) -> Policy:
    whole = {"rules": 0, "delay": 0, "like": 0, **importances}
    return Policy(threshold, whole, must_reach or {})


NOTHING = asks(0)
HIGHEST = {"rules": RULES.levels[1].slug, "delay": DELAY.levels[2].slug}


def world_of(
    asking: Policy, before: Sheet, after: Sheet, then: Policy = NOTHING, now: Policy = NOTHING
) -> World:
    own = (sheet(1, 2, 0), asking)
    return written(EDITION, own, (before, then), own, (after, now))


def named(turn: Turn) -> list[tuple[str, str]]:
    return [(item.kind.value, item.criterion) for item in turn.items]


def test_one_answer_that_does_alone_is_told_alone() -> None:
    world = world_of(asks(60, rules=2, delay=1), sheet(0, 1, 0), sheet(1, 2, 1))
    turn = found(world)
    assert (turn.force, named(turn)) == (Force.ALONE, [("level", "rules")])
    assert turn.items[0] == Item(False, Kind.LEVEL, "rules", 0, 1)


def test_each_of_several_that_would_do_is_told() -> None:
    world = world_of(asks(0, HIGHEST), sheet(1, 2, 0), sheet(0, 0, 2))
    turn = found(world)
    assert (turn.before, turn.after) == (COMPATIBLE, Verdict.NOT_COMPATIBLE)
    assert (turn.force, named(turn)) == (Force.ALONE, [("level", "rules"), ("level", "delay")])


def test_two_of_which_neither_does_alone_are_told_together() -> None:
    world = world_of(asks(0, HIGHEST), sheet(0, 0, 0), sheet(1, 2, 2))
    turn = found(world)
    assert (turn.force, named(turn)) == (Force.NEEDED, [("level", "rules"), ("level", "delay")])


def test_what_bears_on_the_pair_is_told_where_nothing_can_be_singled_out() -> None:
    # From one of three points to three of three, of which two would do: any two of the three.
    wide = builders.edition(*(builders.choice(slug, (0, 100)) for slug in "abcd"))
    policy = Policy(60, {"a": 1, "b": 1, "c": 1, "d": 0}, {})
    nothing = Policy(0, dict.fromkeys("abcd", 0), {})
    criteria = wide.by_slug

    def said(level: int) -> Sheet:
        return {slug: effective(one, level) for slug, one in criteria.items()}

    own = (said(1), policy)
    world = written(wide, own, (said(0), nothing), own, (said(1), nothing))
    turn = found(world)
    assert turn.force is Force.TOGETHER
    assert named(turn) == [("level", slug) for slug in "abc"]  # Nobody asks about d.


def test_what_is_asked_turns_it_too() -> None:
    before, after = sheet(1, 1, 0), sheet(1, 1, 0)
    world = world_of(NOTHING, before, after, NOTHING, asks(0, {"like": SAME}))
    assert world.of((2, 3)).verdict is COMPATIBLE  # Both have the same level.
    world = world_of(NOTHING, sheet(1, 1, 2), sheet(1, 1, 2), NOTHING, asks(0, {"like": SAME}))
    assert found(world).items == (Item(False, Kind.DEAL_BREAKER, "like", NO_DEAL_BREAKER, 0),)


def test_what_does_not_turn_is_refused() -> None:
    world = world_of(asks(60, rules=1), sheet(0, 0, 0), sheet(0, 1, 0))
    with pytest.raises(DoesNotTurn):
        found(world)
