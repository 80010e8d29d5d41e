"""No page asks more of the database when there is more in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import facts, world
from assessments.models import criteria
from orgs.models import Organisation
from tests.pages import demo as the_demo
from tests.pages.reading import read
from tests.pages.routes import APIS, PAGES, address

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def _queries(client: Client, name: str) -> int:
    # A process that has just begun remembers nothing.
    criteria._remembered.cache_clear()
    world.forget()
    facts.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(name)).status_code == 200
    return len(queries)


def test_no_page_asks_more_of_the_database_for_1000_organisations_than_for_10(
    client: Client,
) -> None:
    edition = the_demo.publish_default()
    names = [*PAGES, *APIS]
    the_demo.publish(the_demo.many(10), edition)
    few = {name: _queries(client, name) for name in names}
    the_demo.publish(the_demo.many(1000), edition)
    assert Organisation.objects.count() == 1000
    many = {name: _queries(client, name) for name in names}
    assert few == many
    assert {name: count for name, count in many.items() if count > MOST_QUERIES} == {}


def test_a_match_list_of_1000_is_paged_from_first_to_last(client: Client) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(300), edition)
    ranks: list[int] = []
    page = read(client.get(address("matches")).content)
    ways = page.one("nav", "paging").one("ul").all("a")
    count = max(int(link.text.removeprefix("Page ")) for link in ways)
    for number in range(1, count + 1):
        page = read(client.get(address("matches"), {"page": str(number)}).content)
        rows = page.one("ol", "organisations").all("li")
        ranks += [int(one.attributes["value"]) for one in rows if "value" in one.attributes]
    assert ranks == list(range(1, len(ranks) + 1))
    exported = client.get(address("api-matches")).json()["count"]
    assert len(ranks) == exported > 100
