"""The radios of a question: its answers in full sentences, and the ways to say nothing."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring import answers, terms
from assessments.scoring.terms import Answer, Criterion, Kind, Role
from assessments.wording import Wording

SAID, UNKNOWN, NA = "said", "unknown", "na"
LEVEL, BUT = "level:", "but:"


@dataclass(frozen=True)
class Choice:
    """One radio: its value, its sentence, and whether it is a "but" or a way to say nothing."""

    value: str
    sentence: str
    is_but: bool = False
    is_said: bool = False
    is_na: bool = False


def choices_of(criterion: Criterion, words: Wording, stored: Answer | None) -> list[Choice]:
    """All of a question, in their order; what a file has brought is among them."""
    found: list[Choice] = []
    if criterion.kind is Kind.PRACTICE:
        found += _practice(criterion, words, stored)
    elif criterion.kind is Kind.CHOICE:
        found += [
            Choice(LEVEL + level.slug, words.level(criterion, position))
            for position, level in enumerate(criterion.levels)
        ]
    else:
        sentence = {
            Kind.SHARE: "We know the number:",
            Kind.LICENCES: "Under these licences:",
        }.get(criterion.kind, "We offer or need this:")
        found.append(Choice(SAID, sentence, is_said=True))
    found.append(Choice(UNKNOWN, "We don’t know."))
    if criterion.allow_na or (stored is not None and stored.na):
        found.append(Choice(NA, "It does not apply to us.", is_na=True))
    return found


def _practice(criterion: Criterion, words: Wording, stored: Answer | None) -> list[Choice]:
    """Yes, Yes but…, No; where the good answer is no: No, No but…, Yes."""
    found = []
    good = "no" if criterion.reversed else "yes"
    for slug in (good, "yes" if good == "no" else "no"):
        position = criterion.positions[slug]
        found.append(Choice(LEVEL + slug, words.level(criterion, position)))
        # A but to the other answer can come from a file.
        is_stored = stored is not None and stored.reservation and stored.level == slug
        if slug == good or is_stored:
            found.append(
                Choice(BUT + slug, f"{words.short(criterion, position)}, but…", is_but=True)
            )
    return found


def counted_as_but(criterion: Criterion, words: Wording) -> str:
    """What "Yes, but" counts as, in a word; nothing where it is not scored."""
    if criterion.kind is not Kind.PRACTICE or criterion.role is not Role.STANDARD:
        return ""
    return words.short(criterion, answers.least(criterion))


def best(criterion: Criterion) -> terms.Level:
    """The good answer of a practice."""
    return criterion.level("no" if criterion.reversed else "yes")
