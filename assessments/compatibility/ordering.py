"""The order of a match list: verdict, low, high, slug; by whole numbers, for many lists at once.

Two different scores of one edition are quotients of whole numbers below 2**22, so they differ by
more than 2**-44: `low · 2**44`, cut to a whole number, tells any two apart and keeps their order.
With the verdict before it and a place behind it, it is one 64-bit number, and those are what
processors sort fastest. Only where two are equal, high and slug are looked at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import Bools

Wholes = NDArray[np.int64]
Doubles = NDArray[np.float64]

FINEST = 44
ONE = 1 << FINEST
NOBODY = 1 << (FINEST + 2)
"""Where an entry is empty; it comes after all others."""
BITS = FINEST + 3


def standing(unknown: Bools, low: Doubles) -> Wholes:
    """What a list is ordered by first, as whole numbers: verdict, then low; the least is best."""
    return (unknown.astype(np.int64) << (FINEST + 1)) + (ONE - (low * ONE).astype(np.int64))


def best_first(
    standings: Wholes, entries: NDArray[np.intp], high: Doubles, ranks: Wholes
) -> NDArray[np.intp]:
    """(M, W) the entries of M lists of W each, in order; of equals the least rank comes first.

    `standings` (M, W) are those of `entries` (M, W), which say where in `high` and `ranks` each
    one is. Those whose standing is NOBODY come last, in no order of their own.
    """
    width = standings.shape[1]
    bits = max(width - 1, 1).bit_length()
    if BITS + bits > 63:
        order = np.argsort(standings, axis=1, kind="stable")
        ordered = np.take_along_axis(standings, order, axis=1)
    else:
        packed = np.sort((standings << bits) | np.arange(width), axis=1)
        order = (packed & ((1 << bits) - 1)).astype(np.intp, copy=False)
        ordered = packed >> bits
    found: NDArray[np.intp] = np.take_along_axis(entries, order, axis=1)
    equal = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] != NOBODY)
    if equal.any():
        _settle(found, equal, high, ranks)
    return found


def _settle(found: NDArray[np.intp], equal: Bools, high: Doubles, ranks: Wholes) -> None:
    """Put runs of equal standing, in place, into the order of high, then rank."""
    in_run = np.zeros(found.shape, dtype=bool)
    in_run[:, 1:] = equal
    begins = ~in_run
    in_run[:, :-1] |= equal
    at = np.flatnonzero(in_run)
    run = np.cumsum(begins.ravel()[at])
    entry = found.ravel()[at]
    found.ravel()[at] = entry[np.lexsort((ranks[entry], -high[entry], run))]
