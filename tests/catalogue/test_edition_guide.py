"""The guide names every key of the format, and nothing that is not one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest

from assessments.catalogue import edition_file, edition_guide, edition_keys
from assessments.catalogue.edition_guide import Line, Part
from assessments.catalogue.key_tables import Key
from assessments.scoring import terms
from assessments.scoring.problems import Refused
from tests.catalogue.test_edition_file import changed

TABLES: Mapping[str, Mapping[str, Key]] = {
    "The edition": edition_keys.EDITION_KEYS,
    "A dimension": edition_keys.DIMENSION_KEYS,
    "A criterion": edition_keys.CRITERION_KEYS,
    "A level of a choice": edition_keys.LEVEL_KEYS,
    "A band of a share": edition_keys.BAND_KEYS,
}
LINES = [(part, line) for part in edition_guide.guide() for line in part.lines]


def line(title: str, key: str) -> Line:
    (found,) = (one for part, one in LINES if part.title == title and one.key == key)
    return found


def test_every_key_of_the_format_has_its_line() -> None:
    assert {part.title: [one.key for one in part.lines] for part in edition_guide.guide()} == {
        title: list(keys) for title, keys in TABLES.items()
    }
    for purposes, title in (
        (edition_guide.EDITION, "The edition"),
        (edition_guide.DIMENSION, "A dimension"),
        (edition_guide.CRITERION, "A criterion"),
        (edition_guide.LEVEL, "A level of a choice"),
        (edition_guide.BAND, "A band of a share"),
    ):
        assert purposes.keys() == TABLES[title].keys()


def test_every_field_of_the_terms_can_be_written() -> None:
    written = {one.key for _, one in LINES}
    apart = {"slug", "levels", "dimensions", "criteria", "translations", "bound"}
    for what in (terms.Edition, terms.Dimension, terms.Criterion, terms.Level):
        assert {field.name for field in fields(what)} - apart <= written


@pytest.mark.parametrize(("part", "line"), LINES, ids=lambda one: getattr(one, "key", None))
def test_what_may_be_left_out_is_what_the_reader_lets_one_leave_out(part: Part, line: Line) -> None:
    key = TABLES[part.title][line.key]
    needed = key.required or getattr(key, "needed", False)
    assert bool(line.default) is not needed
    assert line.allowed == key.check.expected
    assert line.purpose


def test_the_defaults_are_those_that_the_reader_takes() -> None:
    edition = edition_file.read(
        '[edition]\nslug = "x"\ntitle = "X"\n[dimensions.d]\ntitle = "D"\n'
        '[criteria.c]\ndimension = "d"\nquestion = "?"\nkind = "practice"\n'
        '[criteria.o]\ndimension = "d"\nquestion = "?"\nkind = "offers"\n'
    )
    criterion, offers = edition.criteria
    for title, thing in (("The edition", edition), ("A criterion", criterion)):
        for field in fields(thing):
            said = next((one.default for part, one in LINES if part.title == title
                         and one.key == field.name), "")  # fmt: skip
            value = getattr(thing, field.name)
            if not said or field.name in {"role", "levels"}:
                continue
            if isinstance(value, bool):
                assert said == str(value).lower(), field.name
            elif value in ("", (), None):
                assert said == "none", field.name
            else:
                assert said.strip("“”") == str(value), field.name
    assert line("A criterion", "role").default == f"“{criterion.role}”, for offers “{offers.role}”"


def test_the_bar_is_named_as_the_pages_name_it() -> None:
    assert "“bar”" in line("The edition", "threshold").purpose


def test_only_some_kinds_have_some_keys() -> None:
    assert line("A criterion", "bands").only == "kind “share”"
    assert line("A criterion", "agreement").only == "role “similarity”"
    assert line("A criterion", "importance").only == ""
    with pytest.raises(Refused):
        edition_file.read(changed('agreement = "ordered"', "reversed = true"))


def test_the_example_is_an_edition() -> None:
    read = edition_file.read(edition_guide.EXAMPLE)
    assert [one.kind for one in read.criteria] == ["practice", "choice"]
    assert read.translations["es"].levels
