"""The way through what another organisation asks: from question to question, and back to it.

It is carried in addresses and in fields of the form (`for`: who asks; `message`: by which message,
if by one), so that nothing of it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from assessments import comparison, contact
from assessments.scoring import answers, terms
from assessments.views.draft import Desk
from orgs.models import Organisation

FOR, MESSAGE = "for", "message"
BACK = "back"
"""What the button is sent as that leads back from the way."""
_SLUG = re.compile(r"[a-z0-9-]{1,200}", re.ASCII)
# As long as a number can be, so that nobody has a page of digits read.
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Way:
    """Some questions that another organisation asks, by slug, in the order in which one goes.

    `message`: the number of the message that asks them; None for all that it asks of one's own and
    that is not known.
    """

    own: Organisation
    asker: Organisation
    criteria: tuple[str, ...]
    message: int | None = None

    @property
    def fields(self) -> dict[str, str]:
        """What carries it on, in an address or in a form."""
        return _fields(self.asker.slug, self.message)

    @property
    def back_url(self) -> str:
        """Where it leads in the end: to the message, or to the pair."""
        if self.message is not None:
            return f"{reverse('messages', args=[self.own.slug])}#message-{self.message}"
        return reverse("pair", args=[self.own.slug, self.asker.slug])

    def url(self, criterion: str) -> str:
        """A question on this way."""
        return address(self.own.slug, criterion, self.asker.slug, self.message)

    def before(self, criterion: str) -> str:
        """The address of the question before one; empty before the first."""
        at = self.criteria.index(criterion)
        return self.url(self.criteria[at - 1]) if at else ""

    def behind(self, criterion: str, desk: Desk) -> str:
        """The address of the next question that is still open; empty behind the last.

        Only those behind: who skips one is not led to it again.
        """
        rest = self.criteria[self.criteria.index(criterion) + 1 :]
        found = still_open(desk.draft.edition, desk.draft.answers, rest)
        return self.url(found[0]) if found else ""

    def onwards(self, criterion: str, desk: Desk, *, go: str) -> str:
        """Where one goes after saving: on, or, if one wants to or was at the last, back."""
        if go == BACK:
            return self.back_url
        return self.behind(criterion, desk) or self.back_url

    def shown(self, criterion: str, desk: Desk) -> dict[str, Any]:
        """What the page of a question says, and where it leads, as its template takes it."""
        following = self.behind(criterion, desk)
        return {
            "way": {
                "asker": self.asker.name,
                "back_url": self.back_url,
                "back": "the message" if self.message is not None else "the pair",
                "place": self.criteria.index(criterion) + 1,
                "count": len(self.criteria),
                "fields": self.fields,
            },
            "keep_url": self.url(criterion),
            "previous_url": self.before(criterion),
            "following_url": following,
            "go": "next",
            "is_last_open": not following,
        }


def address(own: str, criterion: str, asker: str, message: int | None = None) -> str:
    """The address of a question on the way through what another organisation asks."""
    url = reverse("question", args=[own, criterion])
    return f"{url}?{urlencode(_fields(asker, message))}"


def _fields(asker: str, message: int | None) -> dict[str, str]:
    return {FOR: asker} if message is None else {FOR: asker, MESSAGE: str(message)}


def still_open(
    edition: terms.Edition, draft: Mapping[str, terms.Answer], criteria: Collection[str]
) -> tuple[str, ...]:
    """Those of some questions to which no answer of a draft counts yet."""
    return tuple(
        slug
        for slug in criteria
        if answers.effective(edition.by_slug[slug], draft.get(slug)).state is terms.State.UNKNOWN
    )


def of(request: HttpRequest, desk: Desk, criterion: str) -> Way | None:
    """The way on which one is at a question; None on none: one query, if one says who asks.

    Who asks has to have published; and the question has to be on the way.
    """
    given = request.POST if request.method == "POST" else request.GET
    asker, number = given.get(FOR, ""), given.get(MESSAGE, "")
    if not _SLUG.fullmatch(asker):
        return None
    if _NUMBER.fullmatch(number):
        found = _of_message(desk, asker, int(number))
    else:
        found = _of_pair(desk, asker)
    return found if found is not None and criterion in found.criteria else None


def _of_pair(desk: Desk, asker: str) -> Way | None:
    found = comparison.asked_by(asker, desk.organisation, desk.draft.edition)
    return None if found is None else Way(desk.organisation, found.asker, found.criteria)


def _of_message(desk: Desk, asker: str, number: int) -> Way | None:
    found = contact.asked_in(number, desk.organisation)
    if found is None or found.message.sender.slug != asker:
        return None
    known = desk.draft.edition.by_slug
    criteria = tuple(slug for slug in found.criteria if slug in known)
    return Way(desk.organisation, found.message.sender, criteria, number)
