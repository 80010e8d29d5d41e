"""How far a member has read what is new for an organisation, and what the weekly mail has told."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from orgs.models import Organisation


class Reader(models.Model):
    """One person as a reader of what is new for one organisation.

    `seen` and `told` are revisions of all sheets: up to which the person said to have seen it, and
    up to which a mail told it; None before the first time. `looked_at` is when their weekly mail
    was last due, whether or not there was anything to tell. It outlives the membership, so that
    whoever turned the mail off and comes back gets none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    seen = models.PositiveBigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    wants_mail = models.BooleanField(default=True)
    told = models.PositiveBigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "organisation"), name="reader_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} of {self.organisation_id}: {self.seen}"
