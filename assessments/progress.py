"""How long work tells how far it is, whoever listens: a terminal, a page, or nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

Thing = TypeVar("Thing")


class Report(Protocol):
    """Hears how far a stage of some work is: `done` of `total`."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear of a stage that `done` of `total` is done."""


def to_nobody(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def in_batches(
    things: Sequence[Thing], size: int, stage: str, report: Report
) -> Iterator[Sequence[Thing]]:
    """Some things at a time, telling after each how many are done."""
    report(stage, 0, len(things))
    for start in range(0, len(things), size):
        yield things[start : start + size]
        report(stage, min(start + size, len(things)), len(things))
