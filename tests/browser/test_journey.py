"""From sign-up to one's own list, and the curator's way, as people go them in a real browser."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer

from assessments import tasks
from orgs.models import User
from tests import cast
from tests.browser import chromium
from tests.browser.hands import Hands, Keyboard, Pointer
from tests.browser.visiting import assert_fits, violations, visit

PASSWORD = "hazel-rope-lantern"
FOUNDER, COLLEAGUE, CURATOR = (f"{name}@hazel.example" for name in ("ana", "emre", "cato"))
MAY_NOT_APPLY = ("importance = 2\nlevels", "importance = 2\nallow_na = true\nlevels")
SHOWN_OTHERWISE = ('evidence = "required"', 'evidence = "optional"\nmeaning = 2')
FIRST = cast.edition_toml("small", MAY_NOT_APPLY)
NEXT = cast.edition_toml("next", MAY_NOT_APPLY, SHOWN_OTHERWISE)
# Where to keep a picture of every step, for whoever wants to look at them.
PICTURES = os.environ.get("JOURNEY_PICTURES")


@dataclass(frozen=True)
class Mode:
    """How somebody goes the way."""

    name: str
    has_scripts: bool = True
    width: int = 1280
    has_pointer: bool = True
    is_looked_at: bool = False


MODES = (
    Mode("with scripts", is_looked_at=True),
    Mode("without scripts", has_scripts=False),
    Mode("by keyboard", has_pointer=False),
    Mode("on a phone", width=320),
)


@pytest.fixture
def db(quick: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The cast and a curator, really stored before the browser starts.

    By this name pytest-django knows that a test needs a database.
    """
    chromium.program()
    with django_db_blocker.unblock():
        cast.publish_edition(FIRST)
        cast.publish_assessments(cast.ALDER, cast.BIRCH, cast.CEDAR, cast.DOGWOOD)
        curator = User.objects.create_user(CURATOR, PASSWORD, name="Cato", is_curator=True)
        EmailAddress.objects.create(user=curator, email=CURATOR, verified=True, primary=True)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def quick(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords fast, count attempts for one test only, and ring for no worker."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": uuid.uuid4().hex,
        }
    }
    monkeypatch.setattr(tasks, "ring", lambda: None)


