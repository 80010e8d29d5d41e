"""What lists show, sort and narrow by of each organisation, kept in memory beside its sheet.

A process reads it once; from then on one small query tells whether it is right still (see
`DescriptionMark`), and brings what is missing of organisations that are new. What is kept never
changes under who uses it: newer facts are other ones.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from assessments.compatibility.encoding import Bools
from assessments.world import World
from orgs.models.organisation import plain

MOST_ALONE = 500
"""With more new organisations than this, everybody is read anew."""

NONE = -1
"""The code of who has no value."""


@dataclass(frozen=True, slots=True)
class Single:
    """A facet of which everybody has one value or none: (N,) places in `names`, or NONE."""

    names: Sequence[str]
    codes: NDArray[np.signedinteger]

    def holding(self, name: str) -> Bools:
        """(N,) who has a value."""
        if name not in self.names:
            return np.zeros(len(self.codes), dtype=bool)
        return np.asarray(self.codes == self.names.index(name))

    def counted(self, among: Bools) -> dict[str, int]:
        """How many of some have each value, where anybody has."""
        # NONE counts in front.
        counts = np.bincount(self.codes[among] + np.int64(1), minlength=len(self.names) + 1)
        return _named(self.names, counts[1:])

    def take(self, places: NDArray[np.intp], kept: Bools) -> Single:
        """Those at some places; of who is not kept, none."""
        return Single(self.names, np.where(kept, self.codes[places], np.int32(NONE)))


@dataclass(frozen=True, slots=True)
class Several:
    """A facet of which everybody has any number of values.

    `owners`, `codes` (M,): a place, and one of its values as a place in `names`; each once.
    """

    names: Sequence[str]
    owners: NDArray[np.intp]
    codes: NDArray[np.int32]
    count: int

    def holding(self, name: str) -> Bools:
        """(N,) who has a value."""
        found = np.zeros(self.count, dtype=bool)
        if name in self.names:
            found[self.owners[self.codes == self.names.index(name)]] = True
        return found

    def counted(self, among: Bools) -> dict[str, int]:
        """How many of some have each value, where anybody has."""
        counts = np.bincount(self.codes[among[self.owners]], minlength=len(self.names))
        return _named(self.names, counts)

    def moved(self, now: NDArray[np.intp], count: int) -> Several:
        """The same where each place is another one by now, or NONE; there are `count` places."""
        owners = now[self.owners]
        kept = owners != NONE
        return Several(self.names, owners[kept], self.codes[kept], count)


def _named(names: Sequence[str], counts: NDArray[np.int64]) -> dict[str, int]:
    found = {names[place]: int(counts[place]) for place in np.flatnonzero(counts).tolist()}
    return {name: found[name] for name in sorted(found)}


@dataclass(frozen=True)
class Facts:
    """What lists show, sort and narrow by; N organisations, at their places in a world.

    `is_there` (N,): whether anything is known of it; of who was deleted or withdrew since, nothing
    is. `texts`: what is searched. `by_name`: the places of those who are there by their names.
    """

    mark: str
    origin: object
    ids: NDArray[np.int64]
    is_there: Bools
    countries: Single
    sectors: Several
    texts: Sequence[str]
    by_name: NDArray[np.intp]

    def found(self, text: str) -> Bools:
        """(N,) in whom every word of a text occurs, without regard to case and accents."""
        found = self.is_there
        # The longest word leaves the fewest for the others; a part of another is found with it.
        words: list[str] = []
        for word in sorted(plain(text).split(), key=len, reverse=True):
            if not any(word in other for other in words):
                words.append(word)
        for word in words:
            at = np.flatnonzero(found)
            has = [word in self.texts[place] for place in at.tolist()]
            found = np.zeros(len(found), dtype=bool)
            found[at[np.array(has, dtype=bool)]] = True
        return found


_lock = threading.Lock()
_resident: Facts | None = None


def forget() -> None:
    """Give back what is kept in memory."""
    global _resident
    with _lock:
        _resident = None


def facts_of(world: World) -> Facts:
    """What is known of everybody in a world as of now: one query if nothing has changed."""
    global _resident
    with _lock:
        _resident = _renewed(_resident, world) or _whole(world)
        return _resident


# Mark and facts in one statement, so that they are of one moment on every database.
_EVERYBODY = """
SELECT mark.mark, organisation.id, organisation.country, organisation.sectors,
       organisation.search_text
FROM assessments_sheet sheet
JOIN orgs_organisation organisation ON organisation.id = sheet.organisation_id
LEFT JOIN assessments_descriptionmark mark ON mark.id = 1
"""
_SOME = """
SELECT mark.mark, organisation.id, organisation.country, organisation.sectors,
       organisation.search_text
