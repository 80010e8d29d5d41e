"""The best K of each of some organisations, while pairs come in, in any order.

What comes in is kept in one heap, and `floors` say which scores of a tile are still worth bringing:
what is below the floor of an organisation cannot be among its best K. Floors rise by a partition
of scores, which is much cheaper than sorting; the lists are put into their exact order once, at
the end. So neither the order of arrival nor the moments at which floors rise matter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import Bools, Floats
from assessments.compatibility.ordering import NOBODY, Doubles, Wholes, best_first, standing

NO_ONE = -1
ROUND = 32
"""Floors rise when so many have come for each organisation on average, … """
CROWD = 1024
"""… or so many for one of them."""
HEAP = 1.5
"""The heap is gone through when it holds so many times what the lists can hold."""


@dataclass(frozen=True, slots=True)
class Brought:
    """P pairs: `rows` whose list it is, `others` who is in it, `scores` of the tile, and the rest
    as in a match list.
    """

    rows: NDArray[np.int32]
    others: NDArray[np.int32]
    scores: Floats
    unknown: Bools
    low: Doubles
    high: Doubles

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: NDArray[np.intp]) -> Brought:
        """Some of the pairs."""
        return Brought(*(getattr(self, one.name)[places] for one in fields(self)))

    @classmethod
    def nothing(cls) -> Brought:
        """No pair."""
        return cls(*(np.zeros(0, dtype=dtype) for dtype in ("i4", "i4", "f4", "?", "f8", "f8")))

    @classmethod
    def together(cls, parts: list[Brought]) -> Brought:
        """All pairs of some parts."""
        return cls(
            *(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls))
        )


class Shortlists:
    """The shortlists of M organisations, of at most K entries each."""

    def __init__(self, count: int, longest: int) -> None:
        self.floors = np.full(count, 0 if longest else np.inf, dtype=np.float32)
        self._longest = longest
        self._is_new = np.ones(count, dtype=bool)
        self._best = np.full((count, longest), -np.inf, dtype=np.float32)
        self._heap: list[Brought] = []
        self._held = 0
        self._new: list[Brought] = []
        self._arrived = np.zeros(count, dtype=np.int64)

    def look_ahead(self, scores: Floats, rows: slice) -> None:
        """Raise the floors of some rows by the scores (M, W) that are about to come to them.

        Only where nothing has come yet: it spares bringing most of the first, whom there would be
        no reason to leave out.
        """
        width, floors = scores.shape[1], self.floors[rows]
        if width > self._longest > 0 and self._is_new[rows].all():
            place = width - self._longest
            least = np.partition(np.ascontiguousarray(scores), place, axis=1)[:, place]
            np.maximum(least, 0, out=floors)
        self._is_new[rows] = False

    def bring(self, pairs: Brought, ranks: Wholes) -> None:
        """Bring some pairs."""
        if not len(pairs):
            return
        count = len(self.floors)
        self._new.append(pairs)
        self._arrived += np.bincount(pairs.rows, minlength=count)
        if self._arrived.sum() >= ROUND * count or self._arrived.max() >= CROWD:
            self._raise_floors()
            if self._held > HEAP * self._longest * count:
                self._tidy(ranks)

    def _raise_floors(self) -> None:
        """Let the floors be the K-th best of the scores that have come."""
        rows = np.concatenate([one.rows for one in self._new])
        scores = np.concatenate([one.scores for one in self._new])
        width = int(self._arrived.max())
        grid = np.full((len(self.floors), width + self._longest), -np.inf, dtype=np.float32)
        at, by_row = _places(rows, self._arrived, width + self._longest)
        grid.ravel()[at] = scores[by_row]
        grid[:, width:] = self._best
        self._best = np.partition(grid, width, axis=1)[:, width:].copy()
        np.maximum(self._best[:, 0], self.floors, out=self.floors)
        self._heap += self._new
        self._held += len(rows)
        self._new.clear()
        self._arrived[:] = 0

    def _tidy(self, ranks: Wholes) -> None:
        """Throw out of the heap what is below the floors; where too many are equal, by rank too."""
        heap = Brought.together(self._heap)
        kept = np.flatnonzero(heap.scores >= self.floors[heap.rows])
        heap = heap.take(kept)
        if 5 * len(heap) > 4 * HEAP * self._longest * len(self.floors):
            entries = self._ordered(heap, ranks)
            heap = heap.take(entries[entries != NO_ONE])
        self._heap, self._held = [heap], len(heap)

    def _ordered(self, heap: Brought, ranks: Wholes) -> NDArray[np.intp]:
        """(M, K) the places in the heap of each list's entries, in order; NO_ONE behind its end."""
        count = len(self.floors)
        sizes = np.bincount(heap.rows, minlength=count)
        width = max(int(sizes.max(initial=0)), self._longest)
        at, by_row = _places(heap.rows, sizes, width)
        standings = np.full((count, width), NOBODY, dtype=np.int64)
        standings.ravel()[at] = standing(heap.unknown, heap.low)[by_row]
        entries = np.full((count, width), NO_ONE, dtype=np.intp)
        entries.ravel()[at] = by_row
        ordered = best_first(standings, entries, heap.high, ranks[heap.others])
        return ordered[:, : self._longest]

    def written(self, ranks: Wholes) -> tuple[NDArray[np.intp], Brought]:
        """The lists, when all has come, and what they are of; what was held is forgotten.

        (M, K) the places of each list's entries among the pairs, in order; behind its end NO_ONE.
        """
        if self._new:
            self._raise_floors()
        if not self._heap:
            return np.full((len(self.floors), self._longest), NO_ONE), Brought.nothing()
        heap = Brought.together(self._heap)
        self._heap.clear()
        heap = heap.take(np.flatnonzero(heap.scores >= self.floors[heap.rows]))
        return self._ordered(heap, ranks), heap


def _places(
    rows: NDArray[np.int32], sizes: Wholes, width: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each of some entries lies in a grid (M, width) that is filled row by row.

    `sizes` (M,) say how many there are for each row. The second result says in which order the
    entries take these places.
    """
    # Sixteen bits are sorted by counting, which is fastest.
    small = rows.astype(np.uint16) if len(sizes) <= np.iinfo(np.uint16).max else rows
    by_row = np.argsort(small, kind="stable")
    ordered = rows[by_row].astype(np.intp)
    begins = np.cumsum(sizes) - sizes
    return ordered * width + np.arange(len(rows)) - begins[ordered], by_row
