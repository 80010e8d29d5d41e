"""Load organisations with their published assessments and requirements from JSON."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from assessments import loading, tasks
from assessments.catalogue import organisations_file
from assessments.management.commands._terminal import (
    bars,
    current_edition,
    read_file,
    told_together,
)


class Command(BaseCommand):
    """load_assessments FILE."""

    help = "Loads organisations with their published assessments and requirements from JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file")

    def handle(self, *, file: str, **_: Any) -> None:
        """Load the file, all of it or nothing."""
        content = read_file(file)
        with told_together(file), bars() as report, transaction.atomic():
            edition = current_edition()
            document = organisations_file.read(content, edition.as_terms())
            del content
            tally = loading.publish_all(
                document.organisations, edition, at=timezone.now(), report=report
            )
            transaction.on_commit(tasks.ring, robust=True)
        self.stdout.write(
            f"{tally.published} assessments published, {tally.unchanged} unchanged; "
            f"{tally.founded} organisations are new."
        )
