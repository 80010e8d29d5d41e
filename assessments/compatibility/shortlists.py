"""The best K of each of some organisations, while pairs come in, in any order.

What comes in is kept aside and merged now and then, by the order of a match list, so neither the
order of arrival nor the moments of merging matter. `floors` say which scores of a tile are still
worth bringing: what is below the floor of an organisation cannot be among its best K.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import Bools
from assessments.compatibility.ordering import NOBODY, Doubles, Wholes, best_first, standing
from assessments.compatibility.tiles import COMPATIBLE_ABOVE

NO_ONE = -1
WAITING_ROOM = 64
"""Merge when so many wait for each organisation on average, … """
CROWD = 1024
"""… or so many for one of them."""


class Shortlists:
    """The shortlists of M organisations, in arrays that the caller owns.

    `order` (M, K) whom each list names, NO_ONE behind its end; `unknown` (M, K) whether that
    verdict is "not yet known"; `low`, `high` (M, K) the pair's score. `floors` (M,) in percent.
    """

    def __init__(
        self, order: NDArray[np.int32], unknown: Bools, low: Doubles, high: Doubles, ranks: Wholes
    ) -> None:
        self.order, self.unknown, self.low, self.high = order, unknown, low, high
        self._ranks = ranks
        self.floors = np.zeros(len(order), dtype=np.float32)
        self._waiting: list[tuple[NDArray[Any], ...]] = []
        self._arrived = np.zeros(len(order), dtype=np.int64)
        order.fill(NO_ONE)

    def bring(
        self,
        rows: NDArray[np.intp],
        others: NDArray[np.intp],
        unknown: Bools,
        low: Doubles,
        high: Doubles,
    ) -> None:
        """Bring some pairs: rows say whose list, others who is in it."""
        if not len(rows):
            return
        self._waiting.append((rows.astype(np.uint16), others.astype(np.int32), unknown, low, high))
        self._arrived += np.bincount(rows, minlength=len(self._arrived))
        if self._arrived.sum() >= WAITING_ROOM * len(self._arrived) or self._arrived.max() >= CROWD:
            self.merge()

    def merge(self) -> None:
        """Merge all that wait, so that the lists are the best K of all that was brought."""
        if not self._waiting:
            return
        rows, others, unknown, low, high = (
            np.concatenate([one[part] for one in self._waiting]) for part in range(5)
        )
        self._waiting.clear()
        count, longest = self.order.shape
        by_row = np.argsort(rows, kind="stable")
        rows = rows[by_row].astype(np.intp)
        ends = np.cumsum(self._arrived)
        width = longest + int(self._arrived.max())
        at = rows * width + longest + np.arange(len(rows)) - (ends - self._arrived)[rows]

        def grid(held: NDArray[Any], brought: NDArray[Any], empty: object) -> NDArray[Any]:
            whole = np.full((count, width), empty, dtype=held.dtype)
            whole[:, :longest] = held
            whole.ravel()[at] = brought[by_row]
            return whole

        all_order = grid(self.order, others, NO_ONE)
        all_unknown = grid(self.unknown, unknown, False)
        all_low = grid(self.low, low, 0)
        all_high = grid(self.high, high, 0)
        standings = standing(all_unknown, all_low)
        standings[all_order == NO_ONE] = NOBODY
        ranks = self._ranks[all_order]
        best = best_first(standings, all_high, ranks)[:, :longest]
        self.order[:] = np.take_along_axis(all_order, best, axis=1)
        self.unknown[:] = np.take_along_axis(all_unknown, best, axis=1)
        self.low[:] = np.take_along_axis(all_low, best, axis=1)
        self.high[:] = np.take_along_axis(all_high, best, axis=1)
        self._arrived[:] = 0
        self._raise_floors()

    def _raise_floors(self) -> None:
        if not self.order.shape[1]:
            self.floors[:] = np.inf
            return
        is_full = self.order[:, -1] != NO_ONE
        # A tile rounds twice, each time once; one step down is below either.
        least = np.nextafter((100 * self.low[:, -1]).astype(np.float32), np.float32(-np.inf))
        least += np.where(self.unknown[:, -1], 0, COMPATIBLE_ABOVE).astype(np.float32)
        self.floors[is_full] = least[is_full]
