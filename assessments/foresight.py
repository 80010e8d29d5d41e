"""What publishing an edition would set off, computed without storing anything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from assessments import evaluation
from assessments.compatibility import pairs
from assessments.compatibility.encoding import Frame, Rows, encode
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.evaluation import Published
from assessments.matching import BLOCK
from assessments.models import Edition, Sheet
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from assessments.scoring.terms import Kind, State
from orgs.models import Organisation

MOST = 2_000
"""With more organisations than this, only a sample of them is looked at."""
SAMPLE = 500
MOST_NAMED = 50
"""So many of the organisations that lose answers are named."""


@dataclass(frozen=True, slots=True)
class Loser:
    """An organisation of which some answers would not count any more."""

    name: str
    slug: str
    count: int


@dataclass(frozen=True)
class Foresight:
    """What would change for the organisations looked at, and for the pairs of them.

    `lost` and `gained`: by criterion, how many have an answer that counts now and would not then,
    or the other way round. `losing` organisations lose some answer; `losers` are the first of
    them by name. `verdicts`: how many pairs have which verdict now and then.
    `organisations` were looked at of `of_all`.
    """

    organisations: int
    of_all: int
    lost: Mapping[str, int] = field(default_factory=dict)
    gained: Mapping[str, int] = field(default_factory=dict)
    losing: int = 0
    losers: tuple[Loser, ...] = ()
    verdicts: Mapping[tuple[Verdict, Verdict], int] = field(default_factory=dict)

    @property
    def is_estimate(self) -> bool:
        """Whether only a sample was looked at."""
        return self.organisations < self.of_all

    @property
    def pairs(self) -> int:
        """How many pairs were looked at."""
        return self.organisations * (self.organisations - 1) // 2

    @property
    def changing(self) -> int:
        """How many pairs would have another verdict."""
        return sum(count for (now, then), count in self.verdicts.items() if now is not then)

    def now(self, verdict: Verdict) -> int:
        """How many pairs have a verdict now."""
        return sum(count for (now, _), count in self.verdicts.items() if now is verdict)

    def then(self, verdict: Verdict) -> int:
        """How many pairs would have it."""
        return sum(count for (_, then), count in self.verdicts.items() if then is verdict)


def publishing(then: terms.Edition, earlier: Sequence[Edition]) -> Foresight:
    """What publishing a draft would set off: four queries, and those of the editions.

    `earlier`: every edition that was ever published, the current one among them. Of more than
    MOST organisations it looks at SAMPLE, the same ones every time.
    """
    (current,) = (edition for edition in earlier if edition.state == EditionState.PUBLISHED)
    sheets = list(
        Sheet.objects.filter(edition=current)
        .select_related("assessment")
        .order_by("organisation_id")
    )
    rows = sheets
    if len(sheets) > MOST:
        rows = random.Random(SAMPLE).sample(sheets, SAMPLE)  # noqa: S311 (no secret)
    editions = {edition.pk: edition for edition in earlier}
    for sheet in rows:
        sheet.assessment.edition = editions[sheet.assessment.edition_id]
    published = evaluation.read([sheet.assessment for sheet in rows])
    now = current.as_terms()
    lost, gained, losses = _moved(published, now, then)
    losing = {sheet.organisation_id: count for sheet, count in zip(rows, losses, strict=True)}
    losing = {pk: count for pk, count in losing.items() if count}
    before, after = Frame.of(now), Frame.of(then)
    return Foresight(
        organisations=len(rows),
        of_all=len(sheets),
        lost=lost,
        gained=gained,
        losing=len(losing),
        losers=_named(losing),
        verdicts=_verdicts(
            (before, before.rows([_packed(before, now, one) for one in published])),
            (after, after.rows([_packed(after, then, one) for one in published])),
        ),
    )


def _packed(frame: Frame, edition: terms.Edition, one: Published) -> bytes:
    return frame.row(one.sheet(edition), one.policy(edition)).tobytes()


def _moved(
    published: Sequence[Published], now: terms.Edition, then: terms.Edition
) -> tuple[Counter[str], Counter[str], list[int]]:
    """By criterion, how many answers stop counting and how many begin to; how many each loses."""
    lost, gained, losses = Counter[str](), Counter[str](), list[int]()
    for one in published:
        before, after = _counting(one, now), _counting(one, then)
        lost.update(before - after)
        gained.update(after - before)
        losses.append(len(before - after))
    return lost, gained, losses


def _named(losing: Mapping[int, int]) -> tuple[Loser, ...]:
    """The first by name of those that lose so many answers each: one query."""
    found = Organisation.objects.filter(pk__in=list(losing)).order_by("name", "pk")
    return tuple(Loser(one.name, one.slug, losing[one.pk]) for one in found[:MOST_NAMED])


def _counting(one: Published, edition: terms.Edition) -> set[str]:
    """The criteria of an edition on which an organisation has an answer that counts."""
    counting = {
        slug for slug, level in one.sheet(edition).items() if level.state is not State.UNKNOWN
    }
    offers = (criterion for criterion in edition.criteria if criterion.kind is Kind.OFFERS)
    return counting | {criterion.slug for criterion in offers if one.said(criterion) is not None}


def _verdicts(
    now: tuple[Frame, Rows], then: tuple[Frame, Rows]
) -> Mapping[tuple[Verdict, Verdict], int]:
    """How many unordered pairs have which verdict now and then."""
    before, after = encode(*now), encode(*then)
    kinds = len(VERDICTS)
    counts = np.zeros(kinds * kinds, dtype=np.int64)
    for start in range(0, len(before), BLOCK):
        rows, columns = slice(start, start + BLOCK), slice(start, len(before))
        first = pairs.compare(before.take(rows), before.take(columns)).verdicts
        second = pairs.compare(after.take(rows), after.take(columns)).verdicts
        later = np.arange(first.shape[1])[None, :] > np.arange(first.shape[0])[:, None]
        both = first[later].astype(np.int64) * kinds + second[later]
        counts += np.bincount(both, minlength=kinds * kinds)
    return {
        (one, other): int(count)
        for (one, other), count in zip(product(VERDICTS, VERDICTS), counts, strict=True)
        if count
    }
