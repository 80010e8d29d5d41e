"""Which words of a text have changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST = 250_000
"""Comparing two texts costs the product of their lengths in words; more than this is not done."""
_ALIKE = 0.4
"""Texts that are less alike are read more easily as two texts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text, and whether the other text does not have it there."""

    text: str
    is_changed: bool


Parts = tuple[Part, ...]


def parts(before: str, after: str) -> tuple[Parts, Parts]:
    """Two texts, each in stretches that stay and stretches that do not."""
    there, here = _WORDS.findall(before), _WORDS.findall(after)
    if 0 < len(there) * len(here) <= _MOST:
        found = SequenceMatcher(None, there, here, autojunk=False)
        if found.ratio() >= _ALIKE:
            codes = found.get_opcodes()
            return (
                _joined((there[start:end], code != "equal") for code, start, end, _, _ in codes),
                _joined((here[start:end], code != "equal") for code, _, _, start, end in codes),
            )
    return _joined([(there, True)]), _joined([(here, True)])


def _joined(stretches: Iterable[tuple[list[str], bool]]) -> Parts:
    """The stretches as texts; a blank between two changed words is not worth a stretch."""
    found = [("".join(words), is_changed) for words, is_changed in stretches if words]
    for index in range(1, len(found) - 1):
        text, is_changed = found[index]
        if not is_changed and text.isspace() and found[index - 1][1] and found[index + 1][1]:
            found[index] = (text, True)
    return tuple(
        Part("".join(text for text, _ in group), is_changed)
        for is_changed, group in groupby(found, key=lambda one: one[1])
    )
