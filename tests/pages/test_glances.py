"""What a list says beside a verdict: what decides it, which bar is asked, what it waits for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments import comparison, glances
from assessments.compatibility.explanation import DealBreaker
from assessments.compatibility.pairs import Verdict
from assessments.world import read_world
from orgs.models import Organisation
from tests.cast import ALDER, BIRCH, CEDAR, Cast, publish_assessments
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

ALL = "/organisations/"
MATCHES = "/organisations/alder/matches/"


def ends(client: Client, address: str) -> dict[str, str]:
    """What stands at the end of each row, by its name."""
    page = read(client.get(address).content)
    return {
        row.one("h2").text: row.one("div", "organisation-end").text
        for row in page.all("article", "organisation")
        if row.all("div", "organisation-end")
    }


def test_it_says_of_every_pair_what_its_own_page_says() -> None:
    edition = the_demo.load()
    world = read_world(edition)
    everybody = list(Organisation.objects.filter(sheet__isnull=False).order_by("slug"))
    for own in everybody[:12]:
        found = glances.glances(world, own.pk, [one.pk for one in everybody])
        assert own.pk not in found
        for pk, pair in comparison.compare_with_each(own, everybody, edition).items():
            if pk == own.pk:
                continue
            glance, reasons = found[pk], pair.reasons
            both = (reasons.forward, reasons.backward)
            failed = any(one.breakers(DealBreaker.FAILED) for one in both)
            assert glance.by_deal_breaker == failed
            less = min(both, key=lambda one: one.low)
            assert glance.bar == less.threshold
            if reasons.verdict is Verdict.UNKNOWN:
                assert glance.other_open == comparison.open_to(pair)
                assert glance.own_open == comparison.open_to(pair.turned())
                assert glance.waits_for_own or glance.waits_for_other
            else:
                assert not glance.own_open + glance.other_open
                assert not glance.waits_for_own
                assert not glance.waits_for_other
    assert glances.glances(world, 10**9, [everybody[0].pk]) == {}


def test_who_is_not_compatible_has_a_short_reason_beside_it(cast: Cast) -> None:
    publish_assessments({**BIRCH, "requirements": {"threshold": 100}})
    steward = people.member(cast.alder)
    found = ends(steward, ALL)
    assert "Not compatible: you and Cedar a deal-breaker" in found["Cedar"]
    assert "Not compatible: you and Birch below the bar" in found["Birch"]
    assert "a deal-breaker" not in found["Dogwood"]
    assert "a deal-breaker" not in read(Client().get(ALL).content).one("ul", "organisations").text


def test_where_something_is_open_and_it_fits_all_the_same_the_bar_is_said(cast: Cast) -> None:
    nothing: dict[str, Any] = {"threshold": 0, "criteria": {"rules": {"must_reach": None}}}
    publish_assessments(
        {**ALDER, "requirements": nothing},
        {**CEDAR, "answers": {}, "requirements": nothing},
    )
    steward = people.member(cast.alder)
    for address in (ALL, MATCHES):
        found = ends(steward, address)
        assert "the bar asked is 0" in found["Cedar"]
        assert "the bar asked" not in found["Birch"]


def test_what_a_pair_waits_for_is_counted_and_leads_there(cast: Cast) -> None:
    dogwood = people.member(cast.dogwood)
    here = MATCHES.replace("alder", "dogwood")
    assert "5 answers of Dogwood open" in ends(Client(), MATCHES)["Dogwood"]
    assert "5 answers of Dogwood open" in ends(Client(), here)["Alder"]
    assert "5 answers of yours open: answer what Alder asks" in ends(dogwood, here)["Alder"]
    page = read(dogwood.get(here).content)
    (way,) = [one for one in page.all("a") if one.text == "answer what Alder asks"]
    assert way.attributes["href"] == "/organisations/dogwood/answers/rules/?for=alder"
    assert dogwood.get(way.attributes["href"]).status_code == 200
    viewer = people.member(cast.dogwood, "viewer")
    assert ends(viewer, here)["Alder"].count("answer what Alder asks") == 0
    publish_assessments({**ALDER, "answers": {**ALDER["answers"], "rules": {"unknown": True}}})
    assert "of yours open: answer" in ends(dogwood, here)["Alder"]
    assert "1 answer of Alder and 5 answers of yours open" in ends(dogwood, here)["Alder"]


def test_a_page_of_a_member_keeps_to_its_queries(db: None) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(300), edition)
    steward = people.member(Organisation.objects.get(slug="alder"))
    for address in (ALL, MATCHES, f"{MATCHES}not-compatible/"):
        assert people.queries(steward, address) <= 12
