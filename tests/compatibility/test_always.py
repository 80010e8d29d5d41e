"""What is always true of two organisations (page of the model, section 4), on drawn worlds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from assessments.compatibility import explanation, listing, pairs
from assessments.compatibility.encoding import UNKNOWN, Encoded
from assessments.compatibility.matrices import Matrices
from assessments.compatibility.pairs import NOT_COMPATIBLE, NOT_YET_KNOWN, Judgement
from assessments.scoring import profiles
from assessments.scoring.policy import Policy
from assessments.scoring.terms import SAME, Role
from tests.compatibility.strategies import World, always, worlds

INTERVALS = ("low", "high")
COUNTS = ("points", "judged", "part", "failed", "open", "evaded", "reaches", "falls_short")


def bits(found: pairs.Compatibility) -> list[bytes]:
    """Every number of some pairs, in both directions, bit by bit."""
    ways = (found.forward, found.backward)
    numbers = [getattr(way, name) for way in ways for name in (*COUNTS, *INTERVALS)]
    return [one.tobytes() for one in (*numbers, found.verdicts, found.low, found.high)]


@always(world=worlds(organisations=3))
def test_verdict_and_score_are_symmetric_and_every_interval_lies_between_0_and_1(
    world: World,
) -> None:
    found = world.all_pairs
    for way in (found.forward, found.backward):
        assert ((way.low >= 0) & (way.low <= way.high) & (way.high <= 1)).all()
    assert np.array_equal(found.verdicts, found.verdicts.T)
    assert np.array_equal(found.low, found.low.T)
    assert np.array_equal(found.high, found.high.T)
    there, back = world.reasons, world.of((1, 0)).reasons
    assert (there.verdict, there.low, there.high) == (back.verdict, back.low, back.high)
    assert (there.forward, there.backward) == (back.backward, back.forward)


@always(world=worlds(greatest_importance=3), before=st.integers(1, 3), after=st.integers(1, 3))
def test_multiplying_all_importances_by_one_positive_number_changes_nothing(
    world: World, before: int, after: int
) -> None:
    """Also by a fraction: multiplied by `before` and by `after`, it is the same."""

    def multiplied(number: int) -> World:
        policy = world.policies[0]
        weights = {slug: number * weight for slug, weight in policy.importances.items()}
        return world.with_policy(0, replace(policy, importances=weights))

    one, other = multiplied(before).all_pairs, multiplied(after).all_pairs
    assert np.array_equal(one.verdicts, other.verdicts)
    assert np.array_equal(one.forward.low, other.forward.low)
    assert np.array_equal(one.forward.high, other.forward.high)
    assert np.array_equal(one.forward.evaded, other.forward.evaded)
    assert np.array_equal(one.low, other.low)
    assert np.array_equal(one.high, other.high)


@always(world=worlds(), place=st.integers(0, 1), chosen=st.integers(0, 3), level=st.integers(0, 3))
def test_a_level_that_becomes_known_never_widens_an_interval_nor_changes_a_decided_verdict(
    world: World, place: int, chosen: int, level: int
) -> None:
    asked = world.frame.criteria
    criterion = asked[chosen % len(asked)]
    before = world.with_level(place, criterion, UNKNOWN).all_pairs
    after = world.with_level(place, criterion, level).all_pairs
    for was, now in ((before.forward, after.forward), (before.backward, after.backward)):
        assert now.low[0, 1] >= was.low[0, 1]
        assert now.high[0, 1] <= was.high[0, 1]
    assert after.low[0, 1] >= before.low[0, 1]
    assert after.high[0, 1] <= before.high[0, 1]
    if before.verdicts[0, 1] != NOT_YET_KNOWN:
        assert after.verdicts[0, 1] == before.verdicts[0, 1]


@always(world=worlds(), chosen=st.integers(0, 3), other=st.integers(0, 3))
def test_one_failed_deal_breaker_beats_any_score(world: World, chosen: int, other: int) -> None:
    """The first asks nothing and the second all that there is, but for one deal-breaker."""
    criterion = world.frame.criteria[chosen % len(world.frame.criteria)]
    count = len(criterion.levels)
    if criterion.role is Role.SIMILARITY:
        own, its, must_reach = other % count, (other + 1) % count, SAME
    else:
        credits = [criterion.credit(place) for place in range(count)]
        own, its = UNKNOWN, credits.index(0)
        must_reach = criterion.levels[credits.index(100)].slug
    slugs = [one.slug for one in world.frame.criteria]
    nothing = Policy(0, dict.fromkeys(slugs, 0), {})
    bare = world.with_policy(0, nothing).with_policy(1, nothing)
    bare = bare.with_level(0, criterion, own).with_level(1, criterion, its)
    assert bare.verdict is pairs.Verdict.COMPATIBLE
    asking = bare.with_policy(0, replace(nothing, must_reach={criterion.slug: must_reach}))
    assert (asking.reasons.low, asking.reasons.high) == (1, 1)
    assert asking.verdict is pairs.Verdict.NOT_COMPATIBLE


@always(world=worlds(organisations=4), order=st.permutations(range(4)))
def test_the_order_of_organisations_changes_nothing(world: World, order: list[int]) -> None:
    one, other = world.all_pairs, world.of(order).all_pairs
    assert np.array_equal(one.verdicts[np.ix_(order, order)], other.verdicts)
    for name in (*COUNTS, *INTERVALS):
        there, back = getattr(one.forward, name), getattr(other.forward, name)
        assert np.array_equal(there[np.ix_(order, order)], back)


@always(world=worlds(organisations=3), order=st.permutations(range(5)))
def test_the_order_of_criteria_changes_nothing(world: World, order: list[int]) -> None:
    criteria = world.edition.criteria
    asked = tuple(criteria[place] for place in order if place < len(criteria))
    other = World(replace(world.edition, criteria=asked), world.sheets, world.policies)
    assert bits(world.all_pairs) == bits(other.all_pairs)
    ours, theirs = world.reasons, other.reasons
    for there, back in ((ours.forward, theirs.forward), (ours.backward, theirs.backward)):
        assert there.change == back.change
        assert sorted(map(repr, there.parts)) == sorted(map(repr, back.parts))
    one, two = (profiles.profile(each.edition, each.sheets[0]) for each in (world, other))
    assert (one.total, one.dimensions) == (two.total, two.dimensions)
    assert one.would_add_most == two.would_add_most


def turned(organisations: Encoded) -> Matrices:
    """The same numbers, laid out column by column in memory."""
    wide = organisations.matrices
    return Matrices(*(np.asfortranarray(getattr(wide, name)) for name in Matrices.__slots__))


@always(world=worlds(organisations=5), size=st.integers(1, 4))
def test_blocks_of_any_size_give_the_same_bits(world: World, size: int) -> None:
    everybody = world.encoded
    for start in range(0, 5, size):
        stop = min(start + size, 5)
        block = pairs.compare(everybody.take(slice(start, stop)), everybody)
        assert bits(block) == bits(part_of(world.all_pairs, start, stop))
    assert bits(pairs.compare(turned(everybody), everybody)) == bits(world.all_pairs)


def part_of(found: pairs.Compatibility, start: int, stop: int) -> pairs.Compatibility:
    def cut(way: Judgement, *, asking_in_rows: bool) -> Judgement:
        by_row = {name: getattr(way, name)[start:stop] for name in way.__annotations__}
        if not asking_in_rows:
            # What the asking side asks lies along the columns, the same for every row.
            by_row |= {"asked": way.asked, "thresholds": way.thresholds}
        return Judgement(**by_row)

    return pairs.Compatibility(
        cut(found.forward, asking_in_rows=True), cut(found.backward, asking_in_rows=False)
    )


@always(world=worlds(organisations=2))
def test_the_reasons_sum_to_the_scores_and_give_the_verdict(world: World) -> None:
    reasons = world.reasons
    assert reasons.verdict is world.verdict
    for way in (reasons.forward, reasons.backward):
        assert sum(part.points for part in way.parts) == way.points
        assert sum(part.possible for part in way.parts) == way.possible
        still_open = sum(part.possible for part in way.parts if part.is_open)
        assert way.points + still_open == way.could_have
        for part in way.parts:
            assert part.points == part.importance * (part.acceptance or 0)
    either = (reasons.forward, reasons.backward)
    if any(way.breakers(explanation.DealBreaker.FAILED) or way.falls_short for way in either):
        assert reasons.verdict is pairs.Verdict.NOT_COMPATIBLE
    elif all(
        way.reaches and not way.evaded and not way.breakers(explanation.DealBreaker.OPEN)
        for way in either
    ):
        assert reasons.verdict is pairs.Verdict.COMPATIBLE
    else:
        assert reasons.verdict is pairs.Verdict.UNKNOWN


@always(world=worlds(organisations=5))
def test_a_match_list_is_in_its_order_and_counts_everybody_else(world: World) -> None:
    found = world.all_pairs
    for place in range(5):
        listed = listing.match_list(world.encoded, place)
        others = [other for other in range(5) if other != place]
        expected = sorted(
            (
                found.verdicts[place, other],
                -found.low[place, other],
                -found.high[place, other],
                other,
            )
            for other in others
            if found.verdicts[place, other] != NOT_COMPATIBLE
        )
        assert [row[-1] for row in expected] == list(listed.order)
        verdicts = [found.verdicts[place, other] for other in others]
        assert list(listed.counts) == [verdicts.count(verdict) for verdict in range(3)]
