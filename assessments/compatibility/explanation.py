"""The reasons for one pair, criterion by criterion, and what would change the verdict.

The parts are the terms of the same products that `pairs` sums, so they sum to the scores shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assessments.compatibility.encoding import UNKNOWN, Frame, Rows
from assessments.compatibility.matrices import Matrices, lay_out
from assessments.compatibility.pairs import (
    VERDICTS,
    Compatibility,
    Judgement,
    Verdict,
    compare,
)
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Role, Sheet, State


class DealBreaker(StrEnum):
    """How a deal-breaker stands."""

    MET = "met"
    OPEN = "open"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Part:
    """One criterion in one direction.

    `importance` 0–10; `acceptance` 0–100 of the other's level, None where it is not judged;
    `points` of `possible` (importance · 100, 0 where it takes no part); `to_gain`: what the best
    answer of the other would add.
    """

    criterion: str
    importance: int
    acceptance: int | None
    points: int
    possible: int
    is_open: bool
    deal_breaker: DealBreaker | None
    to_gain: int
    can_mend: bool


class Outcome(StrEnum):
    """Whether answers of the other would bring one direction to what is asked."""

    NOTHING_NEEDED = "nothing-needed"
    THESE_ANSWERS = "these-answers"
    NO_ANSWERS = "no-answers"


class Obstacle(StrEnum):
    """Why no answers of the other would do."""

    EVADED = "evaded"
    DEAL_BREAKER = "deal-breaker"
    NOT_ENOUGH = "not-enough"


@dataclass(frozen=True, slots=True)
class Change:
    """What the other would have to answer: the fewest criteria, by slug in the model's order."""

    outcome: Outcome
    criteria: tuple[str, ...] = ()
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    """How far one organisation meets what the other asks, with the reasons.

    `low` and `high` 0–1, `threshold` percent; the parts' points sum to `points`, their possible
    points to `possible`, and points + possible of what is open to `could_have`.
    """

    low: float
    high: float
    threshold: int
    points: int
    could_have: int
    possible: int
    asked: int
    evaded: bool
    reaches: bool
    falls_short: bool
    parts: tuple[Part, ...]
    change: Change

    def breakers(self, state: DealBreaker) -> tuple[Part, ...]:
        """The parts whose deal-breaker stands so."""
        return tuple(part for part in self.parts if part.deal_breaker is state)


@dataclass(frozen=True, slots=True)
class Reasons:
    """The verdict on one pair with its reasons; `forward` is how the second meets the first."""

    verdict: Verdict
    low: float
    high: float
    forward: Direction
    backward: Direction


def explain(frame: Frame, rows: Rows) -> Reasons:
    """The reasons for the pair of exactly two rows: the first asks in `forward`."""
    both = lay_out(frame, rows)
    first, second = both.take(slice(0, 1)), both.take(slice(1, 2))
    pair: Compatibility = compare(first, second)
    return Reasons(
        verdict=VERDICTS[int(pair.verdicts[0, 0])],
        low=float(pair.low[0, 0]),
        high=float(pair.high[0, 0]),
        forward=_direction(frame, rows, both, 0, pair.forward),
        backward=_direction(frame, rows, both, 1, pair.backward),
    )


def _direction(
    frame: Frame, rows: Rows, both: Matrices, asking: int, judgement: Judgement
) -> Direction:
    parts = _parts(frame, rows, both, asking)
    evaded = bool(judgement.evaded[0, 0])
    part = int(judgement.part[0, 0])
    points = int(judgement.points[0, 0])
    threshold = int(both.thresholds[asking])
    return Direction(
        low=float(judgement.low[0, 0]),
        high=float(judgement.high[0, 0]),
        threshold=threshold,
        points=points,
        could_have=int(judgement.could_have[0, 0]),
        possible=100 * part,
        asked=100 * int(both.asked[asking]),
        evaded=evaded,
        reaches=bool(judgement.reaches[0, 0]),
        falls_short=bool(judgement.falls_short[0, 0]),
        parts=parts,
        change=fewest(parts, evaded=evaded, points=points, needed=threshold * part),
    )


