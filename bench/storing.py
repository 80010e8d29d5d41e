"""What the database adds: storing the results, and from a published answer to a fresh list.

Run in a process of its own, on a database that is made for it and thrown away, of the kind that
DATABASE_URL says: python -m bench.storing 10000
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

LONGEST = 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main(organisations: int, rounds: int) -> None:
    """Say what it took in seconds, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopcheck.settings")
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection

        # A file, as it is in use, and not the memory that tests are content with.
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        settings.ALLOWED_HOSTS = ["*"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            print(json.dumps(_measured(organisations, rounds)))
        finally:
            connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def _measured(organisations: int, rounds: int) -> dict[str, Any]:
    from django.db import connection

    from assessments.models import Edition
    from assessments.world import read_world

    _fill(organisations)
    edition = Edition.objects.current()
    assert edition is not None
    world = read_world(edition)
    computing = _median(lambda: _compute(world), rounds)
    storing = _median(_storing(world), rounds)
    return {
        "database": connection.vendor,
        "organisations": organisations,
        "computing": computing,
        "storing": storing,
        **_fresh(rounds),
    }


def _median(run: Callable[[], object], rounds: int) -> float:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return median(taken)


def _compute(world: Any) -> Any:
    from assessments.compatibility import all_pairs

    return all_pairs.best_of_all(world.encoded, LONGEST)


def _storing(world: Any) -> Callable[[], object]:
    """Storing all results, a block of them at a time, from the arrays that the engine gives."""
    from assessments import keeping, stored

    found = _compute(world)

    def run() -> None:
        computed = list(stored.of_lists(world, 0, found))
        for start in range(0, len(computed), keeping.BLOCK):
            stored.write(world.as_of, computed[start : start + keeping.BLOCK], {})

    return run


def _fill(organisations: int) -> None:
    """An edition, and so many organisations with a sheet each."""
    from assessments import curation
    from assessments.compatibility.frame import Frame
    from assessments.models import Assessment, Edition, Revision, Sheet
    from bench import worlds
    from orgs.models import Organisation

    terms = worlds.edition()
    curation.load(terms, publish_at=NOW)
    edition = Edition.objects.get()
    frame = Frame.of(terms)
    packed = worlds.packed(worlds.rows(frame, organisations))
    made = Organisation.objects.bulk_create(
        Organisation(slug=f"o{place:06}", name=f"O {place}", search_text=f"o {place}")
        for place in range(organisations)
    )
    Revision.objects.get_or_create(pk=1, defaults={"value": 1})
    published = Assessment.objects.bulk_create(
        Assessment(organisation=one, edition=edition, number=1) for one in made
    )
    Assessment.objects.update(published_at=NOW)
    Sheet.objects.bulk_create(
        Sheet(
            organisation=one,
            assessment=assessment,
            edition=edition,
            row=row,
            revision=1,
        )
        for one, assessment, row in zip(made, published, packed, strict=True)
    )


def _fresh(rounds: int) -> dict[str, float]:
    """Publish one organisation's changed answer, then ask for its list: the page, as it is sent."""
    from django.test import Client
    from django.urls import reverse

    from assessments import loading
    from assessments.catalogue.organisations_file import OrganisationEntry
    from assessments.models import Edition
    from assessments.scoring.terms import Answer, Requirements

    edition = Edition.objects.current()
    assert edition is not None
    slugs = [criterion.slug for criterion in edition.as_terms().criteria]
    client = Client()
    page = reverse("matches", args=["o000000"])
    client.get(page)
    publishing, listing = [], []
    for number in range(rounds):
        level = ("l3", "l2")[number % 2]
        answers = {slug: Answer(level=level) for slug in slugs}
        entry = OrganisationEntry("o000000", "O 0", {}, answers, Requirements(threshold=40))
        start = time.perf_counter()
        loading.publish_all([entry], edition, at=NOW)
        between = time.perf_counter()
        shown = client.get(page)
        end = time.perf_counter()
        if shown.status_code != 200:
            raise RuntimeError(f"{page} answered {shown.status_code}")
        publishing.append(between - start)
        listing.append(end - between)
    return {"publishing": median(publishing), "list_on_page": median(listing)}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
