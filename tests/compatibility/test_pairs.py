"""Two organisations: intervals, deal-breakers, evasion, thresholds, the verdict, the match list.

In each table the first organisation asks and the second answers, unless a row says both.
"""

from __future__ import annotations

from fractions import Fraction

from assessments.compatibility import all_pairs, listing, pairs
from assessments.compatibility.encoding import Encoded
from assessments.compatibility.explanation import DealBreaker
from assessments.compatibility.pairs import Verdict
from assessments.scoring.terms import Agreement, Criterion, Edition, Role
from tests.compatibility.strategies import World, written
from tests.scoring.builders import alike, asks, cases, choice, edition, offers, practice, sheet

COMPATIBLE, NOT_COMPATIBLE, NOT_YET_KNOWN = (
    Verdict.COMPATIBLE,
    Verdict.NOT_COMPATIBLE,
    Verdict.UNKNOWN,
)
MET, OPEN, FAILED = DealBreaker.MET, DealBreaker.OPEN, DealBreaker.FAILED

SMALL = edition(
    practice("a"),
    choice("b", [0, 30, 60, 100]),
    alike("s", 4),
    alike("x", 3, agreement=Agreement.EXACT),
    practice("none", role=Role.NONE),
    offers(),
)
ALL_NONE = "0 0 0 0"


def pair(asked: Edition, first: str, second: str, weights: str, **asking: object) -> World:
    """The first asks by these weights, the second asks nothing."""
    nothing = " ".join(["0"] * len(weights.split()))
    return written(
        asked,
        (sheet(asked, first), asks(asked, weights, **asking)),  # type: ignore[arg-type]
        (sheet(asked, second), asks(asked, nothing)),
    )


@cases(
    "first second weights low high",
    # Standard: the credit of the other's level; one's own plays no part.
    ("the greatest credit", "no ? ? ? ?", "yes ? ? ? ?", "3 0 0 0", 1, 1),
    ("no credit", "yes ? ? ? ?", "no ? ? ? ?", "3 0 0 0", 0, 0),
    ("some credit", "? ? ? ? ?", "? l1 ? ? ?", "0 3 0 0", Fraction(3, 10), Fraction(3, 10)),
    ("weighed", "? ? ? ? ?", "yes l2 ? ? ?", "3 2 0 0", Fraction(42, 50), Fraction(42, 50)),
    (
        "unknown opens its weight",
        "? ? ? ? ?",
        "? l2 ? ? ?",
        "3 2 0 0",
        Fraction(12, 50),
        Fraction(42, 50),
    ),
    ("n/a takes no part", "? ? ? ? ?", "- l2 ? ? ?", "3 2 0 0", Fraction(3, 5), Fraction(3, 5)),
    ("one's own n/a says nothing", "- ? ? ? ?", "yes ? ? ? ?", "3 0 0 0", 1, 1),
    # Similarity, ordered.
    ("alike", "? ? l2 ? ?", "? ? l2 ? ?", "0 0 5 0", 1, 1),
    ("next to it", "? ? l2 ? ?", "? ? l1 ? ?", "0 0 5 0", Fraction(67, 100), Fraction(67, 100)),
    (
        "the same on the other side",
        "? ? l2 ? ?",
        "? ? l3 ? ?",
        "0 0 5 0",
        Fraction(67, 100),
        Fraction(67, 100),
    ),
    ("two away", "? ? l0 ? ?", "? ? l2 ? ?", "0 0 5 0", Fraction(33, 100), Fraction(33, 100)),
    ("as far as can be", "? ? l3 ? ?", "? ? l0 ? ?", "0 0 5 0", 0, 0),
    ("the other's unknown", "? ? l2 ? ?", "? ? ? ? ?", "0 0 5 0", 0, 1),
    ("one's own unknown is open too", "? ? ? ? ?", "? ? l2 ? ?", "0 0 5 0", 0, 1),
    ("both unknown", "? ? ? ? ?", "? ? ? ? ?", "0 0 5 0", 0, 1),
    ("one's own n/a: not asked", "? ? - ? ?", "no ? l2 ? ?", "1 0 5 0", 0, 0),
    ("one's own n/a, and nothing else asked", "? ? - ? ?", "? ? l2 ? ?", "0 0 5 0", 1, 1),
    ("the other's n/a takes no part", "? ? l2 ? ?", "no ? - ? ?", "1 0 5 0", 0, 0),
    # Similarity, exact.
    ("exactly the same", "? ? ? l1 ?", "? ? ? l1 ?", "0 0 0 2", 1, 1),
    ("next to it is not the same", "? ? ? l1 ?", "? ? ? l2 ?", "0 0 0 2", 0, 0),
    # What takes part.
    ("nothing asked", "? ? ? ? ?", "no l0 ? ? no", ALL_NONE, 1, 1),
    ("asked, and none takes part", "? ? l1 ? ?", "- - - - ?", "3 2 1 0", 0, 1),
    ("importance 0 takes no part", "? ? ? ? ?", "no l3 ? ? ?", "0 1 0 0", 1, 1),
    (
        "all together",
        "no ? l1 l0 ?",
        "yes l1 l3 ? no",
        "4 3 2 1",
        Fraction(400 + 90 + 66, 1000),
        Fraction(656, 1000),
    ),
)
def test_satisfaction_is_an_interval(
    first: str, second: str, weights: str, low: Fraction, high: Fraction
) -> None:
    forward = pair(SMALL, first, second, weights).all_pairs.forward
    assert forward.low[0, 1] == float(low)
    assert forward.high[0, 1] == float(high)


