"""What one sheet says about its organisation: intervals, the headline, the account."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.scoring import answers, profiles
from assessments.scoring.profiles import Entry, Headline
from assessments.scoring.terms import Answer, Evidence, Role, State
from tests.scoring.builders import alike, cases, choice, edition, offers, practice, sheet

LINK = ("https://alder.example/rules",)
BUT = "not all of them"

WEIGHED = edition(
    practice("a", importance=3),
    choice("b", [0, 50, 100], importance=2),
    practice("c", importance=5),
)


@cases(
    "words low high",
    ("all known", "yes l1 no", Fraction(400, 1000), Fraction(400, 1000)),
    ("unknown opens the interval by its weight", "yes l1 ?", Fraction(2, 5), Fraction(9, 10)),
    ("all unknown", "? ? ?", Fraction(0), Fraction(1)),
    ("what does not apply takes no part", "yes l1 -", Fraction(4, 5), Fraction(4, 5)),
    ("and opens nothing", "- l1 ?", Fraction(1, 7), Fraction(6, 7)),
    ("nothing applies: no score", "- - -", None, None),
)
def test_a_score_is_an_interval(words: str, low: Fraction | None, high: Fraction | None) -> None:
    total = profiles.profile(WEIGHED, sheet(WEIGHED, words)).total
    assert (total.low, total.high) == (low, high)


def test_importance_zero_gives_no_score_and_still_counts_as_asked() -> None:
    asked = edition(practice("a", importance=0), practice("b", importance=0))
    total = profiles.profile(asked, sheet(asked, "yes ?")).total
    assert (total.low, total.high) == (None, None)
    assert (total.known, total.applicable) == (1, 2)


def test_what_is_not_judged_on_credit_has_no_part_in_a_profile() -> None:
    asked = edition(
        practice("a"), alike("s", 2, importance=9), practice("n", role=Role.NONE), offers()
    )
    found = profiles.profile(asked, sheet(asked, "yes l0 no"))
    assert found.total.low == 1
    assert found.total.applicable == 1
    assert [line.criterion for line in found.account] == ["a"]


def test_each_dimension_and_each_principle_has_a_score_of_its_own() -> None:
    asked = edition(
        practice("a", dimension="one", principles=(1, 7), importance=3),
        practice("b", dimension="two", principles=(7,)),
        practice("c", dimension="two"),
        alike("s", 2, dimension="three", principles=(2,)),
    )
    found = profiles.profile(asked, sheet(asked, "yes no ? l0"))
    assert {slug: (score.low, score.high) for slug, score in found.dimensions.items()} == {
        "one": (1, 1),
        "two": (0, Fraction(1, 2)),
        "three": (None, None),
    }
    assert {number: (score.low, score.high) for number, score in found.principles.items()} == {
        1: (1, 1),
        7: (Fraction(3, 4), Fraction(3, 4)),
    }
    assert found.total.low == Fraction(3, 5)


def test_beside_a_score_stand_known_of_applicable_buts_and_the_share_with_evidence() -> None:
    asked = edition(
        practice("but"),
        practice("private", importance=0),
        practice("excused", allow_na=True),
        practice("shown", evidence=Evidence.REQUIRED),
        practice("claimed", evidence=Evidence.REQUIRED),
        practice("plain"),
        practice("listed", role=Role.NONE),
    )
    given = {
        "but": Answer(level="yes", reservation=BUT, evidence=LINK),
        "private": Answer(level="yes", reservation=BUT, withheld=True, evidence=LINK),
        "excused": Answer(na="no loss since 2015"),
        "shown": Answer(level="yes", evidence=LINK),
        "claimed": Answer(level="yes"),
        "plain": Answer(level="no"),
        "listed": Answer(level="yes", reservation=BUT),
    }
    total = profiles.profile(asked, answers.sheet(asked, given)).total
    assert (total.known, total.applicable) == (3, 5)
    assert total.buts == 1  # Neither the private one nor the one without a role.
    assert total.evidence_share == Fraction(2, 3)


def test_the_share_with_evidence_is_none_where_nothing_is_known() -> None:
    total = profiles.profile(WEIGHED, sheet(WEIGHED, "? ? ?")).total
    assert total.evidence_share is None


@cases(
    "weights words has_basis",
    ("nothing is left out", (1, 1, 1), "yes yes ?", True),
    ("a third is not more than a third", (1, 1, 1), "yes yes -", True),
    ("more than a third", (8, 9, 9), "yes yes -", False),
    ("a hair less", (10, 9, 9), "yes yes -", True),
    ("importance decides, not the number", (8, 1, 1), "yes - -", True),
    ("one heavy one", (1, 1, 8), "yes yes -", False),
    ("all of it", (1, 1, 1), "- - -", False),
)
def test_more_than_a_third_left_out_is_not_enough_basis(
    weights: tuple[int, ...], words: str, has_basis: bool
) -> None:
    asked = edition(
        *(practice(f"c{place}", importance=weight) for place, weight in enumerate(weights))
    )
    found = profiles.profile(asked, sheet(asked, words))
    assert found.dimensions["d"].has_basis is has_basis


HEADED = edition(
    practice("a", headline=True, must_reach="yes"),
    choice("b", [0, 60, 60, 100], headline=True, must_reach="l1", na_meets=True),
    practice("c", must_reach="yes"),
)


@cases(
    "words answer decided_by",
    ("all known reach it", "yes l3 yes", Headline.YES, ("a", "b")),
    ("the level itself reaches it", "yes l1 yes", Headline.YES, ("a", "b")),
    ("equal credit reaches it", "yes l2 yes", Headline.YES, ("a", "b")),
    ("less credit fails", "yes l0 yes", Headline.NO, ("b",)),
    ("both fail", "no l0 yes", Headline.NO, ("a", "b")),
    ("one known failure decides, whatever is unknown", "no ? yes", Headline.NO, ("a",)),
    ("one unknown", "yes ? yes", Headline.NOT_YET_KNOWN, ("b",)),
    ("all unknown", "? ? yes", Headline.NOT_YET_KNOWN, ("a", "b")),
    ("n/a is left out", "yes - yes", Headline.YES, ("a",)),
    ("n/a is left out, also where it meets nothing", "- l1 yes", Headline.YES, ("b",)),
    ("n/a throughout: at least one has to be known", "- - yes", Headline.NOT_YET_KNOWN, ()),
    ("n/a and unknown", "- ? yes", Headline.NOT_YET_KNOWN, ("b",)),
    ("what takes no part in it says nothing", "yes l3 no", Headline.YES, ("a", "b")),
    ("nor when unknown", "yes l3 ?", Headline.YES, ("a", "b")),
)
def test_the_headline_answer(words: str, answer: Headline, decided_by: tuple[str, ...]) -> None:
    found = profiles.profile(HEADED, sheet(HEADED, words)).headline
    assert (found.answer, found.decided_by) == (answer, decided_by)


def test_without_a_headline_criterion_there_is_no_yes() -> None:
    found = profiles.headline(WEIGHED, sheet(WEIGHED, "yes l2 yes"))
    assert (found.answer, found.decided_by) == (Headline.NOT_YET_KNOWN, ())


def test_the_account_has_every_standard_criterion_in_order() -> None:
    found = profiles.profile(WEIGHED, sheet(WEIGHED, "? l1 -"))
    assert found.account == (
        Entry("a", 3, State.UNKNOWN, points=0, open_points=300, to_gain=300),
        Entry("b", 2, State.KNOWN, points=100, open_points=0, to_gain=100),
        Entry("c", 5, State.NOT_APPLICABLE, points=0, open_points=0, to_gain=0),
    )


@pytest.mark.parametrize("words", ["yes l1 no", "? l2 -", "? ? ?", "no l0 yes", "- - -"])
def test_the_account_sums_to_low_and_high(words: str) -> None:
    found = profiles.profile(WEIGHED, sheet(WEIGHED, words))
    assert sum(line.points for line in found.account) == found.total.points
    assert sum(line.open_points for line in found.account) == found.total.open_points


@cases(
    "words expected",
    ("by points", "no l1 no", ["c", "a", "b"]),
    ("what gains nothing is not listed", "yes l1 yes", ["b"]),
    ("what does not apply is not listed", "- l1 -", ["b"]),
    ("what is open could gain all of it", "? l1 yes", ["a", "b"]),
    ("nothing to gain", "yes l2 yes", []),
)
def test_where_a_change_would_add_most(words: str, expected: list[str]) -> None:
    found = profiles.profile(WEIGHED, sheet(WEIGHED, words))
    assert [line.criterion for line in found.would_add_most] == expected


def test_where_a_change_would_add_the_same_the_slug_decides_and_importance_zero_adds_nothing() -> (
    None
):
    asked = edition(practice("z"), practice("b"), practice("a", importance=0), practice("m"))
    found = profiles.profile(asked, sheet(asked, "no ? no no"))
    assert [line.criterion for line in found.would_add_most] == ["b", "m", "z"]
