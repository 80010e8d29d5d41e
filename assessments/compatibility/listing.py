"""One organisation against all others: its match list, and how everybody stands to it.

Fast enough to be computed for each page that shows it. The sums come from look-ups (how it judges
the others) and from one matrix-vector product each (how the others judge it), see `ledger`; they
are the same whole numbers as in `pairs`, so verdicts and scores are the same, bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Encoded
from assessments.compatibility.frame import NOT_APPLICABLE, UNKNOWN, Bools, Frame
from assessments.compatibility.ledger import Ledger
from assessments.compatibility.ordering import Doubles, Wholes, best_first, standing
from assessments.compatibility.pairs import COMPATIBLE, NOT_YET_KNOWN
from assessments.compatibility.tables import tables

AT_A_TIME = 8192
"""So many others are judged at a time: what is needed on the way stays in the cache."""


@dataclass(frozen=True, slots=True)
class MatchList:
    """The match list of one organisation.

    `order` (K,) places of the others in the list's order, with `verdicts`, `low`, `high` (K,) of
    each; `counts` (3,) how many others have each verdict of `VERDICTS`.
    """

    order: NDArray[np.intp]
    verdicts: NDArray[np.int8]
    low: Doubles
    high: Doubles
    counts: Wholes


@dataclass(frozen=True, slots=True)
class Seen:
    """How everybody stands to one organisation: (N,) verdicts of `VERDICTS`, low and high 0–1.

    At its own place stands what it would be to another organisation just like it.
    """

    verdicts: NDArray[np.int8]
    low: Doubles
    high: Doubles


def seen_from(encoded: Encoded, place: int) -> Seen:
    """Verdict and score of everybody's pair with the organisation at a place."""
    count = len(encoded)
    seen = Seen(np.empty(count, dtype=np.int8), np.empty(count), np.empty(count))
    for places, compatible, refused, low, high in _judged(encoded, place):
        seen.low[places], seen.high[places] = low, high
        seen.verdicts[places] = _verdicts(compatible, refused)
    return seen


def match_list(
    encoded: Encoded, place: int, longest: int | None = None, *, ranks: Wholes | None = None
) -> MatchList:
    """The match list of the organisation at a place; `longest` cuts it, the counts are of all.

    `ranks` (N,) whole numbers that rise with the slugs, where places do not: they break ties.
    """
    found: list[tuple[NDArray[np.intp], Bools, Doubles, Doubles]] = []
    compatibles = refusals = 0
    floor = -np.inf
    kept = 0
    for places, compatible, refused, low, high in _judged(encoded, place):
        if places.start <= place < places.stop:
            own = place - places.start
            # Nobody is in a list of its own: not listed, and not counted.
            refusals -= 1
            compatible[own], refused[own] = False, True
        compatibles += int(np.count_nonzero(compatible))
        refusals += int(np.count_nonzero(refused))
        # Compatible at 1–2, not yet known at 0–1, and never listed below 0: an exact step, since
        # two different scores differ by much more than the last bit.
        score = low + compatible
        score -= 3.0 * refused
        at = np.flatnonzero(score >= max(floor, 0.0))
        found.append((at + places.start, ~compatible[at], low[at], high[at]))
        kept += len(at)
        if longest is not None and longest < kept:
            found = [_cut(found, longest)]
            kept = len(found[0][0])
            floor = _least(found[0], longest)
    others, unknown, low, high = _together(found)
    rank = others if ranks is None else np.asarray(ranks, dtype=np.int64)[others]
    order = best_first(standing(unknown, low)[None], high[None], rank[None])[0][:longest]
    unknown = unknown[order]
    return MatchList(
        others[order],
        np.where(unknown, np.int8(NOT_YET_KNOWN), np.int8(COMPATIBLE)),
        low[order],
        high[order],
        np.array([compatibles, len(encoded) - 1 - compatibles - refusals, refusals]),
    )


_Found = tuple[NDArray[np.intp], Bools, Doubles, Doubles]


def _together(found: list[_Found]) -> _Found:
    if len(found) == 1:
        return found[0]
    if not found:
        empty = np.zeros(0)
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=bool), empty, empty
    others, unknown, low, high = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return others, unknown, low, high


def _cut(found: list[_Found], longest: int) -> _Found:
    """All whose verdict and low are among the best `longest`, and those equal to the last."""
    others, unknown, low, high = _together(found)
    if not longest:
        return others[:0], unknown[:0], low[:0], high[:0]
    score = low + ~unknown
    least = np.partition(score, len(score) - longest)[len(score) - longest]
    kept = np.flatnonzero(score >= least)
    return others[kept], unknown[kept], low[kept], high[kept]


def _least(found: _Found, longest: int) -> float:
    _, unknown, low, _ = found
    return float((low + ~unknown).min()) if longest else np.inf


def _verdicts(compatible: Bools, refused: Bools) -> NDArray[np.int8]:
    verdicts = np.int8(NOT_YET_KNOWN) - compatible.view(np.int8)
    verdicts += refused.view(np.int8)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Way:
    """One direction of some pairs: the sums of the model, exact, and the judging side's."""

    points: Doubles
    open: Doubles
    part: Doubles
    asked: Doubles | float
    threshold: Doubles | float


