"""Arrays where a few places of very many are taken out, replaced or added.

What stays stands in long runs, and a run is copied in one go: that is many times faster than to
pick the places one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of neighbouring places, of what was there or of what has arrived."""

    has_arrived: bool
    places: slice


def pieces(order: NDArray[np.intp], count: int) -> list[Piece]:
    """The runs of an order of places; those from `count` on are of what has arrived."""
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (np.diff(order) != 1) | (order[1:] == count)
    begins = np.flatnonzero(is_new)
    ends = np.append(begins[1:], len(order))
    found = []
    for first, length in zip(order[begins].tolist(), (ends - begins).tolist(), strict=True):
        start = first - count if first >= count else first
        found.append(Piece(first >= count, slice(start, start + length)))
    return found


def spliced(
    there: NDArray[Any], arrived: NDArray[Any], found: Sequence[Piece], *, axis: int = 0
) -> NDArray[Any]:
    """The pieces of two arrays one behind the other, in memory of their own."""
    if not found:
        return np.take(there, [], axis=axis)
    before = (slice(None),) * (axis % there.ndim)
    return np.concatenate(
        [(arrived if one.has_arrived else there)[(*before, one.places)] for one in found], axis=axis
    )
