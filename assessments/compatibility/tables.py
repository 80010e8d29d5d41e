"""What one organisation asks, as tables to look others up in: all sums in one whole number.

For each group of criteria of the ledger a table has, for every combination of states that another
organisation may have there, what it adds to the sums of the model. The sums are packed side by
side into whole numbers of 64 bits, wide enough that none can run into the next; with up to some
hundred criteria one such number holds them all, with more there are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import NOT_APPLICABLE, UNKNOWN, Bools, Frame, Ints, acceptance
from assessments.compatibility.ledger import STATES_BEFORE_LEVELS, groups
from assessments.scoring.terms import GREATEST_IMPORTANCE

Wholes = NDArray[np.int64]

WIDEST = 63
"""Bits of a whole number that is never negative."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where one sum lies: in which number, from which bit on, how many bits wide."""

    number: int
    shift: int
    bits: int

    def of(self, packed: Sequence[Wholes]) -> Wholes:
        """(n,) this sum out of the numbers (n,) into which sums are packed."""
        found: Wholes = (packed[self.number] >> self.shift) & ((1 << self.bits) - 1)
        return found

    def any_of(self, packed: Sequence[Wholes]) -> Bools:
        """(n,) whether this sum is not 0."""
        return np.asarray((packed[self.number] & (((1 << self.bits) - 1) << self.shift)) != 0)


@dataclass(frozen=True)
class States:
    """An edition by state: each criterion's "not applicable", "unknown" and levels, one by one.

    All S states of all criteria lie side by side, those of one criterion together.
    """

    frame: Frame

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Where points, importance of what is open and of what takes part lie; then open and
        failed deal-breakers.
        """
        criteria = len(self.frame.criteria)
        most = GREATEST_IMPORTANCE * criteria
        found: list[Field] = []
        number = shift = 0
        for greatest in (100 * most, most, most, criteria, criteria):
            bits = max(greatest.bit_length(), 1)
            if shift + bits > WIDEST:
                number, shift = number + 1, 0
            found.append(Field(number, shift, bits))
            shift += bits
        return tuple(found)

    @cached_property
    def numbers(self) -> int:
        """How many numbers the sums of one organisation take."""
        return max(field.number for field in self.fields) + 1

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """(S,) the criterion of each state."""
        sizes = self.frame.sizes + STATES_BEFORE_LEVELS
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """(C,) where the states of each criterion begin."""
        return self.frame.starts + STATES_BEFORE_LEVELS * np.arange(len(self.frame.criteria))

    @cached_property
    def levels(self) -> NDArray[np.intp]:
        """(S,) the level of each state, UNKNOWN or NOT_APPLICABLE."""
        return np.arange(len(self.owners)) - self.starts[self.owners] - STATES_BEFORE_LEVELS

    @cached_property
    def credits(self) -> NDArray[np.int64]:
        """(S,) the credit of each level; 0 where there is none."""
        columns = self.frame.starts[self.owners] + np.maximum(self.levels, 0)
        return np.where(self.levels >= 0, self.frame.credits[columns], 0).astype(np.int64)

    @cached_property
    def groups(self) -> tuple[tuple[slice, ...], ...]:
        """For each group of criteria the states of each."""
        ends = (self.starts + self.frame.sizes + STATES_BEFORE_LEVELS).tolist()
        starts = self.starts.tolist()
        return tuple(
            tuple(slice(starts[place], ends[place]) for place in group)
            for group in groups(self.frame)
        )

    @cached_property
    def _alike(self) -> NDArray[np.int64]:
        """What is accepted of each level for each own level, one criterion after the other."""
        found = [
            acceptance(criterion).astype(np.int64).ravel() if similar else np.zeros(0, np.int64)
            for criterion, similar in zip(
                self.frame.criteria, self.frame.is_similarity, strict=True
            )
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    @cached_property
    def _alike_at(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """The states that are levels of similarity criteria; where theirs begin; how many."""
        squares = np.where(self.frame.is_similarity, self.frame.sizes**2, 0)
        begin = np.cumsum(squares) - squares
        states = np.flatnonzero(self.frame.is_similarity[self.owners] & (self.levels >= 0))
        owners = self.owners[states]
        return states, begin[owners] + self.levels[states], self.frame.sizes[owners]

    def accepted(self, own: Ints) -> NDArray[np.int64]:
        """(S,) what one with these levels (C,) accepts of each state, 0–100."""
        states, begin, sizes = self._alike_at
        found = self.credits.copy()
        found[states] = self._alike[begin + np.maximum(own[self.owners[states]], 0) * sizes]
        return found


def tables(states: States, levels: Ints, importances: Ints, required: Ints) -> list[Wholes]:
    """What each combination of states of each group of criteria adds up to, group after group.

    One table for each number that the sums take. `levels`, `importances`, `required` (C,) are
    those of the one who asks.
    """
    found = []
    for worth in _worth(states, levels, importances, required):
        parts = [np.zeros(0, dtype=np.int64)]
        for group in states.groups:
            table = worth[group[0]]
            for one in group[1:]:
                table = (table[:, None] + worth[one]).ravel()
            parts.append(table)
        found.append(np.concatenate(parts))
    return found


def _worth(states: States, levels: Ints, importances: Ints, required: Ints) -> Wholes:
    """(numbers, S) what each state adds to the sums."""
    frame, owners = states.frame, states.owners
    similar = frame.is_similarity
    applies = ~(similar & (levels == NOT_APPLICABLE))
    is_blind = similar & (levels == UNKNOWN)
    weights = (importances * applies).astype(np.int64)
    breaks = (required >= 0) & applies
    least = frame.credits[frame.starts + np.maximum(required, 0)]

    is_known, is_unknown = states.levels >= 0, states.levels == UNKNOWN
    weight, blind, breaker = weights[owners], is_blind[owners], breaks[owners]
    is_open = is_unknown | (is_known & blind)
    falls_short = np.where(
        similar[owners], states.levels != levels[owners], states.credits < least[owners]
    )
    waits = is_open | (~is_known & ~is_unknown & ~frame.na_meets[owners])
    sums = (
        weight * states.accepted(levels) * (is_known & ~blind),
        weight * is_open,
        weight * (is_known | is_unknown),
        breaker & waits,
        breaker & is_known & ~blind & falls_short,
    )
    worth = np.zeros((states.numbers, len(owners)), dtype=np.int64)
    for field, values in zip(states.fields, sums, strict=True):
        worth[field.number] += values.astype(np.int64) << field.shift
    return worth
