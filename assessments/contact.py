"""What one organisation writes to the stewards of another: stored first, then sent by mail.

Nobody is shown an address. A mail that cannot be sent loses nothing: the message is read on the
page of messages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import dateformat

from assessments.models import Ask
from assessments.models.sheet import listed
from orgs import access
from orgs.models import Message, Organisation, User
from orgs.models.membership import Membership

logger = logging.getLogger(__name__)

MOST_A_DAY = 20
"""So many messages an organisation may send within a day."""
ASK_AGAIN_AFTER = timedelta(days=7)


class Refused(Exception):
    """A message is not sent; the text says why, and what to do."""


@dataclass(frozen=True)
class Ways:
    """Where those who get a mail can go: to write back, and to read everything.

    `question`: to a question, by its slug, that a message asks.
    """

    write: str
    messages: str
    question: Callable[[Message, str], str]


@dataclass(frozen=True)
class Question:
    """One question that is put to another organisation."""

    slug: str
    text: str


def may_write(sender: Organisation, receiver: Organisation) -> bool:
    """Whether one may write to another: if both have published, or to answer."""
    if _wrote(receiver, sender).exists():
        return True
    return listed().filter(pk__in=(sender.pk, receiver.pk)).count() == 2


def is_known_to(receiver: Organisation, sender: Organisation) -> bool:
    """Whether an organisation can be seen by another: it is listed, or has written to it."""
    return listed().filter(pk=receiver.pk).exists() or _wrote(receiver, sender).exists()


@transaction.atomic
def write(
    sender: Organisation, receiver: Organisation, text: str, *, by: User, at: datetime, ways: Ways
) -> Message:
    """Write to the stewards of another organisation; Refused where a limit is reached."""
    message = _store(sender, receiver, text, by=by, at=at)
    transaction.on_commit(lambda: _send(message, ways), robust=True)
    return message


def _store(
    sender: Organisation, receiver: Organisation, text: str, *, by: User, at: datetime
) -> Message:
    _lock(sender, receiver)
    if not may_write(sender, receiver):
        raise Refused(f"Publish first: {receiver.name} should be able to see who writes to them.")
    sent = Message.objects.filter(sender=sender, sent_at__gt=at - timedelta(days=1)).count()
    if sent >= MOST_A_DAY:
        raise Refused(
            f"{sender.name} has sent {MOST_A_DAY} messages within a day, which is the most. "
            "Write again tomorrow."
        )
    return Message.objects.create(
        sender=sender, receiver=receiver, written_by=by, text=text, sent_at=at
    )


@transaction.atomic
def ask(
    sender: Organisation,
    receiver: Organisation,
    questions: Sequence[Question],
    *,
    text: str = "",
    by: User,
    at: datetime,
    ways: Ways,
) -> Message:
    """Ask another organisation for answers; Refused where it was asked within a week.

    `text`: a few words of one's own.
    """
    _lock(sender, receiver)
    earlier = last_ask(sender, receiver, at=at)
    if earlier is not None:
        raise Refused(
            f"{receiver.name} was asked on {day(earlier.message.sent_at)}. "
            f"{ask_again(earlier.message.sent_at)}, or write to them."
        )
    words = words_of_ask(sender, questions, text=text)
    message = _store(sender, receiver, words, by=by, at=at)
    asked = Ask.objects.create(message=message, criteria=[one.slug for one in questions])
    transaction.on_commit(lambda: _send(message, ways, asked), robust=True)
    return message


def last_ask(sender: Organisation, receiver: Organisation, *, at: datetime) -> Ask | None:
    """What one asked another within the time in which it may not ask again; None if it did not."""
    found = Ask.objects.filter(
        message__sender=sender,
        message__receiver=receiver,
        message__sent_at__gt=at - ASK_AGAIN_AFTER,
    )
    return found.select_related("message").order_by("-message__sent_at").first()


def asked_in(number: int, own: Organisation) -> Ask | None:
    """What a message to one's own asks; None unless it asks, by one that has published."""
    found = Ask.objects.filter(message=number, message__receiver=own)
    found = found.filter(message__sender__sheet__isnull=False)
    return found.select_related("message__sender").first()


