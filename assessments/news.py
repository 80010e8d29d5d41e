"""Who became compatible with an organisation since a revision, and who no longer is.

Two states of all sheets are compared, as of a revision and as of now; `tracing` tells of some of
the pairs that turned when and why. Only what was and is published is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Min, Q
from numpy.typing import NDArray

from assessments.compatibility import listing, pairs
from assessments.compatibility.encoding import Frame, Rows, encode
from assessments.compatibility.pairs import COMPATIBLE, VERDICTS, Verdict
from assessments.models import Edition, MatchResult, PastSheet, SheetChange
from assessments.scoring import terms
from assessments.world import World, read_world
from orgs.models import Organisation

KEPT = timedelta(days=400)
"""What sheets were is kept for so long; who has read nothing for longer is told this much."""
BLOCK = 2_000
"""So many others are compared at a time."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One other organisation that turned: both verdicts, None where one was not published."""

    organisation_id: int
    then: Verdict | None
    now: Verdict | None

    @property
    def is_gained(self) -> bool:
        """Whether it became compatible; else it no longer is."""
        return self.now is Verdict.COMPATIBLE


@dataclass(frozen=True)
class News:
    """What is new for one organisation between a revision and a world.

    `gained` became compatible, `lost` no longer are; those whose sheets changed last come first.
    """

    own_id: int
    revision: int
    frames: Frames
    gained: tuple[Turned, ...] = ()
    lost: tuple[Turned, ...] = ()

    @property
    def world(self) -> World:
        """All sheets as they are now."""
        return self.frames.world

    def __len__(self) -> int:
        return len(self.gained) + len(self.lost)


@dataclass
class Frames:
    """The editions that are in play, each with its frame; the current one is the world's."""

    world: World
    _known: dict[int, tuple[terms.Edition, Frame]] = field(default_factory=dict)

    def of(self, edition_id: int) -> tuple[terms.Edition, Frame]:
        """An edition and its frame: one query for each that is not the current one."""
        if edition_id == self.world.edition_id:
            return self.world.edition, self.world.frame
        if edition_id not in self._known:
            edition = Edition.objects.get(pk=edition_id).as_terms()
            self._known[edition_id] = edition, Frame.of(edition)
        return self._known[edition_id]


def since(organisation: Organisation, edition: Edition, revision: int) -> News:
    """What is new for an organisation since a revision."""
    (found,) = since_each({organisation.pk: revision}, edition)
    return found


def since_each(
    revisions: Mapping[int, int], edition: Edition, *, world: World | None = None
) -> list[News]:
    """What is new for some organisations, for each since a revision of its own: two queries.

    A revision that is not there yet, as after a backup was put back, counts as now. `world` is what
    was read of it for the same page, if it was.
    """
    world = read_world(edition) if world is None else world
    clamped = {pk: min(revision, world.as_of) for pk, revision in revisions.items()}
    before = _sheets_before(world, set(clamped.values()))
    frames = Frames(world)
    return [_news(frames, pk, revision, before[revision]) for pk, revision in clamped.items()]


@dataclass(frozen=True, slots=True)
class _Past:
    """Sheets that are not so any more: the organisations, and their packed rows."""

    ids: NDArray[np.int64]
    packed: Sequence[bytes]
    edition_id: int


def _sheets_before(world: World, revisions: Collection[int]) -> dict[int, _Past]:
    """As of each of some revisions, the sheets that have changed since: one query."""
    wanted = Q()
    for revision in revisions:
        wanted |= Q(since__lte=revision, until__gt=revision)
    found = PastSheet.objects.filter(wanted, until__lte=world.as_of).order_by("organisation_id")
    rows = [
        (since, until, of, pk, bytes(row))
        for since, until, of, pk, row in found.values_list(
            "since", "until", "edition_id", "organisation_id", "row"
        )
    ]
    return {
        revision: _past(
            world,
            revision,
            [(of, pk, row) for start, until, of, pk, row in rows if start <= revision < until],
        )
        for revision in revisions
    }


def _past(world: World, revision: int, sheets: Sequence[tuple[int, int, bytes]]) -> _Past:
    """Only those of the edition of that time: others did not fit it, so that nobody saw them."""
    is_current = bool((world.revisions <= revision).any()) or not sheets
    edition_id = (
        world.edition_id if is_current else Counter(of for of, *_ in sheets).most_common(1)[0][0]
    )
    kept = [(pk, row) for of, pk, row in sheets if of == edition_id]
    return _Past(
        np.array([pk for pk, _ in kept], dtype=np.int64), [row for _, row in kept], edition_id
    )


