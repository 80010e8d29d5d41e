"""Every sheet under the current edition, kept in memory and brought up to date before each use.

A process reads all sheets once; from then on only those with a newer revision, by one query. What
it holds never changes under who uses it: a newer world is another one.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from assessments import evaluation
from assessments.compatibility import overview
from assessments.compatibility.encoding import Encoded, Frame, Rows, encode
from assessments.compatibility.splicing import pieces, spliced
from assessments.models import Edition
from assessments.scoring import terms
from orgs.models import Organisation

logger = logging.getLogger(__name__)


class NoSheet(LookupError):
    """An organisation has no published assessment, so nothing can be said about it."""


@dataclass(frozen=True)
class World:
    """Every sheet under the current edition, in ascending order of the slugs.

    `encoded`: all sheets, ready to be compared; nobody changes it. `ids`, `revisions` (N,): each
    organisation, and since when its sheet is as it is. `as_of`: exactly the changes up to this
    revision are in it, and `mark` is that revision's. `left_out`: what is wrong with the sheets
    that do not fit the edition and could not be made again, by organisation. `origin`: what was
    brought up to date step by step has that of what it began with, and nothing else has.
    """

    edition: terms.Edition
    edition_id: int
    frame: Frame
    ids: NDArray[np.int64]
    slugs: tuple[str, ...]
    revisions: NDArray[np.int64]
    encoded: Encoded
    as_of: int
    mark: str
    left_out: Mapping[int, str]
    origin: object = field(default_factory=object)

    def __len__(self) -> int:
        return len(self.slugs)

    @property
    def rows(self) -> Rows:
        """All sheets as whole numbers."""
        return self.encoded.rows

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The place of each organisation by its id."""
        return dict(zip(self.ids.tolist(), range(len(self)), strict=True))

    @cached_property
    def headlines(self) -> NDArray[np.int8]:
        """(N,) the headline answers, as places in `overview.HEADLINES`."""
        return overview.headlines(self.frame, self.rows)

    def latest(self, count: int) -> list[int]:
        """The ids of those whose sheets changed last; of one moment, by their slugs."""
        latest = np.argsort(-self.revisions, kind="stable")[:count]
        found: list[int] = self.ids[latest].tolist()
        return found

    def place(self, organisation: Organisation) -> int:
        """The place of an organisation; NoSheet if it has none."""
        try:
            return self.places[organisation.pk]
        except KeyError:
            raise NoSheet(organisation.slug) from None


_lock = threading.Lock()
_resident: World | None = None


def forget() -> None:
    """Give back what is kept in memory; the next use reads every sheet anew."""
    global _resident
    with _lock:
        _resident = None


def read_world(edition: Edition) -> World:
    """Every sheet as of now: one query if nothing has changed since this process looked last.

    Where another edition has become current since the caller looked, that one is read: all sheets
    went over to it together.
    """
    global _resident
    with _lock:
        _resident = _renewed(_resident, edition) or _whole(edition)
        return _resident


# Numbers and sheets in one statement, so that they are of one moment on every database.
_YOUNGER = """
SELECT counter.value, now.mark, past.mark,
       organisation.slug, sheet.organisation_id, sheet.revision, sheet."row", sheet.edition_id
FROM assessments_revision counter
JOIN assessments_sheetchange now ON now.number = counter.value
LEFT JOIN assessments_sheetchange past ON past.number = %s
LEFT JOIN assessments_sheet sheet ON sheet.revision > %s
LEFT JOIN orgs_organisation organisation ON organisation.id = sheet.organisation_id
WHERE counter.id = 1
"""


@dataclass(frozen=True, slots=True)
class _Read:
    """The sheets younger than a revision, and which revision and mark there are now.

    `mark_then`: the mark that the database has for the revision asked from. `sheets`: slug,
    organisation, revision, packed row, edition.
    """

    as_of: int
    mark: str
    mark_then: str | None
    sheets: Sequence[tuple[str, int, int, bytes, int]]


def _younger_than(revision: int) -> _Read:
    with connection.cursor() as cursor:
        cursor.execute(_YOUNGER, [revision, revision])
        found = cursor.fetchall()
    if not found:
        return _Read(0, "", None, ())
    as_of, mark, mark_then = found[0][:3]
    sheets = [
        (slug, pk, since, bytes(row), of)
        for _, _, _, slug, pk, since, row, of in found
        if slug is not None
    ]
    return _Read(as_of, mark, mark_then, sheets)


def _whole(edition: Edition) -> World:
    """All sheets, read in one go."""
    read = _younger_than(-1)
    of = {sheet[4] for sheet in read.sheets}
    if of and edition.pk not in of:
        edition = Edition.objects.get(pk__in=of)
    current = edition.as_terms()
    frame = Frame.of(current)
    found = sorted(read.sheets)
    if misfits := _misfits(frame, edition, found):
        wrong = evaluation.make_again(misfits, edition)
        read = _younger_than(-1)
        found = sorted(sheet for sheet in read.sheets if sheet[1] not in wrong)
        wrong |= dict.fromkeys(_misfits(frame, edition, found), _STILL_WRONG)
        found = [sheet for sheet in found if sheet[1] not in wrong]
    else:
        wrong = {}
    return World(
        edition=current,
        edition_id=edition.pk,
        frame=frame,
        ids=np.array([pk for _, pk, *_ in found], dtype=np.int64),
        slugs=tuple(slug for slug, *_ in found),
        revisions=np.array([since for _, _, since, *_ in found], dtype=np.int64),
        encoded=encode(frame, frame.rows([row for *_, row, _ in found])),
        as_of=read.as_of,
        mark=read.mark,
        left_out=wrong,
    )


