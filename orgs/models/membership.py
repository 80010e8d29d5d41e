"""Who belongs to an organisation in which role, and who is invited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orgs.models.organisation import Organisation


class Role(models.TextChoices):
    """What a member is to an organisation; the first of them may do the most."""

    STEWARD = "steward"
    EDITOR = "editor"
    VIEWER = "viewer"


class Membership(models.Model):
    """A person's role in an organisation.

    `messages_seen` is the last message to the organisation that they have seen, 0 before the first
    time; messages to an organisation are numbered as they arrive.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    messages_seen = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organisation", "user"), name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role} of {self.organisation_id}"


class Invitation(models.Model):
    """An invitation by e-mail: for one address, used once, until it expires or is revoked.

    Only a digest of the token is kept, so that who reads the table cannot use it.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ended_once"
            ),
            models.UniqueConstraint(
                fields=("organisation", "email"),
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_an_address",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation_id}"


class Message(models.Model):
    """A message from one organisation to the stewards of another; no address is shown to either."""

    sender = models.ForeignKey(Organisation, models.CASCADE, related_name="messages_sent")
    receiver = models.ForeignKey(Organisation, models.CASCADE, related_name="messages_received")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(sender=models.F("receiver")), name="message_to_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.receiver_id}"
