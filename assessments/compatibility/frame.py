"""An edition as columns, and organisations as packed rows of small whole numbers.

A `Frame` is an edition as columns: one for each level of each criterion with a role. `Rows` are
organisations as packed whole numbers, ready to be stored and read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.splicing import Piece, spliced
from assessments.scoring.policy import Policy
from assessments.scoring.terms import (
    GREATEST_IMPORTANCE,
    Agreement,
    Criterion,
    Edition,
    Effective,
    Role,
    Sheet,
    State,
)

Ints: TypeAlias = NDArray[np.int16]
Floats: TypeAlias = NDArray[np.float32]
Bools: TypeAlias = NDArray[np.bool_]

UNKNOWN = -1
NOT_APPLICABLE = -2
NO_DEAL_BREAKER = -1
SMALLEST = np.dtype("<i2")
"""How each number of a packed row is stored, whatever the machine."""
BOUND = 2**22
"""Σ importance · 100 stays below this, so that float32 holds every sum exactly."""


class DoesNotFit(ValueError):
    """A packed row does not fit the edition that reads it."""


def room(edition: Edition) -> int:
    """The greatest sum of importance · 100 that anybody can ask under an edition."""
    judged = [criterion for criterion in edition.criteria if criterion.role is not Role.NONE]
    return len(judged) * GREATEST_IMPORTANCE * 100


@dataclass(frozen=True)
class Frame:
    """An edition as columns. C criteria with a role, D levels of all of them."""

    criteria: tuple[Criterion, ...]

    @classmethod
    def of(cls, edition: Edition) -> Frame:
        """The frame of an edition; ValueError if its sums would not be exact."""
        if room(edition) >= BOUND:
            raise ValueError(
                f"edition {edition.slug}: {room(edition)} points can be asked; the arithmetic is "
                f"exact below {BOUND}. Take criteria out."
            )
        return cls(tuple(c for c in edition.criteria if c.role is not Role.NONE))

    @cached_property
    def sizes(self) -> NDArray[np.intp]:
        """(C,) how many levels each criterion has."""
        return np.array([len(criterion.levels) for criterion in self.criteria], dtype=np.intp)

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """(C,) the column of each criterion's first level."""
        return (np.cumsum(self.sizes) - self.sizes).astype(np.intp)

    @property
    def width(self) -> int:
        """D, the number of columns."""
        return int(self.sizes.sum())

    @cached_property
    def owners(self) -> NDArray[np.intp]:
        """(D,) the criterion of each column."""
        return np.repeat(np.arange(len(self.criteria)), self.sizes)

    @cached_property
    def is_similarity(self) -> Bools:
        """(C,) whether a criterion's role is similarity."""
        return np.array([c.role is Role.SIMILARITY for c in self.criteria], dtype=bool)

    @cached_property
    def na_meets(self) -> Bools:
        """(C,) whether "not applicable" meets a deal-breaker."""
        return np.array([c.na_meets for c in self.criteria], dtype=bool)

    @cached_property
    def credits(self) -> NDArray[np.int16]:
        """(D,) the credit of each level; 0 for similarity, where credits play no part."""
        return np.array(
            [
                criterion.credit(place) if criterion.role is Role.STANDARD else 0
                for criterion in self.criteria
                for place in range(len(criterion.levels))
            ],
            dtype=np.int16,
        )

    def row(self, sheet: Sheet, policy: Policy) -> Ints:
        """(3C + 1,) one organisation as a packed row.

        First its levels (a position, UNKNOWN or NOT_APPLICABLE), then its importances, then its
        deal-breakers (the position of the level required, 0 for `same`, or NO_DEAL_BREAKER), at
        the end its threshold.
        """
        levels = [_level(sheet, criterion) for criterion in self.criteria]
        importances = [policy.importances[criterion.slug] for criterion in self.criteria]
        required = [_required(policy, criterion) for criterion in self.criteria]
        return np.array([*levels, *importances, *required, policy.threshold], dtype=SMALLEST)

    def sheet(self, row: bytes) -> Sheet:
        """The effective levels of a packed row, of criteria with a role, without their why."""
        (levels,) = self.rows([row]).levels.tolist()
        return {
            criterion.slug: _effective(level)
            for criterion, level in zip(self.criteria, levels, strict=True)
        }

    def rows(self, packed: Sequence[bytes]) -> Rows:
        """N packed rows, checked; DoesNotFit names the place of the first that does not fit."""
        length = self._length
        for place, row in enumerate(packed):
            if len(row) != length:
                raise DoesNotFit(f"row {place} has {len(row)} bytes, not {length}")
        rows = self._unpacked(packed)
        if bad := rows.misfits(self):
            raise DoesNotFit(f"row {bad[0]} holds numbers that the edition does not have")
        return rows

    def misfits(self, packed: Sequence[bytes]) -> list[int]:
        """The places of all packed rows that do not fit, in ascending order.

        Each of them has to be made again from its source; `rows` takes those that are left.
        """
        whole = [place for place, row in enumerate(packed) if len(row) == self._length]
        held = self._unpacked([packed[place] for place in whole])
        fitting = set(whole).difference(whole[place] for place in held.misfits(self))
        return [place for place in range(len(packed)) if place not in fitting]

    @property
    def _length(self) -> int:
        return (3 * len(self.criteria) + 1) * SMALLEST.itemsize

    def _unpacked(self, packed: Sequence[bytes]) -> Rows:
        count = len(self.criteria)
        table = np.frombuffer(b"".join(packed), dtype=SMALLEST).reshape(len(packed), 3 * count + 1)
        return Rows(
            levels=table[:, :count],
            importances=table[:, count : 2 * count],
            required=table[:, 2 * count : 3 * count],
            thresholds=table[:, 3 * count],
        )


