"""Who is not compatible with one organisation, each with the first reason, page by page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import matching
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.views.matches import PAGE_SIZE
from orgs.models import Organisation
from tests import drafters
from tests.cast import Cast
from tests.orgs.conftest import as_
from tests.pages import demo as the_demo
from tests.pages.reading import read
from tests.pages.routes import address
from tests.pages.test_budget import MOST_QUERIES

pytestmark = pytest.mark.django_db


def test_the_count_leads_to_the_list_and_each_row_to_the_pair(client: Client, cast: Cast) -> None:
    page = read(client.get(address("matches")).content)
    ways = [one for one in page.all("a") if one.attributes.get("href") == address("mismatches")]
    assert len(ways) == 2  # The number itself, and the sentence below.

    page = read(client.get(address("mismatches")).content)
    (row,) = page.all("article", "organisation")
    name = row.one("h2").one("a")
    assert name.text == "Cedar"
    assert name.attributes["href"] == address("pair", other="cedar")


def test_the_first_reason_is_that_of_the_pairs_page(client: Client, cast: Cast) -> None:
    reason = read(client.get(address("mismatches")).content).one("ul", "reasons").one("li")
    pair = read(client.get(address("pair", other="cedar")).content)
    failed = [one.text for one in pair.all("ul", "reasons")[0].all("li", "is-no")]
    assert reason.text in failed


def test_it_lists_all_whom_the_match_list_counts_and_nobody_else(client: Client) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(120), edition)
    for slug in Organisation.objects.order_by("slug").values_list("slug", flat=True)[:3]:
        organisation = Organisation.objects.get(slug=slug)
        found = matching.matches(organisation, Edition.objects.get(state="published"))
        listed = {match.slug for match in found} | {slug}
        refused: list[str] = []
        number = 1
        while True:
            answer = client.get(address("mismatches", slug=slug), {"page": str(number)})
            page = read(answer.content)
            rows = page.all("article", "organisation")
            refused += [one.one("h2").one("a").attributes["href"].split("/")[-2] for one in rows]
            assert all(one.all("ul", "reasons") for one in rows)
            if number >= answer.context["page"].paginator.num_pages:
                break
            number += 1
        assert len(refused) == len(set(refused)) == found.counts[Verdict.NOT_COMPATIBLE]
        everybody = set(Organisation.objects.values_list("slug", flat=True))
        assert set(refused) == everybody - listed


def test_a_full_page_stays_within_the_budget(client: Client) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(120), edition)
    with CaptureQueriesContext(connection) as queries:
        page = read(client.get(address("mismatches")).content)
    assert len(page.all("article", "organisation")) == PAGE_SIZE
    assert len(queries) <= MOST_QUERIES


def test_before_publishing_members_hear_what_is_missing_and_others_nothing(
    client: Client, cast: Cast
) -> None:
    hazel = drafters.found()
    page = read(as_(hazel.vilma).get(address("matches", slug="hazel")).content)
    assert [one.attributes["href"] for one in page.one("main").all("a")][-1] == reverse(
        "tasks", args=["hazel"]
    )
    for other in (client, as_(hazel.oto)):
        answer = other.get(address("matches", slug="hazel"))
        assert answer.status_code == 404
        there = answer.content.replace(b"hazel", b"nobody")
        assert there == other.get(address("matches", slug="nobody")).content


def test_what_nobody_is_says_so(client: Client, cast: Cast) -> None:
    page = read(client.get(address("mismatches"), {"country": "ZW"}).content)
    assert "Nobody found." in page.text
