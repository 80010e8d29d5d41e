"""The matrices of the model as README.md states them, for a pair or a small block of pairs.

What is fast at scale (`ledger`, `factors`) holds the same numbers in a narrower layout; this one
keeps every term apart, so that reasons can be read from it and exports are exact for all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

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
from assessments.scoring.terms import Role


@dataclass(frozen=True, slots=True)
class Matrices:
    """N organisations as matrices; float32 where they are multiplied, in whole numbers.

    As the one who is judged: `chosen` (N, D) one-hot of the levels; `known`, `unknown`,
    `inapplicable` (N, C).
    As the one who judges: `points` (N, D) importance · acceptance of each level; `refused` (N, D)
    levels that fail a deal-breaker; `judges` (N, C) importance where it can judge; `asks` (N, C)
    importance where it asks; `open_known`, `open_unknown`, `open_inapplicable` (N, C): 1 where a
    deal-breaker stays open if the other's level is in that state; `asked` (N,) sum of `asks`;
    `thresholds` (N,) percent; `breaks` (N, C) whether there is a deal-breaker at all.
    """

    chosen: Floats
    known: Floats
    unknown: Floats
    inapplicable: Floats
    points: Floats
    refused: Floats
    judges: Floats
    asks: Floats
    open_known: Floats
    open_unknown: Floats
    open_inapplicable: Floats
    asked: NDArray[np.int64]
    thresholds: NDArray[np.int64]
    breaks: Bools

    def __len__(self) -> int:
        return len(self.thresholds)

    def take(self, places: slice) -> Matrices:
        """The organisations at some places."""
        return Matrices(*(getattr(self, name)[places] for name in Matrices.__slots__))


def lay_out(frame: Frame, rows: Rows) -> Matrices:
    """Lay rows out as the matrices of the model."""
    levels = rows.levels
    known, unknown, inapplicable = levels >= 0, levels == UNKNOWN, levels == NOT_APPLICABLE
    similar = frame.is_similarity[None, :]
    breaks = rows.required >= 0
    does_not_ask = similar & inapplicable
    cannot_judge = similar & unknown
    asks = np.where(does_not_ask, 0, rows.importances)
    judges = np.where(cannot_judge, 0, asks)
    # A deal-breaker on likeness is met where one's own level is not applicable.
    stays = breaks & ~does_not_ask
    points, refused = _by_level(frame, rows, judges)
    chosen = np.zeros((len(rows), frame.width), dtype=np.float32)
    places, criteria = np.nonzero(known)
    chosen[places, frame.starts[criteria] + levels[places, criteria]] = 1
    return Matrices(
        chosen=chosen,
        known=known.astype(np.float32),
        unknown=unknown.astype(np.float32),
        inapplicable=inapplicable.astype(np.float32),
        points=points,
        refused=refused,
        judges=judges.astype(np.float32),
        asks=asks.astype(np.float32),
        open_known=(stays & cannot_judge).astype(np.float32),
        open_unknown=stays.astype(np.float32),
        open_inapplicable=(stays & ~frame.na_meets[None, :]).astype(np.float32),
        asked=asks.sum(axis=1, dtype=np.int64),
        thresholds=rows.thresholds.astype(np.int64),
        breaks=breaks,
    )


def _by_level(frame: Frame, rows: Rows, judges: Ints) -> tuple[Floats, Floats]:
    """(N, D) points for each level of the other, and (N, D) whether that level is refused."""
    points = np.zeros((len(rows), frame.width), dtype=np.float32)
    refused = np.zeros((len(rows), frame.width), dtype=np.float32)
    for place, criterion in enumerate(frame.criteria):
        columns = slice(frame.starts[place], frame.starts[place] + frame.sizes[place])
        weight = judges[:, place].astype(np.float32)[:, None]
        breaks = (rows.required[:, place] >= 0)[:, None]
        if criterion.role is Role.STANDARD:
            credits = frame.credits[columns]
            required = credits[np.maximum(rows.required[:, place], 0)][:, None]
            points[:, columns] = weight * credits[None, :]
            refused[:, columns] = breaks & (credits[None, :] < required)
        else:
            own = rows.levels[:, place]
            has_own = (own >= 0)[:, None]
            likeness = acceptance(criterion)[np.maximum(own, 0)]
            points[:, columns] = weight * likeness * has_own
            unlike = np.arange(frame.sizes[place])[None, :] != own[:, None]
            refused[:, columns] = breaks & has_own & unlike
    return points, refused
