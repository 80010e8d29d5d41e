"""A random world in the database, whose organisations publish, change and withdraw at random."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from assessments.models import Edition, Sheet
from tests.assessments.commands import run, written
from tests.reference import worlds


def current() -> Edition:
    """The current edition."""
    edition = Edition.objects.current()
    assert edition is not None
    return edition


class Changing:
    """One world; `everybody` are the organisations that might publish, and what they might say."""

    def __init__(self, folder: Path, seed: int, *, organisations: int, criteria: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        edition, self._document = worlds.world(seed, organisations, criteria)
        self.everybody: list[dict[str, Any]] = self._document["organisations"]
        run("load_edition", written(folder, "e.toml", worlds.edition_toml(edition)), "--publish")

    def load(self, *organisations: dict[str, Any]) -> None:
        """Publish what some say."""
        document = {**self._document, "organisations": list(organisations)}
        run("load_assessments", written(self.folder, "o.json", worlds.document_json(document)))

    def go_on(self) -> None:
        """One to three changes: mostly somebody says what another might have said, or withdraws."""
        for _ in range(self.chance.randint(1, 3)):
            there = list(Sheet.objects.values_list("pk", flat=True))
            if self.chance.random() < 0.3 and len(there) > 1:
                Sheet.objects.get(pk=self.chance.choice(there)).delete()
            else:
                one, other = self.chance.sample(self.everybody, 2)
                self.load({**other, "slug": one["slug"], "name": one["name"]})
