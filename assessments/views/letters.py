"""Messages as they are read: where each of their questions leads, and what is answered by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from assessments import contact, drafts
from assessments.compatibility.encoding import Frame
from assessments.models import Edition, Sheet
from assessments.scoring import answers, terms
from assessments.scoring.terms import State, Why
from assessments.views import way
from assessments.views.draft import STATES
from assessments.views.shown import criterion_url
from orgs.models import Message, Organisation


@dataclass(frozen=True)
class Letters:
    """Some messages as one organisation reads them.

    `sheets`: what has published each side of them that has, by its id; only those sides can be
    looked at. `draft`: one's own answers as they stand, where a message asks for any.
    """

    own: Organisation
    edition: terms.Edition | None
    sheets: Mapping[int, terms.Sheet]
    draft: Mapping[str, terms.Answer] = field(default_factory=dict)

    @classmethod
    def of(cls, own: Organisation, some: Iterable[Message]) -> Letters:
        """Look up what is known of the sides of some messages: at most four queries."""
        letters = list(some)
        sides = {pk for one in letters for pk in (one.sender_id, one.receiver_id)}
        current, draft = _current(
            own, with_draft=any(asked(one) and one.receiver_id == own.pk for one in letters)
        )
        edition = current.as_terms() if current else None
        return cls(own, edition, _sheets(sides, current) if sides else {}, draft)

    def can_be_seen(self, other: Organisation) -> bool:
        """Whether an organisation has published, so that one can look at it."""
        return other.pk in self.sheets

    def shown(self, message: Message) -> dict[str, Any]:
        """A message as its template takes it."""
        slugs = asked(message)
        found = contact.letter(message.text, slugs)
        is_received = message.receiver_id == self.own.pk
        known = [slug for slug in slugs if self._knows(slug)]
        to_answer = self._still_open(known) if is_received else ()
        return {
            "before": found.before,
            "questions": [
                {"question": one.text, **self._question(one.slug, message)}
                for one in found.questions
            ],
            "after": found.after,
            "asked": len(known) if is_received else 0,
            "to_answer": len(to_answer),
            "answer_url": self._answer_url(message, to_answer[0]) if to_answer else "",
            "is_unpublished": is_received
            and any(not self._has_published(self.own, slug) for slug in known),
        }

    def _knows(self, slug: str) -> bool:
        return self.edition is not None and slug in self.edition.by_slug

    def _question(self, slug: str, message: Message) -> dict[str, str]:
        """Where a question leads, and how it is answered by now, in a few words."""
        if self.edition is None or not self._knows(slug):
            return {"url": "", "answered": "", "state": ""}
        if message.receiver_id != self.own.pk:
            is_answered = self._has_published(message.receiver, slug)
            answered = "answered since" if is_answered else ""
            return {"url": criterion_url(slug), "answered": answered, "state": ""}
        answered, state = "", ""
        effective = answers.effective(self.edition.by_slug[slug], self.draft.get(slug))
        if effective.state is not State.UNKNOWN:
            is_public = self._has_published(self.own, slug)
            answered = "answered" if is_public else "answered, not published yet"
        elif effective.why is not Why.NOT_ANSWERED:
            state = STATES[effective.why]
        return {"url": self._answer_url(message, slug), "answered": answered, "state": state}

    def _still_open(self, slugs: list[str]) -> tuple[str, ...]:
        return () if self.edition is None else way.still_open(self.edition, self.draft, slugs)

    def _has_published(self, side: Organisation, slug: str) -> bool:
        """Whether something counts of what a side has published on a question."""
        effective = self.sheets.get(side.pk, {}).get(slug)
        return effective is not None and effective.state is not State.UNKNOWN

    def _answer_url(self, message: Message, slug: str) -> str:
        """Where one answers a question; on the way through all of them if the asker is there."""
        if self.can_be_seen(message.sender):
            return way.address(self.own.slug, slug, message.sender.slug, message.pk)
        return reverse("question", args=[self.own.slug, slug])


def asked(message: Message) -> list[str]:
    """What a message asks, by slug; nothing if it only says something."""
    found = getattr(message, "ask", None)
    return list(found.criteria) if found else []


def _current(
    own: Organisation, *, with_draft: bool
) -> tuple[Edition | None, Mapping[str, terms.Answer]]:
    """The current edition, if there is one, and perhaps what one's own draft says under it."""
    if not with_draft:
        return Edition.objects.current(), {}
    try:
        return drafts.said(own)
    except drafts.NoEdition:
        return None, {}


def _sheets(sides: Iterable[int], current: Edition | None) -> dict[int, terms.Sheet]:
    """What counts of what some have published; nothing of who is not seen through this edition."""
    frame = Frame.of(current.as_terms()) if current else None
    found: dict[int, terms.Sheet] = {}
    for row in Sheet.objects.filter(organisation__in=sides):
        packed = bytes(row.row)
        is_readable = (
            frame is not None
            and current is not None
            and row.edition_id == current.pk
            and not frame.misfits([packed])
        )
        found[row.organisation_id] = frame.sheet(packed) if frame and is_readable else {}
    return found
