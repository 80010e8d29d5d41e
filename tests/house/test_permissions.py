"""Who gets in where: a row for every route and method, a cell for every role, and no gap.

The table says what was decided, without asking `orgs.access`; each cell is a real request.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Edition
from assessments.models.criteria import EditionState
from orgs import joining
from orgs.models import Membership, Organisation, User
from orgs.models.membership import Role as Role_
from tests.cast import Cast
from tests.pages.routes import resolved

pytestmark = pytest.mark.django_db


class Role(StrEnum):
    """Who asks. The stranger is a steward of another organisation, Dogwood."""

    ANONYMOUS = "anonymous"
    STRANGER = "stranger"
    FORMER = "former"
    VIEWER = "viewer"
    EDITOR = "editor"
    STEWARD = "steward"
    CURATOR = "curator"


class Outcome(StrEnum):
    """What comes of it: let in (also to hear that a form is not filled in), or not."""

    IN = "in"
    LOGIN = "log in first"
    HIDDEN = "not there"
    REFUSED = "refused"
    NO_METHOD = "no such method"


Rule = Mapping[Role, Outcome]


def _rule(otherwise: Outcome, **known: Outcome) -> Rule:
    return {role: known.get(role.value, otherwise) for role in Role}


def _of_members(*allowed: str) -> Rule:
    """Members of those roles get in, other members are refused, to others nothing is there."""
    members = {
        role: Outcome.IN if role in allowed else Outcome.REFUSED
        for role in ("viewer", "editor", "steward")
    }
    return _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN, **members)


EVERYBODY = _rule(Outcome.IN)
NOBODY = _rule(Outcome.HIDDEN)
KNOWN = _rule(Outcome.IN, anonymous=Outcome.LOGIN)
MEMBERS = _of_members("viewer", "editor", "steward")
EDITING = _of_members("editor", "steward")
STEWARDS = _of_members("steward")
CURATORS = _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN, curator=Outcome.IN)

ALDER = {"slug": "alder"}
PAIR = {"slug": "alder", "other": "birch"}
QUESTION = {"slug": "alder", "criterion": "rules"}
DRAFT = {"slug": "next"}

TABLE: Mapping[str, tuple[Mapping[str, object], Mapping[str, Rule]]] = {
    "home": ({}, {"GET": EVERYBODY}),
    "criteria": ({}, {"GET": EVERYBODY}),
    "paper": ({}, {"GET": EVERYBODY}),
    "organisations": ({}, {"GET": EVERYBODY}),
    "organisation": (ALDER, {"GET": EVERYBODY}),
    "matches": (ALDER, {"GET": EVERYBODY}),
    "pair": (PAIR, {"GET": EVERYBODY}),
    "published": ({"slug": "alder", "number": 1}, {"GET": EVERYBODY}),
    "styleguide": ({}, {"GET": NOBODY, "POST": NOBODY}),
    "schema": ({}, {"GET": EVERYBODY}),
    "api-editions": ({}, {"GET": EVERYBODY}),
    "api-edition": ({"slug": "small"}, {"GET": EVERYBODY}),
    "api-organisations": ({}, {"GET": EVERYBODY}),
    "api-organisation": (ALDER, {"GET": EVERYBODY}),
    "api-profile": (ALDER, {"GET": EVERYBODY}),
    "api-matches": (ALDER, {"GET": EVERYBODY}),
    "api-pair": (PAIR, {"GET": EVERYBODY}),
    "live": ({}, {"GET": EVERYBODY}),
    "ready": ({}, {"GET": EVERYBODY}),
    # One's own account and desk.
    "desk": ({}, {"GET": KNOWN}),
    "you": ({}, {"GET": KNOWN, "POST": KNOWN}),
    "act-for": (ALDER, {"POST": MEMBERS}),
    "found": ({}, {"GET": KNOWN, "POST": KNOWN}),
    "accept-invitation": (
        {"invitation_id": 0},
        {"POST": _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN)},
    ),
    "invitation": ({"token": "none"}, {"GET": NOBODY, "POST": NOBODY}),
    # An organisation's own pages.
    "describe": (ALDER, {"GET": EDITING, "POST": EDITING}),
    "members": (ALDER, {"GET": MEMBERS}),
    "invite": (ALDER, {"GET": STEWARDS, "POST": STEWARDS}),
    "member": ({"slug": "alder", "member_id": "EDITOR"}, {"GET": STEWARDS, "POST": STEWARDS}),
    "remove-member": ({"slug": "alder", "member_id": "EDITOR"}, {"POST": STEWARDS}),
    "revoke-invitation": ({"slug": "alder", "invitation_id": "OPEN"}, {"POST": STEWARDS}),
    "leave": (ALDER, {"GET": MEMBERS, "POST": MEMBERS}),
    "tasks": (ALDER, {"GET": MEMBERS}),
    "question": (QUESTION, {"GET": MEMBERS, "POST": EDITING}),
    "answers-dimension": (
        {"slug": "alder", "dimension": "commons"},
        {"GET": MEMBERS, "POST": EDITING},
    ),
    "review": (ALDER, {"GET": MEMBERS}),
    "preview": (ALDER, {"GET": MEMBERS}),
    "publish": (ALDER, {"GET": STEWARDS, "POST": STEWARDS}),
    "withdraw": (ALDER, {"GET": STEWARDS, "POST": STEWARDS}),
    "doors": (ALDER, {"GET": MEMBERS}),
    "requirements": (ALDER, {"GET": MEMBERS, "POST": STEWARDS}),
    "messages": (ALDER, {"GET": EDITING}),
    "ask": (PAIR, {"GET": EDITING, "POST": EDITING}),
    "write": (PAIR, {"GET": EDITING, "POST": EDITING}),
    # The curators' desk.
    "curation": ({}, {"GET": CURATORS}),
    "edition-upload": ({}, {"GET": CURATORS, "POST": CURATORS}),
    "edition": (DRAFT, {"GET": CURATORS}),
    "edition-export": (DRAFT, {"GET": CURATORS}),
    "edition-publish": (DRAFT, {"POST": CURATORS}),
    "edition-discard": (DRAFT, {"POST": CURATORS}),
    # Accounts.
    "account_login": ({}, {"GET": EVERYBODY, "POST": EVERYBODY}),
    "account_logout": ({}, {"GET": EVERYBODY, "POST": EVERYBODY}),
    "account_signup": ({}, {"GET": EVERYBODY, "POST": EVERYBODY}),
    "account_inactive": ({}, {"GET": EVERYBODY}),
    "account_email": ({}, {"GET": KNOWN, "POST": KNOWN}),
    "account_email_verification_sent": ({}, {"GET": EVERYBODY}),
    "account_confirm_email": ({"key": "none"}, {"GET": EVERYBODY, "POST": NOBODY}),
    "account_change_password": ({}, {"GET": KNOWN, "POST": KNOWN}),
    "account_set_password": ({}, {"GET": EVERYBODY}),
    "account_reset_password": ({}, {"GET": EVERYBODY, "POST": EVERYBODY}),
    "account_reset_password_done": ({}, {"GET": EVERYBODY}),
    "account_reset_password_from_key": (
        {"uidb36": "a", "key": "b-c"},
        {"GET": EVERYBODY, "POST": EVERYBODY},
    ),
    "account_reset_password_from_key_done": ({}, {"GET": EVERYBODY}),
}
"""By route: the parts of an example, and for each method that it knows who gets in."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Place:
    """Alder with a member for each role, a draft, an invitation, messages; everybody's browser."""

    def __init__(self, alder: Organisation, dogwood: Organisation) -> None:
        self.people = {
            role: User.objects.create_user(
                f"{role}@people.example", is_curator=role is Role.CURATOR
            )
            for role in Role
            if role is not Role.ANONYMOUS
        }
        self.members = {
            role: Membership.objects.create(
                organisation=alder, user=self.people[role], role=role.value
            )
            for role in (Role.VIEWER, Role.EDITOR, Role.STEWARD)
        }
        # A second steward, so that the first may leave.
        second = User.objects.create_user("second@people.example")
        Membership.objects.create(organisation=alder, user=second, role="steward")
        Membership.objects.create(
            organisation=dogwood, user=self.people[Role.STRANGER], role="steward"
        )
        former = Membership.objects.create(
            organisation=alder, user=self.people[Role.FORMER], role="editor"
        )
        joining.leave(former)
        self.invitation, _ = joining.invite(
            alder,
            email="kestrel@people.example",
            role=Role_.EDITOR,
            by=second,
            at=datetime.now(UTC),
        )

    def client(self, role: Role) -> Client:
        client = Client(raise_request_exception=False)
        if role is not Role.ANONYMOUS:
            client.force_login(self.people[role])
        return client

    def address(self, name: str, **other: object) -> str:
        parts = {**TABLE[name][0], **other}
        if parts.get("member_id") == "EDITOR":
            parts["member_id"] = self.members[Role.EDITOR].pk
        if parts.get("invitation_id") == "OPEN":
            parts["invitation_id"] = self.invitation.pk
        return reverse(name, kwargs=parts)


