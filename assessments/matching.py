"""Who fits whom: finds what is stale, computes, stores; and one organisation's list as of now.

What is stale is a query: a result that was computed as of an earlier revision than the last one of
all sheets. So a lost ring costs a minute, never the truth, and everything here may run twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from threadpoolctl import threadpool_limits

from assessments.compatibility import pairs
from assessments.compatibility.encoding import Encoded, Frame, Rows, encode
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.models import Edition, MatchResult, Revision, Sheet
from assessments.progress import Report, in_batches, to_nobody
from assessments.scoring import terms
from orgs.models import Organisation

BLOCK = 200
"""How many organisations are computed, and stored, at a time; so many one task gets."""
LONGEST = 100
"""How many of its best matches are stored for each organisation."""

RECORD = np.dtype([("organisation", "<i8"), ("verdict", "i1"), ("low", "<f8"), ("high", "<f8")])
"""One stored match: the other's id, the place of the verdict in `VERDICTS`, the pair's score."""

# Two threads for such small products cost more than they bring; workers share a machine anyway.
threadpool_limits(limits=1, user_api="blas")


class NoSheet(LookupError):
    """An organisation has no published assessment, so nothing can be said about it."""


@dataclass(frozen=True)
class World:
    """Every sheet under the current edition, in ascending order of the slugs.

    `as_of`: every change up to this revision is in it.
    """

    edition: terms.Edition
    frame: Frame
    ids: tuple[int, ...]
    slugs: tuple[str, ...]
    rows: Rows
    as_of: int

    @cached_property
    def encoded(self) -> Encoded:
        """All sheets as matrices."""
        return encode(self.frame, self.rows)

    @cached_property
    def places(self) -> dict[int, int]:
        """The place of each organisation by its id."""
        return {pk: place for place, pk in enumerate(self.ids)}

    def place(self, organisation: Organisation) -> int:
        """The place of an organisation; NoSheet if it has none."""
        try:
            return self.places[organisation.pk]
        except KeyError:
            raise NoSheet(organisation.slug) from None


def read_world(edition: Edition) -> World:
    """Read every sheet: two queries, and those of the edition.

    Where another edition has become current since the caller looked, it is read instead: all
    sheets went over to it together.
    """
    as_of = Revision.head()
    found = sorted(
        Sheet.objects.filter(edition=edition).values_list(
            "organisation__slug", "organisation_id", "row"
        )
    )
    if not found and (now := Edition.objects.current()) not in (None, edition):
        return read_world(now)
    current = edition.as_terms()
    frame = Frame.of(current)
    return World(
        edition=current,
        frame=frame,
        ids=tuple(pk for _, pk, _ in found),
        slugs=tuple(slug for slug, _, _ in found),
        rows=frame.rows([bytes(row) for _, _, row in found]),
        as_of=as_of,
    )


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of a match list; `low` and `high` 0–1 are the pair's score."""

    rank: int
    organisation_id: int
    slug: str
    verdict: Verdict
    low: float
    high: float


@dataclass(frozen=True)
class Matches:
    """The whole match list of one organisation, and how many others have each verdict."""

    matches: tuple[Match, ...]
    counts: dict[Verdict, int]


def matches(organisation: Organisation, edition: Edition) -> Matches:
    """The match list of one organisation as of now, computed here and now."""
    world = read_world(edition)
    place = world.place(organisation)
    (found,) = pairs.match_lists(world.encoded, place, place + 1)
    return Matches(
        matches=tuple(
            Match(rank, world.ids[other], world.slugs[other], VERDICTS[verdict], low, high)
            for rank, (other, verdict, low, high) in enumerate(
                zip(
                    found.order.tolist(),
                    found.verdicts.tolist(),
                    found.low.tolist(),
                    found.high.tolist(),
                    strict=True,
                ),
                start=1,
            )
        ),
        counts=dict(zip(VERDICTS, found.counts.tolist(), strict=True)),
    )


def match_lines(found: Matches) -> Iterator[str]:
    """A match list as lines of the interchange format."""
    yield "rank,organisation,verdict,low,high\n"
    for match in found.matches:
        yield f"{match.rank},{match.slug},{match.verdict},{match.low:.6f},{match.high:.6f}\n"


def stale() -> QuerySet[Sheet]:
    """The sheets of organisations whose stored result is missing or not as of now."""
    head = Revision.head()
    return Sheet.objects.exclude(organisation__match_result__as_of__gte=head)


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
    ids = set(wanted.values_list("organisation_id", flat=True))
    if not ids:
        return 0
    world = read_world(edition)
    places = [place for place, pk in enumerate(world.ids) if pk in ids]
    for batch in in_batches(places, BLOCK, "matches", report):
        _store(list(_results(world, batch)))
    return len(places)