@pytest.fixture
def site(db: None) -> Iterator[str]:
    """The address at which the app is served."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """A browser that comes after the site and goes before it."""
    with chromium.started() as started:
        yield started


class Person:
    """Somebody with a browser, on their way."""

    def __init__(self, page: Page, hands: Hands, mode: Mode) -> None:
        self.page, self.hands, self.mode = page, hands, mode
        self.steps = count(1)

    def sees(self, text: str) -> None:
        """Something on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_at(self, title: str) -> None:
        """A page that has come, by its title; it fits the window and breaks no rule."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        self.looks(title)

    def looks(self, step: str) -> None:
        """At the page as it is now, with all that makes it look so."""
        self.page.wait_for_load_state("load")
        if PICTURES:
            name = f"{self.mode.name}-{next(self.steps):02}-{step}".replace(" ", "-")
            path = Path(PICTURES) / f"{re.sub('[^a-zA-Z0-9-]', '', name)}.png"
            self.page.screenshot(path=path, full_page=True)
        if self.mode.has_scripts:
            assert_fits(self.page)
        if self.mode.is_looked_at:
            assert (self.page.url, violations(self.page)) == (self.page.url, [])

    def opens_mail(self, to: str, about: str) -> None:
        """The link of the latest mail to an address."""
        letter = next(one for one in reversed(mail.outbox) if to in one.to)
        assert about in str(letter.body)
        link = re.search(r"https?://\S+", str(letter.body))
        assert link is not None
        self.page.goto(link[0])


@contextmanager
def somebody(browser: Browser, site: str, mode: Mode) -> Iterator[Person]:
    viewport = {"width": mode.width, "height": 800}
    with visit(browser, site, viewport=viewport, java_script_enabled=mode.has_scripts) as visiting:
        page = visiting.open("/")
        hands: Hands = Pointer(page) if mode.has_pointer else Keyboard(page)
        yield Person(page, hands, mode)


def sign_up(person: Person, address: str, name: str, site: str) -> None:
    """From the page with the form to the mail that is waiting."""
    person.is_at("Sign up")
    person.hands.write("E-mail address", address)
    person.hands.write("Password", PASSWORD)
    person.hands.write("Your name", name)
    person.hands.press("Sign up")
    person.is_at("Look into your mail")
    person.opens_mail(address, "confirm")
    person.is_at("Confirm your address")
    person.hands.press("Yes, confirm it")


def log_in(person: Person, address: str) -> None:
    person.hands.follow("Log in")
    person.is_at("Log in")
    person.hands.write("E-mail address", address)
    person.hands.write("Password", PASSWORD)
    person.hands.press("Log in")
    person.is_at("Your desk")


def found(person: Person) -> None:
    hands = person.hands
    hands.follow("Add your organisation")
    person.is_at("Add your organisation")
    hands.press("Add it")
    person.sees("Write the name of your organisation.")
    person.looks("nothing filled in")
    hands.write("Name", "Hazel Builders")
    hands.write("In a few sentences", "We build roofs with those who live under them.")
    hands.write("What you work in", "building, advice")
    hands.pick("Country", "Spain")
    hands.write("Place", "Cádiz")
    hands.press("Add it")


def invite(person: Person) -> None:
    person.hands.follow("Members")
    person.is_at("Members of Hazel Builders")
    person.hands.follow("Invite somebody")
    person.is_at("Invite somebody to Hazel Builders")
    person.hands.write("E-mail address", COLLEAGUE)
    person.hands.choose("Editor")
    person.hands.press("Send the invitation")
    person.is_at("Members of Hazel Builders")
    person.sees(COLLEAGUE)


def join(person: Person, site: str) -> None:
    person.opens_mail(COLLEAGUE, "invites you")
    person.is_at("Hazel Builders invites you")
    person.hands.follow("Sign up")
    sign_up(person, COLLEAGUE, "Emre", site)
    person.is_at("Hazel Builders invites you")
    person.hands.press("Accept")
    person.is_at("Your desk")
    person.sees("You belong to Hazel Builders now")


RULES = "Are the rules of your main commons written and public?"
LOSSES = "Are losses put on those who work?"
DELAY = "How long do you wait before you publish?"
DECISIONS = "How do members decide?"
OUTFLOW = "What share of the surplus goes to others?"
LICENCES = "Under which licences do you publish?"
EXCHANGE = "What do you offer, and what do you need?"


def saves(person: Person, button: str = "Save, and next question") -> None:
    """Saved at once where there are scripts, and on to the next page with the button."""
    if person.mode.has_scripts:
        expect(person.page.locator(".saved")).to_be_visible()
        person.looks("saved at once")
    person.hands.press(button)


def answer_alone(person: Person) -> None:
    """A but, what does not apply, and what is kept private."""
    hands = person.hands
    hands.follow("Go to our answers")
    person.is_at("Our answers")
    hands.follow("Start with the first question")
    person.is_at(RULES)
    hands.choose("They are public.")
    person.sees("Needed here: without a link this counts as not yet known.")
    hands.write("Links that show it", "https://hazel.example/rules")
    saves(person)
    person.is_at(LOSSES)
    hands.choose("No, but…")
    hands.write("But what?", "in 2019 half of one was")
    person.sees("until the but is gone")
    saves(person)
    person.is_at(DELAY)
    hands.choose("It does not apply to us.")
    hands.write("Why does it not apply?", "We build; we publish nothing.")
    saves(person)
    person.is_at(DECISIONS)


def collide(founder: Person, colleague: Person) -> None:
    """Both have the same question open; who comes second is told, and decides."""
    colleague.hands.follow("Go to our answers")
    colleague.is_at("Our answers")
    colleague.hands.unfold("2 questions in Democracy")
    colleague.hands.follow(DECISIONS)
    colleague.is_at(DECISIONS)
    colleague.hands.choose("Consent")
    saves(colleague)
    colleague.is_at(OUTFLOW)
    founder.hands.choose("Majority vote")
    if not founder.mode.has_scripts:
        founder.hands.press("Save, and next question")
    founder.sees("Two of you at once. Yours is not saved yet.")
    founder.sees("Emre changed this answer")
    founder.looks("conflict")
    founder.hands.press("Save mine in its place")
    founder.is_at(OUTFLOW)


def answer_together(founder: Person, colleague: Person) -> None:
    """Numbers, licences with a mistake, offers; until nothing is open."""
    colleague.hands.follow("Our answers")
    colleague.is_at("Our answers")
    colleague.sees("changed")
    colleague.hands.unfold("5 questions in Commons")
    colleague.hands.follow(EXCHANGE)
    colleague.is_at(EXCHANGE)
    colleague.hands.write("We offer, one thing", "roofs\nadvice on timber")
    colleague.hands.write("We need, one thing", "web hosting")
    saves(colleague, "Save, and back to the list")
    colleague.is_at("Our answers")

    founder.hands.write("The number", "a tenth")
    founder.hands.press("Save, and next question")
    expect(founder.page.locator(".error-summary")).to_be_visible()
    founder.looks("no number")
    founder.sees("only the number")
    founder.hands.write("The number", "12.5")
    founder.hands.unfold("A link, a note")
    founder.hands.tick("Keep this answer private")
    saves(founder)
    founder.is_at(LICENCES)
    founder.hands.write("Licences, one on a line", "GPL-3 or so")
    founder.hands.press("Save, and on to the review")
    expect(founder.page.locator(".error-summary")).to_be_visible()
    founder.looks("no licence")
    founder.hands.write("Licences, one on a line", "AGPL-3.0-or-later")
    saves(founder, "Save, and on to the review")
    founder.is_at("Review")
    founder.sees("“Yes, but”: 1")


def ask_of_others(person: Person) -> None:
    person.hands.follow("What we ask")
    person.is_at("What Hazel Builders asks of others")
    person.hands.write("The bar", "120")
    person.hands.press("Save")
    person.sees("The bar: write a whole number from 0 to 100.")
    person.looks("no bar")
    person.hands.write("The bar", "50")
    person.hands.press("Save")
    person.sees("Saved. Others see it, and it counts, once you publish.")
    person.sees("The bar differs from the standard policy.")
    person.looks("asks changed")


def publish(person: Person) -> None:
    person.hands.follow("Publish")
    person.is_at("Publish")
    person.hands.press("Publish for everybody to see")
    person.sees("Tick that this is what you ask of others.")
    person.looks("unconfirmed")
    person.hands.tick("This is what we ask of others.")
    person.hands.press("Publish for everybody to see")
    person.is_at("Published")


def look_around(person: Person) -> None:
    """One's own page, the list, a pair with its reasons, and a question to the other."""
    hands = person.hands
    hands.follow("Our page, as everybody sees it")
    person.is_at("Hazel Builders")
    person.sees("in 2019 half of one was")
    hands.follow("Who fits us")
    person.is_at("Who fits Hazel Builders")
    hands.follow("Dogwood")
    person.is_at("Hazel Builders and Dogwood")
    person.sees("Not yet known.")
    hands.follow("Ask Dogwood")
    person.is_at("Ask Dogwood")
    hands.press("Ask Dogwood")
    person.is_at("Hazel Builders and Dogwood")
    person.sees("Dogwood was asked")


