"""What of new criteria makes pairs turn: each change put in by itself, or taken back by itself.

Nothing is estimated from weights: the organisations are compared again under the criteria as they
were with one change, and where no change does by itself, under the new ones without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import (
    NO_DEAL_BREAKER,
    Bools,
    Encoded,
    Frame,
    Ints,
    Rows,
    encode,
)
from assessments.compatibility.pairs import VERDICTS, Verdict, compare
from assessments.scoring.terms import Criterion

MOST_COMPARED = 6_000_000
"""So many pairs are compared at most, over all changes: about two seconds."""
BLOCK = 500

Verdicts: TypeAlias = NDArray[np.int8]
Move: TypeAlias = tuple[Verdict, Verdict]
"""The verdict before and after."""


class Part(StrEnum):
    """What of a criterion has changed; `CRITERION` where its answers cannot be told apart."""

    ANSWERS = "answers"
    IMPORTANCE = "importance"
    DEAL_BREAKER = "deal-breaker"
    CRITERION = "criterion"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Cause:
    """One change, and how many pairs it makes turn, by their verdicts before and after.

    It does so where it would have done by itself, or, if no change would, where the pair would not
    have turned so without it. `criterion` is empty for the threshold.
    """

    criterion: str
    part: Part
    moves: Mapping[Move, int]

    @property
    def count(self) -> int:
        """How many pairs it makes turn."""
        return sum(self.moves.values())


@dataclass(frozen=True, slots=True)
class Causes:
    """The causes, those of most pairs first; `pairs` that turn were looked at, all or some.

    `together`: how many of them no single change accounts for, but several together.
    """

    pairs: int
    together: int
    causes: tuple[Cause, ...]


NO_CAUSES = Causes(0, 0, ())
"""Where nothing turns."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One criterion with what N organisations have in it, all (N,)."""

    criterion: Criterion
    levels: Ints
    importances: Ints
    required: Ints

    def unweighed(self) -> _Column:
        return replace(self, importances=np.zeros_like(self.importances))

    def unasked(self) -> _Column:
        return replace(self, required=np.full_like(self.required, NO_DEAL_BREAKER))


@dataclass(frozen=True, slots=True)
class _Change:
    """One change: the column put in among those before, and taken back among those after."""

    criterion: str
    part: Part
    put_in: _Column | None = None
    taken_back: _Column | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """Criteria with N organisations' columns, and their thresholds (N,)."""

    columns: Mapping[str, _Column]
    thresholds: Ints

    @classmethod
    def of(cls, encoded: Encoded, places: Sequence[int]) -> _State:
        rows = encoded.rows.take(places)
        return cls(
            {
                criterion.slug: _Column(
                    criterion,
                    rows.levels[:, place],
                    rows.importances[:, place],
                    rows.required[:, place],
                )
                for place, criterion in enumerate(encoded.frame.criteria)
            },
            rows.thresholds,
        )

    def having(self, criterion: str, column: _Column | None) -> _State:
        others = {slug: one for slug, one in self.columns.items() if slug != criterion}
        return replace(self, columns=others if column is None else {**others, criterion: column})

    def verdicts(self) -> Verdicts:
        """(N, N) the verdict of every pair."""
        columns = list(self.columns.values())
        nobody = np.zeros((len(self.thresholds), 0), dtype=np.int16)
        levels, importances, required = (
            np.column_stack([nobody, *(getattr(one, name) for one in columns)])
            for name in ("levels", "importances", "required")
        )
        frame = Frame(tuple(one.criterion for one in columns))
        encoded = encode(frame, Rows(levels, importances, required, self.thresholds))
        matrices = encoded.matrices
        return np.concatenate(
            [
                compare(matrices.take(slice(start, start + BLOCK)), matrices).verdicts
                for start in range(0, len(encoded), BLOCK)
            ]
        )


