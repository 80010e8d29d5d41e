"""One edition as a TOML file: reading it, with all that is wrong told at once, and writing it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from typing import TypeAlias

import tomli_w

from assessments.catalogue import edition_criteria, edition_syntax, edition_translations
from assessments.catalogue.edition_keys import (
    DIMENSION_KEYS,
    EDITION_KEYS,
    FILE_KEYS,
    KEY_OF_LEVEL_TEXTS,
)
from assessments.catalogue.key_tables import Findings, check_name
from assessments.catalogue.mistakes import WHOLE_FILE, step_to
from assessments.catalogue.plain_values import (
    GREATEST_DIGITS,
    SLUG,
    decoded,
    read_decimal,
)
from assessments.scoring import licences, terms
from assessments.scoring.problems import Problem, Refused
from assessments.scoring.terms import Kind


class Unreadable(Refused):
    """A file has mistakes; `readable`: what could be read of it, without what could not.

    It is None where not even the slug and the title could.
    """

    def __init__(self, problems: Iterable[Problem], readable: terms.Edition | None) -> None:
        super().__init__(problems)
        self.readable = readable


Described: TypeAlias = terms.Edition | terms.Dimension | terms.Criterion
Levels: TypeAlias = tuple[terms.Level, ...]

DEFAULT_LANGUAGE = "en"
EDITION_ORDER = ("slug", "title", "language", "threshold", "description", "licence")
CRITERION_ORDER = (
    *("dimension", "question", "why", "example", "counter_example", "shows", "source", "reason"),
    *("kind", "unit", "facet", "principles", "role", "agreement", "importance", "must_reach"),
    *("headline", "reversed", "core", "evidence", "allow_na", "na_meets", "meaning"),
)
"""The keys of a criterion in the order in which they are written; its levels follow."""


def read(text: str) -> terms.Edition:
    """The edition that a file's text describes; raises Refused with all that is wrong with it."""
    return _edition(_parsed(text))


def read_bytes(data: bytes) -> terms.Edition:
    """The edition in the bytes of a file, which must be UTF-8; raises Refused as `read` does."""
    return read(decoded(data))


def _edition(raw: Mapping[str, object]) -> terms.Edition:
    """The edition that the tables of a file describe; raises Refused with all that is wrong."""
    found = Findings()
    tables = found.sift(raw, FILE_KEYS, "")
    head = found.sift(tables["edition"], EDITION_KEYS, "edition") if "edition" in tables else {}
    dimensions = {
        slug: _dimension(slug, table, found) for slug, table in tables.get("dimensions", {}).items()
    }
    criteria = {
        slug: edition_criteria.read(slug, table, tuple(dimensions), found)
        for slug, table in tables.get("criteria", {}).items()
    }
    language = head.get("language", DEFAULT_LANGUAGE)
    originals = edition_translations.Originals(language, tuple(dimensions), criteria)
    translations = {
        tag: edition_translations.read(tag, table, originals, found)
        for tag, table in tables.get("translations", {}).items()
    }
    whole = None
    if {"slug", "title"} <= head.keys():
        whole = terms.Edition(
            **head,
            dimensions=tuple(filter(None, dimensions.values())),
            criteria=tuple(filter(None, criteria.values())),
            translations=translations,
        )
    if whole is None or found.problems:
        raise Unreadable(found.problems, whole)
    return whole


def _dimension(slug: str, raw: object, found: Findings) -> terms.Dimension | None:
    place = f"dimensions{step_to(slug)}"
    check_name(slug, SLUG, place, found)
    given = found.sift(raw, DIMENSION_KEYS, place)
    return terms.Dimension(slug, **given) if "title" in given else None


def _parsed(text: str) -> dict[str, object]:
    """The tables of a TOML text; raises NoToml at the first that is none."""
    text = text.removeprefix("\ufeff")
    try:
        return tomllib.loads(text, parse_float=read_decimal)
    except tomllib.TOMLDecodeError as error:
        problem = edition_syntax.problem(text, str(error))
    except RecursionError:
        remedy = "Write lists and tables at most three deep, as the other editions do."
        problem = Problem(WHOLE_FILE, "Lists or tables are nested too deep.", remedy)
    except ValueError:
        # The one other error that the reader knows is Python's limit for the length of integers.
        remedy = f"Write numbers of at most {GREATEST_DIGITS} digits."
        problem = Problem(WHOLE_FILE, "A number has thousands of digits.", remedy)
    raise edition_syntax.NoToml([problem])


