"""The form of one answer: what an organisation may say to a criterion, and how it is written.

The JSON file and the web forms both put an answer through `check_answer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.catalogue.key_tables import Key, sift
from assessments.catalogue.mistakes import Fault, Wrong, choose_from, listed, problems_at, shown
from assessments.catalogue.plain_values import (
    LONG_TEXT_LENGTH,
    ListOf,
    Number,
    Text,
    Truth,
    WebAddress,
)
from assessments.scoring import licences, terms
from assessments.scoring.problems import Problem
from assessments.scoring.terms import Kind

GREATEST_EXPRESSION_LENGTH = 1_000
SENTENCES = Text(LONG_TEXT_LENGTH, filled=True)


@dataclass(frozen=True)
class Licence:
    """One licence expression that we can read."""

    expected: str = 'a licence expression such as "AGPL-3.0-or-later" or "MIT OR Apache-2.0"'

    def __call__(self, raw: object) -> str:
        """The expression itself."""
        expression = Text(GREATEST_EXPRESSION_LENGTH, filled=True)(raw)
        if wrong := licences.check(expression):
            raise Wrong(Fault(f"{shown(expression)} cannot be read as a licence.", wrong))
        return expression


@dataclass(frozen=True)
class OnlyTrue:
    """The word true, which is all that can stand here."""

    expected: str = "true, or leave the key out"

    def __call__(self, raw: object) -> bool:
        """The truth value itself."""
        if raw is not True:
            raise Wrong(Fault(f"{shown(raw)} cannot stand here.", f"Write {self.expected}."))
        return raw


ALL_KINDS = tuple(Kind)


@dataclass(frozen=True)
class AnswerKey(Key):
    """A key of an answer: to which kinds it belongs, and what it says.

    `form`: the name of the form of answer that the key makes (two keys may make one together);
    empty for a key that only adds to an answer. `beside`: it adds to these alone; `instead`: what
    to do elsewhere.
    """

    kinds: tuple[Kind, ...] = ALL_KINDS
    form: str = ""
    beside: tuple[str, ...] = ()
    instead: str = ""


ANSWER_KEYS: Mapping[str, AnswerKey] = {
    "level": AnswerKey(Text(), kinds=(Kind.PRACTICE, Kind.CHOICE), form="level"),
    "value": AnswerKey(Number(), kinds=(Kind.SHARE,), form="value"),
    "licences": AnswerKey(ListOf(Licence(), least=1), kinds=(Kind.LICENCES,), form="licences"),
    "na": AnswerKey(SENTENCES, form="na"),
    "unknown": AnswerKey(OnlyTrue(), form="unknown"),
    "offers": AnswerKey(ListOf(SENTENCES, least=1), kinds=(Kind.OFFERS,), form="offers"),
    "needs": AnswerKey(ListOf(SENTENCES, least=1), kinds=(Kind.OFFERS,), form="offers"),
    "withheld": AnswerKey(
        Truth(),
        beside=("level", "value", "licences"),
        instead="Take it out: other answers hold nothing to keep private.",
    ),
    "reservation": AnswerKey(
        SENTENCES,
        kinds=(Kind.PRACTICE,),
        beside=("level",),
        instead="Choose the answer that holds without exception, and write the rest as a note.",
    ),
    "evidence": AnswerKey(ListOf(WebAddress(), least=1)),
    "note": AnswerKey(Text(LONG_TEXT_LENGTH)),
}
FORM_OF_KEY = {name: key.form for name, key in ANSWER_KEYS.items() if key.form}
HOW_TO_ANSWER = {
    Kind.PRACTICE: '"level": "yes" or "no"',
    Kind.CHOICE: '"level" with the slug of a level',
    Kind.SHARE: '"value" with a number',
    Kind.LICENCES: '"licences" with a list of expressions',
    Kind.OFFERS: '"offers" or "needs" with a list of short texts',
}


def check_answer(
    criterion: terms.Criterion, raw: object, place: str
) -> terms.Answer | list[Problem]:
    """The answer that a group of keys gives to a criterion, or all that is wrong with it.

    Parameters
    ----------
    criterion
        The criterion that is answered.
    raw
        The keys of model.md, section 6, and their values: text, truth values, lists, and numbers
        as int, float or Decimal.
    place
        Where the answer stands; the places of problems begin with it.
    """
    given, faults = sift(raw, ANSWER_KEYS)
    if isinstance(raw, Mapping):
        faults += _wrong_forms(criterion, raw)
        faults += _wrong_additions(criterion, raw, given)
        faults += _wrong_content(criterion, given)
    if faults:
        return problems_at(place, faults)
    if (level := given.get("level")) is not None:
        # The criterion's own text takes no memory of its own in a file of many answers.
        given["level"] = criterion.level(level).slug
    return terms.Answer(**given)


def _wrong_forms(criterion: terms.Criterion, raw: Mapping[str, object]) -> list[Fault]:
    """Not exactly one form of answer, or one of another kind."""
    forms = {FORM_OF_KEY[name] for name in raw if name in FORM_OF_KEY}
    how = f"Write {HOW_TO_ANSWER[criterion.kind]}."
    if not forms:
        remedy = f'{how} An answer that you do not know is "unknown": true.'
        return [Fault("This answer says nothing.", remedy)]
    faults = []
    if len(forms) > 1:
        names = listed(name for name in raw if name in FORM_OF_KEY)
        faults.append(Fault(f"This answer says several things: {names}.", f"Keep one. {how}"))
    return faults + [
        Fault(f"A criterion of kind “{criterion.kind}” is not answered so.", how, f".{name}")
        for name in raw
        if name in FORM_OF_KEY and criterion.kind not in ANSWER_KEYS[name].kinds
    ]


def _wrong_additions(
    criterion: terms.Criterion, raw: Mapping[str, object], given: Mapping[str, object]
) -> list[Fault]:
    """A key that adds to an answer to which it cannot be added."""
    faults = []
    for name in raw:
        key = ANSWER_KEYS.get(name)
        # That nothing is withheld may be said beside any answer.
        if key is None or not key.beside or given.get(name) is False:
            continue
        if criterion.kind not in key.kinds:
            message = f"A criterion of kind “{criterion.kind}” takes no {name}."
            faults.append(Fault(message, key.instead, f".{name}"))
        elif raw.keys().isdisjoint(key.beside):
            message = f"This can only stand beside {listed(key.beside)}."
            faults.append(Fault(message, key.instead, f".{name}"))
    return faults


def _wrong_content(criterion: terms.Criterion, given: Mapping[str, Any]) -> list[Fault]:
    """An answer of the right form that this criterion does not have."""
    faults = []
    level, value = given.get("level"), given.get("value")
    if level is not None and criterion.kind in ANSWER_KEYS["level"].kinds:
        if level not in criterion.positions:
            remedy = choose_from(level, criterion.positions, "The levels of this criterion are")
            faults.append(Fault(f"There is no level {shown(level)}.", remedy, ".level"))
    elif value is not None and criterion.kind is Kind.SHARE:
        first = criterion.levels[0].bound
        if first is not None and value < first:
            message = f"{shown(value)} is less than where the first band begins."
            faults.append(Fault(message, f"Write a number from {first:f} upwards.", ".value"))
    if "na" in given and not criterion.allow_na:
        message = "“Does not apply” cannot be answered here."
        remedy = f'Write {HOW_TO_ANSWER[criterion.kind]}, or "unknown": true.'
        faults.append(Fault(message, remedy, ".na"))
    return faults
