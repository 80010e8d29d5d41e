"""Asking another organisation: which questions, a few words of one's own, once a week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import dateformat, timezone

from assessments import contact
from assessments.models import Ask
from orgs.models import Message, Organisation
from tests.cast import ALDER, BIRCH, DOGWOOD, Cast, publish_assessments
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

PAIR = "/organisations/alder/with/dogwood/"
ASK = f"{PAIR}ask/"
WRITE = f"{PAIR}write/"
MESSAGES = "/organisations/alder/messages/"
OPEN = ["rules", "losses", "decisions", "outflow", "licences"]
"""What Alder asks and Dogwood has not said or shown: two deal-breakers, then by importance."""


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def ask(client: Client, *questions: str, **others: str) -> Any:
    return client.post(ASK, {"questions": list(questions), **others})


def boxes(page: Element) -> dict[str, bool]:
    """The questions that one may ask, and whether each is ticked."""
    return {
        one.attributes["value"]: "checked" in one.attributes
        for one in page.all("input")
        if one.attributes.get("type") == "checkbox"
    }


def shown(answer: Any) -> Element:
    assert answer.status_code == 200
    return read(answer.content).one("main")


# Who can ask

CAN_ASK = "Stewards and editors of Alder can ask for it."


@pytest.mark.parametrize("role", ["viewer", "editor", "steward"])
def test_who_cannot_ask_reads_who_can(cast: Cast, role: str) -> None:
    page = shown(people.member(cast.alder, role).get(PAIR))
    assert "What to ask Dogwood" in [one.text for one in page.all("h2")]
    asks = ASK in [one.attributes["href"] for one in page.all("a")]
    assert asks == (role != "viewer")
    assert (CAN_ASK in page.text) == (role == "viewer")


def test_others_read_nothing_of_asking(cast: Cast) -> None:
    assert CAN_ASK not in shown(Client().get(PAIR)).text


# Which questions


def test_those_that_would_do_together_are_ticked_and_come_first(steward: Client) -> None:
    page = shown(steward.get(ASK))
    assert list(boxes(page)) == OPEN
    assert boxes(page) == {slug: slug != "licences" for slug in OPEN}
    assert "The four that come first would be enough together" in page.text
    assert page.all("details") == []
    pair = shown(steward.get(PAIR))
    assert "These four open questions would do together" in pair.text


@pytest.mark.parametrize(
    ("threshold", "would_do", "said"),
    [
        (64, ["outflow", "release-delay", "licences"], "Any one of the three that come first"),
        (70, ["outflow"], "The one that is ticked would be enough, answered well"),
        (80, ["outflow", "licences"], "The two that come first would be enough together"),
    ],
)
def test_only_those_that_would_do_are_ticked(
    cast: Cast, threshold: int, would_do: list[str], said: str
) -> None:
    known = {slug: BIRCH["answers"][slug] for slug in ("rules", "losses", "decisions")}
    publish_assessments(
        {**ALDER, "requirements": {"threshold": threshold}},
        {**DOGWOOD, "answers": known},
    )
    page = shown(people.member(cast.alder).get(ASK))
    ticked = [slug for slug, is_ticked in boxes(page).items() if is_ticked]
    assert ticked == would_do
    assert list(boxes(page))[: len(ticked)] == ticked
    assert said in page.text


def test_where_more_would_do_than_are_ticked_all_of_them_come_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.contact.TICKED", 1)
    publish_assessments({**ALDER, "requirements": {"threshold": 80}})
    known = {slug: BIRCH["answers"][slug] for slug in ("rules", "losses", "decisions")}
    publish_assessments({**DOGWOOD, "answers": known})
    page = shown(people.member(cast.alder).get(ASK))
    assert boxes(page) == {"outflow": True, "licences": False, "release-delay": False}
    assert list(boxes(page)) == ["outflow", "licences", "release-delay"]
    assert (
        "The two that come first would be enough together, answered well; one of them is ticked."
        in (page.text)
    )


def test_where_no_answers_would_do_the_first_are_ticked(cast: Cast) -> None:
    answers = {"rules": {"level": "no"}, "outflow": {"value": 0}}
    publish_assessments({**DOGWOOD, "answers": answers})
    page = shown(people.member(cast.alder).get(ASK))
    assert boxes(page)
    assert all(boxes(page).values())
    assert "The deal-breakers of Alder come first" in page.text


def test_of_many_those_that_decide_are_ticked_and_the_others_folded(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.contact.TICKED", 2)
    page = shown(steward.get(ASK))
    assert boxes(page) == {slug: slug in ("rules", "losses") for slug in OPEN}
    folded = page.one("details")
    assert list(boxes(folded)) == OPEN[2:]
    assert folded.one("summary").text == "Three more questions"
    assert "open" not in folded.attributes


def test_what_is_folded_away_is_unfolded_where_it_is_ticked(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.contact.TICKED", 2)
    page = shown(ask(steward, "licences", text="short"))
    assert boxes(page) == {slug: slug == "licences" for slug in OPEN}
    assert "open" in page.one("details").attributes
    page = shown(ask(steward, "rules", text="short"))
    assert "open" not in page.one("details").attributes


def test_at_least_one_has_to_be_ticked_and_nothing_is_lost(steward: Client) -> None:
    answer = ask(steward, text="We would start with a server.")
    page = shown(answer)
    assert read(answer.content).one("title").text.startswith("Error: ")
    (way,) = page.one("div", "error-summary").all("a")
    assert way.text == "Choose at least one question."
    targets = {one.attributes.get("id") for one in page.walk()}
    assert way.attributes["href"].removeprefix("#") in targets
    assert not any(boxes(page).values())
    assert page.one("textarea").text == "We would start with a server."
    assert not Message.objects.exists()


@pytest.mark.parametrize("foreign", ["release-delay", "exchange", "nobody", "", "\x00", "é" * 3000])
def test_only_what_is_open_can_be_asked(steward: Client, foreign: str) -> None:
    """Dogwood has answered one of these, one is never asked, the others are nobody's."""
    page = shown(ask(steward, "rules", foreign, text="We would start with a server."))
    assert "not open any more" in page.one("div", "error-summary").text
    assert [slug for slug, is_ticked in boxes(page).items() if is_ticked] == ["rules"]
    assert page.one("textarea").text == "We would start with a server."
    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["short", "x" * 5001, "Take \x00 out of this."])
