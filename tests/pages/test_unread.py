"""Which messages a member has not seen: on the desk, in the bar, among the messages."""

from __future__ import annotations

import pytest
from django.test import Client

from assessments import contact
from orgs.models import Membership, User
from tests.cast import Cast
from tests.pages import people
from tests.pages.reading import Element, read
from tests.pages.test_messages import BACK, MESSAGES, TEXT, THEIRS, WRITE, main

pytestmark = pytest.mark.django_db

DESK = "/desk/"


@pytest.fixture
def steward(cast: Cast) -> Client:
    return people.member(cast.alder)


def counted(client: Client, address: str = DESK) -> tuple[str, str]:
    """What the bar and the desk say of messages; nothing where they say nothing."""
    page = read(client.get(address).content)

    def said(part: Element) -> str:
        found = [one.text for one in part.all("a") if one.text.startswith("Messages")]
        return found[0] if found else ""

    return said(page.one("div", "acting")), said(page.one("main"))


def test_a_message_shows_on_the_desk_and_in_the_bar_of_those_who_read_it(
    steward: Client, cast: Cast
) -> None:
    readers = [people.member(cast.dogwood, role) for role in ("steward", "editor")]
    viewer = people.member(cast.dogwood, "viewer")
    assert {counted(one) for one in readers} == {("Messages", "Messages")}
    steward.post(WRITE, {"text": TEXT})
    steward.post(WRITE, {"text": TEXT})
    assert {counted(one) for one in readers} == {("Messages (2 new)", "Messages (2 new)")}
    assert counted(viewer) == ("", "")
    assert counted(steward) == ("Messages", "Messages")
    bar = read(readers[0].get("/organisations/dogwood/").content).one("div", "acting")
    assert THEIRS in [one.attributes["href"] for one in bar.all("a")]


def test_who_opens_the_messages_has_seen_them_and_nobody_else_has(
    steward: Client, cast: Cast
) -> None:
    one, other = people.member(cast.dogwood), people.member(cast.dogwood)
    steward.post(WRITE, {"text": TEXT})
    assert len(main(one, THEIRS).all("b", "letter-new")) == 1
    assert counted(one) == ("Messages", "Messages")
    assert main(one, THEIRS).all("b", "letter-new") == []
    assert counted(other) == ("Messages (1 new)", "Messages (1 new)")
    steward.post(WRITE, {"text": "And in April?"})
    assert counted(one)[0] == "Messages (1 new)"
    (new,) = [
        letter for letter in main(one, THEIRS).all("article") if letter.all("b", "letter-new")
    ]
    assert "And in April?" in new.text


def test_what_one_sends_is_never_new(steward: Client, cast: Cast) -> None:
    colleague = people.member(cast.alder)
    steward.post(WRITE, {"text": TEXT})
    assert counted(colleague) == ("Messages", "Messages")
    assert main(colleague, MESSAGES).all("b", "letter-new") == []


def test_what_waited_for_somebody_to_join_is_new_to_them(steward: Client, cast: Cast) -> None:
    steward.post(WRITE, {"text": TEXT})
    assert counted(people.member(cast.dogwood))[0] == "Messages (1 new)"


def test_only_who_has_looked_at_the_latest_has_seen_them(
    steward: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.contact.PAGE_SIZE", 2)
    them = people.member(cast.dogwood)
    for _ in range(3):
        steward.post(WRITE, {"text": TEXT})
    for _ in range(2):
        assert len(main(them, f"{THEIRS}?page=2").all("b", "letter-new")) == 1
    assert them.head(THEIRS).status_code == 200
    assert counted(them)[0] == "Messages (3 new)"
    main(them, THEIRS)
    assert counted(them)[0] == "Messages"


def test_a_mark_never_goes_back(steward: Client, cast: Cast) -> None:
    people.member(cast.dogwood)
    member = Membership.objects.get(organisation=cast.dogwood)
    for last, stands in ((7, 7), (5, 7), (0, 7), (8, 8)):
        contact.see(member, last)
        member.refresh_from_db()
        assert member.messages_seen == stands


def test_the_bar_counts_for_the_organisation_one_acts_for(steward: Client, cast: Cast) -> None:
    both = people.member(cast.birch)
    user = User.objects.latest("pk")
    Membership.objects.create(organisation=cast.dogwood, user=user, role="editor")
    steward.post(WRITE, {"text": TEXT})
    assert counted(both)[0] == "Messages"
    desk = main(both, DESK)
    told = {
        one.one("h3").text: [way.text for way in one.all("a") if "Messages" in way.text]
        for one in desk.all("li", "desk-organisation")
    }
    assert told == {"Birch": ["Messages"], "Dogwood": ["Messages (1 new)"]}
    both.post("/act-for/dogwood/")
    assert counted(both)[0] == "Messages (1 new)"


def test_messages_cost_no_page_a_query_more(steward: Client, cast: Cast) -> None:
    them = people.member(cast.dogwood)
    pages = (DESK, "/organisations/dogwood/", THEIRS)
    before = [people.queries(them, page) for page in pages]
    for _ in range(15):
        steward.post(WRITE, {"text": TEXT})
    them.post(BACK, {"text": TEXT})
    after = [people.queries(them, page) for page in pages]
    # Where there are letters, one query reads them, and one says who can be looked at.
    assert after == [*before[:2], before[2] + 2]
    assert max(after) <= 12
