"""Organisations as the factors of all-pairs products: float32, as narrow as the data allows.

For A (a row of `asks`) and B (a row of `gives`), three products of neighbouring columns are the
three sums of the model, and one more counts open deal-breakers:

    points   importance · credit of standard criteria, likeness by level, −2**22 per refusal
    open     100 · importance of what is open
    part     importance of what takes part

README.md says why this is the same as the model's sums, and which column is what.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.frame import (
    BOUND,
    NOT_APPLICABLE,
    UNKNOWN,
    Bools,
    Floats,
    Frame,
    Rows,
    acceptance,
)


@dataclass(frozen=True)
class Layout:
    """Which columns the factors of some organisations have.

    `demanded`: by standard criterion the credits that any deal-breaker requires, but for 0, which
    refuses nobody; `broken` (C,) whether anybody makes a criterion a deal-breaker. Columns that no
    organisation of a product needs add nothing to it, so a layout of more organisations gives the
    same sums.
    """

    frame: Frame
    demanded: tuple[tuple[int, int], ...]
    broken: Bools

    @classmethod
    def of(cls, frame: Frame, rows: Rows) -> Layout:
        """The columns that some organisations need."""
        demanded = []
        broken = np.zeros(len(frame.criteria), dtype=bool)
        for place, size in enumerate(frame.sizes.tolist()):
            required = rows.required[:, place]
            levels = np.flatnonzero(np.bincount(required[required >= 0], minlength=size))
            broken[place] = len(levels) > 0
            if not frame.is_similarity[place]:
                credits = set(frame.credits[frame.starts[place] + levels].tolist()) - {0}
                demanded += [(place, credit) for credit in sorted(credits)]
        return cls(frame, tuple(demanded), broken)

    @property
    def standard(self) -> NDArray[np.intp]:
        """The places of the standard criteria."""
        return np.flatnonzero(~self.frame.is_similarity)

    @property
    def similar(self) -> NDArray[np.intp]:
        """The places of the similarity criteria."""
        return np.flatnonzero(self.frame.is_similarity)

    @property
    def widths(self) -> tuple[int, int, int]:
        """How many columns the products of points, of what is open and of what takes part have."""
        count, alike = len(self.frame.criteria), len(self.similar)
        levels = int(self.frame.sizes[self.similar].sum())
        return (count - alike + levels + len(self.demanded) + 1, count + alike, count + 1)


@dataclass(frozen=True, slots=True)
class Factors:
    """M organisations as factors.

    `asks` and `gives` (M, columns of all three products), `waits` and `is_waited_for` (M, columns
    for open deal-breakers, in both directions at once); `points`, `open`, `part` say which columns
    are whose. `thresholds` (M,) percent; `half_asked` (M,) half of the importance that is asked.
    """

    asks: Floats
    gives: Floats
    waits: Floats
    is_waited_for: Floats
    thresholds: Floats
    half_asked: Floats
    points: slice
    open: slice
    part: slice

    def __len__(self) -> int:
        return len(self.thresholds)

    def take(self, places: slice) -> Factors:
        """The organisations at some places."""
        return Factors(
            self.asks[places],
            self.gives[places],
            self.waits[places],
            self.is_waited_for[places],
            self.thresholds[places],
            self.half_asked[places],
            self.points,
            self.open,
            self.part,
        )


SMALL = 4096
"""So many organisations are laid out at a time, so that what is needed on the way stays small."""


def factors(layout: Layout, rows: Rows) -> Factors:
    """Lay rows out as factors."""
    points, still_open, part = layout.widths
    count = len(rows)
    waiting = int(layout.broken.sum() + layout.broken[layout.similar].sum())
    found = Factors(
        asks=np.zeros((count, points + still_open + part), dtype=np.float32),
        gives=np.zeros((count, points + still_open + part), dtype=np.float32),
        waits=np.zeros((count, 2 * waiting), dtype=np.float32),
        is_waited_for=np.zeros((count, 2 * waiting), dtype=np.float32),
        thresholds=rows.thresholds.astype(np.float32),
        half_asked=np.zeros(count, dtype=np.float32),
        points=slice(0, points),
        open=slice(points, points + still_open),
        part=slice(points + still_open, points + still_open + part),
    )
    for start in range(0, count, SMALL):
        places = slice(start, start + SMALL)
        _fill(layout, rows.take(places), found.take(places))
    return found


def _fill(layout: Layout, rows: Rows, into: Factors) -> None:
    frame, standard, similar = layout.frame, layout.standard, layout.similar
    levels = rows.levels
    known, unknown, inapplicable = levels >= 0, levels == UNKNOWN, levels == NOT_APPLICABLE
    does_not_ask = inapplicable & frame.is_similarity
    weights = np.where(does_not_ask, 0, rows.importances).astype(np.float32)
    asked = weights.sum(axis=1)
    into.half_asked[:] = asked / 2
    asks_nothing = asked == 0
    credits = np.where(known, frame.credits[frame.starts + np.maximum(levels, 0)], 0)

    asks, gives = into.asks[:, into.points], into.gives[:, into.points]
    end = len(standard)
    asks[:, :end] = weights[:, standard]
    gives[:, :end] = credits[:, standard]
    for place in similar:
        columns = slice(end, end + int(frame.sizes[place]))
        _fill_likeness(frame, rows, int(place), weights[:, place], asks[:, columns])
        gives[:, columns] = levels[:, place, None] == np.arange(frame.sizes[place])
        end = columns.stop
    required = frame.credits[frame.starts + np.maximum(rows.required, 0)]
    for place, credit in layout.demanded:
        demands = (rows.required[:, place] >= 0) & (required[:, place] == credit)
        asks[:, end] = np.float32(-BOUND) * demands
        gives[:, end] = known[:, place] & (credits[:, place] < credit)
        end += 1
    # Who asks nothing has one thing more to ask, in which all others are perfect.
    asks[:, end] = 100 * asks_nothing
    gives[:, end] = 1

    count = len(frame.criteria)
    asks, gives = into.asks[:, into.open], into.gives[:, into.open]
    asks[:, :count] = 100 * weights
    gives[:, :count] = unknown
    asks[:, count:] = 100 * weights[:, similar] * unknown[:, similar]
    gives[:, count:] = known[:, similar]

    asks, gives = into.asks[:, into.part], into.gives[:, into.part]
    asks[:, :count] = weights
    gives[:, :count] = ~inapplicable
    asks[:, count] = asks_nothing
    gives[:, count] = 1

    broken = layout.broken
    stays = ((rows.required >= 0) & ~does_not_ask)[:, broken]
    leaves_open = (unknown | (inapplicable & ~frame.na_meets))[:, broken]
    alike = broken[similar]
    blind = ((rows.required >= 0) & unknown)[:, similar][:, alike]
    waits = np.concatenate([stays, blind], axis=1)
    is_waited_for = np.concatenate([leaves_open, known[:, similar][:, alike]], axis=1)
    half = waits.shape[1]
    into.waits[:, :half], into.waits[:, half:] = waits, is_waited_for
    into.is_waited_for[:, :half], into.is_waited_for[:, half:] = is_waited_for, waits


def _fill_likeness(frame: Frame, rows: Rows, place: int, weights: Floats, into: Floats) -> None:
    """What each level of one similarity criterion is worth; −2**22 where it is refused."""
    own = rows.levels[:, place]
    has_own = own >= 0
    into[:] = acceptance(frame.criteria[place])[np.maximum(own, 0)]
    into *= (weights * has_own)[:, None]
    breaks = np.flatnonzero(has_own & (rows.required[:, place] >= 0))
    same = into[breaks, own[breaks]]
    into[breaks] = -BOUND
    into[breaks, own[breaks]] = same
