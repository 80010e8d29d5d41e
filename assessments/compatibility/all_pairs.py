"""The best K of each organisation with verdict counts: of a block against all, or of all.

Both go through the same tiles and the same shortlists, so they give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Encoded
from assessments.compatibility.factors import Factors, Layout, factors
from assessments.compatibility.frame import Bools
from assessments.compatibility.ordering import Doubles, Wholes
from assessments.compatibility.pairs import COMPATIBLE, NOT_YET_KNOWN
from assessments.compatibility.shortlists import NO_ONE, Shortlists
from assessments.compatibility.tiles import Tile, Tiling, count_columns, count_rows

USUAL = Tiling()
COLUMNS_AT_A_TIME = 2048
"""So many organisations of the others are laid out as factors at a time."""

Report = Callable[[int, int], None]
"""Hears how many pairs of how many are done."""


def to_nobody(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class BestLists:
    """The best of M organisations, in the order of the match list; K entries at most.

    `order` (M, K) places of the others, `verdicts` the position in `VERDICTS`, `low` and `high`
    0–1 the pair's score; only the first `lengths` (M,) entries of a row count, behind them `order`
    is −1. `counts` (M, 3) how many others have each verdict.
    """

    order: NDArray[np.int32]
    verdicts: NDArray[np.int8]
    low: Doubles
    high: Doubles
    lengths: Wholes
    counts: Wholes

    def __len__(self) -> int:
        return len(self.lengths)


class _Collected:
    """What is collected for M organisations: shortlists, in blocks of neighbours, and counts."""

    def __init__(self, count: int, longest: int, ranks: Wholes, block: int) -> None:
        self.order = np.empty((count, longest), dtype=np.int32)
        self.unknown = np.zeros((count, longest), dtype=bool)
        self.low, self.high = np.zeros((count, longest)), np.zeros((count, longest))
        self.compatible = np.zeros(count, dtype=np.int64)
        self.refused = np.zeros(count, dtype=np.int64)
        self.block = block
        self.blocks = [
            Shortlists(
                self.order[places],
                self.unknown[places],
                self.low[places],
                self.high[places],
                ranks,
            )
            for places in (slice(start, start + block) for start in range(0, count, block))
        ]

    def lists(self, others: int) -> BestLists:
        """The lists, when all pairs with so many others are in."""
        lengths = (self.order != NO_ONE).sum(axis=1)
        verdicts = np.where(self.unknown, np.int8(NOT_YET_KNOWN), np.int8(COMPATIBLE))
        unknown = others - self.compatible - self.refused
        return BestLists(
            self.order,
            verdicts,
            self.low,
            self.high,
            lengths,
            np.stack([self.compatible, unknown, self.refused], axis=1),
        )


def best_lists(
    encoded: Encoded,
    start: int,
    stop: int,
    longest: int,
    *,
    ranks: Wholes | None = None,
    tiling: Tiling = USUAL,
) -> BestLists:
    """The best of the organisations at places start ≤ place < stop, against all others.

    `ranks` (N,) whole numbers that rise with the slugs, where places do not: they break ties. What
    is needed on the way is a tile and the factors of the block, however many the others are.
    """
    count = len(encoded)
    layout = Layout.of(encoded.frame, encoded.rows)
    asking = factors(layout, encoded.rows.take(slice(start, stop)))
    found = _Collected(
        stop - start, min(longest, max(count - 1, 0)), _ranks(ranks, count), tiling.rows
    )
    tile = Tile(tiling)
    for first in range(0, count, COLUMNS_AT_A_TIME):
        end = min(first + COLUMNS_AT_A_TIME, count)
        others = factors(layout, encoded.rows.take(slice(first, end)))
        for top in range(start, stop, tiling.rows):
            rows = slice(top - start, min(top + tiling.rows, stop) - start)
            shortlists = found.blocks[rows.start // tiling.rows]
            for left in range(first, end, tiling.columns):
                columns = slice(left - first, min(left + tiling.columns, end) - first)
                tile.judge(
                    asking.take(rows),
                    others.take(columns),
                    _themselves(top, rows, left, columns),
                )
                found.compatible[rows] += count_rows(tile.compatible)
                found.refused[rows] += count_rows(tile.refused)
                at = tile.at_least(shortlists.floors, None)
                row, column = np.divmod(at, columns.stop - columns.start)
                shortlists.bring(row, column + left, ~tile.compatible.take(at), *tile.exactly(at))
    for shortlists in found.blocks:
        shortlists.merge()
    return found.lists(count - 1)


def best_of_all(
    encoded: Encoded,
    longest: int,
    *,
    ranks: Wholes | None = None,
    tiling: Tiling = USUAL,
    report: Report = to_nobody,
) -> BestLists:
    """The best of every organisation; each unordered pair is judged once and serves both.

    `ranks` as for `best_lists`, whose lists these are, bit by bit.
    """
    count = len(encoded)
    everybody = factors(Layout.of(encoded.frame, encoded.rows), encoded.rows)
    found = _Collected(count, min(longest, max(count - 1, 0)), _ranks(ranks, count), tiling.columns)
    tile = Tile(tiling)
    total = count * (count - 1) // 2
    report(0, total)
    top = 0
    while top < count:
        # A strip of rows lies within one block, so that its lists are side by side.
        bottom = min(top + tiling.rows, (top // tiling.columns + 1) * tiling.columns, count)
        _strip(everybody, slice(top, bottom), tile, found)
        top = bottom
        report(total - (count - top) * (count - top - 1) // 2, total)
    for shortlists in found.blocks:
        shortlists.merge()
    return found.lists(count - 1)


def _strip(everybody: Factors, rows: slice, tile: Tile, found: _Collected) -> None:
    """Judge a strip of rows and all columns from the first of them on."""
    count, block = len(everybody), found.block
    own = found.blocks[rows.start // block]
    within = slice(rows.start % block, rows.start % block + rows.stop - rows.start)
    asking = everybody.take(rows)
    left = rows.start
    while left < count:
        columns = slice(left, min((left // block + 1) * block, count))
        theirs = found.blocks[left // block]
        its = slice(left % block, left % block + columns.stop - left)
        tile.judge(asking, everybody.take(columns), _earlier(rows, columns))
        for flags, counts in ((tile.compatible, found.compatible), (tile.refused, found.refused)):
            counts[rows] += count_rows(flags)
            counts[columns] += count_columns(flags)
        _bring(tile, rows, columns, (own, within), (theirs, its))
        left = columns.stop
    own.merge() if rows.stop % block == 0 or rows.stop == count else None


def _bring(
    tile: Tile,
    rows: slice,
    columns: slice,
    of_rows: tuple[Shortlists, slice],
    of_columns: tuple[Shortlists, slice],
) -> None:
    own, within = of_rows
    theirs, its = of_columns
    row_floors, column_floors = own.floors[within], theirs.floors[its]
    at = tile.at_least(row_floors, column_floors)
    if not len(at):
        return
    row, column = np.divmod(at, columns.stop - columns.start)
    score = tile.scores.take(at)
    unknown = ~tile.compatible.take(at)
    low, high = tile.exactly(at)
    is_for_row = np.flatnonzero(score >= row_floors[row])
    is_for_column = np.flatnonzero(score >= column_floors[column])
    for shortlists, mine, lists, others in (
        (own, is_for_row, row + within.start, column + columns.start),
        (theirs, is_for_column, column + its.start, row + rows.start),
    ):
        shortlists.bring(lists[mine], others[mine], unknown[mine], low[mine], high[mine])


def _ranks(ranks: Wholes | None, count: int) -> Wholes:
    return np.arange(count) if ranks is None else np.asarray(ranks, dtype=np.int64)


def _themselves(top: int, rows: slice, left: int, columns: slice) -> Bools | None:
    """The pairs of a tile that are an organisation and itself; None where there are none."""
    height, width = rows.stop - rows.start, columns.stop - columns.start
    if left >= top + height or top >= left + width:
        return None
    return np.asarray(np.arange(top, top + height)[:, None] == np.arange(left, left + width))


def _earlier(rows: slice, columns: slice) -> Bools | None:
    """The pairs of a tile that another one has, or that are an organisation and itself."""
    if columns.start >= rows.stop:
        return None
    return np.asarray(
        np.arange(columns.start, columns.stop) <= np.arange(rows.start, rows.stop)[:, None]
    )
