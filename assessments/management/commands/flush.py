"""Django's `flush`, which empties every table, with the guards of what is published lifted."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from assessments.models import triggers


class Command(flush.Command):
    """Empty every table, also of what is published."""

    def handle(self, **options: Any) -> None:
        """Take the guards away, empty the tables, put the guards up again."""
        with triggers.lifted(options["database"]):
            super().handle(**options)
