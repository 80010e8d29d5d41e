"""The stored result of one organisation: its form, and how it is written and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from assessments.compatibility.all_pairs import BestLists
from assessments.compatibility.pairs import NOT_COMPATIBLE, VERDICTS, Verdict
from assessments.models import MatchResult, Trouble
from assessments.world import World

LONGEST = 100
"""How many of its best matches are stored for each organisation."""

RECORD = np.dtype([("organisation", "<i8"), ("verdict", "i1"), ("low", "<f8"), ("high", "<f8")])
"""One stored match: the other's id, the place of the verdict in `VERDICTS`, the pair's score."""
Records: TypeAlias = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Result:
    """What is stored for one organisation.

    `counts` (3,): how many others have each verdict of `VERDICTS`; `best` its best matches.
    """

    organisation_id: int
    counts: NDArray[np.int64]
    best: Records


def best(result: MatchResult) -> list[tuple[int, Verdict, float, float]]:
    """The stored best matches of a result: the other's id, the verdict, low and high."""
    records = np.frombuffer(bytes(result.best), dtype=RECORD)
    return [(pk, VERDICTS[verdict], low, high) for pk, verdict, low, high in records.tolist()]


def of_lists(world: World, start: int, found: BestLists) -> Iterator[Result]:
    """Lists as they are stored, of the organisations from a place on."""
    records = np.zeros(found.order.shape, dtype=RECORD)
    records["organisation"] = world.ids[found.order]
    records["verdict"] = found.verdicts
    records["low"] = found.low
    records["high"] = found.high
    for row, length in enumerate(found.lengths.tolist()):
        yield Result(int(world.ids[start + row]), found.counts[row], records[row, :length])


def revisions(ids: Sequence[int] | None = None) -> list[int]:
    """The revisions that the stored results of some organisations, or of all, are as of."""
    found = MatchResult.objects.order_by("as_of")
    if ids is not None:
        found = found.filter(organisation__in=ids)
    return list(found.values_list("as_of", flat=True).distinct())


def read(ids: Sequence[int], as_of: int) -> list[Result]:
    """The stored results of those of some organisations that are as of a revision."""
    rows = MatchResult.objects.filter(organisation__in=ids, as_of=as_of).values_list(
        "organisation_id", "compatible", "unknown", "not_compatible", "best"
    )
    return [
        Result(pk, np.array(counts, dtype=np.int64), np.frombuffer(bytes(packed), dtype=RECORD))
        for pk, *counts, packed in rows
    ]


def records(
    ids: NDArray[np.int64],
    verdicts: NDArray[np.int8],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> Records:
    """Matches as they are stored, without those that are not compatible."""
    listed = verdicts != NOT_COMPATIBLE
    found = np.empty(int(listed.sum()), dtype=RECORD)
    found["organisation"] = ids[listed]
    found["verdict"] = verdicts[listed]
    found["low"] = low[listed]
    found["high"] = high[listed]
    return found


_COLUMNS = (
    "organisation_id",
    "as_of",
    "compatible",
    "unknown",
    "not_compatible",
    "best",
    "computed_at",
)
_INTO = f"INSERT INTO assessments_matchresult ({', '.join(_COLUMNS)})"
_HAS_A_SHEET = "EXISTS (SELECT 1 FROM assessments_sheet WHERE organisation_id = {pk})"
_OR_REPLACE = (
    "ON CONFLICT (organisation_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    + " WHERE assessments_matchresult.as_of <= excluded.as_of"
)


def write(as_of: int, computed: Sequence[Result], same: Mapping[int, Sequence[int]]) -> None:
    """Store results as of a revision; an earlier one never takes the place of a later one.

    `same`: organisations whose stored results hold as they are, by the revision they are as of.
    """
    now = timezone.now()
    put = _copy if connection.vendor == "postgresql" else _insert
    with transaction.atomic():
        put(as_of, computed, now)
        for before, ids in same.items():
            MatchResult.objects.filter(organisation__in=ids, as_of=before).update(
                as_of=as_of, computed_at=now
            )
        right = [one.organisation_id for one in computed]
        Trouble.objects.filter(organisation__in=[*right, *chain(*same.values())]).delete()


def _row(as_of: int, one: Result, at: object) -> tuple[Any, ...]:
    return (one.organisation_id, as_of, *one.counts.tolist(), one.best.tobytes(), at)


def _insert(as_of: int, computed: Sequence[Result], now: datetime) -> None:
    """One statement, prepared once."""
    at = connection.ops.adapt_datetimefield_value(now)
    values = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"{_INTO} SELECT {values} WHERE {_HAS_A_SHEET.format(pk='%s')} {_OR_REPLACE}",
            [(*_row(as_of, one, at), one.organisation_id) for one in computed],
        )


_ARRIVING = "arriving_results"


def _copy(as_of: int, computed: Sequence[Result], now: datetime) -> None:
    """By COPY into a table of this connection's own, which takes a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {_ARRIVING} (LIKE assessments_matchresult INCLUDING STORAGE)"
        )
        columns = ", ".join(_COLUMNS)
        with cursor.copy(f"COPY {_ARRIVING} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(("int8", "int8", "int4", "int4", "int4", "bytea", "timestamptz"))
            for one in computed:
                copy.write_row(_row(as_of, one, now))
        cursor.execute(
            f"{_INTO} SELECT {columns} FROM {_ARRIVING} arriving "
            f"WHERE {_HAS_A_SHEET.format(pk='arriving.organisation_id')} {_OR_REPLACE}"
        )
        cursor.execute(f"DROP TABLE {_ARRIVING}")
