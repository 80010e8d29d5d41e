"""On which line of an edition's text a place stands, such as `criteria.rules.levels[2].slug`.

The TOML reader does not tell, so the text is walked through once more, key by key.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from itertools import accumulate

from assessments.catalogue.mistakes import step_to

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|'
    r"'''(?:[^']|'(?!''))*'{3,5}|"
    r'"(?:[^"\\\n]|\\[^\n])*"|'
    r"'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


class _Lost(Exception):
    """The text does not go on as TOML does; `at`: the offset where."""

    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(at)


def lines(text: str) -> Mapping[str, int]:
    """The line (from 1) on which each key and each part of a list begins, by its place.

    Of a text that is no TOML, those before the first mistake.
    """
    walk = _Walk(text)
    with suppress(_Lost, RecursionError):
        walk.go()
    return walk.found


def line_of(place: str, found: Mapping[str, int]) -> int | None:
    """The line of a place among the lines of a text: its own or that of what it belongs in."""
    while place:
        if place in found:
            return found[place]
        place = place[: max(place.rfind("."), place.rfind("["), 0)]
    return None


def open_text(text: str) -> int | None:
    """The line on which a text begins that never ends; None if there is no such text."""
    walk = _Walk(text)
    try:
        walk.go()
    except _Lost as lost:
        return walk.line(lost.at) if text[lost.at : lost.at + 1] in ('"', "'") else None
    except RecursionError:
        return None
    return None


class _Walk:
    """One way through a text; `found`: the line of each place so far."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.at = 0
        self.found: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.starts = [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def line(self, at: int) -> int:
        """The line of an offset."""
        return bisect_right(self.starts, at)

    def go(self) -> None:
        """Walk through all tables."""
        base = ""
        self.skip()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                base = self.header()
            else:
                self.pair(base)
            self.skip()

    def header(self) -> str:
        """Walk over the head of a table; its place."""
        is_list = self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        base, steps = "", self.steps()
        for number, (step, at) in enumerate(steps, 1):
            place = (base + step).removeprefix(".")
            self.note(place, at)
            if is_list and number == len(steps):
                self.counts[place] = self.counts.get(place, -1) + 1
            # Further tables of a list belong to its last part.
            base = f"{place}[{self.counts[place]}]" if place in self.counts else place
            self.note(base, at)
        self.expect("]]" if is_list else "]")
        return base

    def pair(self, base: str) -> None:
        """Walk over a key and its value."""
        for step, at in self.steps():
            base = (base + step).removeprefix(".")
            self.note(base, at)
        self.expect("=")
        self.blanks()
        self.value(base)

    def steps(self) -> list[tuple[str, int]]:
        """Walk over a dotted key; each step of it with its offset."""
        found = []
        while True:
            self.blanks()
            at = self.at
            if self.text[at : at + 1] in ('"', "'"):
                quoted = self.take(_STRING)
                try:
                    name = str(tomllib.loads(f"key = {quoted}")["key"])
                except tomllib.TOMLDecodeError:
                    raise _Lost(at) from None
            else:
                name = self.take(_BARE)
            found.append((step_to(name), at))
            self.blanks()
            if not self.text.startswith(".", self.at):
                return found
            self.at += 1

    def value(self, place: str) -> None:
        """Walk over a value, noting what is inside it."""
        sign = self.text[self.at : self.at + 1]
        if sign in ('"', "'"):
            self.take(_STRING)
        elif sign == "[":
            self.parts(place)
        elif sign == "{":
            self.at += 1
            self.skip()
            while not self.text.startswith("}", self.at):
                self.pair(place)
                self.comma("}")
            self.at += 1
        else:
            self.take(_SCALAR)

    def parts(self, place: str) -> None:
        """Walk over a list."""
        self.at += 1
        self.skip()
        number = 0
        while not self.text.startswith("]", self.at):
            self.note(f"{place}[{number}]", self.at)
            self.value(f"{place}[{number}]")
            self.comma("]")
            number += 1
        self.at += 1

    def comma(self, end: str) -> None:
        """Walk over a comma, or to the end of a group."""
        self.skip()
        if not self.text.startswith(end, self.at):
            self.expect(",")
            self.skip()

    def note(self, place: str, at: int) -> None:
        """Note where something begins; its first place counts."""
        self.found.setdefault(place, self.line(at))

    def skip(self) -> None:
        """Walk over blanks, ends of lines and comments."""
        if match := _BLANK.match(self.text, self.at):
            self.at = match.end()

    def blanks(self) -> None:
        """Walk over blanks within a line."""
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1

    def expect(self, sign: str) -> None:
        """Walk over a sign that has to stand here."""
        self.blanks()
        if not self.text.startswith(sign, self.at):
            raise _Lost(self.at)
        self.at += len(sign)

    def take(self, pattern: re.Pattern[str]) -> str:
        """Walk over what a pattern finds here."""
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _Lost(self.at)
        self.at = match.end()
        return match[0]