def words_of_ask(sender: Organisation, questions: Sequence[Question], *, text: str = "") -> str:
    """What an ask says: a line for each question, then the asker's own words."""
    return render_to_string(
        "emails/ask.txt", {"sender": sender, "questions": questions, "text": text}
    ).strip()


@dataclass(frozen=True)
class Letter:
    """A message as it is read: what stands before its questions, each by itself, and after them."""

    before: str
    questions: tuple[Question, ...] = ()
    after: str = ""


_DASH = "– "


def letter(text: str, asked: Sequence[str]) -> Letter:
    """What a message says, with the questions that it asks, by slug, taken out of its text.

    The text is what was sent; by now there may be other words for a question, or none.
    """
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.startswith(_DASH)), None)
    if not asked or first is None:
        return Letter(text)
    last = first + len(asked)
    return Letter(
        before="\n".join(lines[:first]).strip("\n"),
        questions=tuple(
            Question(slug, line.removeprefix(_DASH))
            for slug, line in zip(asked, lines[first:last], strict=False)
        ),
        after="\n".join(lines[last:]).strip("\n"),
    )


def messages_of(organisation: Organisation) -> QuerySet[Message]:
    """What an organisation has received and sent, the latest first.

    Each with `waits`: whether nobody who could read it has joined its receiver yet.
    """
    found = Message.objects.filter(Q(sender=organisation) | Q(receiver=organisation))
    found = found.annotate(waits=~Exists(access.stewards_of(OuterRef("receiver"))))
    return found.select_related("sender", "receiver", "ask").order_by("-sent_at", "-pk")


def to_answer(own: Organisation, other: Organisation, number: str = "") -> Message | None:
    """What one answers when one writes to another: what they wrote under a number, or last."""
    found = _wrote(other, own).select_related("ask").order_by("-sent_at", "-pk")
    # As long as a number can be, so that nobody has a page of digits read.
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return (found.filter(pk=int(number)).first() if is_number else None) or found.first()


def ask_again(asked_at: datetime) -> str:
    """From when on one may ask again, as the beginning of a sentence."""
    return f"Ask again from {day(asked_at + ASK_AGAIN_AFTER)} on"


def day(moment: datetime) -> str:
    """The day of a moment, as in "26 November"."""
    return dateformat.format(moment, "j F")


def see(member: Membership, last: int) -> None:
    """A member has seen the messages up to the last one; this never goes back."""
    own = Membership.objects.filter(pk=member.pk, messages_seen__lt=last)
    own.update(messages_seen=last)


def _wrote(sender: Organisation, receiver: Organisation) -> QuerySet[Message]:
    return Message.objects.filter(sender=sender, receiver=receiver)


def _lock(sender: Organisation, receiver: Organisation) -> None:
    """Have those who write for or to an organisation do it one after the other.

    So limits hold, and the messages to an organisation are numbered as they arrive: none arrives
    later below one that was seen. Always in the same order, so that no two wait for each other.
    """
    both = Organisation.objects.select_for_update(no_key=True).filter(
        pk__in=(sender.pk, receiver.pk)
    )
    list(both.order_by("pk").values_list("pk", flat=True))


def _send(message: Message, ways: Ways, asked: Ask | None = None) -> None:
    """Mail a message to each steward of its receiver by itself."""
    stewards = access.stewards(message.receiver)
    name = " ".join(message.sender.name.split())
    criteria = asked.criteria if asked else []
    context = {
        "message": message,
        "ways": ways,
        "asked": len(criteria),
        "answer_url": ways.question(message, criteria[0]) if criteria else "",
    }
    text = render_to_string("emails/message.txt", context)
    mails = [
        EmailMessage(f"{name} has written to you", text, to=[steward.email]) for steward in stewards
    ]
    _try(lambda: get_connection().send_messages(mails), message)


def _try(send: Callable[[], int | None], message: Message) -> None:
    try:
        send()
    except (OSError, SMTPException, ValueError):
        logger.exception("Message %s is stored, but its mail could not be sent.", message.pk)