def _fitting(frame: Frame, past: _Past) -> tuple[NDArray[np.int64], Rows]:
    """The organisations and rows that fit the edition; of the others nobody saw anything."""
    wrong = set(frame.misfits(past.packed))
    places = [place for place in range(len(past.packed)) if place not in wrong]
    return past.ids[places], frame.rows([past.packed[place] for place in places])


def _news(frames: Frames, own_id: int, revision: int, past: _Past) -> News:
    world = frames.world
    _, frame = frames.of(past.edition_id)
    ids, rows = _fitting(frame, past)
    own_now = world.places.get(own_id)
    was_so = np.flatnonzero(world.revisions <= revision)
    (mine,) = np.nonzero(ids == own_id)
    if len(mine):
        own_then: Rows | None = rows.take(mine)
    elif own_now is not None and world.revisions[own_now] <= revision:
        own_then = world.rows.take([own_now])
    else:
        own_then = None
    if own_now is not None and own_then is not None and not len(mine):
        # One's own sheet is as it was: only those that changed can have turned.
        moved = np.flatnonzero(world.revisions > revision)
        then_verdicts = _verdicts(frame, own_then, [(ids, rows)])
        own = world.rows.take([own_now])
        now_verdicts = _verdicts(world.frame, own, [(world.ids[moved], world.rows.take(moved))])
    else:
        everybody = [(ids, rows), *_blocks(world, was_so)] if len(was_so) else [(ids, rows)]
        then_verdicts = _verdicts(frame, own_then, everybody)
        now_verdicts = {} if own_now is None else _verdicts_now(world, own_now)
    for verdicts in (then_verdicts, now_verdicts):
        verdicts.pop(own_id, None)
    turned = sorted(
        (
            Turned(pk, _word(then_verdicts.get(pk)), _word(now_verdicts.get(pk)))
            for pk in then_verdicts.keys() | now_verdicts.keys()
            if (then_verdicts.get(pk) == COMPATIBLE) != (now_verdicts.get(pk) == COMPATIBLE)
            # Of whom nothing can be read at the moment, nothing is said.
            and pk not in world.left_out
        ),
        key=lambda one: _latest_first(world, one.organisation_id),
    )
    return News(
        own_id,
        revision,
        frames,
        gained=tuple(one for one in turned if one.is_gained),
        lost=() if own_id in world.left_out else tuple(one for one in turned if not one.is_gained),
    )


def _verdicts_now(world: World, place: int) -> dict[int, int]:
    """The place in `VERDICTS` of everybody's verdict with the one at a place."""
    verdicts = listing.seen_from(world.encoded, place).verdicts
    return dict(zip(world.ids.tolist(), verdicts.tolist(), strict=True))


def _word(verdict: int | None) -> Verdict | None:
    return None if verdict is None else VERDICTS[verdict]


def _latest_first(world: World, pk: int) -> tuple[int, int]:
    place = world.places.get(pk)
    return (0, pk) if place is None else (-int(world.revisions[place]), place)


def _blocks(world: World, places: NDArray[np.intp]) -> Iterator[tuple[NDArray[np.int64], Rows]]:
    for start in range(0, len(places), BLOCK):
        some = places[start : start + BLOCK]
        yield world.ids[some], world.rows.take(some)


def _verdicts(
    frame: Frame,
    own: Rows | None,
    others: Sequence[tuple[NDArray[np.int64], Rows]] | Iterator[tuple[NDArray[np.int64], Rows]],
) -> dict[int, int]:
    """The place in `VERDICTS` of one's verdict with each of some; nothing without a sheet."""
    found: dict[int, int] = {}
    if own is None:
        return found
    asking = encode(frame, own)
    for ids, rows in others:
        if len(ids):
            verdicts = pairs.compare(asking, encode(frame, rows)).verdicts[0]
            found.update(zip(ids.tolist(), verdicts.tolist(), strict=True))
    return found


# What sheets were, no longer than anybody asks for it


def prune(*, at: datetime) -> int:
    """Forget what sheets were before anything that can still be asked; returns how many.

    That is what is older than KEPT and than every stored result. The numbers go too, so that a
    process which remembers something older reads all anew.
    """
    horizon = number_at(at - KEPT)
    stored = MatchResult.objects.aggregate(first=Min("as_of"))["first"]
    if horizon is None:
        return 0
    if stored is not None:
        horizon = min(horizon, stored)
    gone, _ = PastSheet.objects.filter(until__lte=horizon).delete()
    SheetChange.objects.filter(number__lt=horizon).delete()
    return gone


def number_at(moment: datetime) -> int | None:
    """The last revision that there was at a moment; None if there was none yet."""
    found = SheetChange.objects.filter(made_at__lte=moment).order_by("-number")
    return found.values_list("number", flat=True).first()
