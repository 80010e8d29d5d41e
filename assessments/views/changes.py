"""What would change one direction of a pair, or what it rests on, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.comparison import Side
from assessments.compatibility import enough, missing
from assessments.compatibility.explanation import DealBreaker, Direction, Outcome, Part
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Criterion, Role, State
from assessments.views.shown import unasked
from assessments.views.side_by_side import SideBySide


@dataclass(frozen=True)
class Changes:
    """One direction of a pair: how the answering side meets what the asking one asks."""

    said: SideBySide
    direction: Direction
    asking: Side
    answering: Side

    @cached_property
    def parts(self) -> dict[str, Part]:
        """Its parts by criterion."""
        return {part.criterion: part for part in self.direction.parts}

    @cached_property
    def policy(self) -> Policy:
        """What is asked."""
        return self.asking.published.policy(self.said.pair.edition)

    def context(self) -> dict[str, Any]:
        """As `components/change.html` takes it.

        What is missing comes before what would have to be done differently.
        """
        change = self.direction.change
        found = missing.missing(self.direction)
        is_told_first = found.change.outcome is Outcome.THESE_ANSWERS
        needs_more = set(change.criteria) != set(found.change.criteria)
        answers = self._answers(self.direction)
        first = self._missing(found) if is_told_first else []
        others = [self._named(slug) for slug in found.others] if is_told_first else []
        return {
            "outcome": change.outcome.value,
            "obstacle": change.obstacle.value if change.obstacle else "",
            "answers": answers,
            "missing": first,
            "is_each": bool(found.each),
            "others": others,
            "is_or_else": is_told_first and needs_more,
            "met": len(self.direction.breakers(DealBreaker.MET)),
            "length": len(first) + len(others) + (len(answers) if needs_more else 0),
        }

    def _missing(self, found: missing.Missing) -> list[dict[str, Any]]:
        if found.each:
            alone = (missing.by_these(self.direction, slug) for slug in found.each)
            return [answer for one in alone for answer in self._answers(one)]
        return self._answers(missing.by_these(self.direction, *found.change.criteria))

    def _answers(self, direction: Direction) -> list[dict[str, Any]]:
        """The least answers with which a direction would change."""
        edition = self.said.pair.edition
        least = enough.least_answers(edition, direction, self.asking.sheet, self.policy)
        return [self._answer(edition.by_slug[slug], level) for slug, level in least.items()]

    def _answer(self, criterion: Criterion, level: int) -> dict[str, Any]:
        cell = self.said.cell(self.answering, criterion)
        breaker = self.parts[criterion.slug].deal_breaker
        is_unmet = breaker in (DealBreaker.FAILED, DealBreaker.OPEN)
        return {
            **self._named(criterion.slug),
            "answer": self._at_least(criterion, level),
            "now": {**cell, "text": cell["text"].rstrip(".")},
            "unasked": unasked(self.answering.published, criterion),
            "is_open": self.answering.sheet[criterion.slug].state is State.UNKNOWN,
            "is_deal_breaker": is_unmet,
            "breaker": self._less(criterion, level) if is_unmet else "",
        }

    def _less(self, criterion: Criterion, level: int) -> str:
        """What meets the deal-breaker, where a level is more than that; else nothing."""
        required = self.policy.must_reach.get(criterion.slug)
        if required is None or criterion.role is not Role.STANDARD:
            return ""
        asked = criterion.positions[required]
        if criterion.credit(level) <= criterion.credit(asked):
            return ""
        return self.said.words.quoted(criterion, asked)

    def _at_least(self, criterion: Criterion, level: int) -> str:
        """A level as the least that is enough; for likeness, how near to one's own it has to be."""
        words = self.said.words
        if criterion.role is Role.STANDARD:
            return words.at_least(criterion, level)
        quoted, own = words.quoted(criterion, level), self.asking.sheet[criterion.slug].position
        if own is None or own == level:
            return quoted
        return f"{quoted}, or nearer to {words.quoted(criterion, own)}"

    def _named(self, slug: str) -> dict[str, Any]:
        return self.said.asked(slug, self.asking, self.answering)
