"""What differs between two editions, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assessments.scoring.terms import Criterion, Edition, Kind, Level


class Weight(StrEnum):
    """How much a difference changes: only words, what is counted, or what an answer stands for."""

    WORDS = "words"
    COUNTING = "counting"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of which the values differ, both in words; empty where there is none."""

    key: str
    weight: Weight
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A criterion that is in both editions, and all in which it differs."""

    criterion: Criterion
    differences: tuple[Difference, ...]

    @property
    def weight(self) -> Weight:
        """The greatest weight of its differences."""
        weights = {one.weight for one in self.differences}
        return next(one for one in reversed(Weight) if one in weights)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One edition beside an earlier one. Whatever is the same in both is in none of these."""

    edition: tuple[Difference, ...]
    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    changed: tuple[Changed, ...]
    unchanged: int


MEANING_KEYS = ("meaning", "kind", "reversed", "unit")
COUNTING_KEYS = (
    *("role", "agreement", "importance", "must_reach", "headline", "evidence"),
    *("allow_na", "na_meets", "facet", "principles"),
)
WORD_KEYS = (
    *("question", "why", "example", "counter_example", "shows", "source", "reason"),
    *("dimension", "core"),
)
EDITION_KEYS = ("title", "language", "threshold", "description", "licence")


def compare(before: Edition, after: Edition) -> Comparison:
    """What a later edition adds, takes out and changes."""
    both = [(before.by_slug[one.slug], one) for one in after.criteria if one.slug in before.by_slug]
    changed = [
        Changed(new, found)
        for old, new in both
        if (found := (*_differences(old, new), *_translations(old.slug, before, after)))
    ]
    return Comparison(
        edition=tuple(_of_edition(before, after)),
        added=tuple(one for one in after.criteria if one.slug not in before.by_slug),
        removed=tuple(one for one in before.criteria if one.slug not in after.by_slug),
        changed=tuple(changed),
        unchanged=len(both) - len(changed),
    )


def _differences(old: Criterion, new: Criterion) -> tuple[Difference, ...]:
    weights = (
        (Weight.MEANING, MEANING_KEYS),
        (Weight.COUNTING, COUNTING_KEYS),
        (Weight.WORDS, WORD_KEYS),
    )
    found = [
        Difference(key, weight, _said(getattr(old, key)), _said(getattr(new, key)))
        for weight, keys in weights
        for key in keys
        if getattr(old, key) != getattr(new, key)
    ]
    return (*found, *_levels(old, new))


def _levels(old: Criterion, new: Criterion) -> Iterator[Difference]:
    """Where the answers differ: which there are, what each counts, and how it is said."""
    if old.kind is Kind.OFFERS and new.kind is Kind.OFFERS:
        return
    stand_for = [[(one.slug, one.bound) for one in each.levels] for each in (old, new)]
    if stand_for[0] != stand_for[1]:
        yield Difference("levels", Weight.MEANING, _names(old.levels), _names(new.levels))
        return
    for there, here in zip(old.levels, new.levels, strict=True):
        if there.credit != here.credit:
            key = f"credit of {here.slug}"
            yield Difference(key, Weight.COUNTING, _said(there.credit), _said(here.credit))
        if there.text != here.text:
            yield Difference(f"text of {here.slug}", Weight.WORDS, there.text, here.text)


def _translations(slug: str, before: Edition, after: Edition) -> Iterator[Difference]:
    for tag in sorted({*before.translations, *after.translations}):
        texts = [
            {**one.criteria.get(slug, {}), **one.levels.get(slug, {})} if one else {}
            for one in (before.translations.get(tag), after.translations.get(tag))
        ]
        for key in sorted({*texts[0], *texts[1]}):
            there, here = texts[0].get(key, ""), texts[1].get(key, "")
            if there != here:
                yield Difference(f"{key} ({tag})", Weight.WORDS, there, here)


def _of_edition(before: Edition, after: Edition) -> Iterator[Difference]:
    for key in EDITION_KEYS:
        there, here = getattr(before, key), getattr(after, key)
        if there != here:
            weight = Weight.COUNTING if key == "threshold" else Weight.WORDS
            yield Difference(key, weight, _said(there), _said(here))
    dimensions = [{one.slug: one for one in each.dimensions} for each in (before, after)]
    for slug in dict.fromkeys([*dimensions[0], *dimensions[1]]):
        titles = [each[slug].title if slug in each else "" for each in dimensions]
        if titles[0] != titles[1]:
            yield Difference(f"dimension {slug}", Weight.WORDS, *titles)


def _names(levels: tuple[Level, ...]) -> str:
    return ", ".join(one.slug for one in levels)


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
