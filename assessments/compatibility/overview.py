"""What a list asks of very many rows at once: headline answers, whom a deal-breaker shuts out.

The same rules as in `scoring.profiles` and `pairs`, criterion by criterion in one go.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import UNKNOWN, Bools, Frame, Rows
from assessments.scoring.profiles import Headline

HEADLINES = (Headline.YES, Headline.NOT_YET_KNOWN, Headline.NO)
"""The headline answers in the order of a list; arrays hold the position in it."""


def headlines(frame: Frame, rows: Rows) -> NDArray[np.int8]:
    """(N,) the position of each row's headline answer in `HEADLINES`."""
    fails, is_open, any_known = np.zeros((3, len(rows)), dtype=bool)
    for place, criterion in enumerate(frame.criteria):
        if not criterion.headline:
            continue
        levels = rows.levels[:, place]
        known = levels >= 0
        any_known |= known
        is_open |= levels == UNKNOWN
        if criterion.must_reach is not None:
            asked = criterion.credit(criterion.positions[criterion.must_reach])
            credits = frame.credits[frame.starts[place] + np.maximum(levels, 0)]
            fails |= known & (credits < asked)
    return np.where(fails, 2, np.where(is_open | ~any_known, 1, 0)).astype(np.int8)


def shut_out(frame: Frame, asking: Rows, others: Rows) -> Bools:
    """(N, C) whether a deal-breaker of the one who asks is failed by each of N others."""
    (own,), (required,) = asking.levels, asking.required
    known, breaks = others.levels >= 0, required >= 0
    needed = frame.credits[_columns(frame, np.maximum(required, 0))]
    falls_short = _credits(frame, others) < needed
    unlike = (own >= 0) & (others.levels != own)
    return np.asarray(known & breaks & np.where(frame.is_similarity, unlike, falls_short))


def refused_by(frame: Frame, rows: Rows, place: int) -> Bools:
    """(N, C) whether the one at a place fails a deal-breaker of each of N; never one of its own."""
    own = rows.levels[place]
    mine = _credits(frame, rows.take([place]))
    needed = frame.credits[_columns(frame, np.maximum(rows.required, 0))]
    unlike = (rows.levels >= 0) & (rows.levels != own)
    breaks = (own >= 0) & (rows.required >= 0)
    found = np.asarray(breaks & np.where(frame.is_similarity, unlike, mine < needed))
    found[place] = False
    return found


def _credits(frame: Frame, rows: Rows) -> NDArray[np.int16]:
    """(N, C) the credit of each level; that of the first where there is none."""
    return frame.credits[_columns(frame, np.maximum(rows.levels, 0))]


def _columns(frame: Frame, levels: NDArray[np.int16]) -> NDArray[np.intp]:
    return (frame.starts + levels).astype(np.intp)
