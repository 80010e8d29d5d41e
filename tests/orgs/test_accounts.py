"""From sign-up to a new password, by the links in the mails; and that attackers learn nothing."""

from __future__ import annotations

import html
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from orgs import joining
from orgs.models import User
from orgs.models.membership import Role
from tests.orgs.conftest import PASSWORD, Hazel, as_
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


def _link() -> str:
    """The only link in the last mail, as a path."""
    (link,) = re.findall(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert str(mail.outbox[-1].body).count("http") == 1
    return str(link)


def _is_logged_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def _log_in(client: Client, email: str, password: str) -> str:
    response = client.post("/account/login/", {"login": email, "password": password})
    return str(response.headers.get("Location", ""))


def _sign_up(client: Client, email: str = "Una@Far.example", **others: str) -> str:
    sent = {"email": email, "password1": PASSWORD, **others}
    return str(client.post("/account/signup/", sent).headers.get("Location", ""))


def test_from_sign_up_to_a_new_password() -> None:
    browser = Client()
    assert _sign_up(browser, name="Una") == "/account/confirm-email/"
    assert not _is_logged_in(browser)
    una = User.objects.get()
    assert (una.email, una.name) == ("una@far.example", "Una")
    link = _link()
    assert "Confirm your address" in browser.get(link).content.decode()
    assert not _is_logged_in(browser)
    assert browser.post(link).headers["Location"] == "/desk/"
    assert _is_logged_in(browser)

    browser.post("/account/logout/")
    assert not _is_logged_in(browser)
    assert _log_in(browser, "UNA@far.EXAMPLE", PASSWORD) == "/desk/"

    elsewhere = Client()
    elsewhere.post("/account/password/reset/", {"email": "una@far.example"})
    form = elsewhere.get(_link(), follow=True)
    path = form.redirect_chain[-1][0]
    done = elsewhere.post(path, {"password1": "birch-lamp-river"})
    assert done.headers["Location"] == "/account/password/reset/key/done/"
    assert not _is_logged_in(browser)  # Who knew the old password is out.
    assert _log_in(elsewhere, "una@far.example", PASSWORD) == ""
    assert _log_in(elsewhere, "una@far.example", "birch-lamp-river") == "/desk/"


def test_nobody_logs_in_before_the_address_is_confirmed() -> None:
    _sign_up(Client())
    browser = Client()
    assert _log_in(browser, "una@far.example", PASSWORD) == "/account/confirm-email/"
    assert not _is_logged_in(browser)


def test_a_link_of_a_mail_works_once() -> None:
    browser = Client()
    _sign_up(browser)
    link = _link()
    browser.post(link)
    other = Client()
    other.post(link)
    assert not _is_logged_in(other)
    assert "cannot be used" in other.get(link).content.decode()


def test_an_invitation_leads_through_sign_up_and_confirmation(hazel: Hazel) -> None:
    _, token = joining.invite(
        hazel.organisation,
        email="una@far.example",
        role=Role.EDITOR,
        by=hazel.ana,
        at=timezone.now(),
    )
    browser, path = Client(), f"/invitations/{token}/"
    page = read(browser.get(path).content)
    (sign_up,) = [
        one for one in page.all("a", "button") if "signup" in one.attributes.get("href", "")
    ]
    form = read(browser.get(sign_up.attributes["href"]).content)
    given = {one.attributes["name"]: one.attributes.get("value") for one in form.all("input")}
    assert given["next"] == path
    assert given["email"] == "una@far.example"
    _sign_up(browser, next=path)
    assert browser.post(_link()).headers["Location"] == path
    assert browser.post(path).headers["Location"] == "/desk/"
    assert hazel.of(User.objects.get(email="una@far.example")).role == Role.EDITOR


def test_log_in_leads_where_one_wanted_to_go(hazel: Hazel) -> None:
    browser = Client()
    asked = browser.get("/organisations/hazel/members/").headers["Location"]
    response = browser.post(asked, {"login": hazel.ana.email, "password": PASSWORD})
    assert response.headers["Location"] == "/organisations/hazel/members/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        "\thttps://evil.example",
        "/\t/evil.example",
        "%2F%2Fevil.example",
        "///evil.example",
        "https://evil.example\\@testserver/",
        "/desk/\r\nX-Evil: 1",
    ],
)
def test_nobody_is_sent_elsewhere(hazel: Hazel, target: str) -> None:
    browser = Client()
    sent = {"login": hazel.ana.email, "password": PASSWORD, "next": target}
    leads = browser.post("/account/login/", sent).headers["Location"]
    assert leads.startswith("/desk/")
    out = browser.post("/account/logout/", {"next": target}).headers["Location"]
    assert out == "/" or out.startswith("/desk/")


def test_wrong_passwords_are_counted_per_account(hazel: Hazel) -> None:
    said = []
    for number in range(7):
        response = Client(REMOTE_ADDR=f"10.0.{number}.1").post(
            "/account/login/", {"login": hazel.ana.email, "password": f"wrong-{number}"}
        )
        said.append("Too many attempts" in response.content.decode())
    assert said == [False] * 5 + [True] * 2
    # Also for who knows the password, until the five minutes are over; nobody else is kept out.
    assert _log_in(Client(REMOTE_ADDR="10.0.9.1"), hazel.ana.email, PASSWORD) == ""
    assert _log_in(Client(REMOTE_ADDR="10.0.9.1"), hazel.emre.email, PASSWORD) == "/desk/"


def test_wrong_passwords_are_counted_per_place(hazel: Hazel) -> None:
    said = []
    for number in range(12):
        sent = {"login": f"u{number}@far.example", "password": "wrong"}
        response = Client().post("/account/login/", sent)
        said.append("Too many attempts" in response.content.decode())
    assert said == [False] * 10 + [True] * 2


