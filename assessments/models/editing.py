"""Who did what to assessments and when: beside the assessments, which hold no person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.assessment import Assessment
from assessments.models.criteria import Criterion
from orgs.models import Organisation


class AnswerEdit(models.Model):
    """The last change of one answer of a draft, also of one that was taken back.

    `version` counts the changes; who saves names the version that they saw. 0, or no row, is an
    answer that was never changed in this draft.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="edits")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "criterion"), name="answer_edit_once"),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.criterion_id} version {self.version}"


class Publication(models.Model):
    """Who published an assessment; one that came from a file has none."""

    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="publication")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.assessment_id} by {self.published_by_id}"


class Withdrawal(models.Model):
    """That an organisation has withdrawn what it published, until it publishes again."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="withdrawals")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",), condition=Q(ended_at=None), name="withdrawal_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.withdrawn_at}"
