"""Verdicts and scores of a pair or a block of pairs, with every sum: for reasons and for exports.

Everything is a whole number until the last step, one IEEE division; so the result does not depend
on how many organisations are judged at a time. `listing` and `best` give the same verdicts and
scores, faster, and of the others only what a list needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import Encoded
from assessments.compatibility.frame import Bools
from assessments.compatibility.matrices import Matrices

Wholes: TypeAlias = NDArray[np.int64]
Doubles: TypeAlias = NDArray[np.float64]


class Verdict(StrEnum):
    """What holds for an unordered pair."""

    COMPATIBLE = "compatible"
    UNKNOWN = "unknown"
    NOT_COMPATIBLE = "not-compatible"


VERDICTS = (Verdict.COMPATIBLE, Verdict.UNKNOWN, Verdict.NOT_COMPATIBLE)
"""The verdicts in the order of a match list; matrices hold the position in it."""
COMPATIBLE, NOT_YET_KNOWN, NOT_COMPATIBLE = range(3)


@dataclass(frozen=True)
class Judgement:
    """How M organisations judge N others; all (M, N).

    `points` = Σ importance · acceptance over what is judged; `judged` and `part` = Σ importance
    over what is judged, over what takes part; `failed` and `open` = numbers of deal-breakers.
    `asked` and `thresholds` (M, 1) are the judging side's.
    """

    points: Wholes
    judged: Wholes
    part: Wholes
    failed: Wholes
    open: Wholes
    asked: Wholes
    thresholds: Wholes

    @property
    def could_have(self) -> Wholes:
        """(M, N) the points if everything open turned out as asked."""
        return self.points + 100 * (self.part - self.judged)

    @property
    def evaded(self) -> Bools:
        """(M, N) whether less than half of what is asked takes part."""
        return 2 * self.part < self.asked

    @property
    def reaches(self) -> Bools:
        """(M, N) whether low is at least the threshold."""
        return np.where(
            self.part > 0,
            self.points >= self.thresholds * self.part,
            (self.asked == 0) | (self.thresholds == 0),
        )

    @property
    def falls_short(self) -> Bools:
        """(M, N) whether high is less than the threshold."""
        return (self.part > 0) & (self.could_have < self.thresholds * self.part)

    @cached_property
    def low(self) -> Doubles:
        """(M, N) satisfaction for sure, 0–1: the double nearest to the exact quotient."""
        none = np.broadcast_to(self.asked == 0, self.part.shape).astype(np.float64)
        return np.divide(self.points, 100 * self.part, out=none, where=self.part > 0)

    @cached_property
    def high(self) -> Doubles:
        """(M, N) satisfaction at best, 0–1: the double nearest to the exact quotient."""
        ones = np.ones(self.part.shape)
        return np.divide(self.could_have, 100 * self.part, out=ones, where=self.part > 0)


def judge(asking: Encoded | Matrices, answering: Encoded | Matrices) -> Judgement:
    """How each of M organisations judges each of N others."""
    asking, answering = _wide(asking), _wide(answering)
    return Judgement(
        points=_product(asking.points, answering.chosen),
        judged=_product(asking.judges, answering.known),
        part=_product(asking.asks, 1 - answering.inapplicable),
        failed=_product(asking.refused, answering.chosen),
        open=_product(asking.open_known, answering.known)
        + _product(asking.open_unknown, answering.unknown)
        + _product(asking.open_inapplicable, answering.inapplicable),
        asked=asking.asked[:, None],
        thresholds=asking.thresholds[:, None],
    )


def _product(left: NDArray[np.float32], right: NDArray[np.float32]) -> Wholes:
    return (left @ right.T).astype(np.int64)


def _turned(judgement: Judgement) -> Judgement:
    return Judgement(*(getattr(judgement, name).T for name in Judgement.__annotations__))


@dataclass(frozen=True)
class Compatibility:
    """Both directions of M × N pairs.

    `forward` is how the rows judge the columns, `backward` how the columns judge the rows; both
    (M, N).
    """

    forward: Judgement
    backward: Judgement

    @cached_property
    def verdicts(self) -> NDArray[np.int8]:
        """(M, N) the position of each pair's verdict in `VERDICTS`."""
        there, back = self.forward, self.backward
        is_not = (there.failed + back.failed > 0) | there.falls_short | back.falls_short
        is_compatible = (
            (there.open + back.open == 0)
            & ~there.evaded
            & ~back.evaded
            & there.reaches
            & back.reaches
        )
        settled = np.where(is_compatible, COMPATIBLE, NOT_YET_KNOWN)
        return np.where(is_not, NOT_COMPATIBLE, settled).astype(np.int8)

    @cached_property
    def low(self) -> Doubles:
        """(M, N) the less satisfied side's low."""
        return np.minimum(self.forward.low, self.backward.low)

    @cached_property
    def high(self) -> Doubles:
        """(M, N) the less satisfied side's high."""
        return np.minimum(self.forward.high, self.backward.high)


def _wide(organisations: Encoded | Matrices) -> Matrices:
    return organisations if isinstance(organisations, Matrices) else organisations.matrices


def compare(rows: Encoded | Matrices, columns: Encoded | Matrices) -> Compatibility:
    """Both directions of every pair of a row and a column."""
    rows, columns = _wide(rows), _wide(columns)
    return Compatibility(judge(rows, columns), _turned(judge(columns, rows)))
