"""The bars: what must be reached, and what would be better still."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A number that must be at most (or, `at_least`, no less than) another."""

    name: str
    must: float
    ambition: float
    says: str
    at_least: bool = False

    def reached(self, number: float, bar: float) -> bool:
        """Whether a number reaches one of its bars."""
        return number >= bar if self.at_least else number <= bar


BARS = (
    Bar("all-pairs/sgemm", 5, 3, "All pairs, best 100 and counts ÷ raw products, 10,000"),
    Bar("loop/all-pairs", 3_000, 8_000, "Python double loop (sampled) ÷ all pairs, 10,000", True),
    Bar("growth-20k/10k", 4.2, 3.8, "All pairs, 20,000 ÷ 10,000"),
    Bar("memory-40k-gb", 0.5, 0.4, "Memory above the imports at 40,000, GB"),
    Bar("list/matvec-10k", 2, 1, "One list ÷ its matrix-vector products, 10,000"),
    Bar("list/matvec-100k", 1, 0.5, "One list ÷ its matrix-vector products, 100,000"),
    Bar("storing/computing-sqlite", 0.5, 0.1, "Storing all results ÷ computing them, SQLite"),
    Bar("storing/computing-postgresql", 0.5, 0.1, "Storing ÷ computing, PostgreSQL"),
    Bar("same-bits", 1, 1, "The same bits whichever way (1 = yes)", True),
    Bar("published-to-list-s", 1, 0.15, "Answer published → fresh list on the page, 10,000, s"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A number beside its bar."""

    bar: Bar
    number: float

    @property
    def is_met(self) -> bool:
        """Whether what must be reached is reached."""
        return self.bar.reached(self.number, self.bar.must)

    @property
    def has_ambition(self) -> bool:
        """Whether more than that is reached."""
        return self.bar.reached(self.number, self.bar.ambition)

    @property
    def line(self) -> str:
        """One line for a terminal: name, ratio, bar, met or missed."""
        word = "met" if self.is_met else "missed"
        return f"{self.bar.name} {self.number:.4g} {self.bar.must:g} {word}"


def standings(numbers: dict[str, float]) -> list[Standing]:
    """The numbers that were taken, beside their bars."""
    return [Standing(bar, numbers[bar.name]) for bar in BARS if bar.name in numbers]
