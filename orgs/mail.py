"""Mails that we write: plain text, a subject on the first line; and who can be sent any."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string

from orgs.models.membership import Invitation, Membership


def send_invitation(invitation: Invitation, *, url: str) -> None:
    """Tell the owner of an address who invites them, and where to accept; OSError if it fails."""
    subject, text = write("emails/invitation.txt", {"invitation": invitation, "url": url})
    send_mail(subject, text, None, [invitation.email])


def write(template: str, context: dict[str, object]) -> tuple[str, str]:
    """A mail's subject, which is one line whatever stands in it, and its text."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    return " ".join(subject.split()), f"{text.strip()}\n"


def with_confirmed_address(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of some memberships whose person has shown that their address is theirs."""
    shown = EmailAddress.objects.filter(
        user=OuterRef("user"), email=OuterRef("user__email"), verified=True
    )
    return memberships.filter(Exists(shown), user__is_active=True)
