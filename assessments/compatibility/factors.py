"""Organisations as the factors of all-pairs products: float32, as narrow as the data allows.

For A (a row of `asks`) and B (a row of `gives`), three products of neighbouring columns are the
three sums of the model:

    points   importance · credit of standard criteria, likeness by level of the others
    open     100 · importance of what is open
    part     importance of what takes part

and one product more, of `hurdles` and `turned`, says for both directions at once whether a
deal-breaker is failed or left open. README.md says why this is the same as the model's sums.
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
    Ints,
    Rows,
    acceptance,
)

OPEN_ABOVE = 0.5
"""Hurdles add up to at most a quarter where every deal-breaker is met, else to one or more."""
GREATEST_EXPONENT = 100
"""Of two, within what float32 can hold, with room for what is left out of an exponent."""


@dataclass(frozen=True)
class Layout:
    """Which columns the factors of some organisations have.

    `ladders`: credits that deal-breakers on a standard criterion require, ascending, a column
    each; a criterion has none where nothing that anybody requires can be missed, and several where
    so many different credits are required that one number cannot hold their order. `broken` (C,)
    whether anybody makes a criterion a deal-breaker. Columns that no organisation of a product
    needs add nothing to it, so a layout of more organisations gives the same sums.
    """

    frame: Frame
    ladders: tuple[tuple[int, tuple[int, ...]], ...]
    broken: Bools

    @classmethod
    def of(cls, frame: Frame, rows: Rows) -> Layout:
        """The columns that some organisations need."""
        ladders: list[tuple[int, tuple[int, ...]]] = []
        broken = np.zeros(len(frame.criteria), dtype=bool)
        most = GREATEST_EXPONENT // (2 * _steepness(frame))
        for place, size in enumerate(frame.sizes.tolist()):
            required = rows.required[:, place]
            levels = np.flatnonzero(np.bincount(required[required >= 0], minlength=size))
            broken[place] = len(levels) > 0
            if not frame.is_similarity[place]:
                credits = sorted(set(frame.credits[frame.starts[place] + levels].tolist()) - {0})
                ladders += [
                    (place, tuple(credits[start : start + most]))
                    for start in range(0, len(credits), most)
                ]
        return cls(frame, tuple(ladders), broken)

    @property
    def standard(self) -> NDArray[np.intp]:
        """The places of the standard criteria."""
        return np.flatnonzero(~self.frame.is_similarity)

    @property
    def similar(self) -> NDArray[np.intp]:
        """The places of the similarity criteria."""
        return np.flatnonzero(self.frame.is_similarity)

    @property
    def widths(self) -> tuple[int, int, int, int]:
        """How many columns the products of points, of what is open and of what takes part have,
        and how many hurdles there are in one direction.
        """
        count, alike = len(self.frame.criteria), len(self.similar)
        levels = int(self.frame.sizes[self.similar].sum())
        hurdles = len(self.ladders) + int(self.broken.sum() + self.broken[self.similar].sum())
        return count - alike + levels + 1, count + alike, count + 1, hurdles


def _steepness(frame: Frame) -> int:
    """n, so that 2**n is at least eight times as much as there are criteria.

    On a ladder of credits r = 1, 2, … that some require, A who requires the r-th has the factor
    4**(n·r), and B whose credit reaches s of them 4**(−n·s) / 2**n. Their product is at most
    2**−n where r ≤ s: all criteria in both directions add up to a quarter or less. It is at least
    2**n where r > s: more than as many times one, which is what each open deal-breaker adds.
    """
    return (8 * max(len(frame.criteria), 1) - 1).bit_length()


@dataclass(frozen=True, slots=True)
class Factors:
    """M organisations as factors.

    `asks` and `gives` (M, columns of all three products); `points`, `open`, `part` say which
    columns are whose. `hurdles` (M, 2H) its deal-breakers, then how it stands to those of others;
    `turned` (M, 2H) the same the other way round; `failed_above` what they add up to at least
    where one is failed. `thresholds` (M,) percent; `half_asked` (M,) half of what is asked.
    """

    asks: Floats
    gives: Floats
    hurdles: Floats
    turned: Floats
    thresholds: Floats
    half_asked: Floats
    points: slice
    open: slice
    part: slice
    failed_above: float

    def __len__(self) -> int:
        return len(self.thresholds)

    def take(self, places: slice) -> Factors:
        """The organisations at some places."""
        return Factors(
            self.asks[places],
            self.gives[places],
            self.hurdles[places],
            self.turned[places],
            self.thresholds[places],
            self.half_asked[places],
            self.points,
            self.open,
            self.part,
            self.failed_above,
        )


SMALL = 4096
"""So many organisations are laid out at a time, so that what is needed on the way stays small."""


def factors(layout: Layout, rows: Rows) -> Factors:
    """Lay rows out as factors."""
    points, still_open, part, hurdles = layout.widths
    count = len(rows)
    found = Factors(
        asks=np.zeros((count, points + still_open + part), dtype=np.float32),
        gives=np.zeros((count, points + still_open + part), dtype=np.float32),
        hurdles=np.zeros((count, 2 * hurdles), dtype=np.float32),
        turned=np.zeros((count, 2 * hurdles), dtype=np.float32),
        thresholds=rows.thresholds.astype(np.float32),
        half_asked=np.zeros(count, dtype=np.float32),
        points=slice(0, points),
        open=slice(points, points + still_open),
        part=slice(points + still_open, points + still_open + part),
        failed_above=2.0 ** (_steepness(layout.frame) - 1),
    )
    for start in range(0, count, SMALL):
        places = slice(start, start + SMALL)
        _fill_sums(layout, rows.take(places), found.take(places))
        _fill_hurdles(layout, rows.take(places), found.take(places))
    return found


def _fill_sums(layout: Layout, rows: Rows, into: Factors) -> None:
    frame, standard, similar = layout.frame, layout.standard, layout.similar
    levels = rows.levels
    known, unknown, inapplicable = levels >= 0, levels == UNKNOWN, levels == NOT_APPLICABLE
    weights = np.where(inapplicable & frame.is_similarity, 0, rows.importances).astype(np.float32)
    asked = weights.sum(axis=1)
    into.half_asked[:] = asked / 2
    asks_nothing = asked == 0

    asks, gives = into.asks[:, into.points], into.gives[:, into.points]
    end = len(standard)
    asks[:, :end] = weights[:, standard]
    gives[:, :end] = _credits(frame, levels)[:, standard]
    for place in similar:
        columns = slice(end, end + int(frame.sizes[place]))
        _fill_likeness(frame, rows, int(place), weights[:, place], asks[:, columns])
        gives[:, columns] = levels[:, place, None] == np.arange(frame.sizes[place])
        end = columns.stop
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


def _fill_hurdles(layout: Layout, rows: Rows, into: Factors) -> None:
    frame, similar, broken = layout.frame, layout.similar, layout.broken
    levels = rows.levels
    known, unknown, inapplicable = levels >= 0, levels == UNKNOWN, levels == NOT_APPLICABLE
    breaks = rows.required >= 0
    credits = _credits(frame, levels)
    required = np.where(breaks, frame.credits[frame.starts + np.maximum(rows.required, 0)], 0)
    half = into.hurdles.shape[1] // 2
    sets, meets = into.hurdles[:, :half], into.hurdles[:, half:]

    steepness, one = _steepness(frame), np.float32(1)
    for column, (place, ladder) in enumerate(layout.ladders):
        # What each credit is worth, as the one required and as the one that somebody has.
        asked, has = np.zeros(101, dtype=np.float32), np.zeros(101, dtype=np.float32)
        asked[list(ladder)] = np.ldexp(one, 2 * steepness * np.arange(1, len(ladder) + 1))
        reached = np.searchsorted(ladder, np.arange(101), side="right")
        has[:] = np.ldexp(one, -steepness * (2 * reached + 1))
        sets[:, column] = asked[required[:, place]]
        meets[:, column] = known[:, place] * has[credits[:, place]]

    alike = broken[similar]
    end = len(layout.ladders)
    middle = end + int(broken.sum())
    sets[:, end:middle] = (breaks & ~(inapplicable & frame.is_similarity))[:, broken]
    meets[:, end:middle] = (unknown | (inapplicable & ~frame.na_meets))[:, broken]
    sets[:, middle:] = (breaks & unknown)[:, similar][:, alike]
    meets[:, middle:] = known[:, similar][:, alike]
    into.turned[:, :half], into.turned[:, half:] = meets, sets


def _credits(frame: Frame, levels: Ints) -> Ints:
    """(M, C) the credit of each known level; 0 where there is none."""
    credits = frame.credits[frame.starts + np.maximum(levels, 0)]
    return np.where(levels >= 0, credits, np.int16(0))


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
