"""Where form and function part: what the rules say against what happened, by principle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessments.scoring.terms import Criterion, Facet, Sheet

BOUND = 60
"""From this mean credit on, form (or function) counts as co-operative."""
FEWEST_FORM = 1
FEWEST_FUNCTION = 2


class Quadrant(StrEnum):
    """Whether an organisation is co-operative in form, in function, in both, in neither."""

    BOTH = "form-and-function"
    NOMINAL = "nominal"
    WITHOUT_LABEL = "without-the-label"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class PrincipleGap:
    """One ICA principle: mean credits 0–100 of its known form and function criteria.

    None where too few are known (one of form, two of function).
    """

    principle: int
    form: Fraction | None
    function: Fraction | None

    @property
    def gap(self) -> Fraction | None:
        """Form less function; None where one of them is missing."""
        if self.form is None or self.function is None:
            return None
        return self.form - self.function


@dataclass(frozen=True, slots=True)
class FormAndFunction:
    """Form against function over all principles with a gap; None throughout where there is none.

    Signed gaps are never averaged, since they would cancel: `nominality` is the mean of form's
    surplus, `hidden` (hidden co-operation) that of function's.
    """

    principles: tuple[PrincipleGap, ...]
    form: Fraction | None
    function: Fraction | None
    nominality: Fraction | None
    hidden: Fraction | None
    quadrant: Quadrant | None


def form_and_function(standard: Sequence[Criterion], sheet: Sheet) -> FormAndFunction:
    """Compare form and function over standard criteria, unweighted."""
    numbers = sorted({number for criterion in standard for number in criterion.principles})
    principles = tuple(_principle(number, standard, sheet) for number in numbers)
    complete = [
        (principle.form, principle.function)
        for principle in principles
        if principle.form is not None and principle.function is not None
    ]
    if not complete:
        return FormAndFunction(principles, None, None, None, None, None)
    form = _mean(form for form, _ in complete)
    function = _mean(function for _, function in complete)
    return FormAndFunction(
        principles=principles,
        form=form,
        function=function,
        nominality=_mean(max(Fraction(0), form - function) for form, function in complete),
        hidden=_mean(max(Fraction(0), function - form) for form, function in complete),
        quadrant=_quadrant(form >= BOUND, function >= BOUND),
    )


def _principle(number: int, standard: Sequence[Criterion], sheet: Sheet) -> PrincipleGap:
    def credits(facet: Facet) -> list[Fraction]:
        return [
            Fraction(criterion.credit(position))
            for criterion in standard
            if number in criterion.principles
            and criterion.facet is facet
            and (position := sheet[criterion.slug].position) is not None
        ]

    form = credits(Facet.FORM)
    function = credits(Facet.FUNCTION)
    return PrincipleGap(
        number,
        _mean(form) if len(form) >= FEWEST_FORM else None,
        _mean(function) if len(function) >= FEWEST_FUNCTION else None,
    )


def _mean(numbers: Iterable[Fraction]) -> Fraction:
    collected = list(numbers)
    return sum(collected, Fraction(0)) / len(collected)


def _quadrant(in_form: bool, in_function: bool) -> Quadrant:
    if in_form:
        return Quadrant.BOTH if in_function else Quadrant.NOMINAL
    return Quadrant.WITHOUT_LABEL if in_function else Quadrant.NEITHER
