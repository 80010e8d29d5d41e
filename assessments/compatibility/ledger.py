"""Very many organisations laid out for one list: one organisation against all others.

Everything here lies by criterion, so that what one organisation needs of all others is one run
through memory. Two thoughts make it narrow:

* Whoever is judged is only a state (not applicable, unknown, a level) at each criterion. Several
  neighbouring criteria together have at most some thousand combinations of states, and one number
  says which: `codes`. For one who judges, a table holds what each combination is worth, with all
  sums packed into one whole number, and a list is a few look-ups an organisation.
* Whoever judges one given organisation multiplies its importances by numbers that are the same
  for all (`weights`, one matrix-vector product), picks the acceptance of one level (`likeness`),
  and looks whether one credit is enough (`demands`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import (
    NOT_APPLICABLE,
    UNKNOWN,
    Bools,
    Floats,
    Frame,
    Ints,
    Rows,
    acceptance,
)
from assessments.compatibility.splicing import Piece, spliced
from assessments.scoring.terms import GREATEST_IMPORTANCE

MOST_STATES = 1500
"""A table of so many combinations stays in the fastest memory."""
STATES_BEFORE_LEVELS = 2
"""Not applicable and unknown come before the levels: a state is a level + 2."""
NO_DEMAND = -1


def groups(frame: Frame) -> list[range]:
    """Neighbouring criteria whose combinations of states are at most MOST_STATES, or one alone."""
    found: list[range] = []
    start, combinations = 0, 1
    for place, size in enumerate(frame.sizes.tolist()):
        states = size + STATES_BEFORE_LEVELS
        if place > start and combinations * states > MOST_STATES:
            found.append(range(start, place))
            start, combinations = place, 1
        combinations *= states
    if len(frame.criteria) > start:
        found.append(range(start, len(frame.criteria)))
    return found


Sums: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""Whole numbers that hold the greatest sum of an edition: the fewer bytes, the faster a list."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """N organisations, by criterion; S of the C criteria are about similarity.

    As the ones who are judged: `codes` (G, N) which combination of states each group of criteria
    has, numbered through from the first group to the last.

    As the ones who judge: `weights` (C + 1, N) importance where it asks, and at the end 1 where it
    asks nothing, as if that were one thing that all others do; `likeness` (E, N) importance ·
    acceptance of each level of each similarity criterion; `blind` (S, N) importance where it asks
    and cannot judge; `demands` (C, N) the credit that a deal-breaker requires, of a similarity
    criterion its own level, or NO_DEMAND; `breaks` (C, N) whether there is a deal-breaker that its
    own level does not meet by itself; `blind_breaks` (S, N) whether there is one that it cannot
    judge; `takes_part` (N,) sum of `weights`; `half_asked` (N,) half of what it asks; `thresholds`
    (N,) percent.
    """

    codes: Sums
    weights: Sums
    likeness: Sums
    blind: Sums
    demands: NDArray[np.int8] | Ints
    breaks: Bools
    blind_breaks: Bools
    takes_part: Sums
    half_asked: Floats
    thresholds: Floats

    @classmethod
    def of(cls, frame: Frame, rows: Rows) -> Ledger:
        """Lay rows out by criterion."""
        levels = np.ascontiguousarray(rows.levels.T)
        required = np.ascontiguousarray(rows.required.T)
        similar = np.flatnonzero(frame.is_similarity)
        count = len(frame.criteria)
        weights = np.empty((count + 1, len(rows)), dtype=_wide_enough(frame))
        weights[:count] = rows.importances.T
        breaks = required >= 0
        own = levels[similar]
        weights[similar] *= own != NOT_APPLICABLE
        breaks[similar] &= own != NOT_APPLICABLE
        is_blind = own == UNKNOWN
        asked = weights[:count].sum(axis=0, dtype=weights.dtype)
        weights[count] = asked == 0
        return cls(
            codes=_codes(frame, levels),
            weights=weights,
            likeness=_likeness(frame, own, weights[similar]),
            blind=weights[similar] * is_blind,
            demands=_demands(frame, levels, required),
            breaks=breaks,
            blind_breaks=breaks[similar] & is_blind,
            takes_part=asked + weights[count],
            half_asked=asked.astype(np.float32) / 2,
            thresholds=rows.thresholds.astype(np.float32),
        )

    def spliced(self, arrived: Ledger, found: Sequence[Piece]) -> Ledger:
        """Pieces of these organisations and of some that have arrived."""
        return Ledger(
            *(
                spliced(getattr(self, one.name), getattr(arrived, one.name), found, axis=-1)
                for one in fields(self)
            )
        )

    def replaced(self, places: Sequence[int], others: Ledger) -> Ledger:
        """The same, in memory of their own, with others in some places."""
        found = Ledger(*(getattr(self, one.name).copy() for one in fields(self)))
        for one in fields(self):
            getattr(found, one.name)[..., places] = getattr(others, one.name)
        return found


def _wide_enough(frame: Frame) -> type[np.uint16] | type[np.uint32]:
    """What holds the greatest sum, also of one who asks nothing: 100."""
    greatest = GREATEST_IMPORTANCE * 100 * max(len(frame.criteria), 1)
    return np.uint16 if greatest <= np.iinfo(np.uint16).max else np.uint32


def _codes(frame: Frame, levels: Ints) -> Sums:
    """(G, N) the combination of states in each group; its last criterion counts fastest.

    Each group begins where the one before ends, so that all of them look into one table.
    """
    states = frame.sizes + STATES_BEFORE_LEVELS
    together = groups(frame)
    combinations = [int(np.prod(states[list(criteria)])) for criteria in together]
    dtype = np.uint16 if sum(combinations) <= np.iinfo(np.uint16).max else np.uint32
    codes = np.zeros((len(together), levels.shape[1]), dtype=dtype)
    start = 0
    for code, criteria, count in zip(codes, together, combinations, strict=True):
        for place in criteria:
            code *= dtype(states[place])
            code += (levels[place] + STATES_BEFORE_LEVELS).astype(dtype)
        code += dtype(start)
        start += count
    return codes


def _likeness(frame: Frame, own: Ints, weights: Sums) -> Sums:
    """(E, N) what each level of each similarity criterion is worth; 0 where its own is missing."""
    similar = np.flatnonzero(frame.is_similarity)
    found = np.zeros((int(frame.sizes[similar].sum()), own.shape[1]), dtype=weights.dtype)
    row = 0
    for place, levels, weight in zip(similar, own, weights, strict=True):
        worth = weight * (levels >= 0)
        for accepted in acceptance(frame.criteria[place]).astype(weights.dtype):
            np.multiply(accepted[np.maximum(levels, 0)], worth, out=found[row])
            row += 1
    return found


def _demands(frame: Frame, levels: Ints, required: Ints) -> NDArray[np.int8] | Ints:
    """(C, N) what deal-breakers require; bytes where no level needs more."""
    is_small = int(frame.sizes.max(initial=0)) <= np.iinfo(np.int8).max
    demands = np.full(levels.shape, NO_DEMAND, dtype=np.int8 if is_small else np.int16)
    for place, criterion in enumerate(frame.criteria):
        breaks = required[place] >= 0
        if frame.is_similarity[place]:
            demands[place] = np.where(breaks & (levels[place] >= 0), levels[place], NO_DEMAND)
        else:
            start = frame.starts[place]
            credits = frame.credits[start : start + len(criterion.levels)]
            demands[place] = np.where(breaks, credits[np.maximum(required[place], 0)], NO_DEMAND)
    return demands
