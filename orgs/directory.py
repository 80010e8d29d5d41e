"""The organisations as they describe themselves: entered, described anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orgs.models import Organisation

DESCRIPTIVE = [
    "name",
    "country",
    "place",
    "latitude",
    "longitude",
    "website",
    "summary",
    "sectors",
    "legal_form",
    "size_class",
    "languages",
    "licence",
]
"""The keys by which an organisation describes itself."""


HELD_AT_A_TIME = 500


def hold_all(slugs: Iterable[str]) -> None:
    """Keep other changes of some organisations waiting until this transaction ends.

    Always in the same order, so that of two who hold many neither waits for the other for ever.
    """
    ordered = sorted(slugs)
    for start in range(0, len(ordered), HELD_AT_A_TIME):
        some = Organisation.objects.filter(slug__in=ordered[start : start + HELD_AT_A_TIME])
        list(some.order_by("slug").select_for_update(no_key=True).values_list("pk", flat=True))


def describe_all(
    described: Sequence[tuple[str, Mapping[str, object]]],
) -> tuple[dict[str, Organisation], int]:
    """Found or describe anew many organisations, each by slug and the keys given.

    Keys that are not given stay as they are. Returns all of them by slug, and how many are new.
    """
    there = Organisation.objects.in_bulk([slug for slug, _ in described], field_name="slug")
    new: list[Organisation] = []
    changed: list[Organisation] = []
    for slug, given in described:
        keys = {key: _as_kept(value) for key, value in given.items()}
        organisation = there.get(slug)
        if organisation is None:
            organisation = Organisation(slug=slug, **keys)
            organisation.renew_search_text()
            new.append(organisation)
        elif any(getattr(organisation, key) != value for key, value in keys.items()):
            for key, value in keys.items():
                setattr(organisation, key, value)
            organisation.renew_search_text()
            changed.append(organisation)
    founded = Organisation.objects.bulk_create(new)
    if changed:
        Organisation.objects.bulk_update(changed, [*DESCRIPTIVE, "search_text"], batch_size=200)
    return there | {organisation.slug: organisation for organisation in founded}, len(founded)


class Conflict(Exception):
    """A description was changed after it was read; `differs` are the keys that stand otherwise."""

    def __init__(self, organisation: Organisation, differs: Sequence[str]) -> None:
        self.organisation = organisation
        self.differs = differs
        super().__init__(organisation.slug)


def mark(organisation: Organisation) -> str:
    """A short sign of a description as it stands: the same as long as nobody changes it."""
    written = json.dumps([getattr(organisation, key) for key in DESCRIPTIVE])
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def describe(organisation: Organisation, *, described: Mapping[str, object], seen: str) -> None:
    """Describe an organisation anew by the keys given; its slug stays.

    The organisation is held by whoever calls, and `seen` is the mark of the description that the
    person read. Raises Conflict, with nothing changed, where another stands there by now.
    """
    wanted = {key: _as_kept(value) for key, value in described.items()}
    if unknown := wanted.keys() - set(DESCRIPTIVE):
        raise ValueError(f"{min(unknown)} does not describe an organisation")
    differs = [key for key, value in wanted.items() if getattr(organisation, key) != value]
    if differs and seen != mark(organisation):
        raise Conflict(organisation, differs)
    for key in differs:
        setattr(organisation, key, wanted[key])
    organisation.save(update_fields=[*differs, "search_text"])


def _as_kept(value: object) -> Any:
    """A value as it comes back from the database, so that the same is seen to be the same."""
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value
