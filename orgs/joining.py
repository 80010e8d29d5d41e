"""Verbs of belonging: found an organisation, invite, accept, change a role, leave, be forgotten."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from orgs.models import Organisation, User
from orgs.models.membership import Invitation, Membership, Role

INVITATION_LASTS = timedelta(days=14)
JUST_NOW = timedelta(minutes=10)
MOST_OPEN_INVITATIONS = 50
"""How many invitations of an organisation may wait at once: enough for all, too few for spam."""


class SlugTaken(Exception):
    """There is an organisation of that slug."""


class LastSteward(Exception):
    """An organisation is never left without a steward; its arguments are those that would be."""


class AlreadyInvited(Exception):
    """There is an open invitation for that address, or its owner belongs to the organisation."""


class TooManyInvitations(Exception):
    """As many invitations wait already as an organisation may have open at once."""


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


def just_founded(slug: str, *, by: User, at: datetime) -> Organisation | None:
    """The organisation of a slug, if that person has founded it a moment ago."""
    return Organisation.objects.filter(
        slug=slug,
        created_at__gt=at - JUST_NOW,
        memberships__user=by,
        memberships__role=Role.STEWARD,
    ).first()


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: Role, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Invite an address; returns the invitation and the token, which is kept nowhere.

    An earlier invitation of the address that has expired gives way.
    """
    address = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=address).exists():
        raise AlreadyInvited(address)
    open_ones = Invitation.objects.filter(
        organisation=organisation, email=address, accepted_at=None, revoked_at=None
    )
    open_ones.filter(expires_at__lte=at).update(revoked_at=at)
    if _open(at).filter(organisation=organisation).count() >= MOST_OPEN_INVITATIONS:
        raise TooManyInvitations
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


def renew(invitation: Invitation, *, at: datetime) -> str:
    """Have an open invitation last anew; returns the new token, the earlier one holds no more."""
    token = secrets.token_urlsafe(32)
    renewed = _open(at).filter(pk=invitation.pk)
    if not renewed.update(digest=_digest(token), expires_at=at + INVITATION_LASTS):
        raise InvitationNotValid
    return token


def revoke(invitation: Invitation, *, at: datetime) -> None:
    """Take an open invitation back."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=at
    )


def open_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation of a token that can still be accepted; InvitationNotValid otherwise."""
    found = _open(at).filter(digest=_digest(token))
    invitation = found.select_related("organisation", "invited_by").first()
    if invitation is None:
        raise InvitationNotValid
    return invitation


def invitations_for(user: User, *, at: datetime) -> list[Invitation]:
    """The open invitations for a person's address: one query."""
    found = _open(at).filter(email=user.email.lower())
    return list(found.select_related("organisation", "invited_by").order_by("expires_at", "pk"))


def open_invitations(organisation: Organisation, *, at: datetime) -> list[Invitation]:
    """The invitations of an organisation that wait for an answer."""
    return list(_open(at).filter(organisation=organisation).order_by("email"))


def accept(token: str, *, user: User, at: datetime) -> Membership:
    """Accept an invitation, once, as the owner of its address."""
    return _accept(_open(at).filter(digest=_digest(token)), user=user, at=at)


def accept_as_owner(invitation_id: int, *, user: User, at: datetime) -> Membership:
    """Accept an invitation that waits for one's address, which one has shown to own."""
    return _accept(_open(at).filter(pk=invitation_id), user=user, at=at)


@transaction.atomic
def _accept(invitations: QuerySet[Invitation], *, user: User, at: datetime) -> Membership:
    """Take the invitation, and belong; of many who try at once, one takes it."""
    invitation = invitations.filter(email=user.email.lower()).first()
    if invitation is None or not _open(at).filter(pk=invitation.pk).update(accepted_at=at):
        raise InvitationNotValid
    membership, _ = Membership.objects.get_or_create(
        organisation_id=invitation.organisation_id, user=user, defaults={"role": invitation.role}
    )
    return membership


def came_of(token: str, *, user: User) -> Membership | None:
    """The membership of a person who has accepted the invitation before; None otherwise."""
    return (
        Membership.objects.filter(
            user=user,
            organisation__invitations__digest=_digest(token),
            organisation__invitations__email=user.email.lower(),
            organisation__invitations__accepted_at__isnull=False,
        )
        .select_related("organisation")
        .first()
    )


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


def remove(membership: Membership) -> None:
    """End another's membership, as a steward does; LastSteward if no steward would be left."""
    leave(membership)


def is_last_steward(membership: Membership) -> bool:
    """Whether no steward would be left without this one."""
    stewards = Membership.objects.filter(organisation=membership.organisation_id, role=Role.STEWARD)
    if not stewards.filter(pk=membership.pk).exists():
        return False
    return not stewards.filter(user__is_active=True).exclude(pk=membership.pk).exists()


def _keep_a_steward(membership: Membership) -> None:
    if is_last_steward(membership):
        raise LastSteward(membership.organisation)


@transaction.atomic
def forget(user: User) -> None:
    """Erase a person with all that names them; what they did for their organisations stays.

    LastSteward with the organisations that would be left without one: then nothing is erased.
    """
    left_alone: list[Organisation] = []
    of_user = Membership.objects.filter(user=user).select_related("organisation")
    for membership in of_user.order_by("organisation_id"):
        try:
            leave(membership)
        except LastSteward as error:
            left_alone += error.args
    if left_alone:
        raise LastSteward(*left_alone)
    Invitation.objects.filter(email=user.email).delete()
    user.delete()


def _open(at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


def _lock(organisation: Organisation) -> None:
    """Have two stewards who leave at the same moment do it one after the other."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
