"""A draft as its members see it: what was said, what counts of it, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from assessments import changeover, drafting, drafts, publishing, waiting
from assessments.evaluation import Published
from assessments.forms.answers import AnswerForm
from assessments.forms.choices import best, counted_as_but
from assessments.models import AnswerEdit, Assessment
from assessments.models.assessment import requirements_of
from assessments.scoring import answers
from assessments.scoring.terms import (
    Answer,
    Criterion,
    Edition,
    Evidence,
    Kind,
    Role,
    State,
    Why,
)
from assessments.views.changed_question import is_alike, other_words, told
from assessments.waiting import Past, Wait, Waiting
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
        """What was published last under each edition, the latest first, without what it says."""
        found = publishing.latest([self.organisation.pk])
        return [one for one in found if one.number is not None]

    @property
    def last_row(self) -> Assessment | None:
        """What was published last, without what it says: see `publishing.latest`."""
        return self.rows[0] if self.rows else None

    @cached_property
    def pasts(self) -> list[Past]:
        """The answers that were published last under each edition: one query."""
        return waiting.pasts(self.rows)

    @cached_property
    def last(self) -> Published | None:
        """What was published last: one query beside those for `rows` and `pasts`."""
        if self.last_row is None:
            return None
        past, asked = self.pasts[0], requirements_of([self.last_row])
        return Published(self.last_row, past.edition, past.answers, asked[self.last_row.pk])

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


def counts(criterion: Criterion, words: Wording, answer: Answer | None) -> str:
    """What an answer counts as, and why, in one sentence; nothing where it is not scored."""
    if answer is None or criterion.kind is Kind.OFFERS or criterion.role is Role.NONE:
        return ""
    found = answers.effective(criterion, answer)
    position = answers.position(criterion, answer)
    if found.why is Why.RESERVATION and found.position is not None:
        return f"It counts as {words.short(criterion, found.position)} until the but is gone."
    if found.why is Why.NOT_SHOWN:
        return "It counts as not yet known until a link shows it."
    if found.why is Why.WITHHELD:
        return "Kept private, so it counts as not yet known."
    if found.state is State.UNKNOWN:
        return "It counts as not yet known."
    if found.state is State.NOT_APPLICABLE:
        return "It is left out of what is counted."
    if position is not None and criterion.kind in (Kind.SHARE, Kind.LICENCES):
        return f"It counts as “{words.level(criterion, position).rstrip('.')}”."
    return ""


def asked(desk: Desk, criterion: Criterion, form: AnswerForm, person: User) -> dict[str, Any]:
    """One question with its form, as the templates take it."""
    words, slug = desk.words, criterion.slug
    stored = desk.draft.answers.get(slug)
    chosen = form["answer"].value()
    texts = ("question", "why", "example", "counter_example", "shows", "reason")
    beside = [name for name in ("note", "withheld") if name in form.fields]
    needs_link = criterion.evidence is Evidence.REQUIRED and criterion.role is Role.STANDARD
    return {
        **{name: words.of_criterion(criterion, name) for name in texts},
        "slug": slug,
        "url": desk.url("question", slug),
        "form": form,
        "language": words.language,
        "kind": criterion.kind.value,
        "unit": criterion.unit,
        "bands": [words.level(criterion, place) for place, _ in enumerate(criterion.levels)]
        if criterion.kind is Kind.SHARE
        else [],
        "seen": desk.draft.mark(slug),
        "choices": [
            {
                "value": one.value,
                "sentence": one.sentence,
                "is_but": one.is_but,
                "is_said": one.is_said,
                "is_na": one.is_na,
                "is_checked": one.value == chosen,
                "id": form["answer"].auto_id if not place else f"{form['answer'].auto_id}_{place}",
            }
            for place, one in enumerate(form.choices)
        ],
        "counts_as_but": counted_as_but(criterion, words),
        "good": words.level(criterion, criterion.positions[best(criterion).slug])
        if criterion.kind is Kind.PRACTICE
        else "",
        "good_word": words.short(criterion, criterion.positions[best(criterion).slug])
        if criterion.kind is Kind.PRACTICE
        else "",
        "must_reach": words.must_reach(criterion, criterion.must_reach),
        "headline": criterion.headline,
        "needs_link": needs_link,
        "is_beside_open": any(form[name].value() or form[name].errors for name in beside),
        "is_answered": stored is not None,
        "is_private": stored is not None and stored.withheld,
        "counts": counts(criterion, words, stored),
        "edit": edited(desk.draft.edits[slug], person) if slug in desk.draft.edits else None,
        **_since(desk, criterion),
        "conflict": None,
    }


def _since(desk: Desk, criterion: Criterion) -> dict[str, Any]:
    """What the criteria have changed about a question since it was answered, or not asked yet."""
    waits, reworded = desk.waits(criterion), desk.reworded(criterion)
    return {
        "is_new": waits is not None and waits.why is Wait.NEW,
        "before": None if waits is None else _before(desk, criterion, waits.past),
        "reworded": []
        if reworded is None or desk.earlier is None
        else other_words(Wording.of(desk.earlier), reworded, criterion),
    }


def _before(desk: Desk, criterion: Criterion, past: Past | None) -> dict[str, Any] | None:
    """What was asked under the same name and answered before the criteria changed."""
    if past is None:
        return None
    words, earlier = Wording.of(past.edition), past.edition.by_slug[criterion.slug]
    question = words.of_criterion(earlier)
    is_same = is_alike(question, desk.words.of_criterion(criterion))
    return {
        "question": "" if is_same else question,
        "changes": told(words, earlier, desk.words, criterion) if is_same else [],
        # A quotation inside a sentence, which has a full stop of its own.
        "said": _once_said(words, earlier, past.answers[criterion.slug]).rstrip("."),
    }


def _once_said(words: Wording, criterion: Criterion, answer: Answer) -> str:
    """An earlier answer in words, as those who gave it know it: a number as the number it was."""
    if answer.na:
        return f"Does not apply: {answer.na}"
    if answer.value is not None:
        return f"{answer.value:f} {criterion.unit}".rstrip()
    if listed := (*answer.licences, *answer.offers, *answer.needs):
        return ", ".join(listed)
    but = f", but {answer.reservation}" if answer.reservation else ""
    return f"{_said(words, criterion, answer)}{but}"


def theirs(desk: Desk, conflict: drafting.Conflict, person: User) -> dict[str, Any]:
    """What stands there now instead of what a person saw, as the templates take it."""
    criterion, answer = conflict.criterion, conflict.theirs
    return {
        **edited(conflict.edit, person),
        "mark": conflict.mark,
        "is_taken_back": answer is None,
        "has_beside": answer is not None and bool(answer.evidence or answer.note),
        "said": "" if answer is None else _said(desk.words, criterion, answer),
        "unit": criterion.unit,
        "answer": answer,
    }


def _said(words: Wording, criterion: Criterion, answer: Answer) -> str:
    """An answer in words, without what is said beside it."""
    if answer.unknown:
        return "We don’t know."
    position = None if criterion.kind is Kind.OFFERS else answers.position(criterion, answer)
    if position is None:
        return ""
    if answer.reservation:
        return words.short(criterion, position)
    return words.level(criterion, position)
