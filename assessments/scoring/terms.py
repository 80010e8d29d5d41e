"""The words of the model as frozen values: what is asked, what is answered, what is required.

Everything else in the pure rooms takes these and gives values of its own. Nothing here reads a
file, a clock or a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

DEFAULT_THRESHOLD = 60
GREATEST_IMPORTANCE = 10
SAME = "same"
"""The deal-breaker of a similarity criterion: the other's level has to be one's own."""


class Kind(StrEnum):
    """How a criterion is answered."""

    PRACTICE = "practice"
    CHOICE = "choice"
    SHARE = "share"
    LICENCES = "licences"
    OFFERS = "offers"


class Role(StrEnum):
    """How a criterion takes part: judged on credit, on likeness, or not at all."""

    STANDARD = "standard"
    SIMILARITY = "similarity"
    NONE = "none"


class Agreement(StrEnum):
    """How two levels of a similarity criterion are compared."""

    ORDERED = "ordered"
    EXACT = "exact"


class Facet(StrEnum):
    """Whether a criterion asks what the rules say or what happened."""

    FORM = "form"
    FUNCTION = "function"
    NONE = "none"


class Evidence(StrEnum):
    """Whether an answer needs a link that shows the practice."""

    REQUIRED = "required"
    OPTIONAL = "optional"


Texts: TypeAlias = Mapping[str, str]
"""Texts of one thing in one language, by field name ("question", "why", …)."""


@dataclass(frozen=True, slots=True)
class Level:
    """One possible answer to a criterion.

    `credit` is a whole number 0–100, or None where the role does not need one. `bound` is the
    number from which (inclusive) a band of a share holds, else None. `text` may be empty.
    """

    slug: str
    credit: int | None
    text: str = ""
    bound: Decimal | None = None


@dataclass(frozen=True)
class Criterion:
    """One question about a practice or a material fact, never about a value.

    `levels` are in the order of the model: `no`, `yes` for a practice; bands by rising bound for a
    share; the five licence classes for licences; empty for offers. `must_reach` is the slug of a
    level, the word `same`, or None. The texts `why` … `reason` may be empty.
    """

    slug: str
    dimension: str
    question: str
    kind: Kind
    levels: tuple[Level, ...] = ()
    role: Role = Role.STANDARD
    agreement: Agreement = Agreement.ORDERED
    facet: Facet = Facet.NONE
    principles: tuple[int, ...] = ()
    importance: int = 1
    must_reach: str | None = None
    headline: bool = False
    reversed: bool = False
    core: bool = False
    evidence: Evidence = Evidence.OPTIONAL
    allow_na: bool = False
    na_meets: bool = False
    meaning: int = 1
    unit: str = ""
    why: str = ""
    example: str = ""
    counter_example: str = ""
    shows: str = ""
    source: str = ""
    reason: str = ""

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each level by its slug."""
        return {level.slug: position for position, level in enumerate(self.levels)}

    def level(self, slug: str) -> Level:
        """The level of that slug; KeyError if the criterion has none."""
        return self.levels[self.positions[slug]]

    def credit(self, position: int) -> int:
        """The credit 0–100 of the level at a position, of a criterion whose role is standard."""
        credit = self.levels[position].credit
        if credit is None:
            raise ValueError(f"{self.slug}: level {self.levels[position].slug} has no credit")
        return credit


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of criteria."""

    slug: str
    title: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """An edition's texts in one other language; what is missing falls back to the edition's own.

    `levels` holds the texts of levels and bands by criterion slug, then level slug.
    """

    edition: Texts = field(default_factory=dict)
    dimensions: Mapping[str, Texts] = field(default_factory=dict)
    criteria: Mapping[str, Texts] = field(default_factory=dict)
    levels: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """One version of the criteria. Dimensions and criteria stand in the order of their positions.

    `translations` are by language tag.
    """

    slug: str
    title: str
    dimensions: tuple[Dimension, ...]
    criteria: tuple[Criterion, ...]
    language: str = "en"
    threshold: int = DEFAULT_THRESHOLD
    description: str = ""
    licence: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @cached_property
    def by_slug(self) -> Mapping[str, Criterion]:
        """The criteria by slug."""
        return {criterion.slug: criterion for criterion in self.criteria}

    def of_role(self, role: Role) -> tuple[Criterion, ...]:
        """The criteria of that role, in their order."""
        return tuple(criterion for criterion in self.criteria if criterion.role is role)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an organisation says to one criterion.

    Exactly one of these holds: `level` (its slug), `value`, `licences`, `na` (the reason why it
    does not apply), `unknown`, or `offers` and `needs`. `reservation` is the "but". `withheld`
    keeps a level, value or licences private. Empty text, None, False and () mean "not given".
    """

    level: str | None = None
    value: Decimal | None = None
    licences: tuple[str, ...] = ()
    na: str = ""
    unknown: bool = False
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    withheld: bool = False
    reservation: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation itself says that it asks on one criterion.

    `importance` None: not said. `must_reach` is a level slug or `same`; `says_must_reach` tells
    "no deal-breaker" (True, with None) from "not said" (False).
    """

    importance: int | None = None
    must_reach: str | None = None
    says_must_reach: bool = False


@dataclass(frozen=True)
class Requirements:
    """What an organisation asks of those it works with, as far as it has said so itself.

    `threshold` is a percentage 0–100; None: not said. `criteria` is by criterion slug.
    """

    threshold: int | None = None
    criteria: Mapping[str, Asked] = field(default_factory=dict)


class State(StrEnum):
    """Whether an effective level is known, not yet known, or not applicable."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Why(StrEnum):
    """Which rule gave the effective level."""

    NOT_ANSWERED = "not-answered"
    NOT_KNOWN = "not-known"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not-applicable"
    NA_NOT_ALLOWED = "na-not-allowed"
    RESERVATION = "reservation"
    NOT_SHOWN = "not-shown"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts of an answer: a state, the position of the level if known, and why.

    `reserved`: the answer has a "but" that counts (on a standard practice question, not withheld).
    `evidenced`: it has at least one link.
    """

    state: State
    position: int | None = None
    why: Why = Why.ANSWERED
    reserved: bool = False
    evidenced: bool = False


Sheet: TypeAlias = Mapping[str, Effective]
"""The effective level of every criterion of one edition that has levels, by slug."""
