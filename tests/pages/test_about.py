"""What a sceptical reader asks: which questions decide, who checks, who runs the site."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from assessments.models import Edition
from tests.pages.reading import read
from tests.pages.routes import address

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("demo")
def test_every_question_that_decides_the_headline_is_named_with_what_it_asks(
    client: Client,
) -> None:
    edition = Edition.objects.get(state="published").as_terms()
    deciding = [one.slug for one in edition.criteria if one.headline]
    page = read(client.get(address("about")).content)
    links = [one for one in page.all("a") if "#criterion-" in one.attributes["href"]]
    assert [one.attributes["href"] for one in links] == [
        f"/criteria/#criterion-{slug}" for slug in deciding
    ]
    assert f"{len(deciding)} questions decide it." in page.one("main").text


def test_who_runs_the_site_and_where_its_source_is(client: Client, settings: Settings) -> None:
    assert "has not said so" in client.get(address("about")).content.decode()
    settings.OPERATOR = "The Federation of Orchards, office@orchards.example."
    settings.SOURCE_URL = "https://orchards.example/source"
    page = client.get(address("about")).content.decode()
    assert "has not said so" not in page
    assert settings.OPERATOR in page
    assert f'href="{settings.SOURCE_URL}"' in page
