"""What organisations ask one another about a pair that is not yet known."""

from __future__ import annotations

from django.db import models

from orgs.models import Message


class Ask(models.Model):
    """That a message asks the other for answers: to which questions, by slug."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="ask")
    criteria = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.message)
