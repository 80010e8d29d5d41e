"""Answering what another organisation asks: from its message or its pair, and back to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import drafting, drafts, publishing
from assessments.models import Ask
from assessments.scoring.terms import Answer
from orgs.models import Membership, Message, Organisation, User
from tests.cast import DOGWOOD, Cast, publish_assessments
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

PAIR = "/organisations/dogwood/with/alder/"
MESSAGES = "/organisations/dogwood/messages/"
OPEN = ["rules", "losses", "decisions", "outflow", "licences"]
"""What Alder asks and Dogwood has not said or shown: two deal-breakers, then by importance."""
ANSWERS: dict[str, Answer] = {
    "rules": Answer(level="yes", evidence=("https://dogwood.example/rules",)),
    "losses": Answer(level="no"),
    "decisions": Answer(level="consent"),
    "outflow": Answer(level="from-3"),
    "licences": Answer(licences=("CC-BY-SA-4.0",)),
}


@pytest.fixture
def steward(cast: Cast) -> Client:
    return people.member(cast.dogwood)


def page(client: Client, address: str) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200
    return read(answer.content)


def question(slug: str, **way: Any) -> str:
    address = reverse("question", args=["dogwood", slug])
    return address + "?" + "&".join(f"{name}={value}" for name, value in way.items())


def links(shown: Element) -> dict[str, str]:
    """Where the ways around a question lead, by what they say."""
    (nav,) = [one for one in shown.all("nav") if one.attributes.get("aria-label") == "Questions"]
    return {one.text: one.attributes["href"] for one in nav.all("a")}


def sent(shown: Element, go: str = "next", **fields: str) -> dict[str, str]:
    """What a browser sends of a question's form."""
    form = shown.one("form", "question")
    hidden = {
        one.attributes["name"]: one.attributes["value"]
        for one in form.all("input")
        if one.attributes["type"] == "hidden"
    }
    return {**hidden, "go": go, **fields}


def save(organisation: Organisation, *slugs: str) -> None:
    """Have somebody answer some questions in the draft, so that they count."""
    by = User.objects.filter(memberships__organisation=organisation).earliest("pk")
    for slug in slugs:
        mark = drafts.read(organisation).mark(slug)
        drafting.save_answer(organisation, slug, ANSWERS[slug], seen=mark, by=by, at=timezone.now())


def ask(client: Client, *slugs: str) -> int:
    """Have Alder ask Dogwood; the number of the message."""
    answer = client.post("/organisations/alder/with/dogwood/ask/", {"questions": list(slugs)})
    assert answer.status_code == 302
    return Message.objects.latest("pk").pk


# Through all that another asks


def test_skipping_leads_through_all_that_the_other_asks_and_back_to_the_pair(
    steward: Client,
) -> None:
    (button,) = [one for one in page(steward, PAIR).all("a") if "Answer what Alder" in one.text]
    address = button.attributes["href"]
    for place, slug in enumerate(OPEN, 1):
        assert address == question(slug, **{"for": "alder"})
        shown = page(steward, address)
        assert f"Alder asks: {place} of 5" in shown.one("div", "head").text
        assert "of the first" not in shown.one("div", "head").text
        assert " of " not in shown.one("nav", "breadcrumbs").text
        before = links(shown).get("Previous question")
        wanted = question(OPEN[place - 2], **{"for": "alder"}) if place > 1 else None
        assert before == wanted
        is_last = place == len(OPEN)
        address = links(shown)[
            "Skip this one, and back to the pair" if is_last else "Skip this one"
        ]
    assert address == PAIR


def test_saving_leads_on_and_back_without_scripts_or_session(steward: Client, cast: Cast) -> None:
    address = question("rules", **{"for": "alder"})
    for slug in OPEN:
        shown = page(steward, address)
        fields = sent(shown, **{f"{slug}-answer": "unknown"})
        form = shown.one("form", "question")
        assert "?" not in form.attributes["action"]
        answer = steward.post(form.attributes["action"], fields)
        assert answer.status_code == 302, slug
        address = answer["Location"]
    assert address == PAIR
    assert set(OPEN) <= drafts.read(cast.dogwood).answers.keys()


def test_what_counts_in_the_draft_is_passed_over_and_what_only_stands_there_is_not(
    steward: Client, cast: Cast
) -> None:
    save(cast.dogwood, "losses", "decisions")
    shown = page(steward, question("rules", **{"for": "alder"}))
    assert links(shown)["Skip this one"] == question("outflow", **{"for": "alder"})
    # One may go back to what one has just answered.
    shown = page(steward, question("outflow", **{"for": "alder"}))
    assert links(shown)["Previous question"] == question("decisions", **{"for": "alder"})
    head = page(steward, PAIR).one("div", "head")
    assert "Answer what Alder asks: 3 open" in head.text
    assert "Some of what Alder asks is answered in your draft" in head.text


