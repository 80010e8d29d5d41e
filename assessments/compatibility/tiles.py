"""A tile: every pair of some rows and some columns, both directions, as fast as memory allows.

A tile is worked on in a few arrays that stay in the processor's cache, and no array of it is
allocated anew. Out come, for each pair, whether it is compatible, whether it is not, and a score
in float32 that never contradicts the order of a match list; exact scores only of the few pairs
that are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.factors import Factors
from assessments.compatibility.frame import Bools, Floats

COMPATIBLE_ABOVE = 100
NOT_COMPATIBLE_BELOW = -120
LEFT_OUT = -128
"""What is added to a score of 0–100, as a signed byte, so that one number tells verdicts apart."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How many rows and columns a tile has. It changes the time that all takes, and no bit."""

    rows: int = 128
    columns: int = 512


class Tile:
    """The pairs of at most so many rows and columns; `judge` fills it anew each time.

    `scores` (R, C): the pair's low in percent, 100 more where it is compatible, below 0 where it
    is not to be listed. `compatible`, `refused` (R, C): whether that is the verdict.
    """

    def __init__(self, tiling: Tiling) -> None:
        size = tiling.rows * tiling.columns
        self._floats = [np.empty(size, dtype=np.float32) for _ in range(8)]
        self._bools = [np.empty(size, dtype=bool) for _ in range(3)]
        self._zeros = np.zeros(tiling.columns, dtype=np.float32)

    def judge(self, rows: Factors, columns: Factors, left_out: Bools | None = None) -> None:
        """Judge every pair of a row and a column; `left_out` (R, C) are in no list and no count."""
        shape = len(rows), len(columns)
        size = shape[0] * shape[1]
        floats = [one[:size].reshape(shape) for one in self._floats]
        bools = [one[:size].reshape(shape) for one in self._bools]
        there, back = floats[:3], floats[3:6]
        scores, spare = floats[6:]
        compatible, refused, holds = bools
        products = rows.points, rows.open, rows.part

        for way, asking, giving in (
            (there, rows.asks, columns.gives),
            (back, rows.gives, columns.asks),
        ):
            for sums, columns_of in zip(way, products, strict=True):
                np.matmul(asking[:, columns_of], giving[:, columns_of].T, out=sums)
        if rows.waits.shape[1]:
            np.matmul(rows.waits, columns.is_waited_for.T, out=spare)
            np.equal(spare, 0, out=compatible)
        else:
            compatible.fill(True)
        refused.fill(False)

        sides = (
            (there, rows.thresholds[:, None], rows.half_asked[:, None], scores),
            (back, columns.thresholds, columns.half_asked, spare),
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            for (points, could, part), threshold, half_asked, low in sides:
                # A refusal makes both sums negative, so that nothing else has to be asked about it.
                could += points
                np.multiply(part, threshold, out=low)
                np.less(could, low, out=holds)
                refused |= holds
                np.greater_equal(points, low, out=holds)
                compatible &= holds
                np.greater_equal(part, half_asked, out=holds)
                compatible &= holds
                np.divide(points, part, out=low)
        np.minimum(scores, spare, out=scores)
        # Where nothing takes part, nothing of nothing is 0.
        np.fmax(scores, self._zeros[: shape[1]], out=scores)
        np.greater(compatible, refused, out=compatible)

        tells = compatible.view(np.int8) * np.int8(COMPATIBLE_ABOVE)
        tells += refused.view(np.int8) * np.int8(NOT_COMPATIBLE_BELOW)
        if left_out is not None:
            tells[left_out] = LEFT_OUT
            compatible &= ~left_out
            refused &= ~left_out
        np.copyto(spare, tells)
        scores += spare
        self.scores, self.compatible, self.refused = scores, compatible, refused
        self._holds = holds
        self._there, self._back = there, back

    def at_least(self, row_floors: Floats, column_floors: Floats | None) -> NDArray[np.intp]:
        """(P,) the pairs, row by row, whose score reaches the floor of their row or column."""
        reached = np.greater_equal(self.scores, row_floors[:, None], out=self._holds)
        if column_floors is not None:
            reached |= self.scores >= column_floors
        return np.flatnonzero(reached)

    def exactly(self, pairs: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(P,) low and high of some pairs that are not refused, each the nearest double."""
        lows, highs = [], []
        for sums in (self._there, self._back):
            points, could, part = (one.take(pairs).astype(np.float64) for one in sums)
            nothing = part == 0
            part *= 100
            part += nothing
            could += nothing
            lows.append(points / part)
            highs.append(could / part)
        return np.minimum(*lows), np.minimum(*highs)


def count_rows(flags: Bools) -> NDArray[np.int64]:
    """(R,) how many of each row are true."""
    rows, columns = flags.shape
    found = np.zeros(rows, dtype=np.int64)
    # Eight bytes are added at once as one number; 255 ones in each byte cannot overflow it.
    step = 255 * 8
    whole = columns - columns % 8
    for start in range(0, whole, step):
        eights = flags[:, start : min(start + step, whole)].view(np.uint64)
        found += (
            np.add.reduce(eights, axis=1)
            .view(np.uint8)
            .reshape(rows, 8)
            .sum(axis=1, dtype=np.int64)
        )
    found += flags[:, whole:].sum(axis=1)
    return found


def count_columns(flags: Bools) -> NDArray[np.int64]:
    """(C,) how many of each column are true."""
    rows, columns = flags.shape
    found = np.zeros(columns, dtype=np.int64)
    for start in range(0, rows, 255):
        found += np.add.reduce(flags[start : start + 255].view(np.uint8), axis=0, dtype=np.uint8)
    return found
