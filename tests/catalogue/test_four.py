"""Four organisations of the demo, filled in whole, and what somebody who knows co-operatives would
say of them: their profiles, quadrants, headline answers, and verdicts on each other.

Officina Lucciola is a worker co-operative whose reserve the law locks, Cormorant Group a large
group with subsidiaries without votes, Tern Mail a free-software collective without legal form,
Bobolink Stores a retail co-operative in which 0.4 % vote. Beside each row stands the reason. Where
a result offends common sense, the question or the level is to be mended, not the row.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from assessments.catalogue import edition_file, organisations_file
from assessments.compatibility import explanation
from assessments.compatibility.encoding import Frame
from assessments.compatibility.explanation import DealBreaker
from assessments.compatibility.pairs import Verdict
from assessments.scoring import answers, policy, profiles, terms
from assessments.scoring.gap import Quadrant
from assessments.scoring.profiles import Headline
from tests.reference import model

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "assessments" / "catalogue"
EDITION_TEXT = (CATALOGUE / "default.toml").read_text(encoding="utf-8")
ORGANISATIONS_TEXT = (CATALOGUE / "demo.json").read_text(encoding="utf-8")

EDITION = edition_file.read(EDITION_TEXT)
FRAME = Frame.of(EDITION)
LUCCIOLA, CORMORANT, TERN, BOBOLINK = NAMES = "lucciola", "cormorant", "tern", "bobolink"
FOUR = {
    one.slug: one
    for one in organisations_file.read(ORGANISATIONS_TEXT, EDITION).organisations
    if one.slug in NAMES
}


def sheet(slug: str, **changed: terms.Answer) -> terms.Sheet:
    """What counts of the answers of one of the four; `changed` answers have _ for -."""
    given = {name.replace("_", "-"): answer for name, answer in changed.items()}
    assert set(given) <= set(FOUR[slug].answers)
    return answers.sheet(EDITION, {**FOUR[slug].answers, **given})


def pair(
    first: str, second: str, of: terms.Sheet | None = None, own: bool = False
) -> explanation.Reasons:
    """The reasons for a pair; `of` is the second's sheet where it is not as published.

    `own`: by what each asks itself, else by the standard policy on both sides.
    """
    packed = [
        FRAME.row(
            levels,
            policy.of(EDITION, FOUR[slug].requirements) if own else policy.standard(EDITION),
        ).tobytes()
        for slug, levels in ((first, sheet(first)), (second, of or sheet(second)))
    ]
    return explanation.explain(FRAME, FRAME.rows(packed))


def failed(direction: explanation.Direction) -> set[str]:
    """The deal-breakers that the other fails."""
    return {part.criterion for part in direction.breakers(DealBreaker.FAILED)}


PROFILES = {slug: profiles.profile(EDITION, sheet(slug)) for slug in NAMES}

PUBLISHED = [
    (LUCCIOLA, "reserve-minimum", "30", "Italian Civil Code, article 2545-quater [S82]"),
    (LUCCIOLA, "solidarity-outflow", "3", "Law 59/1992, article 11: the mutual funds [S82]"),
    (LUCCIOLA, "pay-ratio", "2", "worker co-operatives in the census of 2019 [S54]"),
    (LUCCIOLA, "asset-lock", "beyond-members", "reserves that the law locks [S83][S84]"),
    (LUCCIOLA, "dissolution-heir", "named", "the mutual fund, on closing down [S84]"),
    (CORMORANT, "voteless-subsidiaries", "18", "jobs in subsidiaries abroad, 2019 [S92]"),
    (CORMORANT, "member-labour-share", "38", "members: 32–45 % of all jobs, 2019 [S92]"),
    (CORMORANT, "precarious-hours", "15", "temporary staff in Fagor's parent [S93]"),
    (CORMORANT, "pay-ratio", "6", "the limits are 4.5, 6 and 9 to 1 [S78]"),
    (CORMORANT, "reserve-minimum", "45", "of the surplus to the reserve [S78]"),
    (CORMORANT, "surplus-split", "55", "45 % reserve and 10 % education, social ends [S78]"),
    (CORMORANT, "solidarity-outflow", "10", "education and social ends [S78]"),
    (CORMORANT, "loss-sharing", "together", "losses are pooled [S79]"),
    (CORMORANT, "change-threshold", "majority", "two left by one vote of theirs [S80][S81]"),
    (TERN, "change-threshold", "three-quarters", "three to one: Debian, 2000 [S66]"),
    (TERN, "release-delay", "yes", "code and data are open: Decidim [S67]"),
    (TERN, "who-can-enforce", "publicity", "a social contract without an enforcer [S67]"),
    (BOBOLINK, "turnout", "0.4", "some 400 of more than 100,000 members [S89]"),
    (
        BOBOLINK,
        "member-initiative",
        "none",
        "a board put none of six motions to the vote [coopmembersforfairness.ca]",
    ),
]


@pytest.mark.parametrize(("slug", "criterion", "expected", "source"), PUBLISHED)
def test_an_answer_rests_on_a_published_fact(
    slug: str, criterion: str, expected: str, source: str
) -> None:
    answer = FOUR[slug].answers[criterion]

    given = answer.level if answer.value is None else f"{answer.value}"
    assert given == expected, source


class TestTheFour:
    def test_are_filled_in_whole(self) -> None:
        assert tuple(FOUR) == NAMES
        for slug, one in FOUR.items():
            assert list(one.answers) == [criterion.slug for criterion in EDITION.criteria], slug
            unknown = [c for c, level in sheet(slug).items() if level.state is terms.State.UNKNOWN]
            assert unknown == [], slug

    def test_say_that_they_are_fictional_and_link_to_nothing_real(self) -> None:
        for one in FOUR.values():
            assert str(one.described["summary"]).startswith("A fictional example: ")
            links = [str(one.described["website"])]
            links += [link for answer in one.answers.values() for link in answer.evidence]
            for link in links:
                assert re.fullmatch(rf"https://{one.slug}\.example(/[a-z-]+)*", link), link

    def test_count_a_but_as_the_worse_answer(self) -> None:
        buts = {
            (slug, criterion): level.position
            for slug in NAMES
            for criterion, level in sheet(slug).items()
            if level.reserved
        }
        assert buts == {
            (CORMORANT, "worker-voice-bargaining"): 0,  # only where a law asks for it
            (BOBOLINK, "contested-seats"): 0,  # the board sifts the names
            (BOBOLINK, "exclusive-ip"): 1,  # store managers are bound for a year
        }


HEADLINES = [
    (
        LUCCIOLA,
        Headline.YES,
        {"commons-held", "enclosure-history", "curating-labour", "asset-lock"}
        | {"solidarity-outflow", "voteless-subsidiaries"},
        "others use its manuals, its reserve is locked, 3 % leaves the house",
    ),
    (
        CORMORANT,
        Headline.NO,
        {"curating-labour", "voteless-subsidiaries"},
        "one hour in five is worked by people without a vote, hardly one in 300 for commons",
    ),
    (
        TERN,
        Headline.YES,
        {"commons-held", "enclosure-history", "curating-labour", "voteless-subsidiaries"},
        "all that it makes is common; it has no surplus and no reserve to be asked about",
    ),
    (
        BOBOLINK,
        Headline.NO,
        {"curating-labour", "asset-lock", "solidarity-outflow"},
        "the surplus goes to its own shoppers, and a large majority may share out the reserve too",
    ),
]


@pytest.mark.parametrize(("slug", "answer", "decided_by", "reason"), HEADLINES)
def test_the_headline_answers(
    slug: str, answer: Headline, decided_by: set[str], reason: str
) -> None:
    headline = PROFILES[slug].headline

    assert headline.answer is answer, reason
    assert set(headline.decided_by) == decided_by, reason


QUADRANTS = [
    (LUCCIOLA, Quadrant.BOTH, "its rules are strong and it does what they say"),
    (CORMORANT, Quadrant.NOMINAL, "the best of rules at home, and most of the work without them"),
    (TERN, Quadrant.WITHOUT_LABEL, "hardly any rules on capital or duties; it lives by sharing"),
    (BOBOLINK, Quadrant.NOMINAL, "one member, one vote, on paper: one in 250 uses it"),
]


@pytest.mark.parametrize(("slug", "quadrant", "reason"), QUADRANTS)
def test_form_and_function(slug: str, quadrant: Quadrant, reason: str) -> None:
    measured = PROFILES[slug].form_and_function

    assert measured.quadrant is quadrant, reason
    assert all(principle.gap is not None for principle in measured.principles), "all seven"
    assert measured.nominality is not None
    assert measured.hidden is not None
    if quadrant is Quadrant.NOMINAL:
        assert measured.nominality > measured.hidden + 15, reason
    if quadrant is Quadrant.WITHOUT_LABEL:
        assert measured.hidden > measured.nominality + 15, reason


GAPS = [
    (LUCCIOLA, 2, -20, 10, "many vote, and the teams direct their own work, as the rules say"),
    (LUCCIOLA, 4, -30, 0, "nobody outside has a say; its own bar for change is two thirds only"),
    (CORMORANT, 1, 10, 60, "a door at home, and none in the plants abroad"),
    (CORMORANT, 2, 30, 80, "one vote each, and appointed managers over most who work there"),
    (TERN, 6, -100, -40, "it shares with all and has put almost none of it into an agreement"),
    (TERN, 4, -100, -40, "nobody outside can overrule it, though hardly a rule says so"),
    (BOBOLINK, 2, 50, 100, "the vote is in the rules, and 99.6 % do not use it"),
    (BOBOLINK, 1, 20, 80, "anybody may join at the till; most who work there have no say"),
]


@pytest.mark.parametrize(("slug", "number", "least", "most", "reason"), GAPS)
def test_the_gap_of_a_principle(slug: str, number: int, least: int, most: int, reason: str) -> None:
    (found,) = (
        one for one in PROFILES[slug].form_and_function.principles if one.principle == number
    )

    assert found.gap is not None
    assert least <= found.gap <= most, reason


SCORES = [
    (LUCCIOLA, "surplus", 75, 100, "a locked reserve with an heir; members decide on the rest"),
    (LUCCIOLA, "labour", 75, 95, "members work nine hours in ten; cleaning still does not count"),
    (LUCCIOLA, "commons", 50, 80, "it opens its manuals, and steers them alone"),
    (CORMORANT, "surplus", 70, 90, "even its critics grant it the reserve and the pooled losses"),
    (CORMORANT, "labour", 5, 35, "the reason why it is criticised"),
    (CORMORANT, "licensing", 0, 30, "300 patents and closed software"),
    (CORMORANT, "inter-cooperation", 60, 85, "inside the group nearly everything is shared"),
    (TERN, "commons", 85, 100, "it is a commons"),
    (TERN, "licensing", 80, 100, "copyleft, all of it in public"),
    (TERN, "commitments", 30, 65, "it has promised much and signed nothing"),
    (BOBOLINK, "democracy", 40, 60, "good rules, empty hall"),
    (BOBOLINK, "labour", 10, 40, "workers under appointed managers, with a union"),
    (BOBOLINK, "licensing", 0, 25, "nothing that it learns leaves the house"),
]


@pytest.mark.parametrize(("slug", "dimension", "least", "most", "reason"), SCORES)
def test_the_score_of_a_dimension(
    slug: str, dimension: str, least: int, most: int, reason: str
) -> None:
    score = PROFILES[slug].dimensions[dimension]

    assert score.has_basis, reason
    assert score.low is not None
    assert score.low == score.high, "everything is answered"
    assert least <= 100 * score.low <= most, reason


def test_the_order_of_the_whole_is_what_one_would_expect() -> None:
    totals = {slug: one.total.low or 0 for slug, one in PROFILES.items()}

    assert min(totals[LUCCIOLA], totals[TERN]) > totals[CORMORANT] + Fraction(1, 5)
    assert totals[CORMORANT] > totals[BOBOLINK]


GROUP_FAILS = {"curating-labour", "voteless-subsidiaries"}
STORES_FAIL = {"curating-labour", "asset-lock", "solidarity-outflow"}
NOTHING: set[str] = set()
VERDICTS = [
    (
        *(LUCCIOLA, TERN, Verdict.COMPATIBLE, NOTHING, NOTHING),
        "unlike in form, alike in what they do: neither asks for what the other lacks",
    ),
    (
        *(LUCCIOLA, CORMORANT, Verdict.NOT_COMPATIBLE, GROUP_FAILS, NOTHING),
        "it would share in what people earn who have no vote",
    ),
    (
        *(LUCCIOLA, BOBOLINK, Verdict.NOT_COMPATIBLE, STORES_FAIL, NOTHING),
        "what Lucciola puts into a common pot could be shared out among shoppers",
    ),
    (
        *(TERN, CORMORANT, Verdict.NOT_COMPATIBLE, GROUP_FAILS, NOTHING),
        "its free program would go into patented machines made by people without a vote",
    ),
    (
        *(TERN, BOBOLINK, Verdict.NOT_COMPATIBLE, STORES_FAIL, NOTHING),
        "a store that gives nothing back to what it uses",
    ),
    (
        *(CORMORANT, BOBOLINK, Verdict.NOT_COMPATIBLE, STORES_FAIL, GROUP_FAILS),
        "by the standard policy each fails the other",
    ),
]


@pytest.mark.parametrize(
    ("first", "second", "verdict", "second_fails", "first_fails", "reason"), VERDICTS
)
def test_verdicts_by_the_standard_policy(
    first: str,
    second: str,
    verdict: Verdict,
    second_fails: set[str],
    first_fails: set[str],
    reason: str,
) -> None:
    found = pair(first, second)

    assert found.verdict is verdict, reason
    assert failed(found.forward) == second_fails, reason
    assert failed(found.backward) == first_fails, reason
    assert not found.forward.evaded
    assert not found.backward.evaded


def test_verdicts_of_every_pair_are_here() -> None:
    assert {frozenset(row[:2]) for row in VERDICTS} == {
        frozenset(both) for both in combinations(NAMES, 2)
    }


def test_those_who_ask_less_of_each_other_may_well_trade() -> None:
    """A group and a chain of stores that lower their bars fit each other, and nobody else."""
    verdicts = {both: pair(*both, own=True).verdict for both in combinations(NAMES, 2)}

    assert {both for both, found in verdicts.items() if found is Verdict.COMPATIBLE} == {
        (LUCCIOLA, TERN),
        (CORMORANT, BOBOLINK),
    }
    assert Verdict.UNKNOWN not in verdicts.values(), "all four have answered everything"


class TestIfTheyChanged:
    """One answer at a time: the questions must move, and only as far as the fact does."""

    def test_votes_in_the_plants_and_some_care_make_the_group_welcome(self) -> None:
        mended = sheet(
            CORMORANT,
            voteless_subsidiaries=terms.Answer(value=Decimal(0)),
            curating_labour=terms.Answer(value=Decimal("1.5")),
        )

        assert profiles.profile(EDITION, mended).headline.answer is Headline.YES
        assert failed(pair(LUCCIOLA, CORMORANT, of=mended).forward) == NOTHING

    def test_votes_alone_do_not_make_it_a_partner(self) -> None:
        """Most of its work is still done by people who are not members."""
        mended = sheet(
            CORMORANT,
            voteless_subsidiaries=terms.Answer(value=Decimal(0)),
            curating_labour=terms.Answer(value=Decimal("1.5")),
        )

        found = pair(LUCCIOLA, CORMORANT, of=mended)
        assert found.verdict is Verdict.NOT_COMPATIBLE
        assert found.forward.falls_short

    def test_without_its_lock_the_workshop_loses_its_partner(self) -> None:
        opened = sheet(
            LUCCIOLA,
            asset_lock=replace(FOUR[LUCCIOLA].answers["asset-lock"], level="larger-majority"),
        )

        found = pair(TERN, LUCCIOLA, of=opened)
        assert found.verdict is Verdict.NOT_COMPATIBLE
        assert failed(found.forward) == {"asset-lock"}

    def test_a_lock_that_is_claimed_and_not_shown_leaves_the_verdict_open(self) -> None:
        claimed = sheet(
            LUCCIOLA, asset_lock=replace(FOUR[LUCCIOLA].answers["asset-lock"], evidence=())
        )

        assert pair(TERN, LUCCIOLA, of=claimed).verdict is Verdict.UNKNOWN

    def test_a_full_hall_alone_does_not_make_the_stores_share(self) -> None:
        filled = sheet(BOBOLINK, turnout=terms.Answer(value=Decimal(85)))

        before, after = PROFILES[BOBOLINK], profiles.profile(EDITION, filled)
        assert after.total.points > before.total.points
        assert after.headline == before.headline
        assert pair(LUCCIOLA, BOBOLINK, of=filled).verdict is Verdict.NOT_COMPATIBLE

    def test_a_but_on_its_votes_costs_the_collective_its_partner(self) -> None:
        doubled = sheet(
            TERN,
            one_member_one_vote=replace(
                FOUR[TERN].answers["one-member-one-vote"],
                reservation="the founder's vote counts twice",
            ),
        )

        found = pair(LUCCIOLA, TERN, of=doubled)
        assert found.verdict is Verdict.NOT_COMPATIBLE
        assert failed(found.forward) == {"one-member-one-vote"}

    def test_to_say_that_nothing_applies_helps_nobody(self) -> None:
        """Wherever it may be said: then too little is left to be called a partner."""
        silent = answers.sheet(
            EDITION,
            {
                slug: terms.Answer(na="not our business") if EDITION.by_slug[slug].allow_na else one
                for slug, one in FOUR[BOBOLINK].answers.items()
            },
        )

        assert pair(LUCCIOLA, BOBOLINK, of=silent).verdict is Verdict.NOT_COMPATIBLE


def test_the_plain_implementation_says_the_same() -> None:
    raw = tomllib.loads(EDITION_TEXT, parse_float=Decimal)
    document = json.loads(ORGANISATIONS_TEXT, parse_float=Decimal)
    classes = tomllib.loads(
        (ROOT / "assessments" / "scoring" / "licence-classes.toml").read_text(encoding="utf-8")
    )
    sides = model.sides(raw, document, classes)

    for one in document["organisations"]:
        if one["slug"] not in NAMES:
            continue
        found, ours = model.profile(raw, one, classes), PROFILES[one["slug"]]
        assert (found.whole.low, found.whole.high) == (ours.total.low, ours.total.high)
        assert found.headline.answer == ours.headline.answer.value
    for first, second in combinations(NAMES, 2):
        assert (
            model.verdict(raw, sides[first], sides[second])
            == pair(first, second, own=True).verdict.value
        )
