"""What publishing an edition would set off, computed without storing anything."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Any

import numpy as np

from assessments import evaluation
from assessments.compatibility import pairs
from assessments.compatibility.causes import NO_CAUSES, Causes, causes
from assessments.compatibility.encoding import Encoded, Frame, encode
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.evaluation import Published
from assessments.matching import BLOCK
from assessments.models import Edition, Sheet
from assessments.models.criteria import EditionState
from assessments.scoring import answers, policy, terms
from assessments.scoring.profiles import Headline, headline
from assessments.scoring.terms import Kind, State, Why
from orgs.models import Organisation
from orgs.models.organisation import plain

MOST = 2_000
"""With more organisations than this, only a sample of them is looked at."""
SAMPLE = 500
MOST_NAMED = 50
"""So many of the organisations that lose something, or whose answer changes, are named."""
MOST_PAIRS = 100
"""So many of the pairs that get another verdict are named."""


class Loss(StrEnum):
    """Why an answer that counts now would not count then."""

    DROPPED = "dropped"
    ASKED_ANEW = "asked anew"
    NEEDS_LINK = "needs a link now"
    NA_NOT_ALLOWED = "“does not apply” is no answer any more"


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation, as it is named and found."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Loser:
    """An organisation of which some answers would not count any more."""

    name: str
    slug: str
    count: int


@dataclass(frozen=True, slots=True)
class Lapsing:
    """An organisation with what it has set itself on a criterion, as far as it has."""

    name: str
    slug: str
    importance: int | None
    must_reach: str | None
    says_must_reach: bool


@dataclass(frozen=True, slots=True)
class Lapse:
    """A criterion on which own requirements would not count any more.

    `count` organisations have set something of their own on it; `who` are the first by name.
    """

    criterion: str
    count: int
    who: tuple[Lapsing, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Organisations, the first of `count` by name, whose headline answer would be another one."""

    now: Headline
    then: Headline
    count: int
    who: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class PairTurn:
    """A pair that would get another verdict, the first by name first."""

    first: Named
    second: Named
    now: Verdict
    then: Verdict


@dataclass(frozen=True)
class Foresight:
    """What would change for the organisations looked at, and for the pairs of them.

    `lost` and `gained`: by criterion, how many have an answer that counts now and would not then,
    or the other way round; `losses`: by criterion, for how many of them why. `losing`
    organisations lose some answer; `losers` are the first of them by name. `lapses`: where
    requirements of organisations' own would not count any more. `headlines`: how many have which
    headline answer now and then; `turns`: those with another one. `verdicts`: how many pairs have
    which verdict now and then; `pair_turns`: the first that get another one; `causes`: what of the
    criteria makes them turn.
    `organisations` were looked at of `of_all`.
    """

    organisations: int
    of_all: int
    lost: Mapping[str, int] = field(default_factory=dict)
    losses: Mapping[str, Mapping[Loss, int]] = field(default_factory=dict)
    gained: Mapping[str, int] = field(default_factory=dict)
    losing: int = 0
    losers: tuple[Loser, ...] = ()
    lapsing: int = 0
    lapses: tuple[Lapse, ...] = ()
    headlines: Mapping[tuple[Headline, Headline], int] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    verdicts: Mapping[tuple[Verdict, Verdict], int] = field(default_factory=dict)
    pair_turns: tuple[PairTurn, ...] = ()
    causes: Causes = NO_CAUSES

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

    def headline_now(self, answer: Headline) -> int:
        """How many organisations have a headline answer now."""
        return sum(count for (now, _), count in self.headlines.items() if now is answer)

    def headline_then(self, answer: Headline) -> int:
        """How many would have it."""
        return sum(count for (_, then), count in self.headlines.items() if then is answer)

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
    by_pk = {sheet.organisation_id: sheet for sheet in rows}
    # By name, so that the first of whatever is found are the first by name.
    organisations = sorted(
        Organisation.objects.filter(pk__in=list(by_pk)), key=lambda one: (plain(one.name), one.pk)
    )
    named = [(by_pk[one.pk], Named(one.name, one.slug)) for one in organisations]
    editions = {edition.pk: edition for edition in earlier}
    for sheet, _ in named:
        sheet.assessment.edition = editions[sheet.assessment.edition_id]
    published = evaluation.read([sheet.assessment for sheet, _ in named])
    everybody = _Everybody([who for _, who in named], published, current.as_terms(), then)
    return Foresight(
        organisations=len(rows),
        of_all=len(sheets),
        **everybody.answers(),
        **everybody.requirements(),
        **everybody.headlines(),
        **everybody.verdicts(),
    )


