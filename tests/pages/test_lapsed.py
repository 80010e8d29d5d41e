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


def changed(hazel: Hazel) -> Element:
    """What the answers page says has changed, lapsed requirements apart."""
    (found,) = (
        one
        for one in page(as_(hazel.ana), "tasks").all("section", "notice")
        if one.attributes.get("id") == "changed-criteria"
    )
    return found


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
    notice = changed(hazel)
    assert notice.text == (
        "The criteria have changed since you published. "
        "New or stricter deal-breakers of the standard policy: 1 "
        "How long do you wait before you publish? "
        "no deal-breaker → “Within three months” or better "
        "Weighing more or less in the standard policy: 1 "
        "Are the rules of your main commons written and public? 3 → 4 "
        "The standard bar is 65; it was 60."
    )
    assert [one.attributes["href"] for one in notice.all("a")] == [
        "/organisations/hazel/requirements/#asked-release-delay",
        "/organisations/hazel/requirements/#asked-rules",
    ]


def test_it_says_which_of_its_answers_are_dropped(hazel: Hazel) -> None:
    start, end = (SMALL_TOML.index(f"[criteria.{one}]") for one in ("rules", "losses"))
    es = SMALL_TOML[SMALL_TOML.index("[translations.es.criteria.rules]") :].partition("\n\n")[0]
    publish_edition(edition_toml("second", (SMALL_TOML[start:end], ""), (es, "")), at=LATER)
    notice = changed(hazel)
    assert "Not asked any more: 1" in notice.text
    (link,) = notice.all("a")
    assert link.text == "Are the rules of your main commons written and public?"
    assert link.attributes["href"] == "/criteria/editions/small/#criterion-rules"


@pytest.mark.parametrize(("count", "is_folded"), [(6, False), (7, True)])
def test_the_names_of_many_are_folded(hazel: Hazel, count: int, is_folded: bool) -> None:
    new = "".join(
        f'[criteria.new-{one}]\ndimension = "commons"\nquestion = "New {one}?"\n'
        'kind = "practice"\n\n'
        for one in range(count)
    )
    toml = edition_toml("second", ("[criteria.losses]", f"{new}[criteria.losses]"))
    publish_edition(toml, at=LATER)
    notice = changed(hazel)
    assert bool(notice.all("details")) is is_folded
    assert [one.text for one in notice.all("li")] == [f"New {one}?" for one in range(count)]


def test_the_desk_says_so_in_a_line(hazel: Hazel) -> None:
    assert not page(as_(hazel.ana), "desk").all("p", "notice")
    publish_edition(edition_toml("second", RULES, GONE), at=LATER)
    shown = page(as_(hazel.ana), "desk")
    assert shown.one("p", "notice").text == (
        "1 question to answer since the criteria changed. The criteria are others than when you "
        "published: see what has changed, and look at what you ask of others."
    )
    hrefs = {one.attributes["href"] for one in shown.one("p", "notice").all("a")}
    assert hrefs == {
        "/organisations/hazel/answers/?show=since#found",
        "/organisations/hazel/answers/#changed-criteria",
        "/organisations/hazel/requirements/",
    }
    hazel.save(YES)
    publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
    assert not page(as_(hazel.ana), "desk").all("p", "notice")
