"""Every field of an edition's terms, changed one by one: what a comparison may not miss.

A row makes of an edition one that differs in one field, and says which words of the two have to be
seen. It begins with the small edition of the cast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from assessments.catalogue import edition_file
from assessments.scoring import terms
from assessments.scoring.terms import Agreement, Criterion, Edition, Evidence, Facet, Kind, Role
from tests.cast import SMALL_TOML

BEFORE = edition_file.read(SMALL_TOML.replace('slug = "small"', 'slug = "before"', 1))
WHAT = (terms.Edition, terms.Dimension, terms.Criterion, terms.Level, terms.Translation)


@dataclass(frozen=True)
class Row:
    """One field changed: how, and what is to be seen of it before and after."""

    change: Callable[[Edition], Edition]
    before: str
    after: str


def criterion(slug: str, /, **values: Any) -> Callable[[Edition], Edition]:
    """Some fields of one criterion."""
    return each_criterion(lambda one: replace(one, **values) if one.slug == slug else one)


def each_criterion(change: Callable[[Criterion], Criterion]) -> Callable[[Edition], Edition]:
    """Every criterion."""
    return lambda edition: replace(edition, criteria=tuple(map(change, edition.criteria)))


def dimension(slug: str, /, **values: Any) -> Callable[[Edition], Edition]:
    """Some fields of one dimension."""
    return lambda edition: replace(
        edition,
        dimensions=tuple(
            replace(one, **values) if one.slug == slug else one for one in edition.dimensions
        ),
    )


def level(slug: str, place: int, /, **values: Any) -> Callable[[Edition], Edition]:
    """Some fields of one level of a criterion, of which the meaning is another then."""

    def change(one: Criterion) -> Criterion:
        if one.slug != slug:
            return one
        levels = list(one.levels)
        levels[place] = replace(levels[place], **values)
        is_text = values.keys() == {"text"}
        return replace(one, levels=tuple(levels), meaning=one.meaning + (not is_text))

    return each_criterion(change)


def spanish(**values: Any) -> Callable[[Edition], Edition]:
    """Some texts of the translation."""
    return lambda edition: replace(
        edition, translations={"es": replace(edition.translations["es"], **values)}
    )


def edition(**values: Any) -> Callable[[Edition], Edition]:
    """Some fields of the edition itself."""
    return lambda one: replace(one, **values)


ROWS: Mapping[tuple[type, str], Row] = {
    (terms.Edition, "title"): Row(edition(title="Another"), "A small edition", "Another"),
    (terms.Edition, "language"): Row(edition(language="fr"), "en", "fr"),
    (terms.Edition, "threshold"): Row(edition(threshold=61), "60", "61"),
    (terms.Edition, "description"): Row(edition(description=""), "for tests.", "blank"),
    (terms.Edition, "licence"): Row(edition(licence="CC0-1.0"), "CC-BY-SA-4.0", "CC0-1.0"),
    (terms.Edition, "dimensions"): Row(
        lambda one: replace(one, dimensions=one.dimensions[::-1]), "1, the first", "2, after"
    ),
    (terms.Edition, "criteria"): Row(
        lambda one: replace(one, criteria=(one.criteria[1], one.criteria[0], *one.criteria[2:])),
        "2, after rules",
        "1, the first",
    ),
    (terms.Edition, "translations"): Row(edition(translations={}), "Una edición pequeña", "blank"),
    (terms.Dimension, "slug"): Row(
        lambda one: replace(
            each_criterion(
                lambda each: replace(
                    each, dimension="voice" if each.dimension == "democracy" else each.dimension
                )
            )(one),
            dimensions=(one.dimensions[0], replace(one.dimensions[1], slug="voice")),
        ),
        "democracy",
        "voice",
    ),
    (terms.Dimension, "title"): Row(dimension("democracy", title="Voice"), "Democracy", "Voice"),
    (terms.Dimension, "question"): Row(
        dimension("commons", question=""), "What do you keep open for others?", "blank"
    ),
    (terms.Criterion, "slug"): Row(criterion("exchange", slug="barter"), "exchange", "barter"),
    (terms.Criterion, "dimension"): Row(
        criterion("rules", dimension="democracy"), "Commons stewardship", "Democracy"
    ),
    (terms.Criterion, "question"): Row(
        criterion("rules", question="Are they public?"), "Are the rules", "Are they public?"
    ),
    (terms.Criterion, "kind"): Row(
        criterion("losses", kind=Kind.CHOICE, reversed=False, meaning=2), "practice", "choice"
    ),
    (terms.Criterion, "levels"): Row(
        each_criterion(
            lambda one: (
                replace(one, levels=one.levels[:2], meaning=2) if one.slug == "decisions" else one
            )
        ),
        "Consensus",
        "Majority vote",
    ),
    (terms.Criterion, "role"): Row(criterion("outflow", role=Role.NONE), "standard", "none"),
    (terms.Criterion, "agreement"): Row(
        criterion("decisions", agreement=Agreement.EXACT), "ordered", "exact"
    ),
    (terms.Criterion, "facet"): Row(criterion("rules", facet=Facet.FUNCTION), "form", "function"),
    (terms.Criterion, "principles"): Row(
        criterion("rules", principles=(2,)), "Concern for community", "Democratic member control"
    ),
    (terms.Criterion, "importance"): Row(criterion("rules", importance=9), "3", "9"),
    (terms.Criterion, "must_reach"): Row(
        criterion("release-delay", must_reach="soon"), "blank", "Within three months"
    ),
    (terms.Criterion, "headline"): Row(criterion("rules", headline=False), "yes", "no"),
    (terms.Criterion, "reversed"): Row(
        each_criterion(
            lambda one: (
                replace(
                    one,
                    reversed=False,
                    meaning=2,
                    levels=(terms.Level("no", 0), terms.Level("yes", 100)),
                )
                if one.slug == "losses"
                else one
            )
        ),
        "yes",
        "no",
    ),
    (terms.Criterion, "core"): Row(criterion("rules", core=False), "yes", "no"),
    (terms.Criterion, "evidence"): Row(
        criterion("rules", evidence=Evidence.OPTIONAL), "required", "optional"
    ),
    (terms.Criterion, "allow_na"): Row(criterion("outflow", allow_na=True), "no", "yes"),
    (terms.Criterion, "na_meets"): Row(criterion("losses", na_meets=False), "yes", "no"),
    (terms.Criterion, "meaning"): Row(criterion("rules", meaning=2), "1", "2"),
    (terms.Criterion, "unit"): Row(criterion("outflow", unit="euros"), "%", "euros"),
    (terms.Criterion, "why"): Row(
        criterion("rules", why=""), "Rules that one can read can be kept.", "blank"
    ),
    (terms.Criterion, "example"): Row(
        criterion("rules", example="A wiki."), "A page with the rules.", "A wiki."
    ),
    (terms.Criterion, "counter_example"): Row(
        criterion("rules", counter_example=""), "Everybody knows them.", "blank"
    ),
    (terms.Criterion, "shows"): Row(criterion("rules", shows=""), "A link to the rules.", "blank"),
    (terms.Criterion, "source"): Row(criterion("rules", source=""), "Ostrom 1990", "blank"),
    (terms.Criterion, "reason"): Row(
        criterion("rules", reason=""), "Without rules, no commons.", "blank"
    ),
    (terms.Level, "slug"): Row(level("decisions", 0, slug="ballot"), "vote", "ballot"),
    (terms.Level, "credit"): Row(level("release-delay", 1, credit=61), "60", "61"),
    (terms.Level, "text"): Row(level("decisions", 0, text=""), "Majority vote", "blank"),
    (terms.Level, "bound"): Row(
        level("outflow", 2, bound=Decimal(4), slug="from-4"), "from-3", "from 4 to under 10"
    ),
    (terms.Translation, "edition"): Row(spanish(edition={}), "Una edición pequeña", "blank"),
    (terms.Translation, "dimensions"): Row(
        spanish(dimensions={"commons": {"title": "El común"}}), "blank", "El común"
    ),
    (terms.Translation, "criteria"): Row(
        spanish(criteria={}), "¿Están escritas y publicadas las reglas?", "blank"
    ),
    (terms.Translation, "levels"): Row(
        spanish(levels={"outflow": {"from-10": "La décima parte"}}), "Son públicas.", "décima"
    ),
}
"""A row for every field. Only the slug of an edition has none: it is always another."""

FIELDS = [
    (what, field.name)
    for what in WHAT
    for field in fields(what)
    if (what, field.name) != (terms.Edition, "slug")
]


def after(what: type, name: str) -> Edition:
    """The edition with one field changed, under the slug `after`."""
    return replace(ROWS[what, name].change(BEFORE), slug="after")
