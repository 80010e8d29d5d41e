"""The keys of an edition file: what each may hold, and to which kinds and roles it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.catalogue.key_tables import Group, Key, Named, Table
from assessments.catalogue.mistakes import Fault, Wrong, listed
from assessments.catalogue.plain_values import (
    LANGUAGE,
    LONG_TEXT_LENGTH,
    SHORT_TEXT_LENGTH,
    SLUG,
    ListOf,
    Number,
    OneOf,
    Text,
    Truth,
    Unchecked,
    Whole,
)
from assessments.scoring import licences, terms
from assessments.scoring.terms import Kind, Role

GREATEST_CREDIT = 100
GREATEST_MEANING = 1_000_000
UNIT_LENGTH = 100
SHORT = Text(SHORT_TEXT_LENGTH)
LONG = Text(LONG_TEXT_LENGTH)
TITLE = Text(SHORT_TEXT_LENGTH, filled=True)
QUESTION = Text(LONG_TEXT_LENGTH, filled=True)
CREDIT = Whole(0, GREATEST_CREDIT)

ALL_KINDS = tuple(Kind)
ALL_ROLES = tuple(Role)
JUDGED = (Role.STANDARD, Role.SIMILARITY)
ROLES_OF_KIND: Mapping[Kind, tuple[Role, ...]] = {
    Kind.PRACTICE: (Role.STANDARD, Role.NONE),
    Kind.CHOICE: ALL_ROLES,
    Kind.SHARE: (Role.STANDARD, Role.NONE),
    Kind.LICENCES: (Role.STANDARD, Role.NONE),
    Kind.OFFERS: (Role.NONE,),
}


@dataclass(frozen=True)
class CriterionKey(Key):
    """A key of a criterion, and the kinds and roles that may have it.

    `needed`: none of these kinds can do without it.
    """

    kinds: tuple[Kind, ...] = ALL_KINDS
    roles: tuple[Role, ...] = ALL_ROLES
    needed: bool = False


@dataclass(frozen=True)
class Rows(ListOf):
    """A list of tables, under a key that is often written as a single one."""

    name: str = ""

    def __call__(self, raw: object) -> tuple[Any, ...]:
        """The tables in their order."""
        if isinstance(raw, Mapping):
            message = f"This is one table, but there are several {self.name}."
            above = f"[[criteria.….{self.name}]]"
            raise Wrong(Fault(message, f"Write {above} above each of them, with two brackets."))
        return super().__call__(raw)


FILE_KEYS = {
    "edition": Key(Group("the table [edition] with a slug and a title"), required=True),
    "dimensions": Key(Group("a table for each dimension, such as [dimensions.commons]")),
    "criteria": Key(Group("a table for each criterion, such as [criteria.commons-rules]")),
    "translations": Key(Group("a table for each language, such as [translations.es.edition]")),
}
EDITION_KEYS = {
    "slug": Key(SLUG, required=True),
    "title": Key(TITLE, required=True),
    "language": Key(LANGUAGE),
    "threshold": Key(Whole(0, 100)),
    "description": Key(LONG),
    "licence": Key(SHORT),
}
DIMENSION_KEYS = {"title": Key(TITLE, required=True), "question": Key(LONG)}
PRACTICE_TEXTS = {"no": Key(LONG), "yes": Key(LONG)}
LEVEL_KEYS = {"slug": Key(SLUG, required=True), "credit": Key(CREDIT), "text": Key(LONG)}
BAND_KEYS = {"from": Key(Number(), required=True), "credit": Key(CREDIT), "text": Key(LONG)}
CREDIT_KEYS = {name: Key(CREDIT) for name in licences.CLASSES}
CRITERION_KEYS = {
    "dimension": CriterionKey(SLUG, required=True),
    "question": CriterionKey(QUESTION, required=True),
    "why": CriterionKey(LONG),
    "example": CriterionKey(LONG),
    "counter_example": CriterionKey(LONG),
    "shows": CriterionKey(LONG),
    "source": CriterionKey(LONG),
    "reason": CriterionKey(LONG),
    "kind": CriterionKey(OneOf(Kind), required=True),
    "texts": CriterionKey(Table(PRACTICE_TEXTS), kinds=(Kind.PRACTICE,)),
    "levels": CriterionKey(
        Rows(Unchecked("{slug = …, credit = …, text = …}"), least=2, name="levels"),
        kinds=(Kind.CHOICE,),
        needed=True,
    ),
    "unit": CriterionKey(Text(UNIT_LENGTH), kinds=(Kind.SHARE,)),
    "bands": CriterionKey(
        Rows(Unchecked("{from = …, credit = …, text = …}"), least=1, name="bands"),
        kinds=(Kind.SHARE,),
        needed=True,
    ),
    "credits": CriterionKey(Table(CREDIT_KEYS), kinds=(Kind.LICENCES,)),
    "facet": CriterionKey(OneOf(terms.Facet)),
    "principles": CriterionKey(ListOf(Whole(1, 7), repeats=False)),
    "role": CriterionKey(OneOf(Role)),
    "agreement": CriterionKey(OneOf(terms.Agreement), roles=(Role.SIMILARITY,)),
    "importance": CriterionKey(Whole(0, terms.GREATEST_IMPORTANCE)),
    "must_reach": CriterionKey(SHORT, roles=JUDGED),
    "headline": CriterionKey(Truth()),
    "reversed": CriterionKey(Truth(), kinds=(Kind.PRACTICE,)),
    "core": CriterionKey(Truth()),
    "evidence": CriterionKey(OneOf(terms.Evidence)),
    "allow_na": CriterionKey(Truth()),
    "na_meets": CriterionKey(Truth()),
    "meaning": CriterionKey(Whole(1, GREATEST_MEANING)),
}
TRANSLATION_KEYS = {
    "edition": Key(Table({"title": Key(SHORT), "description": Key(LONG)})),
    "dimensions": Key(Group()),
    "criteria": Key(Group()),
}
LEVEL_TEXTS = Named(LONG, "a table from the slug of a level to its text")
TRANSLATED_DIMENSION_KEYS = {"title": Key(SHORT), "question": Key(LONG)}
TRANSLATED_CRITERION_KEYS = {
    "question": CriterionKey(LONG),
    "why": CriterionKey(LONG),
    "example": CriterionKey(LONG),
    "counter_example": CriterionKey(LONG),
    "shows": CriterionKey(LONG),
    "reason": CriterionKey(LONG),
    "texts": CriterionKey(LEVEL_TEXTS, kinds=(Kind.PRACTICE,)),
    "levels": CriterionKey(LEVEL_TEXTS, kinds=(Kind.CHOICE,)),
    "bands": CriterionKey(LEVEL_TEXTS, kinds=(Kind.SHARE,)),
}
KEY_OF_LEVEL_TEXTS = {Kind.PRACTICE: "texts", Kind.CHOICE: "levels", Kind.SHARE: "bands"}
"""Under which key a translation has the texts of levels, by kind."""

LEVEL_KEY_NAMES = ("texts", "levels", "bands", "credits")
"""The keys that together make the levels of a criterion."""


def misplaced(
    raw: Mapping[str, object],
    keys: Mapping[str, CriterionKey],
    kind: Kind | None,
    role: Role | None,
) -> list[Fault]:
    """A fault for each key of another kind or role, and for each that the kind needs."""
    faults = []
    for name, key in keys.items():
        if name in raw and kind is not None and kind not in key.kinds:
            message = f"A criterion of kind “{kind}” does not have this key."
            remedy = f"Take it out; it belongs to the kind {listed(key.kinds)}."
            faults.append(Fault(message, remedy, f".{name}"))
        elif name in raw and role is not None and role not in key.roles:
            message = f"A criterion with the role “{role}” does not have this key."
            remedy = f"Take it out; it belongs to the role {listed(key.roles)}."
            faults.append(Fault(message, remedy, f".{name}"))
        elif name not in raw and key.needed and kind in key.kinds:
            message = f"A criterion of kind “{kind}” needs this key."
            faults.append(Fault(message, f"Add it: {key.check.expected}.", f".{name}"))
    return faults