LADDER = choice("c", [0, 60, 60, 100])
EXCUSED_LADDER = choice("c", [0, 60, 60, 100], na_meets=True)
TURNED = practice("c", reversed=True)
LIKE = alike("c", 4)
EXCUSED_LIKE = alike("c", 4, na_meets=True)
EXACT = alike("c", 4, agreement=Agreement.EXACT)

DEAL_BREAKERS = (
    # Standard, the first that fits.
    ("n/a without na_meets", LADDER, "?", "-", "l1", OPEN),
    ("n/a with na_meets", EXCUSED_LADDER, "?", "-", "l1", MET),
    ("unknown", LADDER, "?", "?", "l1", OPEN),
    ("unknown, and na_meets is no help", EXCUSED_LADDER, "?", "?", "l1", OPEN),
    ("less credit", LADDER, "?", "l0", "l1", FAILED),
    ("less credit, and na_meets is no help", EXCUSED_LADDER, "?", "l0", "l1", FAILED),
    ("the level itself", LADDER, "?", "l1", "l1", MET),
    ("more credit", LADDER, "?", "l3", "l1", MET),
    ("an earlier level of equal credit", LADDER, "?", "l1", "l2", MET),
    ("a later level of equal credit", LADDER, "?", "l2", "l1", MET),
    ("a level of no credit is reached by all that is known", LADDER, "?", "l0", "l0", MET),
    ("and left open by what is not", LADDER, "?", "?", "l0", OPEN),
    ("reversed: no is the greater", TURNED, "?", "yes", "no", FAILED),
    ("reversed: no is reached by no", TURNED, "?", "no", "no", MET),
    ("one's own n/a says nothing", LADDER, "-", "l0", "l1", FAILED),
    ("one's own level says nothing", LADDER, "l0", "l3", "l3", MET),
    # Similarity, the first that fits.
    ("one's own n/a", LIKE, "-", "l1", "same", MET),
    ("one's own n/a, the other unknown", LIKE, "-", "?", "same", MET),
    ("one's own n/a, the other's too", LIKE, "-", "-", "same", MET),
    ("the other's n/a without na_meets", LIKE, "l1", "-", "same", OPEN),
    ("the other's n/a with na_meets", EXCUSED_LIKE, "l1", "-", "same", MET),
    ("the other's n/a with na_meets, one's own unknown", EXCUSED_LIKE, "?", "-", "same", MET),
    ("the other's n/a without, one's own unknown", LIKE, "?", "-", "same", OPEN),
    ("the other unknown", LIKE, "l1", "?", "same", OPEN),
    ("one's own unknown", LIKE, "?", "l1", "same", OPEN),
    ("one's own unknown, and na_meets is no help", EXCUSED_LIKE, "?", "l1", "same", OPEN),
    ("both unknown", LIKE, "?", "?", "same", OPEN),
    ("the same", LIKE, "l1", "l1", "same", MET),
    ("the same, at the first level", LIKE, "l0", "l0", "same", MET),
    ("next to it", LIKE, "l1", "l2", "same", FAILED),
    ("on the other side", LIKE, "l1", "l0", "same", FAILED),
    ("exact: the same", EXACT, "l3", "l3", "same", MET),
    ("exact: another", EXACT, "l3", "l0", "same", FAILED),
    # None.
    ("no deal-breaker, whatever is answered", LADDER, "?", "l0", ".", None),
    ("no deal-breaker, alike or not", LIKE, "l0", "l3", ".", None),
)


