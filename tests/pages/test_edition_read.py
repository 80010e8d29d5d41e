"""Any edition as everybody reads it; a draft is only there for curators."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from assessments import curation
from assessments.catalogue import edition_file
from assessments.models import Edition
from orgs.models import User
from tests.cast import SMALL_TOML, Cast, edition_toml, publish_edition
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 3, 1, 16, 45, tzinfo=UTC)
SECOND = edition_toml(
    "second",
    ("A small edition", "A second edition"),
    ("How do members decide?", "How do workers decide?"),
)


@pytest.fixture
def curator(db: None) -> Client:
    return people.logged_in("curator@coop.example", is_curator=True)


@pytest.fixture
def second(cast: Cast) -> Edition:
    """The small edition is retired, this one is current."""
    return publish_edition(SECOND, at=LATER)


def test_the_current_edition_reads_alike_at_both_addresses(client: Client, cast: Cast) -> None:
    both = (client.get("/criteria/"), client.get("/criteria/editions/small/"))
    first, second = (read(one.content).one("main").text for one in both)
    assert first == second
    assert "How do members decide?" in first


def test_a_retired_edition_is_there_for_everybody(client: Client, second: Edition) -> None:
    page = read(client.get("/criteria/editions/small/").content)
    assert "How do members decide?" in page.text
    assert "This edition is retired." in page.one("div", "head").text
    assert "/criteria/" in {one.attributes["href"] for one in page.one("div", "head").all("a")}
    assert page.one("title").text == "A small edition – Criteria – CoopCheck"
    # The questionnaire on paper is that of the current edition.
    assert "questionnaire" not in page.one("div", "head").text
    assert "How do workers decide?" in read(client.get("/criteria/").content).text


def test_its_languages_are_its_own(client: Client, second: Edition) -> None:
    page = read(client.get("/criteria/editions/small/").content)
    ways = [one.attributes["href"] for one in page.one("div", "head").all("nav")[-1].all("a")]
    assert ways == ["/criteria/editions/small/?lang=en", "/criteria/editions/small/?lang=es"]
    spanish = read(client.get(ways[1]).content)
    assert "¿Están escritas y publicadas las reglas?" in spanish.text


def earlier(page: Element) -> Element:
    """The list of editions on a page."""
    (found,) = (
        one for one in page.all("section") if one.attributes.get("aria-labelledby") == "earlier"
    )
    return found


def test_earlier_editions_are_listed_with_what_each_changed(client: Client, cast: Cast) -> None:
    assert "Earlier editions" not in read(client.get("/criteria/").content).text
    publish_edition(SECOND, at=LATER)
    publish_edition(edition_toml("third"), at=LATER.replace(month=4))
    curation.load(edition_file.read(edition_toml("fourth")))
    for address in ("/criteria/", "/criteria/editions/third/", "/criteria/editions/small/"):
        page = read(client.get(address).content)
        assert earlier(page).one("h2").text == "Earlier editions, and what changed"
        rows = [
            (one.text, [way.attributes["href"] for way in one.all("a")])
            for one in earlier(page).all("li")
        ]
        assert rows == [
            (
                "A small edition third published on 1 April 2026; it counts now. "
                "What it changed: A small edition third",
                ["/criteria/editions/third/", "/criteria/editions/third/changes/"],
            ),
            (
                "A second edition second published on 1 March 2026. "
                "What it changed: A second edition second",
                ["/criteria/editions/second/", "/criteria/editions/second/changes/"],
            ),
            (
                "A small edition small published on 15 January 2026. The first edition.",
                ["/criteria/editions/small/"],
            ),
        ]
        assert all(client.get(way).status_code == 200 for _, ways in rows for way in ways)


def test_it_says_that_the_criteria_changed(client: Client, second: Edition) -> None:
    head = read(client.get("/criteria/").content).one("div", "head")
    assert (
        "The criteria changed on 1 March 2026: this edition took the place of A small edition small"
    ) in head.text
    ways = [one.attributes["href"] for one in head.all("a")]
    assert "/criteria/editions/second/changes/" in ways
    assert "#earlier" in ways
    first = read(client.get("/criteria/editions/small/").content).one("div", "head")
    assert "took the place" not in first.text


def test_everybody_reads_what_an_edition_changed(client: Client, second: Edition) -> None:
    page = read(client.get("/criteria/editions/second/changes/").content)
    text = page.one("main").text
    assert "On 1 March 2026 “A second edition” second took the place of “A small edition”" in text
    assert [one.text for one in page.all("ins")] == ["second", "workers"]
    assert [one.text for one in page.all("del")] == ["small", "members"]
    # What only curators can do is not said to everybody.
    assert "meaning" not in text
    assert "upload" not in text
    first = read(client.get("/criteria/editions/small/changes/").content).one("main")
    assert "is the first edition" in first.text
    assert not first.all("section")


def test_nobody_reads_there_what_a_draft_would_change(curator: Client, cast: Cast) -> None:
    curation.load(edition_file.read(SECOND))
    for client in (curator, Client()):
        for slug in ("second", "nothing"):
            assert client.get(f"/criteria/editions/{slug}/changes/").status_code == 404


def test_curators_read_a_draft_as_everybody_will(curator: Client, cast: Cast) -> None:
    curation.load(edition_file.read(SECOND))
    draft = read(curator.get("/curation/second/").content)
    (way,) = (one for one in draft.all("a") if one.text == "As everybody will read it")
    answer = curator.get(way.attributes["href"])
    page = read(answer.content)
    assert way.attributes["href"] == "/criteria/editions/second/"
    assert "How do workers decide?" in page.text
    head = page.one("div", "head")
    assert "This is a draft, as everybody will read it. Only curators see drafts." in head.text
    assert "/curation/second/" in {one.attributes["href"] for one in head.all("a")}


def test_a_draft_has_marks_of_what_is_new_and_changed(curator: Client, cast: Cast) -> None:
    start, end = SMALL_TOML.index("[criteria.losses]"), SMALL_TOML.index("[criteria.release-delay]")
    made = edition_toml(
        "second",
        (SMALL_TOML[start:end], SMALL_TOML[start:end].replace("losses", "bearing", 1)),
        ("How do members decide?", "How do workers decide?"),
        ("[criteria.release-delay]", "[criteria.release-delay]\nmeaning = 2"),
    )
    curation.load(edition_file.read(made))
    page = read(curator.get("/criteria/editions/second/").content)
    marks = {
        one.attributes["id"].removeprefix("criterion-"): [
            each.text for each in one.one("ul", "tags").all("b")
        ]
        for one in page.all("article", "criterion")
    }
    assert {slug: found for slug, found in marks.items() if found} == {
        "bearing": ["new"],
        "decisions": ["changed"],
        "release-delay": ["asked anew"],
    }
    folds = [one.all("details")[0] for one in page.one("main").all("section")]
    assert [one.all("summary")[0].text for one in folds] == [
        "5 criteria Commons stewardship; 1 asked anew",
        "2 criteria Democracy; 1 new, 1 changed",
    ]
    # They lie open: nobody searches folded lists for what is marked.
    assert all("open" in one.attributes for one in folds)
    assert "1 new, 1 asked anew, 1 changed; 1 is dropped." in page.one("div", "head").text
    publish_edition(made, at=LATER)
    published = read(curator.get("/criteria/").content)
    assert not [one for each in published.all("ul", "tags") for one in each.all("b")]


def test_all_criteria_open_without_a_script(client: Client, cast: Cast) -> None:
    def folded(address: str) -> tuple[list[bool], str, str]:
        main = read(client.get(address).content).one("main")
        sections = [one for one in main.all("section") if one.all("article")]
        found = ["open" in one.all("details")[0].attributes for one in sections]
        (way,) = (one for one in main.all("a") if "all criteria" in one.text)
        return found, way.text, way.attributes["href"]

    assert folded("/criteria/") == ([False, False], "Open all criteria", "?lang=en&open=all")
    assert folded("/criteria/?lang=es&open=all") == (
        [True, True],
        "Fold all criteria",
        "?lang=es",
    )


def test_for_everybody_else_a_draft_is_not_there(cast: Cast) -> None:
    curation.load(edition_file.read(SECOND))
    for client in (Client(), people.member(cast.alder)):
        draft = client.get("/criteria/editions/second/")
        nothing = client.get("/criteria/editions/nothing/")
        assert (draft.status_code, nothing.status_code) == (404, 404)
        assert draft.content == nothing.content
        assert draft.headers == nothing.headers


def test_a_curator_who_is_one_no_more_does_not_see_it_either(curator: Client, cast: Cast) -> None:
    curation.load(edition_file.read(SECOND))
    assert curator.get("/criteria/editions/second/").status_code == 200
    User.objects.filter(email="curator@coop.example").update(is_curator=False)
    assert curator.get("/criteria/editions/second/").status_code == 404


def test_it_costs_no_more_with_many_editions(client: Client, cast: Cast) -> None:
    publish_edition(SECOND, at=LATER)
    addresses = ("/criteria/", "/criteria/editions/small/", "/criteria/editions/second/changes/")
    few = [people.queries(client, one) for one in addresses]
    for number in range(2, 8):
        publish_edition(edition_toml(f"e{number}"), at=LATER.replace(day=number))
    addresses = (*addresses[:2], "/criteria/editions/e7/changes/")
    assert [people.queries(client, one) for one in addresses] == few
    assert max(few) <= 12
