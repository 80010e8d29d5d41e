"""Figures of an interval: the same wherever they stand, and on the right side of every bar."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from assessments.templatetags import drawings
from tests.pages import reading

POSSIBLE = st.integers(1, 61_000)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 1, "0–100"),
        (0.57, 0.57, "57"),
        (Fraction(5968, 9200), Fraction(76, 100), "64–76"),
        (0.999, 1, "99–100"),
        (0.999, 0.999, "99"),
        (0.642, 0.648, "64.2–64.8"),
        (0.6421, 0.6424, "64.21–64.24"),
        (2 / 3, 2 / 3, "66"),
        (0.29, 0.29, "29"),
        (None, None, "no score"),
    ],
)
def test_what_is_begun_of_a_percent_is_left_out(low: float, high: float, said: str) -> None:
    assert drawings.score(low, high) == said


@given(possible=POSSIBLE, data=st.data())
def test_a_figure_reaches_just_the_bars_that_the_share_reaches(
    possible: int, data: st.DataObject
) -> None:
    points = data.draw(st.integers(0, possible))
    (figure,) = drawings.score(points / possible, points / possible).split("–")
    assert all((int(figure) >= bar) == (100 * points >= bar * possible) for bar in range(101))


@given(possible=POSSIBLE, data=st.data())
def test_an_interval_is_never_shown_as_a_point_nor_turned_round(
    possible: int, data: st.DataObject
) -> None:
    points = data.draw(st.integers(0, possible - 1))
    could_have = data.draw(st.integers(points + 1, possible))
    low, high = drawings.score(points / possible, could_have / possible).split("–")
    assert float(low) < float(high)


@pytest.mark.parametrize(
    ("principles", "said"),
    [
        (7, "happens 91, over all seven principles."),
        (6, "happens 91, over six of the seven principles; of the other not enough is known."),
        (1, "happens 91, over one of the seven principles; of the others not enough is known."),
    ],
)
def test_a_quadrant_says_on_how_much_it_rests(principles: int, said: str) -> None:
    tag = "{% load drawings %}{% quadrant 'form-and-function' 88 91 'It' principles %}"
    shown = Template(tag).render(Context({"principles": principles}))
    assert said in " ".join(reading.read(shown.encode()).text.split())
