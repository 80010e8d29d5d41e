"""The cast: organisations that everybody knows, under one small edition, for all tests.

Alder is complete. Birch fits Alder, Cedar is refused by Alder, and Dogwood has answered half. They
come in through the same files and verbs as everybody else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from assessments import curation, facts, loading, world
from assessments.catalogue import edition_file, organisations_file
from assessments.models import Edition, criteria
from orgs.models import Organisation

EDITION_PUBLISHED_AT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ASSESSMENTS_PUBLISHED_AT = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)

SMALL_TOML = """\
[edition]
slug = "small"
title = "A small edition"
threshold = 60
description = "A criterion of every kind, for tests."
licence = "CC-BY-SA-4.0"

[dimensions.commons]
title = "Commons stewardship"
question = "What do you keep open for others?"

[dimensions.democracy]
title = "Democracy"

[criteria.rules]
dimension = "commons"
question = "Are the rules of your main commons written and public?"
why = "Rules that one can read can be kept."
example = "A page with the rules."
counter_example = "Everybody knows them."
shows = "A link to the rules."
source = "Ostrom 1990"
reason = "Without rules, no commons."
kind = "practice"
texts = {yes = "They are public.", no = "They are not."}
facet = "form"
principles = [7]
importance = 3
must_reach = "yes"
headline = true
core = true
evidence = "required"

[criteria.losses]
dimension = "democracy"
question = "Are losses put on those who work?"
kind = "practice"
reversed = true
facet = "function"
principles = [3]
importance = 2
allow_na = true
na_meets = true

[criteria.release-delay]
dimension = "commons"
question = "How long do you wait before you publish?"
kind = "choice"
facet = "function"
principles = [7]
importance = 2
levels = [
  {slug = "never", credit = 0, text = "We do not"},
  {slug = "soon", credit = 60, text = "Within three months"},
  {slug = "at-once", credit = 100},
]

[criteria.decisions]
dimension = "democracy"
question = "How do members decide?"
kind = "choice"
role = "similarity"
agreement = "ordered"
importance = 2
levels = [
  {slug = "vote", text = "Majority vote"},
  {slug = "consent", text = "Consent"},
  {slug = "consensus", text = "Consensus"},
]

[criteria.outflow]
dimension = "commons"
question = "What share of the surplus goes to others?"
kind = "share"
unit = "%"
facet = "function"
principles = [7]
importance = 3
bands = [
  {from = 0, credit = 0},
  {from = 0.01, credit = 30},
  {from = 3, credit = 60},
  {from = 10, credit = 100, text = "A tenth"},
]

[criteria.licences]
dimension = "commons"
question = "Under which licences do you publish?"
kind = "licences"
principles = [7]
importance = 2

[criteria.exchange]
dimension = "commons"
question = "What do you offer, and what do you need?"
kind = "offers"

[translations.es.edition]
title = "Una edición pequeña"

[translations.es.criteria.rules]
question = "¿Están escritas y publicadas las reglas?"
texts = {yes = "Son públicas."}

