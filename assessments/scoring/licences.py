"""From a licence expression to the class of what it does for a commons.

The classes and their patterns stand in `licence-classes.toml` beside this module. An expression
follows SPDX: identifiers, `AND`, `OR`, `WITH` and parentheses; AND binds before OR. Of an OR the
part of greatest credit counts (of equals the later class), of an AND that of least (of equals the
earlier), so the class of an expression depends on the credits that a criterion gives.

A parser of our own, since the model is stricter than the one in `license-expression`: operators
in upper case only, and any identifier that a pattern knows. That package's index tells which
exceptions the SPDX list has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path

from license_expression import get_license_index

CLASSES = ("proprietary", "restricted", "permissive", "reciprocity", "copyleft")
"""The licence classes in the order of the levels of a licences criterion."""

DEFAULT_CREDITS = (0, 20, 60, 80, 100)

_TOKEN = re.compile(r"\s*(?:([()])|([A-Za-z0-9][A-Za-z0-9.:-]*\+?))")
_OPERATORS = ("AND", "OR", "WITH")
_OPENING, _CLOSING = "()"
_GREATEST_DEPTH = 50


class NotALicence(ValueError):
    """An expression cannot be read; the message says what is wrong and how to write it."""


@cache
def patterns() -> tuple[tuple[str, int], ...]:
    """Every pattern with the position of its class, in the order in which they are tried."""
    text = (Path(__file__).parent / "licence-classes.toml").read_text(encoding="utf-8")
    return tuple(
        (pattern, CLASSES.index(name))
        for name, of_class in tomllib.loads(text).items()
        for pattern in of_class
    )


@cache
def exceptions() -> frozenset[str]:
    """The identifiers of the exceptions in the SPDX list (those that may follow WITH)."""
    return frozenset(
        entry["spdx_license_key"]
        for entry in get_license_index()
        if entry.get("is_exception")
        and entry.get("spdx_license_key")
        and not entry["spdx_license_key"].startswith("LicenseRef-")
        # Two families of old identifiers name a whole licence with its exception.
        and "-with-" not in entry["spdx_license_key"]
        and not re.fullmatch(r"eCos-\d.*", entry["spdx_license_key"])
    )


@lru_cache(maxsize=4096)
def class_of(identifier: str) -> int:
    """The position in `CLASSES` of one licence identifier; a final `+` is taken off first."""
    plain = identifier.removesuffix("+")
    for pattern, position in patterns():
        if fnmatchcase(plain, pattern):
            return position
    known = known_by_lower_case().get(plain.lower())
    hint = (
        f"Write it as {known}."
        if known
        else "Use an identifier of the SPDX licence list such as AGPL-3.0-or-later or "
        "CC-BY-SA-4.0, or LicenseRef-proprietary for all rights reserved."
    )
    raise NotALicence(f"“{identifier}” is no licence identifier that we know. {hint}")


@cache
def known_by_lower_case() -> Mapping[str, str]:
    """Identifiers of the SPDX list that a pattern knows, by their lower-case form."""
    keys = [entry.get("spdx_license_key") or "" for entry in get_license_index()]
    return {
        key.lower(): key
        for key in keys
        if any(fnmatchcase(key, pattern) for pattern, _ in patterns())
    }


@dataclass(frozen=True, slots=True)
class _Licence:
    position: int


@dataclass(frozen=True, slots=True)
class _Joined:
    operator: str
    parts: tuple[_Licence | _Joined, ...]


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = self._split()
        self.at = 0
        self.depth = 0

    def read(self) -> _Licence | _Joined:
        """The whole expression; NotALicence where it does not end as it should."""
        tree = self._joined("OR")
        if self.at < len(self.tokens):
            found = self.tokens[self.at]
            raise NotALicence(
                f"“{self.expression}” goes on with “{found}” where AND, OR or the end should "
                f"stand. {_HOW}"
            )
        return tree

    def _split(self) -> list[str]:
        tokens: list[str] = []
        at = 0
        text = self.expression.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                rest = text[at:].strip()
                raise NotALicence(f"“{rest[:40]}” cannot stand in a licence expression. {_HOW}")
            tokens.append(match.group(1) or match.group(2))
            at = match.end()
        if not tokens:
            raise NotALicence(f"A licence expression is empty. {_HOW}")
        return tokens

    def _next(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _joined(self, operator: str) -> _Licence | _Joined:
        part = self._single if operator == "AND" else self._all_of
        parts = [part()]
        while self._next() == operator:
            self.at += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else _Joined(operator, tuple(parts))

    def _all_of(self) -> _Licence | _Joined:
        return self._joined("AND")

    def _single(self) -> _Licence | _Joined:
        token = self._next()
        if token is None:
            raise NotALicence(f"“{self.expression}” ends where a licence should follow. {_HOW}")
        self.at += 1
        if token == _OPENING:
            return self._bracketed()
        if token in (_CLOSING, *_OPERATORS):
            raise NotALicence(
                f"“{self.expression}” has “{token}” where a licence should stand. {_HOW}"
            )
        licence = _Licence(class_of(token))
        if self._next() == "WITH":
            self.at += 1
            self._exception()
        return licence

    def _bracketed(self) -> _Licence | _Joined:
        self.depth += 1
        if self.depth > _GREATEST_DEPTH:
            raise NotALicence(f"A licence expression has more than {_GREATEST_DEPTH} brackets.")
        inner = self._joined("OR")
        if self._next() != _CLOSING:
            raise NotALicence(f"“{self.expression}” has a bracket that is not closed. {_HOW}")
        self.at += 1
        self.depth -= 1
        return inner

    def _exception(self) -> None:
        token = self._next()
        if token not in exceptions():
            raise NotALicence(
                f"“{token or 'nothing'}” after WITH is no exception of the SPDX list. Write for "
                "example GPL-2.0-or-later WITH Classpath-exception-2.0."
            )
        self.at += 1


_HOW = (
    "Write identifiers of the SPDX list, joined by AND, OR or WITH in upper case, "
    "for example: MIT OR (Apache-2.0 AND CC-BY-4.0)."
)


@lru_cache(maxsize=4096)
def _tree(expression: str) -> _Licence | _Joined:
    return _Reader(expression).read()


def check(expression: str) -> str | None:
    """What is wrong with an expression and how to write it; None if nothing is."""
    try:
        _tree(expression)
    except NotALicence as error:
        return str(error)
    return None


def classify(expressions: Sequence[str], credits: Sequence[int | None] = DEFAULT_CREDITS) -> int:
    """The position in `CLASSES` of several expressions taken together (as by AND).

    `credits` are the five credits 0–100 that the criterion gives to the classes. Raises
    NotALicence for an expression that cannot be read, ValueError where there is none.
    """
    if not expressions:
        raise ValueError("no licence expression")

    def credit(position: int) -> int:
        found = credits[position]
        return DEFAULT_CREDITS[position] if found is None else found

    def position_of(tree: _Licence | _Joined) -> int:
        if isinstance(tree, _Licence):
            return tree.position
        found = [position_of(part) for part in tree.parts]
        if tree.operator == "OR":
            return max(found, key=lambda position: (credit(position), position))
        return min(found, key=lambda position: (credit(position), position))

    return position_of(_Joined("AND", tuple(_tree(expression) for expression in expressions)))
