"""From the sums of both directions of some pairs to verdicts and scores, as fast as memory allows.

Whoever fills in the sums (`tiles` by products, `listing` by look-ups), the verdicts are weighed
here, in float32, which holds the sums exactly, in a few arrays that stay in the processor's cache.
Out come, for each pair, whether it is compatible, whether it is not, and a score in float32 that
never contradicts the order of a match list; exact scores only of the few pairs that are asked for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import Bools, Floats

COMPATIBLE_ABOVE = 100
NOT_COMPATIBLE_BELOW = -120
LEFT_OUT = -128
"""What is added to a score of 0–100, as a signed byte, so that one number tells verdicts apart."""


class Weighing:
    """R × C pairs at most, of so many rows and columns; filled anew each time.

    `there` and `back`: points, what could be had, and what takes part, as the rows judge the
    columns and the other way round; who asks nothing has asked one thing and got it.
    `scores` (R, C): the pair's low in percent, 100 more where it is compatible, below 0 where it
    is not to be listed. `compatible`, `refused` (R, C): whether that is the verdict.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self._floats = [np.empty(rows * columns, dtype=np.float32) for _ in range(8)]
        self._bools = [np.empty(rows * columns, dtype=bool) for _ in range(3)]
        self._zeros = np.zeros(columns, dtype=np.float32)
        self.shape_to(rows, columns)

    def shape_to(self, rows: int, columns: int) -> None:
        """Take so many rows and columns of what there is room for."""
        size, shape = rows * columns, (rows, columns)
        floats = [one[:size].reshape(shape) for one in self._floats]
        self.there, self.back = tuple(floats[:3]), tuple(floats[3:6])
        self.scores, self.spare = floats[6:]
        self.compatible, self.refused, self._holds = (
            one[:size].reshape(shape) for one in self._bools
        )

    def weigh(
        self,
        thresholds: tuple[Floats, Floats],
        half_asked: tuple[Floats, Floats],
        left_out: Bools | None = None,
    ) -> None:
        """Weigh the sums that stand in `there` and `back`, of each direction with what is asked.

        In the place of what could be had stands what is open. `compatible` already says where no
        deal-breaker is open or failed, and `refused` where one is failed, unless the points there
        are below 0. `left_out` (R, C): pairs that are in no list and no count.
        """
        compatible, refused, holds = self.compatible, self.refused, self._holds
        sides = (
            (self.there, thresholds[0], half_asked[0], self.scores),
            (self.back, thresholds[1], half_asked[1], self.spare),
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            for (points, could, part), threshold, half, low in sides:
                could += points
                np.multiply(part, threshold, out=low)
                np.less(could, low, out=holds)
                refused |= holds
                np.greater_equal(points, low, out=holds)
                compatible &= holds
                np.greater_equal(part, half, out=holds)
                compatible &= holds
                np.divide(points, part, out=low)
        scores, spare = self.scores, self.spare
        np.minimum(scores, spare, out=scores)
        # Where nothing takes part, nothing of nothing is 0.
        np.fmax(scores, self._zeros[: scores.shape[1]], out=scores)
        np.greater(compatible, refused, out=compatible)
        tells = compatible.view(np.int8) * np.int8(COMPATIBLE_ABOVE)
        tells += refused.view(np.int8) * np.int8(NOT_COMPATIBLE_BELOW)
        if left_out is not None:
            tells[left_out] = LEFT_OUT
            compatible &= ~left_out
            refused &= ~left_out
        np.copyto(spare, tells)
        scores += spare

    def at_least(self, row_floors: Floats, column_floors: Floats | None = None) -> NDArray[np.intp]:
        """(P,) the pairs, row by row, whose score reaches the floor of their row or column."""
        reached = np.greater_equal(self.scores, row_floors[:, None], out=self._holds)
        if column_floors is not None:
            reached |= self.scores >= column_floors
        return np.flatnonzero(reached)

    def exactly(self, pairs: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(P,) low and high of some pairs whose points are not below 0, each the nearest double."""
        lows, highs = [], []
        for sums in (self.there, self.back):
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