def test_ones_own_words_have_the_limits_of_a_message(steward: Client, text: str) -> None:
    page = shown(ask(steward, "losses", text=text))
    assert len(page.one("div", "error-summary").all("a")) == 1
    assert [slug for slug, is_ticked in boxes(page).items() if is_ticked] == ["losses"]
    assert page.one("textarea").text == text
    assert not Message.objects.exists()


def test_ones_own_words_are_plain_and_stand_below_the_questions(
    steward: Client, cast: Cast
) -> None:
    ask(steward, "rules", text="<b>Bold</b> & – a dash\n– and another")
    them = people.member(cast.dogwood)
    answer = them.get("/organisations/dogwood/messages/")
    letter = shown(answer).one("blockquote")
    assert [one.text for one in letter.all("a")] == [
        "Are the rules of your main commons written and public?"
    ]
    assert "<b>Bold</b> & – a dash" in letter.text
    assert letter.all("b") == []


def test_the_form_reads_as_the_letter_will(steward: Client) -> None:
    page = shown(steward.get(ASK))
    letter = page.one("blockquote", "letter")
    text = letter.text
    assert text.startswith("Alder would like to know whether it could work with you.")
    assert text.endswith("the verdict follows from it, whatever it is.")
    # In it "you" is who reads it; what speaks to who writes stands outside.
    assert letter.all("input") == letter.all("textarea") == letter.all("label") == []
    assert page.text.count(" yours ") == text.count(" yours ") == 1
    assert page.one("legend").text == "Which questions?"
    assert "What Dogwood will read" in [one.text for one in page.all("h2")]


def test_who_has_said_everything_is_asked_nothing(steward: Client, cast: Cast) -> None:
    address = ASK.replace("dogwood", "birch")
    assert "nothing left to ask" in shown(steward.get(address)).text
    answer = steward.post(address, {"questions": ["rules"], "text": "We would like to know."})
    assert "nothing left to ask" in shown(answer).text
    assert not Message.objects.exists()


