"""Every page climbs the same ladder: it works, for anybody, or says what is not there."""

from __future__ import annotations

import dataclasses
import itertools
import re
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls.resolvers import RoutePattern

from assessments.models import Edition
from assessments.scoring import terms
from orgs.models import Organisation, User
from tests.pages import demo as the_demo
from tests.pages.reading import Element, read
from tests.pages.routes import PAGES, READ_BY_ALL, ROUTES, STATED, Kind, address, resolved

pytestmark = pytest.mark.django_db

# The table is whole


def test_every_route_of_the_resolver_has_a_row() -> None:
    found = {pattern.name or f"without a name: {pattern}" for pattern in resolved()}
    assert found == set(ROUTES)


def test_every_row_has_an_example_for_each_part_of_its_address() -> None:
    for pattern in resolved():
        if isinstance(pattern.pattern, RoutePattern):
            parts = set(ROUTES[str(pattern.name)].parts)
            assert set(pattern.pattern.converters) == parts, pattern.name


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("name", "method"), STATED)
def test_every_method_of_every_route_answers_as_the_table_says(
    client: Client, name: str, method: str
) -> None:
    response = client.generic(method, address(name))
    assert response.status_code == ROUTES[name].status_of(method)
    if response.status_code == 405:
        assert set(response["Allow"].split(", ")) == set(ROUTES[name].methods or ())
    if method == "HEAD":
        assert response.content == b""


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", READ_BY_ALL)
def test_a_person_who_is_logged_in_sees_what_everybody_sees(client: Client, name: str) -> None:
    anonymous = client.get(address(name))
    client.force_login(User.objects.create_user("outsider@coop.example"))
    member = client.get(address(name))
    assert member.status_code == anonymous.status_code == ROUTES[name].status
    if ROUTES[name].kind is Kind.PAGE:
        # Who has no account is asked in, who has one is led to the desk: nothing else differs.
        invited = _without_time(anonymous.content).replace(
            "Sign up your organisation How it works", "Go to your desk", 1
        )
        assert _without_time(member.content) == invited
    else:
        assert member.content == anonymous.content


def _without_time(page: bytes) -> str:
    """What the main part says, without the moment at which it was computed."""
    return re.sub(r"As of .*?\.", "", read(page).one("main").text)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_remembered_of_an_anonymous_visit(client: Client, name: str) -> None:
    assert not client.get(address(name)).cookies


# It works


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_whole(client: Client, name: str) -> None:
    response = client.get(address(name))
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = read(response.content)
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("title").text.count("CoopCheck") == 1
    assert page.one("h1").text
    assert page.one("main")
    levels = [int(one.tag[1]) for one in page.walk() if one.tag in {"h1", "h2", "h3", "h4"}]
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    _ids_are_unique_and_reached(page)
    for field in page.all("input"):
        labels = [
            one for one in page.all("label") if one.attributes["for"] == field.attributes["id"]
        ]
        assert len(labels) == 1
    for drawing in page.all("svg"):
        if "role" in drawing.attributes:
            assert drawing.attributes["aria-label"]


def _ids_are_unique_and_reached(page: Element) -> None:
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in page.walk():
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert set(one.attributes.get(key, "").split()) <= set(ids)
        if one.attributes.get("href", "").startswith("#"):
            assert one.attributes["href"].removeprefix("#") in ids


@pytest.mark.usefixtures("demo")
def test_every_link_inside_the_site_leads_somewhere(client: Client) -> None:
    pages: dict[str, Element] = {}
    waiting, known = ["/"], {"/"}
    targets: set[tuple[str, str]] = set()
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        assert response.status_code == 200, url
        if not response["Content-Type"].startswith("text/html"):
            continue
        pages[url] = page = read(response.content)
        _ids_are_unique_and_reached(page)
        for link in page.all("a"):
            where, _, fragment = link.attributes["href"].partition("#")
            if where.startswith("http"):
                continue
            # A query alone, such as ?page=2, belongs to the page that it stands on.
            there = where if where.startswith("/") else url.partition("?")[0] + where
            if fragment and where:
                targets.add((there, fragment))
            if there not in known and _is_one_of_few(there):
                waiting.append(there)
                known.add(there)
    for where, fragment in targets:
        ids = {one.attributes.get("id") for one in pages[where].walk()}
        assert fragment in ids, f"{where}#{fragment} leads nowhere"
    assert len(pages) > 20


def _is_one_of_few(path: str) -> bool:
    """Whether only the cast is named in an address: all pages of all others are alike."""
    named = path.partition("/organisations/")[2].partition("?")[0].split("/")
    return {one for one in named if one not in {"", "matches", "with", "assessments", "1"}} <= {
        "alder",
        "birch",
        "cedar",
        "dogwood",
    }


@pytest.mark.usefixtures("demo")
def test_home_counts_and_shows_samples(client: Client) -> None:
    page = read(client.get("/").content)
    counts = {one.one("dt").text: one.one("dd").text for one in page.one("dl", "counts").all("div")}
    assert counts == {
        "organisations": "37",
        "criteria in 7 dimensions": "61",
        "current edition of the criteria": "Commons first",
    }
    assert len(page.all("article", "organisation")) == 4


@pytest.mark.usefixtures("demo")
def test_organisations_stand_in_the_order_of_their_names_whatever_their_accents(
    client: Client,
) -> None:
    names = [
        heading.text
        for number in ("1", "2")
        for heading in read(client.get("/organisations/", {"page": number}).content).all("h2")
    ]
    assert len(names) == 37
    assert names.index("Encina Energía") < names.index("Érable Machines")
    assert names.index("Érable Machines") < names.index("Federazione Sorbo")
    answer = client.get(address("api-organisations")).json()
    assert [one["name"] for one in answer["results"]] == names


