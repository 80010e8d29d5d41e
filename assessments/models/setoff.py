"""What publishing an edition set off, kept as it was foreseen just before."""

from __future__ import annotations

from django.db import models

from assessments.models.criteria import Edition


class SetOff(models.Model):
    """What changed for organisations and pairs when an edition took the place of another.

    `foreseen` is written and read by `aftermath`; of organisations it holds the slugs only, so that
    nobody is named who is no longer here.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="set_off")
    foreseen = models.JSONField()

    def __str__(self) -> str:
        return f"what {self.edition_id} set off"
