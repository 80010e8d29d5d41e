"""Stored results: each organisation's best matches and how many verdicts of each kind it has."""

from __future__ import annotations

from django.db import models

from orgs.models import Organisation


class MatchResult(models.Model):
    """What was computed for one organisation, as of a revision of all sheets.

    `best` are packed records of the best matches, see `matching.RECORD`.
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
