"""Which lower thresholds of one's own would open doors: the steps at which more come in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Bools
from assessments.compatibility.pairs import Judgement


@dataclass(frozen=True, slots=True)
class Bar:
    """A lower threshold of one's own, and how many would become compatible with it.

    `threshold` 0–100 is the highest whole number that opens doors to all of them, `opens`. To
    `more` of them the next higher of a list of bars opens none; `few`: the places of these, in
    order, if they are few.
    """

    threshold: int
    opens: int
    more: int
    few: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Whom a lower threshold lets in, counted up block by block.

    `few`: to so many a bar says to whom it opens a door. `places` and `reached`: of each block,
    where they stand and which threshold each of them reaches, in whole percent.
    """

    few: int
    places: list[NDArray[np.intp]] = field(default_factory=list)
    reached: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, opened: Bools, way: Judgement, places: NDArray[np.intp]) -> None:
        """(N,) whether a threshold of 0 opens a door to each of those at N places."""
        (points,), (part,) = way.points, way.part
        # Of whom nothing that is asked takes part, only a threshold of 0 is reached.
        reached = np.floor_divide(points, part, out=np.zeros_like(points), where=part > 0)
        self.places.append(places[opened])
        self.reached.append(reached[opened])

    def steps(self) -> Iterator[Bar]:
        """Every threshold that opens more than a higher one does, the highest first."""
        if not self.places:
            return
        places, reached = np.concatenate(self.places), np.concatenate(self.reached)
        opens = 0
        for threshold in np.unique(reached)[::-1].tolist():
            more = places[reached == threshold].tolist()
            opens += len(more)
            yield Bar(threshold, opens, len(more), tuple(more) if len(more) <= self.few else ())


def shortened(bars: Sequence[Bar], most: int) -> tuple[Bar, ...]:
    """The first of some bars and the last, so many at most; the last stands for those between."""
    if len(bars) <= most:
        return tuple(bars)
    first, rest = bars[: most - 1], bars[most - 1 :]
    more = sum(bar.more for bar in rest)
    return (*first, Bar(rest[-1].threshold, rest[-1].opens, more))