def write(edition: terms.Edition) -> str:
    """The TOML text of an edition, from which `read` gives an equal one.

    What equals a default is left out.
    """
    document = {
        "edition": _given(edition, EDITION_ORDER),
        "dimensions": {
            dimension.slug: _given(dimension, ("title", "question"))
            for dimension in edition.dimensions
        },
        "criteria": {criterion.slug: _criterion_table(criterion) for criterion in edition.criteria},
        "translations": {
            tag: _translation_table(translation, edition)
            for tag, translation in edition.translations.items()
        },
    }
    filled = {name: table for name, table in document.items() if table}
    text = tomli_w.dumps(filled)
    # A text over several lines would lose the carriage returns that somebody put into it.
    return text if r"\r\n" in text else tomli_w.dumps(filled, multiline_strings=True)


def _given(thing: Described, names: Iterable[str]) -> dict[str, object]:
    """Those fields of a dataclass that differ from their defaults, in the order of the names."""
    defaults = {field.name: field.default for field in fields(thing)}
    values = {name: getattr(thing, name) for name in names}
    return {
        # The writer takes a word of an enumeration for a text, but asks for lists.
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value != defaults[name]
    }


def _criterion_table(criterion: terms.Criterion) -> dict[str, object]:
    table = _given(criterion, CRITERION_ORDER)
    if criterion.kind is Kind.OFFERS:
        # Its role is none by default, as it is in every edition.
        del table["role"]
    levels = WRITERS[criterion.kind](criterion.levels)
    return {**table, **{key: value for key, value in levels.items() if value}}


def _texts(levels: Levels) -> dict[str, object]:
    return {"texts": {level.slug: level.text for level in levels if level.text}}


def _choices(levels: Levels) -> dict[str, object]:
    return {"levels": [_row({"slug": level.slug}, level) for level in levels]}


def _bands(levels: Levels) -> dict[str, object]:
    return {"bands": [_row({"from": _shortest(level.bound)}, level) for level in levels]}


def _credits(levels: Levels) -> dict[str, object]:
    return {
        "credits": {
            level.slug: level.credit
            for level, credit in zip(levels, licences.DEFAULT_CREDITS, strict=True)
            if level.credit != credit
        }
    }


def _nothing(levels: Levels) -> dict[str, object]:
    return {}


WRITERS: Mapping[Kind, Callable[[Levels], dict[str, object]]] = {
    Kind.PRACTICE: _texts,
    Kind.CHOICE: _choices,
    Kind.SHARE: _bands,
    Kind.LICENCES: _credits,
    Kind.OFFERS: _nothing,
}


def _row(row: dict[str, object], level: terms.Level) -> dict[str, object]:
    if level.credit is not None:
        row["credit"] = level.credit
    if level.text:
        row["text"] = level.text
    return row


def _shortest(bound: Decimal | None) -> int | Decimal:
    """The bound of a band as a person would write it: 3, not 3.0."""
    if bound is None:
        raise ValueError("a band without a bound")
    return int(bound) if bound == int(bound) else bound


def _translation_table(translation: terms.Translation, edition: terms.Edition) -> dict[str, object]:
    criteria: dict[str, dict[str, object]] = {
        slug: dict(texts) for slug, texts in translation.criteria.items()
    }
    for slug, texts in translation.levels.items():
        key = KEY_OF_LEVEL_TEXTS[edition.by_slug[slug].kind]
        criteria.setdefault(slug, {})[key] = dict(texts)
    tables = {
        "edition": dict(translation.edition),
        "dimensions": {slug: dict(texts) for slug, texts in translation.dimensions.items()},
        "criteria": criteria,
    }
    return {name: table for name, table in tables.items() if table}
