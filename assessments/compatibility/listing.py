"""One organisation against all others: its match list, and how everybody stands to it.

Fast enough to be computed for each page that shows it. The sums come from look-ups (how it judges
the others) and from matrix-vector products (how the others judge it), see `ledger`; they are the
same whole numbers as in `pairs`, so verdicts and scores are the same, bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Encoded
from assessments.compatibility.frame import NOT_APPLICABLE, UNKNOWN, Bools, Floats
from assessments.compatibility.ledger import NO_DEMAND, Sums
from assessments.compatibility.ordering import Doubles, Wholes, best_first, standing
from assessments.compatibility.pairs import COMPATIBLE, NOT_YET_KNOWN
from assessments.compatibility.tables import tables
from assessments.compatibility.weighing import Weighing

AT_A_TIME = 32768
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
    line = _Line(encoded, place)
    for places in _pieces(count):
        line.judge(places)
        everybody = np.arange(places.stop - places.start)
        seen.low[places], seen.high[places] = line.exactly(everybody)
        verdicts = seen.verdicts[places]
        verdicts[:] = NOT_YET_KNOWN
        verdicts -= line.compatible[0].view(np.int8)
        verdicts += line.refused[0].view(np.int8)
    return seen


def match_list(
    encoded: Encoded, place: int, longest: int | None = None, *, ranks: Wholes | None = None
) -> MatchList:
    """The match list of the organisation at a place; `longest` cuts it, the counts are of all.

    `ranks` (N,) whole numbers that rise with the slugs, where places do not: they break ties.
    """
    count = len(encoded)
    line = _Line(encoded, place)
    best = _Best(count if longest is None else longest)
    compatible = refused = 0
    for places in _pieces(count):
        left_out = None
        if places.start <= place < places.stop:
            # Nobody is in a list of its own, nor counted.
            left_out = (np.arange(places.start, places.stop) == place)[None]
        line.judge(places, left_out)
        compatible += int(np.count_nonzero(line.compatible))
        refused += int(np.count_nonzero(line.refused))
        best.bring(line, places.start)
    others, unknown, low, high = best.found()
    rank = others if ranks is None else np.asarray(ranks, dtype=np.int64)[others]
    entries = np.arange(len(others))
    (order,) = best_first(standing(unknown, low)[None], entries[None], high, rank)
    order = order[:longest]
    return MatchList(
        others[order],
        np.where(unknown[order], np.int8(NOT_YET_KNOWN), np.int8(COMPATIBLE)),
        low[order],
        high[order],
        np.array([compatible, count - 1 - compatible - refused, refused]),
    )


def _pieces(count: int) -> Iterator[slice]:
    for start in range(0, count, AT_A_TIME):
        yield slice(start, min(start + AT_A_TIME, count))


class _Best:
    """All that may be among the best K of one list, while the others come in."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._floor = np.full(1, 0 if longest else np.inf, dtype=np.float32)
        self._parts: list[tuple[NDArray[Any], ...]] = []

    def bring(self, line: _Line, first: int) -> None:
        """Bring those of a line who reach the floor; the first of them is at this place."""
        at = line.at_least(self._floor)
        scores = line.scores.take(at)
        if len(at) > self._longest > 0:
            # Exact scores of the best of them only.
            least = np.partition(scores, len(at) - self._longest)[len(at) - self._longest]
            kept = np.flatnonzero(scores >= least)
            at, scores = at[kept], scores[kept]
        self._parts.append((at + first, scores, ~line.compatible.take(at), *line.exactly(at)))
        if sum(len(part[0]) for part in self._parts) > self._longest:
            self._cut()

    def _cut(self) -> None:
        """Let the K-th best score be the floor, and throw out what is below it."""
        together = [np.concatenate(one) for one in zip(*self._parts, strict=True)]
        scores = together[1]
        if len(scores) > self._longest > 0:
            place = len(scores) - self._longest
            self._floor[0] = np.partition(scores, place)[place]
        kept = np.flatnonzero(scores >= self._floor)
        self._parts = [tuple(one[kept] for one in together)]

    def found(self) -> tuple[NDArray[np.intp], Bools, Doubles, Doubles]:
        """Who is left: at which place, whether "not yet known", low and high."""
        if not self._parts:
            nobody = np.zeros(0)
            return nobody.astype(np.intp), nobody.astype(bool), nobody, nobody
        others, _, unknown, low, high = (
            np.concatenate(one) for one in zip(*self._parts, strict=True)
        )
        return others, unknown, low, high


