"""A tile: every pair of some rows and some columns, by products of their factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessments.compatibility.factors import OPEN_ABOVE, Factors
from assessments.compatibility.frame import Bools
from assessments.compatibility.weighing import Weighing


@dataclass(frozen=True, slots=True)
class Tiling:
    """How many rows and columns a tile has. It changes the time that all takes, and no bit."""

    rows: int = 256
    columns: int = 256


class Tile(Weighing):
    """The pairs of some rows and columns; `judge` fills it anew each time."""

    def __init__(self, tiling: Tiling) -> None:
        super().__init__(tiling.rows, tiling.columns)

    def judge(self, rows: Factors, columns: Factors, left_out: Bools | None = None) -> None:
        """Judge every pair of a row and a column; `left_out` (R, C) are in no list and no count."""
        self.shape_to(len(rows), len(columns))
        for sums, asking, giving in (
            (self.there, rows.asks, columns.gives),
            (self.back, rows.gives, columns.asks),
        ):
            for one, part in zip(sums, (rows.points, rows.open, rows.part), strict=True):
                np.matmul(asking[:, part], giving[:, part].T, out=one)
        np.matmul(rows.hurdles, columns.turned.T, out=self.spare)
        np.less(self.spare, np.float32(OPEN_ABOVE), out=self.compatible)
        np.greater(self.spare, np.float32(rows.failed_above), out=self.refused)
        self.weigh(
            (rows.thresholds[:, None], columns.thresholds),
            (rows.half_asked[:, None], columns.half_asked),
            left_out,
        )
