"""One list, a block of lists and all lists are the same bits, however they are computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from assessments.compatibility import all_pairs, listing, pairs
from assessments.compatibility.all_pairs import BestLists
from assessments.compatibility.encoding import BOUND, Encoded, Frame, Rows, encode
from assessments.compatibility.pairs import NOT_COMPATIBLE
from assessments.compatibility.tiles import Tiling
from bench import worlds as many
from tests.compatibility.strategies import World, always, worlds
from tests.scoring.builders import alike, choice, edition

LISTED = ("order", "verdicts", "low", "high")


def by_the_model(
    encoded: Encoded, ranks: np.ndarray | None, places: Sequence[int]
) -> list[dict[str, np.ndarray]]:
    """Some whole lists from the sums of each pair, sorted as the model says."""
    block = pairs.compare(encoded.take(places), encoded)
    rank = np.arange(len(encoded)) if ranks is None else ranks
    found = []
    for row, place in enumerate(places):
        others = np.delete(np.arange(len(encoded)), place)
        verdicts, low, high = block.verdicts[row], block.low[row], block.high[row]
        listed = others[verdicts[others] != NOT_COMPATIBLE]
        order = listed[np.lexsort((rank[listed], -high[listed], -low[listed], verdicts[listed]))]
        found.append(
            {
                "order": order,
                "verdicts": verdicts[order],
                "low": low[order],
                "high": high[order],
                "counts": np.bincount(verdicts[others], minlength=3),
            }
        )
    return found


def listed_alone(
    encoded: Encoded, place: int, longest: int | None, ranks: np.ndarray | None
) -> dict[str, np.ndarray]:
    found = listing.match_list(encoded, place, longest, ranks=ranks)
    return {name: getattr(found, name) for name in (*LISTED, "counts")}


def of_row(found: BestLists, row: int) -> dict[str, np.ndarray]:
    """One list out of many."""
    length = found.lengths[row]
    assert (found.order[row, length:] == -1).all()
    return {
        **{name: getattr(found, name)[row, :length] for name in LISTED},
        "counts": found.counts[row],
    }


def assert_same(found: dict[str, Any], expected: dict[str, Any], longest: int) -> None:
    for name in LISTED:
        numbers = expected[name][:longest].astype(found[name].dtype)
        assert found[name].tobytes() == numbers.tobytes(), name
    assert found["counts"].tolist() == expected["counts"].tolist()


def every_way(
    encoded: Encoded, longest: int, ranks: np.ndarray | None, tiling: Tiling, start: int, stop: int
) -> None:
    """Hold the three ways to the model and to each other."""
    everything = all_pairs.best_of_all(encoded, longest, ranks=ranks, tiling=tiling)
    block = all_pairs.best_lists(encoded, start, stop, longest, ranks=ranks, tiling=tiling)
    assert (len(everything), len(block)) == (len(encoded), stop - start)
    expected = by_the_model(encoded, ranks, range(len(encoded)))
    for place, one in enumerate(expected):
        assert_same(of_row(everything, place), one, longest)
        if start <= place < stop:
            assert_same(of_row(block, place - start), one, longest)
        assert_same(listed_alone(encoded, place, longest, ranks), one, longest)
    place = start % len(encoded)
    assert_same(listed_alone(encoded, place, None, ranks), expected[place], len(encoded))


@always(
    world=worlds(organisations=5),
    longest=st.integers(0, 5),
    ranks=st.permutations(range(5)),
    rows=st.integers(1, 8),
    columns=st.integers(1, 9),
    block=st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_one_list_a_block_and_all_are_the_same_bits(
    world: World,
    longest: int,
    ranks: list[int],
    rows: int,
    columns: int,
    block: tuple[int, int],
) -> None:
    start, stop = sorted(block)
    every_way(world.encoded, longest, np.array(ranks), Tiling(rows, columns), start, stop)


@always(world=worlds(organisations=6), order=st.permutations(range(6)))
def test_the_order_in_which_organisations_are_held_changes_nothing(
    world: World, order: list[int]
) -> None:
    """Held in another order, with ranks that say so, everybody has the same list."""
    one = all_pairs.best_of_all(world.encoded, 4)
    other = all_pairs.best_of_all(world.of(order).encoded, 4, ranks=np.array(order))
    for place, first in enumerate(order):
        ours, theirs = of_row(one, first), of_row(other, place)
        theirs["order"] = np.array([order[there] for there in theirs["order"]], dtype=np.int32)
        assert_same(theirs, ours, 4)


@always(world=worlds(organisations=5))
def test_everybody_stands_to_one_as_the_model_says(world: World) -> None:
    for place in range(0, 5, 2):
        seen = listing.seen_from(world.encoded, place)
        assert seen.verdicts.tobytes() == world.all_pairs.verdicts[place].tobytes()
        assert seen.low.tobytes() == world.all_pairs.low[place].tobytes()
        assert seen.high.tobytes() == world.all_pairs.high[place].tobytes()


FRAME = Frame.of(many.edition())


@pytest.mark.parametrize("tiling", [Tiling(), Tiling(37, 64), Tiling(300, 300)])
@pytest.mark.parametrize("threads", [1, 2])
def test_many_organisations_have_the_same_lists_in_any_tiles_and_threads(
    tiling: Tiling, threads: int
) -> None:
    encoded = encode(FRAME, many.rows(FRAME, 700))
    ranks = np.random.default_rng(3).permutation(700)
    with threadpool_limits(limits=threads, user_api="blas"):
        found = all_pairs.best_of_all(encoded, 20, ranks=ranks, tiling=tiling)
        block = all_pairs.best_lists(encoded, 100, 260, 20, ranks=ranks, tiling=tiling)
        places = range(0, 700, 41)
        for place, expected in zip(places, by_the_model(encoded, ranks, places), strict=True):
            assert_same(of_row(found, place), expected, 20)
            assert_same(listed_alone(encoded, place, 20, ranks), expected, 20)
            if 100 <= place < 260:
                assert_same(of_row(block, place - 100), expected, 20)


def test_a_list_that_begins_with_many_equals_is_cut_by_rank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More equals than are judged at a time, and than the heap of one shortlist may hold."""
    monkeypatch.setattr(listing, "AT_A_TIME", 700)
    one = many.rows(FRAME, 1)
    count = 1_500
    encoded = encode(FRAME, one.take([0] * count))
    ranks = np.arange(count)[::-1].copy()
    (expected,) = by_the_model(encoded, ranks, [7])
    alone = listed_alone(encoded, 7, 10, ranks)
    assert_same(alone, expected, 10)
    block = all_pairs.best_lists(encoded, 7, 9, 10, ranks=ranks)
    assert_same(of_row(block, 0), expected, 10)
    assert alone["order"].tolist()[:2] == [count - 1, count - 2]


