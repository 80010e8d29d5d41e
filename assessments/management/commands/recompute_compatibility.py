"""Bring every stored result up to date, here and now; needs no broker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from assessments import keeping
from assessments.management.commands._terminal import bars


class Command(BaseCommand):
    """recompute_compatibility."""

    help = "Brings every stored result up to date, here and now."

    def handle(self, **_: Any) -> None:
        """Compute what is stale, until nothing is."""
        count = 0
        with bars() as report:
            while done := keeping.refresh(report=report):
                count += done
        self.stdout.write(f"{count} results brought up to date.")
