"""A draft as its members see it: what was said, what counts of it, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from assessments import changeover, drafts, publishing, waiting
from assessments.evaluation import Published
from assessments.models import AnswerEdit, Assessment
from assessments.models.assessment import requirements_of
from assessments.scoring import answers
from assessments.scoring.terms import (
    Answer,
    Criterion,
    Edition,
    Kind,
    Why,
)
from assessments.views.shown import Shown
from assessments.waiting import Past, Waiting
from assessments.wording import Wording
from orgs import access
from orgs.access import Action
from orgs.models import Organisation, User
from orgs.models.membership import Membership

STATES = {
    Why.NOT_ANSWERED: "not answered",
    Why.NOT_KNOWN: "we don’t know",
    Why.NOT_SHOWN: "needs a link",
    Why.NA_NOT_ALLOWED: "to be answered anew",
    Why.RESERVATION: "with a but",
    Why.WITHHELD: "kept private",
    Why.NOT_APPLICABLE: "does not apply",
    Why.ANSWERED: "answered",
}
"""How an answer stands, in a few words."""


@dataclass(frozen=True)
class Desk:
    """What a member sees of the draft of their organisation."""

    membership: Membership
    draft: drafts.Draft
    words: Wording

    @classmethod
    def of(cls, membership: Membership, draft: drafts.Draft) -> Desk:
        """Read a draft in the words of its edition."""
        return cls(membership, draft, Wording.of(draft.edition))

    @classmethod
    def read(cls, membership: Membership, *, with_edits: bool = True) -> Desk:
        """Read the draft as it stands; Http404 while there are no criteria."""
        try:
            return cls.of(membership, drafts.read(membership.organisation, with_edits=with_edits))
        except drafts.NoEdition:
            raise Http404 from None

    @property
    def organisation(self) -> Organisation:
        """Whose draft it is."""
        return self.membership.organisation

    @property
    def may_answer(self) -> bool:
        """Whether the member may change it."""
        return access.may(self.membership.role, Action.ANSWER)

    @property
    def may_publish(self) -> bool:
        """Whether the member may publish it."""
        return access.may(self.membership.role, Action.PUBLISH)

    @cached_property
    def rows(self) -> list[Assessment]:
        """What was answered until now, without what it says: see `publishing.latest`."""
        return publishing.latest([self.organisation.pk])

    @property
    def last_row(self) -> Assessment | None:
        """What was published last, without what it says: see `publishing.latest`."""
        return next((one for one in self.rows if one.number is not None), None)

    @cached_property
    def pasts(self) -> list[Past]:
        """What was said before, the latest first: one query."""
        return waiting.pasts(self.rows, self.draft.edition)

    @cached_property
    def last(self) -> Published | None:
        """What was published last: one query beside those for `rows` and `pasts`."""
        if self.last_row is None:
            return None
        row, asked = self.last_row, requirements_of([self.last_row])
        (past,) = (one for one in self.pasts if one.row is row)
        return Published(row, past.edition, past.answers, asked[row.pk])

    @property
    def before(self) -> Published | None:
        """What was published last, if that was under other criteria than those of today."""
        return self.last if self.earlier is not None else None

    @cached_property
    def earlier(self) -> Edition | None:
        """The criteria under which was published last, if they are not those of today."""
        if self.last_row is None or self.last_row.edition.slug == self.draft.edition.slug:
            return None
        return self.last_row.edition.as_terms()

    @cached_property
    def waiting(self) -> dict[str, Waiting]:
        """The questions that wait since the criteria have changed, by slug."""
        edition = self.draft.edition
        # Asked in this order, so that where nothing can wait no answer is read.
        if edition.by_slug.keys() <= self.draft.answers.keys():
            return {}
        if all(one.edition.slug == edition.slug for one in self.rows):
            return {}
        return waiting.of(edition, self.draft.answers, self.pasts)

    def waits(self, criterion: Criterion) -> Waiting | None:
        """Whether and why a question waits since the criteria have changed."""
        # Asked in this order, so that what is answered costs no query.
        if criterion.slug in self.draft.answers:
            return None
        return self.waiting.get(criterion.slug)

    def reworded(self, criterion: Criterion) -> Criterion | None:
        """The question as it was answered, where it has new words and the answer still counts."""
        if criterion.slug not in self.draft.answers or self.earlier is None:
            return None
        before = self.earlier.by_slug.get(criterion.slug)
        if before is None or not changeover.is_reworded(self.draft, before, criterion):
            return None
        return before

    @cached_property
    def shown(self) -> Shown:
        """The answers as everybody would see them if they were published now."""
        unpublished = self.draft.as_published(number=0, at=timezone.now())
        return Shown.of(unpublished, self.draft.edition)

    def url(self, name: str, *parts: str) -> str:
        """The address of a page of this organisation."""
        return reverse(name, args=[self.organisation.slug, *parts])

    def context(self) -> dict[str, Any]:
        """What every page about a draft knows."""
        return {
            "organisation": {"name": self.organisation.name, "slug": self.organisation.slug},
            "may_answer": self.may_answer,
            "may_publish": self.may_publish,
            "tasks_url": self.url("tasks"),
            "review_url": self.url("review"),
            "publish_url": self.url("publish"),
            "section": "desk",
        }

    def criterion(self, slug: str) -> Criterion:
        """A criterion of the current edition; Http404 without it."""
        try:
            return self.draft.edition.by_slug[slug]
        except KeyError:
            raise Http404 from None

    def of_dimension(self, slug: str) -> list[Criterion]:
        """The criteria of a dimension; Http404 without them."""
        found = [one for one in self.draft.edition.criteria if one.dimension == slug]
        if not found:
            raise Http404
        return found

    def why(self, criterion: Criterion) -> Why:
        """How an answer stands."""
        return why(criterion, self.draft.answers.get(criterion.slug))

    def sequence(self) -> list[Criterion]:
        """The criteria in the order in which they are best answered: the core comes first."""
        return sorted(self.draft.edition.criteria, key=lambda criterion: not criterion.core)

    def next_open(self, after: str = "") -> Criterion | None:
        """The next that nobody has answered, first among those after one; None if all are."""
        every = self.sequence()
        place = next((at for at, one in enumerate(every, 1) if one.slug == after), 0)
        behind = (*every[place:], *every[:place])
        return next(
            (one for one in behind if one.slug not in self.draft.answers and one.slug != after),
            None,
        )

    def next_url(self, after: str = "") -> str:
        """Where one goes on: the next open question, or the review."""
        found = self.next_open(after)
        return self.url("review") if found is None else self.url("question", found.slug)

    def line(self, criterion: Criterion) -> dict[str, Any]:
        """A criterion as a line of a list."""
        stands, waits = self.why(criterion), self.waits(criterion)
        return {
            "slug": criterion.slug,
            "question": self.words.of_criterion(criterion),
            "url": self.url("question", criterion.slug),
            "why": stands.value,
            "state": STATES[stands] if waits is None else waits.why.value,
            "is_open": stands is Why.NOT_ANSWERED,
            "is_waiting": waits is not None,
            "is_reworded": self.reworded(criterion) is not None,
        }

    def changed(self, person: User) -> Iterator[dict[str, Any]]:
        """What others have changed in this draft, the latest first."""
        edits = sorted(self.draft.edits.items(), key=lambda pair: pair[1].changed_at, reverse=True)
        for slug, edit in edits:
            if edit.changed_by_id != person.pk:
                yield {**self.line(self.draft.edition.by_slug[slug]), **edited(edit, person)}


def why(criterion: Criterion, answer: Answer | None) -> Why:
    """How an answer stands; that of offers and needs too, which count for nothing."""
    if criterion.kind is not Kind.OFFERS:
        return answers.effective(criterion, answer).why
    if answer is None:
        return Why.NOT_ANSWERED
    if answer.unknown:
        return Why.NOT_KNOWN
    return Why.NOT_APPLICABLE if answer.na else Why.ANSWERED


def edited(edit: AnswerEdit | None, person: User) -> dict[str, Any]:
    """Who changed something and when, for a member to read."""
    if edit is None:
        return {"who": "Somebody", "at": None}
    if edit.changed_by_id == person.pk:
        return {"who": "You", "at": edit.changed_at}
    who = "Somebody who has left" if edit.changed_by is None else str(edit.changed_by)
    return {"who": who, "at": edit.changed_at}
