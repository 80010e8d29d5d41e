"""When each of some pairs turned, and what made it turn: step by step through what sheets were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    F,
    OuterRef,
    PositiveBigIntegerField,
    QuerySet,
    Subquery,
    Value,
)

from assessments.compatibility import pairs, recast, turns
from assessments.compatibility.encoding import encode
from assessments.compatibility.pairs import COMPATIBLE
from assessments.compatibility.turns import Change, Turn
from assessments.models import Assessment, PastSheet, Sheet, SheetChange
from assessments.news import Frames, News, Turned
from assessments.scoring import terms
from orgs.models import Organisation


class Cause(StrEnum):
    """What kind of thing made a pair turn."""

    ITEMS = "answers or requirements"
    PUBLISHED = "published for the first time"
    PUBLISHED_AGAIN = "published again"
    WITHDREW = "withdrew"
    GONE = "no longer here"
    CRITERIA = "the criteria changed"


@dataclass(frozen=True, slots=True)
class Traced:
    """One pair that turned, since when, and what made it so.

    `other` is None where the organisation is no longer here. `is_own`: whether it was oneself who
    published or withdrew. `turn` has the items, in the words of `edition`; where the criteria made
    it turn, `earlier` is the edition before. `at` is None where the moment is not known any more.
    """

    turned: Turned
    other: Organisation | None
    at: datetime | None
    cause: Cause
    edition: terms.Edition
    is_own: bool = False
    turn: Turn | None = None
    earlier: terms.Edition | None = None


@dataclass(frozen=True, slots=True)
class _Version:
    """What one sheet was from a revision on (since ≤ revision < until; None: until now)."""

    edition_id: int
    row: bytes
    since: int
    until: int | None
    since_at: datetime | None
    until_at: datetime | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class _State:
    """One pair as it was for a while: both sides are as they were, and so is the verdict."""

    own: _Version
    other: _Version
    is_compatible: bool

    @property
    def start(self) -> int:
        return max(self.own.since, self.other.since)

    @property
    def began_at(self) -> datetime | None:
        last = self.own if self.own.since >= self.other.since else self.other
        return last.since_at

    @property
    def end(self) -> int | None:
        ends = [one.until for one in (self.own, self.other) if one.until is not None]
        return min(ends, default=None)


def trace(news: News, some: Iterable[Turned]) -> list[Traced]:
    """When and why some of the pairs of the news turned, in the order given: two queries.

    The moment is that of the change after which the pair has been, without a break, as it is now.
    A pair that turned several times is told by the last time.
    """
    chosen = list(some)
    ids = [one.organisation_id for one in chosen]
    versions = _versions(news, [news.own_id, *ids])
    others = Organisation.objects.in_bulk(ids)
    own, frames = versions[news.own_id], news.frames
    states = _states(
        frames, own, {one.organisation_id: versions[one.organisation_id] for one in chosen}
    )
    found: list[Traced | _Step] = []
    for one in chosen:
        theirs, other = versions[one.organisation_id], others.get(one.organisation_id)
        if one.is_gained:
            found.append(_gained(frames, one, other, states[one.organisation_id], theirs))
        elif one.now is None:
            found.append(_left(news, one, other, own, theirs))
        else:
            found.append(_lost(one, other, states[one.organisation_id]))
    steps = [one for one in found if isinstance(one, _Step)]
    explained = {id(step): turn for step, turn in _explained(frames, steps)}
    return [
        one.traced(frames, explained[id(one)]) if isinstance(one, _Step) else one for one in found
    ]


@dataclass(frozen=True, slots=True)
class _Step:
    """A pair that turned between two states; its items are still to be found."""

    turned: Turned
    other: Organisation | None
    before: _State
    after: _State

    @property
    def editions(self) -> tuple[int, int]:
        """That of the one state, and that of the other."""
        return self.before.own.edition_id, self.after.own.edition_id

    def traced(self, frames: Frames, turn: Turn | None) -> Traced:
        earlier, later = (frames.of(pk)[0] for pk in self.editions)
        is_other = earlier is not later
        return Traced(
            self.turned,
            self.other,
            self.after.began_at,
            Cause.CRITERIA if is_other else Cause.ITEMS,
            later,
            turn=turn,
            earlier=earlier if is_other else None,
        )


# From what sheets were to the states of a pair


def _versions(news: News, ids: Sequence[int]) -> Mapping[int, list[_Version]]:
    """What the sheets of some organisations were since the news begin, the earliest first."""
    as_of = news.world.as_of
    past = PastSheet.objects.filter(
        organisation__in=ids, until__gt=news.revision, since__lte=as_of
    ).annotate(begins=F("since"), ends=F("until"), ends_at=_made_at("until"))
    present = Sheet.objects.filter(organisation__in=ids, revision__lte=as_of).annotate(
        begins=F("revision"),
        ends=Value(None, output_field=PositiveBigIntegerField()),
        ends_at=Value(None, output_field=DateTimeField()),
    )
    found: dict[int, list[_Version]] = defaultdict(list)
    for pk, edition_id, row, since, until, since_at, until_at, published in _columns(past).union(
        _columns(present), all=True
    ):
        is_past = until is not None and until <= as_of
        found[pk].append(
            _Version(
                edition_id,
                bytes(row),
                since,
                until if is_past else None,
                since_at,
                until_at if is_past else None,
                is_first=(published or 0) <= 1,
            )
        )
    for versions in found.values():
        versions.sort(key=lambda one: one.since)
    return found


def _made_at(column: str) -> Subquery:
    return Subquery(SheetChange.objects.filter(number=OuterRef(column)).values("made_at")[:1])


def _columns(rows: QuerySet[PastSheet] | QuerySet[Sheet]) -> QuerySet[Any, tuple[Any, ...]]:
    """The same columns of both tables; the last is how often it had published by then."""
    published = (
        Assessment.objects.filter(
            organisation=OuterRef("organisation"), published_at__lte=OuterRef("begins_at")
        )
        .order_by()
        .values("organisation")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        rows.order_by()
        .annotate(begins_at=_made_at("begins"))
        .annotate(published=Subquery(published))
        .values_list(
            *("organisation_id", "edition_id", "row", "begins", "ends", "begins_at", "ends_at"),
            "published",
        )
    )


def _states(
    frames: Frames, own: Sequence[_Version], others: Mapping[int, Sequence[_Version]]
) -> Mapping[int, list[_State]]:
    """Each pair's states one after the other, without the times when one was not published."""
    found: dict[int, list[_State]] = defaultdict(list)
    for mine in own:
        _, frame = frames.of(mine.edition_id)
        at_once = [
            (pk, one)
            for pk, versions in others.items()
            for one in versions
            if one.edition_id == mine.edition_id and _overlap(mine, one)
        ]
        wrong = set(frame.misfits([mine.row, *(one.row for _, one in at_once)]))
        fitting = [pair for place, pair in enumerate(at_once, 1) if not wrong & {0, place}]
        if fitting:
            columns = encode(frame, frame.rows([one.row for _, one in fitting]))
            asking = encode(frame, frame.rows([mine.row]))
            verdicts = pairs.compare(asking, columns).verdicts[0].tolist()
            for (pk, one), verdict in zip(fitting, verdicts, strict=True):
                found[pk].append(_State(mine, one, verdict == COMPATIBLE))
    for states in found.values():
        states.sort(key=lambda state: state.start)
    return found