@pytest.mark.usefixtures("demo")
def test_criteria_are_shown_in_a_language_of_the_edition(client: Client) -> None:
    english = client.get("/criteria/")
    spanish = client.get("/criteria/", {"lang": "es"})
    (question,) = (one.question for one in the_demo.default().criteria if one.slug == "decisions")
    assert question in english.content.decode()
    assert question not in spanish.content.decode()
    page = read(spanish.content)
    headings = page.one("main").all("h3")
    assert {one.attributes["lang"] for one in headings} == {"es"}
    (current,) = [one for one in page.all("a") if one.attributes.get("aria-current") == "true"]
    assert (current.text, current.attributes["hreflang"]) == ("Español", "es")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("tag", ["xx", "", "ES", "es-AR", "../es", "\x00", "en"])
def test_criteria_in_a_language_that_is_not_there_are_the_editions_own(
    client: Client, tag: str
) -> None:
    response = client.get("/criteria/", {"lang": tag})
    assert response.content == client.get("/criteria/").content


# It is not there


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("slug", ["nobody", "ALDER", "alder_", "-", "0", "a" * 5000])
@pytest.mark.parametrize("name", [name for name in READ_BY_ALL if "slug" in ROUTES[name].parts])
def test_an_unknown_slug_is_not_there(client: Client, name: str, slug: str) -> None:
    for part in {"slug", "other"} & set(ROUTES[name].parts):
        response = client.get(address(name, **{part: slug}))
        assert response.status_code == 404
        if ROUTES[name].kind is Kind.API:
            assert set(response.json()) == {"detail"}
        else:
            assert "There is no such page" in read(response.content).text


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["pair", "api-pair"])
def test_an_organisation_makes_no_pair_with_itself(client: Client, name: str) -> None:
    assert client.get(address(name, other="alder")).status_code == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/organisations/a%00b/",
        "/organisations/%ff/",
        "/organisations/é/",
        "/organisations/../../etc/passwd",
        "/organisations/alder/with/",
        "/%s",
        "/static/../manage.py",
        "/static/nothing.css",
    ],
)
def test_an_address_that_nobody_made_is_not_there(client: Client, path: str) -> None:
    assert client.get(quote(path, safe="/%")).status_code == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["criteria", "organisation", "pair", "api-organisation"])
def test_an_address_without_its_last_slash_leads_to_the_one_with_it(
    client: Client, name: str
) -> None:
    response = client.get(address(name).rstrip("/"))
    assert response.status_code == 301
    assert response["Location"] == address(name)


# What is shown of an answer


@pytest.mark.usefixtures("demo")
def test_who_asks_for_less_in_all_but_nothing_else_is_said_to_do_so(client: Client) -> None:
    asks = read(client.get(address("organisation", slug="dogwood")).content).text
    assert "50 of 100 of what it asks (the standard policy: 60)." in asks
    assert "The bar differs from the standard policy." in asks


@pytest.mark.usefixtures("demo")
def test_no_sentence_ends_twice(client: Client) -> None:
    for slug in Organisation.objects.values_list("slug", flat=True):
        for name in ("organisation", "matches"):
            text = read(client.get(address(name, slug=slug)).content).text
            for ending in (".”.", "..", " .", ". –", "“”", " ,", "None"):
                assert ending not in text, (slug, name, ending)


def _best_answers() -> dict[str, terms.Answer]:
    """The answer of greatest credit to every question that is judged on it, all of them shown."""
    best: dict[str, terms.Answer] = {}
    for one in the_demo.default().criteria:
        if one.role != terms.Role.STANDARD:
            continue
        level = max(one.levels, key=lambda level: level.credit or 0)
        if one.kind == terms.Kind.LICENCES:
            said = terms.Answer(licences=("AGPL-3.0-or-later",))
        elif one.kind == terms.Kind.SHARE:
            said = terms.Answer(value=level.bound)
        else:
            said = terms.Answer(level=level.slug)
        best[one.slug] = dataclasses.replace(said, evidence=("https://alder.example/rules",))
    return best


def test_the_account_is_there_even_where_nothing_is_left_to_gain(
    client: Client, demo: Edition
) -> None:
    entry = the_demo.entries()[0]
    the_demo.publish([dataclasses.replace(entry, answers=_best_answers())], demo)
    page = read(client.get(address("organisation")).content)
    assert "Where a change would add most" not in page.text
    assert "How the total comes about" in page.text
    rows = page.all("table", "table")[-1].one("tbody").all("tr")
    points = [int(row.all("td")[1].text.removeprefix("Points")) for row in rows]
    possible = [int(row.all("td")[2].text.removeprefix("Possible")) for row in rows]
    in_all = page.all("table", "table")[-1].one("tfoot")
    assert in_all.all("td")[1].text == f"Points{sum(points)}"
    assert in_all.all("td")[2].text == f"Possible{sum(possible)}"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("2-9", "2–9 people"),
        ("250+", "250+ people"),
        ("1", "1 person"),
        ("a few", "a few"),
        ("2-9 workers", "2-9 workers"),
    ],
)
def test_a_size_in_figures_counts_people(client: Client, size: str, said: str) -> None:
    Organisation.objects.filter(slug="alder").update(size_class=size)
    facts = read(client.get(address("organisation")).content).all("ul", "line")[0]
    assert said in [one.text for one in facts.all("li")]


# The address of a table


@pytest.mark.usefixtures("demo")
def test_pages_need_nothing_computed_before(client: Client) -> None:
    def shown() -> dict[str, str]:
        return {name: _without_time(client.get(address(name)).content) for name in PAGES}

    before = shown()
    call_command("recompute_compatibility", verbosity=0)
    assert shown() == before
