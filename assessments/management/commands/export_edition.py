"""Write an edition as TOML to standard output, from the tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments import curation
from assessments.models import Edition


class Command(BaseCommand):
    """export_edition SLUG."""

    help = "Writes an edition as TOML to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the slug."""
        parser.add_argument("slug")

    def handle(self, *, slug: str, **_: Any) -> None:
        """Write the edition."""
        edition = Edition.objects.filter(slug=slug).first()
        if edition is None:
            there = ", ".join(Edition.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no edition “{slug}”. There are: {there or 'none'}.")
        self.stdout.write(curation.export(edition), ending="")
