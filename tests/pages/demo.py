"""The demo as the tests of pages see it: loaded through the same verbs as the commands use."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from assessments import curation, loading
from assessments.catalogue import edition_file, organisations_file
from assessments.catalogue.organisations_file import OrganisationEntry
from assessments.models import Edition
from assessments.scoring import terms

CATALOGUE = Path(loading.__file__).parent / "catalogue"
PUBLISHED_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def default() -> terms.Edition:
    """The default edition as its file has it."""
    return edition_file.read_bytes((CATALOGUE / "default.toml").read_bytes())


def publish_default() -> Edition:
    """Load and publish the default edition; it is the current one then."""
    return publish_edition(default())


def publish_edition(edition: terms.Edition) -> Edition:
    """Load and publish an edition; it is the current one then."""
    curation.load(edition, publish_at=PUBLISHED_AT)
    return Edition.objects.get(slug=edition.slug)


def entries() -> tuple[OrganisationEntry, ...]:
    """The fictional organisations as their file has them."""
    document = organisations_file.read((CATALOGUE / "demo.json").read_bytes(), default())
    return document.organisations


def publish(organisations: Sequence[OrganisationEntry], edition: Edition) -> None:
    """Publish what some organisations have answered."""
    loading.publish_all(organisations, edition, at=PUBLISHED_AT)


def load() -> Edition:
    """The default edition with all fictional organisations."""
    edition = publish_default()
    publish(entries(), edition)
    return edition


@contextmanager
def rolled_back() -> Iterator[None]:
    """Whatever is stored inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def many(count: int) -> list[OrganisationEntry]:
    """So many organisations: the fictional ones, then the same again under new slugs."""
    first = entries()
    return [
        one
        if not repetition
        else dataclasses.replace(
            one, slug=f"{one.slug}-{repetition}", name=f"{one.name} {repetition}"
        )
        for repetition in range(count // len(first) + 1)
        for one in first
    ][:count]
