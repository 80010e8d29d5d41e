"""The weekly mail about what is new: to whom it is due, what it says, one click turns it off.

Each member's mail is claimed in the database before it is sent. So two beats, two workers or a
retry send none twice, and what breaks off in between loses at most that one mail; its news stand on
the page all the same. While the mail server cannot be reached at all, nothing is claimed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from assessments import changeover, news, reading, telling, tracing
from assessments.models import Assessment, Edition, Reader
from assessments.news import News
from orgs import mail
from orgs.models.membership import Membership

EVERY = timedelta(days=7)
BLOCK = 10
"""So many mails one task sends; with a server that hangs for each, within its time limit."""
MOST_TOLD = 10
"""So many of each list stand in a mail; the page has all."""
SALT = "assessments.newsletter"

logger = logging.getLogger(__name__)


class NotOurs(ValueError):
    """A link that we have not signed."""


# To whom


def due_blocks(*, at: datetime) -> Iterator[list[int]]:
    """The memberships whose weekly mail is due, so many at a time as one task gets."""
    ids = list(_due(at=at).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


def _due(*, at: datetime) -> QuerySet[Membership]:
    """Members of a week or more with a confirmed address who were not looked at for a week.

    Who has turned the mail off is not due; nor are members of what has never been published, since
    nothing can be new for it.
    """
    own = Reader.objects.filter(user=OuterRef("user"), organisation=OuterRef("organisation"))
    lately = own.filter(Q(wants_mail=False) | Q(looked_at__gt=at - EVERY))
    published = Assessment.objects.filter(
        organisation=OuterRef("organisation"), published_at__isnull=False
    )
    return (
        mail.with_confirmed_address(Membership.objects.all())
        .filter(Exists(published), joined_at__lte=at - EVERY)
        .exclude(Exists(lately))
    )


def _claim(membership: Membership, revision: int, *, at: datetime) -> bool:
    """Take one member's mail of this week, up to a revision; False if another has taken it."""
    free = Q(looked_at=None) | Q(looked_at__lte=at - EVERY)
    return bool(
        Reader.objects.filter(
            free,
            user=membership.user_id,
            organisation=membership.organisation_id,
            wants_mail=True,
        ).update(looked_at=at, told=revision)
    )


# Sending


def send(membership_ids: Sequence[int], *, at: datetime) -> int:
    """Send the weekly mails of some members, where they are still due; returns how many.

    Where nothing is new, none is sent, and it is looked again in a week.
    """
    edition = Edition.objects.current()
    due = _due(at=at).filter(pk__in=membership_ids).select_related("organisation", "user")
    memberships = list(due.order_by("pk"))
    if edition is None or not memberships:
        return 0
    Reader.objects.bulk_create(
        [Reader(user=one.user, organisation=one.organisation) for one in memberships],
        ignore_conflicts=True,
    )
    known = reading.readers(memberships)
    marks = reading.marks(memberships, known, at=at)
    post, sent = _Post(), 0
    for membership, mark in zip(memberships, marks, strict=True):
        if not post.is_open():
            break
        reader = known[membership.user_id, membership.organisation_id]
        found = news.since(membership.organisation, edition, reading.told(reader, mark))
        if not _claim(membership, found.world.as_of, at=at):
            continue
        if len(found):
            sent += post.send(_written(membership, found, edition))
    post.close()
    return sent


class _Post:
    """A connection to the mail server, opened anew after a mail that was refused."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def is_open(self) -> bool:
        """Whether a mail can be sent now, as far as one can tell before."""
        if self._connection is not None:
            return True
        connection = get_connection()
        try:
            connection.open()
        except (OSError, SMTPException):
            logger.exception("The mail server cannot be reached; weekly mails wait for it.")
            return False
        self._connection = connection
        return True

    def send(self, message: EmailMessage) -> bool:
        """Send one mail; one that fails is lost, and does not keep the others from it."""
        if self._connection is None:
            return False
        try:
            return bool(self._connection.send_messages([message]))
        except (OSError, SMTPException, ValueError):
            logger.exception("A weekly mail could not be sent.")
            self.close()
            return False

    def close(self) -> None:
        """Close what is open; a server that has gone away is closed already."""
        if self._connection is not None:
            try:
                self._connection.close()
            except (OSError, SMTPException):
                logger.warning("The mail server was gone before it was left.")
            self._connection = None


def _written(membership: Membership, found: News, edition: Edition) -> EmailMessage:
    organisation = membership.organisation
    slug = organisation.slug
    off = _absolute("news-mail", sign(membership.user_id, membership.organisation_id))
    subject, text = mail.write(
        "emails/news.txt",
        {
            "name": telling.one_line(organisation.name),
            "gained": _lines(membership, found, gained=True),
            "lost": _lines(membership, found, gained=False),
            "gained_count": len(found.gained),
            "lost_count": len(found.lost),
            "more": len(found) > len(found.gained[:MOST_TOLD]) + len(found.lost[:MOST_TOLD]),
            "changeover": changeover.of(organisation),
            "tasks_url": _absolute("tasks", slug),
            "news_url": _absolute("news", slug),
            "off_url": off,
        },
    )
    headers = {
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, text, to=[membership.user.email], headers=headers)


@dataclass(frozen=True, slots=True)
class _Line:
    """One pair in a mail: who, why, and where the page of the two is."""

    name: str
    why: str
    url: str


def _lines(membership: Membership, found: News, *, gained: bool) -> list[_Line]:
    some = (found.gained if gained else found.lost)[:MOST_TOLD]
    lines = []
    for traced in tracing.trace(found, some):
        told = telling.tell(traced)
        is_there = traced.other is not None and traced.turned.now is not None
        lines.append(
            _Line(
                told.name,
                told.text,
                _absolute("pair", membership.organisation.slug, traced.other.slug)
                if is_there and traced.other is not None
                else "",
            )
        )
    return lines


def _absolute(name: str, *parts: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=parts)}"


# Turning it off


def sign(user_id: int, organisation_id: int) -> str:
    """What in a link stands for one person and one organisation; it holds as long as our key."""
    return signing.dumps([user_id, organisation_id], salt=SALT)


def signed(token: str) -> tuple[int, int]:
    """The person and the organisation that a link stands for; NotOurs if we have not signed it."""
    try:
        user_id, organisation_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotOurs from None
    return user_id, organisation_id
