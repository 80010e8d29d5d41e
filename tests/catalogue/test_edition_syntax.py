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
    assert "There is already a criterion “decisions” on line 39. Give yours another slug" in said
    said = told("[dimensions.democracy]", "[dimensions.commons]")
    assert "There is already a dimension “commons” on line " in said
    # Any other table is only told to stand twice.
    twice = "[criteria.rules.texts]\n" * 2
    (problem,) = problems_of(twice)
    assert "a second time" in problem.message


def test_a_key_given_twice_says_where_it_stood_first() -> None:
    assert "it stood first on line 5." in told("threshold = 60", "threshold = 60\nthreshold = 70")
    # The same key of another table is another key.
    said = told('question = "How do members', 'kind = "x"\nquestion = "How do members')
    assert "it stood first on line 41." in said


def test_where_it_cannot_be_told_nothing_is_said_of_it() -> None:
    assert "stood first" not in told('{yes = "They', '{no = "", yes = "They')
    assert "stood first" not in told("threshold = 60", "slug.inner = 60")


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        (TITLE, "title = “Democracy”", "““” is a curly quotation mark", "Write straight ones"),
        (TITLE, "title = ‘Democracy’", "“‘” is a curly", 'title = "Commons"'),
        (TITLE, 'title = "A "real" one"', "A text ends at the second", "a backslash before"),
        (TITLE, "title = Democracy now", "“Democracy now” has no quotation", "in quotation marks"),
        (TITLE, 'title: "Democracy"', "A key has no “=” behind it", "Write key = value"),
        (TITLE, 'title = "Democracy",', "“,” stands at the end of the line", "Take it out."),
        ("threshold = 60", "threshold = 0,1", "“0,1” has a comma", "with a point: 0.1."),
        ("threshold = 60", "threshold = 040", "“040” begins with a zero", "Write it without: 40."),
        ("core = true", "core = True", "“True” is not how TOML says it", "Write true, in small"),
        ("core = true", "core = No", "“No” is not how TOML says it", "Write false, in small"),
        ("core = true", "core = none", "“none” is no value", "take its line out"),
        ('{yes = "They', '{no = "", from-0 = "", from-0.1 = "", yes = "They',
         "“from-0.1” has a point, which cuts a key in two", '"from-0.1" = "…"'),
        ('"vote", text', '"vote" text', "A group goes on where a comma or “}” is missing", "comma"),
        ('vote"},', 'vote"}', "A list goes on where a comma or “]” is missing", "comma between"),
        ("[criteria.decisions]", "[criteria.decisions", "The name of a table is not", "same line"),
    ],
)  # fmt: skip
def test_the_usual_slips_have_a_remedy_of_their_own(
    old: str, new: str, message: str, remedy: str
) -> None:
    said = told(old, new)
    assert message in said
    assert remedy in said
    assert "This is not TOML" not in said


def test_one_table_in_place_of_several_is_told() -> None:
    twice = '[criteria.c.levels]\nslug = "a"\n[criteria.c.levels]\nslug = "b"\n'
    (problem,) = problems_of(twice)
    assert "is one table, but there are several levels" in problem.message
    assert "Write [[criteria.c.levels]] above each" in problem.remedy
    once = [one for one in problems_of(twice[: len(twice) // 2]) if "levels" in one.place]
    assert "is one table, but there are several levels" in once[0].message


def test_a_key_cut_in_two_by_its_point_is_told_where_it_is_read() -> None:
    text = '[translations.es.criteria.c]\nbands = {from-0.1 = "Poco"}\n'
    (found,) = [one for one in problems_of(text) if one.place.endswith("bands.from-0")]
    assert found.message == "“from-0.1” has a point, which cuts a key in two."
    assert found.remedy == 'Write it in quotation marks: "from-0.1".'


# Of what is TOML


def one_problem(old: str, new: str) -> str:
    (problem,) = problems_of(examples.EDITION.replace(old, new, 1))
    return f"{problem.message} {problem.remedy}"


@pytest.mark.parametrize(
    ("written", "told_"),
    [
        ('"2"', "“2” is a text, since it stands in quotation marks. Write 2 without quotation"),
        ('" 40 "', "Write 40 without quotation marks."),
        ('"200"', "stands in quotation marks. Write a whole number from 0 to 100, without"),
        ('"2.5"', "stands in quotation marks. Write a whole number from 0 to 100, without"),
        ('"two"', "“two” is not a whole number from 0 to 100. Write a whole number from 0 to 100"),
    ],
)
def test_a_number_in_quotation_marks_is_called_a_text(written: str, told_: str) -> None:
    assert told_ in one_problem("threshold = 60", f"threshold = {written}")


def test_so_is_a_number_with_a_fraction() -> None:
    said = one_problem("{from = 3,", '{from = "3.5",')
    assert "“3.5” is a text, since it stands in quotation marks. Write 3.5 without" in said


def test_of_very_many_names_only_a_near_one_is_told() -> None:
    tables = (
        "[translations.es.criteria.decission]\nquestion = 'x'\n",
        "[translations.es.criteria.unheard-of]\nquestion = 'x'\n",
        "[translations.es.dimensions.unheard-of]\ntitle = 'x'\n",
    )
    assert [
        one.remedy for one in problems_of(examples.EDITION + "".join(tables)) if "es" in one.place
    ] == [
        "Delete this table, or add the dimension.",
        "Did you mean “decisions”? If not, delete this table, or add the criterion.",
        "Delete this table, or add the criterion.",
    ]


def test_a_credit_that_is_lacking_is_told_with_those_that_are_there() -> None:
    said = one_problem("credit = 100},\n]", "credit = 90},\n]")
    assert "No level has the credit 100. They have: “never” 0, " in said
    assert "90. Give one the credit 0 and one 100" in said
