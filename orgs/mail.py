"""Mails that we write: plain text, a subject on the first line, one link each."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string

from orgs.models.membership import Invitation


def send_invitation(invitation: Invitation, *, url: str) -> None:
    """Tell the owner of an address who invites them, and where to accept; OSError if it fails."""
    subject, text = _write("emails/invitation.txt", {"invitation": invitation, "url": url})
    send_mail(subject, text, None, [invitation.email])


def _write(template: str, context: dict[str, object]) -> tuple[str, str]:
    """A mail's subject, which is one line whatever stands in it, and its text."""
    subject, _, text = render_to_string(template, context).strip().partition("\n")
    return " ".join(subject.split()), f"{text.strip()}\n"
