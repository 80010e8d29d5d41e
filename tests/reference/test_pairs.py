"""Two organisations: cases worked by hand from the page of the model, with the reason beside."""

from fractions import Fraction
from typing import Any

import pytest

from . import model
from .patterns import LICENCE_CLASSES

Case = dict[str, Any]

PRACTICE = {"kind": "practice", "allow_na": True}
BREAKER = {**PRACTICE, "must_reach": "yes"}
EXCUSED = {**BREAKER, "na_meets": True}
SHARE = {
    "kind": "share",
    "bands": [
        {"from": 0, "credit": 0},
        {"from": 1, "credit": 60},
        {"from": 2, "credit": 60},
        {"from": 3, "credit": 100},
    ],
}
YES, NO, NA = {"level": "yes"}, {"level": "no"}, {"na": "we hold no land"}
YES_BUT = {"level": "yes", "reservation": "not all of them"}


def alike(count: int, **options: object) -> Case:
    """A similarity criterion with levels l0, l1, …"""
    levels = [{"slug": f"l{number}", "text": "…"} for number in range(count)]
    return {"kind": "choice", "role": "similarity", "levels": levels, "allow_na": True, **options}


def at(number: int) -> Case:
    """The answer that chooses the level of this number."""
    return {"level": f"l{number}"}


def edition_of(criteria: Case, threshold: int = 60) -> Case:
    """An edition with these criteria."""
    return {"edition": {"threshold": threshold}, "dimensions": {}, "criteria": criteria}


def side_of(edition: Case, answers: Case, requirements: Case | None = None) -> model.Side:
    """One side with these answers and requirements."""
    organisation = {"slug": "alder", "answers": answers, "requirements": requirements or {}}
    return model.side(edition, organisation, LICENCE_CLASSES)


SAME = alike(3, must_reach="same")
SAME_EXCUSED = alike(3, must_reach="same", na_meets=True)

# The answers of A and of B; None is no answer.
DEAL_BREAKERS: list[tuple[Case, Case | None, Case | None, str, str]] = [
    (BREAKER, None, YES, "met", "reached; what A itself does is of no matter"),
    (BREAKER, YES, NO, "failed", "known with less credit"),
    (BREAKER, YES, YES_BUT, "failed", "yes, but means no"),
    (BREAKER, YES, None, "open", "unknown is neither agreement nor refusal"),
    (BREAKER, YES, {**NO, "withheld": True}, "open", "kept private"),
    (BREAKER, YES, NA, "open", "does not apply, and that does not meet it"),
    (EXCUSED, YES, NA, "met", "does not apply, and that meets it"),
    ({**BREAKER, "evidence": "required"}, None, YES, "open", "claimed, not shown"),
    ({**BREAKER, "must_reach": "no"}, None, NO, "met", "the least level is reached by all"),
    ({**SHARE, "must_reach": "from-2"}, None, {"value": 1}, "met", "equal credit is enough"),
    ({**SHARE, "must_reach": "from-3"}, None, {"value": 2}, "failed", "less credit"),
    (SAME, at(1), at(1), "met", "the same"),
    (SAME, at(1), at(2), "failed", "near is not the same"),
    (SAME, at(1), None, "open", "B is unknown"),
    (SAME, None, at(1), "open", "A is unknown"),
    (SAME, NA, at(1), "met", "A's own does not apply"),
    (SAME, NA, None, "met", "A's own does not apply, before B is looked at"),
    (SAME, NA, NA, "met", "A's own does not apply, before B is looked at"),
    (SAME, at(1), NA, "open", "B does not apply, and that does not meet it"),
    (SAME_EXCUSED, at(1), NA, "met", "B does not apply, and that meets it"),
    (SAME_EXCUSED, None, NA, "met", "B does not apply, before the unknown is looked at"),
]


@pytest.mark.parametrize(("criterion", "own", "other", "expected", "reason"), DEAL_BREAKERS)
def test_a_deal_breaker_is(
    criterion: Case, own: Case | None, other: Case | None, expected: str, reason: str
) -> None:
    """What becomes of a deal-breaker is what was worked by hand."""
    edition = edition_of({"c": criterion})
    a = side_of(edition, {} if own is None else {"c": own})
    b = side_of(edition, {} if other is None else {"c": other})
    assert model.deal_breakers(edition, a, b) == {"c": expected}, reason


HEAVY, LIGHT = {**PRACTICE, "importance": 3}, {**PRACTICE, "importance": 1}
IDLE = {**PRACTICE, "importance": 0}
FREE = {"kind": "practice", "role": "none"}
TWO = {"heavy": HEAVY, "light": LIGHT}
ONE, NONE, HALF = Fraction(1), Fraction(0), Fraction(1, 2)