FROM assessments_descriptionmark mark
LEFT JOIN orgs_organisation organisation ON organisation.id IN ({ids})
WHERE mark.id = 1
"""
_MARK = "SELECT mark FROM assessments_descriptionmark WHERE id = 1"

_Row = tuple[str, int, str, str, str]
"""Mark, organisation, country, sectors as JSON, search text."""


def _read(ids: Sequence[int] | None) -> tuple[str, list[_Row]]:
    """The mark, and the facts of some or of everybody who is listed."""
    with connection.cursor() as cursor:
        if ids is None:
            cursor.execute(_EVERYBODY)
        elif ids:
            cursor.execute(_SOME.format(ids=", ".join(["%s"] * len(ids))), ids)
        else:
            cursor.execute(_MARK)
        found = cursor.fetchall()
    mark = found[0][0] if found else None
    return mark or "", [row for row in found if row[1] is not None] if ids != [] else []


class _Codes(dict[str, int]):
    """Values as they are met, each with a number."""

    @classmethod
    def of(cls, names: Iterable[str]) -> _Codes:
        """Values that have their numbers already."""
        return cls((name, code) for code, name in enumerate(names))

    def __missing__(self, name: str) -> int:
        code = self[name] = len(self)
        return code


def _sectors(written: str) -> list[str]:
    """The sectors of an organisation as text, each once; an empty one is none."""
    return [name for name in dict.fromkeys(map(str, json.loads(written))) if name]


def _whole(world: World) -> Facts:
    """What is known of everybody, read in one go."""
    mark, rows = _read(None)
    count, places = len(world), world.places
    texts = [""] * count
    # So many rows are gone through that each step counts; many have the same sectors.
    country_of, written_of = [NONE] * count, [NONE] * count
    countries, writings, sectors = _Codes(), _Codes(), _Codes()
    for _, pk, country, written, text in rows:
        place = places.get(pk)
        if place is not None:
            texts[place] = text
            country_of[place] = countries[country]
            written_of[place] = writings[written]
    country_codes = np.array(country_of, dtype=np.intp)
    written_codes = np.array(written_of, dtype=np.intp)
    country_codes[country_codes == countries.get("", NONE)] = NONE
    is_there = written_codes != NONE
    there = np.flatnonzero(is_there)
    codes_of = [[sectors[name] for name in _sectors(written)] for written in writings]
    lengths = np.array([len(codes) for codes in codes_of], dtype=np.intp)
    codes = chain.from_iterable(codes_of[written] for written in written_codes[there].tolist())
    # Slugs rise with the places, so that equal texts stand in the order of the slugs.
    by_name = sorted(there.tolist(), key=texts.__getitem__)
    return Facts(
        mark=mark,
        origin=world.origin,
        ids=world.ids,
        is_there=is_there,
        countries=Single(tuple(countries), country_codes.astype(np.int32)),
        sectors=Several(
            tuple(sectors),
            np.repeat(there, lengths[written_codes[there]]),
            np.fromiter(codes, dtype=np.int32),
            count,
        ),
        texts=texts,
        by_name=np.array(by_name, dtype=np.intp),
    )


def _renewed(known: Facts | None, world: World) -> Facts | None:
    """What is known with what is new; None where all has to be read anew."""
    if known is None or known.origin is not world.origin or not len(known.ids):
        return None
    if known.ids is not world.ids:
        known = _moved(known, world)
    missing = world.ids[~known.is_there].tolist()
    if len(missing) > MOST_ALONE:
        return None
    mark, rows = _read(missing)
    if not mark or mark != known.mark:
        return None
    return _joined(known, world.places, rows) if rows else known


def _moved(known: Facts, world: World) -> Facts:
    """What is known at the places of another world; of who is new there, nothing."""
    by_id = np.argsort(known.ids, kind="stable")
    at = np.searchsorted(known.ids, world.ids, sorter=by_id)
    was = by_id[np.minimum(at, len(by_id) - 1)]
    is_same = known.ids[was] == world.ids
    now = np.full(len(known.ids), NONE, dtype=np.intp)
    now[was[is_same]] = np.flatnonzero(is_same)
    by_name = now[known.by_name]
    is_there = is_same & known.is_there[was]
    texts = [known.texts[place] for place in was.tolist()]
    for place in np.flatnonzero(~is_there).tolist():
        texts[place] = ""
    return replace(
        known,
        ids=world.ids,
        is_there=is_there,
        countries=known.countries.take(was, is_there),
        sectors=known.sectors.moved(now, len(world)),
        texts=texts,
        by_name=by_name[by_name != NONE],
    )


def _joined(known: Facts, places: Mapping[int, int], rows: Sequence[_Row]) -> Facts:
    """What is known with some organisations of whom nothing was."""
    is_there, countries = known.is_there.copy(), known.countries.codes.copy()
    texts, by_name = list(known.texts), known.by_name
    of_country, of_sector = _Codes.of(known.countries.names), _Codes.of(known.sectors.names)
    owners: list[int] = []
    codes: list[int] = []
    for _, pk, country, written, text in rows:
        place = places[pk]
        is_there[place], texts[place] = True, text
        countries[place] = of_country[country] if country else NONE
        for name in _sectors(written):
            owners.append(place)
            codes.append(of_sector[name])
        at = bisect_left(by_name, (text, place), key=lambda other: (texts[other], other))
        by_name = np.insert(by_name, at, place)
    sectors = known.sectors
    return replace(
        known,
        is_there=is_there,
        countries=Single(tuple(of_country), countries),
        sectors=Several(
            tuple(of_sector),
            np.concatenate([sectors.owners, np.array(owners, dtype=np.intp)]),
            np.concatenate([sectors.codes, np.array(codes, dtype=np.int32)]),
            sectors.count,
        ),
        texts=texts,
        by_name=by_name,
    )
