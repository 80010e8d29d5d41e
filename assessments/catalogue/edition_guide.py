"""How an edition is written: every key of the file, what it is, what it may hold, its default.

What a key may hold and what it is by default come from the very checks and terms that read a file;
only what it is for is said here, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields

from assessments.catalogue.edition_keys import (
    ALL_KINDS,
    ALL_ROLES,
    BAND_KEYS,
    CRITERION_KEYS,
    DIMENSION_KEYS,
    EDITION_KEYS,
    LEVEL_KEYS,
    CriterionKey,
)
from assessments.catalogue.key_tables import Key
from assessments.catalogue.mistakes import listed
from assessments.scoring import licences, terms


@dataclass(frozen=True, slots=True)
class Line:
    """One key: what it is for, what to write, and what it is where it is left out.

    `only`: the kinds or roles that have it; empty if all have it.
    """

    key: str
    purpose: str
    allowed: str
    default: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The keys of one table of the file."""

    title: str
    table: str
    lines: tuple[Line, ...]


EXAMPLE = """\
[edition]
slug = "commons-first-2027"
title = "Commons first 2027"

[dimensions.commons]
title = "Commons stewardship"

[criteria.commons-rules]
dimension = "commons"
question = "Are the rules of your main commons written and public?"
kind = "practice"
texts = {yes = "They are public.", no = "They are not."}
importance = 3
must_reach = "yes"

[criteria.decisions]
dimension = "commons"
question = "How do members decide?"
kind = "choice"
role = "similarity"
levels = [ {slug = "vote", text = "Majority vote"}, {slug = "consent", text = "Consent"} ]

[translations.es.criteria.decisions]
question = "¿Cómo deciden los socios?"
levels = {vote = "Por mayoría", consent = "Por consentimiento"}
"""
"""A whole edition, as short as one can be that shows how it goes."""

ROWS_EXAMPLE = """\
[[criteria.decisions.levels]]
slug = "vote"
text = "Majority vote"

[[criteria.decisions.levels]]
slug = "consent"
text = "Consent"
"""
"""The levels of the example, written as tables."""

EDITION = {
    "slug": "its short name in addresses; every edition has one of its own",
    "title": "what it is called",
    "language": "in which its texts are written",
    "threshold": "the standard bar: so many percent satisfaction are enough. These pages say “bar”",
    "description": "what it asks about, above the criteria",
    "licence": "the licence of its texts",
}
DIMENSION = {"title": "what it is called", "question": "what its criteria ask about, together"}
CRITERION = {
    "dimension": "the slug of the dimension to which it belongs",
    "question": "what is asked",
    "why": "why it is asked",
    "example": "what would be a Yes",
    "counter_example": "what would not",
    "shows": "what evidence would show it",
    "source": "where the question comes from",
    "reason": "why it is a deal-breaker or decides the headline",
    "kind": "how it is answered",
    "texts": "the two answers as full sentences",
    "levels": "the answers one can choose from, in their order",
    "unit": "what the number counts, such as “%”",
    "bands": "from which number on which credit holds",
    "credits": "what each class of licences is worth, where it is not the usual",
    "facet": "whether it asks what the rules say or what happened",
    "principles": "which of the seven co-operative principles it tests, by number",
    "role": "judged on credit (standard), on being alike (similarity), or not scored (none)",
    "agreement": "whether near answers are nearly alike (ordered) or only the same ones (exact)",
    "importance": "its weight in the standard policy",
    "must_reach": "the standard deal-breaker: the slug of the level to reach (of a band such as "
    "“from-1”, of licences a class such as “copyleft”), or “same”",
    "headline": "whether it takes part in the headline answer; it needs a must_reach then",
    "reversed": "whether “no” is the good answer",
    "core": "whether it is asked first",
    "evidence": "whether an answer needs a link that shows it",
    "allow_na": "whether “does not apply to us” may be answered",
    "na_meets": "whether that meets a deal-breaker",
    "meaning": "raise it by one where the question asks something else now, and wherever its kind, "
    "“reversed”, its levels, bands, their slugs or credits change: earlier answers and own "
    "requirements on it then stop counting",
}
LEVEL = {
    "slug": "its short name, by which must_reach and answers name it",
    "credit": "what the answer is worth",
    "text": "the answer in words",
}
BAND = {
    "from": "the number from which it holds, up to the next band. The slug of the band is “from-” "
    "and this number: “from-1”, “from-0.1”",
    "credit": "what the answer is worth",
    "text": "the answer in words",
}
_DEFAULTS = {
    ("criteria", "role"): f"“{terms.Role.STANDARD}”, for offers “{terms.Role.NONE}”",
    ("criteria", "credits"): ", ".join(
        f"{name} {credit}"
        for name, credit in zip(licences.CLASSES, licences.DEFAULT_CREDITS, strict=True)
    ),
    ("levels", "credit"): f"none; needed where the role is “{terms.Role.STANDARD}”",
    ("bands", "credit"): f"none; needed where the role is “{terms.Role.STANDARD}”",
}
"""Defaults that depend on something else."""


def guide() -> tuple[Part, ...]:
    """Every key of an edition file, table by table."""
    return (
        _part("The edition", "[edition]", EDITION_KEYS, EDITION, terms.Edition),
        _part("A dimension", "[dimensions.commons]", DIMENSION_KEYS, DIMENSION, terms.Dimension),
        _part(
            "A criterion", "[criteria.commons-rules]", CRITERION_KEYS, CRITERION, terms.Criterion
        ),
        _part("A level of a choice", "levels", LEVEL_KEYS, LEVEL, terms.Level),
        _part("A band of a share", "bands", BAND_KEYS, BAND, terms.Level),
    )


def _part(
    title: str,
    table: str,
    keys: Mapping[str, Key],
    purposes: Mapping[str, str],
    what: type[terms.Edition | terms.Dimension | terms.Criterion | terms.Level],
) -> Part:
    defaults = {field.name: field.default for field in fields(what)}
    name = table.strip("[]").partition(".")[0]
    return Part(
        title,
        table,
        tuple(
            Line(
                key,
                purposes[key],
                found.check.expected,
                "" if found.required else _default(name, key, found, defaults.get(key, MISSING)),
                _only(found),
            )
            for key, found in keys.items()
        ),
    )


def _default(table: str, key: str, found: Key, value: object) -> str:
    """What a key is where it is left out; empty if it cannot be left out."""
    if (table, key) in _DEFAULTS:
        return _DEFAULTS[table, key]
    if isinstance(found, CriterionKey) and found.needed:
        return ""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str() if value:
            return f"“{value}”"
        case _:
            return "none"


def _only(key: Key) -> str:
    if not isinstance(key, CriterionKey):
        return ""
    if key.kinds != ALL_KINDS:
        return f"kind {listed(key.kinds)}"
    return f"role {listed(key.roles)}" if key.roles != ALL_ROLES else ""
