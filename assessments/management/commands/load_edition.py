"""Check an edition in TOML and load it as a draft; publish it if asked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from assessments import curation, tasks
from assessments.catalogue.plain_values import decoded
from assessments.management.commands._terminal import bars, read_file, told_together


class Command(BaseCommand):
    """load_edition FILE [--publish]."""

    help = "Checks an edition in TOML and loads it as a draft, or publishes it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether to publish."""
        parser.add_argument("file")
        parser.add_argument("--publish", action="store_true", help="make it the current edition")

    def handle(self, *, file: str, publish: bool, **_: Any) -> None:
        """Load the file, all of it or nothing."""
        content = read_file(file)
        with told_together(file), bars() as report:
            edition = curation.read(decoded(content))
            with transaction.atomic():
                outcome = curation.load(
                    edition,
                    publish_at=timezone.now() if publish else None,
                    keeps_record=True,
                    report=report,
                )
                transaction.on_commit(tasks.ring, robust=True)
        self.stdout.write(f"{edition.slug}: {outcome}")
        for hint in curation.nothing_to_judge(edition):
            self.stderr.write(f"{file}: {hint.message}")
