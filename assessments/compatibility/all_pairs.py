"""The best K of each organisation with verdict counts: of a block against all, or of all.

Both go through the same tiles and the same shortlists, so they give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Encoded
from assessments.compatibility.factors import Factors, Layout, factors
from assessments.compatibility.frame import NOT_APPLICABLE, Bools
from assessments.compatibility.ordering import Doubles, Wholes
from assessments.compatibility.pairs import COMPATIBLE, NOT_YET_KNOWN
from assessments.compatibility.shortlists import NO_ONE, Brought, Shortlists
from assessments.compatibility.tiles import Tile, Tiling
from assessments.compatibility.weighing import count_columns, count_rows

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
    """What is collected for M organisations: shortlists, in blocks of neighbours, and counts.

    `order` (N,) says at which place each of them is, where they are gone through in an order of
    their own; the others are then named by their place in that order too.
    """

    def __init__(
        self,
        count: int,
        longest: int,
        ranks: Wholes | None,
        others: int,
        block: int,
        order: NDArray[np.intp] | None = None,
    ) -> None:
        self.longest = min(longest, max(others - 1, 0))
        self.others = others
        self.order = order
        self.ranks = np.arange(others) if ranks is None else np.asarray(ranks, dtype=np.int64)
        if order is not None:
            self.ranks = self.ranks[order]
        self.compatible = np.zeros(count, dtype=np.int64)
        self.refused = np.zeros(count, dtype=np.int64)
        self.block = block
        self.blocks = [
            Shortlists(min(block, count - start), self.longest) for start in range(0, count, block)
        ]
        size = count, self.longest
        self._order = np.full(size, NO_ONE, dtype=np.int32)
        self._unknown = np.zeros(size, dtype=bool)
        self._low, self._high = np.zeros(size), np.zeros(size)

    def finish(self, place: int) -> None:
        """Write the lists of one block, for which all pairs are in, and forget the rest of it."""
        places = np.arange(place * self.block, place * self.block + len(self.blocks[place].floors))
        entries, pairs = self.blocks[place].written(self.ranks)
        others: NDArray[np.signedinteger[Any]] = pairs.others
        if self.order is not None:
            places, others = self.order[places], self.order[others]
        # NO_ONE is −1, and finds what is appended.
        self._order[places] = np.append(others, NO_ONE)[entries]
        self._unknown[places] = np.append(pairs.unknown, False)[entries]
        self._low[places] = np.append(pairs.low, 0)[entries]
        self._high[places] = np.append(pairs.high, 0)[entries]

    def lists(self) -> BestLists:
        """The lists, when all blocks are finished."""
        unknown = self.others - 1 - self.compatible - self.refused
        counts = np.stack([self.compatible, unknown, self.refused], axis=1)
        if self.order is not None:
            in_order = counts
            counts = np.empty_like(in_order)
            counts[self.order] = in_order
        return BestLists(
            self._order,
            np.where(self._unknown, np.int8(NOT_YET_KNOWN), np.int8(COMPATIBLE)),
            self._low,
            self._high,
            (self._order != NO_ONE).sum(axis=1),
            counts,
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
    order = most_promising_first(encoded)
    found = _Collected(stop - start, longest, ranks, count, tiling.rows)
    tile = Tile(tiling)
    for first in range(0, count, COLUMNS_AT_A_TIME):
        places = order[first : first + COLUMNS_AT_A_TIME]
        others = factors(layout, encoded.rows.take(places))
        for top in range(0, stop - start, tiling.rows):
            rows = slice(top, min(top + tiling.rows, stop - start))
            themselves = np.arange(start + rows.start, start + rows.stop)
            shortlists = found.blocks[top // tiling.rows]
            for left in range(0, len(places), tiling.columns):
                columns = slice(left, min(left + tiling.columns, len(places)))
                tile.judge(
                    asking.take(rows), others.take(columns), _same(themselves, places[columns])
                )
                found.compatible[rows] += count_rows(tile.compatible)
                found.refused[rows] += count_rows(tile.refused)
                shortlists.look_ahead(tile.scores, slice(None))
                at = tile.at_least(shortlists.floors)
                row, column = _apart(at, columns)
                shortlists.bring(_brought(tile, at, row, places[column + left]), found.ranks)
    for place in range(len(found.blocks)):
        found.finish(place)
    return found.lists()


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
    order = most_promising_first(encoded)
    everybody = factors(Layout.of(encoded.frame, encoded.rows), encoded.rows.take(order))
    found = _Collected(count, longest, ranks, count, tiling.columns, order)
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
    return found.lists()


def most_promising_first(encoded: Encoded) -> NDArray[np.intp]:
    """(N,) all places in an order that lets shortlists fill early with what will stay in them.

    By the score that each would have for one who asks the average of what all ask, of standard
    criteria only. It decides how much passes through the shortlists, and nothing else.
    """
    frame, rows = encoded.frame, encoded.rows
    if not len(rows):
        return np.zeros(0, dtype=np.intp)
    weights = rows.importances.mean(axis=0) * ~frame.is_similarity
    sums = np.zeros((2, len(rows)))
    for place in np.flatnonzero(weights):
        levels = rows.levels[:, place]
        credits = frame.credits[frame.starts[place] :][: frame.sizes[place]]
        # Behind the levels, where −1 and −2 find them: not applicable, then unknown.
        sums[0] += weights[place] * np.append(credits, [0, 0])[levels]
        sums[1] += weights[place] * (levels != NOT_APPLICABLE)
    return np.argsort(-sums[0] / np.maximum(sums[1], 1e-9), kind="stable")


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
        _bring(tile, rows, columns, (own, within), (theirs, its), found.ranks)
        left = columns.stop
    if rows.stop % block == 0 or rows.stop == count:
        found.finish(rows.start // block)


def _bring(
    tile: Tile,
    rows: slice,
    columns: slice,
    of_rows: tuple[Shortlists, slice],
    of_columns: tuple[Shortlists, slice],
    ranks: Wholes,
) -> None:
    """Bring what is worth it to the shortlists of the rows and of the columns of a tile."""
    own, within = of_rows
    theirs, its = of_columns
    theirs.look_ahead(tile.scores.T, its)
    row_floors, column_floors = own.floors[within], theirs.floors[its]
    at = tile.at_least(row_floors, column_floors)
    if not len(at):
        return
    row, column = _apart(at, columns)
    found = _brought(tile, at, row + within.start, column + columns.start)
    own.bring(found.take(np.flatnonzero(found.scores >= row_floors[row])), ranks)
    turned = replace(
        found,
        rows=(column + its.start).astype(np.int32),
        others=(row + rows.start).astype(np.int32),
    )
    theirs.bring(turned.take(np.flatnonzero(found.scores >= column_floors[column])), ranks)


def _apart(at: NDArray[np.intp], columns: slice) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The row and the column of pairs of a tile."""
    width = columns.stop - columns.start
    row = at // width
    return row, at - row * width


def _brought(
    tile: Tile, at: NDArray[np.intp], rows: NDArray[np.intp], others: NDArray[np.intp]
) -> Brought:
    low, high = tile.exactly(at)
    unknown = ~tile.compatible.take(at)
    return Brought(
        rows.astype(np.int32), others.astype(np.int32), tile.scores.take(at), unknown, low, high
    )


def _same(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Bools | None:
    """The pairs of a tile that are an organisation and itself; None where there are none."""
    if not ((columns >= rows[0]) & (columns <= rows[-1])).any():
        return None
    return np.asarray(rows[:, None] == columns)


def _earlier(rows: slice, columns: slice) -> Bools | None:
    """The pairs of a tile that another one has, or that are an organisation and itself."""
    if columns.start >= rows.stop:
        return None
    return np.asarray(
        np.arange(columns.start, columns.stop) <= np.arange(rows.start, rows.stop)[:, None]
    )
