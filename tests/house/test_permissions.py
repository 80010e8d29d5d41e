"""Who gets in where, by every method and in every role, as the table of routes says.

The table says what was decided, without asking `orgs.access`; each cell is a real request.
"""

from __future__ import annotations

from datetime import UTC, datetime
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
from tests.pages.routes import ROUTES, resolved
from tests.roles import Outcome, Role

pytestmark = pytest.mark.django_db


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
        parts: dict[str, object] = {**ROUTES[name].in_cast, **other}
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
    assert names == set(ROUTES)
    assert all(route.rules for route in ROUTES.values())


@pytest.mark.parametrize("name", ROUTES)
def test_each_role_gets_what_the_table_says(name: str, place: Place) -> None:
    rules = ROUTES[name].rules
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


HIDING = [name for name, route in ROUTES.items() if route.in_cast.get("slug") == "alder"]


@pytest.mark.parametrize("name", HIDING)
def test_what_is_not_yours_answers_like_what_is_not_there(name: str, place: Place) -> None:
    for role in (Role.STRANGER, Role.FORMER, Role.CURATOR, Role.ANONYMOUS):
        for method, rule in ROUTES[name].rules.items():
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