def test_all_answered_the_pair_says_that_it_counts_once_published(
    steward: Client, cast: Cast
) -> None:
    save(cast.dogwood, *OPEN)
    head = page(steward, PAIR).one("div", "head")
    assert "Answer what Alder asks" not in head.text
    assert "All that Alder asks is answered in your draft" in head.text
    assert "/organisations/dogwood/publish/" in [one.attributes["href"] for one in head.all("a")]
    editor = page(people.member(cast.dogwood, "editor"), PAIR).one("div", "head")
    assert "/organisations/dogwood/publish/" not in [a.attributes["href"] for a in editor.all("a")]
    viewer = page(people.member(cast.dogwood, "viewer"), PAIR).one("div", "head")
    assert "draft" not in viewer.text
    publishing.publish(cast.dogwood, by=User.objects.earliest("pk"), at=timezone.now())
    assert "draft" not in page(steward, PAIR).one("div", "head").text


def test_the_other_buttons_keep_the_way_or_leave_it(steward: Client) -> None:
    address = question("losses", **{"for": "alder"})
    shown = page(steward, address)
    action = shown.one("form", "question").attributes["action"]
    buttons = [one.text for one in shown.one("form", "question").all("button", "button")]
    assert buttons == ["Save, and next question", "Save, and back to the pair"]
    answer = steward.post(action, sent(shown, go="back", **{"losses-answer": "unknown"}))
    assert answer["Location"] == PAIR
    shown = page(steward, address)
    answer = steward.post(action, sent(shown, **{"losses-take-back": "1"}))
    assert answer["Location"] == address
    # What is refused is shown again, still on the way.
    shown = page(steward, address)
    refused = steward.post(action, sent(shown, **{"losses-answer": "na"}))
    assert refused.status_code == 422
    assert "Alder asks: 2 of 5" in read(refused.content).one("div", "head").text


def test_who_comes_second_keeps_theirs_on_the_way(steward: Client, cast: Cast) -> None:
    address = question("losses", **{"for": "alder"})
    shown = page(steward, address)
    save(cast.dogwood, "losses")
    fields = sent(shown, **{"losses-answer": "unknown"})
    for headers in ({}, {"HX-Request": "true"}):
        answer = steward.post("/organisations/dogwood/answers/losses/", fields, headers=headers)
        assert answer.status_code == 409
        keep = [one for one in read(answer.content).all("a") if one.text == "Keep theirs"]
        assert {one.attributes["href"] for one in keep} == {address}


@pytest.mark.parametrize(
    "asker",
    ["nobody", "hidden", "dogwood", "", "\x00", "Alder", "alder ", "é" * 3000, "a" * 150, "٣"],
)
def test_who_is_not_there_asks_nothing(steward: Client, asker: str) -> None:
    Organisation.objects.create(slug="hidden", name="Hidden")
    address = reverse("question", args=["dogwood", "losses"])
    plain = page(steward, address)
    shown = read(steward.get(address, {"for": asker}).content)
    assert shown.one("main").text == plain.one("main").text
    assert links(shown) == links(plain)
    answer = people.send(
        steward, address, sent(shown, **{"losses-answer": "unknown", "for": asker})
    )
    assert answer["Location"] == reverse("question", args=["dogwood", "licences"])


def test_who_has_withdrawn_asks_nothing_and_neither_does_one_what_one_has_shown(
    steward: Client, cast: Cast
) -> None:
    assert "Alder asks" not in page(steward, question("release-delay", **{"for": "alder"})).text
    cast.alder.sheet.delete()
    assert "Alder asks" not in page(steward, question("rules", **{"for": "alder"})).text


def test_a_viewer_reads_along(cast: Cast) -> None:
    shown = page(people.member(cast.dogwood, "viewer"), question("licences", **{"for": "alder"}))
    assert "Alder asks: 5 of 5" in shown.text
    assert links(shown)["Back to the pair"] == PAIR


# Through what a message asks


def test_a_message_leads_through_what_it_asks_and_back(steward: Client, cast: Cast) -> None:
    number = ask(people.member(cast.alder), "losses", "outflow")
    way: dict[str, Any] = {"for": "alder", "message": number}
    shown = page(steward, MESSAGES).one("article")
    (button,) = shown.all("a", "button")
    assert button.text == "Answer these 2 of Alder"
    asked = {one.text: one.attributes["href"] for one in shown.one("blockquote").all("a")}
    assert list(asked.values()) == [question("losses", **way), question("outflow", **way)]
    assert button.attributes["href"] == question("losses", **way)
    question_page = page(steward, question("losses", **way))
    assert "Alder asks: 1 of 2" in question_page.text
    fields = sent(question_page, **{"losses-answer": "unknown"})
    answer = steward.post("/organisations/dogwood/answers/losses/", fields)
    assert answer["Location"] == question("outflow", **way)
    last = page(steward, question("outflow", **way))
    back = f"{MESSAGES}#message-{number}"
    assert links(last)["Skip this one, and back to the message"] == back
    assert f"message-{number}" in {
        one.attributes.get("id") for one in page(steward, MESSAGES).walk()
    }


