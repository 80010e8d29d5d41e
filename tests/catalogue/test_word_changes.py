"""Which words of a text have changed."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue.word_changes import Part, parts


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts, with what changed in brackets."""
    first, second = (
        "".join(f"[{one.text}]" if one.is_changed else one.text for one in each)
        for each in parts(before, after)
    )
    return first, second


@pytest.mark.parametrize(
    ("before", "after", "first", "second"),
    [
        ("How do members decide?", "How do workers decide?",
         "How do [members] decide?", "How do [workers] decide?"),
        ("Written and public?", "Written, public?", "Written[ and] public?", "Written[,] public?"),
        ("We pay on time.", "We pay on time. Always.",
         "We pay on time.", "We pay on time.[ Always.]"),
        # A blank between two changed words is not worth a stretch of its own.
        ("a b c old one d e f", "a b c new two d e f",
         "a b c [old one] d e f", "a b c [new two] d e f"),
        # Texts that have next to nothing in common are read as two texts.
        ("Majority vote", "By consent of all who work here", "[Majority vote]",
         "[By consent of all who work here]"),
        ("60", "65", "[60]", "[65]"),
        ("gone", "", "[gone]", ""),
        ("", "new", "", "[new]"),
        ("a\nb", "a b", "a[\n]b", "a[ ]b"),
    ],
)  # fmt: skip
def test_only_the_words_that_changed_are_marked(
    before: str, after: str, first: str, second: str
) -> None:
    assert marked(before, after) == (first, second)


TEXTS = st.text(st.sampled_from("ab ,.\n"), max_size=30)


@given(before=TEXTS, after=TEXTS)
def test_nothing_is_lost_and_what_is_not_marked_is_the_same(before: str, after: str) -> None:
    both = parts(before, after)
    assert tuple("".join(one.text for one in each) for each in both) == (before, after)
    first, second = ("".join(one.text for one in each if not one.is_changed) for each in both)
    # A blank may count as changed in the one and not in the other.
    assert "".join(first.split()) == "".join(second.split())
    for each in both:
        assert all(one.is_changed != other.is_changed for one, other in pairwise(each))


def test_two_very_long_texts_cost_no_time() -> None:
    before, after = "a b " * 2_500, "b c " * 2_500
    began = time.process_time()
    assert parts(before, after) == ((Part(before, True),), (Part(after, True),))
    assert time.process_time() - began < 1
