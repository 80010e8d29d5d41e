"""Mistakes on their way to a `Problem`: found first, told where they are later.

A check that reads a value does not know where the value stands, so it raises `Wrong` with faults;
whoever called it adds the steps of the place. Here too are the pieces of their sentences.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assessments.scoring.problems import Problem

WHOLE_FILE = "file"
"""The place of a mistake that belongs to no key."""

_SHOWN_LENGTH = 40
_WORD_LENGTH = 100
_LISTED = 30
_NUMBERS = re.compile(r"[0-9.]+")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake before its place is known: what is wrong, the remedy, and where below."""

    message: str
    remedy: str
    where: str = ""

    def under(self, step: str) -> Fault:
        """The same fault seen from one step above (`.key` or `[3]`)."""
        return replace(self, where=step + self.where)


class Wrong(Exception):
    """A raw value is not what it must be; `faults` says why, one or several."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(" ".join(fault.message for fault in faults))


def problems_at(place: str, faults: Iterable[Fault]) -> list[Problem]:
    """The faults as problems of a place; an empty place is the whole file."""
    return [
        Problem((place + fault.where).removeprefix(".") or WHOLE_FILE, fault.message, fault.remedy)
        for fault in faults
    ]


def shown(raw: object) -> str:
    """A raw value as a person may read it in a message: short, and safe to print."""
    match raw:
        case str():
            cut = raw if len(raw) <= _SHOWN_LENGTH else raw[: _SHOWN_LENGTH - 1] + "…"
            return "“" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut) + "”"
        case bool():
            return "true" if raw else "false"
        case None:
            return "null"
        case int() if abs(raw) >= 10**_SHOWN_LENGTH:
            # Python refuses to write integers of more than some thousand digits.
            return "A very long number"
        case int() | float() | Decimal():
            text = str(raw)
            return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"
        case Mapping():
            return "A group of keys"
        case list() | tuple():
            return "A list"
        case _:
            return str(raw)[:_SHOWN_LENGTH]


def step_to(name: str) -> str:
    """The step of a place to one key, in quotation marks where the key is an odd one."""
    return f".{name}" if _NAME.fullmatch(name) else f".{shown(name)}"


def listed(names: Iterable[str]) -> str:
    """Names in quotation marks with commas between; of very many, the first."""
    every = [f"“{name}”" for name in names]
    if len(every) > _LISTED:
        every[_LISTED:] = [f"and {len(every) - _LISTED} more"]
    return ", ".join(every) or "none"


def choose_from(word: str, known: Iterable[str], what: str, otherwise: str = "") -> str:
    """The remedy for a word that is not among the known ones: the nearest, and all of them.

    `what` names the known ones, with a verb: "The keys here are". `otherwise` is what to do if
    none of them was meant, as a sentence that begins with a small letter.
    """
    return _chosen(word[:_WORD_LENGTH], tuple(known), what, otherwise)


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """The remedy for a name that is not among very many: the nearest, if any is near.

    `otherwise` is what to do if that was not meant, as a sentence that begins with a small letter.
    """
    near = _near(word[:_WORD_LENGTH], tuple(known))
    if not near:
        return otherwise[:1].upper() + otherwise[1:]
    return f"Did you mean “{near[0]}”? If not, {otherwise}"


@lru_cache(maxsize=4096)
def _near(word: str, known: tuple[str, ...]) -> list[str]:
    # A mistaken file repeats its mistakes, and comparing is slow: hence the cache.
    return [
        one
        for one in difflib.get_close_matches(word, known, n=3)
        # Names that differ in their numbers only are different names, not slips of the pen.
        if _NUMBERS.sub("", one) != _NUMBERS.sub("", word) or _NUMBERS.sub("", word) == word
    ]


def _chosen(word: str, known: tuple[str, ...], what: str, otherwise: str) -> str:
    near = _near(word, known)
    parts = [f"Did you mean “{near[0]}”?"] if near else []
    if otherwise:
        parts.append(f"If not, {otherwise}" if near else otherwise[:1].upper() + otherwise[1:])
    return " ".join([*parts, f"{what}: {listed(known)}."])
