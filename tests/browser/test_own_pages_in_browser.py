"""What members and curators open, in each of its states: on a phone, and read by axe."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from assessments import contact, curation, drafting, drafts
from assessments.catalogue import edition_file
from assessments.scoring.terms import Answer
from orgs import joining
from orgs.models import Organisation, User
from orgs.models.membership import Membership, Role
from tests import cast
from tests.browser import chromium
from tests.browser.visiting import Visit, assert_fits, violations
from tests.orgs.conftest import PASSWORD, person
from tests.pages.routes import ROUTES, resolved
from tests.roles import Outcome

pytestmark = pytest.mark.looks

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
FIRST = cast.edition_toml(
    "first",
    ('text = "Within three months"', 'text = "Within a year"'),
    ('must_reach = "yes"\nheadline = true\n', ""),
)
NEXT = cast.edition_toml("next", ('evidence = "required"', 'evidence = "optional"\nmeaning = 2'))
RICHER = cast.edition_toml(
    "richer",
    ("Are the rules of your main commons", "Are all the rules of your main commons"),
    ('text = "Within three months"', 'text = "Within four months"'),
    ("[criteria.exchange]", "[criteria.barter]"),
    ('must_reach = "yes"\nheadline = true\n', ""),
)
"""A draft that differs in every way there is to show."""
NO_PAGES = {
    *("schema", "api-editions", "api-edition", "api-organisations", "api-organisation"),
    *("api-profile", "api-matches", "api-pair", "live", "ready"),
    "edition-export",  # A file.
    "account_set_password",  # Leads on to another.
}

Act = Callable[[Page], None]


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def write(label: str, text: str, then: Act) -> Act:
    def act(page: Page) -> None:
        typed = page.locator("textarea, input:not([type=radio])")
        typed.and_(page.get_by_label(label)).first.fill(text)
        then(page)

    return act


def fails(act: Act) -> Act:
    """Something that is refused, which the page says."""

    def acted(page: Page) -> None:
        act(page)
        expect(page.locator(".error-summary").first).to_be_visible()

    return acted


def collides(button: str, mine: Act, shows: str) -> Act:
    """Something that somebody else has changed after one has opened the page."""

    def act(page: Page) -> None:
        with closing(page.context.new_page()) as other:
            other.goto(page.url)
            mine(other)
            other.get_by_role("button", name=button, exact=True).first.click()
            expect(other.get_by_role("status").get_by_text("Saved").first).to_be_visible()
        mine(page)
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(page.get_by_text(shows).first).to_be_visible()

    return act


def notes(criterion: str) -> Act:
    """Choose what somebody else does not, with a note that nobody wrote before."""

    def act(page: Page) -> None:
        page.get_by_label("We don’t know.").first.check()
        more = page.locator(f"#question-{criterion} .answer-more")
        if more.get_attribute("open") is None:
            more.locator("summary").click()
        page.locator(f'[name="{criterion}-note"]').fill(uuid.uuid4().hex)

    return act


def another_bar(page: Page) -> None:
    bar = page.get_by_label("The bar")
    standing = int(bar.input_value())
    bar.fill(str((standing + (17 if len(page.context.pages) > 1 else 29)) % 101))


def changed_meanwhile(page: Page) -> None:
    with closing(page.context.new_page()) as other:
        other.goto(page.url.replace("/publish/", "/answers/decisions/"))
        notes("decisions")(other)
        other.get_by_role("button", name="Save, and next question").or_(
            other.get_by_role("button", name="Save, and on to the review")
        ).first.click()
        expect(other.get_by_role("status").get_by_text("Saved").first).to_be_visible()
    press("Publish for everybody to see")(page)


def publish_another(page: Page) -> None:
    page.evaluate("document.querySelector('[name=draft]').value = 'another'")
    press("Publish")(page)


class Seen(NamedTuple):
    """A page in a state: who opens it, with what in its address, and what they do then."""

    name: str
    state: str
    who: str = "steward"
    parts: Mapping[str, object] = {}
    act: Act | None = None
    query: str = ""


ALDER, HAZEL = {"slug": "alder"}, {"slug": "hazel"}


def _of(name: str, other: str = "", **parts: object) -> dict[str, object]:
    return {"slug": name, **({"other": other} if other else {}), **parts}


SEEN = (
    Seen("home", "filled"),
    Seen("about", "filled"),
    Seen("criteria", "filled"),
    Seen("criteria-edition", "current", "nobody", {"slug": "small"}),
    Seen("criteria-edition", "draft", "curator", {"slug": "next"}),
    Seen("criteria-changes", "the first", "nobody", {"slug": "first"}),
    Seen("criteria-changes", "filled", "nobody", {"slug": "small"}),
    Seen("paper", "filled"),
    Seen("organisations", "filled"),
    Seen("organisations", "nobody found", query="?q=zzz"),
    Seen("organisation", "filled", parts=ALDER),
    Seen("matches", "filled", parts=ALDER),
    Seen("mismatches", "filled", parts=ALDER),
    Seen("pair", "filled", parts=_of("alder", "birch")),
    Seen("pair", "with questions", parts=_of("alder", "dogwood")),
    Seen("published", "filled", parts=_of("alder", number=1)),
    # One's own account and desk.
    Seen("desk", "empty", "newcomer"),
    Seen("desk", "filled"),
    Seen("desk", "two organisations and an invitation", "busy"),
    Seen("you", "filled"),
    Seen("you", "error", act=fails(write("Your name", "\x07", press("Save your name")))),
    Seen("erase", "empty", "newcomer"),
    Seen("erase", "error", act=fails(press("Erase my account"))),
    Seen(
        "erase",
        "last steward",
        act=fails(write("Your password", PASSWORD, press("Erase my account"))),
    ),
    Seen("found", "empty", "newcomer"),
    Seen("found", "error", "newcomer", act=fails(press("Add it"))),
    Seen("invitation", "filled", "nobody", {"token": "OPEN"}),
    Seen("invitation", "not valid", "nobody", {"token": "none"}),
    Seen("invitation", "for another", parts={"token": "OPEN"}),
    # An organisation's own pages.
    Seen("describe", "filled", parts=ALDER),
    Seen(
        "describe",
        "error",
        parts=ALDER,
        act=fails(write("Website", "mailto:a", press("Save the description"))),
    ),
    Seen("members", "filled", parts=ALDER),
    Seen("members", "read", "viewer", ALDER),
    Seen("invite", "empty", parts=ALDER),
    Seen("invite", "error", parts=ALDER, act=fails(press("Send the invitation"))),
    Seen("member", "filled", parts=_of("alder", member_id="VIEWER")),
    Seen("leave", "filled", "viewer", ALDER),
    Seen("leave", "last steward", parts=ALDER),
    Seen("tasks", "empty", "founder", HAZEL),
    Seen("tasks", "filled", parts=ALDER),
    Seen("tasks", "read", "viewer", ALDER),
    Seen("question", "empty", "founder", _of("hazel", criterion="rules")),
    Seen("question", "filled", parts=_of("alder", criterion="outflow")),
    Seen("question", "read", "viewer", _of("alder", criterion="rules")),
    Seen(
        "question",
        "error",
        parts=_of("alder", criterion="licences"),
        act=fails(
            write("Licences, one on a line", "GPL-3 or so", press("Save, and on to the review"))
        ),
    ),
    Seen(
        "question",
        "conflict",
        parts=_of("alder", criterion="release-delay"),
        act=collides("Save, and on to the review", notes("release-delay"), "Two of you at once."),
    ),
    Seen("answers-dimension", "empty", "founder", _of("hazel", dimension="commons")),
    Seen("answers-dimension", "filled", parts=_of("alder", dimension="commons")),
    Seen("answers-dimension", "read", "viewer", _of("alder", dimension="democracy")),
    Seen(
        "answers-dimension",
        "error",
        parts=_of("alder", dimension="commons"),
        act=fails(write("The number", "a tenth", press("Save, and stay"))),
    ),
    Seen(
        "answers-dimension",
        "conflict",
        parts=_of("alder", dimension="commons"),
        act=collides("Save, and stay", notes("exchange"), "Two of you at once."),
    ),
    Seen("review", "empty", "founder", HAZEL),
    Seen("review", "filled", parts=ALDER),
    Seen("preview", "empty", "founder", HAZEL),
    Seen("preview", "filled", parts=ALDER),
    Seen("publish", "empty", "founder", HAZEL),
    Seen("publish", "filled", parts=ALDER),
    Seen("publish", "first", "steward", _of("oak")),
    Seen("publish", "error", parts=_of("oak"), act=fails(press("Publish for everybody to see"))),
    Seen("publish", "conflict", parts=ALDER, act=fails(changed_meanwhile)),
    Seen("withdraw", "filled", parts=ALDER),
    Seen("withdraw", "empty", "founder", HAZEL),
    Seen("remove", "empty", "founder", HAZEL),
    Seen("remove", "filled", parts=ALDER),
    Seen("requirements", "standard", "founder", HAZEL),
    Seen("requirements", "filled", parts=ALDER),
    Seen("requirements", "read", "viewer", ALDER),
    Seen("requirements", "error", parts=ALDER, act=fails(write("The bar", "120", press("Save")))),
    Seen(
        "requirements",
        "conflict",
        parts=ALDER,
        act=collides("Save", another_bar, "Somebody else has saved something"),
    ),
    Seen("news", "empty", "founder", HAZEL),
    Seen("news", "filled", parts=ALDER),
    Seen("doors", "empty", "founder", HAZEL),
    Seen("doors", "filled", parts=ALDER),
    Seen("doors", "in the way", "owner", _of("dogwood")),
    Seen("messages", "empty", "founder", HAZEL),
    Seen("messages", "filled", parts=ALDER),
    Seen("ask", "filled", parts=_of("alder", "dogwood")),
    Seen("ask", "nothing to ask", parts=_of("alder", "cedar")),
    Seen("write", "empty", parts=_of("alder", "birch")),
    Seen("write", "error", parts=_of("alder", "birch"), act=fails(press("Send"))),
    # The curators' desk.
    Seen("curation", "filled", "curator"),
    Seen("edition-upload", "empty", "curator"),
    Seen("edition-upload", "error", "curator", act=fails(press("Check and load as a draft"))),
    Seen(
        "edition-upload",
        "mistakes",
        "curator",
        act=fails(write("Or its text", "[edition]\nslug = 1", press("Check and load as a draft"))),
    ),
    Seen("edition", "current", "curator", {"slug": "small"}),
    Seen("edition", "draft", "curator", {"slug": "next"}),
    Seen("edition", "compared", "curator", {"slug": "richer"}),
    Seen("edition", "error", "curator", {"slug": "next"}, fails(press("Publish"))),
    Seen("edition", "outdated", "curator", {"slug": "next"}, fails(publish_another)),
    # Accounts.
    Seen("account_login", "empty", "nobody"),
    Seen("account_login", "error", "nobody", act=fails(press("Log in"))),
    Seen("account_signup", "empty", "nobody"),
    Seen("account_signup", "error", "nobody", act=fails(press("Sign up"))),
    Seen("account_logout", "filled"),
    Seen("account_inactive", "filled", "nobody"),
    Seen("account_email", "filled"),
    Seen("account_email", "error", act=fails(press("Change the address"))),
    Seen("account_email_verification_sent", "filled", "nobody"),
    Seen("account_confirm_email", "filled", "nobody", {"key": "OPEN"}),
    Seen("account_confirm_email", "not valid", "nobody", {"key": "none"}),
    Seen("account_change_password", "empty"),
    Seen("account_change_password", "error", act=fails(press("Save the new password"))),
    Seen("account_reset_password", "empty", "nobody"),
    Seen("account_reset_password", "error", "nobody", act=fails(press("Send the link"))),
    Seen("account_reset_password_done", "filled", "nobody"),
    Seen("account_reset_password_from_key", "empty", "nobody", {"uidb36": "OPEN", "key": "OPEN"}),
    Seen(
        "account_reset_password_from_key",
        "error",
        "nobody",
        {"uidb36": "OPEN", "key": "OPEN"},
        fails(press("Save the new password")),
    ),
    Seen("account_reset_password_from_key", "not valid", "nobody", {"uidb36": "a", "key": "b-c"}),
    Seen("account_reset_password_from_key_done", "filled", "nobody"),
)


def test_every_page_that_somebody_may_open_has_its_row() -> None:
    opened = {
        pattern.name
        for pattern in resolved()
        if Outcome.IN in ROUTES[str(pattern.name)].rules.get("GET", {}).values()
    }
    assert opened - NO_PAGES <= {one.name for one in SEEN}


class World:
    """Alder with its people, Hazel and Oak who have not published, and what is open for them."""

    def __init__(self) -> None:
        cast.publish_edition(FIRST)
        cast.publish_edition(cast.SMALL_TOML)
        cast.publish_assessments(cast.ALDER, cast.BIRCH, cast.CEDAR, cast.DOGWOOD)
        curation.load(edition_file.read(NEXT))
        curation.load(edition_file.read(RICHER))
        self.alder = Organisation.objects.get(slug="alder")
        self.people = {
            who: person(who.title())
            for who in ("newcomer", "founder", "steward", "viewer", "curator", "busy", "owner")
        }
        User.objects.filter(pk=self.people["curator"].pk).update(is_curator=True)
        self._join()
        self._write()
        self.cookies = {who: _session(user) for who, user in self.people.items()}

    def _join(self) -> None:
        steward, busy = self.people["steward"], self.people["busy"]
        for who, role in (("steward", Role.STEWARD), ("viewer", Role.VIEWER)):
            Membership.objects.create(organisation=self.alder, user=self.people[who], role=role)
        joining.found(self.people["founder"], slug="hazel", described={"name": "Hazel Builders"})
        oak = joining.found(busy, slug="oak", described={"name": "Oak", "country": "ES"})
        birch = Organisation.objects.get(slug="birch")
        dogwood = Organisation.objects.get(slug="dogwood")
        owner = self.people["owner"]
        for organisation, user in ((oak, steward), (birch, busy), (dogwood, owner)):
            Membership.objects.create(organisation=organisation, user=user, role=Role.STEWARD)
        self._draft(oak)
        now = datetime.now(UTC)
        for email in (busy.email, "kestrel@people.example"):
            _, self.token = joining.invite(
                self.alder, email=email, role=Role.EDITOR, by=steward, at=now
            )

    def _draft(self, oak: Organisation) -> None:
        mark = drafts.read(oak).mark("losses")
        drafting.save_answer(
            oak, "losses", Answer(level="no"), seen=mark, by=self.people["busy"], at=NOW
        )

    def _write(self) -> None:
        birch = Organisation.objects.get(slug="birch")
        ways = contact.Ways("", "", lambda _message, _slug: "")
        for sender, receiver, by in (
            (self.alder, birch, "steward"),
            (birch, self.alder, "busy"),
        ):
            contact.write(sender, receiver, "Shall we meet?", by=self.people[by], at=NOW, ways=ways)

    def address(self, seen: Seen) -> str:
        """The address of a row, with what is only known here put in."""
        parts = dict(seen.parts)
        if parts.get("member_id"):
            viewer = Membership.objects.get(organisation=self.alder, user=self.people["viewer"])
            parts["member_id"] = viewer.pk
        if parts.get("token") == "OPEN":
            parts["token"] = self.token
        if seen.name == "account_confirm_email" and parts["key"] == "OPEN":
            user = User.objects.create_user("new@people.example")
            made = EmailAddress.objects.create(user=user, email=user.email, primary=True)
            parts["key"] = EmailConfirmationHMAC(made).key
        if parts.get("uidb36") == "OPEN":
            user = self.people["newcomer"]
            parts = {
                "uidb36": user_pk_to_url_str(user),
                "key": default_token_generator.make_token(user),
            }
        return reverse(seen.name, kwargs=parts) + seen.query


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


class Served(NamedTuple):
    url: str
    world: World
    addresses: dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """All that is seen here, really stored, before the browser starts.

    By this name pytest-django knows that a test needs a database.
    """
    chromium.program()
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "LOCATION": uuid.uuid4().hex,
            }
        },
    )
    with django_db_blocker.unblock(), quick:
        yield World()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def site(db: World) -> Iterator[Served]:
    """The app as it is served, with the address of every row."""
    addresses = {(one.name, one.state): db.address(one) for one in SEEN}
    server = LiveServer("localhost")
    yield Served(server.url, db, addresses)
    server.stop()


@pytest.fixture(scope="module")
def browser(site: Served) -> Iterator[Browser]:
    """A browser that comes after the site and goes before it."""
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="module")
def people(browser: Browser, site: Served) -> dict[str, BrowserContext]:
    """Each with a phone of their own; nobody is logged in on the last."""
    found = {}
    for who in (*site.world.cookies, "nobody"):
        found[who] = browser.new_context(viewport={"width": 320, "height": 800})
        found[who].set_default_timeout(chromium.PATIENCE)
        if who != "nobody":
            name, value = django_settings.SESSION_COOKIE_NAME, site.world.cookies[who]
            found[who].add_cookies([{"name": name, "value": value, "url": site.url}])
    return found


@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: f"{seen.name}, {seen.state}")
def test_a_page_in_a_state_fits_is_accessible_and_stays_at_home(
    people: dict[str, BrowserContext], site: Served, seen: Seen
) -> None:
    with closing(people[seen.who].new_page()) as page:
        visit = Visit(page, site.url)
        visit.open(site.addresses[seen.name, seen.state])
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if seen.act is not None:
            seen.act(page)
        assert_fits(page)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert_fits(page)
        assert violations(page) == []
        assert visit.wrong == []


PRESSED = 400
"""How long a slow hand holds a button down, in milliseconds."""


@pytest.mark.parametrize("is_sent", [False, True], ids=["not yet sent", "on its way"])
def test_what_comes_back_while_a_button_is_pressed_takes_no_click_from_it(
    people: dict[str, BrowserContext], site: Served, is_sent: bool
) -> None:
    """A mistake that is told above the button would push it away from under the pointer."""
    with closing(people["steward"].new_page()) as page:
        visit = Visit(page, site.url)
        visit.open(site.addresses["question", "filled"])
        button = page.get_by_role("button", name="Save, and").first
        button.scroll_into_view_if_needed()
        place = button.bounding_box()
        assert place is not None
        page.mouse.move(place["x"] + 20, place["y"] + place["height"] / 2)
        under_way: list[Route] = []
        if is_sent:
            page.route(page.url, lambda route: under_way.append(route), times=1)
        with page.expect_request(page.url) if is_sent else nullcontext():
            page.get_by_role("textbox", name="The number").fill("a tenth")
        page.mouse.down()
        for request in under_way:
            request.continue_()
        page.wait_for_timeout(PRESSED)
        assert button.bounding_box() == place
        page.mouse.up()
        expect(page.locator(".error-summary").first).to_be_visible()
        # Once it is mended, nothing says any more that there is a problem.
        page.get_by_role("textbox", name="The number").fill("12.5")
        expect(page.locator(".saved")).to_be_visible()
        expect(page.locator(".error-summary")).to_have_count(0)
        assert visit.wrong == []


AFTER_TYPING = 2000
"""More than the time after which what is written is saved, in milliseconds."""


@contextmanager
def held_back(page: Page, script: str) -> Iterator[None]:
    """A slow line: what is done within is done before the script has come."""
    late: list[Route] = []
    page.route(f"**/js/{script}", lambda route: late.append(route), times=1)
    with page.expect_request(f"**/js/{script}"):
        yield
    late[0].continue_()


def test_what_is_written_before_the_scripts_are_there_is_saved_too(
    people: dict[str, BrowserContext], site: Served
) -> None:
    """On a slow line the fields come first, and nobody waits for the rest."""
    question = _of("hazel", criterion="outflow")
    with closing(people["founder"].new_page()) as page:
        visit = Visit(page, site.url)
        # Modules run in their order: none that follows has run either.
        with held_back(page, "panels.js"):
            page.goto(site.url + reverse("question", kwargs=question), wait_until="commit")
            page.get_by_role("textbox", name="The number").fill("11.5")
            expect(page.get_by_role("radio", name="We know the number")).not_to_be_checked()
            expect(page.locator(".saved")).to_have_count(0)
            answered = int(page.locator("#answered").inner_text())
        expect(page.locator(".saved")).to_be_visible()
        expect(page.locator("#answered")).to_have_text(str(answered + 1))
        page.reload()
        expect(page.get_by_role("textbox", name="The number")).to_have_value("11.5")
        expect(page.get_by_role("radio", name="We know the number")).to_be_checked()
        # What nobody has touched is not sent.
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        visit.open(reverse("answers-dimension", kwargs=_of("hazel", dimension="commons")))
        page.wait_for_timeout(AFTER_TYPING)
        assert "POST" not in sent
        assert visit.wrong == []


def test_who_leaves_with_something_unsent_is_asked_first(
    people: dict[str, BrowserContext], site: Served
) -> None:
    with closing(people["steward"].new_page()) as page:
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        page.goto(site.url + site.addresses["write", "empty"])
        text = page.get_by_role("textbox").last
        text.click()
        page.get_by_role("link", name="Criteria", exact=True).first.click()
        expect(page).to_have_url(re.compile("/criteria/"))
        page.go_back()
        text.click()
        page.keyboard.type("Could we share your oven?")
        page.get_by_role("link", name="Criteria", exact=True).first.click(no_wait_after=True)
        expect(text).to_have_value("Could we share your oven?")
        assert asked == ["beforeunload"]
        page.get_by_role("button", name="Send", exact=True).first.click()
        expect(page.get_by_role("status").first).to_be_visible()
        page.get_by_role("link", name="Criteria", exact=True).first.click()
        expect(page).to_have_url(re.compile("/criteria/"))
        assert asked == ["beforeunload"]


def test_a_script_that_comes_late_takes_nobody_away_from_their_field(
    people: dict[str, BrowserContext], site: Served
) -> None:
    with closing(people["steward"].new_page()) as page:
        Visit(page, site.url).open(site.addresses["requirements", "filled"])
        page.get_by_label("The bar", exact=True).fill("120")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator(".error-summary")).to_be_focused()
    with closing(people["steward"].new_page()) as page:
        visit = Visit(page, site.url)
        visit.open(site.addresses["requirements", "filled"])
        page.get_by_label("The bar", exact=True).fill("120")
        with held_back(page, "focus.js"):
            page.get_by_role("button", name="Save", exact=True).first.click(no_wait_after=True)
            expect(page.locator(".error-summary")).to_be_visible()
            page.get_by_label("The bar", exact=True).focus()
        page.wait_for_load_state("load")
        expect(page.get_by_label("The bar", exact=True)).to_be_focused()
        assert visit.wrong == []
