"""An organisation is told which of its own requirements lapsed with new criteria, and what else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments import drafting, publishing
from assessments.models import Edition
from assessments.scoring.terms import Asked, Requirements
from tests import drafters
from tests.cast import SMALL_TOML, edition_toml, publish_edition
from tests.drafters import LATER, NOON, YES, Hazel
from tests.orgs.conftest import as_
from tests.pages import reading
from tests.pages.reading import Element

pytestmark = pytest.mark.django_db

RULES = ("[criteria.rules]", "[criteria.rules]\nmeaning = 2")
GONE = (SMALL_TOML[SMALL_TOML.index("[criteria.exchange]") : SMALL_TOML.index("[translations")], "")
OWN = Requirements(
    criteria={
        "rules": Asked(importance=7, must_reach="no", says_must_reach=True),
        "outflow": Asked(importance=9),
    }
)


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    """Hazel has published an answer, and asks something of its own on two questions."""
    hazel = drafters.found()
    hazel.save(YES)
    drafting.save_requirements(hazel.organisation, OWN)
    publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
    return hazel


def page(client: Client, name: str) -> Element:
    parts = ["hazel"] if name != "desk" else []
    return reading.read(client.get(reverse(name, args=parts)).content)


def lapsed(hazel: Hazel, name: str) -> list[str]:
    return [
        row.text
        for section in page(as_(hazel.ana), name).all("section")
        if section.attributes.get("aria-labelledby") == "lapsed"
        for row in section.all("li")
    ]


@pytest.mark.parametrize("name", ["tasks", "requirements"])
def test_says_which_lapsed_until_it_publishes_again(hazel: Hazel, name: str) -> None:
    assert lapsed(hazel, name) == []
    publish_edition(edition_toml("second", RULES), at=LATER)
    told = (
        "Are the rules of your main commons written and public? "
        "importance 7, deal-breaker: “They are not” or better; it asks something else now"
    )
    assert lapsed(hazel, name) == [told]
    again = Requirements(criteria={"rules": Asked(importance=8), "outflow": Asked(importance=9)})
    drafting.save_requirements(hazel.organisation, again)
    assert lapsed(hazel, name) == [f"{told}; set again, not published yet"]
    hazel.save(YES)
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
    assert lapsed(hazel, name) == []


def test_leads_to_where_it_is_set_again_and_nowhere_if_it_is_gone(hazel: Hazel) -> None:
    publish_edition(edition_toml("second", RULES), at=LATER)
    hrefs = {one.attributes["href"] for one in page(as_(hazel.ana), "tasks").all("a")}
    assert "/organisations/hazel/requirements/#asked-rules" in hrefs
    start, end = (SMALL_TOML.index(f"[criteria.{one}]") for one in ("outflow", "licences"))
    es = '[translations.es.criteria.outflow]\nbands = {"from-10" = "Un diezmo"}\n'
    dropped = edition_toml("third", RULES, (SMALL_TOML[start:end], ""), (es, ""))
    publish_edition(dropped, at=LATER.replace(hour=13))
    assert "importance 9; not asked any more" in lapsed(hazel, "tasks")[1]
    hrefs = {one.attributes["href"] for one in page(as_(hazel.ana), "tasks").all("a")}
    assert "/organisations/hazel/requirements/#asked-outflow" not in hrefs


def test_the_answers_page_says_what_else_changed(hazel: Hazel) -> None:
    changes = (
        ("importance = 3\nmust_reach", "importance = 4\nmust_reach"),
        ('question = "How long', 'must_reach = "soon"\nquestion = "How long'),
        ("threshold = 60", "threshold = 65"),
    )
    publish_edition(edition_toml("second", *changes), at=LATER)
    said = page(as_(hazel.ana), "tasks").one("p", "notice").text
    assert said == (
        "The criteria have changed since you published. In the standard policy one deal-breaker is "
        "new or stricter, and one question weighs more or less than before. The standard bar is "
        "65; it was 60."
    )


def test_it_says_how_many_of_its_answers_are_dropped(hazel: Hazel) -> None:
    start, end = (SMALL_TOML.index(f"[criteria.{one}]") for one in ("rules", "losses"))
    es = SMALL_TOML[SMALL_TOML.index("[translations.es.criteria.rules]") :].partition("\n\n")[0]
    publish_edition(edition_toml("second", (SMALL_TOML[start:end], ""), (es, "")), at=LATER)
    said = page(as_(hazel.ana), "tasks").one("p", "notice").text
    assert "Of what you answered, one question is not asked any more." in said


def test_the_desk_says_so_in_a_line(hazel: Hazel) -> None:
    assert "criteria have changed" not in page(as_(hazel.ana), "desk").text
    publish_edition(edition_toml("second", RULES, GONE), at=LATER)
    shown = page(as_(hazel.ana), "desk")
    assert "The criteria have changed since: what is asked anew, and what you ask." in shown.text
    assert "/organisations/hazel/answers/" in {one.attributes["href"] for one in shown.all("a")}
    hazel.save(YES)
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
    assert "criteria have changed" not in page(as_(hazel.ana), "desk").text
