"""What goes with every answer: a strict policy, and no text of a user that is anything but text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from assessments.catalogue.organisations_file import OrganisationEntry
from assessments.models import Edition
from assessments.scoring import terms
from orgs.models import Organisation
from tests.pages import demo as the_demo
from tests.pages.reading import Element, read
from tests.pages.routes import PAGES, ROUTES, address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

NOTHING, OURS = "'none'", "'self'"
POLICY = {
    "default-src": NOTHING,
    "script-src": OURS,
    "style-src": OURS,
    "img-src": OURS,
    "font-src": OURS,
    "connect-src": OURS,
    "manifest-src": OURS,
    "form-action": OURS,
    "frame-ancestors": NOTHING,
    "base-uri": NOTHING,
    "object-src": NOTHING,
}
FILES = ["/static/css/base.css", "/static/img/mark.svg"]


def _policy(response: HttpResponse) -> dict[str, str]:
    parts = (part.split(maxsplit=1) for part in response["Content-Security-Policy"].split(";"))
    return {part[0]: part[1] for part in parts if part}


def _is_guarded(response: Any) -> None:
    assert _policy(response) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in response
    assert "X-Powered-By" not in response


# Headers


@pytest.mark.parametrize("method", ["get", "post", "options"])
@pytest.mark.parametrize("name", ROUTES)
def test_every_answer_of_every_route_is_guarded(client: Client, name: str, method: str) -> None:
    response = getattr(client, method)(address(name))
    _is_guarded(response)
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/organisations/nobody/",
        "/organisations/alder",
        "/criteria/?page=%00",
        "/api/v1/nothing/",
        "/api/v1/organisations/nobody/",
        "/api/v1/organisations/?page=0",
        "/static/nothing.css",
        *FILES,
    ],
)
def test_what_is_not_there_or_elsewhere_and_files_are_guarded(client: Client, path: str) -> None:
    response = client.get(path)
    if hasattr(response, "streaming") and response.streaming:
        # Read to its end, the file is closed, and with it nothing else.
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.status_code == (200 if path in FILES or "%00" in path else 404) or (
        response.status_code == 301
    )
    _is_guarded(response)


def test_a_host_that_is_not_ours_is_refused_and_guarded(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    _is_guarded(response)
    assert "evil.example" not in response.content.decode()


def test_an_error_of_ours_is_guarded_and_says_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("kanarienvogel")

    monkeypatch.setattr("assessments.models.criteria.EditionManager.current", breaks)
    for path in ("/", "/api/v1/organisations/alder/profile/"):
        response = client.get(path)
        assert response.status_code == 500
        _is_guarded(response)
        assert "kanarienvogel" not in response.content.decode()
        assert "Traceback" not in response.content.decode()
        _is_without_anything_inline(read(response.content))


def test_a_forged_form_is_refused_and_guarded() -> None:
    response = Client(enforce_csrf_checks=True).post("/organisations/")
    assert response.status_code == 403
    _is_guarded(response)
    _is_without_anything_inline(read(response.content))


def test_every_file_that_a_page_takes_is_there_and_ours(client: Client) -> None:
    for name in PAGES:
        page = read(client.get(address(name)).content)
        files = [one.attributes["href"] for one in page.all("link")]
        files += [one.attributes["src"] for one in page.all("script")]
        assert files
        for file in files:
            assert file.startswith("/static/"), file
            assert finders.find(file.removeprefix("/static/")), file


# Nothing inline


def _is_without_anything_inline(page: Element) -> None:
    for one in page.walk():
        assert one.tag not in {"style", "iframe", "object", "embed", "base", "frame", "img"}
        if one.tag == "script":
            assert one.attributes["src"].startswith("/static/")
            assert not one.text
        for name, value in one.attributes.items():
            assert not name.startswith("on"), f"<{one.tag} {name}>"
            assert name not in {"style", "srcdoc", "formaction", "action-xhr", "ping"}, name
            assert not name.startswith("hx-on"), name
            if name in {"href", "src", "action"}:
                assert urlsplit(value).scheme in {"", "http", "https"}, value
                assert not value.startswith("//"), value


def _elsewhere(page: Element) -> Iterator[Element]:
    for link in page.all("a"):
        if urlsplit(link.attributes["href"]).netloc:
            yield link


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_inline_on_any_page(client: Client, name: str) -> None:
    _is_without_anything_inline(read(client.get(address(name)).content))


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_nothing_stands_inline_on_a_page_about_an_error(code: str) -> None:
    _is_without_anything_inline(read(render_to_string(f"{code}.html")))


def test_nothing_stands_inline_in_the_styleguide(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    _is_without_anything_inline(read(client.get("/styleguide/").content))


def test_every_link_elsewhere_that_an_organisation_gave_is_marked(client: Client) -> None:
    ours = {"https://www.gnu.org/licenses/agpl-3.0.html"}
    given = 0
    for slug in Organisation.objects.values_list("slug", flat=True):
        page = read(client.get(address("organisation", slug=slug)).content)
        for link in _elsewhere(page):
            marks = set(link.attributes.get("rel", "").split())
            assert {"noopener", "noreferrer"} <= marks
            assert "target" not in link.attributes
            if link.attributes["href"] not in ours:
                assert {"nofollow", "ugc"} <= marks, link.attributes
                given += 1
    assert given > 100
    for name in ("home", "criteria", "organisations", "matches", "pair"):
        elsewhere = _elsewhere(read(client.get(address(name)).content))
        assert {link.attributes["href"] for link in elsewhere} <= ours


# Text is text


PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)' x='",
    '" autofocus onfocus=alert(1) x="',
    "</title><script>alert(1)</script>",
    "</textarea></style></script><b>",
    "<!--<script>alert(1)</script>-->",
    "<a href=javascript:alert(1)>x</a>",
    "{{7*7}}{% now 'Y' %}{{ settings.SECRET_KEY }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "[x](javascript:alert(1)) ![x](//evil.example/x.png)",
    "\u202egnihtyna\u202c \u200b\ufeff\u2066x\u2069",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "\u2028\u2029<b>",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/",
    "/\\evil.example/",
    "https:evil.example",
    "http://[",
    'https://ok.example/"><script>alert(1)</script>',
    "https://ok.example/' onclick='alert(1)",
    "ftp://evil.example/",
    "file:///etc/passwd",
)


def _poisoned(slug: str, text: str, link: str) -> OrganisationEntry:
    """One whose every text is a payload, and whose every link leads where it should not."""
    say = terms.Answer
    return OrganisationEntry(
        slug,
        f"{text} name"[:200],
        {
            "country": "GB",
            "place": text,
            "website": link,
            "summary": text,
            "sectors": [text],
            "legal_form": text,
            "size_class": text[:50],
            "languages": [text],
        },
        {
            "commons-held": say(level="several", evidence=(link,), note=text),
            "enclosure-history": say(level="no", reservation=text, evidence=(link,), note=text),
            "licences-out": say(licences=("LicenseRef-proprietary",), note=text),
            "asset-lock": say(na=text),
            "solidarity-outflow": say(unknown=True),
            "one-member-one-vote": say(level="yes", reservation=text, evidence=(link,)),
            "flows": say(offers=(text, f"{text} 2"), needs=(text, "web hosting")),
        },
        terms.Requirements(None, {}),
    )


@pytest.fixture
def poisoned(demo: Edition) -> dict[str, str]:
    """An organisation for each payload, by slug."""
    links = ADDRESSES * (len(PAYLOADS) // len(ADDRESSES) + 1)
    texts = {f"poison-{number}": text for number, text in enumerate(PAYLOADS)}
    the_demo.publish(
        [
            _poisoned(slug, text, link)
            for (slug, text), link in zip(texts.items(), links, strict=False)
        ],
        demo,
    )
    return texts


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def test_what_an_organisation_writes_comes_out_as_the_text_that_it_is(
    client: Client, poisoned: dict[str, str]
) -> None:
    plain = read(client.get(address("organisation", slug="dogwood")).content)
    elements = {one.tag for one in plain.walk()} | {"blockquote", "q", "code"}
    for slug, text in poisoned.items():
        page = read(client.get(address("organisation", slug=slug)).content)
        _is_without_anything_inline(page)
        assert {one.tag for one in page.walk()} <= elements, text
        said = page.text
        # As name, twice in a reservation, as note, reason, offer, need, place and so on.
        assert said.count(_squeezed(text)) >= 12, text
        assert "49" not in page.one("title").text
    for number in ("1", "2", "3"):
        page = read(client.get("/organisations/", {"page": number}).content)
        _is_without_anything_inline(page)
    for other in poisoned:
        for first, second in (("alder", other), (other, "poison-0")):
            if first != second:
                page = read(client.get(address("pair", slug=first, other=second)).content)
                _is_without_anything_inline(page)
    for slug in ("alder", *poisoned):
        _is_without_anything_inline(read(client.get(address("matches", slug=slug)).content))


@pytest.mark.parametrize("link", ADDRESSES)
def test_an_address_that_is_none_of_the_web_is_never_a_link(
    client: Client, demo: Edition, link: str
) -> None:
    the_demo.publish([_poisoned("poison", "Poison", link)], demo)
    page = read(client.get(address("organisation", slug="poison")).content)
    _is_without_anything_inline(page)
    leads_to = [one.attributes["href"] for one in page.all("a")]
    if not link.startswith("https://ok.example/"):
        assert not any("alert(1)" in one or "evil" in one or "passwd" in one for one in leads_to)
        assert _squeezed(link) in page.text
    for one in _elsewhere(page):
        assert urlsplit(one.attributes["href"]).hostname in {"ok.example", "www.gnu.org"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_searched_comes_out_as_the_text_that_it_is(client: Client, payload: str) -> None:
    page = read(client.get("/organisations/", {"q": payload, "page": payload}).content)
    _is_without_anything_inline(page)
    values = [one.attributes.get("value", "") for one in page.all("input")]
    assert payload.strip() in [value.strip() for value in values]
    _is_without_anything_inline(read(client.get("/criteria/", {"lang": payload}).content))


def test_what_a_curator_writes_comes_out_as_the_text_that_it_is(client: Client) -> None:
    edition = the_demo.default()
    text = "\"><script>alert(1)</script>' onx='{{7*7}}"
    texts = ("question", "why", "example", "counter_example", "shows", "source", "reason", "unit")
    poisoned = dataclasses.replace(
        edition,
        slug="poisoned",
        title=text,
        description=text,
        licence=text,
        dimensions=tuple(
            dataclasses.replace(one, title=text, question=text) for one in edition.dimensions
        ),
        criteria=tuple(
            dataclasses.replace(
                one,
                **dict.fromkeys(texts, text),  # type: ignore[arg-type]
                levels=tuple(dataclasses.replace(level, text=text) for level in one.levels),
            )
            for one in edition.criteria
        ),
        translations={},
    )
    the_demo.publish_edition(poisoned)
    for name in PAGES:
        page = read(client.get(address(name)).content)
        _is_without_anything_inline(page)
        if name in {"home", "criteria", "organisation", "pair"}:
            assert text in page.text, name


def test_the_api_answers_what_nobody_takes_for_a_page(
    client: Client, poisoned: dict[str, str]
) -> None:
    for slug, text in poisoned.items():
        response = client.get(reverse("api-organisation", args=[slug]))
        assert response["Content-Type"] == "application/json"
        assert response.json()["place"] == text
