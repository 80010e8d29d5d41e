"""Make the people of the demo and say how to log in as them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgs import demo_cast, demo_people


class Command(BaseCommand):
    """The command."""

    help = "Make one person for each role, with a known password; only where nobody else reaches."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them and print how to log in."""
        try:
            demo_people.load()
        except demo_people.NotOnLoopback:
            raise CommandError(
                "The people of the demo have a password that everybody knows, and this "
                "installation can be reached from elsewhere. Set BIND=127.0.0.1 and let BASE_URL "
                "be an address of this machine, or sign up as everybody does."
            ) from None
        self.stdout.write(demo_cast.how_to_log_in())
