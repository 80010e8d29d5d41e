"""From a draft to what everybody sees, and back: publish, withdraw, remove."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from assessments import drafting, drafts, evaluation
from assessments.evaluation import Published
from assessments.models import (
    AnswerEdit,
    Assessment,
    Edition,
    Publication,
    Revision,
    Sheet,
    Withdrawal,
)
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from orgs.models import Organisation, User


class NothingToPublish(Exception):
    """Nothing has been answered yet."""


class DraftChanged(Exception):
    """Somebody changed the draft after the one who publishes it has looked at it."""


class EverPublished(Exception):
    """An organisation has published something, which stays."""


class NothingToWithdraw(Exception):
    """An organisation has nothing published."""


@transaction.atomic
def publish(
    organisation: Organisation, *, by: User, at: datetime, seen: str | None = None
) -> Assessment:
    """Publish the draft: frozen, dated, numbered, and what everybody sees from now on.

    `seen` is the whole mark of the draft that the person looked at; None publishes whatever
    stands there. Raises DraftChanged where something else stands there by now.
    """
    # Numbers and the edition stay as they are read, until the end.
    Revision.hold()
    # Held from here on, so that a colleague's answer comes either before this or after it.
    pk = drafting.start(organisation).pk
    draft = drafts.read(organisation)
    if not draft.answers:
        raise NothingToPublish
    if seen is not None and seen != draft.whole_mark:
        raise DraftChanged
    edition = Edition.objects.get(slug=draft.edition.slug)
    AnswerEdit.objects.filter(assessment=pk).delete()
    Assessment.objects.filter(pk=pk).update(number=next_number(organisation), published_at=at)
    published = Assessment.objects.select_related("edition").get(pk=pk)
    Publication.objects.create(assessment=published, published_by=by)
    Withdrawal.objects.filter(organisation=organisation, ended_at=None).update(ended_at=at)
    evaluation.put_sheets(
        [Published(published, draft.edition, draft.answers, draft.requirements)],
        edition,
        revision=Revision.raise_by_one(),
    )
    return published


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an organisation is: what it published last, and what has happened since.

    `number` and `at` are None before the first; `is_listed`: not withdrawn since; `is_changed`:
    there is a draft with something that is not published; `is_outdated`: the criteria are others by
    now than those under which it published last.
    """

    number: int | None
    at: datetime | None
    is_listed: bool
    is_changed: bool
    is_outdated: bool = False


NOWHERE = Standing(None, None, is_listed=False, is_changed=False)
"""Nothing is answered, and nothing published."""


def latest(organisation_ids: Iterable[int]) -> list[Assessment]:
    """The draft of each of some organisations, and what it published last under each edition.

    The draft comes first, then the latest, and in the end the drafts that were set aside; without
    what they say: one query. With `is_listed`: not withdrawn since, and `is_changed`: a draft has
    been stored since.
    """
    same = {"organisation": OuterRef("organisation")}
    later = Assessment.objects.filter(
        **same, edition=OuterRef("edition"), number__gt=OuterRef("number")
    )
    return list(
        Assessment.objects.filter(organisation__in=list(organisation_ids))
        .filter(Q(number=None) | Q(published_at__isnull=False), ~Exists(later))
        .select_related("edition")
        .annotate(
            is_listed=Exists(Sheet.objects.filter(**same)),
            is_changed=Exists(Assessment.objects.filter(number=None, is_set_aside=False, **same)),
        )
        .order_by("organisation", "is_set_aside", F("number").desc(nulls_first=True), "pk")
    )


def standings(rows: Iterable[Assessment]) -> dict[int, Standing]:
    """How far some organisations are, of those that have answered anything: see `latest`."""
    found = {}
    for pk, own in groupby(rows, key=lambda row: row.organisation_id):
        every = list(own)
        published = [one for one in every if one.number is not None]
        last = published[0] if published else None
        found[pk] = Standing(
            None if last is None else last.number,
            None if last is None else last.published_at,
            is_listed=every[0].is_listed,  # type: ignore[attr-defined]  # Annotated.
            is_changed=every[0].is_changed,  # type: ignore[attr-defined]  # Annotated.
            is_outdated=last is not None and last.edition.state != EditionState.PUBLISHED,
        )
    return found


def next_number(organisation: Organisation) -> int:
    """The number that is published next."""
    rows = Assessment.objects.filter(organisation=organisation)
    last: int = rows.aggregate(last=Max("number"))["last"] or 0
    return last + 1


def last_under_others(organisation: Organisation, edition: terms.Edition) -> Published | None:
    """What was published last, if that was under another edition: one query where it was not."""
    rows = latest([organisation.pk])
    return under_others([one for one in rows if one.number is not None], edition)


def under_others(rows: Sequence[Assessment], edition: terms.Edition) -> Published | None:
    """What the first of some published rows says, if that was under another edition."""
    if not rows or rows[0].edition.slug == edition.slug:
        return None
    return evaluation.read([rows[0]])[0]


@transaction.atomic
def withdraw(organisation: Organisation, *, by: User, at: datetime) -> None:
    """Take back what is published: gone from lists, matches and API with this transaction.

    The database itself raises the revision with the removal.
    """
    Revision.hold()
    gone, _ = Sheet.objects.filter(organisation=organisation).delete()
    if not gone:
        raise NothingToWithdraw
    Withdrawal.objects.create(organisation=organisation, withdrawn_by=by, withdrawn_at=at)


@transaction.atomic
def remove(organisation: Organisation) -> None:
    """Remove an organisation with its draft, its members' roles and its messages.

    EverPublished if it has published anything, withdrawn or not: that stays.
    """
    assessments = Assessment.objects.filter(organisation=organisation)
    if assessments.filter(published_at__isnull=False).exists():
        raise EverPublished
    assessments.delete()
    organisation.delete()


def any_withdrawn(slugs: Iterable[str]) -> bool:
    """Whether one of some organisations has withdrawn what it had published."""
    return Withdrawal.objects.filter(organisation__slug__in=list(slugs), ended_at=None).exists()
