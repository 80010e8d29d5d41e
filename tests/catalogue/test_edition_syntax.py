"""What is no TOML is told so that its writer finds it."""

from __future__ import annotations

import pytest

from tests.catalogue import examples
from tests.catalogue.test_edition_file import problems_of

TITLE, OTHER = 'title = "Democracy"', 'title = "Commons stewardship"'


def told(old: str, new: str) -> str:
    assert old in examples.EDITION
    (problem,) = problems_of(examples.EDITION.replace(old, new, 1))
    return f"{problem.place}: {problem.message} {problem.remedy}"


@pytest.mark.parametrize(
    "open_text",
    ['title = "Democracy', "title = 'Democracy", 'title = "Democracy\\"', 'texts = {yes = "Yes}'],
)
def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line(open_text: str) -> None:
    said = told(TITLE, open_text)
    assert "A quotation mark is not closed on line 14" in said
    assert "Illegal" not in said
    assert '"""' in said


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_a_long_text_that_never_ends_is_named_with_the_line_where_it_begins(quotes: str) -> None:
    said = told(TITLE, f"title = {quotes}Democracy")
    assert "A quotation mark is not closed on line 14" in said
    assert "the end of the file" in said


@pytest.mark.parametrize("quote", ['"', "'"])
def test_nor_one_at_the_very_end(quote: str) -> None:
    (problem,) = problems_of(f"[edition]\ntitle = {quote}x")
    assert "not closed on line 2" in problem.message


def test_a_table_given_twice_says_where_it_stood_first() -> None:
    said = told("[criteria.release-delay]", "[ criteria.decisions ]  # again")
    assert said.startswith("line 47, ")
    assert "it stood first on line 39." in said


def test_a_key_given_twice_says_where_it_stood_first() -> None:
    assert "it stood first on line 5." in told("threshold = 60", "threshold = 60\nthreshold = 70")
    # The same key of another table is another key.
    said = told('question = "How do members', 'kind = "x"\nquestion = "How do members')
    assert "it stood first on line 41." in said


def test_where_it_cannot_be_told_nothing_is_said_of_it() -> None:
    assert "stood first" not in told('{yes = "They', '{no = "", yes = "They')
    assert "stood first" not in told("threshold = 60", "slug.inner = 60")