SATISFACTION: list[tuple[Case, Case, Case, Fraction, Fraction, bool, str]] = [
    (TWO, {}, {"heavy": YES, "light": NO}, Fraction(3, 4), Fraction(3, 4), False, "3 of 4"),
    (TWO, {}, {"heavy": YES}, Fraction(3, 4), ONE, False, "the open one widens the interval"),
    (TWO, {}, {}, NONE, ONE, False, "nothing is known"),
    (TWO, {}, {"heavy": NO, "light": NA}, NONE, NONE, False, "na is left out"),
    (TWO, {}, {"heavy": NA, "light": YES}, ONE, ONE, True, "2·1 < 4: more than half excused"),
    (TWO, {}, {"heavy": NA, "light": NA}, NONE, ONE, True, "some asked, none takes part"),
    ({"a": LIGHT, "b": LIGHT}, {}, {"a": NA, "b": NO}, NONE, NONE, False, "half may be excused"),
    ({"a": IDLE}, {}, {"a": NO}, ONE, ONE, False, "importance 0 asks nothing"),
    ({"a": FREE}, {}, {"a": NO}, ONE, ONE, False, "role none asks nothing"),
    ({"a": {"kind": "offers"}}, {}, {}, ONE, ONE, False, "offers ask nothing"),
    ({"a": LIGHT}, {}, {"a": YES_BUT}, NONE, NONE, False, "yes, but means no"),
    ({"a": alike(3)}, {"a": at(0)}, {"a": at(1)}, HALF, HALF, False, "one step of two"),
    ({"a": alike(2)}, {"a": at(0)}, {"a": at(1)}, NONE, NONE, False, "two levels: all or nothing"),
    (
        {"a": alike(4)},
        {"a": at(3)},
        {"a": at(2)},
        Fraction(67, 100),
        Fraction(67, 100),
        False,
        "66.67 is rounded to 67",
    ),
    (
        {"a": alike(4)},
        {"a": at(0)},
        {"a": at(2)},
        Fraction(33, 100),
        Fraction(33, 100),
        False,
        "33.33 is rounded to 33",
    ),
    (
        {"a": alike(9)},
        {"a": at(0)},
        {"a": at(7)},
        Fraction(13, 100),
        Fraction(13, 100),
        False,
        "12.5 is rounded up, to 13",
    ),
    (
        {"a": alike(5, agreement="exact")},
        {"a": at(0)},
        {"a": at(1)},
        NONE,
        NONE,
        False,
        "exact: near is nothing",
    ),
    (
        {"a": alike(5, agreement="exact")},
        {"a": at(1)},
        {"a": at(1)},
        ONE,
        ONE,
        False,
        "exact: the same",
    ),
    ({"a": alike(3)}, {}, {"a": at(1)}, NONE, ONE, False, "A's own unknown leaves it open"),
    ({"a": alike(3)}, {"a": at(1)}, {}, NONE, ONE, False, "B's unknown leaves it open"),
    ({"a": alike(3)}, {"a": NA}, {"a": at(1)}, ONE, ONE, False, "A's own na: not even asked"),
    ({"a": alike(3)}, {"a": at(1)}, {"a": NA}, NONE, ONE, True, "B's na: asked, not taking part"),
    (
        {"a": alike(3, importance=9), "b": LIGHT},
        {"a": NA},
        {"b": YES},
        ONE,
        ONE,
        False,
        "what A does not ask cannot be evaded",
    ),
]


@pytest.mark.parametrize(("criteria", "own", "other", "low", "high", "away", "why"), SATISFACTION)
def test_satisfaction_is(
    criteria: Case, own: Case, other: Case, low: Fraction, high: Fraction, away: bool, why: str
) -> None:
    """The interval, and whether A is evaded, are those worked by hand."""
    edition = edition_of(criteria)
    a, b = side_of(edition, own), side_of(edition, other)
    assert model.satisfaction(edition, a, b) == (low, high), why
    assert model.evaded(edition, a, b) is away, why


FIVE: Case = {f"c{number}": PRACTICE for number in range(5)}
FIVE_AND_BREAKER: Case = {**FIVE, "x": {**BREAKER, "importance": 0}}
THREE_YES: Case = {"c0": YES, "c1": YES, "c2": YES}
ALL_YES: Case = dict.fromkeys(FIVE_AND_BREAKER, YES)