def test_the_widest_edition_is_exact_in_every_way() -> None:
    """As many criteria as fit: sums of two numbers, and credits of which one point tells."""
    count = (BOUND - 1) // 1000
    ladder = [0, 99, 100]
    heavy = edition(
        *(alike(f"c{n}", 3) if n % 50 == 0 else choice(f"c{n}", ladder) for n in range(count - 1)),
        choice("rungs", [0, 20, 40, 60, 80, 100]),
    )
    frame = Frame.of(heavy)
    dice = np.random.default_rng(5)
    levels = dice.choice([-2, -1, 1, 2, 2, 2, 2], (6, count))
    levels[4:] = 2
    levels[5, 1] = 1
    required = np.where(dice.random((6, count)) < 0.0002, 2, -1)
    required[4:] = -1
    required[5, 0] = 0
    # More rungs than one column has room for here.
    levels[:, -1], required[:, -1] = (5, 3, 4, 5, 5, 5), (1, 2, 3, 4, 5, -1)
    importances = np.full((6, count), 10)
    thresholds = np.array([50, 60, 70, 80, 100, 100])
    rows = Rows(*(one.astype(np.int16) for one in (levels, importances, required, thresholds)))
    assert rows.misfits(frame) == []
    assert len(np.unique(pairs.compare(encode(frame, rows), encode(frame, rows)).verdicts)) == 3
    every_way(encode(frame, rows), 6, None, Tiling(4, 3), 1, 5)


def test_a_long_ladder_of_required_credits_is_told_apart_rung_by_rung() -> None:
    """More credits are required of one criterion than one column can hold, and each one counts."""
    fine = edition(choice("fine", list(range(101))), choice("other", [0, 100]))
    frame = Frame.of(fine)
    count = 101
    levels = np.stack([np.arange(count), np.arange(count) % 2], axis=1)
    required = np.stack([np.arange(count)[::-1], np.full(count, -1)], axis=1)
    rows = Rows(
        *(one.astype(np.int16) for one in (levels, np.ones((count, 2)), required, np.zeros(count)))
    )
    encoded = encode(frame, rows)
    found = pairs.compare(encoded, encoded).verdicts
    asks_and_gives = np.arange(count)[::-1, None] <= np.arange(count)
    assert np.array_equal(found == NOT_COMPATIBLE, ~(asks_and_gives & asks_and_gives.T))
    every_way(encoded, 20, None, Tiling(32, 64), 40, 60)
