"""Write the match list of one organisation as CSV."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments import matching
from assessments.management.commands._terminal import (
    current_edition,
    organisation_with_sheet,
    write_lines,
)


class Command(BaseCommand):
    """export_matches SLUG --output FILE."""

    help = "Writes the match list of one organisation as CSV, whole."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the organisation and the file."""
        parser.add_argument("slug")
        parser.add_argument("--output", required=True, metavar="FILE")

    def handle(self, *, slug: str, output: str, **_: Any) -> None:
        """Write the file whole, or leave the one before."""
        edition = current_edition()
        found = matching.matches(organisation_with_sheet(slug), edition)
        count = write_lines(output, matching.match_lines(found))
        self.stdout.write(f"{count - 1} matches written to {output}")
