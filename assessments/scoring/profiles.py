"""What one sheet says about its organisation: scores as intervals, the headline, the account.

Scores are quotients of whole numbers, kept whole until they are shown. README.md has the maths
and an example worked by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessments.scoring import gap
from assessments.scoring.terms import Criterion, Edition, Effective, Role, Sheet, State


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what counts is reached, and how much is known.

    `points` and `open_points` are sums of importance · credit (known) and importance · 100
    (unknown), `possible` is the sum of importance · 100 over what applies. `known` of
    `applicable` criteria have a known level; `buts` of them are "Yes, but"; `evidenced` of the
    known have evidence. `has_basis` is False where "not applicable" takes more than a third of the
    importance.
    """

    points: int
    open_points: int
    possible: int
    known: int
    applicable: int
    buts: int
    evidenced: int
    has_basis: bool

    @property
    def low(self) -> Fraction | None:
        """What is reached for sure, 0–1; None where nothing that counts applies."""
        return Fraction(self.points, self.possible) if self.possible else None

    @property
    def high(self) -> Fraction | None:
        """What could be reached, 0–1; None where nothing that counts applies."""
        if not self.possible:
            return None
        return Fraction(self.points + self.open_points, self.possible)

    @property
    def evidence_share(self) -> Fraction | None:
        """The share of known answers with evidence, 0–1; None where none is known."""
        return Fraction(self.evidenced, self.known) if self.known else None


class Headline(StrEnum):
    """Does this organisation help to produce common wealth beyond itself?"""

    YES = "yes"
    NO = "no"
    NOT_YET_KNOWN = "not-yet-known"


@dataclass(frozen=True, slots=True)
class HeadlineAnswer:
    """The headline answer with the criteria that decide it, by slug in the edition's order.

    For No those that fail, for Yes those that hold, for not yet known those that are unknown.
    """

    answer: Headline
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One criterion in the account: its points, what stays open, what a change could add."""

    criterion: str
    importance: int
    state: State
    points: int
    open_points: int
    to_gain: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What one sheet says about its organisation.

    `account` has every standard criterion, in the edition's order; `would_add_most` those where a
    change would add points, the most first.
    """

    total: Score
    dimensions: Mapping[str, Score]
    principles: Mapping[int, Score]
    headline: HeadlineAnswer
    form_and_function: gap.FormAndFunction
    account: tuple[Entry, ...]
    would_add_most: tuple[Entry, ...]


def profile(edition: Edition, sheet: Sheet) -> Profile:
    """What a sheet under an edition says, by the standard policy's importances."""
    standard = edition.of_role(Role.STANDARD)
    account = tuple(entry(criterion, sheet[criterion.slug]) for criterion in standard)
    principles = sorted({principle for criterion in standard for principle in criterion.principles})
    return Profile(
        total=score(standard, sheet),
        dimensions={
            dimension.slug: score((c for c in standard if c.dimension == dimension.slug), sheet)
            for dimension in edition.dimensions
        },
        principles={
            principle: score((c for c in standard if principle in c.principles), sheet)
            for principle in principles
        },
        headline=headline(edition, sheet),
        form_and_function=gap.form_and_function(standard, sheet),
        account=account,
        would_add_most=tuple(
            sorted(
                (line for line in account if line.to_gain > 0),
                key=lambda line: (-line.to_gain, line.criterion),
            )
        ),
    )


def score(criteria: Iterable[Criterion], sheet: Sheet) -> Score:
    """The score of some standard criteria."""
    points = open_points = weight = left_out = known = applicable = buts = evidenced = 0
    for criterion in criteria:
        level = sheet[criterion.slug]
        buts += level.reserved
        if level.state is State.NOT_APPLICABLE:
            left_out += criterion.importance
            continue
        applicable += 1
        weight += criterion.importance
        if level.position is None:
            open_points += criterion.importance * 100
        else:
            known += 1
            evidenced += level.evidenced
            points += criterion.importance * criterion.credit(level.position)
    return Score(
        points=points,
        open_points=open_points,
        possible=weight * 100,
        known=known,
        applicable=applicable,
        buts=buts,
        evidenced=evidenced,
        has_basis=3 * left_out <= weight + left_out,
    )


def headline(edition: Edition, sheet: Sheet) -> HeadlineAnswer:
    """The headline answer, by the headline criteria's deal-breakers in the standard policy."""
    failing: list[str] = []
    unknown: list[str] = []
    holding: list[str] = []
    for criterion in edition.criteria:
        if not criterion.headline or criterion.must_reach is None:
            continue
        level = sheet[criterion.slug]
        if level.state is State.UNKNOWN:
            unknown.append(criterion.slug)
        elif level.position is not None:
            required = criterion.level(criterion.must_reach).credit or 0
            reaches = criterion.credit(level.position) >= required
            (holding if reaches else failing).append(criterion.slug)
    if failing:
        return HeadlineAnswer(Headline.NO, tuple(failing))
    if unknown or not holding:
        return HeadlineAnswer(Headline.NOT_YET_KNOWN, tuple(unknown))
    return HeadlineAnswer(Headline.YES, tuple(holding))


def entry(criterion: Criterion, level: Effective) -> Entry:
    """One standard criterion in the account."""
    points = open_points = 0
    if level.position is not None:
        points = criterion.importance * criterion.credit(level.position)
    elif level.state is State.UNKNOWN:
        open_points = criterion.importance * 100
    to_gain = 0
    if level.state is not State.NOT_APPLICABLE:
        to_gain = criterion.importance * 100 - points
    return Entry(criterion.slug, criterion.importance, level.state, points, open_points, to_gain)
