"""The directory, the match list and the pair as a member sees them; asking and writing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import dateformat, timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import contact, drafting, drafts, matching
from assessments.models import Ask, Edition
from assessments.scoring.terms import Answer
from orgs.models import Membership, Message, Organisation, User
from tests.cast import DOGWOOD, Cast, publish_assessments
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

ALL = "/organisations/"
MATCHES = "/organisations/alder/matches/"
DOORS = "/organisations/alder/doors/"
PAIR = "/organisations/alder/with/dogwood/"
ASK = f"{PAIR}ask/"
WRITE = f"{PAIR}write/"
MESSAGES = "/organisations/alder/messages/"
TEXT = "Would you like to meet in March?"


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def names(client: Client, address: str, **asked: str) -> list[str]:
    page = read(client.get(address, asked).content)
    return [one.text for one in page.all("h2", "organisation-name")]


# The directory


def test_a_member_sees_the_verdict_with_each(steward: Client, cast: Cast) -> None:
    page = read(steward.get(ALL).content)
    seen = {
        row.one("h2").text: row.one("span", "match-verdict").one("b").text
        for row in page.all("article", "is-seen")
    }
    assert seen == {
        "Birch": "Compatible",
        "Cedar": "Not compatible",
        "Dogwood": "Not yet known",
    }
    assert len(page.all("article", "organisation")) == 4  # Oneself stands there without a verdict.
    assert read(Client().get(ALL).content).all("article", "is-seen") == []


def test_verdicts_are_those_of_the_match_list(db: None) -> None:
    edition = the_demo.load()
    alder = Organisation.objects.get(slug="alder")
    found = matching.matches(alder, edition)
    steward = people.member(alder)
    for verdict, count in found.counts.items():
        page = read(steward.get(ALL, {"verdict": verdict.value}).content)
        assert page.one("main").text.count("with what you asked for") == 1
        assert f"{count} organisation" in page.one("main").text


def test_facets_narrow_down_and_can_be_taken_away(steward: Client, cast: Cast) -> None:
    assert names(steward, ALL, verdict="compatible") == ["Birch"]
    assert names(steward, ALL, country="ES") == ["Birch"]
    assert names(steward, ALL, sector="hosting") == ["Alder"]
    assert names(steward, ALL, headline="no") == ["Cedar"]
    assert names(steward, ALL, headline="no", country="ES") == []
    assert names(steward, ALL, q="cadiz", verdict="compatible") == ["Birch"]
    page = read(steward.get(ALL, {"country": "ES", "verdict": "compatible"}).content)
    chips = {one.text.split(":")[0]: one.attributes["href"] for one in page.all("a", "chip")}
    assert chips["Country"] == "?verdict=compatible"
    assert chips["Verdict"] == "?country=ES"
    options = {one.text for one in page.all("option")}
    assert {"Spain (1)", "Compatible (1)", "Not compatible (0)"} <= options


def test_who_is_not_listed_or_not_known_gets_no_verdicts(cast: Cast) -> None:
    new = Organisation.objects.create(slug="new", name="New")
    for client in (people.member(new), people.logged_in("outsider@coop.example"), Client()):
        page = read(client.get(ALL, {"verdict": "compatible"}).content)
        assert len(page.all("article", "organisation")) == 4
        assert page.all("article", "is-seen") == []
        assert "filter-verdict" not in {one.attributes.get("id") for one in page.walk()}


def test_pages_of_a_member_cost_the_same_for_1000(db: None) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    steward = people.member(Organisation.objects.get(slug="alder"))
    pages = (ALL, f"{ALL}?verdict=unknown", MATCHES, DOORS, PAIR, ASK, WRITE, MESSAGES)
    few = [people.queries(steward, page) for page in pages]
    the_demo.publish(the_demo.many(1000), edition)
    assert [people.queries(steward, page) for page in pages] == few
    assert max(few) <= 12


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    asked=st.dictionaries(
        st.sampled_from(["q", "verdict", "headline", "country", "sector", "page", "x"]),
        st.sampled_from([one for one in people.FUZZ if one != "\ud800"]) | st.text(max_size=30),
    )
)
def test_whatever_is_asked_for_nothing_breaks(cast: Cast, asked: dict[str, str]) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in asked.items()}
    for client, address in ((people.member(cast.alder), ALL), (Client(), MATCHES)):
        assert client.get(address, clean).status_code == 200


# Another's profile


def test_a_profile_leads_a_member_of_another_to_the_page_of_the_two(cast: Cast) -> None:
    def ways(client: Client, slug: str) -> set[str]:
        page = read(client.get(f"/organisations/{slug}/").content)
        return {one.attributes.get("href", "") for one in page.all("a")}

    pair = "/organisations/alder/with/birch/"
    member = people.member(cast.alder)
    assert pair in ways(member, "birch")
    assert "/organisations/alder/with/alder/" not in ways(member, "alder")
    assert pair not in ways(Client(), "birch")


# The match list


def test_a_match_list_is_narrowed_down_and_keeps_its_order(cast: Cast) -> None:
    anybody = Client()
    assert names(anybody, MATCHES) == ["Birch", "Dogwood"]
    assert names(anybody, MATCHES, verdict="unknown") == ["Dogwood"]
    assert names(anybody, MATCHES, country="ES") == ["Birch"]
    assert names(anybody, MATCHES, q="nobody") == []
    page = read(anybody.get(MATCHES, {"verdict": "unknown"}).content)
    assert [one.attributes["value"] for one in page.one("ol", "organisations").all("li")][:1] == [
        "2"
    ]
    assert "waits for answers of Dogwood" in page.one("main").text
    assert "1 of 2 in the list" in page.one("main").text


# The pair


def test_a_member_of_one_side_sees_what_to_ask_the_other(cast: Cast) -> None:
    for side, other in ((cast.alder, "Dogwood"), (cast.dogwood, "Alder")):
        page = read(people.member(side).get(PAIR).content)
        assert (f"What to ask {other}" in page.one("main").text) is (other == "Dogwood")
        head = page.one("div", "head").text
        assert f"Write to {other}" in head
        assert (f"Ask {other}" in head) is (other == "Dogwood")
        assert "Write to" not in page.one("aside").text
    for client in (Client(), people.member(cast.cedar), people.member(cast.alder, "viewer")):
        page = read(client.get(PAIR).content)
        assert "Write to" not in page.one("main").text
    known = read(people.member(cast.alder).get("/organisations/alder/with/birch/").content)
    assert "What to ask" not in known.one("main").text
    assert "Ask Birch" not in known.one("main").text


def test_who_has_asked_within_the_week_reads_when_and_is_led_to_no_second_ask(cast: Cast) -> None:
    steward = people.member(cast.alder)
    assert read(steward.get(PAIR).content).one("a", "button").attributes["href"] == ASK
    steward.post(ASK)
    today = dateformat.format(timezone.localtime(), "j F")
    page = read(steward.get(PAIR).content)
    assert f"Asked on {today}" in page.one("div", "head").text
    assert page.all("a", "button") == []
    # What is still open can be read; the other side asks for itself.
    assert "What to ask Dogwood" in page.one("aside").text
    assert "Asked on" not in read(people.member(cast.dogwood).get(PAIR).content).one("main").text
    Message.objects.update(sent_at=timezone.now() - contact.ASK_AGAIN_AFTER)
    page = read(steward.get(PAIR).content)
    assert page.one("a", "button").attributes["href"] == ASK


def _leads_to(client: Client, address: str = PAIR) -> dict[str, set[str]]:
    """Where the questions of each section lead to."""
    page = read(client.get(address).content)
    return {
        one.attributes["aria-labelledby"]: {
            link.attributes["href"]
            for link in one.all("a")
            if "#criterion-" in link.attributes["href"] or "/answers/" in link.attributes["href"]
        }
        for one in page.all("section")
        if "aria-labelledby" in one.attributes
    }


def test_who_may_answer_is_led_from_what_their_own_leaves_open_to_its_question(cast: Cast) -> None:
    own = "/organisations/dogwood/answers/"
    anybody = _leads_to(Client())
    # Dogwood claims its rules, keeps its outflow private and does not know how it decides.
    assert {"/criteria/#criterion-rules", "/criteria/#criterion-losses"} <= anybody["why"]
    assert "/criteria/#criterion-outflow" in anybody["change"]
    for role in ("steward", "editor"):
        seen = _leads_to(people.member(cast.dogwood, role))
        for section in ("why", "change", "sums"):
            leads = seen[section]
            assert f"{own}rules/" in leads, section
            assert {one for one in leads if "/answers/" in one} <= {
                f"{own}{slug}/" for slug in ("rules", "losses", "decisions", "outflow", "licences")
            }
        # What it has said stays where it is explained, and so does what Alder has to say.
        assert "/criteria/#criterion-release-delay" in seen["sums"]
        assert "/criteria/#criterion-rules" in seen["why"]
    for client in (people.member(cast.dogwood, "viewer"), people.member(cast.alder)):
        assert _leads_to(client) == anybody


def test_who_asks_for_likeness_and_has_not_said_its_own_is_led_to_its_own_question(
    cast: Cast,
) -> None:
    policy = {"threshold": 0, "criteria": {"decisions": {"must_reach": "same"}}}
    publish_assessments({**DOGWOOD, "requirements": policy})
    why = _leads_to(people.member(cast.dogwood))["why"]
    assert "/organisations/dogwood/answers/decisions/" in why
    assert "/organisations/dogwood/answers/decisions/" not in _leads_to(Client())["why"]


def test_a_pair_says_nothing_of_what_is_only_in_the_draft(cast: Cast) -> None:
    steward = people.member(cast.dogwood)
    user = User.objects.get(email__startswith="steward", memberships__organisation=cast.dogwood)
    clients = (steward, Client())
    before = [(_leads_to(one), read(one.get(PAIR).content).text) for one in clients]
    said = Answer(level="yes", evidence=("https://dogwood.example/rules",), note="Kanarienvogel")
    mark = drafts.read(cast.dogwood).mark("rules")
    now = timezone.now()
    drafting.save_answer(cast.dogwood, "rules", said, seen=mark, by=user, at=now)
    assert [(_leads_to(one), read(one.get(PAIR).content).text) for one in clients] == before


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


# Asking


def test_asking_tells_the_stewards_of_the_other(
    steward: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    for role in ("steward", "steward", "editor"):
        people.member(cast.dogwood, role)
    with django_capture_on_commit_callbacks(execute=True):
        answer = steward.post(ASK)
    assert (answer.status_code, answer["Location"]) == (302, PAIR)
    message = Message.objects.get()
    assert (message.sender, message.receiver) == (cast.alder, cast.dogwood)
    assert Ask.objects.get().criteria[0] == "rules"
    assert "Are the rules of your main commons written and public?" in message.text
    assert len(mail.outbox) == 2  # One each, so that nobody sees the other's address.
    for one in mail.outbox:
        assert len(one.to) == 1
        assert one.to[0].startswith("steward-")
        assert not one.cc
        assert not one.bcc
        assert not one.reply_to
        assert "@alder.example" not in one.message().as_string()
        assert "/organisations/dogwood/with/alder/write/" in one.body
    page = read(people.member(cast.dogwood).get("/organisations/dogwood/messages/").content)
    assert "From Alder" in page.one("main").text
    assert "asks for answers" in page.one("main").text


def test_one_ask_for_a_pair_and_week(steward: Client, cast: Cast) -> None:
    steward.post(ASK)
    answer = steward.post(ASK, follow=True)
    assert "was asked on" in read(answer.content).one("ul", "messages").text
    assert Message.objects.count() == 1
    assert "Already asked" in read(steward.get(ASK).content).one("main").text
    Message.objects.update(sent_at=timezone.now() - timedelta(days=8))
    steward.post(ASK)
    assert Message.objects.count() == 2


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
