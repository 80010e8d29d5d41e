"""One organisation: cases worked by hand from the page of the model, with the reason beside."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from . import licences, model
from .criteria import LICENCE_LEVELS
from .patterns import LICENCE_CLASSES

Case = dict[str, Any]

UNKNOWN = ("unknown", None)
NOT_APPLICABLE = ("na", None)

PRACTICE = {"kind": "practice"}
REVERSED = {"kind": "practice", "reversed": True}
SHOWN = {"kind": "practice", "evidence": "required"}
SHOWN_REVERSED = {"kind": "practice", "evidence": "required", "reversed": True}
FREE = {"kind": "practice", "role": "none"}
CHOICE = {
    "kind": "choice",
    "levels": [
        {"slug": "some", "text": "Some", "credit": 50},
        {"slug": "none", "text": "None", "credit": 0},
        {"slug": "all", "text": "All", "credit": 100},
    ],
}
ALIKE = {
    "kind": "choice",
    "role": "similarity",
    "levels": [{"slug": "vote", "text": "Vote"}, {"slug": "consent", "text": "Consent"}],
}
SHARE = {
    "kind": "share",
    "bands": [
        {"from": 0, "credit": 0},
        {"from": Decimal("0.01"), "credit": 30},
        {"from": 3, "credit": 60},
        {"from": Decimal("10.0"), "credit": 100},
    ],
}
LICENCES = {"kind": "licences"}
GENEROUS = {
    "proprietary": 0,
    "restricted": 0,
    "permissive": 100,
    "copyleft": 100,
    "reciprocity": 80,
}
YES_BUT = {"level": "yes", "reservation": "not all of them"}
NO_BUT = {"level": "no", "reservation": "once a year"}
LINK = ["https://coop.example/rules"]

EFFECTIVE = [
    (PRACTICE, None, UNKNOWN, "no answer"),
    (PRACTICE, {"unknown": True}, UNKNOWN, "we don't know"),
    (PRACTICE, {"level": "yes", "withheld": True}, UNKNOWN, "kept private"),
    (PRACTICE, {**YES_BUT, "withheld": True}, UNKNOWN, "kept private, before the but is read"),
    ({**PRACTICE, "allow_na": True}, {"na": "no loss"}, NOT_APPLICABLE, "na where allowed"),
    (PRACTICE, {"na": "no loss"}, UNKNOWN, "what the edition does not allow is unknown"),
    (PRACTICE, {"level": "yes"}, ("known", 1), "the level chosen"),
    (PRACTICE, {"level": "no"}, ("known", 0), "the level chosen"),
    (PRACTICE, YES_BUT, ("known", 0), "yes, but means no"),
    (PRACTICE, NO_BUT, ("known", 0), "no, but is still no"),
    (REVERSED, {"level": "no"}, ("known", 0), "reversed swaps credits, not levels"),
    (REVERSED, NO_BUT, ("known", 1), "on a reversed question no, but means yes"),
    (REVERSED, YES_BUT, ("known", 1), "yes has the least credit already"),
    (FREE, YES_BUT, ("known", 1), "a but lowers standard criteria only"),
    (SHOWN, {"level": "yes"}, UNKNOWN, "claimed, not shown"),
    (SHOWN, {"level": "yes", "evidence": LINK}, ("known", 1), "claimed and shown"),
    (SHOWN, {"level": "no"}, ("known", 0), "credit 0 is no claim"),
    (SHOWN, YES_BUT, ("known", 0), "the but comes before the evidence"),
    (SHOWN_REVERSED, {"level": "no"}, UNKNOWN, "the claim of a reversed question is no"),
    (SHOWN_REVERSED, {"level": "yes"}, ("known", 1), "credit 0 is no claim, reversed"),
    ({**FREE, "evidence": "required"}, {"level": "yes"}, ("known", 1), "rule 4 is for standard"),
    ({**ALIKE, "evidence": "required"}, {"level": "vote"}, ("known", 0), "rule 4 is for standard"),
    (CHOICE, {"level": "all"}, ("known", 2), "the level chosen"),
    ({**CHOICE, "evidence": "required"}, {"level": "none"}, ("known", 1), "credit 0, not place 0"),
    ({**CHOICE, "evidence": "required"}, {"level": "some"}, UNKNOWN, "credit 50 is a claim"),
    (SHARE, {"value": 0}, ("known", 0), "from is inclusive"),
    (SHARE, {"value": Decimal("0.0099")}, ("known", 0), "just below the second band"),
    (SHARE, {"value": Decimal("0.010")}, ("known", 1), "decimals, not binary fractions"),
    (SHARE, {"value": Decimal("3.0")}, ("known", 2), "3.0 is 3"),
    (SHARE, {"value": 10}, ("known", 3), "10 is 10.0"),
    (SHARE, {"value": 1000}, ("known", 3), "the last band has no end"),
    ({**SHARE, "evidence": "required"}, {"value": 4}, UNKNOWN, "a number not shown"),
    (LICENCES, {"licences": ["AGPL-3.0-or-later"]}, ("known", 4), "the class of the licence"),
    (LICENCES, {"licences": ["MIT"], "withheld": True}, UNKNOWN, "kept private"),
    ({**LICENCES, "evidence": "required"}, {"licences": ["MIT"]}, UNKNOWN, "60 is a claim"),
    (
        {**LICENCES, "evidence": "required", "credits": GENEROUS},
        {"licences": ["SSPL-1.0"]},
        ("known", 1),
        "own credits make restricted worth 0",
    ),
    ({"kind": "offers"}, {"offers": ["bread"]}, UNKNOWN, "offers have no level"),
]


@pytest.mark.parametrize(("criterion", "answer", "expected", "reason"), EFFECTIVE)
def test_an_answer_counts_as(
    criterion: Case, answer: Case | None, expected: tuple[str, int | None], reason: str
) -> None:
    """The effective level of an answer is the one worked by hand."""
    assert model.effective(criterion, answer, LICENCE_CLASSES) == expected, reason


USUAL = [0, 20, 60, 80, 100]
EQUAL = [0, 0, 100, 100, 100]
UPSIDE_DOWN = [100, 80, 60, 20, 0]

EXPRESSIONS = [
    (["MIT"], USUAL, "permissive", "one licence"),
    (["PPL"], USUAL, "reciprocity", "one licence"),
    (["LicenseRef-proprietary"], USUAL, "proprietary", "all rights reserved"),
    (["CC-BY-NC-SA-4.0"], USUAL, "restricted", "the star stands for any text"),
    (["BSD-Protection"], USUAL, "copyleft", "the first pattern decides, before BSD-*"),
    (["BSD-3-Clause"], USUAL, "permissive", "a later pattern"),
    (["GPL-2.0+"], USUAL, "copyleft", "the plus is taken off"),
    (["MPL-1.1+"], USUAL, "copyleft", "the pattern MPL-1.1 has no star to take the plus"),
    (["GPL-2.0+ WITH Classpath-exception-2.0"], USUAL, "copyleft", "WITH keeps the class"),
    (["MIT OR AGPL-3.0-only"], USUAL, "copyleft", "OR takes the greatest credit"),
    (["MIT AND AGPL-3.0-only"], USUAL, "permissive", "AND takes the least credit"),
    (["ISC OR MIT AND SSPL-1.0"], USUAL, "permissive", "AND binds before OR"),
    (["SSPL-1.0 AND MIT OR ISC"], USUAL, "permissive", "AND binds before OR, on the left too"),
    (["(ISC OR MIT) AND SSPL-1.0"], USUAL, "restricted", "parentheses bind first"),
    (["((MIT))"], USUAL, "permissive", "parentheses around one licence"),
    (["(MIT OR PPL) AND (ISC OR EUPL-1.2)"], USUAL, "reciprocity", "least of 80 and 100"),
    (["AGPL-3.0-only", "MIT"], USUAL, "permissive", "several expressions count as AND"),
    (["AGPL-3.0-only", "BUSL-1.1"], USUAL, "restricted", "one enclosed work is one but"),
    (["MIT OR PPL"], EQUAL, "reciprocity", "of equals OR takes the later"),
    (["PPL AND MIT"], EQUAL, "permissive", "of equals AND takes the earlier"),
    (["AGPL-3.0-only", "PPL"], EQUAL, "reciprocity", "of equals AND takes the earlier"),
    (["MIT OR LicenseRef-proprietary"], UPSIDE_DOWN, "proprietary", "credit decides, not order"),
    (["MIT AND AGPL-3.0-only"], UPSIDE_DOWN, "copyleft", "credit decides, not order"),
]


@pytest.mark.parametrize(("expressions", "credits", "expected", "reason"), EXPRESSIONS)
def test_licences_have_the_class(
    expressions: list[str], credits: list[int], expected: str, reason: str
) -> None:
    """The class of licence expressions is the one worked by hand."""
    position = licences.class_of_expressions(expressions, LICENCE_CLASSES, credits)
    assert LICENCE_LEVELS[position] == expected, reason


@pytest.mark.parametrize("expression", ["Nonsense-1.0", "mit", "MIT or ISC", "MIT AND", "(MIT"])
def test_what_is_no_licence_expression_is_an_error(expression: str) -> None:
    """An identifier that matches nothing, a wrong case and a broken expression are errors."""
    with pytest.raises(ValueError, match="licence"):
        licences.class_of_expression(expression, LICENCE_CLASSES, USUAL)


SLUGS = [
    ([0, Decimal("0.01"), 3], ["from-0", "from-0.01", "from-3"], "as on the page"),
    ([Decimal("0.0"), Decimal("2.50")], ["from-0", "from-2.5"], "no trailing zeros"),
    ([Decimal("1E-6"), Decimal("1E+3")], ["from-0.000001", "from-1000"], "no exponent"),
    ([10, 100], ["from-10", "from-100"], "zeros before the point stay"),
]


@pytest.mark.parametrize(("starts", "expected", "reason"), SLUGS)
def test_bands_have_the_slugs(
    starts: list[int | Decimal], expected: list[str], reason: str
) -> None:
    """A deal-breaker may name a band by its number in shortest decimal form."""
    bands = [{"from": start, "credit": 100} for start in starts]
    bands[0]["credit"] = 0
    for slug in expected:
        edition = {
            "edition": {},
            "criteria": {"c": {"kind": "share", "bands": bands, "must_reach": slug}},
        }
        side = model.side(edition, {"slug": "b", "answers": {"c": {"value": 5000}}}, {})
        assert model.deal_breakers(edition, side, side) == {"c": "met"}, reason


def edition_for_profiles() -> Case:
    """An edition in which every number of a profile can be worked out on paper."""
    form = {"facet": "form", "principles": [2]}
    function = {"facet": "function", "principles": [2, 7]}
    return {
        "edition": {"slug": "e", "title": "E"},
        "dimensions": {"say": {"title": "Say"}, "land": {"title": "Land"}, "air": {"title": "Air"}},
        "criteria": {
            "rules": {**PRACTICE, **form, "dimension": "say", "importance": 3},
            "votes": {
                **PRACTICE,
                **function,
                "dimension": "say",
                "importance": 2,
                "must_reach": "yes",
                "headline": True,
            },
            "turnout": {**SHARE, **function, "dimension": "say", "importance": 0},
            "land": {**PRACTICE, "dimension": "land", "allow_na": True, "importance": 2},
            "use": {**CHOICE, "dimension": "land", "importance": 3},
            "style": {**ALIKE, "dimension": "land", "importance": 9},
            "sky": {**PRACTICE, "dimension": "air", "importance": 0},
        },
    }


def profile_of(answers: Case) -> model.Profile:
    """The profile of an organisation with these answers."""
    organisation = {"slug": "alder", "name": "Alder", "answers": answers}
    return model.profile(edition_for_profiles(), organisation, LICENCE_CLASSES)


ANSWERS: Case = {
    "rules": {"level": "yes", "evidence": LINK},
    "votes": YES_BUT,
    "turnout": {"value": 4},
    "land": {"na": "we hold no land"},
    "style": {"level": "vote"},
}


def test_a_profile_worked_by_hand() -> None:
    """Every number of a profile is the one worked out on paper."""
    found = profile_of(ANSWERS)
    # Known are rules 3·100, votes 2·0 and turnout 0·60; use is open with 3·100 and land is left
    # out, so 300 of 800 are certain and 600 possible; similarity is never scored.
    assert found.whole == model.Score(
        low=Fraction(3, 8),
        high=Fraction(3, 4),
        known=3,
        applicable=5,
        yes_buts=1,
        with_evidence=Fraction(1, 3),
    )
    # 3·100 of 5·100, and importance 0 is counted but adds no points.
    assert found.dimensions["say"] == model.Score(
        Fraction(3, 5), Fraction(3, 5), 3, 3, 1, Fraction(1, 3), False
    )
    # Land takes 2 of 5, which is more than a third; nothing is known, so nothing has evidence.
    assert found.dimensions["land"] == model.Score(Fraction(0), Fraction(1), 0, 1, 0, None, True)
    # No importance at all is no score, never 0.
    assert found.dimensions["air"] == model.Score(None, None, 0, 1, 0, None, False)
    # Principle 7 has votes 2·0 and turnout 0·60, so 0 of 200.
    assert found.principles[7] == model.Score(Fraction(0), Fraction(0), 2, 2, 1, Fraction(0))
    assert found.principles[1] == model.Score(None, None, 0, 0, 0, None)
    # Form of 2 is 100, function is (0 + 60) / 2; 7 has no form, so it has no gap.
    assert found.form == {2: Fraction(100)}
    assert found.function == {2: Fraction(30), 7: Fraction(30)}
    assert found.gaps == {2: Fraction(70)}
    assert (found.nominality, found.hidden_cooperation) == (Fraction(70), Fraction(0))
    assert found.quadrant == "nominal"
    assert found.headline == model.Headline("no", ["votes"])
    assert found.account["rules"] == model.Points(300, 0, 300)
    assert found.account["use"] == model.Points(0, 300, 300)
    assert found.account["land"] == model.Points(0, 0, 0)
    assert found.would_add_most == [("use", 300), ("votes", 200)]


def test_a_reservation_kept_private_is_no_yes_but() -> None:
    """Yes-buts are counted where the answer is public only."""
    assert profile_of({"votes": YES_BUT}).whole.yes_buts == 1
    assert profile_of({"votes": {**YES_BUT, "withheld": True}}).whole.yes_buts == 0


@pytest.mark.parametrize(("importance", "expected"), [(1, False), (2, True)])
def test_more_than_a_third_is_not_enough_basis(importance: int, expected: bool) -> None:
    """Exactly a third of the importance may be not applicable."""
    criteria = {
        "land": {**PRACTICE, "dimension": "d", "allow_na": True, "importance": importance},
        "use": {**PRACTICE, "dimension": "d", "importance": 2},
    }
    edition = {"edition": {}, "dimensions": {"d": {"title": "D"}}, "criteria": criteria}
    organisation = {"slug": "a", "answers": {"land": {"na": "we hold no land"}}}
    found = model.profile(edition, organisation, LICENCE_CLASSES)
    assert found.dimensions["d"].not_enough_basis is expected


HEADLINES = [
    ({}, {}, "unknown", ["one", "two"], "nothing is known"),
    ({"one": "yes"}, {}, "unknown", ["two"], "one is unknown"),
    ({"one": "yes", "two": "yes"}, {}, "yes", ["one", "two"], "all are known and reach it"),
    ({"one": "no"}, {}, "no", ["one"], "one that falls short decides beside an unknown one"),
    ({"one": "yes"}, {"two": "x"}, "yes", ["one"], "not applicable is left out"),
    ({}, {"one": "x", "two": "x"}, "unknown", [], "none is known"),
]


@pytest.mark.parametrize(("levels", "na", "answer", "decided_by", "reason"), HEADLINES)
def test_the_headline_is(
    levels: dict[str, str],
    na: dict[str, str],
    answer: str,
    decided_by: list[str],
    reason: str,
) -> None:
    """The headline answer is the one worked by hand, with the criteria that decide it."""
    asked = {
        **PRACTICE,
        "must_reach": "yes",
        "headline": True,
        "allow_na": True,
        "na_meets": True,
    }
    edition = {"edition": {}, "dimensions": {}, "criteria": {"two": asked, "one": asked}}
    answers: Case = {slug: {"level": level} for slug, level in levels.items()}
    answers.update({slug: {"na": why} for slug, why in na.items()})
    found = model.profile(edition, {"slug": "a", "answers": answers}, {})
    assert found.headline == model.Headline(answer, decided_by), reason


FACETS = [
    ([100], [60, 60], "co-operative in form and function", (40, 0), "both reach 60"),
    ([60], [0, 100], "nominal", (10, 0), "60 is reached by form, 50 is not by function"),
    ([0, 100], [100, 100], "co-operative without the label", (0, 50), "function only"),
    ([0], [0, 60], "neither", (0, 30), "neither reaches 60"),
    ([100], [100], None, None, "one function criterion is too few"),
    ([], [100, 100], None, None, "no form criterion"),
]


@pytest.mark.parametrize(("form", "function", "quadrant", "means", "reason"), FACETS)
def test_form_and_function_lie_in_the_quadrant(
    form: list[int],
    function: list[int],
    quadrant: str | None,
    means: tuple[int, int] | None,
    reason: str,
) -> None:
    """The quadrant, nominality and hidden co-operation are those worked by hand."""
    value_of = {0: 0, 60: 3, 100: 10}
    criteria: Case = {}
    answers: Case = {}
    for facet, credits in (("form", form), ("function", function)):
        for number, credit in enumerate(credits):
            slug = f"{facet}-{number}"
            criteria[slug] = {**SHARE, "facet": facet, "principles": [4], "importance": number}
            answers[slug] = {"value": value_of[credit]}
    edition = {"edition": {}, "dimensions": {}, "criteria": criteria}
    found = model.profile(edition, {"slug": "a", "answers": answers}, {})
    assert found.quadrant == quadrant, reason
    assert found.nominality == (means and means[0]), reason
    assert found.hidden_cooperation == (means and means[1]), reason


def test_across_editions_an_answer_counts_for_the_same_question_only() -> None:
    """Slug and meaning have to be the same; role, evidence and na are those of today."""
    before = {
        "edition": {"threshold": 10},
        "criteria": {
            "kept": PRACTICE,
            "changed": PRACTICE,
            "stricter": PRACTICE,
            "needed": {**PRACTICE, "allow_na": True},
            "gone": PRACTICE,
        },
    }
    now = {
        "edition": {"threshold": 20},
        "criteria": {
            "kept": {**PRACTICE, "importance": 7},
            "changed": {**PRACTICE, "meaning": 2, "importance": 8},
            "stricter": SHOWN,
            "needed": PRACTICE,
            "new": PRACTICE,
        },
    }
    organisation = {
        "slug": "alder",
        "answers": {
            "kept": {"level": "yes"},
            "changed": {"level": "yes"},
            "stricter": {"level": "yes"},
            "needed": {"na": "we hold no land"},
            "gone": {"level": "yes"},
        },
        "requirements": {
            "threshold": 90,
            "criteria": {"kept": {"importance": 2}, "changed": {"importance": 2}},
        },
    }
    side = model.side(now, organisation, LICENCE_CLASSES, published_under=before)
    assert side.sheet == {
        "kept": ("known", 1),
        "changed": UNKNOWN,
        "stricter": UNKNOWN,
        "needed": UNKNOWN,
        "new": UNKNOWN,
    }
    assert side.policy.threshold == 90
    assert (side.policy.importances["kept"], side.policy.importances["changed"]) == (2, 8)
