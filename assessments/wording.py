"""Criteria, levels and answers in words, in the edition's language or a translation of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from assessments.scoring import answers
from assessments.scoring.terms import (
    SAME,
    Answer,
    Criterion,
    Edition,
    Effective,
    Kind,
    Role,
    Translation,
    Why,
)

PRINCIPLES: Mapping[int, str] = {
    1: "Voluntary and open membership",
    2: "Democratic member control",
    3: "Member economic participation",
    4: "Autonomy and independence",
    5: "Education, training and information",
    6: "Co-operation among co-operatives",
    7: "Concern for community",
}
"""The seven principles of the International Cooperative Alliance, 1995."""

_BEST = 100
_PRACTICE = {"yes": "Yes", "no": "No"}
_LICENCES = {
    "proprietary": "All rights reserved",
    "restricted": "Some uses or changes are not allowed",
    "permissive": "Free, and free to be closed by others",
    "reciprocity": "Free for those who give back",
    "copyleft": "Free, and kept free",
}


@dataclass(frozen=True)
class Wording:
    """The words of one edition in one language (a tag); what is missing is the edition's own."""

    edition: Edition
    language: str

    @classmethod
    def of(cls, edition: Edition, language: str | None = None) -> Wording:
        """The words in a language, or in the edition's own if it has no such translation."""
        is_known = language is not None and language in edition.translations
        return cls(edition, language if is_known and language else edition.language)

    @cached_property
    def _texts(self) -> Translation:
        return self.edition.translations.get(self.language, Translation())

    def of_edition(self, name: str) -> str:
        """The edition's title or description."""
        return self._texts.edition.get(name) or getattr(self.edition, name)

    def of_dimension(self, slug: str, name: str = "title") -> str:
        """A dimension's title or question."""
        (own,) = (one for one in self.edition.dimensions if one.slug == slug)
        return self._texts.dimensions.get(slug, {}).get(name) or getattr(own, name)

    def of_criterion(self, criterion: Criterion, name: str = "question") -> str:
        """A criterion's question, why, example, counter_example, shows, reason."""
        return self._texts.criteria.get(criterion.slug, {}).get(name) or getattr(criterion, name)

    def level(self, criterion: Criterion, position: int) -> str:
        """A level as a sentence, or in as few words as it has."""
        level = criterion.levels[position]
        translated = self._texts.levels.get(criterion.slug, {}).get(level.slug)
        said = translated or level.text or self._plain(criterion, position)
        return said.replace(" %", "\N{NO-BREAK SPACE}%")

    def short(self, criterion: Criterion, position: int) -> str:
        """A level in a word or two where it has such: Yes or No for a practice."""
        return _PRACTICE.get(criterion.levels[position].slug) or self.level(criterion, position)

    def _plain(self, criterion: Criterion, position: int) -> str:
        slug = criterion.levels[position].slug
        if criterion.kind is Kind.PRACTICE:
            return _PRACTICE[slug]
        if criterion.kind is Kind.LICENCES:
            return _LICENCES[slug]
        if criterion.kind is Kind.SHARE:
            return band(criterion, position)
        return slug

    def must_reach(self, criterion: Criterion, required: str | None) -> str:
        """What a deal-breaker asks, as the end of a sentence; nothing if there is none."""
        if required is None:
            return ""
        if required == SAME and criterion.role is Role.SIMILARITY:
            return "the same answer as its own"
        return self.at_least(criterion, criterion.positions[required])

    def at_least(self, criterion: Criterion, position: int) -> str:
        """A level of a standard criterion as the least that is enough, as the end of a sentence."""
        quoted = self.quoted(criterion, position)
        return quoted if criterion.credit(position) == _BEST else f"{quoted} or better"

    def quoted(self, criterion: Criterion, position: int) -> str:
        """A level as a quotation inside a sentence."""
        return f"“{self.level(criterion, position).rstrip('.')}”"

    def said(self, criterion: Criterion, answer: Answer | None, effective: Effective) -> str:
        """What was said, in words; a share as its band. Nothing where nothing may be shown."""
        if answer is None or effective.why is Why.WITHHELD:
            return ""
        position = effective.position
        if effective.why is Why.RESERVATION or position is None:
            position = answers.position(criterion, answer)
        if position is None:
            return ""
        if effective.why is Why.RESERVATION:
            return self.short(criterion, position)
        return self.level(criterion, position)


def band(criterion: Criterion, position: int) -> str:
    """A band of a share in words: "from 3 to under 10 %", or the whole number for a count."""
    bounds = [level.bound for level in criterion.levels if level.bound is not None]
    unit = f" {criterion.unit}" if criterion.unit else ""
    low = bounds[position]
    if position == len(bounds) - 1:
        return f"{_number(low)}{unit} or more"
    _, high = list(pairwise(bounds))[position]
    if position == 0 and low == 0:
        return f"under {_number(high)}{unit}"
    return f"from {_number(low)} to under {_number(high)}{unit}"


def _number(number: Decimal) -> str:
    return format(number.normalize(), "f")
