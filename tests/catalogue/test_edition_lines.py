"""On which line of a file a place stands, however the file is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from assessments.catalogue import edition_file, edition_lines
from assessments.catalogue.mistakes import step_to
from tests.catalogue import examples
from tests.catalogue.test_edition_file import BROKEN, Row, problems_of

DEFAULT = Path(edition_file.__file__).with_name("default.toml").read_text("utf-8")

WRITTEN = '''\
# A note, with [brackets] and key = "value".
[edition]
slug = "x"   # "
title = """
[criteria.not-here]
key = "a" """

[criteria.held]
levels = [
  {slug = "a", credit = 0},  # ]
  {slug = 'b]', text = "],}"},

  {slug = "c"},
]
"odd key" = 1
dotted.inner . "from-0.01" = [[1,
  2], 3]

[[criteria.listed.levels]]
slug = "a"
[[criteria.listed.levels]]
slug = """b"""""
[criteria.listed.levels.more]
at = 1979-05-27 07:32:00
'''
PLACES = {
    "edition": 2,
    "edition.slug": 3,
    "edition.title": 4,
    "criteria.held": 8,
    "criteria.held.levels": 9,
    "criteria.held.levels[0].credit": 10,
    "criteria.held.levels[1]": 11,
    "criteria.held.levels[2]": 13,
    "criteria.held.levels[2].slug": 13,
    "criteria.held.“odd key”": 15,
    "criteria.held.dotted.inner.from-0.01": 16,
    "criteria.held.dotted.inner.from-0.01[0][1]": 17,
    "criteria.held.dotted.inner.from-0.01[1]": 17,
    "criteria.listed.levels[0].slug": 20,
    "criteria.listed.levels[1].slug": 22,
    "criteria.listed.levels[1].more.at": 24,
}


@pytest.mark.parametrize("written", [WRITTEN, "\ufeff" + WRITTEN, WRITTEN.replace("\n", "\r\n")])
def test_every_place_has_its_line(written: str) -> None:
    tomllib.loads(written.removeprefix("\ufeff"))
    found = edition_lines.lines(written)
    assert {place: edition_lines.line_of(place, found) for place in PLACES} == PLACES
    assert "criteria.not-here" not in found


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("criteria.held.question", 8),
        ("criteria.held.levels[1].credit", 11),
        ("criteria.held.levels[7].credit", 9),
        ("translations.es.edition", None),
        ("file", None),
        ("line 3, column 4", None),
        ("", None),
    ],
)
def test_what_is_not_there_has_the_line_of_what_it_belongs_in(place: str, line: int | None) -> None:
    assert edition_lines.line_of(place, edition_lines.lines(WRITTEN)) == line


def leaves(value: object, place: str = "", name: str = "") -> Iterator[tuple[str, str]]:
    """Every place of a document, with the last key on the way to it."""
    yield place.removeprefix("."), name
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, place + step_to(key), key)
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{place}[{index}]", "")


def assert_lines(text: str) -> None:
    found, rows = edition_lines.lines(text), text.split("\n")
    places = [one for one in leaves(tomllib.loads(text)) if one[0]]
    assert {place for place, _ in places} <= found.keys()
    for place, name in places:
        if name.isalnum():
            assert name in rows[found[place] - 1], place


@pytest.mark.parametrize("text", [DEFAULT, examples.EDITION], ids=["default", "example"])
def test_a_real_edition_is_walked_through_whole(text: str) -> None:
    assert_lines(text)


SIGNS = st.text(st.sampled_from("ab[]{}\"'=,.#\\\n \t€0"), max_size=8)
VALUES = st.recursive(
    SIGNS | st.integers() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=12,
)


@given(document=st.dictionaries(SIGNS, VALUES, max_size=4), multiline=st.booleans())
def test_whatever_is_written_is_walked_through_whole(
    document: dict[str, object], multiline: bool
) -> None:
    assert_lines(tomli_w.dumps(document, multiline_strings=multiline))


@given(text=st.text(st.sampled_from("[]{}\"'=,.#\\\nab \x00\ud800"), max_size=60))
def test_whatever_is_handed_in_nothing_breaks(text: str) -> None:
    assert all(line <= text.count("\n") + 1 for line in edition_lines.lines(text).values())
    edition_lines.open_text(text)


def test_nor_does_anything_nested_deep() -> None:
    deep = "a = " + "[" * 50_000
    assert edition_lines.lines(deep)["a"] == 1
    assert edition_lines.open_text(deep) is None


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.why)
def test_every_mistake_found_by_its_path_has_the_line_where_it_was_made(
    row: Row,
) -> None:
    text = examples.EDITION.replace(row.old, row.new, 1)
    (problem, *_) = (one for one in problems_of(text) if one.place == row.place)
    line = edition_lines.line_of(problem.place, edition_lines.lines(text))
    if row.place == "file" or row.place.startswith("line ") or "edition]" in row.old:
        return
    made = examples.EDITION[: examples.EDITION.index(row.old)].count("\n") + 1
    assert line is not None
    # Within the table in which the mistake was made: what is missing has the line of its table.
    table = text.split("\n")[line - 1 : made + 3]
    assert sum(one.startswith("[") for one in table[1:]) <= 1
    assert line <= made + row.new.count("\n") + 1
