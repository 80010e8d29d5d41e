"""The only door: who may do what to which organisation. It raises; it never half-answers.

What is not yours answers exactly like what is not there. A member who lacks a right is told so,
since members know that their organisation is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from orgs.models import Message, Organisation, User
from orgs.models.membership import Membership, Role


class LoginNeeded(Exception):
    """Nobody knows yet who is asking; the answer is the log-in page, whatever was asked for."""


class Action(StrEnum):
    """What a member may want to do."""

    SEE_MEMBERS = "see who is a member"
    SEE_DRAFT = "see the answers before they are published"
    ANSWER = "answer questions"
    SET_REQUIREMENTS = "say what you ask of others"
    PUBLISH = "publish and withdraw"
    DESCRIBE = "describe the organisation"
    MANAGE_MEMBERS = "invite, change roles and end memberships"
    WRITE_TO_OTHERS = "write to other organisations"
    SEE_NEWS = "see who became compatible"
    LEAVE = "leave"
    REMOVE = "remove the organisation"


_ALL = frozenset(Role)
_EDITING = frozenset({Role.STEWARD, Role.EDITOR})
_STEWARDS = frozenset({Role.STEWARD})

RULES: Mapping[Action, frozenset[Role]] = {
    Action.SEE_MEMBERS: _ALL,
    Action.SEE_DRAFT: _ALL,
    Action.ANSWER: _EDITING,
    Action.SET_REQUIREMENTS: _STEWARDS,
    Action.PUBLISH: _STEWARDS,
    Action.DESCRIBE: _EDITING,
    Action.MANAGE_MEMBERS: _STEWARDS,
    Action.WRITE_TO_OTHERS: _EDITING,
    Action.SEE_NEWS: _ALL,
    Action.LEAVE: _ALL,
    Action.REMOVE: _STEWARDS,
}
"""Which roles may do what. Whoever is no member may do none of it."""


def may(role: str, action: Action) -> bool:
    """Whether a role may do something."""
    return role in RULES[action]


def person(request: HttpRequest) -> User:
    """Who is asking; LoginNeeded if nobody knows."""
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_active:
        raise LoginNeeded
    return user


def membership(
    request: HttpRequest, slug: str, action: Action, *, for_change: bool = False
) -> Membership:
    """The asker's membership of an organisation, with the organisation, for something to do.

    LoginNeeded for nobody, Http404 for a stranger, PermissionDenied for a member without the right.
    `for_change` holds the organisation for the rest of the transaction, so that nobody can take the
    right away between this question and what is done with its answer.
    """
    found = _membership_of(person(request), slug)
    if found is not None and for_change:
        Organisation.objects.select_for_update(no_key=True).filter(pk=found.organisation_id).first()
        found = _membership_of(found.user, slug)
    if found is None:
        raise Http404
    if not may(found.role, action):
        raise PermissionDenied(f"Only {_named(action)} may {action}.")
    return found


def _membership_of(user: User, slug: str) -> Membership | None:
    found = Membership.objects.filter(user=user, organisation__slug=slug)
    return found.select_related("organisation", "user").first()


def curator(request: HttpRequest) -> User:
    """The asker, who keeps the criteria; Http404 for everybody else."""
    user = person(request)
    if not user.is_curator:
        raise Http404
    return user


def is_curator(request: HttpRequest) -> bool:
    """Whether the asker keeps the criteria: for pages of everybody on which curators see more."""
    user = request.user
    return isinstance(user, User) and user.is_active and user.is_curator


def organisations_of(user: User | AnonymousUser) -> list[Membership]:
    """The memberships of a person by the organisations' names; none for nobody: one query.

    Each with `unread_messages`: how many they have not seen; None where they may read none.
    """
    if isinstance(user, AnonymousUser):
        return []
    unread = Message.objects.filter(
        receiver=OuterRef("organisation"), pk__gt=OuterRef("messages_seen")
    )
    counted = Subquery(unread.values("receiver").annotate(count=Count("pk")).values("count"))
    found = Membership.objects.filter(user=user).select_related("organisation")
    readers = When(role__in=RULES[Action.WRITE_TO_OTHERS], then=Coalesce(counted, 0))
    found = found.annotate(unread_messages=Case(readers, default=None))
    return list(found.order_by("organisation__name", "organisation_id"))


def members(organisation: Organisation) -> list[Membership]:
    """Everybody who belongs to an organisation, those who may do the most first."""
    found = Membership.objects.filter(organisation=organisation).select_related("user")
    order = list(Role)
    return sorted(found, key=lambda one: (order.index(Role(one.role)), str(one.user).casefold()))


def _named(action: Action) -> str:
    allowed = [role for role in Role if role in RULES[action]]
    return " or ".join(f"an {role}" if role == Role.EDITOR else f"a {role}" for role in allowed)


def stewards(organisation: Organisation) -> list[User]:
    """The people who answer for an organisation."""
    return list(stewards_of(organisation).order_by("pk"))


def stewards_of(organisation: Organisation | OuterRef) -> QuerySet[User]:
    """The same as a query, or within another one for each of its rows."""
    return User.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.STEWARD, is_active=True
    )