def _parts(frame: Frame, rows: Rows, both: Matrices, asking: int) -> tuple[Part, ...]:
    """Each criterion's terms of the products of `pairs.judge`, by criterion."""
    other = 1 - asking
    points = np.add.reduceat(both.points[asking] * both.chosen[other], frame.starts)
    failed = np.add.reduceat(both.refused[asking] * both.chosen[other], frame.starts)
    best = np.maximum.reduceat(both.points[asking], frame.starts)
    applies = 1 - both.inapplicable[other]
    possible = 100 * both.asks[asking] * applies
    judged = both.judges[asking] * both.known[other]
    stays_open = (
        both.open_known[asking] * both.known[other]
        + both.open_unknown[asking] * both.unknown[other]
        + both.open_inapplicable[asking] * both.inapplicable[other]
    )
    cannot_judge = frame.is_similarity & (rows.levels[asking] == UNKNOWN)
    found = []
    for place, criterion in enumerate(frame.criteria):
        deal_breaker = None
        if both.breaks[asking, place]:
            deal_breaker = DealBreaker.MET
            if failed[place]:
                deal_breaker = DealBreaker.FAILED
            elif stays_open[place]:
                deal_breaker = DealBreaker.OPEN
        importance = int(rows.importances[asking, place])
        is_judged = judged[place] > 0
        found.append(
            Part(
                criterion=criterion.slug,
                importance=importance,
                acceptance=int(points[place]) // importance if is_judged else None,
                points=int(points[place]),
                possible=int(possible[place]),
                is_open=bool(possible[place] > 0 and not is_judged),
                deal_breaker=deal_breaker,
                to_gain=int((best[place] - points[place]) * applies[place]),
                can_mend=bool(applies[place] and not cannot_judge[place]),
            )
        )
    return tuple(found)


def fewest(parts: Sequence[Part], *, evaded: bool, points: int, needed: int) -> Change:
    """The fewest criteria that bring one direction to its threshold, every deal-breaker met.

    `points` and `needed` are sums of importance · acceptance; nothing that is not applicable
    changes, so what takes part, and with it what is needed, stays.
    """
    if evaded:
        return Change(Outcome.NO_ANSWERS, obstacle=Obstacle.EVADED)
    unmet = [part for part in parts if part.deal_breaker in (DealBreaker.FAILED, DealBreaker.OPEN)]
    if not all(part.can_mend for part in unmet):
        return Change(Outcome.NO_ANSWERS, obstacle=Obstacle.DEAL_BREAKER)

    def order(part: Part) -> tuple[int, str]:
        return (-part.to_gain, part.criterion)

    first = sorted(unmet, key=order)
    others = sorted((part for part in parts if part not in first and part.to_gain > 0), key=order)
    chosen = list(first)
    reached = points + sum(part.to_gain for part in first)
    for part in others:
        if reached >= needed:
            break
        chosen.append(part)
        reached += part.to_gain
    if reached < needed:
        return Change(Outcome.NO_ANSWERS, obstacle=Obstacle.NOT_ENOUGH)
    if not chosen:
        return Change(Outcome.NOTHING_NEEDED)
    return Change(Outcome.THESE_ANSWERS, tuple(part.criterion for part in chosen))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a pair is not compatible, in one reason: the first that a member should read.

    `by_first`: it is the first of the pair that asks. `criterion` is that of a deal-breaker that is
    not met, and empty where the bar is out of reach; `others` counts the reasons beside it.
    """

    by_first: bool
    criterion: str
    others: int


def refusal(reasons: Reasons) -> Refusal | None:
    """The first reason of a pair that is not compatible; None for any other.

    What the first asks comes before what is asked of it, a deal-breaker before the bar, and of
    deal-breakers the more important, then the earlier of the edition.
    """
    found: list[tuple[bool, str]] = []
    for by_first, direction in ((True, reasons.forward), (False, reasons.backward)):
        failed = direction.breakers(DealBreaker.FAILED)
        for part in sorted(failed, key=lambda part: -part.importance):
            found.append((by_first, part.criterion))
    for by_first, direction in ((True, reasons.forward), (False, reasons.backward)):
        if direction.falls_short:
            found.append((by_first, ""))
    if not found:
        return None
    return Refusal(*found[0], others=len(found) - 1)


@dataclass(frozen=True, slots=True)
class Overreach:
    """A deal-breaker of an organisation that it does not itself meet, or not yet for all to see."""

    criterion: str
    required: str
    is_known: bool


def asks_more_than_it_gives(frame: Frame, sheet: Sheet, policy: Policy) -> tuple[Overreach, ...]:
    """The standard criteria on which one's deal-breaker is a level that one does not reach."""
    found = []
    for criterion in frame.criteria:
        required = policy.must_reach.get(criterion.slug)
        if required is None or criterion.role is not Role.STANDARD:
            continue
        own = sheet[criterion.slug]
        if own.state is State.UNKNOWN:
            found.append(Overreach(criterion.slug, required, is_known=False))
        elif own.position is not None:
            needed = criterion.credit(criterion.positions[required])
            if criterion.credit(own.position) < needed:
                found.append(Overreach(criterion.slug, required, is_known=True))
    return tuple(found)
