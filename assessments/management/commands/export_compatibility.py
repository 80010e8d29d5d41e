"""Write the pairs, all or those of one organisation, as CSV."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments import matching
from assessments.management.commands._terminal import (
    bars,
    current_edition,
    organisation_with_sheet,
    write_lines,
)


class Command(BaseCommand):
    """export_compatibility --output FILE [--organisation SLUG]."""

    help = "Writes the pairs as CSV: all, or all of one organisation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and perhaps one organisation."""
        parser.add_argument("--output", required=True, metavar="FILE")
        parser.add_argument("--organisation", metavar="SLUG")

    def handle(self, *, output: str, organisation: str | None, **_: Any) -> None:
        """Write the file whole, or leave the one before."""
        edition = current_edition()
        chosen = None if organisation is None else organisation_with_sheet(organisation)
        with bars() as report:
            count = write_lines(output, matching.pair_lines(edition, chosen, report=report))
        self.stdout.write(f"{count - 1} pairs written to {output}")