def test_what_is_answered_since_is_marked(steward: Client, cast: Cast) -> None:
    asker = people.member(cast.alder)
    ask(asker, "rules", "losses", "outflow")

    def marks(client: Client, address: str) -> list[str]:
        letter = page(client, address).one("blockquote")
        return [" ".join(tag.text for tag in one.all("span", "tag")) for one in letter.all("li")]

    def offered() -> str:
        (row,) = page(steward, MESSAGES).all("article")
        return " ".join(one.text for one in row.all("a", "button"))

    theirs = "/organisations/alder/messages/"
    assert marks(steward, MESSAGES) == ["needs a link", "", "kept private"]
    assert marks(asker, theirs) == ["", "", ""]
    assert offered() == "Answer these 3 of Alder"
    save(cast.dogwood, "losses")
    assert marks(steward, MESSAGES)[1] == "answered, not published yet"
    assert marks(asker, theirs) == ["", "", ""]
    assert offered() == "Answer the 2 still open of Alder"
    save(cast.dogwood, "rules", "outflow")
    assert offered() == ""
    row = page(steward, MESSAGES).one("article")
    assert "All of these are answered, and count once you have published again." in row.text
    publishing.publish(cast.dogwood, by=User.objects.earliest("pk"), at=timezone.now())
    assert marks(steward, MESSAGES) == ["answered"] * 3
    assert marks(asker, theirs) == ["answered since"] * 3
    assert "All of these are answered." in page(steward, MESSAGES).one("article").text
    # Where one writes back, and where one has asked, it is the same letter.
    assert marks(steward, "/organisations/dogwood/with/alder/write/") == ["answered"] * 3
    assert marks(asker, "/organisations/alder/with/dogwood/ask/") == ["answered since"] * 3


def test_only_a_message_to_ones_own_that_asks_is_a_way(steward: Client, cast: Cast) -> None:
    number = ask(people.member(cast.alder), "losses")
    elsewhere = Message.objects.create(sender=cast.alder, receiver=cast.birch, text="Hello.")
    Ask.objects.create(message=elsewhere, criteria=["losses"])
    says = Message.objects.create(sender=cast.alder, receiver=cast.dogwood, text="Hello.")
    assert (
        "Alder asks: 1 of 1"
        in page(steward, question("losses", **{"for": "alder", "message": number})).text
    )
    for way in (
        {"for": "alder", "message": elsewhere.pk},
        {"for": "alder", "message": says.pk},
        {"for": "birch", "message": number},
        {"for": "alder", "message": 9**18},
    ):
        assert "asks:" not in page(steward, question("losses", **way)).one("div", "head").text


def test_of_who_has_withdrawn_each_question_still_leads_to_ones_own_form(
    steward: Client, cast: Cast
) -> None:
    ask(people.member(cast.alder), "losses")
    cast.alder.sheet.delete()
    letter = page(steward, MESSAGES).one("blockquote")
    assert [one.attributes["href"] for one in letter.all("a")] == [
        reverse("question", args=["dogwood", "losses"])
    ]


def test_a_question_that_is_not_asked_any_more_leads_nowhere(steward: Client, cast: Cast) -> None:
    number = ask(people.member(cast.alder), "losses")
    Ask.objects.filter(message=number).update(criteria=["gone"])
    row = page(steward, MESSAGES).one("article")
    assert row.one("blockquote").all("a") == []
    assert row.all("a", "button") == []
    assert "answered" not in row.text


# What waits


def test_a_sent_message_waits_as_long_as_nobody_has_joined(cast: Cast) -> None:
    asker = people.member(cast.alder)
    asker.post("/organisations/alder/with/dogwood/write/", {"text": "Shall we meet?"})

    def waits() -> bool:
        text = page(asker, "/organisations/alder/messages/").one("article").text
        return "waits until somebody joins for them" in text

    assert waits()
    them = people.member(cast.dogwood)
    assert not waits()
    assert "waits" not in page(them, MESSAGES).one("article").text
    # What one gets waits for nobody, whoever else has left.
    Membership.objects.filter(organisation=cast.alder).update(role="editor")
    assert "waits" not in page(them, MESSAGES).one("article").text


# What it costs


def test_the_way_and_the_letters_cost_little(cast: Cast) -> None:
    publish_assessments({**DOGWOOD, "requirements": {"threshold": 99}})
    them, asker = people.member(cast.dogwood), people.member(cast.alder)
    pages = [MESSAGES, PAIR, f"{PAIR}write/", f"{PAIR}ask/"]
    number = ask(asker, *OPEN)
    pages += [question("losses", **{"for": "alder", "message": number})]
    pages += [question("losses", **{"for": "alder"}), question("rules")]
    few = [people.queries(them, one) for one in pages]
    for other in (cast.birch, cast.cedar):
        for _ in range(5):
            message = Message.objects.create(sender=other, receiver=cast.dogwood, text="Hello.")
            Ask.objects.create(message=message, criteria=["losses"])
    many = [people.queries(them, one) for one in pages]
    assert many == few
    assert max(few) <= 12, dict(zip(pages, few, strict=True))