def log_out(person: Person) -> None:
    person.hands.follow("Your desk")
    person.is_at("Your desk")
    person.hands.press("Log out")
    expect(person.page.get_by_role("link", name="Log in").first).to_be_visible()


def curate(person: Person) -> None:
    """Hand in, mend, compare, publish, and see how far the computing has come."""
    hands = person.hands
    log_in(person, CURATOR)
    hands.follow("Curation")
    person.is_at("Curation")
    hands.follow("Upload an edition")
    person.is_at("Upload an edition")
    hands.write("Or its text", NEXT.replace('kind = "choice"', 'kind = "choices"', 1))
    hands.press("Check and load as a draft")
    person.sees("One mistake: nothing was loaded")
    person.looks("mistake")
    hands.write("Or its text", NEXT)
    hands.press("Check and load as a draft")
    person.is_at("A small edition")
    person.sees("What publishing sets off")
    person.sees("asked anew: earlier answers stop counting")
    hands.press("Publish")
    person.sees("Type next, exactly so.")
    person.looks("not typed")
    hands.write("Type next to publish it", "next")
    hands.press("Publish")
    person.is_at("Curation")
    person.sees("is the current edition")
    person.sees("Verdicts are being worked out anew")
    hands.follow("Look again")
    person.is_at("Curation")
    log_out(person)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_from_sign_up_to_ones_own_list(browser: Browser, site: str, mode: Mode) -> None:
    with somebody(browser, site, mode) as founder, somebody(browser, site, mode) as colleague:
        founder.hands.follow("Log in")
        founder.hands.follow("I have no account yet: sign up")
        sign_up(founder, FOUNDER, "Ana", site)
        founder.is_at("Your desk")
        founder.hands.press("Log out")
        log_in(founder, FOUNDER)
        found(founder)
        founder.is_at("Your desk")
        invite(founder)
        founder.hands.follow("Your desk")
        founder.is_at("Your desk")
        join(colleague, site)
        answer_alone(founder)
        collide(founder, colleague)
        answer_together(founder, colleague)
        ask_of_others(founder)
        publish(founder)
        look_around(founder)
        log_out(founder)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_the_curators_way(browser: Browser, site: str, mode: Mode) -> None:
    with somebody(browser, site, mode) as curator:
        curate(curator)
