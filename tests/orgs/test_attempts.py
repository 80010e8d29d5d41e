"""Attempts at accounts are counted for all processes, and no crowd pushes a count out."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from coopcheck import settings as house
from tests.orgs.conftest import PASSWORD, Hazel

pytestmark = pytest.mark.django_db

TABLE = house.CACHES["default"]["LOCATION"]


@pytest.fixture
def counted(settings: Settings, own_cache: None) -> None:
    """Count as the house does, in place of what tests count with."""
    settings.CACHES = house.CACHES


def _rows() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key, value FROM {TABLE}")
        return list(cursor.fetchall())


def _attempt(email: str, password: str = "a wrong one", host: str = "198.51.100.7") -> str:
    sent = {"login": email, "password": password}
    return Client(REMOTE_ADDR=host).post("/account/login/", sent).content.decode()


@pytest.mark.usefixtures("counted")
def test_many_others_push_no_count_out(hazel: Hazel) -> None:
    email = hazel.ana.email
    for _ in range(5):
        assert "Too many attempts" not in _attempt(email)
    for number in range(1_000):
        cache.set(f"allauth:rl:login_failed:crowd-{number}", [0.0], 300)
    assert len(_rows()) > 1_000
    assert "Too many attempts" in _attempt(email, PASSWORD, host="203.0.113.9")


@pytest.mark.usefixtures("counted")
def test_who_tried_is_not_to_be_read(hazel: Hazel) -> None:
    _attempt(hazel.ana.email)
    rows = _rows()
    assert rows
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key, _ in rows)


@pytest.mark.usefixtures("counted")
def test_the_table_is_made_with_the_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
    migration = import_module("orgs.migrations.0004_attempts").Migration
    (make,) = migration.operations
    make.code(None, SimpleNamespace(connection=connection))
    assert _rows() == []
