"""The one door: who may do what; nobody logs in, a stranger finds nothing, a member is told."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from orgs import access
from orgs.access import Action
from orgs.models import User
from orgs.models.membership import Role
from tests.orgs.conftest import Hazel

MAY = {
    # Steward, editor, viewer.
    Action.SEE_MEMBERS: (True, True, True),
    Action.SEE_DRAFT: (True, True, True),
    Action.ANSWER: (True, True, False),
    Action.SET_REQUIREMENTS: (True, False, False),
    Action.PUBLISH: (True, False, False),
    Action.DESCRIBE: (True, True, False),
    Action.MANAGE_MEMBERS: (True, False, False),
    Action.WRITE_TO_OTHERS: (True, True, False),
    Action.SEE_NEWS: (True, True, True),
    Action.LEAVE: (True, True, True),
    Action.REMOVE: (True, False, False),
}


def _request(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_every_action_has_a_row_and_a_rule() -> None:
    assert set(MAY) == set(Action) == set(access.RULES)


@pytest.mark.parametrize("for_change", [False, True])
@pytest.mark.parametrize("action", Action)
def test_each_role_may_what_the_table_says(hazel: Hazel, action: Action, for_change: bool) -> None:
    for role, may in zip(Role, MAY[action], strict=True):
        request = _request(hazel.by_role(role))
        assert access.may(role, action) is may
        with transaction.atomic():
            if may:
                found = access.membership(request, "hazel", action, for_change=for_change)
                assert (found.user, found.role) == (request.user, role)
            else:
                with pytest.raises(PermissionDenied, match=r"^Only a steward"):
                    access.membership(request, "hazel", action, for_change=for_change)


@pytest.mark.parametrize("slug", ["hazel", "no-such"])
@pytest.mark.parametrize("action", Action)
def test_others_find_nothing(hazel: Hazel, action: Action, slug: str) -> None:
    with pytest.raises(Http404):
        access.membership(_request(hazel.oto), slug, action)
    with pytest.raises(access.LoginNeeded):
        access.membership(_request(AnonymousUser()), slug, action)


def test_whose_account_is_closed_is_nobody(hazel: Hazel) -> None:
    hazel.ana.is_active = False
    with pytest.raises(access.LoginNeeded):
        access.membership(_request(hazel.ana), "hazel", Action.LEAVE)


def test_a_steward_is_no_curator(hazel: Hazel) -> None:
    with pytest.raises(Http404):
        access.curator(_request(hazel.ana))
    hazel.oto.is_curator = True
    assert access.curator(_request(hazel.oto)) == hazel.oto