[translations.es.criteria.outflow]
bands = {"from-10" = "Un diezmo"}
"""
"""An edition with a criterion of every kind, under the slug `small`."""

ALDER: dict[str, Any] = {
    "slug": "alder",
    "name": "Alder",
    "country": "GB",
    "place": "Leeds",
    "latitude": 53.8,
    "longitude": -1.55,
    "website": "https://alder.example",
    "summary": "We host what others write.",
    "sectors": ["hosting"],
    "legal_form": "community interest company",
    "size_class": "2-9",
    "languages": ["en"],
    "answers": {
        "rules": {"level": "yes", "evidence": ["https://alder.example/rules"]},
        "losses": {"na": "no loss since 2015"},
        "release-delay": {"level": "at-once", "note": "Since 2019."},
        "decisions": {"level": "consent"},
        "outflow": {"value": 4.5},
        "licences": {"licences": ["AGPL-3.0-or-later", "CC-BY-SA-4.0"]},
        "exchange": {"offers": ["web hosting"], "needs": ["legal advice"]},
    },
    "requirements": {
        "threshold": 70,
        "criteria": {"decisions": {"importance": 4}, "losses": {"must_reach": "no"}},
    },
}
BIRCH: dict[str, Any] = {
    "slug": "birch",
    "name": "Birch",
    "country": "ES",
    "place": "Cádiz",
    "answers": {
        "rules": {"level": "yes", "evidence": ["https://birch.example/reglas"]},
        "losses": {"level": "no"},
        "release-delay": {"level": "soon"},
        "decisions": {"level": "consent"},
        "outflow": {"value": 12},
        "licences": {"licences": ["CC-BY-SA-4.0"]},
        "exchange": {"needs": ["web hosting"]},
    },
}
CEDAR: dict[str, Any] = {
    "slug": "cedar",
    "name": "Cedar",
    "answers": {
        "rules": {
            "level": "yes",
            "reservation": "not all of them",
            "evidence": ["https://cedar.example/rules"],
        },
        "losses": {"level": "yes"},
        "release-delay": {"level": "never"},
        "decisions": {"level": "vote"},
        "outflow": {"value": 0},
        "licences": {"licences": ["LicenseRef-proprietary"]},
    },
    "requirements": {"threshold": 0, "criteria": {"rules": {"must_reach": None}}},
}
DOGWOOD: dict[str, Any] = {
    "slug": "dogwood",
    "name": "Dogwood",
    "answers": {
        "rules": {"level": "yes"},
        "release-delay": {"level": "at-once"},
        "decisions": {"unknown": True},
        "outflow": {"value": 5, "withheld": True},
    },
}


def edition_toml(slug: str = "small", *changes: tuple[str, str]) -> str:
    """The small edition under some slug, with pieces of its text replaced by others."""
    text = SMALL_TOML
    for old, new in (('slug = "small"', f'slug = "{slug}"'), *changes):
        if old not in text:
            raise ValueError(f"not in the small edition: {old}")
        text = text.replace(old, new, 1)
    return text


def document_json(*organisations: dict[str, Any], edition: str = "small") -> str:
    """A file of organisations."""
    return json.dumps({"edition": edition, "organisations": organisations})


def publish_edition(toml: str, *, at: datetime = EDITION_PUBLISHED_AT) -> Edition:
    """Load an edition and make it the current one."""
    read = edition_file.read(toml)
    curation.load(read, publish_at=at)
    return Edition.objects.get(slug=read.slug)


def publish_assessments(
    *organisations: dict[str, Any], at: datetime = ASSESSMENTS_PUBLISHED_AT
) -> loading.Tally:
    """Publish the assessments of some organisations under the current edition."""
    current = Edition.objects.get(state="published")
    text = document_json(*organisations, edition=current.slug)
    document = organisations_file.read(text, current.as_terms())
    return loading.publish_all(document.organisations, current, at=at)


@dataclass(frozen=True)
class Cast:
    """The small edition and the four who have published under it."""

    edition: Edition
    alder: Organisation
    birch: Organisation
    cedar: Organisation
    dogwood: Organisation


@pytest.fixture(autouse=True)
def forgotten_editions() -> None:
    """Forget editions and sheets of other tests, which the database has rolled back.

    So a test may publish another text in the place of a forgotten row, and counts the same
    queries whatever ran before it.
    """
    criteria._remembered.cache_clear()
    world.forget()
    facts.forget()


@pytest.fixture
def small_edition(db: None) -> Edition:
    """The small edition, current."""
    return publish_edition(SMALL_TOML)


@pytest.fixture
def cast(small_edition: Edition) -> Cast:
    """All four, published under the small edition."""
    publish_assessments(ALDER, BIRCH, CEDAR, DOGWOOD)
    by_slug = Organisation.objects.in_bulk(field_name="slug")
    return Cast(
        small_edition, by_slug["alder"], by_slug["birch"], by_slug["cedar"], by_slug["dogwood"]
    )


@pytest.fixture
def alder(cast: Cast) -> Organisation:
    """Alder is complete."""
    return cast.alder


@pytest.fixture
def birch(cast: Cast) -> Organisation:
    """Birch fits Alder."""
    return cast.birch


@pytest.fixture
def cedar(cast: Cast) -> Organisation:
    """Cedar is refused by Alder."""
    return cast.cedar


@pytest.fixture
def dogwood(cast: Cast) -> Organisation:
    """Dogwood has answered half."""
    return cast.dogwood
