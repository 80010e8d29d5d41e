"""Founding and describing: what is kept, and what is said of what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from orgs import joining, places
from orgs.models import Organisation
from tests.orgs.conftest import Hazel, as_
from tests.pages.reading import Element, read

DESCRIBE = "/organisations/hazel/describe/"
GOOD = {
    "name": "Casa Azul",
    "slug": "",
    "summary": "We repair bicycles.\r\nWith the neighbours.",
    "sectors": "repair, education,, repair ",
    "legal_form": "association",
    "size_class": "2-9",
    "country": "ES",
    "place": "Cádiz",
    "latitude": "36,53",
    "longitude": "-6.29",
    "website": "casa-azul.example",
    "languages": "Spanish, pt-BR, Català",
    "licence": "CC-BY-4.0",
}


def _errors(page: Element) -> dict[str, str]:
    """What the summary says, by the field to which it leads; each is said at its field too."""
    found = {}
    for link in page.one("div", "error-summary").all("a"):
        target = link.attributes["href"].removeprefix("#")
        assert [one for one in page.walk() if one.attributes.get("id") == target]
        found[target.removeprefix("id_")] = link.text
    return found


def _opened(client: Client) -> str:
    """The mark in the form as somebody opens it."""
    page = read(client.get(DESCRIBE).content)
    (seen,) = [one for one in page.all("input") if one.attributes.get("name") == "seen"]
    return seen.attributes["value"]


def _describe(client: Client, sent: Mapping[str, str]) -> Any:
    """Open the form, fill it in, send it."""
    return client.post(DESCRIBE, {"seen": _opened(client), **sent})


def test_an_organisation_is_founded_as_it_was_described(hazel: Hazel) -> None:
    client = as_(hazel.oto)
    assert client.post("/found/", GOOD).headers["Location"] == "/desk/"
    casa = Organisation.objects.get(slug="casa-azul")
    assert (casa.name, casa.summary) == ("Casa Azul", "We repair bicycles.\nWith the neighbours.")
    assert (casa.sectors, casa.languages) == (["repair", "education"], ["es", "pt-BR", "ca"])
    assert (casa.latitude, casa.longitude) == (36.53, -6.29)
    assert (casa.website, casa.licence) == ("https://casa-azul.example", "CC-BY-4.0")
    assert "cadiz" in casa.search_text
    assert "Casa Azul" in client.get("/desk/").content.decode()


def test_what_is_described_anew_is_found_by_its_new_words_and_keeps_its_slug(hazel: Hazel) -> None:
    client = as_(hazel.emre)
    sent = {**GOOD, "name": "Hazel and Sons", "slug": "other"}
    assert _describe(client, sent).status_code == 302
    organisation = Organisation.objects.get(pk=hazel.organisation.pk)
    assert (organisation.slug, organisation.name) == ("hazel", "Hazel and Sons")
    assert "hazel and sons" in organisation.search_text
    page = read(client.get("/organisations/hazel/describe/").content)
    shown = {one.attributes["name"]: one.attributes.get("value") for one in page.all("input")}
    assert shown["languages"] == "Spanish, Brazilian Portuguese, Catalan"
    assert shown["sectors"] == "repair, education"
    assert "slug" not in shown


def test_what_was_loaded_from_elsewhere_stays_when_described_anew(hazel: Hazel) -> None:
    """A size, a licence and a country that the form does not offer to others."""
    Organisation.objects.update(size_class="about 20", licence="CC-BY-3.0", country="XX")
    client = as_(hazel.ana)
    page = read(client.get("/organisations/hazel/describe/").content)
    chosen = [one.attributes["value"] for one in page.all("option") if "selected" in one.attributes]
    chosen += [one.attributes["value"] for one in page.all("input") if "checked" in one.attributes]
    assert chosen == ["about 20", "XX", "CC-BY-3.0"]
    kept = {"name": "Hazel", "size_class": "about 20", "licence": "CC-BY-3.0", "country": "XX"}
    assert _describe(client, kept).status_code == 302


def test_two_never_overwrite_each_other_unseen(hazel: Hazel) -> None:
    ana, emre = as_(hazel.ana), as_(hazel.emre)
    seen_by_ana, seen_by_emre = _opened(ana), _opened(emre)
    first = {**GOOD, "summary": "Written by Ana."}
    second = {**GOOD, "summary": "Written by Emre.", "place": "Jerez"}
    assert ana.post(DESCRIBE, {"seen": seen_by_ana, **first}).status_code == 302

    answer = emre.post(DESCRIBE, {"seen": seen_by_emre, **second})
    assert answer.status_code == 409
    assert Organisation.objects.get(slug="hazel").summary == "Written by Ana."
    page = read(answer.content)
    theirs = page.one("dl", "theirs")
    assert [one.text for one in theirs.all("dt")] == ["In a few sentences", "Place"]
    assert [one.text for one in theirs.all("dd")] == ["Written by Ana.", "Cádiz"]
    assert page.one("textarea").text.strip() == "Written by Emre."  # What was typed is there.

    # Sent again as it is, it is still not saved: only the button that says so saves over it.
    assert emre.post(DESCRIBE, {"seen": seen_by_emre, **second}).status_code == 409
    (button,) = [one for one in page.all("button") if one.attributes.get("name") == "over"]
    over = {"seen": seen_by_emre, "over": button.attributes["value"], **second}
    # Whoever changes it once more is not overwritten by a button that did not know of it.
    assert _describe(ana, {**first, "place": "Huelva"}).status_code == 302
    assert emre.post(DESCRIBE, over).status_code == 409
    page = read(emre.post(DESCRIBE, over).content)
    (button,) = [one for one in page.all("button") if one.attributes.get("name") == "over"]
    assert emre.post(DESCRIBE, {**over, "over": button.attributes["value"]}).status_code == 302
    organisation = Organisation.objects.get(slug="hazel")
    assert (organisation.summary, organisation.place) == ("Written by Emre.", "Jerez")


def test_who_writes_the_same_collides_with_nobody(hazel: Hazel) -> None:
    ana, emre = as_(hazel.ana), as_(hazel.emre)
    seen = _opened(emre)
    assert _describe(ana, GOOD).status_code == 302
    assert emre.post(DESCRIBE, {"seen": seen, **GOOD}).status_code == 302


BAD: Mapping[str, tuple[dict[str, str], dict[str, str]]] = {
    "no name": ({"name": " "}, {"name": "Write the name"}),
    "a long name": ({"name": "x" * 201}, {"name": "at most 200"}),
    "NUL in the name": ({"name": "a\0b"}, {"name": "cannot be shown"}),
    "NUL in the summary": ({"summary": "a\0b"}, {"summary": "cannot be shown"}),
    "a bell": ({"place": "a\x07b"}, {"place": "cannot be shown"}),
    "a long summary": ({"summary": "x" * 2001}, {"summary": "at most 2,000"}),
    "a slug that is taken": ({"slug": "hazel"}, {"slug": "already"}),
    "a slug that is taken, in capitals": ({"slug": "HAZEL"}, {"slug": "already"}),
    "a name whose slug is taken": ({"name": "Hazel"}, {"slug": "already"}),
    "a slug with blanks": ({"slug": "casa azul"}, {"slug": "small letters"}),
    "a slug with an accent": ({"slug": "cádiz"}, {"slug": "small letters"}),
    "a slug of hyphens": ({"slug": "--"}, {"slug": "small letters"}),
    "a slug that goes up": ({"slug": "../x"}, {"slug": "small letters"}),
    "a long slug": ({"slug": "x" * 101}, {"slug": "at most 100"}),
    "NUL in the slug": ({"slug": "a\0b"}, {"slug": "Null"}),
    "a name without Latin letters": ({"name": "青い家"}, {"slug": "Latin letters"}),
    "an unknown country": ({"country": "QQ"}, {"country": "Choose one"}),
    "a country of three letters": ({"country": "ESP"}, {"country": "Choose one"}),
    "an unknown size": ({"size_class": "3"}, {"size_class": "Choose one"}),
    "half a place": ({"longitude": ""}, {"longitude": "Write the longitude too"}),
    "the other half": ({"latitude": ""}, {"latitude": "Write the latitude too"}),
    "beyond the pole": ({"latitude": "90.1"}, {"latitude": "from −90 to 90"}),
    "once around": ({"longitude": "-180.5"}, {"longitude": "from −180 to 180"}),
    "no number": ({"latitude": "north"}, {"latitude": "from −90 to 90"}),
    "not finite": (
        {"latitude": "nan", "longitude": "inf"},
        {"latitude": "−90", "longitude": "−180"},
    ),
    "a script as website": ({"website": "javascript:alert(1)"}, {"website": "as https://"}),
    "files as website": ({"website": "ftp://casa.example"}, {"website": "as https://"}),
    "a password in it": ({"website": "https://a:b@casa.example"}, {"website": "as https://"}),
    "a broken website": ({"website": "http://[::1"}, {"website": "as https://"}),
    "half a website": ({"website": "www.casa-azul"}, {"website": "as in www.casa-azul.coop"}),
    "a long website": ({"website": f"https://casa.example/{'x' * 2000}"}, {"website": "too long"}),
    "an unknown language": ({"languages": "Klingonn"}, {"languages": "Klingonn"}),
    "21 sectors": ({"sectors": ",".join(map(str, range(21)))}, {"sectors": "at most 20"}),
    "a long sector": ({"sectors": "x" * 101}, {"sectors": "too long"}),
    "no licence": ({"licence": ""}, {"licence": "Choose one"}),
    "another licence": ({"licence": "MIT"}, {"licence": "Choose one"}),
}


@pytest.mark.parametrize(("changes", "said"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    hazel: Hazel, changes: dict[str, str], said: dict[str, str]
) -> None:
    response = as_(hazel.oto).post("/found/", {**GOOD, **changes})
    assert response.status_code == 200
    page = read(response.content)
    errors = _errors(page)
    assert set(errors) == set(said)
    for name, words in said.items():
        assert words in errors[name]
    assert Organisation.objects.count() == 1
    typed = {one.attributes["name"]: one.attributes.get("value") for one in page.all("input")}
    assert typed["sectors"] == changes.get("sectors", GOOD["sectors"])


def test_fields_that_do_not_belong_to_the_form_change_nothing(hazel: Hazel) -> None:
    sent = {**GOOD, "id": "1", "search_text": "x", "created_at": "2001-01-01", "memberships": "1"}
    before = hazel.organisation.created_at
    assert _describe(as_(hazel.ana), sent).status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.pk, organisation.created_at) == (hazel.organisation.pk, before)


def test_founding_is_limited(hazel: Hazel) -> None:
    client = as_(hazel.oto)
    answers = [
        client.post("/found/", {"name": f"Oak {number}", "licence": "CC0-1.0"}).status_code
        for number in range(11)
    ]
    assert answers == [302] * 10 + [429]


@pytest.mark.django_db
def test_a_loser_of_a_race_for_a_slug_is_told_at_the_field(
    hazel: Hazel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(*arguments: object, slug: str, **others: object) -> None:
        raise joining.SlugTaken(slug)

    monkeypatch.setattr(joining, "found", taken)
    page = read(as_(hazel.oto).post("/found/", GOOD).content)
    assert "casa-azul" in _errors(page)["slug"]


def test_countries_are_in_order_and_each_once() -> None:
    countries = places.countries()
    assert len(dict(countries)) == len(countries) > 240
    names = [name for _, name in countries]
    assert names.index("Åland Islands") < names.index("Albania")
