"""The desk: how far each organisation is, who fits it now, and what its member does next."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from assessments import drafting, drafts, matching, publishing
from assessments.scoring.terms import Answer
from orgs.models import Membership, Organisation, User
from tests.cast import BIRCH, Cast, publish_assessments
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

DESK = "/desk/"
MATCHES = "/organisations/alder/matches/"


def main(client: Client) -> Element:
    answer = client.get(DESK)
    assert answer.status_code == 200
    return read(answer.content).one("main")


def button(client: Client) -> tuple[str, str]:
    """The main button of the only organisation of somebody."""
    (found,) = main(client).all("a", "button")
    return found.text, found.attributes["href"]


def fits(part: Element) -> dict[str, str]:
    return {
        one.text: one.attributes["href"]
        for ul in part.all("ul", "desk-fits")
        for one in ul.all("a")
    }


def change(organisation: Organisation) -> None:
    by = User.objects.earliest("pk")
    mark, now = drafts.read(organisation).mark("losses"), timezone.now()
    drafting.save_answer(organisation, "losses", Answer(level="no"), seen=mark, by=by, at=now)


def test_of_who_has_published_it_counts_who_fits_as_of_now(cast: Cast) -> None:
    steward = people.member(cast.alder)
    assert fits(main(steward)) == {
        "1 compatible": f"{MATCHES}?verdict=compatible",
        "1 not yet known": f"{MATCHES}?verdict=unknown",
        "1 not compatible": f"{MATCHES}not-compatible/",
    }
    for address in fits(main(steward)).values():
        assert steward.get(address).status_code == 200
    publish_assessments({**BIRCH, "requirements": {"threshold": 100}})
    counted = matching.matches(cast.alder, cast.edition).counts
    assert [int(one.split()[0]) for one in fits(main(steward))] == list(counted.values())
    assert list(counted.values()) != [1, 1, 1]


def test_who_has_not_published_or_has_withdrawn_fits_nobody(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm", country="GB")
    member = people.member(elm)
    assert fits(main(member)) == {}
    assert button(member) == ("Go to our answers", "/organisations/elm/answers/")
    cast.alder.sheet.delete()
    steward = people.member(cast.alder)
    assert fits(main(steward)) == {}
    assert button(steward) == ("Go to our answers", "/organisations/alder/answers/")


def test_who_has_said_nothing_of_itself_begins_with_that(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    for role in ("steward", "editor"):
        assert button(people.member(elm, role)) == ("Describe it", "/organisations/elm/describe/")
    assert button(people.member(elm, "viewer")) == (
        "Go to our answers",
        "/organisations/elm/answers/",
    )


def test_the_main_button_is_what_comes_next_for_each_role(cast: Cast) -> None:
    clients = {role: people.member(cast.alder, role) for role in ("steward", "editor", "viewer")}
    who_fits = ("Who fits us", MATCHES)
    assert {role: button(one) for role, one in clients.items()} == dict.fromkeys(clients, who_fits)
    change(cast.alder)
    publish = ("See what has changed, and publish", "/organisations/alder/publish/")
    answers = ("Go to our answers", "/organisations/alder/answers/")
    expected = {"steward": publish, "editor": answers, "viewer": who_fits}
    assert {role: button(one) for role, one in clients.items()} == expected
    publishing.publish(cast.alder, by=User.objects.earliest("pk"), at=timezone.now())
    assert button(clients["steward"]) == who_fits


def test_every_way_of_the_desk_is_open_to_who_sees_it_and_stands_there_once(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    people.member(cast.birch)
    change(cast.birch)
    for organisation in (cast.alder, cast.birch, elm):
        for role in ("steward", "editor", "viewer"):
            client = people.member(organisation, role)
            part = main(client).one("li", "desk-organisation")
            (first,) = part.all("a", "button")
            ways = [one.attributes["href"] for one in part.all("a") if one is not first]
            assert len(ways) == len(set(ways))
            for address in {*ways, first.attributes["href"]}:
                assert client.get(address).status_code == 200, address


def test_what_a_viewer_may_is_said_as_it_is(cast: Cast) -> None:
    viewer = people.member(cast.alder, "viewer")
    assert (
        "You can read all of it but the messages, and see what is not published yet."
        in main(viewer).text
    )
    members = read(viewer.get("/organisations/alder/members/").content).text
    assert "reads all of it but the messages, and changes nothing" in members
    assert viewer.get("/organisations/alder/messages/").status_code == 403


def test_several_organisations_cost_as_much_as_one() -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(30), edition)
    person = people.member(Organisation.objects.get(slug="alder"))
    one = people.queries(person, DESK)
    user = User.objects.latest("pk")
    for organisation in Organisation.objects.exclude(slug="alder")[:10]:
        Membership.objects.create(organisation=organisation, user=user, role="editor")
    assert people.queries(person, DESK) == one <= 12
    assert len(main(person).all("ul", "desk-fits")) == 11
