"""Verbs of belonging: found an organisation, invite, accept, change a role, leave."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from orgs.models import Organisation, User
from orgs.models.membership import Invitation, Membership, Role

INVITATION_LASTS = timedelta(days=14)


class SlugTaken(Exception):
    """There is an organisation of that slug."""


class LastSteward(Exception):
    """An organisation is never left without a steward."""


class AlreadyInvited(Exception):
    """There is an open invitation for that address, or its owner belongs to the organisation."""


class InvitationNotValid(Exception):
    """An invitation is used, revoked, expired, for another address, or was never made."""


@transaction.atomic
def found(by: User, *, slug: str, described: Mapping[str, object]) -> Organisation:
    """Found an organisation; its founder is its first steward."""
    organisation = Organisation(slug=slug, **dict(described))
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise SlugTaken(slug) from None
    Membership.objects.create(organisation=organisation, user=by, role=Role.STEWARD)
    return organisation


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: Role, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Invite an address; returns the invitation and the token, which is kept nowhere.

    An earlier invitation of the address that has expired gives way.
    """
    address = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email__iexact=address).exists():
        raise AlreadyInvited(address)
    open_ones = Invitation.objects.filter(
        organisation=organisation, email=address, accepted_at=None, revoked_at=None
    )
    open_ones.filter(expires_at__lte=at).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation,
                email=address,
                role=role,
                digest=_digest(token),
                invited_by=by,
                expires_at=at + INVITATION_LASTS,
            )
    except IntegrityError:
        raise AlreadyInvited(address) from None
    return invitation, token


def revoke(invitation: Invitation, *, at: datetime) -> None:
    """Take an open invitation back."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=at
    )


def open_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation of a token that can still be accepted; InvitationNotValid otherwise."""
    invitation = (
        Invitation.objects.filter(
            digest=_digest(token), accepted_at=None, revoked_at=None, expires_at__gt=at
        )
        .select_related("organisation")
        .first()
    )
    if invitation is None:
        raise InvitationNotValid
    return invitation


@transaction.atomic
def accept(token: str, *, user: User, at: datetime) -> Membership:
    """Accept an invitation, once, as the owner of its address."""
    invitation = open_invitation(token, at=at)
    if invitation.email != user.email.strip().lower():
        raise InvitationNotValid
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not taken.update(accepted_at=at):
        raise InvitationNotValid
    membership, _ = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"role": invitation.role}
    )
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: Role) -> None:
    """Give a member another role; LastSteward if no steward would be left."""
    _lock(membership.organisation)
    if role != Role.STEWARD:
        _keep_a_steward(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)


@transaction.atomic
def leave(membership: Membership) -> None:
    """End a membership; LastSteward if no steward would be left."""
    _lock(membership.organisation)
    _keep_a_steward(membership)
    Membership.objects.filter(pk=membership.pk).delete()


def _keep_a_steward(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation=membership.organisation_id, role=Role.STEWARD, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastSteward


def _lock(organisation: Organisation) -> None:
    """Have two stewards who leave at the same moment do it one after the other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