def _overlap(one: _Version, other: _Version) -> bool:
    return (one.until is None or other.since < one.until) and (
        other.until is None or one.since < other.until
    )


# From the states to the step at which the pair turned


def _gained(
    frames: Frames,
    turned: Turned,
    other: Organisation | None,
    states: Sequence[_State],
    theirs: Sequence[_Version],
) -> Traced | _Step:
    """Compatible since the first of its last states that followed on each other without a break."""
    place = len(states) - 1
    while (
        place > 0
        and states[place - 1].is_compatible
        and states[place - 1].end == states[place].start
    ):
        place -= 1
    after = states[place]
    if place and not states[place - 1].is_compatible:
        return _Step(turned, other, states[place - 1], after)
    # Who was not there just before; if neither was, it is the other that is news.
    is_own = after.other.since != after.start or any(one.until == after.start for one in theirs)
    published = after.own if is_own else after.other
    cause = Cause.PUBLISHED if published.is_first else Cause.PUBLISHED_AGAIN
    return Traced(turned, other, after.began_at, cause, frames.world.edition, is_own=is_own)


def _lost(turned: Turned, other: Organisation | None, states: Sequence[_State]) -> _Step:
    """Not compatible since the state that came after the last one in which it was."""
    for before, after in reversed(list(pairwise(states))):
        if before.is_compatible and not after.is_compatible:
            return _Step(turned, other, before, after)
    raise LookupError(f"{turned} has never been compatible")


def _left(
    news: News,
    turned: Turned,
    other: Organisation | None,
    own: Sequence[_Version],
    theirs: Sequence[_Version],
) -> Traced:
    """One of the two is not published now: of what it answered meanwhile nothing is told."""
    is_own = turned.organisation_id in news.world.places
    versions = own if is_own else theirs
    cause = Cause.WITHDREW if other is not None else Cause.GONE
    at = versions[-1].until_at if versions else None
    return Traced(turned, other, at, cause, news.world.edition, is_own=is_own)


def _explained(frames: Frames, steps: Sequence[_Step]) -> list[tuple[_Step, Turn | None]]:
    """What made each step turn; those with the same change of one's own are looked at together."""
    groups: dict[tuple[tuple[int, int], Change], list[_Step]] = defaultdict(list)
    for step in steps:
        own = step.before.own.row, step.after.own.row
        groups[step.editions, own].append(step)
    found: list[tuple[_Step, Turn | None]] = []
    for (editions, own), group in groups.items():
        earlier, later = (frames.of(pk)[1] for pk in editions)
        others = [(step.before.other.row, step.after.other.row) for step in group]
        if editions[0] == editions[1]:
            found += zip(group, turns.turns(later, own, others), strict=True)
        else:
            found += zip(group, recast.turns_between(earlier, later, own, others), strict=True)
    return found
