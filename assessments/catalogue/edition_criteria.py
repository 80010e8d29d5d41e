"""One criterion of an edition file, from its table of keys to a criterion with its levels.

What each key may hold stands in `edition_keys`; here is what no key can tell by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from assessments.catalogue.edition_keys import (
    BAND_KEYS,
    CREDIT,
    CRITERION_KEYS,
    GREATEST_CREDIT,
    JUDGED,
    LEVEL_KEY_NAMES,
    LEVEL_KEYS,
    PRACTICE_TEXTS,
    ROLES_OF_KIND,
    misplaced,
)
from assessments.catalogue.key_tables import Findings, Key, check_name, sift
from assessments.catalogue.mistakes import Fault, choose_from, listed, shown, step_to
from assessments.catalogue.plain_values import SLUG
from assessments.scoring import licences, terms
from assessments.scoring.terms import Kind, Role

Given: TypeAlias = Mapping[str, Any]
"""The values of those keys that are given and right."""

Levels: TypeAlias = tuple[list[terms.Level], list[Fault]]
"""Levels as far as they can be read (a broken slug is empty), and what is wrong with them."""


def read(
    slug: str, raw: object, dimensions: tuple[str, ...], found: Findings
) -> terms.Criterion | None:
    """The criterion that a table describes; None, with all that is wrong in `found`, if it cannot.

    `dimensions` are the slugs that the file has.
    """
    place = f"criteria{step_to(slug)}"
    check_name(slug, SLUG, place, found)
    given, faults = sift(raw, CRITERION_KEYS)
    if not isinstance(raw, Mapping):
        found.add(place, faults)
        return None
    kind = given.get("kind")
    role, wrong_role = _role(raw, given)
    levels, wrong_levels = LEVELS_OF[kind](given, role) if kind else ([], [])
    faults += wrong_role + wrong_levels
    faults += misplaced(raw, CRITERION_KEYS, kind, role)
    faults += _unknown_dimension(given, dimensions)
    faults += _unreachable(given, role, levels)
    faults += _contradictions(raw, given, role)
    if faults:
        found.add(place, faults)
        return None
    fields = {name: value for name, value in given.items() if name not in LEVEL_KEY_NAMES}
    return terms.Criterion(slug, **{**fields, "role": role, "levels": tuple(levels)})


def _role(raw: Mapping[str, object], given: Given) -> tuple[Role | None, list[Fault]]:
    """The role, given or by default; None if it cannot be told."""
    kind = given.get("kind")
    if kind is None or ("role" in raw and "role" not in given):
        return given.get("role"), []
    role = given.get("role", Role.NONE if kind is Kind.OFFERS else Role.STANDARD)
    if role in ROLES_OF_KIND[kind]:
        return role, []
    remedy = f"Write {listed(ROLES_OF_KIND[kind])}, or another kind."
    return None, [Fault(f"A criterion of kind “{kind}” cannot have this role.", remedy, ".role")]


def _unknown_dimension(given: Given, dimensions: tuple[str, ...]) -> list[Fault]:
    slug = given.get("dimension")
    if slug is None or slug in dimensions:
        return []
    remedy = choose_from(slug, dimensions, "The dimensions are", "add its table.")
    return [Fault(f"There is no dimension {shown(slug)}.", remedy, ".dimension")]


def _unreachable(given: Given, role: Role | None, levels: list[terms.Level]) -> list[Fault]:
    """A fault if a deal-breaker asks for what no answer can be."""
    asked = given.get("must_reach")
    slugs = tuple(level.slug for level in levels)
    if asked is None or role not in JUDGED:
        return []
    if role is Role.SIMILARITY:
        if asked == terms.SAME:
            return []
        message = f"{shown(asked)} cannot be asked where the role is “{role}”."
        return [Fault(message, f'Write must_reach = "{terms.SAME}".', ".must_reach")]
    # Where a level could not be read, the one that is asked for may be just that.
    if asked in slugs or not slugs or not all(slugs):
        return []
    remedy = choose_from(asked, slugs, "The levels of this criterion are")
    return [Fault(f"There is no level {shown(asked)}.", remedy, ".must_reach")]


def _contradictions(raw: Mapping[str, object], given: Given, role: Role | None) -> list[Fault]:
    """A fault for each key that is true without what it rests on."""
    faults = []
    if given.get("headline") and role in (Role.SIMILARITY, Role.NONE):
        message = f"A criterion with the role “{role}” cannot be a headline criterion."
        faults.append(Fault(message, 'Write headline = false, or role = "standard".', ".headline"))
    elif given.get("headline") and "must_reach" not in raw:
        message = "A headline criterion needs a level that must be reached."
        faults.append(Fault(message, 'Add must_reach = "…" with a level.', ".headline"))
    if given.get("na_meets") and raw.get("allow_na", False) is False:
        message = "“Does not apply” cannot meet a deal-breaker where it cannot be answered."
        faults.append(Fault(message, "Add allow_na = true, or take na_meets out.", ".na_meets"))
    return faults


def _practice_levels(given: Given, role: Role | None) -> Levels:
    texts = given.get("texts", {})
    credits = (GREATEST_CREDIT, 0) if given.get("reversed") else (0, GREATEST_CREDIT)
    return [
        terms.Level(slug, credit, texts.get(slug, ""))
        for slug, credit in zip(PRACTICE_TEXTS, credits, strict=True)
    ], []


def _choice_levels(given: Given, role: Role | None) -> Levels:
    rows, faults = _rows("levels", given, LEVEL_KEYS, role)
    seen: set[str] = set()
    for index, row in enumerate(rows):
        slug = row.get("slug")
        if slug in seen:
            message = f"There is a level {shown(slug)} before this one."
            faults.append(
                Fault(message, "Give each level a slug of its own.", f".levels[{index}].slug")
            )
        elif slug:
            seen.add(slug)
    levels = [
        terms.Level(row.get("slug", ""), row.get("credit"), row.get("text", "")) for row in rows
    ]
    return levels, faults + _lacking_extremes("levels", levels, role)


def _share_levels(given: Given, role: Role | None) -> Levels:
    rows, faults = _rows("bands", given, BAND_KEYS, role)
    for index, (before, row) in enumerate(pairwise(rows), start=1):
        if "from" in before and "from" in row and before["from"] >= row["from"]:
            message = f"This band begins at {row['from']:f}, the one before at {before['from']:f}."
            remedy = "Write the bands from the least number to the greatest, and none twice."
            faults.append(Fault(message, remedy, f".bands[{index}].from"))
    levels = [
        terms.Level(
            band_slug(row["from"]) if "from" in row else "",
            row.get("credit"),
            row.get("text", ""),
            row.get("from"),
        )
        for row in rows
    ]
    return levels, faults + _lacking_extremes("bands", levels, role)


def _licence_levels(given: Given, role: Role | None) -> Levels:
    credits = given.get("credits", {})
    levels = [
        terms.Level(name, credits.get(name, credit))
        for name, credit in zip(licences.CLASSES, licences.DEFAULT_CREDITS, strict=True)
    ]
    return levels, _lacking_extremes("credits", levels, role)


def _no_levels(given: Given, role: Role | None) -> Levels:
    return [], []


LEVELS_OF: Mapping[Kind, Callable[[Given, Role | None], Levels]] = {
    Kind.PRACTICE: _practice_levels,
    Kind.CHOICE: _choice_levels,
    Kind.SHARE: _share_levels,
    Kind.LICENCES: _licence_levels,
    Kind.OFFERS: _no_levels,
}


def band_slug(bound: Decimal) -> str:
    """The slug of the band that begins at a number: in plain digits, without trailing zeros."""
    return f"from-{bound:f}"


def _rows(
    key: str, given: Given, keys: Mapping[str, Key], role: Role | None
) -> tuple[list[Given], list[Fault]]:
    """The rows of `levels` or `bands` as far as they are right, and the faults of the rest."""
    rows: list[Given] = []
    faults: list[Fault] = []
    for index, raw in enumerate(given.get(key, ())):
        row, wrong = sift(raw, keys)
        if role is Role.STANDARD and isinstance(raw, Mapping) and "credit" not in raw:
            message = "This key is missing, and the role “standard” needs it."
            wrong.append(Fault(message, f"Add it: {CREDIT.expected}.", ".credit"))
        rows.append(row)
        faults += [fault.under(f".{key}[{index}]") for fault in wrong]
    return rows, faults


_MOST_TOLD = 12
"""The credits of so many levels are told."""


def _lacking_extremes(key: str, levels: list[terms.Level], role: Role | None) -> list[Fault]:
    """A fault if the levels of a standard criterion do not go from credit 0 to credit 100."""
    credits = {level.credit for level in levels}
    # A credit that is missing or wrong is told already, and may be the very one.
    if role is not Role.STANDARD or not levels or None in credits:
        return []
    lacking = [str(credit) for credit in (0, GREATEST_CREDIT) if credit not in credits]
    if not lacking:
        return []
    remedy = "Give one the credit 0 and one 100: so importance means the same everywhere."
    word = {"bands": "band", "credits": "class of licences"}.get(key, "level")
    have = ", ".join(f"“{level.slug}” {level.credit}" for level in levels[:_MOST_TOLD])
    have += f" and {len(levels) - _MOST_TOLD} more" if len(levels) > _MOST_TOLD else ""
    message = f"No {word} has the credit {' or '.join(lacking)}. They have: {have}."
    return [Fault(message, remedy, f".{key}")]
