"""A form that is sent after the session has ended is found again after log-in, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from orgs import carrying
from orgs.models import Organisation
from tests.orgs.conftest import PASSWORD, Hazel
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

DESCRIBE = "/organisations/hazel/describe/"
LOGIN = "/account/login/"
TEXT = "We build with hazel.\nAnd <b>willow</b>."
HERE: dict[str, Any] = {"HTTP_ORIGIN": "http://testserver"}


def _browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _fields(page: Element, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    (form,) = [one for one in page.all("form") if one.attributes.get("action") == action]
    return {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in form.all("input")
        if one.attributes.get("type") == "hidden"
    }


def _form(browser: Client) -> dict[str, str]:
    """The description as it is opened, with another text in it."""
    seen = _fields(read(browser.get(DESCRIBE).content), DESCRIBE)
    return {**seen, "name": "Hazel", "licence": "CC0-1.0", "summary": TEXT}


def _log_in(browser: Client, page: Element, email: str, password: str = PASSWORD) -> Any:
    sent = {**_fields(page, LOGIN), "login": email, "password": password}
    return browser.post(LOGIN, sent, **HERE)


def _opened_and_logged_out(hazel: Hazel) -> tuple[Client, dict[str, str]]:
    browser = _browser()
    _log_in(browser, read(browser.get(LOGIN).content), hazel.emre.email)
    form = _form(browser)
    Session.objects.all().delete()
    return browser, form


def test_what_was_typed_is_found_after_log_in_and_saved_when_asked(hazel: Hazel) -> None:
    browser, form = _opened_and_logged_out(hazel)
    answer = browser.post(DESCRIBE, form, **HERE)
    assert answer.status_code == 401
    page = read(answer.content)
    assert "not lost" in page.text

    wrong = _log_in(browser, page, hazel.emre.email, "not the password")
    assert wrong.status_code == 200
    page = read(wrong.content)

    found = read(_log_in(browser, page, hazel.emre.email).content)
    assert found.one("h1").text == "Not saved yet"
    assert found.one("blockquote").text == TEXT.replace("\n", "")
    assert Organisation.objects.get().summary == ""  # Nothing is saved unasked.
    kept = _fields(found, DESCRIBE)
    assert kept["summary"] == TEXT
    assert browser.post(DESCRIBE, kept, **HERE).status_code == 302
    assert Organisation.objects.get().summary == TEXT


def test_nothing_of_it_waits_for_the_next_person(hazel: Hazel) -> None:
    browser, form = _opened_and_logged_out(hazel)
    browser.post(DESCRIBE, form, **HERE)
    # Somebody else comes to the same browser, and opens the log-in page anew.
    entered = _log_in(browser, read(browser.get(LOGIN).content), hazel.oto.email)
    assert entered.status_code == 302
    for session in Session.objects.all():
        assert "willow" not in str(session.get_decoded())
    assert "willow" not in browser.get("/desk/").content.decode()


def test_another_person_who_logs_in_on_that_page_sends_nothing_in_anothers_place(
    hazel: Hazel,
) -> None:
    browser, form = _opened_and_logged_out(hazel)
    page = read(browser.post(DESCRIBE, form, **HERE).content)
    found = read(_log_in(browser, page, hazel.oto.email).content)
    kept = _fields(found, DESCRIBE)
    assert browser.post(DESCRIBE, kept, **HERE).status_code == 404  # Oto is no member.
    assert Organisation.objects.get().summary == ""


def test_a_page_older_than_the_log_in_loses_nothing(hazel: Hazel) -> None:
    """Somebody logs in in another window, which gives the browser another token."""
    browser, form = _opened_and_logged_out(hazel)
    _log_in(browser, read(browser.get(LOGIN).content), hazel.emre.email)
    answer = browser.post(DESCRIBE, form, **HERE)
    assert answer.status_code == 403
    kept = _fields(read(answer.content), DESCRIBE)
    assert browser.post(DESCRIBE, kept, **HERE).status_code == 302
    assert Organisation.objects.get().summary == TEXT


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_no_other_site_puts_words_on_our_page(hazel: Hazel, origin: str) -> None:
    browser, form = _opened_and_logged_out(hazel)
    _log_in(browser, read(browser.get(LOGIN).content), hazel.emre.email)
    others: dict[str, Any] = {"HTTP_ORIGIN": origin} if origin else {}
    answer = browser.post(DESCRIBE, form, **others)
    assert answer.status_code == 403
    assert "willow" not in answer.content.decode()


def test_a_password_is_never_kept(hazel: Hazel) -> None:
    browser = _browser()
    sent = {"login": hazel.ana.email, "password": PASSWORD, "csrfmiddlewaretoken": "x" * 32}
    answer = browser.post(LOGIN, sent, **HERE)
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "nonsense",
        signing.dumps([DESCRIBE, [["summary", "x"]]], salt="another"),
        signing.dumps(["https://evil.example/", [["summary", "x"]]], salt="orgs.carrying"),
        signing.dumps(["//evil.example/", [["summary", "x"]]], salt="orgs.carrying"),
    ],
)
def test_only_what_we_have_signed_and_sends_here_is_carried(kept: str) -> None:
    assert carrying.carried({"kept": kept}) is None


def test_what_is_longer_than_a_form_is_not_carried(hazel: Hazel) -> None:
    browser, form = _opened_and_logged_out(hazel)
    answer = browser.post(DESCRIBE, {**form, "summary": "x" * carrying.MOST_LETTERS}, **HERE)
    assert answer.status_code == 302
