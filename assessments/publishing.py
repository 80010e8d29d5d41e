"""From a draft to what everybody sees, and back: publish, withdraw."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from assessments import evaluation
from assessments.models import (
    AnswerEdit,
    Assessment,
    Edition,
    Publication,
    Revision,
    Sheet,
    Withdrawal,
)
from orgs.models import Organisation, User


class NothingToPublish(Exception):
    """There is no draft, or it is under criteria that are no longer current."""


class NothingToWithdraw(Exception):
    """An organisation has nothing published."""


@transaction.atomic
def publish(organisation: Organisation, *, by: User, at: datetime) -> Assessment:
    """Publish the draft: frozen, dated, numbered, and what everybody sees from now on."""
    # Held until the end, so that a colleague's answer comes either before this or after it.
    draft = (
        Assessment.objects.select_for_update()
        .filter(organisation=organisation, number=None)
        .first()
    )
    edition = Edition.objects.current()
    if draft is None or edition is None or draft.edition_id != edition.pk:
        raise NothingToPublish
    published = Assessment.objects.filter(organisation=organisation)
    last: int = published.aggregate(last=Max("number"))["last"] or 0
    AnswerEdit.objects.filter(assessment=draft).delete()
    Assessment.objects.filter(pk=draft.pk).update(number=last + 1, published_at=at)
    draft = Assessment.objects.select_related("edition").get(pk=draft.pk)
    Publication.objects.create(assessment=draft, published_by=by)
    Withdrawal.objects.filter(organisation=organisation, ended_at=None).update(ended_at=at)
    revision = Revision.raise_by_one()
    evaluation.put_sheets(evaluation.read([draft]), edition, revision=revision)
    return draft


@transaction.atomic
def withdraw(organisation: Organisation, *, by: User, at: datetime) -> None:
    """Take back what is published: gone from lists, matches and API with this transaction."""
    revision_needed, _ = Sheet.objects.filter(organisation=organisation).delete()
    if not revision_needed:
        raise NothingToWithdraw
    Revision.raise_by_one()
    Withdrawal.objects.create(organisation=organisation, withdrawn_by=by, withdrawn_at=at)


def is_withdrawn(organisation: Organisation) -> bool:
    """Whether it has withdrawn what it had published."""
    return Withdrawal.objects.filter(organisation=organisation, ended_at=None).exists()