@cases("criterion first second must_reach expected", *DEAL_BREAKERS)
def test_a_deal_breaker_is_met_open_or_failed(
    criterion: Criterion, first: str, second: str, must_reach: str, expected: DealBreaker | None
) -> None:
    asked = edition(criterion)
    for weight in ("0", "1", "10"):  # It holds whatever the importance.
        world = pair(asked, first, second, weight, must_reach=must_reach, threshold=0)
        forward = world.all_pairs.forward
        assert forward.failed[0, 1] == (expected is FAILED)
        assert forward.open[0, 1] == (expected is OPEN)
        if expected is FAILED:
            assert world.verdict is NOT_COMPATIBLE
        elif expected is OPEN:
            assert world.verdict is NOT_YET_KNOWN


def test_every_deal_breaker_counts() -> None:
    asked = edition(practice("a"), practice("b"), practice("c"), alike("s", 2), alike("t", 2))
    world = pair(
        asked, "? ? ? l0 ?", "no no ? l1 l1", "1 1 1 1 1", must_reach="yes yes yes same same"
    )
    assert world.all_pairs.forward.failed[0, 1] == 3
    assert world.all_pairs.forward.open[0, 1] == 2


WEIGHED = edition(*(practice(slug) for slug in "abc"), alike("s", 2))


@cases(
    "first second weights part asked evaded",
    ("all takes part", "? ? ? l0", "yes yes yes l0", "3 3 3 1", 10, 10, False),
    ("half is not less than half", "? ? ? l0", "yes yes - -", "3 2 4 1", 5, 10, False),
    ("a hair less than half", "? ? ? l0", "yes yes - -", "3 2 5 1", 5, 11, True),
    ("a hair more than half", "? ? ? l0", "yes yes - -", "3 3 4 1", 6, 11, False),
    ("importance decides, not the number", "? ? ? l0", "yes - - -", "9 3 3 3", 9, 18, False),
    ("unknown takes part", "? ? ? l0", "? ? ? ?", "1 1 1 1", 4, 4, False),
    ("unknown oneself, it takes part too", "? ? ? ?", "- - yes l0", "1 1 1 1", 2, 4, False),
    ("one's own n/a is not asked", "? ? ? -", "yes - - l0", "1 1 0 9", 1, 2, False),
    ("none takes part", "? ? ? l0", "- - - -", "1 1 1 1", 0, 4, True),
    ("nothing asked, nothing evaded", "? ? ? l0", "- - - -", "0 0 0 0", 0, 0, False),
)
def test_does_not_apply_may_excuse_half(
    first: str, second: str, weights: str, part: int, asked: int, evaded: bool
) -> None:
    world = pair(WEIGHED, first, second, weights, threshold=0)
    forward = world.all_pairs.forward
    assert forward.part[0, 1] == part
    assert forward.asked[0, 0] == asked
    assert forward.evaded[0, 1] == evaded
    assert world.verdict is (NOT_YET_KNOWN if evaded else COMPATIBLE)


FINE = edition(choice("a", [0, 29, 57, 58, 100]), choice("b", [0, 1, 59, 60, 61, 100]))


@cases(
    "second weights threshold reaches falls_short",
    ("on the bound", "? l3", "0 1", 60, True, False),
    ("a point above", "? l4", "0 1", 60, True, False),
    ("a point below", "? l2", "0 1", 60, False, True),
    ("0.29 is 28.999999999999996 % in doubles", "l1 ?", "1 0", 29, True, False),
    ("0.57 is 56.99999999999999 %", "l2 ?", "1 0", 57, True, False),
    ("0.58 is 57.99999999999999 %", "l3 ?", "1 0", 58, True, False),
    ("a third is more than 33", "l4 l0", "1 2", 33, True, False),
    ("a third is less than 34", "l4 l0", "1 2", 34, False, True),
    ("two thirds are less than 67", "l4 l0", "6 3", 67, False, True),
    ("two thirds are more than 66", "l4 l0", "6 3", 66, True, False),
    ("open: high on the bound does not fall short", "? l0", "6 4", 60, False, False),
    ("open: high a point below falls short", "? l0", "6 4", 61, False, True),
    ("open: low on the bound reaches", "l4 ?", "6 4", 60, True, False),
    ("open: low a point below does not, and does not fall short", "l4 ?", "6 4", 61, False, False),
    ("nothing is asked by the threshold 0", "l0 l0", "1 1", 0, True, False),
    ("all is asked by the threshold 100", "l4 l5", "1 1", 100, True, False),
    ("all is asked, a point is missing", "l4 l4", "1 1", 100, False, True),
    ("all is asked, all is open", "? ?", "1 1", 100, False, False),
    # None of what is asked takes part: low 0, high 1.
    ("none takes part", "- -", "1 1", 1, False, False),
    ("none takes part, the threshold 100", "- -", "1 1", 100, False, False),
    ("none takes part, the threshold 0", "- -", "1 1", 0, True, False),
    # Nothing is asked: low = high = 1.
    ("nothing asked", "l0 l0", "0 0", 100, True, False),
    ("nothing asked, n/a", "- -", "0 0", 100, True, False),
)
def test_a_threshold_is_compared_in_whole_numbers(
    second: str, weights: str, threshold: int, reaches: bool, falls_short: bool
) -> None:
    forward = pair(FINE, "? ?", second, weights, threshold=threshold).all_pairs.forward
    assert forward.reaches[0, 1] == reaches
    assert forward.falls_short[0, 1] == falls_short


