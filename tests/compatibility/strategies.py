"""Small worlds: an edition, what some organisations answer, and what they ask; drawn or written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.compatibility import explanation, pairs
from assessments.compatibility.encoding import (
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    UNKNOWN,
    Encoded,
    Frame,
    Rows,
    encode,
)
from assessments.scoring.policy import Policy
from assessments.scoring.terms import (
    SAME,
    Agreement,
    Criterion,
    Edition,
    Effective,
    Role,
    Sheet,
    State,
)
from tests.scoring import builders

EXAMPLES, MANY_EXAMPLES = 60, 2_000

LADDERS = ((0, 100), (100, 0), (0, 50, 100), (0, 33, 100, 100), (100, 67, 0))
THRESHOLDS = (60, 0, 50, 34, 100)


@dataclass(frozen=True)
class World:
    """An edition and some organisations, each with a sheet and a policy, in order."""

    edition: Edition
    sheets: tuple[Sheet, ...]
    policies: tuple[Policy, ...]

    @cached_property
    def frame(self) -> Frame:
        return Frame.of(self.edition)

    @cached_property
    def rows(self) -> Rows:
        """The packed rows, as they come back from where they are stored."""
        both = zip(self.sheets, self.policies, strict=True)
        return self.frame.rows([self.frame.row(*one).tobytes() for one in both])

    @cached_property
    def encoded(self) -> Encoded:
        return encode(self.frame, self.rows)

    @cached_property
    def all_pairs(self) -> pairs.Compatibility:
        return pairs.compare(self.encoded, self.encoded)

    @property
    def verdict(self) -> pairs.Verdict:
        """The verdict on the first two organisations."""
        return pairs.VERDICTS[self.all_pairs.verdicts[0, 1]]

    @property
    def reasons(self) -> explanation.Reasons:
        """The reasons for the first two organisations."""
        return explanation.explain(self.frame, self.rows.take((0, 1)))

    def of(self, places: Sequence[int]) -> World:
        """The same world with these organisations, in this order."""
        return World(
            self.edition,
            tuple(self.sheets[place] for place in places),
            tuple(self.policies[place] for place in places),
        )

    def with_level(self, place: int, criterion: Criterion, level: int) -> World:
        """The same world where one organisation's level of one criterion is another."""
        changed = {**self.sheets[place], criterion.slug: effective(criterion, level)}
        return replace(self, sheets=(*self.sheets[:place], changed, *self.sheets[place + 1 :]))

    def with_policy(self, place: int, policy: Policy) -> World:
        """The same world where one organisation asks something else."""
        return replace(self, policies=(*self.policies[:place], policy, *self.policies[place + 1 :]))


def written(edition: Edition, *organisations: tuple[Sheet, Policy]) -> World:
    """A world written out by hand."""
    return World(
        edition,
        tuple(sheet for sheet, _ in organisations),
        tuple(policy for _, policy in organisations),
    )


def effective(criterion: Criterion, level: int) -> Effective:
    """An effective level as a packed row has it; levels that are too high become the highest."""
    if level == UNKNOWN:
        return Effective(State.UNKNOWN)
    if level == NOT_APPLICABLE:
        return Effective(State.NOT_APPLICABLE)
    return Effective(State.KNOWN, min(level, len(criterion.levels) - 1))


def deal_breaker(criterion: Criterion, level: int) -> str | None:
    """The deal-breaker that a level of a packed row stands for."""
    if level < 0:
        return None
    if criterion.role is Role.SIMILARITY:
        return SAME
    return criterion.levels[min(level, len(criterion.levels) - 1)].slug


def shapes() -> list[Criterion]:
    """One criterion of every shape that matters to a pair, all under one slug."""
    return [
        criterion
        for na_meets in (False, True)
        for criterion in (
            *(builders.choice("c", credits, na_meets=na_meets) for credits in LADDERS),
            *(
                builders.alike("c", count, agreement=agreement, na_meets=na_meets)
                for count in (2, 3, 4)
                for agreement in Agreement
            ),
        )
    ]


SHAPES = st.sampled_from(shapes())
MOST_CRITERIA = 4


def worlds(organisations: int = 2, greatest_importance: int = 10) -> st.SearchStrategy[World]:
    """Worlds with this many organisations and one to four criteria; all the rest is drawn.

    Half of the deal-breakers that are drawn are none. One draw gives all of an organisation that
    touches one criterion, since it is the draws that take time.
    """
    levels = (0, 1, 2, 3, UNKNOWN, NOT_APPLICABLE)
    importances = range(greatest_importance + 1)
    must_reach = (NO_DEAL_BREAKER, NO_DEAL_BREAKER, NO_DEAL_BREAKER, 0, 1, 2)
    cell = st.sampled_from(list(product(levels, importances, must_reach)))
    one = st.tuples(st.sampled_from(THRESHOLDS), *([cell] * MOST_CRITERIA))
    asked = st.lists(SHAPES, min_size=1, max_size=MOST_CRITERIA)
    return st.builds(_world, asked, st.tuples(*([one] * organisations)))


def _world(shapes: list[Criterion], organisations: tuple[tuple[Any, ...], ...]) -> World:
    asked = [replace(shape, slug=f"c{place}") for place, shape in enumerate(shapes)]
    sheets, policies = [], []
    for threshold, *cells in organisations:
        drawn = list(zip(asked, cells, strict=False))
        sheets.append({c.slug: effective(c, level) for c, (level, _, _) in drawn})
        breaks = {c.slug: deal_breaker(c, level) for c, (_, _, level) in drawn}
        policies.append(
            Policy(
                threshold,
                {c.slug: importance for c, (_, importance, _) in drawn},
                {slug: must for slug, must in breaks.items() if must is not None},
            )
        )
    return World(builders.edition(*asked, builders.offers()), tuple(sheets), tuple(policies))


def always(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A property as a test: of a few examples each time, of many in the long run."""

    def decorate(holds: Callable[..., None]) -> Any:
        @pytest.mark.parametrize(
            "examples", [EXAMPLES, pytest.param(MANY_EXAMPLES, marks=pytest.mark.long)]
        )
        def test(examples: int) -> None:
            settings(max_examples=examples)(given(**drawn)(holds))()

        test.__doc__ = holds.__doc__
        return test

    return decorate
