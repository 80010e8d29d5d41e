"""The reasons of a pair in words: what decides, what would be enough, where the two differ."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import (
    Cast,
    edition_toml,
    publish_assessments,
    publish_edition,
)
from tests.pages.reading import Element, read
from tests.pages.routes import address

pytestmark = pytest.mark.django_db

FIR: dict[str, Any] = {"slug": "fir", "name": "Fir"}
GORSE: dict[str, Any] = {"slug": "gorse", "name": "Gorse"}
SHOWN = ["https://fir.example/"]
NOTHING: dict[str, Any] = {"importance": 0, "must_reach": None}
CRITERIA = ("rules", "losses", "release-delay", "decisions", "outflow", "licences")

RULES = "Are the rules of your main commons written and public?"
LOSSES = "Are losses put on those who work?"
DELAY = "How long do you wait before you publish?"
DECISIONS = "How do members decide?"
OUTFLOW = "What share of the surplus goes to others?"
LICENCES = "Under which licences do you publish?"


def pair(asking: dict[str, Any], answering: dict[str, Any]) -> Element:
    """The page of two who have published so; they ask what is given, and nothing else."""
    publish_assessments(
        *({**who, **said, **_asked(said)} for who, said in ((FIR, asking), (GORSE, answering)))
    )
    return read(Client().get(address("pair", slug="fir", other="gorse")).content)


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    given = said.get("requirements", {})
    criteria = {slug: {**NOTHING, **given.get("criteria", {}).get(slug, {})} for slug in CRITERIA}
    return {"requirements": {**given, "criteria": criteria}}


def section(page: Element, name: str) -> Element:
    """A section of the page by the name of its heading."""
    (found,) = [one for one in page.all("section") if one.attributes.get("aria-labelledby") == name]
    return found


def reasons(page: Element, name: str = "why") -> list[tuple[str, str]]:
    """The reasons of a section, each with what its sign says."""
    return [
        (one.one("svg").attributes.get("aria-label", ""), one.text)
        for listed in section(page, name).all("ul", "reasons")
        for one in listed.all("li")
    ]


# Deal-breakers that are met because they do not apply


def test_who_meets_a_deal_breaker_since_it_does_not_apply_is_not_said_to_have_met_it(
    cast: Cast,
) -> None:
    page = pair(
        {"requirements": {"criteria": {"losses": {"must_reach": "no"}}}},
        {"answers": {"losses": {"na": "no loss since 2015"}}},
    )
    assert page.one("p", "verdict-sentence").text == (
        "Compatible. Each reaches the other’s bar, and no deal-breaker stands in the way."
    )
    assert reasons(page)[2:] == [
        (
            "does not apply",
            f"What Fir requires does not apply to Gorse, which meets it: {LOSSES} Asked: “No”. "
            "Gorse gives as its reason: “no loss since 2015”.",
        )
    ]
    said = section(page, "why").one("details").one("summary").text
    assert said == "One deal-breaker met, one because it does not apply"


def test_where_likeness_does_not_apply_to_who_asks_for_it_everybody_meets_it(db: None) -> None:
    likeness = 'agreement = "ordered"\n'
    publish_edition(edition_toml("small", (likeness, f"{likeness}allow_na = true\n")))
    page = pair(
        {
            "answers": {"decisions": {"na": "one member"}},
            "requirements": {"criteria": {"decisions": {"must_reach": "same"}}},
        },
        {"answers": {"decisions": {"level": "vote"}}},
    )
    ((sign, said),) = reasons(page)[2:]
    assert sign == "does not apply"
    assert said.startswith(
        "Fir requires likeness in what does not apply to it, so everybody meets it: " + DECISIONS
    )
    assert said.endswith("Fir gives as its reason: “one member”.")


def test_what_does_not_apply_and_does_not_meet_a_deal_breaker_is_open(db: None) -> None:
    publish_edition(edition_toml("small", ("na_meets = true\n", "")))
    page = pair(
        {"requirements": {"criteria": {"losses": {"must_reach": "no"}}}},
        {"answers": {"losses": {"na": "no loss since 2015"}}},
    )
    (sign, said), *bars = reasons(page)
    assert sign == "open"
    assert said == (
        f"Gorse says that this does not apply; Fir requires it: {LOSSES} Asked: “No”. "
        "Gorse gives as its reason: “no loss since 2015”."
    )
    assert [sign for sign, _ in bars] == ["met", "met"]


# The bar


@pytest.mark.parametrize(
    ("criteria", "answers", "threshold", "sign", "expected"),
    [
        (
            {"release-delay": {"importance": 4}},
            {"release-delay": {"level": "soon"}},
            60,
            "met",
            "Gorse reaches Fir’s bar It stands at 60, and the bar is 60.",
        ),
        (
            {},
            {},
            60,
            "met",
            "Gorse reaches Fir’s bar Fir gives no question any importance.",
        ),
        (
            {"release-delay": {"importance": 4}, "outflow": {"importance": 1}},
            {"release-delay": {"level": "soon"}},
            60,
            "open",
            "Gorse has not yet reached Fir’s bar It stands at 48–68, and the bar is 60. "
            "One question that counts is still open; see what would decide it.",
        ),
        (
            {"release-delay": {"importance": 4}, "outflow": {"importance": 1}},
            {},
            60,
            "open",
            "Gorse has not yet reached Fir’s bar It stands at 0–100, and the bar is 60. "
            "Two questions that count are still open; see what would decide it.",
        ),
        (
            {"release-delay": {"importance": 4}, "outflow": {"importance": 1}},
            {"release-delay": {"level": "soon"}},
            70,
            "not met",
            "Gorse stays below Fir’s bar, whatever is still open It can reach 68 at most, and the "
            "bar is 70.",
        ),
        (
            {"release-delay": {"importance": 4}, "outflow": {"importance": 1}},
            {"release-delay": {"level": "soon"}, "outflow": {"value": 5}},
            70,
            "not met",
            "Gorse stays below Fir’s bar It stands at 60, and the bar is 70.",
        ),
        (
            {"release-delay": {"importance": 4}, "losses": {"importance": 5}},
            {"release-delay": {"level": "at-once"}, "losses": {"na": "no loss"}},
            60,
            "open",
            "Too much of what Fir asks does not apply to Gorse It may be half, by importance, and "
            "is more. By the rest it stands at 100, and the bar is 60.",
        ),
    ],
)
def test_the_bar_is_the_first_reason_of_each_direction(
    cast: Cast,
    criteria: dict[str, Any],
    answers: dict[str, Any],
    threshold: int,
    sign: str,
    expected: str,
) -> None:
    page = pair(
        {"requirements": {"threshold": threshold, "criteria": criteria}}, {"answers": answers}
    )
    back = ("met", "Fir reaches Gorse’s bar Gorse gives no question any importance.")
    assert reasons(page) == [(sign, expected), back]
    assert "Neither has a deal-breaker" in section(page, "why").text


# What would change the verdict


def test_the_least_answer_that_is_enough_is_asked_for_and_not_the_best(cast: Cast) -> None:
    page = pair(
        {
            "answers": {"decisions": {"level": "consensus"}},
            "requirements": {
                "threshold": 47,
                "criteria": {
                    "outflow": {"importance": 3, "must_reach": "from-3"},
                    "release-delay": {"importance": 1},
                    "decisions": {"importance": 3},
                    "rules": {"must_reach": "yes"},
                    "licences": {"must_reach": "permissive"},
                },
            },
        },
        {
            "answers": {
                "outflow": {"value": 0},
                "rules": {"level": "yes"},
                "decisions": {"level": "vote"},
                "licences": {"licences": ["MIT"], "withheld": True},
            }
        },
    )
    first, second = section(page, "change").all("section")
    assert first.one("p").text == (
        "These four answers of Gorse would do together, shown and without a but:"
    )
    assert [
        (one.one("svg").attributes["aria-label"], one.one("a").text, one.one("span", "aside").text)
        for one in first.all("li")
    ] == [
        (
            "not met",
            OUTFLOW,
            "Enough: “from 3 to under 10 %” or better. So far: under 0.01 %. deal-breaker",
        ),
        (
            "open",
            LICENCES,
            "Enough: “Free, and free to be closed by others” or better. So far: Kept private. "
            "deal-breaker",
        ),
        (
            "open",
            RULES,
            "Enough: “They are public”. So far: They are public (claimed, not shown). deal-breaker",
        ),
        (
            "not met",
            DECISIONS,
            "Enough: “Consent”, or nearer to “Consensus”. So far: Majority vote.",
        ),
    ]
    assert second.one("li").text.startswith("Nothing is needed")


BAR_AND_DEAL_BREAKER = {
    "threshold": 80,
    "criteria": {
        "outflow": {"importance": 3, "must_reach": "from-0.01"},
        "release-delay": {"importance": 2, "must_reach": "soon"},
    },
}


def test_what_meets_a_deal_breaker_is_told_from_what_the_bar_needs(cast: Cast) -> None:
    page = pair(
        {"requirements": BAR_AND_DEAL_BREAKER},
        {"answers": {"outflow": {"value": 0}, "release-delay": {"level": "soon"}}},
    )
    first, _ = section(page, "change").all("section")
    assert [one.one("span", "aside").text for one in first.all("li")] == [
        "Enough: “A tenth”. “from 0.01 to under 3 %” meets the deal-breaker; what is above it "
        "helps to reach the bar. So far: under 0.01 %. deal-breaker",
    ]


def test_a_deal_breaker_that_is_met_is_no_tag_on_what_the_bar_needs(cast: Cast) -> None:
    page = pair(
        {"requirements": BAR_AND_DEAL_BREAKER},
        {"answers": {"outflow": {"value": 1}, "release-delay": {"level": "soon"}}},
    )
    first, _ = section(page, "change").all("section")
    assert [one.one("span", "aside").text for one in first.all("li")] == [
        "Enough: “A tenth”. So far: from 0.01 to under 3 %.",
    ]


# How the figures come about


def test_where_likeness_counts_it_says_so_and_what_who_asks_says_itself(cast: Cast) -> None:
    page = pair(
        {
            "answers": {"decisions": {"level": "consensus"}},
            "requirements": {
                "criteria": {"decisions": {"importance": 3}, "outflow": {"importance": 3}}
            },
        },
        {"answers": {"decisions": {"level": "vote"}, "outflow": {"value": 4}}},
    )
    table = section(page, "sums").all("table")[0]
    rows = {one.one("a").text: one for one in table.one("tbody").all("tr")}
    alike, standard = rows[DECISIONS], rows[OUTFLOW]
    assert (
        alike.one("th").text
        == f"{DECISIONS}Majority vote – Fir: Consensus compared for likeness importance of its own"
    )
    assert alike.all("td")[1].text == "Accepted0"
    assert alike.all("span", "tag")[0].text == "compared for likeness"
    assert standard.all("span", "tag") == []
    assert "accepted is how near it is to what Fir says itself" in table.one("caption").text


def test_whose_importances_they_are_is_said(client: Client, cast: Cast) -> None:
    page = read(client.get(address("pair", slug="alder", other="birch")).content)
    by_alder, by_birch = section(page, "sums").all("table")
    caption = by_birch.one("caption").text
    assert "Importance, from 0 to 10, is that of the standard policy. Accepted" in caption
    assert "What is met in all is shown of 100, rounded down." in caption
    assert "of its own" not in by_birch.text
    assert (
        "is that of the standard policy, but where it says “importance of its own”: there Alder "
        "has set another."
    ) in by_alder.one("caption").text
    rows = by_alder.one("tbody").all("tr")
    assert [one.one("a").text for one in rows if "of its own" in one.text] == [DECISIONS]


def test_who_sets_every_importance_is_named_alone(cast: Cast) -> None:
    every = {
        slug: {"importance": 10}
        for slug in ("rules", "losses", "release-delay", "decisions", "outflow", "licences")
    }
    page = pair({"requirements": {"criteria": every}}, {"answers": {"outflow": {"value": 4}}})
    table = section(page, "sums").all("table")[0]
    assert "Importance, from 0 to 10, is set by Fir." in table.one("caption").text
    assert "of its own" not in table.text


# Only what differs


def test_what_differs_is_told_from_what_one_has_not_said_and_what_one_has_not_shown(
    cast: Cast,
) -> None:
    page = pair(
        {
            "answers": {
                "rules": {"level": "yes", "evidence": SHOWN},
                "losses": {"na": "no loss"},
                "release-delay": {"level": "soon"},
                "decisions": {"unknown": True},
                "outflow": {"value": 4},
                "licences": {"licences": ["MIT"], "withheld": True},
            }
        },
        {
            "answers": {
                "rules": {"level": "yes"},
                "losses": {"level": "no"},
                "release-delay": {"level": "soon"},
                "outflow": {"value": 4, "withheld": True},
            }
        },
    )
    found = {
        one.one("summary").text: [row.one("th").text for row in one.one("tbody").all("tr")]
        for one in section(page, "differs").all("details")
    }
    assert found == {
        "Both have said something, and not the same: 1 question": [LOSSES],
        "Only one of the two has said anything: 1 question": [OUTFLOW],
        "Said alike, but one has not shown it: 1 question": [RULES],
    }


def test_a_but_differs_from_what_is_said_without_one(cast: Cast) -> None:
    but = {"level": "yes", "reservation": "not all", "evidence": SHOWN}
    page = pair(
        {"answers": {"rules": but}},
        {"answers": {"rules": {"level": "yes", "evidence": SHOWN}, "exchange": {"needs": ["a"]}}},
    )
    (row,) = section(page, "differs").one("tbody").all("tr")
    assert row.text == f"{RULES} FirYes, but…counts as No GorseThey are public."


def test_nothing_differs_where_neither_says_anything(cast: Cast) -> None:
    page = pair(
        {"answers": {"rules": {"unknown": True}}},
        {"answers": {"outflow": {"value": 4, "withheld": True}}},
    )
    assert section(page, "differs").all("details") == []
    assert "Nothing that the two have said differs." in section(page, "differs").text