TWO = edition(practice("a"), practice("b"), alike("s", 3))
CONTENT = ("yes yes l1", "1 1 1", ". . .", 60)

Side = tuple[str, str, str, int]


def both(first: Side, second: Side) -> World:
    return written(
        TWO,
        *(
            (sheet(TWO, words), asks(TWO, weights, must_reach, threshold))
            for words, weights, must_reach, threshold in (first, second)
        ),
    )


@cases(
    "one expected",
    ("both have what the other asks", CONTENT, COMPATIBLE),
    ("a deal-breaker met", ("yes yes l1", "1 1 1", "yes . same", 60), COMPATIBLE),
    ("on the threshold", ("yes yes l1", "1 1 1", ". . .", 100), COMPATIBLE),
    ("a deal-breaker of it fails", ("yes yes l0", "1 1 1", ". . same", 0), NOT_COMPATIBLE),
    (
        "whatever the importance",
        ("yes yes l0", "1 1 0", ". . same", 0),
        NOT_COMPATIBLE,
    ),
    ("it cannot reach what is asked of it", ("no no l1", "1 1 1", ". . .", 60), NOT_COMPATIBLE),
    ("it may still reach it", ("? no l1", "1 1 1", ". . .", 60), NOT_YET_KNOWN),
    ("it reaches it whatever is open", ("? yes l1", "1 1 1", ". . .", 60), COMPATIBLE),
    ("it asks more than the other has", ("yes yes l0", "0 0 1", ". . .", 60), NOT_COMPATIBLE),
    (
        "a deal-breaker on its own unknown level",
        ("yes yes ?", "1 1 1", ". . same", 0),
        NOT_YET_KNOWN,
    ),
    ("without one the score decides", ("yes yes ?", "1 1 1", ". . .", 60), COMPATIBLE),
    ("it evades the other", ("yes - -", "0 0 0", ". . .", 0), NOT_YET_KNOWN),
    ("it excuses itself from a third", ("yes yes -", "1 1 1", ". . .", 60), COMPATIBLE),
    ("all of it does not apply", ("- - -", "0 0 0", ". . .", 0), NOT_YET_KNOWN),
    (
        "an open deal-breaker of it does not hide a score too low",
        ("no no ?", "1 1 1", ". . same", 60),
        NOT_COMPATIBLE,
    ),
)
def test_the_verdict_is_the_same_from_either_side(one: Side, expected: Verdict) -> None:
    assert both(one, CONTENT).verdict is expected
    assert both(CONTENT, one).verdict is expected


def test_a_failed_deal_breaker_comes_before_an_open_one_and_before_evasion() -> None:
    first = ("yes yes l1", "1 1 1", "yes yes .", 0)
    assert both(first, ("no ? -", "1 1 1", ". . .", 0)).verdict is NOT_COMPATIBLE
    evading = ("no - -", "1 1 1", ". . .", 0)
    assert both(first, evading).all_pairs.forward.evaded[0, 1]
    assert both(first, evading).verdict is NOT_COMPATIBLE


def test_an_evaded_threshold_that_cannot_be_reached_is_not_compatible() -> None:
    first = ("yes yes l1", "1 1 1", ". . .", 60)
    assert both(first, ("no - -", "0 0 0", ". . .", 0)).verdict is NOT_COMPATIBLE