@pytest.fixture
def place(cast: Cast) -> Place:
    Edition.objects.create(slug="next", title="Next", state=EditionState.DRAFT)
    return Place(cast.alder, cast.dogwood)


def outcome(response: Any) -> Outcome:
    if response.status_code == 302 and "/account/login/" in response.headers["Location"]:
        return Outcome.LOGIN
    by_status = {403: Outcome.REFUSED, 404: Outcome.HIDDEN, 405: Outcome.NO_METHOD}
    assert response.status_code < 500, response.content[:500]
    return by_status.get(response.status_code, Outcome.IN)


def test_every_route_has_its_row() -> None:
    names = {pattern.name for pattern in resolved()}
    assert names == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_each_role_gets_what_the_table_says(name: str, place: Place) -> None:
    _, rules = TABLE[name]
    for method in METHODS:
        for role in Role:
            client = place.client(role)
            with transaction.atomic():
                response = client.generic(method, place.address(name))
                transaction.set_rollback(True)
            if method in rules:
                assert outcome(response) == rules[method][role], (name, method, role)
            else:
                assert outcome(response) != Outcome.IN, (name, method, role)


HIDING = [name for name, (parts, _) in TABLE.items() if parts.get("slug") == "alder"]


@pytest.mark.parametrize("name", HIDING)
def test_what_is_not_yours_answers_like_what_is_not_there(name: str, place: Place) -> None:
    for role in (Role.STRANGER, Role.FORMER, Role.CURATOR, Role.ANONYMOUS):
        for method, rule in TABLE[name][1].items():
            if rule[role] is Outcome.IN:
                continue
            client = place.client(role)
            theirs = client.generic(method, place.address(name))
            nobodys = client.generic(method, place.address(name, slug="nobody"))
            assert theirs.status_code == nobodys.status_code
            assert theirs.headers.get("Location", "").replace("alder", "nobody") == (
                nobodys.headers.get("Location", "")
            )
            assert theirs.content.replace(b"alder", b"nobody") == nobodys.content