def test_an_address_with_and_without_an_account_are_answered_alike(hazel: Hazel) -> None:
    def answer(path: str, sent: dict[str, str]) -> tuple[int, str | None, bytes]:
        response = Client().post(path, sent)
        page = re.sub(rb'value="[^"]*"', b"", response.content)
        return response.status_code, response.headers.get("Location"), page

    for path, sent in (
        ("/account/login/", {"login": "{}", "password": "wrong-wrong-1"}),
        ("/account/signup/", {"email": "{}", "password1": "birch-lamp-river"}),
        ("/account/password/reset/", {"email": "{}"}),
    ):
        known, unknown = (
            answer(path, {key: value.format(email) for key, value in sent.items()})
            for email in (hazel.ana.email, "nobody@far.example")
        )
        assert known == unknown, path
    assert [one.to[0] for one in mail.outbox] == [hazel.ana.email, "nobody@far.example"] * 2
    assert "There is an account" in str(mail.outbox[0].body) or "an account with it already" in str(
        mail.outbox[0].body
    )


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/account/signup/", {"password1": "birch-lamp-river"}), ("/account/password/reset/", {})],
)
@pytest.mark.parametrize("email", ["ana@hazel.example", "o'neill@far.example"])
def test_one_reads_where_the_mail_went_with_and_without_an_account(
    hazel: Hazel, path: str, sent: dict[str, str], email: str
) -> None:
    """Whoever mistyped their address would wait in vain."""
    assert hazel.ana.email == "ana@hazel.example"
    page = Client().post(path, {"email": email, **sent}, follow=True).content.decode()
    assert f"We have sent a link to {html.escape(email)}." in page


def test_a_password_is_changed_and_other_sessions_end(hazel: Hazel) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        _log_in(browser, hazel.ana.email, PASSWORD)
    changed = here.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "birch-lamp-river"}
    )
    assert changed.headers["Location"] == "/you/"
    assert _is_logged_in(here)
    assert not _is_logged_in(there)
    assert mail.outbox[-1].to == [hazel.ana.email]
    assert "was changed" in mail.outbox[-1].subject


def test_an_old_cookie_opens_nothing_after_log_out(hazel: Hazel) -> None:
    browser = Client()
    _log_in(browser, hazel.ana.email, PASSWORD)
    cookie = browser.cookies["sessionid"].value
    browser.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert not _is_logged_in(thief)


def test_whose_account_is_closed_is_out_at_once(hazel: Hazel) -> None:
    browser = as_(hazel.ana)
    assert _is_logged_in(browser)
    hazel.ana.is_active = False
    hazel.ana.save()
    assert not _is_logged_in(browser)


def test_the_address_changes_when_the_new_one_is_confirmed(hazel: Hazel) -> None:
    browser = as_(hazel.ana)
    browser.post("/account/email/", {"action_add": "yes", "email": "Ana@New.example"})
    assert mail.outbox[-1].to == ["ana@new.example"]
    assert "waits to be confirmed" in browser.get("/account/email/").content.decode()
    hazel.ana.refresh_from_db()
    assert hazel.ana.email == "ana@hazel.example"
    (link,) = re.findall(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    browser.post(link)
    hazel.ana.refresh_from_db()
    assert hazel.ana.email == "ana@new.example"
    assert mail.outbox[-1].to == ["ana@hazel.example"]  # The old owner hears of it.
    assert _log_in(Client(), "ana@hazel.example", PASSWORD) == ""
    assert _log_in(Client(), "ana@new.example", PASSWORD) == "/desk/"


def test_nobody_takes_an_address_that_is_anothers(hazel: Hazel) -> None:
    browser = as_(hazel.ana)
    browser.post("/account/email/", {"action_add": "yes", "email": hazel.emre.email})
    for message in mail.outbox:
        for link in re.findall(r"http://testserver(\S+)", str(message.body)):
            browser.post(link)
    hazel.ana.refresh_from_db()
    assert hazel.ana.email == "ana@hazel.example"


@pytest.mark.parametrize(
    "value", ["", "x", "\0", "a\0@b.example", "a@b", "é" * 5000, "a" * 300 + "@b.example"]
)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/account/login/", "login"),
        ("/account/signup/", "email"),
        ("/account/signup/", "password1"),
        ("/account/signup/", "name"),
        ("/account/password/reset/", "email"),
    ],
)
def test_bad_input_is_answered_in_words(path: str, field: str, value: str) -> None:
    sent = {"login": "a@b.example", "password": "x", "email": "a@b.example", "password1": PASSWORD}
    response = Client().post(path, {**sent, field: value})
    assert response.status_code in {200, 302}
    if response.status_code == 200 and value:
        page = read(response.content)
        assert page.all("title")[0].text.startswith("Error: ")
        assert page.all("div", "error-summary")


def test_passwords_may_be_filled_in_by_a_manager(hazel: Hazel) -> None:
    def said(client: Client, path: str) -> dict[str, str | None]:
        fields = read(client.get(path).content).all("input")
        return {
            one.attributes["name"]: one.attributes.get("autocomplete")
            for one in fields
            if one.attributes.get("type") != "hidden"
        }

    assert said(Client(), "/account/login/") == {
        "login": "username",
        "password": "current-password",
    }
    assert said(Client(), "/account/signup/") == {
        "email": "email",
        "password1": "new-password",
        "name": "name",
    }
    assert said(as_(hazel.ana), "/account/password/change/") == {
        "username": "username",
        "oldpassword": "current-password",
        "password1": "new-password",
    }
