"""Stored results: finds what is stale, computes it, stores it.

What is stale is a query: a result that was computed as of an earlier revision than the last one of
all sheets. So a lost ring costs a minute, never the truth, and everything here may run twice. A
result of which only a few others changed since is brought up to date by these alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import DatabaseError
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from assessments import catching_up, stored
from assessments.compatibility import all_pairs, listing
from assessments.models import Edition, MatchResult, Recomputation, Revision, Sheet, Trouble
from assessments.progress import Report, in_batches, to_nobody
from assessments.stored import Result
from assessments.world import World, moved_since, read_world

BLOCK = 1_000
"""How many organisations one task gets, computes, and stores, at a time."""
MOST_ALONE = 16
"""Fewer neighbours than this are computed one by one: for a block, all others are laid out."""
MOST_TRIES = 5
MOST_SHOWN = 50
"""So many organisations in trouble are shown to curators at a time."""
QUIET = timedelta(minutes=10)
"""When nobody has looked for what is stale for so long, curators are told."""

logger = logging.getLogger(__name__)


def stale() -> QuerySet[Sheet]:
    """The sheets of organisations whose stored result is missing or not as of now.

    Those that were tried often enough in vain are left out, until their sheet is another one.
    """
    return _not_as_of(Revision.head())


def _not_as_of(revision: int) -> QuerySet[Sheet]:
    """The sheets without a stored result as of a revision, but for those given up."""
    given_up = Q(
        organisation__trouble__tries__gte=MOST_TRIES,
        organisation__trouble__revision=F("revision"),
    )
    is_there = Q(organisation__match_result__as_of__gte=revision)
    return Sheet.objects.exclude(is_there).exclude(given_up)


def stale_blocks() -> Iterator[list[int]]:
    """The organisations of stale results by id, so many at a time as one task gets."""
    ids = list(stale().order_by("organisation").values_list("organisation_id", flat=True))
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


def refresh(organisation_ids: Sequence[int] | None = None, *, report: Report = to_nobody) -> int:
    """Compute and store what is stale, of some organisations or of all; returns how many."""
    MatchResult.objects.filter(organisation__sheet=None).delete()
    edition = Edition.objects.current()
    if edition is None:
        return 0
    wanted = stale()
    if organisation_ids is not None:
        wanted = wanted.filter(organisation__in=organisation_ids)
    ids = list(wanted.order_by("organisation").values_list("organisation_id", flat=True))
    if not ids:
        return 0
    world = read_world(edition)
    if organisation_ids is None and _is_all_anew(world, ids):
        try:
            return _refresh_all(world, report)
        except DatabaseError:
            raise
        except Exception:  # Whatever it is: a block at a time it is found whose it is.
            logger.exception("Not all matches can be computed at once.")
    done = 0
    for batch in in_batches(ids, BLOCK, "matches", report):
        _note_left_out(world, batch)
        done += _bring_up_to_date(world, [pk for pk in batch if pk in world.places])
        _note_progress(world)
    return done


def _is_all_anew(world: World, ids: Sequence[int]) -> bool:
    """Whether all results have to be computed from all sheets, and there are many of them."""
    if len(world) <= BLOCK or set(ids) != world.places.keys():
        return False
    return not any(
        catching_up.is_worth_a_look(world, moved_since(world, as_of))
        for as_of in stored.revisions()
    )


def _refresh_all(world: World, report: Report) -> int:
    """Compute all results at once, each pair for both of its sides, then store them."""

    def in_organisations(done: int, total: int) -> None:
        report("matches", done * len(world) // max(total, 1), len(world))

    found = all_pairs.best_of_all(world.encoded, stored.LONGEST, report=in_organisations)
    computed = list(stored.of_lists(world, 0, found))
    for batch in in_batches(computed, BLOCK, "storing", report):
        stored.write(world.as_of, batch, {})
        _note_progress(world)
    return len(computed)


def _bring_up_to_date(world: World, ids: Sequence[int]) -> int:
    """Compute and store the results of some organisations that are in the world.

    One that cannot be computed is noted, and does not keep the others from it.
    """
    try:
        computed, same = _computed(world, ids)
    except DatabaseError:
        raise
    except Exception as error:  # Whatever it is: the others must not wait for this one.
        if len(ids) == 1:
            logger.exception("The matches of organisation %s cannot be computed.", ids[0])
            _note_trouble(world, {ids[0]: f"{type(error).__name__}: {error}"})
            return 0
        middle = len(ids) // 2
        return sum(_bring_up_to_date(world, half) for half in (ids[:middle], ids[middle:]))
    stored.write(world.as_of, computed, same)
    return len(ids)


def _computed(world: World, ids: Sequence[int]) -> tuple[list[Result], Mapping[int, list[int]]]:
    """The results of some organisations as of the world; and, by the revision that they are stored
    as of, the organisations whose stored results hold as they are.
    """
    made: list[Result] = []
    same: dict[int, list[int]] = {}
    anew = set(ids)
    for as_of in stored.revisions(ids):
        moved = moved_since(world, as_of)
        if not catching_up.is_worth_a_look(world, moved):
            continue
        later = catching_up.Later.of(world, moved, stored.read(ids, as_of))
        made += later.changed
        same[as_of] = later.same
        anew -= {result.organisation_id for result in later.changed}.union(later.same)
    made += fresh(world, sorted(world.places[pk] for pk in anew))
    return made, same


def fresh(world: World, places: Sequence[int]) -> Iterator[Result]:
    """The results of the organisations at some ascending places: neighbours together, others one
    by one.
    """
    gaps = np.flatnonzero(np.diff(places) != 1) + 1
    for run in map(np.ndarray.tolist, np.split(np.array(places, dtype=np.intp), gaps)):
        if len(run) >= MOST_ALONE:
            start = run[0]
            lists = all_pairs.best_lists(world.encoded, start, run[-1] + 1, stored.LONGEST)
            yield from stored.of_lists(world, start, lists)
            continue
        for place in run:
            one = listing.match_list(world.encoded, place, stored.LONGEST)
            records = stored.records(world.ids[one.order], one.verdicts, one.low, one.high)
            yield Result(int(world.ids[place]), one.counts, records)


# Telling how it goes


def _note_trouble(world: World, errors: Mapping[int, str]) -> None:
    """Note that some organisations could not be computed once more; curators see why."""
    revisions = dict(
        Sheet.objects.filter(organisation__in=errors).values_list("organisation_id", "revision")
    )
    known = Trouble.objects.in_bulk(list(errors))
    for pk, revision in revisions.items():
        earlier = known.get(pk)
        again = earlier is not None and earlier.revision == revision
        Trouble.objects.update_or_create(
            organisation_id=pk,
            defaults={
                "revision": revision,
                "tries": earlier.tries + 1 if earlier is not None and again else 1,
                "error": errors[pk],
                "last_tried_at": timezone.now(),
            },
        )


def _note_left_out(world: World, ids: Sequence[int]) -> None:
    """Note those whose sheets do not fit the edition, so that nothing is computed from them."""
    if left_out := {pk: world.left_out[pk] for pk in ids if pk in world.left_out}:
        _note_trouble(world, left_out)


def look(*, at: datetime) -> list[list[int]]:
    """Look for what is stale: the organisations, so many at a time as one task gets.

    Says in the database that somebody looked, and, when it is more than one task's worth, begins
    to count how far the recomputation is.
    """
    blocks = list(stale_blocks())
    Recomputation.objects.get_or_create(pk=1)
    Recomputation.objects.filter(pk=1).update(looked_at=at)
    if len(blocks) > 1:
        head, total = Revision.head(), sum(map(len, blocks))
        Recomputation.objects.filter(pk=1, as_of__lt=head).update(
            as_of=head, total=total, done=0, began_at=at, ended_at=None
        )
    return blocks


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the stored results are: `done` of `total` are as of now, `stale` are not yet.

    `counted`: how far the last large recomputation is, while it runs. `is_watched`: whether
    somebody has looked for what is stale in the last minutes.
    """

    total: int
    stale: int
    counted: Recomputation | None
    is_watched: bool

    @property
    def done(self) -> int:
        """How many are as of now."""
        return max(self.total - self.stale, 0)


def progress(*, at: datetime) -> Progress:
    """How far the stored results are at a moment: three queries."""
    row = Recomputation.objects.filter(pk=1).first()
    is_running = row is not None and row.began_at is not None and row.ended_at is None
    looked_at = row.looked_at if row is not None else None
    return Progress(
        total=Sheet.objects.count(),
        stale=stale().count(),
        counted=row if is_running else None,
        is_watched=looked_at is not None and at - looked_at < QUIET,
    )


def troubles() -> list[Trouble]:
    """The organisations whose results could not be computed, the latest first."""
    found = Trouble.objects.select_related("organisation").order_by("-last_tried_at", "pk")
    return list(found[:MOST_SHOWN])


def _note_progress(world: World) -> None:
    """Count how far the recomputation is; counted anew each time, so that retries do no harm."""
    running = Recomputation.objects.filter(pk=1, ended_at=None).exclude(began_at=None).first()
    if running is None:
        return
    left = _not_as_of(running.as_of).count()
    done = max(running.total - left, 0)
    Recomputation.objects.filter(pk=1, as_of=running.as_of).update(
        done=done, ended_at=None if left else timezone.now()
    )