@dataclass(frozen=True)
class _Everybody:
    """The organisations looked at, by name, with what they published, between two editions."""

    who: Sequence[Named]
    published: Sequence[Published]
    now: terms.Edition
    then: terms.Edition

    def answers(self) -> dict[str, Any]:
        """By criterion, how many answers stop counting and begin to; who loses how many."""
        lost, gained, losers = Counter[str](), Counter[str](), list[Loser]()
        losses: defaultdict[str, Counter[Loss]] = defaultdict(Counter)
        for who, one in zip(self.who, self.published, strict=True):
            before, after = _counting(one, self.now), _counting(one, self.then)
            gone = before - after
            lost.update(gone)
            gained.update(after - before)
            for slug in gone:
                losses[slug][_loss(one, slug, self.then)] += 1
            if gone:
                losers.append(Loser(who.name, who.slug, len(gone)))
        return {
            **{"lost": lost, "losses": losses, "gained": gained},
            **{"losing": len(losers), "losers": tuple(losers[:MOST_NAMED])},
        }

    def requirements(self) -> dict[str, Any]:
        """Where requirements that count now would not count then, in the order of the criteria."""
        found: defaultdict[str, list[Lapsing]] = defaultdict(list)
        lapsing = 0
        for who, one in zip(self.who, self.published, strict=True):
            already = policy.lapsed(self.now, one.requirements, one.edition)
            lapsed = [
                slug
                for slug in policy.lapsed(self.then, one.requirements, one.edition)
                if slug not in already
            ]
            lapsing += bool(lapsed)
            for slug in lapsed:
                own = one.requirements.criteria[slug]
                asked = (own.importance, own.must_reach, own.says_must_reach)
                found[slug].append(Lapsing(who.name, who.slug, *asked))
        lapses = tuple(
            Lapse(one.slug, len(found[one.slug]), tuple(found[one.slug][:MOST_NAMED]))
            for one in self.now.criteria
            if one.slug in found
        )
        return {"lapsing": lapsing, "lapses": lapses}

    def headlines(self) -> dict[str, Any]:
        """How many have which headline answer now and then, and whose is another one."""
        found: defaultdict[tuple[Headline, Headline], list[Named]] = defaultdict(list)
        for who, one in zip(self.who, self.published, strict=True):
            now, then = (
                headline(edition, one.sheet(edition)).answer for edition in (self.now, self.then)
            )
            found[now, then].append(who)
        turns = tuple(
            Turn(now, then, len(found[now, then]), tuple(found[now, then][:MOST_NAMED]))
            for now, then in product(Headline, Headline)
            if now is not then and (now, then) in found
        )
        counts = {both: len(who) for both, who in found.items()}
        return {"headlines": counts, "turns": turns}

    def verdicts(self) -> dict[str, Any]:
        """How many unordered pairs have which verdict now and then, and the first that turn."""
        before, after = (_encoded(edition, self.published) for edition in (self.now, self.then))
        kinds = len(VERDICTS)
        counts = np.zeros(kinds * kinds, dtype=np.int64)
        turned = [np.zeros((0, 3), dtype=np.int64)]
        for start in range(0, len(before), BLOCK):
            rows, columns = slice(start, start + BLOCK), slice(start, len(before))
            first = pairs.compare(before.take(rows), before.take(columns)).verdicts
            second = pairs.compare(after.take(rows), after.take(columns)).verdicts
            later = np.arange(first.shape[1])[None, :] > np.arange(first.shape[0])[:, None]
            both = first.astype(np.int64) * kinds + second
            counts += np.bincount(both[later], minlength=kinds * kinds)
            at = np.argwhere(later & (first != second))
            kind = both[at[:, 0], at[:, 1]]
            turned.append(np.column_stack([kind, at + start]))
        every = np.concatenate(turned)
        # Alike turns together, within them by name.
        some = every[np.lexsort((every[:, 2], every[:, 1], every[:, 0]))][:MOST_PAIRS]
        return {
            "causes": causes(before, after),
            "verdicts": {
                (one, other): int(count)
                for (one, other), count in zip(product(VERDICTS, VERDICTS), counts, strict=True)
                if count
            },
            "pair_turns": tuple(
                PairTurn(
                    self.who[one],
                    self.who[other],
                    VERDICTS[kind // kinds],
                    VERDICTS[kind % kinds],
                )
                for kind, one, other in some.tolist()
            ),
        }


def _encoded(edition: terms.Edition, published: Sequence[Published]) -> Encoded:
    frame = Frame.of(edition)
    packed = [frame.row(one.sheet(edition), one.policy(edition)).tobytes() for one in published]
    return encode(frame, frame.rows(packed))


def _counting(one: Published, edition: terms.Edition) -> set[str]:
    """The criteria of an edition on which an organisation has an answer that counts."""
    counting = {
        slug for slug, level in one.sheet(edition).items() if level.state is not State.UNKNOWN
    }
    offers = (criterion for criterion in edition.criteria if criterion.kind is Kind.OFFERS)
    return counting | {criterion.slug for criterion in offers if one.said(criterion) is not None}


def _loss(one: Published, slug: str, then: terms.Edition) -> Loss:
    """Why an answer that counts now would not count under an edition."""
    criterion = then.by_slug.get(slug)
    if criterion is None:
        return Loss.DROPPED
    if (said := one.said(criterion)) is None:
        return Loss.ASKED_ANEW
    why = answers.effective(criterion, said).why
    return Loss.NEEDS_LINK if why is Why.NOT_SHOWN else Loss.NA_NOT_ALLOWED
