"""What of one's own would open doors: for each answer and each requirement, to how many others.

Every sum of `pairs.Judgement` is a sum over criteria. So the sums of the whole row are taken once,
then for each criterion its terms alone, in all variants of one's own row at a time, and only their
difference moves the sums. The rules stay in one place, and nothing is computed whole again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.bars import Bar, Bars
from assessments.compatibility.encoding import (
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    UNKNOWN,
    Bools,
    Encoded,
    Frame,
    Rows,
    encode,
)
from assessments.compatibility.pairs import COMPATIBLE, Compatibility, Judgement, compare, judge
from assessments.scoring.terms import Criterion, Role

BLOCK = 4_096
"""With how many others an organisation is compared at a time, so that memory stays small."""
FEW = 3
"""To so many a change says to whom it opens a door; of more only how many they are."""


@dataclass(frozen=True, slots=True)
class Door:
    """One answer of one's own that would be another: the slug of its `level`.

    `opens`: how many others would become compatible that are not now; `closes`: how many that are
    compatible now would no longer be. `few`: the places of the first, in order, if they are few.
    """

    criterion: str
    level: str
    opens: int
    closes: int
    few: tuple[int, ...] = ()

    @property
    def net(self) -> int:
        """How many more would be compatible in all."""
        return self.opens - self.closes


@dataclass(frozen=True, slots=True)
class KeptShut:
    """One deal-breaker of one's own, and who would become compatible without it.

    `opens`: how many; `few`: their places, in order, if they are few.
    """

    criterion: str
    opens: int
    few: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Barrier:
    """One criterion that is in the way, by itself or with others.

    `others`: how many have a deal-breaker there that one's answer does not meet and another would.
    """

    criterion: str
    others: int


@dataclass(frozen=True, slots=True)
class Doors:
    """What would open doors to one organisation, which is `compatible` with so many of `others`.

    `answers` and `deal_breakers` are those that open any, the most first; `bars`: every threshold
    at which more become compatible than with a higher one, the highest first; `barriers`: what is
    in the way of most.
    """

    others: int
    compatible: int
    answers: tuple[Door, ...]
    deal_breakers: tuple[KeptShut, ...]
    bars: tuple[Bar, ...]
    barriers: tuple[Barrier, ...]


def doors(frame: Frame, rows: Rows, place: int, *, block: int = BLOCK) -> Doors:
    """What one change at the organisation at a place would open, all else staying as it is.

    An answer is taken as shown with evidence and without a but; what is unknown may become known,
    what is "not applicable" stays. For likeness, each other level is a door of its own. On a
    standard criterion more credit never closes a door; so there is one for it, the level of least
    credit (of equals the first) that opens as many as the level of greatest credit. Listed is what
    opens more than it closes: by how many more, then by slug, then in the order of the levels.
    """
    own = rows.take(slice(place, place + 1))
    mine = encode(frame, own)
    changes = [_Changes.of(criterion, own, at) for at, criterion in enumerate(frame.criteria)]
    compatible, bars = 0, Bars(FEW)
    unmet = [0] * len(changes)
    for start in range(0, len(rows), block):
        some = rows.take(slice(start, start + block))
        whole = compare(mine, encode(frame, some))
        is_other = np.arange(start, start + len(some)) != place
        for at, change in enumerate(changes):
            unmet[at] += int(change.could_be_met(some)[is_other].sum())
        near = np.flatnonzero(_is_near(whole) & is_other)
        some, whole, places = some.take(near), _taken(whole, near), near + start
        now = _compatible(whole.forward, whole.backward)
        compatible += int(now.sum())
        lenient = replace(whole.forward, thresholds=np.zeros_like(whole.forward.thresholds))
        bars.add(_compatible(lenient, whole.backward)[0] & ~now[0], whole.forward, places)
        for change in changes:
            then = change.compatible(whole, some)
            change.opened.add(then & ~now, places)
            change.closes[:] += (now & ~then).sum(axis=1)
    answers = (door for change in changes for door in change.doors() if door.net > 0)
    shut = (kept for change in changes for kept in change.kept_shut() if kept.opens > 0)
    both = zip(frame.criteria, unmet, strict=True)
    barriers = (Barrier(criterion.slug, count) for criterion, count in both if count > 0)
    return Doors(
        others=len(rows) - 1,
        compatible=compatible,
        # What is sorted alike keeps the order of the levels.
        answers=tuple(sorted(answers, key=lambda door: (-door.net, door.criterion))),
        deal_breakers=tuple(sorted(shut, key=lambda kept: (-kept.opens, kept.criterion))),
        bars=tuple(bars.steps()),
        barriers=tuple(sorted(barriers, key=lambda one: (-one.others, one.criterion))),
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """To whom each of some changes opens a door: how many (V,), and the places of the first."""

    counts: NDArray[np.int64]
    first: tuple[list[int], ...]

    @classmethod
    def nothing(cls, count: int) -> _Opened:
        """For so many changes, before anybody is counted."""
        return cls(np.zeros(count, dtype=np.int64), tuple([] for _ in range(count)))

    def add(self, opened: Bools, places: NDArray[np.intp]) -> None:
        """Count (V, N) whether each change opens a door to those at N places."""
        self.counts[:] += opened.sum(axis=1)
        for first, row in zip(self.first, opened, strict=True):
            if len(first) <= FEW:
                first += places[np.flatnonzero(row)[: FEW + 1]].tolist()

    def few(self, variant: int) -> tuple[int, ...]:
        """The places of all to whom a change opens a door, if they are few; else none."""
        return tuple(self.first[variant]) if self.counts[variant] <= FEW else ()


@dataclass(frozen=True, slots=True)
class _Changes:
    """What one's own row might be in one criterion, and what each would open and close.

    The V variants of it: as it is now, then each of `levels`, then without its deal-breaker where
    `breaks`. `opened` and `closes` (V,) are counted up.
    """

    criterion: Criterion
    place: int
    alone: Frame
    variants: Encoded
    levels: tuple[int, ...]
    breaks: bool
    opened: _Opened
    closes: NDArray[np.int64]

    @classmethod
    def of(cls, criterion: Criterion, own: Rows, place: int) -> _Changes:
        """The changes of one's own row in the criterion at a place."""
        now, required = int(own.levels[0, place]), int(own.required[0, place])
        levels, breaks = _other_levels(criterion, now), required != NO_DEAL_BREAKER
        count = 1 + len(levels) + breaks
        alone = _alone(own.take([0] * count), place)
        of_level, of_required = np.array(alone.levels), np.array(alone.required)
        of_level[1 : 1 + len(levels), 0] = levels
        if breaks:
            of_required[-1, 0] = NO_DEAL_BREAKER
        frame = Frame((criterion,))
        return cls(
            criterion=criterion,
            place=place,
            alone=frame,
            variants=encode(frame, replace(alone, levels=of_level, required=of_required)),
            levels=levels,
            breaks=breaks,
            opened=_Opened.nothing(count),
            closes=np.zeros(count, dtype=np.int64),
        )

    def compatible(self, whole: Compatibility, others: Rows) -> Bools:
        """(V, N) whether each variant is compatible with each of N others."""
        terms = compare(self.variants, encode(self.alone, _alone(others, self.place)))
        return _compatible(
            _moved(whole.forward, terms.forward), _moved(whole.backward, terms.backward)
        )

    def could_be_met(self, others: Rows) -> Bools:
        """(N,) whether another answer would meet a deal-breaker of each that is not met now."""
        if not self.levels:
            return np.zeros(len(others), dtype=bool)
        theirs = judge(encode(self.alone, _alone(others, self.place)), self.variants)
        unmet = theirs.failed + theirs.open
        return np.asarray(unmet[:, 0] > unmet[:, 1 : 1 + len(self.levels)].min(axis=1))

    def doors(self) -> Iterator[Door]:
        """The answers to look at: each where partners should be alike, else at most one."""
        opens, closes = self.opened.counts.tolist(), self.closes.tolist()
        found = [
            Door(
                criterion=self.criterion.slug,
                level=self.criterion.levels[level].slug,
                opens=opens[variant],
                closes=closes[variant],
                few=self.opened.few(variant),
            )
            for variant, level in enumerate(self.levels, start=1)
        ]
        if self.criterion.role is Role.SIMILARITY:
            yield from found
        elif found:
            yield next(door for door in found if door.opens == found[-1].opens)

    def kept_shut(self) -> Iterator[KeptShut]:
        """The deal-breaker, if there is one."""
        if self.breaks:
            last = len(self.opened.first) - 1
            yield KeptShut(
                self.criterion.slug, int(self.opened.counts[last]), self.opened.few(last)
            )