def _results(world: World, places: Sequence[int]) -> Iterator[MatchResult]:
    """The results of the organisations at some places, computed in runs of neighbours."""
    ids = np.array(world.ids, dtype=np.int64)
    for start, stop in _runs(places):
        found = pairs.match_lists(world.encoded, start, stop, LONGEST)
        for place, best in zip(range(start, stop), found, strict=True):
            records = np.empty(len(best.order), dtype=RECORD)
            records["organisation"] = ids[best.order]
            records["verdict"] = best.verdicts
            records["low"] = best.low
            records["high"] = best.high
            compatible, unknown, not_compatible = best.counts.tolist()
            yield MatchResult(
                organisation_id=world.ids[place],
                as_of=world.as_of,
                compatible=compatible,
                unknown=unknown,
                not_compatible=not_compatible,
                best=records.tobytes(),
                computed_at=timezone.now(),
            )


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending places as ranges of neighbours: start ≤ place < stop."""
    start = stop = None
    for place in places:
        if place != stop:
            if start is not None and stop is not None:
                yield start, stop
            start = place
        stop = place + 1
    if start is not None and stop is not None:
        yield start, stop


_COLUMNS = [
    "organisation_id",
    "as_of",
    "compatible",
    "unknown",
    "not_compatible",
    "best",
    "computed_at",
]
_UPSERT = (
    f"INSERT INTO assessments_matchresult ({', '.join(_COLUMNS)}) "
    f"SELECT {', '.join(['%s'] * len(_COLUMNS))} "
    "WHERE EXISTS (SELECT 1 FROM assessments_sheet WHERE organisation_id = %s) "
    "ON CONFLICT (organisation_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    + " WHERE assessments_matchresult.as_of <= excluded.as_of"
)


def _store(results: Sequence[MatchResult]) -> None:
    """Store results; one computed as of an earlier revision never replaces a later one."""
    by_column = {field.attname: field for field in MatchResult._meta.concrete_fields}
    fields = [by_column[name] for name in _COLUMNS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            _UPSERT,
            [
                (
                    *(
                        field.get_db_prep_save(getattr(result, name), connection)
                        for name, field in zip(_COLUMNS, fields, strict=True)
                    ),
                    result.organisation_id,
                )
                for result in results
            ],
        )


def best(result: MatchResult) -> list[tuple[int, Verdict, float, float]]:
    """The stored best matches of a result: the other's id, the verdict, low and high."""
    records = np.frombuffer(bytes(result.best), dtype=RECORD)
    return [(pk, VERDICTS[verdict], low, high) for pk, verdict, low, high in records.tolist()]


def pair_lines(
    edition: Edition, organisation: Organisation | None = None, *, report: Report = to_nobody
) -> Iterator[str]:
    """Every unordered pair, or all of one organisation, as lines of the interchange format."""
    world = read_world(edition)
    yield "first,second,verdict,low,high,first_low,first_high,second_low,second_high\n"
    count = len(world.ids)
    only = None if organisation is None else world.place(organisation)
    places = range(count)
    for batch in in_batches(places, BLOCK, "pairs", report):
        rows = world.encoded.take(slice(batch[0], batch[-1] + 1))
        first_column = batch[0]
        columns = world.encoded.take(slice(first_column, count))
        block = pairs.compare(rows, columns)
        for row, place in enumerate(batch):
            if only is None or place == only:
                others = range(place + 1, count)
            else:
                others = range(only, only + 1) if only > place else range(0)
            yield from _lines(world, block, row, place, others, first_column)


def _lines(
    world: World,
    block: pairs.Compatibility,
    row: int,
    place: int,
    others: range,
    first_column: int,
) -> Iterator[str]:
    columns = slice(others.start - first_column, others.stop - first_column)
    numbers = zip(
        others,
        block.verdicts[row, columns].tolist(),
        block.low[row, columns].tolist(),
        block.high[row, columns].tolist(),
        block.forward.low[row, columns].tolist(),
        block.forward.high[row, columns].tolist(),
        block.backward.low[row, columns].tolist(),
        block.backward.high[row, columns].tolist(),
        strict=True,
    )
    first = world.slugs[place]
    for other, verdict, *scores in numbers:
        shown = ",".join(f"{score:.6f}" for score in scores)
        yield f"{first},{world.slugs[other]},{VERDICTS[verdict]},{shown}\n"
