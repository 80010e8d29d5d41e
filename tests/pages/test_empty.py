"""Before anything is there, and with nearly nothing: each page says so or is not there."""

from __future__ import annotations

import dataclasses

import pytest
from django.test import Client
from pytest_django import Settings

from assessments.catalogue.organisations_file import OrganisationEntry
from assessments.scoring import terms
from tests.pages import demo as the_demo
from tests.pages.reading import read
from tests.pages.routes import APIS, PAGES, READ_BY_ALL, ROUTES, address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_before_the_first_edition_each_page_says_so_or_is_not_there(
    client: Client, name: str
) -> None:
    route = ROUTES[name]
    response = client.get(address(name))
    assert response.status_code == (404 if route.needs else route.status)


def test_empty_pages_say_what_will_stand_there(client: Client) -> None:
    assert "No criteria yet." in read(client.get("/criteria/").content).text
    assert "No criteria are published yet" in read(client.get("/about/").content).text
    assert "Nobody here yet." in read(client.get("/organisations/").content).text
    home = read(client.get("/").content)
    assert home.all("dl", "counts")[0].all("dd")[0].text == "0"
    assert not home.all("article", "organisation")


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_with_an_edition_and_nobody_in_it_each_page_says_so_or_is_not_there(
    client: Client, name: str
) -> None:
    the_demo.publish_default()
    route = ROUTES[name]
    response = client.get(address(name))
    assert response.status_code == (404 if route.needs == "organisations" else route.status)


@pytest.mark.parametrize("name", [*PAGES, *APIS])
def test_two_that_have_said_nothing_have_pages_all_the_same(client: Client, name: str) -> None:
    edition = the_demo.publish_default()
    silent = terms.Requirements(None, {})
    the_demo.publish(
        [OrganisationEntry(slug, slug, {}, {}, silent) for slug in ("alder", "birch")], edition
    )
    assert client.get(address(name)).status_code == 200


def test_who_fits_nobody_is_told_so(client: Client) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(1), edition)
    assert "Nobody yet." in read(client.get(address("matches")).content).text


def test_criteria_say_whether_partners_have_to_be_the_same_or_near(client: Client) -> None:
    edition = the_demo.default()
    exact = dataclasses.replace(
        edition,
        slug="exact",
        criteria=tuple(
            dataclasses.replace(one, agreement=terms.Agreement.EXACT, must_reach="same")
            if one.role is terms.Role.SIMILARITY
            else one
            for one in edition.criteria
        ),
    )
    the_demo.publish_default()
    assert "the nearer, the better" in read(client.get("/criteria/").content).text
    the_demo.publish_edition(exact)
    text = read(client.get("/criteria/").content).text
    assert "the same, or not" in text
    assert "Required, by the standard policy: both the same." in text
    assert "the nearer, the better" not in text


def test_the_styleguide_shows_every_component_in_debug(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    page = read(client.get("/styleguide/").content)
    assert page.one("h1").text == "Styleguide"