def test_the_score_of_a_pair_is_that_of_the_less_satisfied_side() -> None:
    """Low and high each by themselves: they may be of different sides."""
    first = ("yes no ?", "1 1 0", ". . .", 0)
    second = ("yes ? l1", "1 1 4", ". . .", 0)
    found = both(first, second).all_pairs
    assert (found.forward.low[0, 1], found.forward.high[0, 1]) == (1 / 2, 1)
    assert (found.backward.low[0, 1], found.backward.high[0, 1]) == (1 / 6, 5 / 6)
    assert (found.low[0, 1], found.high[0, 1]) == (1 / 6, 5 / 6)
    crossed = both(("yes no ?", "4 1 0", ". . .", 0), ("? no l1", "1 1 0", ". . .", 0)).all_pairs
    assert (crossed.forward.low[0, 1], crossed.forward.high[0, 1]) == (0, 4 / 5)
    assert (crossed.backward.low[0, 1], crossed.backward.high[0, 1]) == (1 / 2, 1 / 2)
    assert (crossed.low[0, 1], crossed.high[0, 1]) == (0, 1 / 2)


def test_a_score_is_the_double_nearest_to_the_exact_quotient() -> None:
    asked = edition(*(practice(f"c{place}") for place in range(7)))
    weights = "10 9 8 7 6 5 4"
    world = pair(asked, "? " * 7, "yes no yes no yes ? no", weights)
    forward = world.all_pairs.forward
    assert Fraction(float(forward.low[0, 1])) == Fraction(float(Fraction(24, 49)))
    assert Fraction(float(forward.high[0, 1])) == Fraction(float(Fraction(29, 49)))


RANKED = edition(practice("a"), practice("b"), practice("c"), practice("d"))


def ranked(*words: str, must_reach: str = ". . . .", threshold: int = 50) -> Encoded:
    """The first asks of the others, who ask nothing and are listed by their places."""
    nothing = asks(RANKED, "0 0 0 0")
    asking = asks(RANKED, "1 1 1 1", must_reach, threshold)
    return written(
        RANKED,
        (sheet(RANKED, "? ? ? ?"), asking),
        *((sheet(RANKED, others), nothing) for others in words),
    ).encoded


@cases(
    "others expected",
    ("by low", ["yes yes no no", "yes yes yes yes", "yes yes yes no"], [2, 3, 1]),
    ("of equal low by high", ["yes yes no no", "yes yes ? ?", "yes yes ? no"], [2, 3, 1]),
    ("of equals by place", ["yes yes no no", "no no yes yes", "yes no yes no"], [1, 2, 3]),
    ("compatible first, whatever the score", ["yes - - -", "yes yes no no"], [2, 1]),
    ("not compatible is not listed", ["no no no no", "yes yes no no", "yes no no no"], [2]),
    ("not yet known is listed", ["? ? ? ?", "yes ? ? no"], [2, 1]),
    ("nobody else", [], []),
)
def test_a_match_list_is_ordered_by_verdict_low_high_and_slug(
    others: list[str], expected: list[int]
) -> None:
    listed = listing.match_list(ranked(*others), 0)
    assert listed.order.tolist() == expected


def test_a_match_list_counts_everybody_else_also_where_it_is_cut() -> None:
    others = ("yes yes no no", "? ? ? ?", "no no no no", "yes yes yes yes", "no no no ?")
    cut = listing.match_list(ranked(*others), 0, longest=2)
    assert cut.order.tolist() == [4, 1]
    assert cut.verdicts.tolist() == [pairs.COMPATIBLE, pairs.COMPATIBLE]
    assert (cut.low.tolist(), cut.high.tolist()) == ([1, 1 / 2], [1, 1 / 2])
    assert cut.counts.tolist() == [2, 1, 2]
    whole = listing.match_list(ranked(*others), 0)
    assert whole.order.tolist() == [4, 1, 2]


def test_nobody_is_in_a_list_of_its_own_nor_counted() -> None:
    everybody = ranked("yes yes yes yes", "yes yes yes yes", must_reach="yes . . .")
    for place in range(3):
        listed = listing.match_list(everybody, place)
        assert place not in listed.order
        assert listed.counts.sum() == 2


def test_lists_may_begin_anywhere() -> None:
    everybody = ranked("yes yes yes yes", "no no no no", "yes yes no no")
    found = all_pairs.best_lists(everybody, 2, 4, 100)
    assert found.order.tolist() == [[1, 3, -1], [1, 2, 0]]
    assert found.lengths.tolist() == [2, 3]
    assert found.counts.tolist()[1] == [3, 0, 0]