class _Line(Weighing):
    """One organisation and, one piece after the other, all others."""

    def __init__(self, encoded: Encoded, place: int) -> None:
        super().__init__(1, max(min(AT_A_TIME, len(encoded)), 1))
        self._ledger = encoded.ledger
        self._asking, self._judged = _Asking(encoded, place), _Judged(encoded, place)

    def judge(self, places: slice, left_out: Bools | None = None) -> None:
        """Judge the pairs with those at some places."""
        self.shape_to(1, places.stop - places.start)
        asking, ledger = self._asking, self._ledger
        failed, waiting = asking.judge(places, *(one[0] for one in self.there))
        failed_back, waiting_back = self._judged.be_judged(places, *(one[0] for one in self.back))
        np.logical_or(failed, failed_back, out=self.refused[0])
        waiting |= waiting_back
        np.logical_not(waiting, out=self.compatible[0])
        self.weigh(
            (asking.threshold, ledger.thresholds[places]),
            (asking.half_asked, ledger.half_asked[places]),
            left_out,
        )


class _Asking:
    """One organisation as the one who judges."""

    def __init__(self, encoded: Encoded, place: int) -> None:
        rows, ledger = encoded.rows, encoded.ledger
        self._points, self._open, self._part, self._waiting, self._failed = encoded.states.fields
        self._codes = ledger.codes
        self._tables = tables(
            encoded.states, rows.levels[place], rows.importances[place], rows.required[place]
        )
        self._asks_nothing = bool(ledger.half_asked[place] == 0)
        self.half_asked = ledger.half_asked[place : place + 1]
        self.threshold = ledger.thresholds[place : place + 1]

    def judge(
        self, places: slice, points: Floats, still_open: Floats, part: Floats
    ) -> tuple[Bools, Bools]:
        """Fill in how it judges those at some places.

        Returns who fails a deal-breaker of it, and who leaves one open.
        """
        codes = self._codes[:, places]
        packed = [
            np.add.reduce(np.take(table, codes, mode="clip"), axis=0) for table in self._tables
        ]
        points[:] = self._points.of(packed)
        still_open[:] = self._open.of(packed)
        still_open *= 100
        part[:] = self._part.of(packed)
        if self._asks_nothing:
            points += 100
            part += 1
        return self._failed.any_of(packed), self._waiting.any_of(packed)


class _Judged:
    """One organisation as the one whom all others judge."""

    def __init__(self, encoded: Encoded, place: int) -> None:
        frame, ledger = encoded.frame, encoded.ledger
        self._ledger = ledger
        levels = encoded.rows.levels[place]
        is_known, is_similar = levels >= 0, frame.is_similarity
        credits = frame.credits[frame.starts + np.maximum(levels, 0)]
        # Behind the criteria comes what those ask who ask nothing.
        factors = np.append(np.where(is_known & ~is_similar, credits, 0), 100)
        self._credits: Sums = factors.astype(ledger.weights.dtype)
        self._unknown = np.flatnonzero(levels == UNKNOWN)
        self._inapplicable = np.flatnonzero(levels == NOT_APPLICABLE)
        # A deal-breaker on a standard criterion that is not known fails nobody.
        most = np.iinfo(ledger.demands.dtype).max
        limits = np.where(is_known & ~is_similar, credits, most)
        self._limits: NDArray[Any] = limits.astype(ledger.demands.dtype)[:, None]
        similar = np.flatnonzero(is_similar)
        own = levels[similar]
        starts = np.cumsum(frame.sizes[similar]) - frame.sizes[similar]
        self._alike = (starts + own)[own >= 0]
        self._known_similar = np.flatnonzero(own >= 0)
        self._compared = similar[own >= 0]
        self._own = own[own >= 0].astype(ledger.demands.dtype)[:, None]
        self._waits = np.flatnonzero(
            (levels == UNKNOWN) | ((levels == NOT_APPLICABLE) & ~frame.na_meets)
        )

    def be_judged(
        self, places: slice, points: Floats, still_open: Floats, part: Floats
    ) -> tuple[Bools, Bools]:
        """Fill in how those at some places judge it.

        Returns whose deal-breaker it fails, and whose it leaves open.
        """
        ledger = self._ledger
        weights = ledger.weights[:, places]
        dtype = weights.dtype
        sums = np.einsum("c,cn->n", self._credits, weights)
        sums += np.add.reduce(ledger.likeness[self._alike, places], axis=0, dtype=dtype)
        points[:] = sums
        # Of most organisations most is known, so that few rows have to be gone through.
        np.add.reduce(weights[self._unknown], axis=0, out=sums)
        sums += np.add.reduce(ledger.blind[self._known_similar, places], axis=0, dtype=dtype)
        np.multiply(sums, np.float32(100), out=still_open)
        np.add.reduce(weights[self._inapplicable], axis=0, out=sums)
        np.subtract(ledger.takes_part[places], sums, out=part)
        failed = np.bitwise_or.reduce(ledger.demands[:, places] > self._limits, axis=0)
        demands = ledger.demands[self._compared, places]
        is_other = demands != self._own
        is_other &= demands != NO_DEMAND
        failed |= np.bitwise_or.reduce(is_other, axis=0)
        waiting = np.bitwise_or.reduce(ledger.breaks[self._waits, places], axis=0)
        waiting |= np.bitwise_or.reduce(ledger.blind_breaks[self._known_similar, places], axis=0)
        return failed, waiting