def causes(before: Encoded, after: Encoded) -> Causes:
    """What makes pairs turn between two editions; the same organisations at the same places.

    Of so many organisations that it would take long, only some at equal distances are looked at.
    """
    if len(before) < 2:
        return NO_CAUSES
    everybody = range(len(before))
    count = max(
        sum(1 for _ in _changes(*(_State.of(one, everybody) for one in (before, after)))), 1
    )
    step = -(-len(before) // max(isqrt(MOST_COMPARED // count), 2))
    places = everybody[:: max(step, 1)]
    was, comes = _State.of(before, places), _State.of(after, places)
    there, here = was.verdicts(), comes.verdicts()
    turned = np.nonzero(np.triu(there != here, 1))
    if not turned[0].size:
        return NO_CAUSES
    result, changes = here[turned], list(_changes(was, comes))
    made = [(_put_in(was, comes, one).verdicts()[turned] == result) for one in changes]
    left = ~np.logical_or.reduce(made, axis=0)
    if left.any():
        for place, one in enumerate(changes):
            made[place] |= left & (_taken_back(was, comes, one).verdicts()[turned] != result)
    found = [
        Cause(one.criterion, one.part, _moves(there[turned], result, chosen))
        for one, chosen in zip(changes, made, strict=True)
        if chosen.any()
    ]
    # Of equal ones, in the order of the criteria.
    found.sort(key=lambda cause: -cause.count)
    together = int((~np.logical_or.reduce(made, axis=0)).sum())
    return Causes(len(result), together, tuple(found))


def _put_in(was: _State, comes: _State, one: _Change) -> _State:
    if one.part is Part.THRESHOLD:
        return replace(was, thresholds=comes.thresholds)
    return was.having(one.criterion, one.put_in)


def _taken_back(was: _State, comes: _State, one: _Change) -> _State:
    if one.part is Part.THRESHOLD:
        return replace(comes, thresholds=was.thresholds)
    return comes.having(one.criterion, one.taken_back)


def _moves(before: Verdicts, after: Verdicts, chosen: Bools) -> Mapping[Move, int]:
    found = Counter(zip(before[chosen].tolist(), after[chosen].tolist(), strict=True))
    return {(VERDICTS[one], VERDICTS[other]): count for (one, other), count in found.items()}


def _changes(was: _State, comes: _State) -> Iterator[_Change]:
    """Every change that can make a difference to anybody."""
    for slug in dict.fromkeys([*comes.columns, *was.columns]):
        yield from _of_criterion(slug, was.columns.get(slug), comes.columns.get(slug))
    if (was.thresholds != comes.thresholds).any():
        yield _Change("", Part.THRESHOLD)


def _of_criterion(slug: str, old: _Column | None, new: _Column | None) -> Iterable[_Change]:
    if old is None or new is None:
        # It is there on one side only: what it weighs, and by itself what must be reached in it.
        there = old or new
        if there is None or not (there.importances.any() or _asks(there)):
            return []
        if not _asks(there):
            return [_Change(slug, Part.CRITERION, new, old)]
        parts = (there.unasked(), there.unweighed())
        if old is None:
            parts = parts[::-1]
        return [
            _Change(slug, Part.DEAL_BREAKER, *parts),
            _Change(slug, Part.CRITERION, *parts[::-1]),
        ]
    if _stands_for(old.criterion) != _stands_for(new.criterion):
        return [_Change(slug, Part.CRITERION, new, old)]
    return _of_both(slug, old, new)


def _of_both(slug: str, old: _Column, new: _Column) -> Iterator[_Change]:
    is_met_otherwise = old.criterion.na_meets != new.criterion.na_meets
    if is_met_otherwise or (old.levels != new.levels).any():
        put_in = replace(old, criterion=new.criterion, levels=new.levels)
        taken_back = replace(new, criterion=old.criterion, levels=old.levels)
        yield _Change(slug, Part.ANSWERS, put_in, taken_back)
    if (old.importances != new.importances).any():
        put_in = replace(old, importances=new.importances)
        taken_back = replace(new, importances=old.importances)
        yield _Change(slug, Part.IMPORTANCE, put_in, taken_back)
    if (old.required != new.required).any():
        put_in = replace(old, required=new.required)
        taken_back = replace(new, required=old.required)
        yield _Change(slug, Part.DEAL_BREAKER, put_in, taken_back)


def _asks(column: _Column) -> bool:
    return bool((column.required != NO_DEAL_BREAKER).any())


def _stands_for(criterion: Criterion) -> object:
    """What the numbers of a column stand for; where it is the same, they can be exchanged."""
    levels = [(level.slug, level.credit) for level in criterion.levels]
    return criterion.role, criterion.agreement, levels
