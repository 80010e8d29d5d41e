"""The commands about people."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from orgs import demo_cast, demo_people
from orgs.models import Organisation, User
from orgs.models.membership import Membership
from tests.orgs.conftest import Hazel

pytestmark = pytest.mark.django_db


def _call(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_curator_is_named_and_it_ends(hazel: Hazel) -> None:
    assert _call("name_curator", " OTO@hazel.example") == "oto@hazel.example is a curator.\n"
    assert User.objects.get(is_curator=True) == hazel.oto
    _call("name_curator", "oto@hazel.example", "--end")
    assert not User.objects.filter(is_curator=True).exists()


def test_nobody_is_named_who_has_not_signed_up() -> None:
    with pytest.raises(CommandError, match="Nobody has signed up with una@far"):
        _call("name_curator", "una@far.example")


def test_the_people_of_the_demo_log_in_with_the_password_that_is_shown() -> None:
    for slug in ("alder", "dogwood"):
        Organisation.objects.create(slug=slug, name=slug)
    shown = _call("load_demo_people")
    assert _call("load_demo_people") == shown
    assert demo_cast.PASSWORD in shown
    assert User.objects.count() == len(demo_cast.PEOPLE) == 5
    assert Membership.objects.count() == 4
    for person in demo_cast.PEOPLE:
        assert person.email in shown
        sent = {"login": person.email, "password": demo_cast.PASSWORD}
        assert Client().post("/account/login/", sent).headers["Location"] == "/desk/"
    assert User.objects.get(is_curator=True).email == "curator@coopcheck.example"


def test_nobody_is_logged_out_when_the_people_are_loaded_again() -> None:
    demo_people.load()
    client = Client()
    client.force_login(User.objects.get(email="curator@coopcheck.example"))
    demo_people.load()
    assert client.get("/desk/").status_code == 200


def test_no_people_with_a_known_password_where_others_reach_them(settings: Settings) -> None:
    settings.IS_LOOPBACK = False
    with pytest.raises(CommandError, match="reached from elsewhere"):
        _call("load_demo_people")
    assert not User.objects.exists()
