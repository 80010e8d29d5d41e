"""What organisations write to each other: who may, what arrives, how it is read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import contact
from assessments.models import Ask, Edition
from orgs.models import Membership, Message, Organisation, User
from tests.cast import Cast
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

PAIR = "/organisations/alder/with/dogwood/"
ASK = f"{PAIR}ask/"
WRITE = f"{PAIR}write/"
MESSAGES = "/organisations/alder/messages/"
THEIRS = "/organisations/dogwood/messages/"
BACK = "/organisations/dogwood/with/alder/write/"
TEXT = "Would you like to meet in March?"
PASSWORD = "hazel-rope-lantern"


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def main(client: Client, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200
    return read(answer.content).one("main")


# The ladder of what is written


@pytest.mark.parametrize("address", [ASK, WRITE, MESSAGES])
def test_only_those_who_may_write_come_in(cast: Cast, address: str) -> None:
    for role, status in (("steward", 200), ("editor", 200), ("viewer", 403)):
        assert people.member(cast.alder, role).get(address).status_code == status
    stranger = people.member(cast.birch)
    not_there = stranger.get(address.replace("alder", "nobody"))
    not_yours = stranger.get(address)
    assert not_there.status_code == not_yours.status_code == 404
    assert not_there.content == not_yours.content
    assert Client().get(address).status_code == 302
    if address != MESSAGES:
        assert stranger.post(address, {"text": TEXT}).status_code == 404
        assert (
            Client().post(address, {"text": TEXT}).status_code == 401
        )  # What was typed is carried along.
        assert people.member(cast.alder, "viewer").post(address).status_code == 403
    assert people.member(cast.alder).put(address).status_code == 405
    assert not Message.objects.exists()


@pytest.mark.parametrize("address", [ASK, WRITE])
def test_the_other_side_must_be_there(steward: Client, address: str) -> None:
    Organisation.objects.create(slug="hidden", name="Hidden")
    for other in ("nobody", "hidden", "alder"):
        assert steward.get(address.replace("dogwood", other)).status_code == 404
        assert steward.post(address.replace("dogwood", other)).status_code == 404


# Writing


def test_a_message_shows_no_address_and_can_be_answered(
    steward: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    them = people.member(cast.dogwood)
    with django_capture_on_commit_callbacks(execute=True):
        assert steward.post(WRITE, {"text": TEXT})["Location"] == MESSAGES
    (sent,) = mail.outbox
    assert sent.subject == "Alder has written to you"
    assert TEXT in sent.body
    page = read(them.get("/organisations/dogwood/messages/").content)
    assert TEXT in page.one("main").text
    assert "@" not in page.one("main").text
    (back,) = [one for one in page.one("main").all("a") if "Write back" in one.text]
    assert them.post(back.attributes["href"], {"text": "Yes, gladly."}).status_code == 302
    assert "Yes, gladly." in read(steward.get(MESSAGES).content).one("main").text


def test_who_has_withdrawn_can_still_be_answered(steward: Client, cast: Cast) -> None:
    steward.post(WRITE, {"text": TEXT})
    cast.alder.sheet.delete()
    them = people.member(cast.dogwood)
    assert them.post("/organisations/dogwood/with/alder/write/", {"text": TEXT}).status_code == 302
    assert (
        people.member(cast.birch).get("/organisations/birch/with/alder/write/").status_code == 404
    )
    answer = people.member(cast.alder).post(
        "/organisations/alder/with/birch/write/", {"text": TEXT}
    )
    assert "Publish first" in read(answer.content).one("div", "error-summary").text


def test_a_mail_that_cannot_be_sent_loses_nothing(
    steward: Client,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    people.member(cast.dogwood)

    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        assert steward.post(WRITE, {"text": TEXT}).status_code == 302
    assert Message.objects.get().text == TEXT
    assert "could not be sent" in caplog.text


def test_there_is_a_most_a_day(steward: Client, cast: Cast) -> None:
    for _ in range(contact.MOST_A_DAY):
        assert steward.post(WRITE, {"text": TEXT}).status_code == 302
    answer = steward.post(WRITE, {"text": "One more, please."})
    assert "within a day" in read(answer.content).one("div", "error-summary").text
    assert "One more, please." in read(answer.content).one("textarea").text
    assert Message.objects.count() == contact.MOST_A_DAY


def test_a_name_of_many_lines_makes_no_header(
    cast: Cast, steward: Client, django_capture_on_commit_callbacks: Any
) -> None:
    Organisation.objects.filter(slug="alder").update(name="Alder\r\nBcc: all@coop.example")
    people.member(cast.dogwood)
    with django_capture_on_commit_callbacks(execute=True):
        steward.post(WRITE, {"text": TEXT})
    assert mail.outbox[0].subject == "Alder Bcc: all@coop.example has written to you"
    assert len(mail.outbox[0].recipients()) == 1


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(people.FUZZ) | st.text(max_size=6000), name=st.text(max_size=9))
def test_whatever_is_written_nothing_breaks(cast: Cast, text: str, name: str) -> None:
    Message.objects.all().delete()
    email = "fuzz@alder.example"
    if not User.objects.filter(email=email).exists():
        user = User.objects.create_user(email)
        Membership.objects.create(organisation=cast.alder, user=user, role="steward")
    client = Client()
    client.force_login(User.objects.get(email=email))
    answer = people.send(client, WRITE, {"text": text, f"x{name}": "1", "sender": "birch"})
    assert answer.status_code in {200, 302}
    for message in Message.objects.all():
        assert (message.sender, message.receiver) == (cast.alder, cast.dogwood)
        assert 10 <= len(message.text) <= 5000
    if answer.status_code == 200:
        assert not Message.objects.exists()
        assert re.search(r"error-summary", answer.content.decode())
    assert Edition.objects.count() == 1


# Letters as they are read


QUESTIONS = ["One?", "Two?", "Three?"]


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Hello.\n– One?\n\nBye.", [], contact.Letter("Hello.\n– One?\n\nBye.")),
        ("Hello.", ["one"], contact.Letter("Hello.")),
        (
            "Hello:\n\n– One?\n– Two?\n\n– mine\nBye.",
            ["one", "two"],
            contact.Letter(
                "Hello:",
                (contact.Question("one", "One?"), contact.Question("two", "Two?")),
                "– mine\nBye.",
            ),
        ),
        (
            "– One?",
            ["one", "two"],
            contact.Letter("", (contact.Question("one", "One?"),), ""),
        ),
    ],
    ids=["no ask", "no question", "own words with dashes", "fewer than were asked"],
)
def test_the_questions_of_a_letter_are_taken_out_of_its_text(
    text: str, asked: list[str], expected: contact.Letter
) -> None:
    assert contact.letter(text, asked) == expected


@pytest.mark.parametrize(("count", "folded"), [(1, 0), (5, 0), (6, 1), (60, 55)])
def test_of_many_questions_the_first_five_are_unfolded(
    steward: Client, cast: Cast, count: int, folded: int
) -> None:
    questions = [contact.Question(f"q{number}", f"Number {number}?") for number in range(count)]
    questions[0] = contact.Question("rules", "Are they public?")
    message = Message.objects.create(
        sender=cast.dogwood,
        receiver=cast.alder,
        text=contact.words_of_ask(cast.dogwood, questions, text="Until May."),
    )
    Ask.objects.create(message=message, criteria=[one.slug for one in questions])
    letter = main(steward, MESSAGES).one("blockquote", "letter")
    items = [one.text for one in letter.all("li")]
    assert items == ["Are they public? answered", *(one.text for one in questions[1:])]
    assert sum(len(one.all("li")) for one in letter.all("details")) == folded
    # What the criteria of today do not know leads nowhere.
    links = [one.attributes["href"] for one in letter.all("a")]
    ours = "/organisations/alder/answers/rules/"
    assert links == [f"{ours}?for=dogwood&message={message.pk}"]
    assert letter.text.startswith("Dogwood would like to know")
    assert "Until May." in letter.text


def headings(client: Client, address: str) -> list[tuple[str, list[str]]]:
    return [
        (one.text, [way.attributes["href"] for way in one.all("a")])
        for one in main(client, address).all("h2")
    ]


def test_a_heading_leads_to_the_pair_or_the_profile_or_nowhere(steward: Client, cast: Cast) -> None:
    steward.post(WRITE, {"text": TEXT})
    them = people.member(cast.dogwood)
    assert headings(steward, MESSAGES) == [("To Dogwood", [PAIR])]
    assert headings(them, THEIRS) == [("From Alder", ["/organisations/dogwood/with/alder/"])]
    assert steward.get(PAIR).status_code == 200
    cast.alder.sheet.delete()
    assert headings(steward, MESSAGES) == [("To Dogwood", ["/organisations/dogwood/"])]
    assert headings(them, THEIRS) == [("From Alder", [])]


def test_who_writes_back_has_the_letter_before_them(steward: Client, cast: Cast) -> None:
    them = people.member(cast.dogwood)
    assert main(them, BACK).all("details") == []
    for text in ("The first letter.", "The second letter."):
        steward.post(WRITE, {"text": text})
    ways = [one.attributes["href"] for one in main(them, THEIRS).all("a") if "back" in one.text]
    for way, text in zip(ways, ("The second letter.", "The first letter."), strict=True):
        folded = main(them, way).one("details")
        assert folded.one("summary").text.startswith("What Alder wrote on ")
        assert folded.one("blockquote").text == text
        refused = read(them.post(way, {"text": "short"}).content)
        assert refused.one("details").one("blockquote").text == text


def test_only_what_the_other_wrote_to_one_is_shown(steward: Client, cast: Cast) -> None:
    birch, them = people.member(cast.birch), people.member(cast.dogwood)
    birch.post("/organisations/birch/with/alder/write/", {"text": "Only for Alder to read."})
    secret = Message.objects.get().pk
    steward.post(WRITE, {"text": TEXT})
    for number in (str(secret), "0", "-1", "x", "\u0663", "9" * 18, "9" * 5000, "%00"):
        shown = main(them, f"{BACK}?to={number}").one("details").one("blockquote")
        assert shown.text == TEXT


# Kept over a log-in


def kept(client: Client, address: str, sent: dict[str, Any]) -> Element:
    """What somebody finds who was logged out before they sent a form, and logs in again."""
    form = read(client.get(address).content).one("main").one("form")
    hidden = {
        one.attributes["name"]: one.attributes["value"]
        for one in form.all("input")
        if one.attributes["type"] == "hidden"
    }
    # Only now, since a new password ends the session.
    user = User.objects.latest("pk")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    stranger = Client()
    login = read(stranger.post(address, {**hidden, **sent}).content)
    (carried,) = [one for one in login.all("input") if one.attributes.get("name") == "kept"]
    answer = stranger.post(
        "/account/login/",
        {"kept": carried.attributes["value"], "login": user.email, "password": PASSWORD},
    )
    return read(answer.content).one("main")


def test_a_kept_message_says_to_whom_it_goes(steward: Client, cast: Cast) -> None:
    page = kept(steward, WRITE, {"text": TEXT})
    assert page.one("h1").text == "Not sent yet"
    assert "Your message to Dogwood" in page.text
    assert [one.text for one in page.all("blockquote")] == [TEXT]
    assert page.one("button").text == "Send it to Dogwood now"
    assert not Message.objects.exists()


def test_kept_questions_say_to_whom_they_go(steward: Client, cast: Cast) -> None:
    page = kept(steward, ASK, {"questions": ["rules", "losses"], "text": TEXT})
    assert page.one("h1").text == "Not sent yet"
    assert "Your questions to Dogwood" in page.text
    assert page.one("button").text == "Ask Dogwood now"
    sent = [
        one.attributes["value"]
        for one in page.all("input")
        if one.attributes["name"] == "questions"
    ]
    assert sent == ["rules", "losses"]


def test_a_kept_answer_says_to_which_question(steward: Client, cast: Cast) -> None:
    page = kept(steward, "/organisations/alder/answers/rules/", {"answer": "no"})
    assert page.one("h1").text == "Not saved yet"
    question = "Are the rules of your main commons written and public?"
    assert f"Your answer to “{question}”" in page.text
    assert page.all("blockquote") == []
    assert page.one("button").text == "Save this answer now"


def test_kept_answers_say_what_they_are_about(steward: Client, cast: Cast) -> None:
    page = kept(steward, "/organisations/alder/answers/in/commons/", {"rules-answer": "no"})
    assert "Your answers on “Commons stewardship”" in page.text
    assert page.one("button").text == "Save these answers now"
