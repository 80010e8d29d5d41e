"""Stored results: each organisation's best matches and how many verdicts of each kind it has."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from orgs.models import Organisation


class MatchResult(models.Model):
    """What was computed for one organisation, as of a revision of all sheets.

    `best` are packed records of the best matches, see `stored.RECORD`.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="match_result"
    )
    as_of = models.PositiveBigIntegerField(db_index=True)
    compatible = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    not_compatible = models.PositiveIntegerField()
    best = models.BinaryField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} as of {self.as_of}"


class Trouble(models.Model):
    """An organisation whose results could not be computed, how often that was tried, and why.

    `revision` is that of its sheet: another sheet is tried anew.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="trouble"
    )
    revision = models.PositiveBigIntegerField()
    tries = models.PositiveSmallIntegerField(default=1)
    error = models.TextField()
    last_tried_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.error}"


class Recomputation(models.Model):
    """How far the last large recomputation is: `done` of `total` results as of a revision.

    One row. `looked_at` is when somebody last looked for what is stale, whoever rang.
    """

    as_of = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="recomputation_one_row"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="recomputation_done"),
        )

    def __str__(self) -> str:
        return f"{self.done} of {self.total}"