def _level(sheet: Sheet, criterion: Criterion) -> int:
    effective = sheet[criterion.slug]
    if effective.position is not None:
        return effective.position
    return UNKNOWN if effective.state is State.UNKNOWN else NOT_APPLICABLE


def _effective(level: int) -> Effective:
    if level >= 0:
        return Effective(State.KNOWN, level)
    return Effective(State.UNKNOWN if level == UNKNOWN else State.NOT_APPLICABLE)


def _required(policy: Policy, criterion: Criterion) -> int:
    must = policy.must_reach.get(criterion.slug)
    if must is None:
        return NO_DEAL_BREAKER
    return 0 if criterion.role is Role.SIMILARITY else criterion.positions[must]


@dataclass(frozen=True, slots=True)
class Rows:
    """N organisations in whole numbers: (N, C) levels, importances, required; (N,) thresholds."""

    levels: Ints
    importances: Ints
    required: Ints
    thresholds: Ints

    def __len__(self) -> int:
        return len(self.thresholds)

    def take(self, places: Iterable[int] | NDArray[np.intp] | slice) -> Rows:
        """The rows at some places."""
        chosen: slice | NDArray[np.intp]
        if isinstance(places, slice | np.ndarray):
            chosen = places
        else:
            chosen = np.fromiter(places, dtype=np.intp)
        return Rows(
            self.levels[chosen],
            self.importances[chosen],
            self.required[chosen],
            self.thresholds[chosen],
        )

    def replaced(self, places: Sequence[int], others: Rows) -> Rows:
        """The same, in memory of their own, with others in some places."""
        found = Rows(*(getattr(self, name).copy() for name in Rows.__slots__))
        for name in Rows.__slots__:
            getattr(found, name)[places] = getattr(others, name)
        return found

    def spliced(self, arrived: Rows, found: Sequence[Piece]) -> Rows:
        """Pieces of these rows and of some that have arrived."""
        return Rows(
            *(
                spliced(getattr(self, name), getattr(arrived, name), found)
                for name in Rows.__slots__
            )
        )

    def misfits(self, frame: Frame) -> list[int]:
        """The places of rows that hold a number which the edition does not have."""
        sizes = frame.sizes[None, :]
        wrong = (
            ((self.levels < NOT_APPLICABLE) | (self.levels >= sizes)).any(axis=1)
            | ((self.importances < 0) | (self.importances > GREATEST_IMPORTANCE)).any(axis=1)
            | ((self.required < NO_DEAL_BREAKER) | (self.required >= sizes)).any(axis=1)
            | (self.thresholds < 0)
            | (self.thresholds > 100)
        )
        return [int(place) for place in np.flatnonzero(wrong)]


def acceptance(criterion: Criterion) -> Floats:
    """(L, L) what is accepted 0–100 of a similarity criterion: own level by the other's."""
    count = len(criterion.levels)
    if criterion.agreement is Agreement.EXACT:
        return 100 * np.eye(count, dtype=np.float32)
    places = np.arange(count)
    steps = count - 1 - np.abs(places[:, None] - places[None, :])
    # Rounded half up, in whole numbers: (200·s + L−1) // (2·(L−1)).
    rounded: Floats = ((200 * steps + count - 1) // (2 * (count - 1))).astype(np.float32)
    return rounded
