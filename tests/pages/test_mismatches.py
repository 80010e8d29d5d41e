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
from tests.pages import people
from tests.pages.reading import Element, read
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


# The list of those who fit


def _main(client: Client, url: str, **asked: str) -> Element:
    return read(client.get(url, asked).content).one("main")


def test_each_count_leads_to_those_whom_it_counts(client: Client, cast: Cast) -> None:
    page = _main(client, address("matches"))
    links = [one.attributes["href"] for one in page.one("dl", "counts").all("a")]
    assert links == [
        f"{address('matches')}?verdict=compatible",
        f"{address('matches')}?verdict=unknown",
        address("mismatches"),
    ]
    for link, name in zip(links, ("Birch", "Dogwood", "Cedar"), strict=True):
        (row,) = _main(client, link).all("article", "organisation")
        assert row.one("h2").text == name


def test_a_count_of_nobody_leads_nowhere(client: Client, cast: Cast) -> None:
    counts = _main(client, address("matches", slug="cedar")).one("dl", "counts")
    numbers = [one.text for one in counts.all("dd")]
    assert numbers.count("0") == 3 - len(counts.all("a")) > 0


def test_who_does_not_fit_is_no_choice_of_this_list_and_its_address_leads_on(
    client: Client, cast: Cast
) -> None:
    page = _main(client, address("matches"))
    values = [one.attributes["value"] for one in page.all("select")[0].all("option")]
    assert values == ["", "compatible", "unknown"]
    answer = client.get(
        address("matches"), {"verdict": "not-compatible", "country": "GB", "q": "é & a"}
    )
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{address('mismatches')}?q=%C3%A9+%26+a&country=GB",
    )
    answer = client.get(address("matches"), {"verdict": "not-compatible"})
    assert answer["Location"] == address("mismatches")
    # In the directory it stays one.
    page = _main(people.member(cast.alder), "/organisations/")
    assert "not-compatible" in [one.attributes.get("value") for one in page.all("option")]


def test_the_bars_are_explained_before_the_first_of_them(client: Client, cast: Cast) -> None:
    page = _main(client, address("matches"))
    order = [
        one.attributes["class"]
        for one in page.walk()
        if one.attributes.get("class") in {"interval-legend", "organisations"}
    ]
    assert order == ["interval-legend", "organisations"]


def test_a_row_says_what_the_other_does(client: Client, cast: Cast) -> None:
    rows = _main(client, address("matches", slug="birch")).all("article", "organisation")
    (alder,) = [one for one in rows if one.one("h2").text == "Alder"]
    assert alder.one("p").text == "We host what others write."


def test_where_nobody_fits_everybody_reads_where_it_says_why(client: Client) -> None:
    the_demo.load()
    page = _main(client, address("matches", slug="cedar"))
    nobody = page.one("div", "empty")
    assert nobody.text.startswith("Nobody fits Cedar Retail.")
    link = nobody.one("a")
    assert link.text == "See why, for each of the 36"
    assert link.attributes["href"] == address("mismatches", slug="cedar")
    for name in ("matches", "mismatches"):
        head = _main(client, address(name, slug="cedar")).one("div", "head")
        assert "you" not in head.text.replace(".", " ").split()


def test_what_was_not_typed_is_not_to_be_spelled_otherwise(client: Client, cast: Cast) -> None:
    nobody = _main(client, address("matches"), country="ZW").one("div", "empty")
    assert nobody.text.endswith("Nobody in this list is all of that. Take something away above.")
    nobody = _main(client, address("matches"), q="zzz").one("div", "empty")
    assert nobody.text.endswith("Take something away above, or try another spelling.")
