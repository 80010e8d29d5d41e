"""The directory, the match list and the pair as a member sees them."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import matching
from orgs.models import Organisation
from tests.cast import Cast
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

ALL = "/organisations/"
MATCHES = "/organisations/alder/matches/"
DOORS = "/organisations/alder/doors/"
PAIR = "/organisations/alder/with/dogwood/"
ASK = f"{PAIR}ask/"
WRITE = f"{PAIR}write/"
MESSAGES = "/organisations/alder/messages/"
TEXT = "Would you like to meet in March?"


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def names(client: Client, address: str, **asked: str) -> list[str]:
    page = read(client.get(address, asked).content)
    return [one.text for one in page.all("h2", "organisation-name")]


# The directory


def test_a_member_sees_the_verdict_with_each(steward: Client, cast: Cast) -> None:
    page = read(steward.get(ALL).content)
    seen = {
        row.one("h2").text: row.one("span", "match-verdict").one("b").text
        for row in page.all("article", "is-seen")
    }
    assert seen == {
        "Birch": "Compatible",
        "Cedar": "Not compatible",
        "Dogwood": "Not yet known",
    }
    assert len(page.all("article", "organisation")) == 4  # Oneself stands there without a verdict.
    assert read(Client().get(ALL).content).all("article", "is-seen") == []


def test_verdicts_are_those_of_the_match_list(db: None) -> None:
    edition = the_demo.load()
    alder = Organisation.objects.get(slug="alder")
    found = matching.matches(alder, edition)
    steward = people.member(alder)
    for verdict, count in found.counts.items():
        page = read(steward.get(ALL, {"verdict": verdict.value}).content)
        assert page.one("main").text.count("with what you asked for") == 1
        assert f"{count} organisation" in page.one("main").text


def test_facets_narrow_down_and_can_be_taken_away(steward: Client, cast: Cast) -> None:
    assert names(steward, ALL, verdict="compatible") == ["Birch"]
    assert names(steward, ALL, country="ES") == ["Birch"]
    assert names(steward, ALL, sector="hosting") == ["Alder"]
    assert names(steward, ALL, headline="no") == ["Cedar"]
    assert names(steward, ALL, headline="no", country="ES") == []
    assert names(steward, ALL, q="cadiz", verdict="compatible") == ["Birch"]
    page = read(steward.get(ALL, {"country": "ES", "verdict": "compatible"}).content)
    chips = {one.text.split(":")[0]: one.attributes["href"] for one in page.all("a", "chip")}
    assert chips["Country"] == "?verdict=compatible"
    assert chips["Verdict"] == "?country=ES"
    options = {one.text for one in page.all("option")}
    assert {"Spain (1)", "Compatible (1)", "Not compatible (0)"} <= options


def test_who_is_not_listed_or_not_known_gets_no_verdicts(cast: Cast) -> None:
    new = Organisation.objects.create(slug="new", name="New")
    for client in (people.member(new), people.logged_in("outsider@coop.example"), Client()):
        page = read(client.get(ALL, {"verdict": "compatible"}).content)
        assert len(page.all("article", "organisation")) == 4
        assert page.all("article", "is-seen") == []
        assert "filter-verdict" not in {one.attributes.get("id") for one in page.walk()}


def test_pages_of_a_member_cost_no_more_for_1000(db: None) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    steward = people.member(Organisation.objects.get(slug="alder"))
    pages = (ALL, f"{ALL}?verdict=unknown", MATCHES, DOORS, PAIR, ASK, WRITE, MESSAGES)
    few = [people.queries(steward, page) for page in pages]
    the_demo.publish(the_demo.many(1000), edition)
    many = [people.queries(steward, page) for page in pages]
    # Where there are more than a few behind a door, nobody has to be named.
    assert all(now <= then for now, then in zip(many, few, strict=True))
    assert max(few) <= 12


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    asked=st.dictionaries(
        st.sampled_from(["q", "verdict", "headline", "country", "sector", "page", "x"]),
        st.sampled_from([one for one in people.FUZZ if one != "\ud800"]) | st.text(max_size=30),
    )
)
def test_whatever_is_asked_for_nothing_breaks(cast: Cast, asked: dict[str, str]) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    for client, address in ((people.member(cast.alder), ALL), (Client(), MATCHES)):
        assert client.get(address, clean).status_code == 200


# The match list


def test_a_match_list_is_narrowed_down_and_keeps_its_ranks(cast: Cast) -> None:
    anybody = Client()
    assert names(anybody, MATCHES) == ["Birch", "Dogwood"]
    assert names(anybody, MATCHES, verdict="unknown") == ["Dogwood"]
    assert names(anybody, MATCHES, country="ES") == ["Birch"]
    assert names(anybody, MATCHES, q="nobody") == []
    page = read(anybody.get(MATCHES, {"verdict": "unknown"}).content)
    assert page.one("p", "organisation-rank").text == "Rank 2"
    assert "1 of 2 in the list" in page.one("main").text


# The pair


def test_a_member_of_one_side_sees_what_to_ask_the_other(cast: Cast) -> None:
    for side, other in ((cast.alder, "Dogwood"), (cast.dogwood, "Alder")):
        page = read(people.member(side).get(PAIR).content)
        assert (f"What to ask {other}" in page.one("main").text) is (other == "Dogwood")
        assert f"Write to {other}" in page.one("aside").text
    for client in (Client(), people.member(cast.cedar), people.member(cast.alder, "viewer")):
        page = read(client.get(PAIR).content)
        assert "Write to" not in page.one("main").text
    known = read(people.member(cast.alder).get("/organisations/alder/with/birch/").content)
    assert "What to ask" not in known.one("main").text