_STILL_WRONG = "Its sheet does not fit the edition, also when it is made again."


def _misfits(
    frame: Frame, edition: Edition, found: Sequence[tuple[str, int, int, bytes, int]]
) -> list[int]:
    """The organisations whose packed rows do not fit the edition; nothing is computed from them."""
    wrong = set(frame.misfits([row for *_, row, _ in found]))
    misfits = {
        slug: pk
        for place, (slug, pk, _, _, of) in enumerate(found)
        if of != edition.pk or place in wrong
    }
    for slug in misfits:
        logger.error("The sheet of %s does not fit the edition %s.", slug, edition.slug)
    return list(misfits.values())


_REMOVED = "SELECT organisation_id FROM assessments_pastsheet WHERE until > %s AND until <= %s"


def _renewed(known: World | None, edition: Edition) -> World | None:
    """What is known with the changes since; None where all has to be read anew.

    What is known may be of a database that was put back since, or of a transaction that came to
    nothing: then the mark of its revision is another one by now.
    """
    if known is None or known.edition_id != edition.pk:
        return None
    younger = _younger_than(known.as_of)
    if younger.mark_then != known.mark:
        return None
    if younger.as_of == known.as_of:
        return known
    if _misfits(known.frame, edition, younger.sheets) or known.left_out:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_REMOVED, [known.as_of, younger.as_of])
        replaced = {pk for (pk,) in cursor.fetchall()}
    return _advanced(known, younger, replaced)


_GONE = -1


def _advanced(known: World, younger: _Read, replaced: set[int]) -> World:
    """The world a few changes later; `replaced` are the organisations that lost a sheet since."""
    arrived = sorted(younger.sheets)
    new_ids = [pk for _, pk, *_ in arrived]
    count = len(known)
    rows = known.frame.rows([row for *_, row, _ in arrived])
    since = np.array([since for _, _, since, *_ in arrived], dtype=np.int64)
    # Where each row of the new world stands: in the old one, or behind it among those that arrived.
    order = np.arange(count)
    order[[known.places[pk] for pk in replaced.difference(new_ids) if pk in known.places]] = _GONE
    added, before = [], []
    for number, (slug, *_) in enumerate(arrived, start=count):
        place = bisect_left(known.slugs, slug)
        if place < count and known.slugs[place] == slug:
            order[place] = number
        else:
            added.append(number)
            before.append(place)
    order = np.insert(order, before, added)
    order = order[order != _GONE]
    if len(order) == count and all(pk in known.places for pk in new_ids):
        return _replaced(known, younger, new_ids, rows, since)
    found = pieces(order, count)
    slugs: list[str] = []
    new_slugs = [slug for slug, *_ in arrived]
    for piece in found:
        slugs += (new_slugs if piece.has_arrived else known.slugs)[piece.places]
    later = replace(
        known,
        ids=spliced(known.ids, np.array(new_ids, dtype=np.int64), found),
        slugs=tuple(slugs),
        revisions=spliced(known.revisions, since, found),
        encoded=known.encoded.spliced(encode(known.frame, rows), found),
        as_of=younger.as_of,
        mark=younger.mark,
    )
    if "headlines" in vars(known):
        headlines = overview.headlines(known.frame, rows)
        vars(later)["headlines"] = spliced(known.headlines, headlines, found)
    return later


def _replaced(
    known: World,
    younger: _Read,
    ids: Sequence[int],
    rows: Rows,
    since: NDArray[np.int64],
) -> World:
    """The world where the same organisations are in it still."""
    places = [known.places[pk] for pk in ids]
    revisions = known.revisions.copy()
    revisions[places] = since
    encoded = known.encoded.replaced(places, encode(known.frame, rows))
    later = replace(
        known, revisions=revisions, encoded=encoded, as_of=younger.as_of, mark=younger.mark
    )
    vars(later)["places"] = known.places
    if "headlines" in vars(known):
        headlines = known.headlines.copy()
        headlines[places] = overview.headlines(known.frame, rows)
        vars(later)["headlines"] = headlines
    return later


_BEFORE = """
SELECT organisation_id, edition_id, "row" FROM assessments_pastsheet
WHERE until > %s AND until <= %s AND since <= %s
ORDER BY organisation_id
"""


@dataclass(frozen=True)
class Moved:
    """What has changed between a revision and a world.

    `before`: organisation, edition and packed row of each sheet that was there then and is not so
    now; `after`: the places in the world of those that are as they are since.
    """

    before: Sequence[tuple[int, int, bytes]]
    after: NDArray[np.intp]


def moved_since(world: World, revision: int) -> Moved:
    """What has changed since a revision: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [revision, world.as_of, revision])
        before = [(pk, of, bytes(row)) for pk, of, row in cursor.fetchall()]
    return Moved(before, np.flatnonzero(world.revisions > revision))
