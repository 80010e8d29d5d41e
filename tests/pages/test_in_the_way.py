"""What of one's own is in the way of most stands above a list of nobody, and of those refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from assessments.compatibility import overview, pairs
from assessments.compatibility.encoding import encode
from assessments.models import Edition
from assessments.world import read_world
from orgs.models import Organisation
from tests.cast import BIRCH, Cast, publish_assessments
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read
from tests.pages.routes import address

pytestmark = pytest.mark.django_db

RULES = "“Are the rules of your main commons written and public?”"
LIST, REFUSED = address("matches"), address("mismatches")


def answering(slug: str, **answers: Any) -> dict[str, Any]:
    return {**BIRCH, "slug": slug, "name": slug.title(), "answers": {**BIRCH["answers"], **answers}}


@pytest.fixture
def alone(small_edition: Edition) -> Organisation:
    """Alder, whose rules are not public, among three who ask for that; nobody fits it."""
    publish_assessments(
        {**answering("alder", rules={"level": "no"}), "requirements": {"threshold": 0}},
        *(answering(slug) for slug in ("birch", "elm", "fir")),
        {
            **answering("larch", rules={"level": "no"}),
            "requirements": {"threshold": 100, "criteria": {"rules": {"must_reach": None}}},
        },
    )
    return Organisation.objects.get(slug="alder")


def said(client: Client, page: str) -> list[str]:
    main = read(client.get(page).content).one("main")
    return [
        one.text
        for one in main.all("li", "is-no")
        if "in the way" in one.text or "shuts out" in one.text
    ]


def test_whom_nobody_fits_reads_at_once_what_is_in_the_way(alone: Organisation) -> None:
    client = people.member(alone, "viewer")
    page = read(client.get(LIST).content)
    assert "Nobody fits Alder." in page.text
    assert "Which of your answers are in the way of most" in page.text
    assert said(client, LIST) == [
        f"Your answer to {RULES} is in the way of 3 others. "
        "It counts as “No”, and they have a deal-breaker there.",
        f"Your deal-breaker on {RULES} shuts out 1 other.",
    ]
    links = {one.text: one.attributes["href"] for one in page.one("main").all("a")}
    assert links["what would open doors"] == address("doors")
    assert links[RULES].startswith("/organisations/alder/requirements/#asked-rules")
    assert people.queries(client, LIST) <= 12
    assert not said(Client(), LIST)


def test_where_somebody_fits_the_list_comes_first(cast: Cast) -> None:
    page = read(people.member(cast.alder).get(LIST).content)
    assert "in the way of most" not in page.text
    assert "What would open doors" in page.text


def test_what_would_stand_under_most_names_is_said_once_above_them(alone: Organisation) -> None:
    sentence = (
        f"answer to {RULES} is in the way of 3 of the 4. "
        "It counts as “No”, and they have a deal-breaker there."
    )
    client = people.member(alone)
    assert said(client, REFUSED) == [f"Your {sentence}"]
    assert said(Client(), REFUSED) == [f"Alder’s {sentence}"]
    assert people.queries(client, REFUSED) <= 12


def test_what_is_in_the_way_of_few_is_not_said_of_most(cast: Cast) -> None:
    assert not said(people.member(cast.alder), REFUSED)


def test_in_one_go_it_finds_what_one_by_one_finds() -> None:
    edition = the_demo.load()
    world = read_world(edition)
    for place in range(len(world)):
        found = overview.refused_by(world.frame, world.rows, place)
        one = encode(world.frame, world.rows.take([place]))
        failed = pairs.judge(world.encoded, one).failed[:, 0]
        failed[place] = 0
        assert np.array_equal(found.sum(axis=1), failed)
