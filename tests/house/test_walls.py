"""What members alone know reaches nobody else; no form breaks, or changes what is not its own."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from assessments import drafting, drafts
from assessments.models import Assessment, Sheet
from assessments.scoring import terms
from orgs.models import Membership, Message, Organisation, User
from tests.cast import Cast
from tests.house.test_permissions import Place, outcome, place
from tests.pages.people import FUZZ
from tests.pages.routes import ROUTES
from tests.roles import Outcome, Role

__all__ = ["place"]

pytestmark = pytest.mark.django_db

CANARY = "kanarienvogel"
OUTSIDERS = (Role.ANONYMOUS, Role.STRANGER, Role.FORMER, Role.CURATOR)


@pytest.fixture
def secrets(cast: Cast, place: Place) -> Place:
    """A canary in every field that only Alder's members may see."""
    steward = place.people[Role.STEWARD]
    edition = cast.edition.as_terms()
    for criterion in edition.criteria:
        if criterion.kind is terms.Kind.PRACTICE:
            said = terms.Answer(level="yes", reservation=CANARY, note=CANARY)
        elif criterion.kind is terms.Kind.OFFERS:
            said = terms.Answer(offers=(CANARY,), needs=(CANARY,))
        else:
            said = terms.Answer(unknown=True, note=CANARY, evidence=(f"https://{CANARY}.example/",))
        mark = drafts.read(cast.alder).mark(criterion.slug)
        drafting.save_answer(
            cast.alder, criterion.slug, said, seen=mark, by=steward, at=datetime.now(UTC)
        )
    User.objects.filter(pk__in=[user.pk for user in place.people.values()]).update(name=CANARY)
    place.invitation.email = f"{CANARY}@people.example"
    place.invitation.save()
    Message.objects.create(sender=cast.birch, receiver=cast.alder, written_by=steward, text=CANARY)
    Message.objects.create(sender=cast.alder, receiver=cast.birch, written_by=steward, text=CANARY)
    return place


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nothing_that_members_alone_know_reaches_an_outsider(role: Role, secrets: Place) -> None:
    client = secrets.client(role)
    # Their own name is theirs to see, and nobody else's is shown.
    if role is not Role.ANONYMOUS:
        User.objects.filter(pk=secrets.people[role].pk).update(name="")
    seen = 0
    for name in ROUTES:
        for method in ("GET", "POST"):
            with transaction.atomic():
                response = client.generic(method, secrets.address(name))
                transaction.set_rollback(True)
            said = response.content.decode(errors="replace") + str(response.headers)
            assert CANARY not in said, (name, method)
            seen += outcome(response) is Outcome.IN
    assert seen > 20


def test_the_canaries_are_there_for_members(secrets: Place) -> None:
    client = secrets.client(Role.STEWARD)
    for name in ("review", "preview", "members", "messages"):
        assert CANARY in client.get(secrets.address(name)).content.decode(), name


POSTS = [name for name, route in ROUTES.items() if "POST" in route.rules]
_NAMES = re.compile(r'name="([^"]+)"')


def _others(cast: Cast) -> list[Any]:
    """Everything of other organisations, and everything published."""
    return [
        list(Organisation.objects.exclude(pk=cast.alder.pk).order_by("pk").values()),
        list(Membership.objects.exclude(organisation=cast.alder).order_by("pk").values()),
        list(
            Assessment.objects.filter(published_at__isnull=False)
            .exclude(organisation=cast.alder)
            .order_by("pk")
            .values()
        ),
        list(Sheet.objects.exclude(organisation=cast.alder).order_by("pk").values()),
    ]


def _fields(client: Client, address: str) -> list[str]:
    response = client.get(address)
    return sorted(set(_NAMES.findall(response.content.decode(errors="replace"))))


@pytest.mark.parametrize("name", POSTS)
def test_no_post_breaks_a_form_or_changes_what_is_not_its_own(
    name: str, place: Place, cast: Cast
) -> None:
    rules = ROUTES[name].rules["POST"]
    role = next(
        (role for role in (Role.STEWARD, Role.CURATOR) if rules[role] is Outcome.IN), Role.STEWARD
    )
    client = place.client(role)
    fields = _fields(client, place.address(name))
    foreign = ["id", "organisation", "role", "is_curator", "number", "published_at", "user"]
    before = _others(cast)
    dice = random.Random(name)
    for _ in range(40):
        chosen = dice.sample([*fields, *foreign], k=min(5, len(fields) + len(foreign)))
        data = {field: dice.choice(FUZZ) for field in chosen}
        with transaction.atomic():
            response = client.post(place.address(name), _sendable(data))
            assert response.status_code < 500, data
            if name not in {"found", "account_signup"}:
                assert _others(cast) == before, data
            transaction.set_rollback(True)


def _sendable(data: dict[str, str]) -> dict[str, str]:
    """What a test client can encode: a lone surrogate goes as the bytes that hold its place."""
    return {key: value.encode("utf-8", "replace").decode() for key, value in data.items()}