VERDICTS: list[tuple[Case, Case, Case, str, str]] = [
    (FIVE, THREE_YES, {}, "compatible", "60 % is certain, whatever is open"),
    (FIVE, {**THREE_YES, "c3": NO, "c4": NO}, {}, "compatible", "the threshold itself is enough"),
    (FIVE, {**THREE_YES, "c2": NO, "c3": NO, "c4": NO}, {}, "not-compatible", "40 % at most"),
    (FIVE, {"c0": YES, "c1": YES}, {}, "unknown", "40 % is certain, 100 % is possible"),
    (FIVE, {"c2": NO, "c3": NO}, {}, "unknown", "60 % is still possible"),
    (FIVE, {"c2": NO, "c3": NO, "c4": NO}, {}, "not-compatible", "60 % is not possible"),
    (FIVE, {"c0": NO}, {"threshold": 0}, "compatible", "threshold 0 is always reached"),
    (FIVE, {**ALL_YES, "c0": NO}, {"threshold": 100}, "not-compatible", "100 allows nothing less"),
    (FIVE, ALL_YES, {"threshold": 100}, "compatible", "100 can be reached"),
    (FIVE_AND_BREAKER, {**ALL_YES, "x": NO}, {}, "not-compatible", "it holds with importance 0"),
    (FIVE_AND_BREAKER, {**ALL_YES, "x": NA}, {}, "unknown", "an open deal-breaker"),
    (
        FIVE_AND_BREAKER,
        {**ALL_YES, "x": NO},
        {"criteria": {"x": {"must_reach": None}}},
        "compatible",
        "null takes a deal-breaker away",
    ),
    (
        FIVE,
        {**ALL_YES, "c0": NO},
        {"criteria": {"c0": {"must_reach": "yes"}}},
        "not-compatible",
        "A's own deal-breaker, with the importance of the standard policy",
    ),
    (
        FIVE,
        {"c0": NA, "c1": NA, "c2": NA, "c3": YES, "c4": YES},
        {},
        "unknown",
        "evaded: 2·2 < 5",
    ),
    (
        FIVE,
        {"c0": NA, "c1": NA, "c2": NA, "c3": YES, "c4": NO},
        {},
        "not-compatible",
        "50 % of what takes part, and evading saves nobody",
    ),
    (
        FIVE,
        {"c0": NO},
        {"criteria": {slug: {"importance": 0} for slug in FIVE}},
        "compatible",
        "who asks nothing is content",
    ),
]


@pytest.mark.parametrize(("criteria", "other", "requirements", "expected", "reason"), VERDICTS)
def test_the_verdict_is(
    criteria: Case, other: Case, requirements: Case, expected: str, reason: str
) -> None:
    """The verdict is the one worked by hand, from either side."""
    edition = edition_of(criteria)
    # B asks nothing, so that A's judgement alone decides.
    asks_nothing: Case = {
        "threshold": 0,
        "criteria": {slug: {"importance": 0, "must_reach": None} for slug in criteria},
    }
    a, b = side_of(edition, {}, requirements), side_of(edition, other, asks_nothing)
    assert model.verdict(edition, a, b) == expected, reason
    assert model.verdict(edition, b, a) == expected, reason


WEIGHTED: Case = {f"w{number}": {**PRACTICE, "importance": number} for number in (1, 2, 3, 4)}
WITH_SAME: Case = {"s": alike(3, importance=4), "w4": WEIGHTED["w4"]}
BROKEN: Case = {**WEIGHTED, "x": {**BREAKER, "importance": 0}}

CHANGES: list[tuple[Case, Case, Case, list[str] | None, str]] = [
    (WEIGHTED, {}, dict.fromkeys(WEIGHTED, YES), [], "nothing is missing"),
    (WEIGHTED, {}, {}, ["w4", "w3"], "7 of 10 reach 60 %, by points to gain"),
    (WEIGHTED, {}, {"w4": YES}, ["w3"], "4 and 3 of 10"),
    (WEIGHTED, {}, {"w4": YES, "w3": NO}, ["w3"], "a known answer can be changed too"),
    (WEIGHTED, {}, {"w4": NA}, ["w3", "w2"], "na stays: 5 of 6, since 3 of 6 is not enough"),
    (WEIGHTED, {}, {"w4": NA, "w3": NA}, None, "evaded: 2·3 < 10"),
    (BROKEN, {}, {"w4": YES, "w3": YES}, ["x"], "who gains 0 is listed for a deal-breaker"),
    (BROKEN, {}, {"x": NO}, ["x", "w4", "w3"], "first what a deal-breaker needs"),
    (BROKEN, {}, {"x": NA, "w4": YES, "w3": YES}, None, "na stays, so the deal-breaker is open"),
    ({"b": LIGHT, "a": LIGHT}, {}, {}, ["a", "b"], "equal gains, by slug"),
    (WITH_SAME, {"s": at(1)}, {"s": at(2)}, ["w4"], "4·100 to gain before 4·50; 6 of 8 will do"),
    (WITH_SAME, {"s": at(1)}, {"s": at(0), "w4": NA}, ["s"], "from 50 % to 100 % of what is left"),
    (WITH_SAME, {}, {"s": at(2)}, None, "A's own unknown gains 0, and w4 alone is 50 %"),
    ({"s": SAME}, {}, {"s": at(2)}, None, "no answer of B meets it while A's own is unknown"),
    ({"s": SAME}, {"s": at(0)}, {"s": at(2)}, ["s"], "B can answer the same"),
    ({"s": SAME}, {"s": NA}, {"s": at(2)}, [], "A's own na: met, and nothing is asked"),
]


