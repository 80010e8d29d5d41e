"""Every page of people and organisations: what it answers to each role and method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from orgs import account_urls, directory, joining, urls
from orgs.models import Organisation, User
from orgs.models.membership import Invitation, Membership, Role
from tests.orgs.conftest import PASSWORD, Hazel, as_, person
from tests.pages.reading import read

ROLES = ("steward", "editor", "viewer", "stranger", "anonymous")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MOST_QUERIES = 12
LOG_IN = 1
"""In the table: the way to the log-in page."""

EVERYBODY = (200, 200, 200, 200, LOG_IN)
MEMBERS = (200, 200, 200, 404, LOG_IN)
STEWARDS = (200, 403, 403, 404, LOG_IN)
NOBODY = (405, 405, 405, 405, 405)


@dataclass(frozen=True)
class Row:
    """What a page answers to a steward, an editor, a viewer, a stranger and nobody known."""

    get: tuple[int, ...]
    post: tuple[int, ...] = NOBODY
    parts: tuple[str, ...] = ()
    sent: Mapping[str, str] = field(default_factory=dict)

    def of(self, method: str, role: str) -> int:
        """The status for a method and a role."""
        by_method = {"GET": self.get, "HEAD": self.get, "POST": self.post}
        return by_method.get(method, NOBODY)[ROLES.index(role)]


SLUG = ("slug",)
DONE = 302
FOR_EVERYBODY = (DONE, DONE, DONE, DONE, LOG_IN)
FOR_STEWARDS = (DONE, 403, 403, 404, LOG_IN)

ROWS: Mapping[str, Row] = {
    "desk": Row(EVERYBODY),
    "you": Row(EVERYBODY, FOR_EVERYBODY, sent={"name": "Somebody"}),
    # The only steward is told so, with the status of a conflict; here nobody writes a password.
    "erase": Row(EVERYBODY, EVERYBODY),
    "act-for": Row(NOBODY, (DONE, DONE, DONE, 404, LOG_IN), SLUG),
    "found": Row(EVERYBODY, FOR_EVERYBODY, sent={"name": "Elder", "licence": "CC0-1.0"}),
    "describe": Row(
        (200, 200, 403, 404, LOG_IN),
        (DONE, DONE, 403, 404, LOG_IN),
        SLUG,
        {"name": "Hazel", "licence": "CC0-1.0"},
    ),
    # The only steward may not leave, and is told so.
    "leave": Row(MEMBERS, (200, DONE, DONE, 404, LOG_IN), SLUG),
    "members": Row(MEMBERS, NOBODY, SLUG),
    "invite": Row(STEWARDS, FOR_STEWARDS, SLUG, {"email": "una@far.example", "role": "viewer"}),
    "member": Row(STEWARDS, FOR_STEWARDS, ("slug", "member_id"), {"role": "viewer"}),
    "remove-member": Row(NOBODY, FOR_STEWARDS, ("slug", "member_id")),
    "invite-again": Row(NOBODY, FOR_STEWARDS, ("slug", "invitation_id")),
    "revoke-invitation": Row(NOBODY, FOR_STEWARDS, ("slug", "invitation_id")),
    # Oto, who is invited, is the stranger. Who follows a link unknown is asked to log in there.
    "invitation": Row((404, 404, 404, 200, 200), (404, 404, 404, DONE, 200), ("token",)),
    "accept-invitation": Row(NOBODY, (404, 404, 404, DONE, LOG_IN), ("invitation_id",)),
}


@dataclass(frozen=True)
class Place:
    """Hazel with an invitation for Oto, and what stands in its addresses."""

    hazel: Hazel
    parts: Mapping[str, object]

    def address(self, name: str, **others: object) -> str:
        """The address of a page."""
        parts = {**self.parts, **others}
        return reverse(name, kwargs={part: parts[part] for part in ROWS[name].parts})

    def client(self, role: str) -> Client:
        """The browser of somebody of a role."""
        return Client() if role == "anonymous" else as_(self.hazel.by_role(role))


@pytest.fixture
def place(hazel: Hazel) -> Place:
    invitation, token = joining.invite(
        hazel.organisation,
        email=hazel.oto.email,
        role=Role.EDITOR,
        by=hazel.ana,
        at=timezone.now(),
    )
    return Place(
        hazel,
        {
            "slug": "hazel",
            "member_id": hazel.of(hazel.emre).pk,
            "invitation_id": invitation.pk,
            "token": token,
        },
    )


def test_every_page_has_a_row() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == set(ROWS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ROWS)
def test_each_page_answers_each_role_as_the_table_says(
    place: Place, name: str, role: str, method: str
) -> None:
    data = dict(ROWS[name].sent) if method == "POST" else None
    if data and name == "describe":
        data["seen"] = directory.mark(place.hazel.organisation)
    client = place.client(role)
    response = getattr(client, method.lower())(place.address(name), data)
    expected = ROWS[name].of(method, role)
    if expected == LOG_IN and data:
        # What was typed is carried along (see test_carrying).
        assert (response.status_code, "Log in" in response.content.decode()) == (401, True)
        return
    if expected == LOG_IN:
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/account/login/?next=/")
        return
    assert response.status_code == expected
    if expected == DONE:
        assert response.headers["Location"].split("/")[1] in {"desk", "you", "organisations"}
    if method == "GET" and expected in {200, 404}:
        page = read(response.content)
        assert len(page.all("h1")) == 1
        for control in page.all("input") + page.all("select") + page.all("textarea"):
            if not ({"hidden"} & {control.attributes.get("type"), *control.attributes}):
                assert control.attributes["id"] in {
                    label.attributes.get("for") for label in page.all("label")
                }


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if "slug" in row.parts])
def test_what_is_not_yours_answers_exactly_like_what_is_not_there(
    place: Place, name: str, method: str
) -> None:
    client = place.client("stranger")
    yours = getattr(client, method)(place.address(name))
    nobodys = getattr(client, method)(place.address(name, slug="no-such"))
    if yours.status_code == 405:
        assert nobodys.status_code == 405
        return
    assert yours.status_code == nobodys.status_code == 404
    assert yours.content == nobodys.content
    assert yours.headers.items() == nobodys.headers.items()


@pytest.mark.parametrize("name", ["member", "remove-member"])
def test_a_member_of_another_organisation_is_not_there(place: Place, name: str) -> None:
    other = joining.found(place.hazel.oto, slug="elder", described={"name": "Elder"})
    theirs = Membership.objects.get(organisation=other)
    client = place.client("steward")
    response = client.post(place.address(name, member_id=theirs.pk), {"role": "viewer"})
    assert response.status_code == 404
    theirs.refresh_from_db()
    assert theirs.role == Role.STEWARD


@pytest.mark.parametrize("name", ["revoke-invitation", "invite-again"])
def test_an_invitation_of_another_organisation_is_not_there(place: Place, name: str) -> None:
    joining.found(place.hazel.oto, slug="elder", described={"name": "Elder"})
    response = place.client("stranger").post(place.address(name, slug="elder"))
    assert response.status_code == 404
    assert Invitation.objects.get().revoked_at is None


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
@pytest.mark.parametrize("name", ["member", "remove-member", "revoke-invitation", "invite-again"])
def test_a_number_that_nothing_has_is_not_there(place: Place, name: str, number: int) -> None:
    address = place.address(name, member_id=number, invitation_id=number)
    assert place.client("steward").post(address, {"role": "viewer"}).status_code == 404


def test_no_page_asks_more_of_the_database_when_there_are_more_people(place: Place) -> None:
    client = place.client("steward")

    def count() -> dict[str, int]:
        counts = {}
        for name, row in ROWS.items():
            if row.get[0] == 200:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(place.address(name)).status_code == 200
                counts[name] = len(queries)
        return counts

    few = count()
    for number in range(30):
        user = person(f"P{number}")
        Membership.objects.create(organisation=place.hazel.organisation, user=user, role="editor")
        other = joining.found(user, slug=f"elder-{number}", described={"name": f"Elder {number}"})
        Membership.objects.create(organisation=other, user=place.hazel.ana, role="viewer")
        joining.invite(
            other,
            email=f"q{number}@far.example",
            role=Role.VIEWER,
            by=user,
            at=timezone.now(),
        )
    assert count() == few
    assert {name: number for name, number in few.items() if number > MOST_QUERIES} == {}


def test_what_members_read_is_kept_by_no_cache(place: Place) -> None:
    client = place.client("steward")
    for name, row in ROWS.items():
        if row.get[0] == 200:
            kept = client.get(place.address(name)).headers["Cache-Control"]
            assert "private" in kept, name
            assert "no-store" in kept, name


def test_an_invitation_is_kept_by_no_cache(place: Place) -> None:
    assert "no-store" in Client().get(place.address("invitation")).headers["Cache-Control"]


# What they do.


def test_a_role_is_changed(place: Place) -> None:
    place.client("steward").post(place.address("member"), {"role": "steward"})
    assert place.hazel.of(place.hazel.emre).role == Role.STEWARD


def test_the_last_steward_keeps_the_role_and_is_told_why(place: Place) -> None:
    address = place.address("member", member_id=place.hazel.of(place.hazel.ana).pk)
    response = place.client("steward").post(address, {"role": "viewer"})
    assert "never without a steward" in response.content.decode()
    assert place.hazel.of(place.hazel.ana).role == Role.STEWARD
    remove = place.address("remove-member", member_id=place.hazel.of(place.hazel.ana).pk)
    assert "never without" in place.client("steward").post(remove, follow=True).content.decode()
    assert place.hazel.of(place.hazel.ana).role == Role.STEWARD


def test_a_removed_member_is_out_at_the_next_request(place: Place) -> None:
    emre = place.client("editor")
    assert emre.get(place.address("members")).status_code == 200
    place.client("steward").post(place.address("remove-member"))
    assert emre.get(place.address("members")).status_code == 404
    sent = {"name": "Mine", "licence": "CC0-1.0"}
    assert emre.post(place.address("describe"), sent).status_code == 404
    assert Organisation.objects.get().name == "Hazel Builders"
    assert "Hazel" not in emre.get("/desk/").content.decode()


def test_a_member_who_became_a_viewer_writes_no_more(place: Place) -> None:
    emre = place.client("editor")
    emre.get(place.address("describe"))
    joining.change_role(place.hazel.of(place.hazel.emre), role=Role.VIEWER)
    sent = {"name": "Mine", "licence": "CC0-1.0"}
    assert emre.post(place.address("describe"), sent).status_code == 403
    assert Organisation.objects.get().name == "Hazel Builders"


def test_who_leaves_has_left(place: Place) -> None:
    place.client("viewer").post(place.address("leave"))
    assert not Membership.objects.filter(user=place.hazel.vilma).exists()


def test_an_invitation_is_mailed_and_opens_for_its_address(hazel: Hazel) -> None:
    sent = {"email": "UNA@far.example", "role": "editor"}
    as_(hazel.ana).post("/organisations/hazel/members/invite/", sent)
    (message,) = mail.outbox
    assert message.to == ["una@far.example"]
    assert message.subject == "Hazel Builders invites you to CoopCheck"
    assert message.body.count("http") == 1
    (link,) = [line for line in message.body.splitlines() if line.startswith("http")]
    path = link.removeprefix("http://testserver")
    shown = Client().get(path).content.decode()
    assert "Hazel Builders invites you" in shown
    assert f"/account/signup/?next={path}&amp;email=una%40far.example" in shown
    una = User.objects.create_user("una@far.example")
    assert as_(una).post(path, follow=True).redirect_chain == [("/desk/", 302)]
    assert hazel.of(una).role == Role.EDITOR
    # Back and once more: a sensible page, not a riddle.
    assert as_(una).get(path).headers["Location"] == "/desk/"
    assert as_(una).post(path).headers["Location"] == "/desk/"
    assert as_(hazel.oto).get(path).status_code == 404


def test_every_invitation_that_cannot_be_used_says_the_same(place: Place) -> None:
    def said(token: object = place.parts["token"]) -> bytes:
        response = Client().get(place.address("invitation", token=token))
        assert response.status_code == 404
        return response.content

    unknown = said("never-made")
    invitation = Invitation.objects.get()
    for changes in (
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"expires_at": timezone.now() + timedelta(days=1), "revoked_at": timezone.now()},
        {"revoked_at": None, "accepted_at": timezone.now()},
    ):
        Invitation.objects.filter(pk=invitation.pk).update(**changes)
        assert said() == unknown
    assert said("\0") == said("é" * 500) == unknown


def test_a_mail_that_fails_leaves_no_invitation(hazel: Hazel, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sent = {"email": "una@far.example", "role": "editor"}
    response = as_(hazel.ana).post("/organisations/hazel/members/invite/", sent)
    assert "nobody is invited" in response.content.decode()
    assert joining.open_invitations(hazel.organisation, at=timezone.now()) == []


def test_invitations_are_limited(hazel: Hazel, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "3/h/user"}
    client = as_(hazel.ana)
    answers = [
        client.post(
            "/organisations/hazel/members/invite/",
            {"email": f"u{number}@far.example", "role": "viewer"},
        )
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[-1].headers["Retry-After"]
    assert len(mail.outbox) == 3


def test_one_acts_for_the_organisation_that_one_has_chosen(hazel: Hazel) -> None:
    joining.found(hazel.ana, slug="elder", described={"name": "Elder"})
    client = as_(hazel.ana)

    def acting() -> str:
        return read(client.get("/you/").content).one("details", "acting-choice").one("summary").text

    assert "Elder" in acting()
    client.post("/act-for/hazel/")
    assert "Hazel Builders" in acting()
    joining.change_role(hazel.of(hazel.emre), role=Role.STEWARD)
    client.post("/organisations/hazel/leave/")
    assert "Elder" in read(client.get("/you/").content).one("p", "acting-name").text


def test_a_curator_is_named_on_the_desk_only_where_there_is_a_way(hazel: Hazel) -> None:
    hazel.oto.is_curator = True
    hazel.oto.save()
    assert as_(hazel.oto).get("/desk/").status_code == 200


# The pages of an account.

ACCOUNT_PARTS = {
    "account_confirm_email": {"key": "x:y"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
}
ACCOUNT_ROWS: Mapping[str, tuple[int, int]] = {
    # For nobody known, and for somebody logged in.
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_signup": (200, 302),
    "account_inactive": (200, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (200, 200),
    "account_confirm_email": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
}


def test_every_page_of_an_account_has_a_row() -> None:
    assert {pattern.name for pattern in account_urls.urlpatterns} == set(ACCOUNT_ROWS)


@pytest.mark.parametrize("name", ACCOUNT_ROWS)
def test_each_page_of_an_account_answers(hazel: Hazel, name: str) -> None:
    address = reverse(name, kwargs=ACCOUNT_PARTS.get(name, {}))
    for client, expected in zip((Client(), as_(hazel.oto)), ACCOUNT_ROWS[name], strict=True):
        response = client.get(address)
        assert response.status_code == expected
        if expected == 200:
            page = read(response.content)
            assert len(page.all("h1")) == 1
            assert all("src" in one.attributes for one in page.all("script"))
            assert not [one for one in page.walk() if "style" in one.attributes]
        assert client.delete(address).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/account/reauthenticate/",
        "/account/login/code/confirm/",
        "/account/confirm-email/é:é:é/",
        "/account/confirm-email/:::/",
        f"/account/confirm-email/{'9' * 3000}/",
        "/account/password/reset/key/zzzzzzzzzzzzz-abc/",
        "/account/password/reset/key/1-%00/",
        "/account/password/reset/key/1-set-password/",
        f"/account/password/reset/key/{'z' * 3000}-é/",
    ],
)
@pytest.mark.django_db
def test_a_bad_address_of_an_account_is_no_failure(path: str) -> None:
    response = Client().get(path)
    assert response.status_code in {200, 404}


def test_at_a_page_of_ones_own_organisation_one_acts_for_it(hazel: Hazel) -> None:
    joining.found(hazel.ana, slug="elder", described={"name": "Elder"})
    client = as_(hazel.ana)
    client.post("/act-for/elder/")

    def acting(address: str) -> str:
        return read(client.get(address).content).one("details", "acting-choice").one("summary").text

    assert "Hazel Builders" in acting("/organisations/hazel/members/")
    assert "Elder" in acting("/organisations/elder/members/")
    assert "Elder" in acting("/organisations/")


def test_an_invitation_is_mailed_again(place: Place) -> None:
    page = place.client("steward").post(place.address("invite-again"), follow=True)
    assert "Another mail is on its way to oto@hazel.example." in page.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["oto@hazel.example"]
    link = next(line for line in str(letter.body).splitlines() if line.startswith("http"))
    assert place.client("stranger").get(link).status_code == 200
    assert place.client("stranger").get(place.address("invitation")).status_code == 404


def test_a_mail_again_that_fails_leaves_the_first_link_as_it_is(
    place: Place, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = place.client("steward").post(place.address("invite-again"), follow=True)
    assert "The mail could not be sent. Try again later." in page.content.decode()
    assert place.client("stranger").get(place.address("invitation")).status_code == 200


def test_an_account_is_erased_after_its_password(place: Place) -> None:
    client = place.client("editor")
    refused = client.post(place.address("erase"), {"password": "another"})
    assert (refused.status_code, User.objects.count()) == (200, 4)
    page = client.post(place.address("erase"), {"password": PASSWORD}, follow=True)
    assert "Your account is erased." in page.content.decode()
    assert not User.objects.filter(email="emre@hazel.example").exists()
    assert client.get(place.address("desk")).status_code == 302


def test_who_alone_is_steward_is_led_to_the_way_out(place: Place) -> None:
    page = place.client("steward").post(place.address("erase"), {"password": PASSWORD})
    assert page.status_code == 409
    assert 'href="/organisations/hazel/leave/"' in page.content.decode()
    assert User.objects.count() == 4


def test_passwords_are_not_tried_without_end(place: Place) -> None:
    client, address = place.client("editor"), place.address("erase")
    answers = [client.post(address, {"password": f"no-{n}"}).status_code for n in range(11)]
    assert answers == [200] * 10 + [429]


def test_a_form_that_is_sent_twice_founds_once_and_says_no_reproach(hazel: Hazel) -> None:
    client, sent = as_(hazel.oto), {"name": "Elder Press", "licence": "CC0-1.0"}
    for _ in range(2):
        assert client.post("/found/", sent).headers["Location"] == "/desk/"
    assert Organisation.objects.filter(memberships__user=hazel.oto).count() == 1
    # Somebody else, or another name, is told.
    for user, name in ((hazel.vilma, "Elder Press"), (hazel.oto, "Elder press")):
        page = as_(user).post("/found/", {**sent, "name": name})
        assert "with the short name “elder-press” already" in page.content.decode()
