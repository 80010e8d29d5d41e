"""What has changed about one question, told to those who have answered it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assessments.catalogue import edition_changes
from assessments.catalogue.edition_changes import Difference
from assessments.scoring.terms import Criterion, Evidence, Kind, Role
from assessments.wording import Wording

KINDS: Mapping[Kind, str] = {
    Kind.PRACTICE: "yes or no",
    Kind.CHOICE: "one of several answers",
    Kind.SHARE: "a number",
    Kind.LICENCES: "licences",
    Kind.OFFERS: "what you offer and need",
}
ROLES: Mapping[Role, str] = {
    Role.STANDARD: "scored",
    Role.SIMILARITY: "compared, since partners should be alike",
    Role.NONE: "not scored",
}
TEXTS = {
    "question": "The question",
    "why": "Why it is asked",
    "example": "The example",
    "counter_example": "What is not meant",
    "shows": "What would show it",
    "unit": "The unit",
}
"""The texts from which one learns what is asked, as they are called on its page."""


def is_alike(one: str, other: str) -> bool:
    """Whether two texts read the same, blanks and capitals apart."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def other_words(words: Wording, before: Criterion, now: Criterion) -> list[dict[str, str]]:
    """The texts that a question had when it was answered, as far as they are others by now.

    `words`: those of the edition of `before`.
    """
    return [
        {"what": TEXTS.get(one.key) or "An answer", "text": _earlier_text(words, before, one)}
        for one in edition_changes.differences(before, now)
        if one.is_of_asking
    ]


def _earlier_text(words: Wording, before: Criterion, one: Difference) -> str:
    if one.key == "text":
        return words.level(before, before.positions[one.of])
    return words.of_criterion(before, one.key) if one.key != "unit" else before.unit


# What has changed, where its sentence is the same


def told(words: Wording, before: Criterion, then: Wording, now: Criterion) -> list[str]:
    """What has changed about a question that is asked by the same sentence, in sentences.

    `words` and `then`: those of the editions of `before` and `now`.
    """
    both = _Both(words, before, then, now)
    found = edition_changes.differences(before, now)
    sentences = [_SENTENCES[one.key](both, one) for one in found if one.key in _SENTENCES]
    if any(one.key in TEXTS and one.key not in _SENTENCES for one in found):
        sentences.append("What explains it is put in other words.")
    return [one for one in sentences if one] or [
        "Its words are the same, but it is meant otherwise, so it needs an answer of today."
    ]


@dataclass(frozen=True, slots=True)
class _Both:
    """A question in two editions, each with the words of its own."""

    words: Wording
    before: Criterion
    then: Wording
    now: Criterion

    def kind(self, one: Difference) -> str:
        now, before = KINDS[self.now.kind], KINDS[self.before.kind]
        return f"It is answered with {now} now; before, with {before}."

    def reversed(self, one: Difference) -> str:
        return f"“{'No' if self.now.reversed else 'Yes'}” is the good answer now."

    def levels(self, one: Difference) -> str:
        if self.before.kind is not self.now.kind:
            return ""
        before, now = _quoted(self.words, self.before), _quoted(self.then, self.now)
        gone = [each for each in before if each not in now]
        come = [each for each in now if each not in before]
        if gone and come:
            return f"In the place of {', '.join(gone)} it has {', '.join(come)}."
        if gone:
            return f"It has no answer {', '.join(gone)} any more."
        if come:
            return f"It has {', '.join(come)} besides."
        return "Its answers stand in another order, or begin at other numbers."

    def text(self, one: Difference) -> str:
        there, here = self._named(one)
        # Where there are other answers than before, all of them are named.
        return "" if self._have_other_levels else f"Its answer {there} reads {here} now."

    def credit(self, one: Difference) -> str:
        if not one.before or not one.after:
            return ""
        _, level = self._named(one)
        return f"Its answer {level} counts {one.after} of 100 now; before, {one.before}."

    def _named(self, one: Difference) -> tuple[str, str]:
        both = ((self.words, self.before), (self.then, self.now))
        there, here = (words.quoted(each, each.positions[one.of]) for words, each in both)
        return there, here

    @property
    def _have_other_levels(self) -> bool:
        there, here = ([one.slug for one in each.levels] for each in (self.before, self.now))
        return there != here

    def unit(self, one: Difference) -> str:
        if self.before.kind is not self.now.kind:
            return ""
        return (
            f"Its number is in {one.after or 'no unit'} now; before, in {one.before or 'no unit'}."
        )

    def role(self, one: Difference) -> str:
        return f"It is {ROLES[self.now.role]} now; before, it was {ROLES[self.before.role]}."

    def importance(self, one: Difference) -> str:
        if Role.NONE in (self.before.role, self.now.role):
            return ""
        return f"It weighs {one.after} of 10 now; before, {one.before}."

    def must_reach(self, one: Difference) -> str:
        if self.now.must_reach is None:
            return "It is no deal-breaker of the standard policy any more."
        asked = self.then.must_reach(self.now, self.now.must_reach)
        return f"The standard policy asks this of others now: {asked}."

    def evidence(self, one: Difference) -> str:
        if self.now.evidence is Evidence.REQUIRED:
            return "It needs a link that shows it now."
        return "It needs no link any more."

    def allow_na(self, one: Difference) -> str:
        if self.now.allow_na:
            return "“Does not apply” may be answered now."
        return "“Does not apply” is no answer to it any more."

    def headline(self, one: Difference) -> str:
        if self.now.headline:
            return "It decides “common wealth beyond itself” now."
        return "It does not decide “common wealth beyond itself” any more."


def _quoted(words: Wording, criterion: Criterion) -> list[str]:
    return [words.quoted(criterion, place) for place, _ in enumerate(criterion.levels)]


_SENTENCES: Mapping[str, Callable[[_Both, Difference], str]] = {
    "kind": _Both.kind,
    "reversed": _Both.reversed,
    "levels": _Both.levels,
    "text": _Both.text,
    "credit": _Both.credit,
    "unit": _Both.unit,
    "role": _Both.role,
    "importance": _Both.importance,
    "must_reach": _Both.must_reach,
    "evidence": _Both.evidence,
    "allow_na": _Both.allow_na,
    "headline": _Both.headline,
}
"""How a difference is said, by its key; of all other keys whoever answers need not hear."""