# Asking


def test_asking_tells_the_stewards_of_the_other(
    steward: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    for role in ("steward", "steward", "editor"):
        people.member(cast.dogwood, role)
    with django_capture_on_commit_callbacks(execute=True):
        answer = ask(steward, "outflow", "rules", text="Until May, please.")
    assert (answer.status_code, answer["Location"]) == (302, PAIR)
    message = Message.objects.get()
    assert (message.sender, message.receiver) == (cast.alder, cast.dogwood)
    # In the order in which they decide, whatever the order in which they were sent.
    assert Ask.objects.get().criteria == ["rules", "outflow"]
    lines = message.text.splitlines()
    assert [line for line in lines if line.startswith("– ")] == [
        "– Are the rules of your main commons written and public?",
        "– What share of the surplus goes to others?",
    ]
    assert "Until May, please." in lines
    assert len(mail.outbox) == 2  # One each, so that nobody sees the other's address.
    for one in mail.outbox:
        assert len(one.to) == 1
        assert one.to[0].startswith("steward-")
        assert not one.cc
        assert not one.bcc
        assert not one.reply_to
        assert "@alder.example" not in one.message().as_string()
        assert "/organisations/dogwood/with/alder/write/" in one.body
        first = f"/organisations/dogwood/answers/rules/?for=alder&message={message.pk}"
        assert f"Answer these 2, one after the other:\nhttp://testserver{first}\n" in one.body
        assert message.text in one.body
    page = read(people.member(cast.dogwood).get("/organisations/dogwood/messages/").content)
    assert "From Alder" in page.one("main").text
    assert "asks for answers" in page.one("main").text


# Once a week


def day(moment: Any) -> str:
    return dateformat.format(moment, "j F")


def test_where_somebody_has_joined_nothing_waits(steward: Client, cast: Cast) -> None:
    people.member(cast.dogwood)
    assert "The stewards of Dogwood will get it by mail" in shown(steward.get(ASK)).text
    told = read(ask(steward, "rules").client.get(PAIR).content).one("ul", "messages")
    assert "waits" not in told.text


def test_who_has_asked_is_told_when_and_what(steward: Client, cast: Cast) -> None:
    assert "Nobody has joined for Dogwood yet: it waits" in shown(steward.get(ASK)).text
    told = read(ask(steward, "rules", "licences").client.get(PAIR).content).one("ul", "messages")
    at = Message.objects.get().sent_at
    again = day(at + contact.ASK_AGAIN_AFTER)
    assert told.text == (
        f"Dogwood was asked 2 questions on {day(at)}. Ask again from {again} on. It waits until "
        "somebody joins for them."
    )
    page = shown(steward.get(ASK))
    assert "Already asked" in page.text
    assert f"asked on {day(at)}" in page.text
    assert f"Ask again from {again} on" in page.text
    assert [one.text for one in page.one("blockquote").all("li")] == [
        "Are the rules of your main commons written and public?",
        "Under which licences do you publish?",
    ]
    assert page.all("form") == []


def test_one_ask_for_a_pair_and_week(steward: Client, cast: Cast) -> None:
    ask(steward, "rules")
    page = shown(ask(steward, "licences", text="We would start with a server."))
    assert "was asked on" in page.one("div", "error-summary").text
    assert [slug for slug, is_ticked in boxes(page).items() if is_ticked] == ["licences"]
    assert page.one("textarea").text == "We would start with a server."
    assert Message.objects.count() == 1
    Message.objects.update(sent_at=timezone.now() - timedelta(days=8))
    assert "Already asked" not in shown(steward.get(ASK)).text
    assert ask(steward, "licences").status_code == 302
    assert Message.objects.count() == 2


def test_the_most_a_day_holds_for_asks_and_loses_nothing(steward: Client, cast: Cast) -> None:
    for _ in range(contact.MOST_A_DAY):
        steward.post(WRITE, {"text": "Would you like to meet?"})
    page = shown(ask(steward, "losses", text="We would start with a server."))
    assert "within a day" in page.one("div", "error-summary").text
    assert page.one("textarea").text == "We would start with a server."
    assert not Ask.objects.exists()
