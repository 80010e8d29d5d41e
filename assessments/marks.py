"""The mark of an answer: a short sign by which two people never overwrite each other unseen.

It comes from the answer itself and not from a counter, so it stays right when a draft is published,
taken to a new edition or begun anew in between.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from assessments.scoring import terms

_LENGTH = 20


def of_answer(criterion: terms.Criterion, answer: terms.Answer | None) -> str:
    """A short sign of an answer, or of none: the same for the same answer to the same question.

    Blanks at the ends of lines and ways to end a line make no difference, as forms change them.
    """
    parts: list[object] = [criterion.slug, criterion.meaning]
    if answer is not None:
        parts += [
            answer.level,
            None if answer.value is None else _number(answer.value),
            [_words(one) for one in answer.licences],
            tidy(answer.na),
            answer.unknown,
            [_words(one) for one in answer.offers],
            [_words(one) for one in answer.needs],
            answer.withheld,
            tidy(answer.reservation),
            [_words(one) for one in answer.evidence],
            tidy(answer.note),
        ]
    return digest(parts)


def tidy(text: str) -> str:
    """A text without blanks at its ends and the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _number(value: Decimal) -> str:
    """A number without the zeros at its end; `normalize` would round one of 30 digits."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(text: str) -> str:
    return " ".join(text.split())


def digest(parts: object) -> str:
    """The mark of anything that is written the same way whenever it is the same."""
    written = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:_LENGTH]
