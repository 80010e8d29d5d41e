"""How far each member has read what is new: their marks, what is counted, the weekly mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import DateTimeField, ExpressionWrapper, OuterRef, Q, Subquery, Value

from assessments import news
from assessments.models import Edition, PastSheet, Reader, Revision, SheetChange
from assessments.news import News
from assessments.world import World
from orgs.models.membership import Membership

AT_FIRST = timedelta(days=30)
"""Who has no mark yet is told what is new since so long before they joined.

Or since their organisation published first, if that came later. Neither moves, so that what is new
stays so until it is seen.
"""


class Since(StrEnum):
    """What a mark stands for, where it is not the member's own."""

    SEEN = "seen"
    PUBLISHED = "published"
    AT_FIRST = "at first"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Mark:
    """From which revision on something is new to a member; since when, where they said so."""

    revision: int
    since: Since
    seen_at: datetime | None = None


Key = tuple[int, int]
"""A person and an organisation."""


def readers(memberships: Sequence[Membership]) -> dict[Key, Reader]:
    """The readers that there are of some memberships: one query."""
    found = Reader.objects.filter(
        user__in={one.user_id for one in memberships},
        organisation__in={one.organisation_id for one in memberships},
    )
    return {(one.user_id, one.organisation_id): one for one in found}


def marks(
    memberships: Sequence[Membership], known: Mapping[Key, Reader], *, at: datetime
) -> list[Mark]:
    """From where on something is new to each of some members: one query."""
    begins = _begins(memberships, at=at)
    found = []
    for one in memberships:
        reader = known.get((one.user_id, one.organisation_id))
        begin = begins[one.pk]
        if reader is None or reader.seen is None:
            found.append(begin.first)
        elif reader.seen < begin.kept:
            found.append(Mark(begin.kept, Since.KEPT))
        else:
            found.append(Mark(reader.seen, Since.SEEN, reader.seen_at))
    return found


def told(reader: Reader | None, mark: Mark) -> int:
    """From where on something is new that no mail has told either."""
    if reader is None or reader.told is None:
        return mark.revision
    return max(mark.revision, reader.told)


@dataclass(frozen=True, slots=True)
class _Begin:
    """How far back a member may look, and where they begin as long as they have no mark."""

    kept: int
    first: Mark


def _begins(memberships: Sequence[Membership], *, at: datetime) -> dict[int, _Begin]:
    """By the membership: one query."""
    numbers = SheetChange.objects.order_by("number").values("number")
    last_before = SheetChange.objects.order_by("-number").values("number")
    before_joining = ExpressionWrapper(
        OuterRef("joined_at") - Value(AT_FIRST), output_field=DateTimeField()
    )
    past = PastSheet.objects.filter(organisation=OuterRef("organisation")).order_by("since")
    rows = (
        Membership.objects.filter(pk__in={one.pk for one in memberships})
        .annotate(
            earliest=Subquery(numbers[:1]),
            long_ago=Subquery(last_before.filter(made_at__lte=at - news.KEPT)[:1]),
            a_while_before=Subquery(last_before.filter(made_at__lte=before_joining)[:1]),
            first_past=Subquery(past.values("since")[:1]),
        )
        .values_list(
            *("pk", "earliest", "long_ago", "a_while_before", "first_past"),
            "organisation__sheet__revision",
        )
    )
    found = {}
    for pk, earliest, long_ago, a_while_before, *published in rows:
        kept = max(earliest or 0, long_ago or 0)
        joined = Mark(max(kept, a_while_before or 0), Since.AT_FIRST)
        first = min((one for one in published if one is not None), default=0)
        is_later = first > joined.revision
        found[pk] = _Begin(kept, Mark(first, Since.PUBLISHED) if is_later else joined)
    return found


# What is new, by these marks


def unread(
    membership: Membership, known: Mapping[Key, Reader], *, at: datetime
) -> tuple[Mark, News] | None:
    """What is new to a member; None while there are no criteria."""
    edition = Edition.objects.current()
    if edition is None:
        return None
    (mark,) = marks([membership], known, at=at)
    return mark, news.since(membership.organisation, edition, mark.revision)


def counts(
    memberships: Sequence[Membership],
    edition: Edition,
    *,
    at: datetime,
    world: World | None = None,
) -> dict[int, int]:
    """How much is new to a person, by organisation; as many queries for one as for all.

    `world` is what was read of it for the same page, if it was.
    """
    if not memberships:
        return {}
    found = marks(memberships, readers(memberships), at=at)
    revisions = {
        one.organisation_id: mark.revision for one, mark in zip(memberships, found, strict=True)
    }
    return {one.own_id: len(one) for one in news.since_each(revisions, edition, world=world)}


# What a member says


class NotThere(ValueError):
    """Nobody can have seen a revision that is not there yet."""


def see(membership: Membership, revision: int, *, at: datetime) -> None:
    """A member has seen what is new up to a revision; a mark never goes back."""
    if not 0 <= revision <= Revision.head():
        raise NotThere(revision)
    reader = _reader(membership.user_id, membership.organisation_id)
    Reader.objects.filter(Q(seen=None) | Q(seen__lte=revision), pk=reader.pk).update(
        seen=revision, seen_at=at
    )


def set_mail(user_id: int, organisation_id: int, *, wanted: bool) -> None:
    """Turn the weekly mail of a person about an organisation on or off, however often asked."""
    reader = _reader(user_id, organisation_id)
    Reader.objects.filter(pk=reader.pk).update(wants_mail=wanted)


def wants_mail(user_id: int, organisation_id: int) -> bool:
    """Whether a person has not turned the weekly mail off."""
    off = Reader.objects.filter(user=user_id, organisation=organisation_id, wants_mail=False)
    return not off.exists()


def _reader(user_id: int, organisation_id: int) -> Reader:
    reader, _ = Reader.objects.get_or_create(user_id=user_id, organisation_id=organisation_id)
    return reader