@pytest.mark.parametrize(("criteria", "own", "other", "expected", "reason"), CHANGES)
def test_what_would_change_is(
    criteria: Case, own: Case, other: Case, expected: list[str] | None, reason: str
) -> None:
    """The fewest criteria are those worked by hand, and trying everything finds no fewer."""
    edition = edition_of(criteria)
    a, b = side_of(edition, own), side_of(edition, other)
    assert model.what_would_change(edition, a, b) == expected, reason
    fewest = model.fewest_by_brute_force(edition, a, b)
    assert fewest == (None if expected is None else len(expected)), reason


ASKING: list[tuple[Case, list[str], str]] = [
    ({"x": NO}, ["x"], "asked, and not reached"),
    ({"x": YES_BUT}, ["x"], "yes, but means no"),
    ({"x": YES}, [], "reached"),
    ({}, [], "unknown is no refusal"),
    ({"x": NA}, [], "does not apply"),
]


@pytest.mark.parametrize(("answers", "expected", "reason"), ASKING)
def test_asking_more_than_one_gives_is(answers: Case, expected: list[str], reason: str) -> None:
    """The criteria listed are those worked by hand."""
    side = side_of(edition_of({"x": BREAKER, "s": SAME}), answers)
    edition = edition_of({"x": BREAKER, "s": SAME})
    assert model.asks_more_than_it_gives(edition, side.policy, side.sheet) == expected, reason


def test_the_tables_are_those_worked_by_hand() -> None:
    """Both tables are right to the byte, with ties broken by slug in code point order."""
    edition = edition_of({"heavy": {**PRACTICE, "importance": 2}, "light": PRACTICE, "idle": IDLE})
    content = {"threshold": 0}
    strict = {"criteria": {"idle": {"must_reach": "yes"}}}
    coop = {"slug": "coop", "answers": {"heavy": YES, "light": YES}, "requirements": content}
    ash = {"slug": "ash", "answers": {"heavy": NO}}
    gum = {"slug": "gum", "answers": {"heavy": YES, "light": YES}, "requirements": strict}
    twins = [
        {"slug": slug, "answers": {"heavy": YES, "light": NO}} for slug in ("coo", "co2", "co-op")
    ]
    elm = {"slug": "elm", "answers": {"heavy": YES}}
    fir = {"slug": "fir", "answers": {"light": YES}}
    document = {"edition": "e", "organisations": [gum, *twins, fir, ash, coop, elm]}
    # Elm has the same low as the twins and a greater high. The deal-breaker of gum is open, so gum
    # comes last with the best score of all.
    assert model.matches_csv(edition, document, "coop", LICENCE_CLASSES) == (
        "rank,organisation,verdict,low,high\n"
        "1,elm,compatible,0.666667,1.000000\n"
        "2,co-op,compatible,0.666667,0.666667\n"
        "3,co2,compatible,0.666667,0.666667\n"
        "4,coo,compatible,0.666667,0.666667\n"
        "5,fir,compatible,0.333333,1.000000\n"
        "6,ash,compatible,0.000000,0.333333\n"
        "7,gum,unknown,1.000000,1.000000\n"
    )
    document["organisations"] = [gum, coop, ash]
    assert model.compatibility_csv(edition, document, LICENCE_CLASSES) == (
        "first,second,verdict,low,high,first_low,first_high,second_low,second_high\n"
        "ash,coop,compatible,0.000000,0.333333,1.000000,1.000000,0.000000,0.333333\n"
        "ash,gum,not-compatible,0.000000,0.333333,1.000000,1.000000,0.000000,0.333333\n"
        "coop,gum,unknown,1.000000,1.000000,1.000000,1.000000,1.000000,1.000000\n"
    )
