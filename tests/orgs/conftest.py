"""An organisation with one member for each role, and somebody who is none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from orgs import joining
from orgs.models import Organisation, User
from orgs.models.membership import Membership, Role

PASSWORD = "hazel-rope-lantern"


@dataclass(frozen=True)
class Hazel:
    """Hazel Builders: Ana is its steward, Emre edits, Vilma looks on, Oto does not belong to it."""

    organisation: Organisation
    ana: User
    emre: User
    vilma: User
    oto: User

    def of(self, user: User) -> Membership:
        """The membership of one of them."""
        return Membership.objects.get(organisation=self.organisation, user=user)

    def by_role(self, role: str) -> User:
        """Who has a role."""
        return {"steward": self.ana, "editor": self.emre, "viewer": self.vilma}.get(role, self.oto)


def person(name: str) -> User:
    """Somebody who has confirmed their address."""
    user = User.objects.create_user(f"{name.lower()}@hazel.example", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def as_(user: User) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords fast; how well they are hashed is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def hazel(db: None) -> Hazel:
    """Hazel Builders with its people."""
    ana, emre, vilma, oto = map(person, ("Ana", "Emre", "Vilma", "Oto"))
    organisation = joining.found(ana, slug="hazel", described={"name": "Hazel Builders"})
    for user, role in ((emre, Role.EDITOR), (vilma, Role.VIEWER)):
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return Hazel(organisation, ana, emre, vilma, oto)
