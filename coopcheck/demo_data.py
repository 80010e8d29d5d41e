"""Fill an empty database with the default edition, fictional organisations and people, once."""

from __future__ import annotations

import sys

import django
from django.core.management import CommandError, call_command
from django.db import transaction

from coopcheck import env


def load_once() -> bool:
    """Load all of it or nothing, unless an edition is there already; says whether it loaded."""
    from assessments.models import Edition

    if Edition.objects.exclude(published_at=None).exists():
        return False
    catalogue = env.ROOT / "assessments" / "catalogue"
    with transaction.atomic():
        call_command("load_edition", str(catalogue / "default.toml"), "--publish")
        call_command("load_assessments", str(catalogue / "demo.json"))
    call_command("recompute_compatibility")
    return True


def load_people() -> None:
    """Have one person for each role, where only this machine reaches them."""
    from orgs import demo_people

    if env.IS_LOOPBACK:
        demo_people.load()


def main() -> int:
    """Load once; the exit status tells, and the errors say what to mend."""
    django.setup()
    try:
        load_once()
        load_people()
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
