"""What would open doors, as members see it: who gets in, what it says, and that it comes true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import drafting, drafts, matching, publishing
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.scoring.terms import Answer
from orgs.models import Organisation, User
from tests import cast
from tests.cast import Cast
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

DOORS = "/organisations/alder/doors/"
RULES = "“Are the rules of your main commons written and public?”"
DECISIONS = "“How do members decide?”"
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LINK = ["https://alder.example/rules"]


def organisation(
    base: Mapping[str, Any],
    slug: str = "",
    *,
    asks: Mapping[str, Any] | None = None,
    threshold: int = 0,
    **answers: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """One of the cast under a slug, with some answers others, or none (None), and what it asks."""
    changed = {name.replace("_", "-"): said for name, said in answers.items()}
    said = {**base["answers"], **changed}
    criteria = {"rules": {"must_reach": None}, **(asks or {})}
    return {
        **base,
        "slug": slug or base["slug"],
        "name": (slug or base["slug"]).title(),
        "answers": {name: one for name, one in said.items() if one is not None},
        "requirements": {"threshold": threshold, "criteria": criteria},
    }


STRICT: Mapping[str, Any] = {"rules": {"must_reach": "yes"}}
ALIKE: Mapping[str, Any] = {"decisions": {"must_reach": "same"}}


def published(*organisations: Mapping[str, Any]) -> Client:
    """A steward of Alder, once so many have published; Alder stands among them."""
    cast.publish_assessments(*(dict(one) for one in organisations))
    return people.member(Organisation.objects.get(slug="alder"))


def strict(count: int) -> list[dict[str, Any]]:
    """So many who ask for public rules and nothing else."""
    return [organisation(cast.BIRCH, f"strict-{number}", asks=STRICT) for number in range(count)]


def main(client: Client) -> Element:
    answer = client.get(DOORS)
    assert answer.status_code == 200
    return read(answer.content).one("main")


def doors(client: Client, heading: str = "answers") -> list[Element]:
    """The lines of a section."""
    sections = main(client).all("section")
    found = [one for one in sections if one.attributes["aria-labelledby"] == heading]
    return found[0].all("li", "door") if found else []


def figure(door: Element) -> str:
    return door.one("span", "door-net").text


def said(client: Client, heading: str = "answers") -> list[str]:
    """The sentences of a section, without the figure before them."""
    return [one.text.removeprefix(figure(one)).strip() for one in doors(client, heading)]


# Who gets in


@pytest.mark.parametrize("role", ["viewer", "editor", "steward"])
def test_every_member_sees_it(cast: Cast, role: str) -> None:
    answer = people.member(cast.alder, role).get(DOORS)
    assert answer.status_code == 200
    assert read(answer.content).one("h1").text == "What would open doors"


def test_it_is_not_there_for_anybody_else(cast: Cast) -> None:
    others = people.member(cast.birch), people.logged_in("curator@coop.example", is_curator=True)
    for client in (*others, people.logged_in("outsider@coop.example")):
        assert client.get(DOORS).status_code == 404
    anonymous = Client().get(DOORS)
    assert (anonymous.status_code, anonymous["Location"].split("?")[0]) == (302, "/account/login/")


def test_what_is_not_there_and_what_cannot_be_sent(cast: Cast) -> None:
    steward = people.member(cast.alder)
    assert steward.get("/organisations/nobody/doors/").status_code == 404
    for method in ("post", "put", "patch", "delete"):
        assert getattr(steward, method)(DOORS).status_code == 405
    assert steward.head(DOORS).status_code == 200


def test_the_desk_and_ones_own_match_list_lead_there(cast: Cast) -> None:
    viewer = people.member(cast.alder, "viewer")

    def links(client: Client, address: str) -> list[str]:
        page = read(client.get(address).content).one("main")
        return [one.attributes["href"] for one in page.all("a") if "open doors" in one.text]

    assert links(viewer, "/desk/") == [DOORS]
    assert links(viewer, "/organisations/alder/matches/") == [DOORS]
    assert links(viewer, "/organisations/birch/matches/") == []
    assert links(people.member(cast.birch), "/organisations/alder/matches/") == []
    assert links(Client(), "/organisations/alder/matches/") == []


# Before there is anything


def test_who_has_not_published_is_told_to(cast: Cast) -> None:
    new = Organisation.objects.create(slug="new", name="New")
    page = read(people.member(new).get("/organisations/new/doors/").content).one("main")
    assert "Publish first." in page.text
    assert page.all("li", "door") == []
    steward = people.member(cast.alder)
    publishing.withdraw(cast.alder, by=User.objects.get(email__endswith="@alder.example"), at=AT)
    assert "Publish first." in main(steward).text


def test_without_criteria_there_is_nothing_to_count(db: None) -> None:
    new = Organisation.objects.create(slug="alder", name="Alder")
    assert "Publish first." in main(people.member(new)).text


def test_alone_there_is_no_door(small_edition: Edition) -> None:
    page = main(published(organisation(cast.ALDER)))
    assert "compatible with 0 of 0 other organisations" in page.text
    assert page.all("li", "door") == []


# What it says


def test_practice_comes_first(cast: Cast) -> None:
    page = main(people.member(cast.alder))
    notice = page.one("div", "notice")
    assert "Practice comes first" in notice.text
    assert "where the question asks for a link, shown by one" in notice.text


WHAT_OPENS = [
    pytest.param(
        {"level": "yes", "reservation": "not all of them", "evidence": LINK},
        f"If you could answer “Yes” without the but to {RULES}, 4 more organisations would become "
        "compatible. Now: “Yes, but…”, which counts as the opposite.",
        id="a but",
    ),
    pytest.param(
        {"level": "yes"},
        f"If a link showed your answer to {RULES}, 4 more organisations would become compatible. "
        "Now: “Yes”, claimed and not shown; it counts as not yet known.",
        id="a claim",
    ),
    pytest.param(
        {"level": "no"},
        f"If you could answer “Yes” to {RULES}, 4 more organisations would become compatible. "
        "Now: “No”.",
        id="another answer",
    ),
    pytest.param(
        None,
        f"If you could answer “Yes” to {RULES}, 4 more organisations would become compatible. "
        "Not answered in what is published.",
        id="no answer",
    ),
    pytest.param(
        {"unknown": True},
        f"If you could answer “Yes” to {RULES}, 4 more organisations would become compatible. "
        "Now: we don’t know.",
        id="not known",
    ),
    pytest.param(
        {"level": "yes", "evidence": LINK, "withheld": True},
        f"If you could answer “Yes” to {RULES}, 4 more organisations would become compatible. "
        "Kept private now; it counts as not yet known.",
        id="kept private",
    ),
]


@pytest.mark.parametrize(("rules", "sentence"), WHAT_OPENS)
def test_what_would_open_doors_is_said_by_how_it_is_answered_now(
    small_edition: Edition, rules: Mapping[str, Any] | None, sentence: str
) -> None:
    steward = published(organisation(cast.ALDER, rules=rules), *strict(4))
    assert said(steward) == [sentence]
    (door,) = doors(steward)
    assert figure(door) == "+4"
    assert door.one("a").attributes["href"] == "/organisations/alder/answers/rules/"
    assert steward.get(door.one("a").attributes["href"]).status_code == 200


@pytest.mark.parametrize(
    ("count", "who"),
    [
        (1, "Strict-0"),
        (2, "Strict-0 and Strict-1"),
        (3, "Strict-0, Strict-1 and Strict-2"),
        (4, "4 more organisations"),
    ],
)
def test_a_few_are_named_with_a_way_to_the_pair(
    small_edition: Edition, count: int, who: str
) -> None:
    steward = published(organisation(cast.ALDER, rules={"level": "no"}), *strict(count))
    (sentence,) = said(steward)
    assert f"to {RULES}, {who} would become compatible. Now: “No”." in sentence
    (door,) = doors(steward)
    pairs = [one.attributes["href"] for one in door.all("a")][1:]
    expected = [f"/organisations/alder/with/strict-{number}/" for number in range(count)]
    assert pairs == (expected if count < 4 else [])
    assert all(steward.get(one).status_code == 200 for one in pairs)


def test_answers_that_open_the_same_few_doors_are_said_once(small_edition: Edition) -> None:
    """Either would bring Birch to its bar; the third opens another door."""
    steward = published(
        organisation(
            cast.ALDER, rules={"level": "no"}, losses={"level": "yes"}, outflow={"value": 3}
        ),
        organisation(cast.BIRCH, threshold=68),
        organisation(cast.CEDAR, "elm", asks={"outflow": {"must_reach": "from-10"}}),
    )
    together, other = doors(steward)
    assert "to “What share of the surplus goes to others?”, Elm would become" in other.text
    assert figure(together) == "+1"
    assert "With any one of these two answers, Birch would become compatible:" in together.text
    (birch,) = [one for one in together.all("a") if one.text == "Birch"]
    assert birch.attributes["href"] == "/organisations/alder/with/birch/"
    assert [one.text for one in together.all("li")] == [
        "“No” to “Are losses put on those who work?” Now: “Yes”.",
        f"“Yes” to {RULES} Now: “No”.",
    ]
    assert together.all("details") == []


def test_of_many_such_answers_the_first_are_unfolded(db: None) -> None:
    consent, consensus = '{slug = "consent",', '{slug = "consensus",'
    cast.publish_edition(
        cast.edition_toml(
            "small",
            ('role = "similarity"\nagreement = "ordered"\n', ""),
            ('{slug = "vote",', '{slug = "vote", credit = 0,'),
            (consent, f"{consent} credit = 50,"),
            (consensus, f"{consensus} credit = 100,"),
        )
    )
    steward = published(
        {**organisation(cast.ALDER), "answers": {}}, organisation(cast.BIRCH, threshold=14)
    )
    (together,) = doors(steward)
    assert "any one of these six answers, Birch would" in together.text
    assert len(together.all("li")) == 6
    folded = together.one("details")
    assert folded.one("summary").text == "The other one"
    assert len(folded.all("li")) == 1


def test_what_opens_one_and_loses_another_stands_by_itself(small_edition: Edition) -> None:
    """It is not as good as what only wins, though both open the same doors."""

    def who(slug: str, level: str, **asks: Any) -> dict[str, Any]:
        return organisation(cast.BIRCH, slug, asks={**ALIKE, **asks}, decisions={"level": level})

    steward = published(
        organisation(cast.ALDER, decisions={"level": "vote"}),
        who("consent-0", "consent"),
        who("consent-1", "consent"),
        who("vote", "vote"),
    )
    (alone,) = said(steward, "differences")
    assert "Consent-0 and Consent-1 would become compatible, and 1 would no longer be." in alone


def test_the_others_are_named_by_one_query(small_edition: Edition) -> None:
    few = people.queries(
        published(organisation(cast.ALDER, rules={"level": "no"}), *strict(1)), DOORS
    )
    more = [
        *strict(1),
        organisation(cast.BIRCH, "one", asks={"losses": {"must_reach": "no"}}),
        organisation(cast.BIRCH, "two", asks={"outflow": {"must_reach": "from-10"}}),
    ]
    steward = published(
        organisation(cast.ALDER, rules={"level": "no"}, losses={"level": "yes"}), *more
    )
    assert len(doors(steward)) == 3
    assert people.queries(steward, DOORS) == few <= 12


def test_likeness_that_wins_and_loses_says_both(small_edition: Edition) -> None:
    def who(slug: str, level: str) -> dict[str, Any]:
        return organisation(cast.BIRCH, slug, asks=ALIKE, decisions={"level": level})

    steward = published(
        organisation(cast.ALDER, decisions={"level": "vote"}),
        *(who(f"consent-{number}", "consent") for number in range(3)),
        who("vote", "vote"),
        who("consensus", "consensus"),
    )
    assert said(steward, "differences") == [
        f"If you answered “Consent” to {DECISIONS}, Consent-0, Consent-1 and Consent-2 would "
        "become compatible, and 1 would no longer be. Now: “Majority vote”.",
    ]
    assert [figure(one) for one in doors(steward, "differences")] == ["+2"]


def test_likeness_is_never_advised(small_edition: Edition) -> None:
    """No answer is better there, so none stands among what one might do differently."""
    steward = published(
        organisation(cast.ALDER, decisions={"level": "vote"}, rules={"level": "no"}),
        organisation(cast.BIRCH, "alike", asks=ALIKE),
        organisation(cast.BIRCH, "alike-too", asks=ALIKE),
        *strict(1),
    )
    page = main(steward)
    sections = {one.attributes["aria-labelledby"]: one.text for one in page.all("section")}
    assert DECISIONS in sections["differences"]
    assert "no answer is better than another" in sections["differences"]
    assert DECISIONS not in sections["answers"] + sections["barriers"]
    assert RULES in sections["answers"]
    assert RULES not in sections["differences"]
    assert figure(doors(steward, "differences")[0]) == "+2"


def test_without_likeness_in_the_way_nothing_is_said_of_it(small_edition: Edition) -> None:
    page = main(published(organisation(cast.ALDER, rules={"level": "no"}), *strict(2)))
    assert "alike" not in page.text


def test_what_one_asks_is_said_to_keep_doors_shut(small_edition: Edition) -> None:
    closed = {"level": "no"}
    steward = published(
        organisation(cast.ALDER, asks=STRICT, threshold=40),
        organisation(cast.BIRCH, "one", rules=closed),
        organisation(cast.BIRCH, "two", rules=closed),
        organisation(
            cast.CEDAR, "low", rules={"level": "yes", "evidence": LINK}, losses={"level": "yes"}
        ),
    )
    assert said(steward, "asked") == [
        f"Without your deal-breaker on {RULES}, One and Two would become compatible. "
        "You ask for “They are public”.",
        "With a bar of 28 at most, in the place of 40, Low would become compatible.",
    ]
    links = [one.all("a")[0].attributes["href"] for one in doors(steward, "asked")]
    assert links == [
        "/organisations/alder/requirements/#asked-rules",
        "/organisations/alder/requirements/",
    ]
    requirements = read(steward.get(links[1]).content)
    assert "asked-rules" in {one.attributes.get("id") for one in requirements.walk()}


def test_each_lower_bar_says_whom_it_lets_in(small_edition: Edition) -> None:
    """Of five steps the first three are said, then the last, which lets in all."""

    def reaching(slug: str, outflow: float, delay: str) -> dict[str, Any]:
        return organisation(
            cast.BIRCH, slug, outflow={"value": outflow}, release_delay={"level": delay}
        )

    steward = published(
        organisation(
            cast.ALDER,
            asks={
                slug: {"importance": importance, "must_reach": None}
                for slug, importance in {
                    **dict.fromkeys(("rules", "losses", "decisions", "licences"), 0),
                    "outflow": 3,
                    "release-delay": 2,
                }.items()
            },
            threshold=90,
        ),
        reaching("a", 12, "soon"),  # 300 + 120 of 500
        reaching("b", 4, "at-once"),  # 180 + 200
        reaching("c", 4, "at-once"),
        reaching("d", 12, "never"),  # 300 + 0
        reaching("e", 4, "soon"),  # 180 + 120
        reaching("f", 1, "soon"),  # 90 + 120
        reaching("g", 0, "never"),  # 0 + 0
        reaching("inside", 12, "at-once"),
    )
    assert said(steward, "asked") == [
        "With a bar of 84 at most, in the place of 90, A would become compatible.",
        "With a bar of 76 at most, B and C would become compatible, too.",
        "With a bar of 60 at most, D and E would become compatible, too.",
        "With a bar of 0, 2 more organisations would become compatible, too.",
    ]
    assert [figure(one) for one in doors(steward, "asked")] == ["+1", "+3", "+5", "+7"]


def test_where_a_door_has_several_locks_it_says_what_is_in_the_way(small_edition: Edition) -> None:
    both = {**STRICT, "losses": {"must_reach": "no"}}
    steward = published(
        organisation(cast.ALDER, rules={"level": "no"}, losses={"level": "yes"}),
        organisation(cast.BIRCH, "one", asks=both),
        organisation(cast.BIRCH, "two", asks={**both, "rules": {"must_reach": None}}),
        organisation(cast.BIRCH, "three", asks=both),
    )
    assert said(steward) == [
        "If you could answer “No” to “Are losses put on those who work?”, Two would become "
        "compatible. Now: “Yes”.",
    ]
    assert said(steward, "barriers") == [
        "3 organisations have a deal-breaker on “Are losses put on those who work?”, which you do "
        "not meet now. Now: “Yes”.",
        f"2 organisations have a deal-breaker on {RULES}, which you do not meet now. Now: “No”.",
    ]


IN_THE_WAY = [
    pytest.param({"level": "no"}, "do not meet now. Now: “No”.", id="known"),
    pytest.param(
        {"level": "yes", "reservation": "not all", "evidence": LINK},
        "do not meet now. Now: “Yes, but…”, which counts as the opposite.",
        id="a but",
    ),
    pytest.param(
        None,
        "have not answered or shown. Not answered in what is published.",
        id="not answered",
    ),
    pytest.param(
        {"level": "yes"},
        "have not answered or shown. Now: “Yes”, claimed and not shown; it counts as not yet "
        "known.",
        id="not shown",
    ),
]


@pytest.mark.parametrize(("rules", "ends"), IN_THE_WAY)
def test_only_what_is_known_is_said_not_to_be_met(
    small_edition: Edition, rules: Mapping[str, Any] | None, ends: str
) -> None:
    steward = published(organisation(cast.ALDER, rules=rules), *strict(2))
    assert said(steward, "barriers") == [
        f"2 organisations have a deal-breaker on {RULES}, which you {ends}"
    ]


def test_several_that_are_each_in_the_way_of_one_are_not_called_most(
    small_edition: Edition,
) -> None:
    alder = organisation(cast.ALDER, rules={"level": "no"}, losses={"level": "yes"})
    workers = organisation(cast.BIRCH, "one", asks={"losses": {"must_reach": "no"}})
    steward = published(alder, *strict(1), workers)
    assert doors(steward, "barriers") == []
    assert "in the way of most" not in main(steward).text
    cast.publish_assessments(alder, *strict(2), workers)
    assert [figure(one) for one in doors(steward, "barriers")] == ["2", "1"]


def test_the_only_thing_in_the_way_of_one_is_said(small_edition: Edition) -> None:
    steward = published(organisation(cast.ALDER, rules={"level": "no"}), *strict(1))
    assert [figure(one) for one in doors(steward, "barriers")] == ["1"]


def test_only_the_first_are_unfolded(
    small_edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.doors.SHOWN", 1)
    steward = published(
        organisation(cast.ALDER, rules={"level": "no"}, losses={"level": "yes"}),
        *strict(2),
        organisation(cast.BIRCH, "one", asks={"losses": {"must_reach": "no"}}),
    )
    page = main(steward)
    folded = page.one("details")
    assert folded.one("summary").text == "One more answer that would open a door"
    assert len(folded.all("li", "door")) == 1
    assert len(page.all("section")[0].all("li", "door")) == 2


def test_likeness_that_opens_no_door_by_itself_is_said_to_be_in_the_way(
    small_edition: Edition,
) -> None:
    both = {**STRICT, **ALIKE}
    steward = published(
        organisation(cast.ALDER, decisions={"level": "vote"}, rules={"level": "no"}),
        organisation(cast.BIRCH, "one", asks=both),
        organisation(cast.BIRCH, "two", asks=both),
    )
    assert said(steward, "differences") == [
        f"2 organisations work only with those who answer {DECISIONS} as they do. "
        "Now: “Majority vote”.",
    ]
    assert len(doors(steward, "barriers")) == 1


# What is private, and what is not published yet


def test_what_is_kept_private_changes_nothing_on_it(small_edition: Edition) -> None:
    pages = []
    for rules in (
        {"level": "yes", "withheld": True, "evidence": LINK, "note": "kanarienvogel"},
        {"level": "no", "withheld": True},
    ):
        steward = published(organisation(cast.ALDER, rules=rules), *strict(2))
        text = main(steward).text
        assert "kanarienvogel" not in text
        pages.append(re.sub("As of [^.]*", "", text))
    assert pages[0] == pages[1]
    assert "Kept private now" in pages[0]


def test_a_draft_counts_once_it_is_published(small_edition: Edition) -> None:
    steward = published(organisation(cast.ALDER, rules={"level": "no"}), *strict(2))
    alder = Organisation.objects.get(slug="alder")
    before = said(steward)
    drafting.save_answer(
        alder,
        "rules",
        Answer(level="yes", evidence=tuple(LINK)),
        seen=drafts.read(alder).mark("rules"),
        by=User.objects.get(),
        at=AT,
    )
    assert said(steward) == before != []


# It comes true


def partners() -> int:
    """With how many Alder is compatible, by its match list."""
    alder, edition = Organisation.objects.get(slug="alder"), Edition.objects.get(state="published")
    return matching.matches(alder, edition).counts[Verdict.COMPATIBLE]


def test_who_does_it_finds_as_many_more_in_the_match_list(small_edition: Edition) -> None:
    others = [
        *strict(4),
        organisation(cast.BIRCH, "vote", asks=ALIKE, decisions={"level": "vote"}),
        organisation(cast.BIRCH, "near", asks=ALIKE, decisions={"level": "consensus"}),
        organisation(cast.BIRCH, "far", asks=ALIKE, decisions={"level": "consensus"}),
        organisation(cast.BIRCH, "lazy", asks={"losses": {"must_reach": "no"}}),
        organisation(cast.CEDAR, "cedar"),
    ]
    now: dict[str, Any] = {
        "rules": {"level": "yes", "reservation": "not all of them", "evidence": LINK},
        "losses": {"level": "yes"},
        "decisions": {"level": "vote"},
    }
    steward = published(organisation(cast.ALDER, **now), *others)
    before = partners()
    assert f"compatible with {before} of {len(others)} other" in main(steward).text
    promised = {
        one.all("a")[0].attributes["href"].split("/")[-2]: int(figure(one))
        for heading in ("answers", "differences")
        for one in doors(steward, heading)
        if figure(one).startswith("+")
    }
    done = {
        "rules": {"level": "yes", "evidence": LINK},
        "losses": {"level": "no"},
        "decisions": {"level": "consensus"},
    }
    assert set(promised) == set(done)
    for slug, answer in done.items():
        cast.publish_assessments(organisation(cast.ALDER, **{**now, slug: answer}))
        assert partners() - before == promised[slug] > 0, slug


def test_its_address_is_that_of_the_organisation() -> None:
    assert reverse("doors", args=["alder"]) == DOORS
