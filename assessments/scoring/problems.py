"""What is wrong with something that was handed in, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its place (criterion or organisation, and key), what is wrong, the remedy."""

    place: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} {self.remedy}"


class Refused(Exception):
    """Something was refused whole; `problems` lists every mistake found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        # Put together only when asked for: a large file may have very many mistakes.
        return "\n".join(str(problem) for problem in self.problems)
