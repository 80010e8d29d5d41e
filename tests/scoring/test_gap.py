"""Form against function, principle by principle."""

from __future__ import annotations

from fractions import Fraction

from assessments.scoring import gap
from assessments.scoring.gap import Quadrant
from assessments.scoring.terms import Edition, Facet, Role
from tests.scoring.builders import alike, cases, choice, edition, practice, sheet

LADDER = [0, 59, 60, 100]


def of(*facets: tuple[Facet, tuple[int, ...]]) -> Edition:
    """An edition with one ladder of credits 0, 59, 60, 100 for each facet and its principles."""
    return edition(
        *(
            choice(f"c{place}", LADDER, facet=facet, principles=principles)
            for place, (facet, principles) in enumerate(facets)
        )
    )


def measure(asked: Edition, words: str) -> gap.FormAndFunction:
    return gap.form_and_function(asked.of_role(Role.STANDARD), sheet(asked, words))


FORM, FUNCTION, NEITHER = Facet.FORM, Facet.FUNCTION, Facet.NONE
ONE = of((FORM, (7,)), (FORM, (7,)), (FUNCTION, (7,)), (FUNCTION, (7,)), (NEITHER, (7,)))


@cases(
    "words form function",
    ("means of what is known", "l3 l0 l3 l2 l0", 50, 80),
    ("one of form is enough", "l3 ? l3 l2 l0", 100, 80),
    ("none of form is not", "? - l3 l2 l0", None, 80),
    ("two of function are needed", "l3 l0 l3 ? l0", 50, None),
    ("what does not apply is not known", "l3 l0 l3 - l0", 50, None),
    ("a fraction stays one", "l3 l0 l1 l2 l0", 50, Fraction(119, 2)),
)
def test_form_and_function_of_one_principle(
    words: str, form: Fraction | None, function: Fraction | None
) -> None:
    (found,) = measure(ONE, words).principles
    assert (found.principle, found.form, found.function) == (7, form, function)
    expected = None if form is None or function is None else form - function
    assert found.gap == expected


def test_importance_plays_no_part() -> None:
    heavy = edition(
        practice("a", facet=FORM, principles=(1,), importance=10),
        practice("b", facet=FORM, principles=(1,), importance=0),
    )
    assert measure(heavy, "yes no").principles[0].form == 50


def test_likeness_plays_no_part() -> None:
    asked = edition(alike("s", 2, facet=FORM, principles=(1,)))
    assert measure(asked, "l0").principles == ()


TWO = of(
    *((FORM, (1,)), (FUNCTION, (1,)), (FUNCTION, (1,))),
    *((FORM, (2,)), (FUNCTION, (2,)), (FUNCTION, (2,))),
)


@cases(
    "words nominality hidden form function",
    ("signed gaps do not cancel", "l3 l0 l0 l0 l3 l3", 50, 50, 50, 50),
    ("form only", "l3 l0 l0 l3 l2 l2", 70, 0, 100, 30),
    ("function only", "l0 l3 l3 l2 l3 l3", 0, 70, 30, 100),
    ("no gap at all", "l3 l3 l3 l0 l0 l0", 0, 0, 50, 50),
    ("only principles with a gap, in every mean", "l3 l0 l0 l0 l3 ?", 100, 0, 100, 0),
)
def test_nominality_and_hidden_cooperation_are_means_over_principles(
    words: str, nominality: Fraction, hidden: Fraction, form: Fraction, function: Fraction
) -> None:
    found = measure(TWO, words)
    assert (found.nominality, found.hidden) == (nominality, hidden)
    assert (found.form, found.function) == (form, function)


@cases(
    "words quadrant",
    ("both", "l3 ? l3 l3 ?", Quadrant.BOTH),
    ("60 is enough", "l2 ? l2 l2 ?", Quadrant.BOTH),
    ("form only", "l2 ? l1 l2 ?", Quadrant.NOMINAL),
    ("function only", "l1 ? l2 l2 ?", Quadrant.WITHOUT_LABEL),
    ("neither", "l1 ? l1 l2 ?", Quadrant.NEITHER),
    ("no principle with a gap", "l3 ? l3 ? ?", None),
)
def test_the_quadrant(words: str, quadrant: Quadrant | None) -> None:
    found = measure(ONE, words)
    assert found.quadrant is quadrant
    if quadrant is None:
        assert (found.form, found.function, found.nominality, found.hidden) == (None,) * 4


def test_a_criterion_may_test_several_principles_and_they_stand_in_order() -> None:
    asked = of((FORM, (5, 2)), (FUNCTION, (2,)), (FUNCTION, (2, 5)), (FUNCTION, (5,)))
    found = measure(asked, "l3 l0 l3 l2")
    gaps = {one.principle: one.gap for one in found.principles}
    assert list(gaps.items()) == [(2, Fraction(50)), (5, Fraction(20))]
    assert found.nominality == 35