def _judged(encoded: Encoded, place: int) -> Iterator[tuple[slice, Bools, Bools, Doubles, Doubles]]:
    """Everybody's pair with one: at which places, is compatible, is not compatible, low, high."""
    asking, judged = _Asking(encoded, place), _Judged(encoded, place)
    for start in range(0, len(encoded), AT_A_TIME):
        places = slice(start, min(start + AT_A_TIME, len(encoded)))
        there, failed, waiting = asking.judge(places)
        back, failed_back, waiting_back = judged.be_judged(places)
        failed |= failed_back
        waiting |= waiting_back
        compatible = ~waiting
        lows, highs = [], []
        for way in (there, back):
            could = way.points + way.open
            needed = way.part * way.threshold
            failed |= could < needed
            compatible &= way.points >= needed
            compatible &= 2 * way.part >= way.asked
            # Where nothing takes part, high is 1, and low too if nothing is asked.
            nothing = way.part == 0
            possible = 100 * way.part
            possible += nothing
            could += nothing
            lows.append((way.points + (nothing & (way.asked == 0))) / possible)
            highs.append(could / possible)
        compatible &= ~failed
        yield places, compatible, failed, np.minimum(*lows), np.minimum(*highs)


class _Asking:
    """One organisation as the one who judges."""

    def __init__(self, encoded: Encoded, place: int) -> None:
        rows = encoded.rows
        self._fields = encoded.states.fields
        self._codes = encoded.ledger.codes
        self._tables = tables(
            encoded.states, rows.levels[place], rows.importances[place], rows.required[place]
        )
        self._asked = float(encoded.ledger.asked[place])
        self._threshold = float(encoded.ledger.thresholds[place])
        self._numbers = encoded.states.numbers

    def judge(self, places: slice) -> tuple[_Way, Bools, Bools]:
        """How it judges those at some places; which fail a deal-breaker, which leave one open."""
        count = places.stop - places.start
        packed = np.zeros((self._numbers, count), dtype=np.int64)
        looked_up = np.empty(count, dtype=np.int64)
        for codes, table in zip(self._codes, self._tables, strict=True):
            for number in range(self._numbers):
                np.take(table[number], codes[places], out=looked_up, mode="clip")
                packed[number] += looked_up
        points, still_open, part, waiting, failed = (field.of(packed) for field in self._fields)
        return (
            _Way(
                points.astype(np.float64),
                (still_open * 100).astype(np.float64),
                part.astype(np.float64),
                self._asked,
                self._threshold,
            ),
            failed != 0,
            waiting != 0,
        )


class _Judged:
    """One organisation as the one whom all others judge."""

    def __init__(self, encoded: Encoded, place: int) -> None:
        frame: Frame = encoded.frame
        self._ledger: Ledger = encoded.ledger
        levels = encoded.rows.levels[place]
        similar = np.flatnonzero(frame.is_similarity)
        is_known, is_similar = levels >= 0, frame.is_similarity
        credits = frame.credits[frame.starts + np.maximum(levels, 0)]
        self._credits = np.where(is_known & ~is_similar, credits, 0).astype(np.float32)
        self._is_open = (levels == UNKNOWN).astype(np.float32)
        self._is_part = (levels != NOT_APPLICABLE).astype(np.float32)
        # A deal-breaker on a standard criterion that is not known fails nobody.
        most = np.iinfo(np.int16).max
        self._limits = np.where(is_known & ~is_similar, credits, most).astype(np.int16)[:, None]
        own = levels[similar]
        starts = np.cumsum(frame.sizes[similar]) - frame.sizes[similar]
        self._alike = (starts + own)[own >= 0]
        self._known_similar = np.flatnonzero(own >= 0)
        self._compared = similar[own >= 0]
        self._own = own[own >= 0][:, None]
        waits = (levels == UNKNOWN) | ((levels == NOT_APPLICABLE) & ~frame.na_meets)
        self._waits = np.flatnonzero(waits)

    def be_judged(self, places: slice) -> tuple[_Way, Bools, Bools]:
        """How those at some places judge it; whose deal-breaker it fails, whose it leaves open."""
        ledger = self._ledger
        weights = ledger.weights[:, places]
        points = self._credits @ weights
        still_open = self._is_open @ weights
        part = self._is_part @ weights
        for row in self._alike:
            points += ledger.likeness[row, places]
        for row in self._known_similar:
            still_open += ledger.blind[row, places]
        failed = np.bitwise_or.reduce(ledger.demands[:, places] > self._limits, axis=0)
        if len(self._compared):
            demands = ledger.demands[self._compared, places]
            failed |= np.bitwise_or.reduce((demands >= 0) & (demands != self._own), axis=0)
        waiting = np.bitwise_or.reduce(ledger.breaks[self._waits, places], axis=0)
        waiting |= np.bitwise_or.reduce(ledger.blind_breaks[self._known_similar, places], axis=0)
        return (
            _Way(
                points.astype(np.float64),
                still_open.astype(np.float64) * 100,
                part.astype(np.float64),
                ledger.asked[places].astype(np.float64),
                ledger.thresholds[places].astype(np.float64),
            ),
            failed,
            waiting,
        )
