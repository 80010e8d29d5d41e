"""The demo, loaded once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from assessments.models import Edition
from tests.pages import demo as the_demo


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Edition]:
    """The default edition, with the fictional organisations beside it for a whole module."""
    with django_db_blocker.unblock(), the_demo.rolled_back():
        yield the_demo.load()
