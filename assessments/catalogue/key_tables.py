"""Groups of keys in an interchange file (TOML tables, JSON objects), read by a table of their keys.

Which keys a file may have, which it must have and what each holds is written down once, in such
tables; `sift` does the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.catalogue.mistakes import (
    Fault,
    Wrong,
    choose_from,
    listed,
    problems_at,
    shown,
    step_to,
)
from assessments.catalogue.plain_values import Check
from assessments.scoring.problems import Problem, Refused


@dataclass(frozen=True)
class Key:
    """What one key of a table may hold, and whether the table can do without it."""

    check: Check
    required: bool = False


class Doubled(dict[str, object]):
    """A group of keys in which some stand twice, as the JSON reader found them in `twice`."""

    def __init__(self, pairs: Iterable[tuple[str, object]], twice: Iterable[str]) -> None:
        super().__init__(pairs)
        self.twice = tuple(twice)


@dataclass(frozen=True)
class Group:
    """A group of keys (a TOML table, a JSON object) whose inside is checked elsewhere."""

    expected: str = "a group of keys"

    def __call__(self, raw: object) -> Mapping[str, object]:
        """The group itself."""
        if not isinstance(raw, Mapping):
            raise Wrong(Fault(f"{shown(raw)} is not a group of keys.", f"Write {self.expected}."))
        return raw


@dataclass(frozen=True)
class Table:
    """A group of keys that stand in a table of keys; gives the values of those given."""

    keys: Mapping[str, Key]

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        return f"a group of the keys {listed(self.keys)}"

    def __call__(self, raw: object) -> dict[str, Any]:
        """The values of the keys."""
        values, faults = sift(raw, self.keys)
        if faults:
            raise Wrong(*faults)
        return values


@dataclass(frozen=True)
class Named:
    """A group of keys of any name, whose values all pass one check."""

    part: Check
    expected: str = "a group of keys"

    def __call__(self, raw: object) -> dict[str, Any]:
        """The values by name."""
        group = Group(self.expected)(raw)
        values: dict[str, Any] = {}
        faults = doubled(group)
        for name, part in group.items():
            if isinstance(part, Mapping) and part:
                cut = f"{name}.{next(iter(part))}"
                message = f"{shown(cut)} has a point, which cuts a key in two."
                faults.append(
                    Fault(message, f'Write it in quotation marks: "{cut}".', step_to(name))
                )
                continue
            try:
                values[name] = self.part(part)
            except Wrong as wrong:
                faults += [fault.under(step_to(name)) for fault in wrong.faults]
        if faults:
            raise Wrong(*faults)
        return values


def sift(raw: object, keys: Mapping[str, Key]) -> tuple[dict[str, Any], list[Fault]]:
    """What of a group of keys can be used, and every fault of the rest.

    Faults are: no group of keys, a key that is unknown, doubled or missing, a value that fails.
    """
    values: dict[str, Any] = {}
    if not isinstance(raw, Mapping):
        remedy = f"Write {Table(keys).expected}."
        return values, [Fault(f"{shown(raw)} is not a group of keys.", remedy)]
    faults = doubled(raw)
    for name, value in raw.items():
        key = keys.get(name)
        if key is None:
            remedy = choose_from(name, keys, "The keys that can stand here are", "take it out.")
            faults.append(Fault("This key is not known.", remedy, step_to(name)))
            continue
        try:
            values[name] = key.check(value)
        except Wrong as wrong:
            faults += [fault.under(f".{name}") for fault in wrong.faults]
    for name, key in keys.items():
        if key.required and name not in raw:
            faults.append(
                Fault("This key is missing.", f"Add it: {key.check.expected}.", f".{name}")
            )
    return values, faults


def doubled(raw: Mapping[str, object]) -> list[Fault]:
    """A fault for each key that stands twice in one group."""
    if not isinstance(raw, Doubled):
        return []
    return [
        Fault("This key stands twice.", "Keep one of the two.", step_to(name)) for name in raw.twice
    ]


@dataclass
class Findings:
    """The problems that have been found so far in one file."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, place: str, faults: Iterable[Fault]) -> None:
        """Notes faults at a place."""
        self.problems += problems_at(place, faults)

    def sift(self, raw: object, keys: Mapping[str, Key], place: str) -> dict[str, Any]:
        """What of a group of keys can be used; the faults of the rest are noted."""
        values, faults = sift(raw, keys)
        self.add(place, faults)
        return values

    def refuse(self) -> None:
        """Raises Refused if there is any problem."""
        if self.problems:
            raise Refused(self.problems)


def check_name(name: str, check: Check, place: str, found: Findings) -> None:
    """Checks the name of a group of keys itself, such as the slug of a criterion."""
    try:
        check(name)
    except Wrong as wrong:
        found.add(place, wrong.faults)
