"""The texts of an edition in other languages, as tables that mirror the edition's own texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from assessments.catalogue.edition_keys import (
    KEY_OF_LEVEL_TEXTS,
    TRANSLATED_CRITERION_KEYS,
    TRANSLATED_DIMENSION_KEYS,
    TRANSLATION_KEYS,
    misplaced,
)
from assessments.catalogue.key_tables import Findings, check_name
from assessments.catalogue.mistakes import Fault, choose_from, meant, shown, step_to
from assessments.catalogue.plain_values import LANGUAGE
from assessments.scoring import terms


@dataclass(frozen=True)
class Originals:
    """What a translation may translate; a criterion that could not be read is None."""

    language: str
    dimensions: tuple[str, ...]
    criteria: Mapping[str, terms.Criterion | None]


def read(tag: str, raw: object, originals: Originals, found: Findings) -> terms.Translation:
    """The texts of one language; what is wrong with them goes to `found`."""
    place = f"translations{step_to(tag)}"
    check_name(tag, LANGUAGE, place, found)
    if tag == originals.language:
        remedy = "Take it out, or correct the language in [edition]."
        found.add(place, [Fault("This is the language of the edition itself.", remedy)])
    given = found.sift(raw, TRANSLATION_KEYS, place)
    dimensions: dict[str, terms.Texts] = {}
    for slug, table in given.get("dimensions", {}).items():
        where = f"{place}.dimensions{step_to(slug)}"
        _check_known(slug, originals.dimensions, "dimension", where, found)
        dimensions[slug] = _written(found.sift(table, TRANSLATED_DIMENSION_KEYS, where))
    criteria: dict[str, terms.Texts] = {}
    levels: dict[str, terms.Texts] = {}
    for slug, table in given.get("criteria", {}).items():
        where = f"{place}.criteria{step_to(slug)}"
        _check_known(slug, originals.criteria, "criterion", where, found)
        texts = found.sift(table, TRANSLATED_CRITERION_KEYS, where)
        if isinstance(table, Mapping) and (criterion := originals.criteria.get(slug)):
            found.add(where, misplaced(table, TRANSLATED_CRITERION_KEYS, criterion.kind, None))
            _check_levels(texts, criterion, where, found)
        # Keys of other kinds are refused above, so at most one of these has texts of levels.
        of_levels = [texts.pop(key) for key in KEY_OF_LEVEL_TEXTS.values() if key in texts]
        levels[slug] = _written(of_levels[0]) if of_levels else {}
        criteria[slug] = _written(texts)
    return terms.Translation(
        edition=_written(given.get("edition", {})),
        dimensions=_written(dimensions),
        criteria=_written(criteria),
        levels=_written(levels),
    )


def _check_levels(
    texts: Mapping[str, Any], criterion: terms.Criterion, place: str, found: Findings
) -> None:
    key = KEY_OF_LEVEL_TEXTS.get(criterion.kind, "")
    for name in texts.get(key, {}):
        where = f"{place}.{key}{step_to(name)}"
        _check_known(name, criterion.positions, "level", where, found)


def _check_known(name: str, known: Iterable[str], what: str, place: str, found: Findings) -> None:
    """A translation of what is not there is a slip of the pen."""
    if name not in (names := tuple(known)):
        if what == "level":
            dropped = "if you dropped it, delete this text too."
            remedy = choose_from(name, names, "Those that are there", dropped)
        else:
            remedy = meant(name, names, f"delete this table, or add the {what}.")
        found.add(place, [Fault(f"There is no {what} {shown(name)}.", remedy)])


Value = TypeVar("Value", str, terms.Texts)


def _written(texts: Mapping[str, Value]) -> dict[str, Value]:
    """What has been translated: an empty text is one still to come, like a missing one."""
    return {name: value for name, value in texts.items() if value}
