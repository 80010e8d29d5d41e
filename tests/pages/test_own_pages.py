"""The directory, the match list and the pair as a member sees them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import dateformat, timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import contact, drafting, drafts, matching
from assessments.scoring.terms import Answer
from orgs.models import Message, Organisation, User
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


def test_pages_of_a_member_cost_no_more_for_1000(db: None) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    steward = people.member(Organisation.objects.get(slug="alder"))
    pages = (ALL, f"{ALL}?verdict=unknown", MATCHES, DOORS, PAIR, ASK, WRITE, MESSAGES)
    few = [people.queries(steward, page) for page in pages]
    the_demo.publish(the_demo.many(1000), edition)
    many = [people.queries(steward, page) for page in pages]
    # Where there are more than a few behind a door, nobody has to be named.
    assert all(now <= then for now, then in zip(many, few, strict=True))
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
    assert "5 answers of Dogwood open" in page.one("main").text
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
    steward.post(ASK, {"questions": ["rules"]})
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
            assert f"{own}rules/?for=alder" in leads, section
            assert {one for one in leads if "/answers/" in one} <= {
                f"{own}{slug}/?for=alder"
                for slug in ("rules", "losses", "decisions", "outflow", "licences")
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
    assert "/organisations/dogwood/answers/decisions/?for=alder" in why
    assert not {one for one in _leads_to(Client())["why"] if "/answers/" in one}


def test_a_pair_says_nothing_of_what_is_only_in_the_draft(cast: Cast) -> None:
    steward = people.member(cast.dogwood)
    user = User.objects.get(email__startswith="steward", memberships__organisation=cast.dogwood)
    clients = (steward, people.member(cast.dogwood, "viewer"), Client())

    def seen() -> list[tuple[dict[str, set[str]], str]]:
        """What a page says to each; beside the head, where its editors read how far they are."""
        pages = [read(one.get(PAIR).content) for one in clients]
        head = pages[0].one("div", "head")
        assert "Kanarienvogel" not in pages[0].text
        texts = [pages[0].text.replace(head.text, ""), *(page.text for page in pages[1:])]
        return [(_leads_to(one), text) for one, text in zip(clients, texts, strict=True)]

    before = seen()
    said = Answer(level="yes", evidence=("https://dogwood.example/rules",), note="Kanarienvogel")
    mark = drafts.read(cast.dogwood).mark("rules")
    now = timezone.now()
    drafting.save_answer(cast.dogwood, "rules", said, seen=mark, by=user, at=now)
    assert seen() == before


def test_whose_own_answers_are_missing_is_led_to_them_and_asks_for_nothing(cast: Cast) -> None:
    """Alder meets all that Dogwood asks; what is still open is Dogwood's."""
    publish_assessments({**DOGWOOD, "requirements": {"threshold": 0, "criteria": {}}})
    page = read(people.member(cast.dogwood).get("/organisations/dogwood/with/alder/").content)
    (button,) = page.one("div", "head").all("a", "button")
    assert button.text == "Answer what Alder asks: 5 open"
    assert button.attributes["href"] == "/organisations/dogwood/answers/rules/?for=alder"
    assert "What to ask Alder" not in page.one("main").text
    viewer = people.member(cast.dogwood, "viewer")
    assert not read(viewer.get(PAIR).content).one("div", "head").all("a", "button")
