"""Name who keeps the criteria."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orgs.models import User


class Command(BaseCommand):
    """The command."""

    help = "Make a person a curator, who keeps the criteria; with --end, no longer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and whether it ends."""
        parser.add_argument("email", help="the address with which the person logs in")
        parser.add_argument("--end", action="store_true", help="they are no curator any more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name them, or end it."""
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(
                f"Nobody has signed up with {options['email']}. Sign up first, then name them."
            )
        person.is_curator = not options["end"]
        person.save(update_fields=["is_curator"])
        now = "a curator" if person.is_curator else "no curator any more"
        self.stdout.write(f"{person.email} is {now}.")
