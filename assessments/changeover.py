"""What new criteria have changed for an organisation that has not published under them yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments import drafts, publishing
from assessments.evaluation import Published
from assessments.scoring import policy
from assessments.scoring.terms import Asked, Criterion, Role
from orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A requirement of an organisation's own that does not count for the current criteria.

    `before`: the criterion on which it asked it, `now`: that of the same slug, if there is one.
    `is_set_again`: its draft has something of its own on it again.
    """

    before: Criterion
    own: Asked
    now: Criterion | None
    is_set_again: bool


@dataclass(frozen=True, slots=True)
class Changeover:
    """What has changed between what an organisation published and the current criteria.

    `anew` and `new`: how many questions ask something else, or are asked for the first time, and
    are not answered in the draft. `dropped`: how many that it answered are not asked any more. Of
    questions that mean what they meant, in the standard policy: `stricter` how many have a
    deal-breaker that asks more, `reweighed` how many have another importance. `bars`: the standard
    bar before and now, where they differ.
    """

    anew: int
    new: int
    dropped: int
    stricter: int
    reweighed: int
    bars: tuple[int, int] | None
    lapsed: tuple[Lapsed, ...]

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.to_answer or self.is_other or self.lapsed)

    @property
    def to_answer(self) -> int:
        """How many questions wait for an answer because of it."""
        return self.anew + self.new

    @property
    def is_other(self) -> bool:
        """Whether something else has changed than what is to be answered."""
        return bool(self.dropped or self.stricter or self.reweighed or self.bars)


def since(before: Published, draft: drafts.Draft) -> Changeover:
    """What has changed since an organisation published, as far as its draft has not caught up."""
    now = draft.edition
    same = [
        (earlier, criterion)
        for criterion in now.criteria
        if (earlier := before.edition.by_slug.get(criterion.slug)) is not None
        and earlier.meaning == criterion.meaning
    ]
    bars = (before.edition.threshold, now.threshold)
    return Changeover(
        anew=sum(is_asked_anew(before, draft, criterion) for criterion in now.criteria),
        new=sum(is_new(before, draft, criterion) for criterion in now.criteria),
        dropped=sum(slug not in now.by_slug for slug in before.answers),
        stricter=sum(_is_stricter(*both) for both in same),
        reweighed=sum(_weight(earlier) != _weight(criterion) for earlier, criterion in same),
        bars=bars if bars[0] != bars[1] else None,
        lapsed=tuple(lapsed(before, draft)),
    )


def is_asked_anew(before: Published, draft: drafts.Draft, criterion: Criterion) -> bool:
    """Whether it was answered when it asked something else, and is not answered yet."""
    slug = criterion.slug
    if slug in draft.answers:
        return False
    return slug in before.answers and before.said(criterion) is None


def is_new(before: Published, draft: drafts.Draft, criterion: Criterion) -> bool:
    """Whether it was not asked when one published last, and is not answered yet."""
    return criterion.slug not in draft.answers and criterion.slug not in before.edition.by_slug


def lapsed(before: Published, draft: drafts.Draft) -> Iterable[Lapsed]:
    """The own requirements, as published, that do not count any more."""
    for slug in policy.lapsed(draft.edition, before.requirements, before.edition):
        yield Lapsed(
            before.edition.by_slug[slug],
            before.requirements.criteria[slug],
            draft.edition.by_slug.get(slug),
            draft.requirements.criteria.get(slug, Asked()) != Asked(),
        )


def of(organisation: Organisation) -> Changeover | None:
    """What has changed for one organisation; None where nothing has, or nothing is published."""
    try:
        draft = drafts.read(organisation)
    except drafts.NoEdition:
        return None
    before = publishing.last_under_others(organisation, draft.edition)
    if before is None:
        return None
    found = since(before, draft)
    return found if found.is_any else None


def _weight(criterion: Criterion) -> int:
    return 0 if criterion.role is Role.NONE else criterion.importance


def _is_stricter(before: Criterion, now: Criterion) -> bool:
    """Whether the standard policy asks more of an answer than it did."""
    if now.must_reach is None or now.must_reach == before.must_reach:
        return False
    if before.must_reach is None or before.role is not now.role:
        return True
    credits = [_credit(one) for one in (before, now)]
    return credits[1] > credits[0]


def _credit(criterion: Criterion) -> int:
    """The credit that a deal-breaker asks; that of a similarity asks none."""
    if criterion.role is not Role.STANDARD or criterion.must_reach is None:
        return 0
    return criterion.credit(criterion.positions[criterion.must_reach])