def _other_levels(criterion: Criterion, now: int) -> tuple[int, ...]:
    """The positions of the levels that one's own could be instead; the best last if standard."""
    if now == NOT_APPLICABLE:
        return ()
    every = range(len(criterion.levels))
    if criterion.role is Role.SIMILARITY:
        return tuple(level for level in every if level != now)
    less = -1 if now == UNKNOWN else criterion.credit(now)
    more = (level for level in every if criterion.credit(level) > less)
    return tuple(sorted(more, key=criterion.credit))


def _alone(rows: Rows, place: int) -> Rows:
    """Rows of one criterion only."""
    column = slice(place, place + 1)
    return replace(
        rows,
        levels=rows.levels[:, column],
        importances=rows.importances[:, column],
        required=rows.required[:, column],
    )


def _is_near(whole: Compatibility) -> Bools:
    """(N,) of whom one change may decide.

    A criterion has at most one deal-breaker each way; so whoever is more than two away from having
    all of them met stays shut out, and need not be looked at again.
    """
    there, back = whole.forward, whole.backward
    (unmet,) = there.failed + there.open + back.failed + back.open
    return np.asarray(unmet <= 2)


def _taken(whole: Compatibility, places: NDArray[np.intp]) -> Compatibility:
    """One organisation against those at some places of all it was compared with."""

    def taken(way: Judgement) -> Judgement:
        shape = way.points.shape
        numbers = (getattr(way, name) for name in Judgement.__annotations__)
        return Judgement(*(np.broadcast_to(one, shape)[:, places] for one in numbers))

    return Compatibility(taken(whole.forward), taken(whole.backward))


def _moved(whole: Judgement, terms: Judgement) -> Judgement:
    """The sums of a whole row, for each variant whose terms in one criterion are given.

    The first variant is the row as it is. What is asked stays, since no variant begins or ends to
    be "not applicable".
    """
    return replace(
        whole,
        points=whole.points + (terms.points - terms.points[:1]),
        judged=whole.judged + (terms.judged - terms.judged[:1]),
        part=whole.part + (terms.part - terms.part[:1]),
        failed=whole.failed + (terms.failed - terms.failed[:1]),
        open=whole.open + (terms.open - terms.open[:1]),
    )


def _compatible(forward: Judgement, backward: Judgement) -> Bools:
    """Whether the verdict is that both are compatible."""
    return np.asarray(Compatibility(forward, backward).verdicts == COMPATIBLE)
