"""What new criteria have changed for an organisation, until it has caught up with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assessments import drafts, publishing, waiting
from assessments.catalogue import edition_changes
from assessments.evaluation import Published
from assessments.scoring import policy
from assessments.scoring.terms import Asked, Criterion, Role
from assessments.waiting import Wait, Waiting
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


Both: TypeAlias = tuple[Criterion, Criterion]
"""A question as it was asked before, and as it is asked now; it means the same."""


@dataclass(frozen=True, slots=True)
class Changeover:
    """What has changed between what an organisation published and the current criteria.

    `waiting`: the questions that wait for an answer because of it (see `waiting`), also once it
    has published again without one; all else is only until then. `dropped`: those that it answered
    and that are not asked any more. Of questions that mean what they meant, `reworded`: those with
    an answer that was given to other words; in the standard policy `stricter`: those with a
    deal-breaker that asks more, `reweighed`: those with another importance. `bars`: the standard
    bar before and now, where they differ.
    """

    waiting: Mapping[str, Waiting]
    dropped: tuple[Criterion, ...] = ()
    reworded: tuple[Both, ...] = ()
    stricter: tuple[Both, ...] = ()
    reweighed: tuple[Both, ...] = ()
    bars: tuple[int, int] | None = None
    lapsed: tuple[Lapsed, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.waiting or self.is_other or self.lapsed)

    @property
    def anew(self) -> int:
        """How many questions ask something else than when they were answered."""
        return sum(one.why is Wait.ANEW for one in self.waiting.values())

    @property
    def new(self) -> int:
        """How many questions wait that were not asked before."""
        return len(self.waiting) - self.anew

    @property
    def to_answer(self) -> int:
        """How many questions wait for an answer."""
        return len(self.waiting)

    @property
    def is_other(self) -> bool:
        """Whether something else has changed than what is to be answered or was asked of others."""
        return bool(self.dropped or self.reworded or self.stricter or self.reweighed or self.bars)


def since(
    before: Published | None, draft: drafts.Draft, waits: Mapping[str, Waiting]
) -> Changeover:
    """What has changed since an organisation published, as far as its draft has not caught up.

    `before`: what it published last; None where that was under the current criteria.
    """
    if before is None:
        return Changeover(waits)
    now = draft.edition
    same = [
        (earlier, criterion)
        for criterion in now.criteria
        if (earlier := before.edition.by_slug.get(criterion.slug)) is not None
        and earlier.meaning == criterion.meaning
    ]
    bars = (before.edition.threshold, now.threshold)
    return Changeover(
        waits,
        dropped=tuple(
            one
            for one in before.edition.criteria
            if one.slug in before.answers and one.slug not in now.by_slug
        ),
        reworded=tuple(both for both in same if is_reworded(draft, *both)),
        stricter=tuple(both for both in same if _is_stricter(*both)),
        reweighed=tuple(both for both in same if _weight(both[0]) != _weight(both[1])),
        bars=bars if bars[0] != bars[1] else None,
        lapsed=tuple(lapsed(before, draft)),
    )


def is_reworded(draft: drafts.Draft, earlier: Criterion, criterion: Criterion) -> bool:
    """Whether an answer of a draft was given to other words than those of today, and still counts.

    `earlier`: the question as it was when the organisation published last. Who saves the answer
    once more has read the words of today.
    """
    if criterion.slug not in draft.answers or earlier.meaning != criterion.meaning:
        return False
    edit, came_into_force = draft.edits.get(criterion.slug), draft.row.published_at
    if edit is not None and came_into_force is not None and edit.changed_at >= came_into_force:
        return False
    return any(one.is_of_asking for one in edition_changes.differences(earlier, criterion))


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
    """What has changed for one organisation; None where nothing has, or nothing is said."""
    try:
        draft = drafts.read(organisation)
    except drafts.NoEdition:
        return None
    rows = publishing.latest([organisation.pk])
    published = [one for one in rows if one.number is not None]
    before = publishing.under_others(published, draft.edition)
    said = waiting.pasts(rows, draft.edition)
    found = since(before, draft, waiting.of(draft.edition, draft.answers, said))
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
