"""The shortest way to write criteria, sheets, policies and tables of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from assessments.scoring import licences
from assessments.scoring.policy import Policy
from assessments.scoring.terms import (
    Criterion,
    Dimension,
    Edition,
    Effective,
    Kind,
    Level,
    Role,
    Sheet,
    State,
    Why,
)

UNKNOWN_WORD, NOT_APPLICABLE_WORD, NOTHING_WORD = "?", "-", "."


def cases(names: str, *rows: tuple[Any, ...]) -> pytest.MarkDecorator:
    """A table of cases; each row begins with its reason, which also names the test."""
    return pytest.mark.parametrize(
        names.split(), [pytest.param(*values, id=reason) for reason, *values in rows]
    )


def practice(slug: str = "p", *, reversed: bool = False, **changes: Any) -> Criterion:
    """A practice; with a role of standard unless `changes` says otherwise."""
    no, yes = (100, 0) if reversed else (0, 100)
    levels = (Level("no", no), Level("yes", yes))
    made = {"kind": Kind.PRACTICE, "levels": levels, "reversed": reversed, **changes}
    return Criterion(slug, made.pop("dimension", "d"), "?", **made)


def choice(slug: str, credits: Sequence[int | None], **changes: Any) -> Criterion:
    """A choice between levels l0, l1, … with these credits."""
    levels = tuple(Level(f"l{place}", credit) for place, credit in enumerate(credits))
    made = {"kind": Kind.CHOICE, "levels": levels, **changes}
    return Criterion(slug, made.pop("dimension", "d"), "?", **made)


def alike(slug: str, count: int, **changes: Any) -> Criterion:
    """A similarity criterion with levels l0, l1, …"""
    return choice(slug, [None] * count, role=Role.SIMILARITY, **changes)


def share(slug: str, bands: Mapping[str, int], **changes: Any) -> Criterion:
    """A share with credits by the number from which a band holds."""
    levels = tuple(
        Level(f"from-{bound}", credit, bound=Decimal(bound)) for bound, credit in bands.items()
    )
    made = {"kind": Kind.SHARE, "levels": levels, **changes}
    return Criterion(slug, made.pop("dimension", "d"), "?", **made)


def licences_out(
    slug: str, credits: Sequence[int | None] = licences.DEFAULT_CREDITS, **changes: Any
) -> Criterion:
    """A licences criterion with these credits of the five classes."""
    levels = tuple(
        Level(name, credit) for name, credit in zip(licences.CLASSES, credits, strict=True)
    )
    made = {"kind": Kind.LICENCES, "levels": levels, **changes}
    return Criterion(slug, made.pop("dimension", "d"), "?", **made)


def offers(slug: str = "exchange") -> Criterion:
    """What organisations offer and need; never scored."""
    return Criterion(slug, "d", "?", Kind.OFFERS, role=Role.NONE)


def edition(*criteria: Criterion, **changes: Any) -> Edition:
    """An edition of these criteria, in the order in which they stand."""
    slugs = dict.fromkeys(criterion.dimension for criterion in criteria)
    dimensions = tuple(Dimension(slug, slug.title()) for slug in slugs)
    return Edition("e", "E", **{"dimensions": dimensions, "criteria": criteria, **changes})


def effective(criterion: Criterion, word: str) -> Effective:
    """The effective level that a word says: the slug of a level, "?" for unknown, "-" for n/a."""
    if word == UNKNOWN_WORD:
        return Effective(State.UNKNOWN, why=Why.NOT_ANSWERED)
    if word == NOT_APPLICABLE_WORD:
        return Effective(State.NOT_APPLICABLE, why=Why.NOT_APPLICABLE)
    return Effective(State.KNOWN, criterion.positions[word])


def sheet(of: Edition, words: str) -> Sheet:
    """A sheet, with one word for each criterion that has levels, in the edition's order."""
    with_levels = [criterion for criterion in of.criteria if criterion.kind is not Kind.OFFERS]
    return {
        criterion.slug: effective(criterion, word)
        for criterion, word in zip(with_levels, words.split(), strict=True)
    }


def asks(of: Edition, weights: str, must_reach: str = "", threshold: int = 60) -> Policy:
    """A policy, with one number and one word for each criterion with a role, in order.

    The word is the deal-breaker: a level's slug, `same`, or "." for none.
    """
    judged = [criterion.slug for criterion in of.criteria if criterion.role is not Role.NONE]
    words = must_reach.split() or [NOTHING_WORD] * len(judged)
    return Policy(
        threshold,
        dict(zip(judged, map(int, weights.split()), strict=True)),
        {slug: word for slug, word in zip(judged, words, strict=True) if word != NOTHING_WORD},
    )
