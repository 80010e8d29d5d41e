"""Broken files through the commands: exit status 1, place and remedy, and nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from assessments.models import Edition
from tests.assessments.commands import (
    everything,
    in_process,
    own_environment,
    refusal,
    written,
)
from tests.cast import (
    ALDER,
    BIRCH,
    CEDAR,
    DOGWOOD,
    SMALL_TOML,
    Cast,
    document_json,
    edition_toml,
)


class Row(NamedTuple):
    """A mistake: a piece of a right file replaced, and what must be said about it."""

    why: str
    old: str
    new: str
    place: str
    remedy: str


# fmt: off
BROKEN_EDITIONS = [
    Row("an unknown key", "threshold = 60", "treshold = 60", "edition.treshold",
        "Did you mean “threshold”?"),
    Row("a key twice", "importance = 3\nmust", "importance = 3\nimportance = 4\nmust",
        "line 29, column 15", "Give every key and every table once."),
    Row("a criterion twice", "[criteria.losses]", "[criteria.rules]",
        "line 34, column 16", "Give yours another slug, or take one of the two out"),
    Row("no number", "threshold = 60", "threshold = nan", "edition.threshold",
        "a whole number from 0 to 100"),
    Row("infinity", "{from = 3,", "{from = inf,", "criteria.outflow.bands[2].from",
        "Write a number of at most 30 digits"),
    Row("no title", 'title = "A small edition"\n', "", "edition.title", "Add it: a text"),
    Row("a slug with capitals", "[criteria.licences]", "[criteria.Licences]",
        "criteria.Licences", "small letters a to z"),
    Row("no kind", 'kind = "offers"', "", "criteria.exchange.kind", "“practice”"),
    Row("an unknown dimension", 'dimension = "democracy"', 'dimension = "democrasy"',
        "criteria.losses.dimension", "Did you mean “democracy”?"),
    Row("bands on a practice", "reversed = true", "bands = [{from = 0}]",
        "criteria.losses.bands", "it belongs to the kind “share”"),
    Row("agreement on a standard criterion", "reversed = true", 'agreement = "exact"',
        "criteria.losses.agreement", "it belongs to the role “similarity”"),
    Row("a deal-breaker where the role is none", 'kind = "offers"',
        'kind = "offers"\nmust_reach = "yes"', "criteria.exchange.must_reach", "Take it out"),
    Row("a level where only sameness can be asked", 'agreement = "ordered"',
        'must_reach = "vote"', "criteria.decisions.must_reach", 'must_reach = "same"'),
    Row("a deal-breaker that is no level", 'must_reach = "yes"', 'must_reach = "yess"',
        "criteria.rules.must_reach", "Did you mean “yes”?"),
    Row("na_meets without allow_na", "allow_na = true\n", "", "criteria.losses.na_meets",
        "Add allow_na = true"),
    Row("a headline without a deal-breaker", 'must_reach = "yes"\n', "",
        "criteria.rules.headline", 'Add must_reach = "…"'),
    Row("no level of credit 100", 'slug = "at-once", credit = 100', 'slug = "at-once", credit = 99',
        "criteria.release-delay.levels", "100"),
    Row("bands that do not rise", "{from = 3,", "{from = 0.010,",
        "criteria.outflow.bands[2].from", "from the least number to the greatest"),
    Row("similarity of a share", 'unit = "%"', 'role = "similarity"', "criteria.outflow.role",
        "“standard”"),
    Row("an importance beyond 10", "importance = 3\nmust", "importance = 11\nmust",
        "criteria.rules.importance", "a whole number from 0 to 10"),
    Row("a translation of nothing", "es.criteria.rules", "es.criteria.rule",
        "translations.es.criteria.rule", "Did you mean “rules”?"),
    Row("a credit that is changed under the same meaning", "credit = 60", "credit = 59",
        "criteria.release-delay.levels", "raise the meaning: meaning = 2"),
    Row("no TOML", 'title = "Democracy"', "title = Democracy", "line 13, column 9",
        "texts in quotation marks"),
]
BROKEN_ORGANISATIONS = [
    Row("another edition", '"edition": "small"', '"edition": "large"', "edition",
        "write “small”"),
    Row("an unknown key", '"place"', '"plaice"', "organisations.alder.plaice",
        "Did you mean “place”?"),
    Row("a key twice", '"country": "GB"', '"country": "GB", "country": "GB"',
        "organisations.alder.country", "Keep one"),
    Row("an organisation twice", '"slug": "cedar"', '"slug": "alder"', "organisations[2].slug",
        "Give each organisation a slug of its own."),
    Row("no name", '"name": "Cedar", ', "", "organisations.cedar.name", "Add it: a text"),
    Row("a latitude alone", '"longitude": -1.55, ', "", "organisations.alder.longitude",
        "Write both"),
    Row("an unknown criterion", '"rules": {"level": "yes", "evidence"',
        '"rule": {"level": "yes", "evidence"', "organisations.alder.answers.rule",
        "Did you mean “rules”?"),
    Row("two answers to one criterion", '{"value": 4.5}', '{"value": 4.5, "unknown": true}',
        "organisations.alder.answers.outflow", "Keep one."),
    Row("an answer of another kind", '{"value": 4.5}', '{"level": "from-3"}',
        "organisations.alder.answers.outflow.level", 'Write "value" with a number.'),
    Row("an answer that says nothing", '{"value": 4.5}', '{"note": "4.5"}',
        "organisations.alder.answers.outflow", 'Write "value" with a number.'),
    Row("no number", "4.5", "NaN", "organisations.alder.answers.outflow.value",
        "Write a number"),
    Row("a number below the first band", "4.5", "-0.01",
        "organisations.alder.answers.outflow.value", "Write a number from 0 upwards."),
    Row("a truth value for a number", "4.5", "true", "organisations.alder.answers.outflow.value",
        "Write a number"),
    Row("an unknown licence", '"AGPL-3.0-or-later"', '"AGPL"',
        "organisations.alder.answers.licences.licences[0]", "SPDX"),
    Row("an empty reason", '"no loss since 2015"', '""', "organisations.alder.answers.losses.na",
        "a text that is not empty"),
    Row("na where it is not allowed", '{"level": "at-once", "note": "Since 2019."}',
        '{"na": "we publish nothing"}', "organisations.alder.answers.release-delay.na",
        '"unknown": true'),
    Row("a reservation on a choice", '"note": "Since 2019."', '"reservation": "not all"',
        "organisations.alder.answers.release-delay.reservation", "write the rest as a note"),
    Row("evidence that is no web address", '"https://alder.example/rules"', '"ftp://alder"',
        "organisations.alder.answers.rules.evidence[0]", "begins with https:// or http://"),
    Row("an empty list", '"offers": ["web hosting"]', '"offers": []',
        "organisations.alder.answers.exchange.offers", "leave the key out"),
    Row("sameness on a standard criterion", '"must_reach": "no"', '"must_reach": "same"',
        "organisations.alder.requirements.criteria.losses.must_reach", "“no”, “yes”"),
    Row("a requirement on what has no role", '{"decisions": {"importance": 4}',
        '{"exchange": {"importance": 4}', "organisations.alder.requirements.criteria.exchange",
        "Take it out."),
    Row("a threshold beyond 100", '"threshold": 70', '"threshold": 101',
        "organisations.alder.requirements.threshold", "a whole number from 0 to 100"),
    Row("no JSON", '"edition": "small",', '"edition": "small"', "line 1, column 21",
        "with commas between"),
]
# fmt: on

TOGETHER = {
    "an unknown key",
    "infinity",
    "a slug with capitals",
    "no kind",
    "an unknown dimension",
    "a level where only sameness can be asked",
    "a deal-breaker that is no level",
    "na_meets without allow_na",
    "an importance beyond 10",
    "a translation of nothing",
    "a latitude alone",
    "an unknown criterion",
    "two answers to one criterion",
    "an unknown licence",
    "an empty reason",
    "a reservation on a choice",
    "an empty list",
    "a threshold beyond 100",
    "sameness on a standard criterion",
}
"""Mistakes of either list that can all be made in one file."""

NEXT_TOML = edition_toml("next")
FILE = document_json(ALDER, BIRCH, CEDAR, DOGWOOD)


def made(text: str, *rows: Row) -> str:
    """A right file with some mistakes."""
    for row in rows:
        assert row.old in text, row.why
        text = text.replace(row.old, row.new, 1)
    return text


def assert_tells(said: str, *rows: Row) -> None:
    """Each mistake has a line of its own, with place and remedy."""
    lines = said.splitlines()
    assert "nothing was changed" in lines[0]
    for row in rows:
        told = [line for line in lines if line.startswith(f"  {row.place}: ")]
        assert told, (row.place, lines)
        assert any(row.remedy in line for line in told), (row.remedy, told)


@pytest.mark.parametrize("row", BROKEN_EDITIONS, ids=lambda row: row.why)
def test_a_broken_edition_is_refused(tmp_path: Path, cast: Cast, row: Row) -> None:
    before = everything()

    file = written(tmp_path, "edition.toml", made(NEXT_TOML, row))
    said = refusal("load_edition", file, "--publish")

    assert_tells(said, row)
    assert said.startswith(f"{file}: 1 problem, so")
    assert everything() == before


@pytest.mark.parametrize("row", BROKEN_ORGANISATIONS, ids=lambda row: row.why)
def test_a_broken_file_of_organisations_is_refused(tmp_path: Path, cast: Cast, row: Row) -> None:
    before = everything()

    file = written(tmp_path, "organisations.json", made(FILE, row))
    said = refusal("load_assessments", file)

    assert_tells(said, row)
    assert said.startswith(f"{file}: 1 problem, so")
    assert everything() == before


def test_all_mistakes_of_an_edition_are_told_together(tmp_path: Path, cast: Cast) -> None:
    rows = [row for row in BROKEN_EDITIONS if row.why in TOGETHER]
    before = everything()

    said = refusal("load_edition", written(tmp_path, "e.toml", made(NEXT_TOML, *rows)))

    assert len(rows) == 10
    assert_tells(said, *rows)
    assert everything() == before


def test_all_mistakes_of_a_file_of_organisations_are_told_together(
    tmp_path: Path, cast: Cast
) -> None:
    rows = [row for row in BROKEN_ORGANISATIONS if row.why in TOGETHER]
    before = everything()

    said = refusal("load_assessments", written(tmp_path, "o.json", made(FILE, *rows)))

    assert len(rows) == 10
    assert_tells(said, *rows)
    assert everything() == before


@pytest.mark.parametrize("command", ["load_edition", "load_assessments"])
class TestAnyFile:
    def test_that_is_not_there_is_refused(
        self, tmp_path: Path, small_edition: Edition, command: str
    ) -> None:
        said = refusal(command, tmp_path / "nowhere")

        assert said == (
            f"{tmp_path / 'nowhere'}: cannot be read (No such file or directory). Check the path."
        )

    def test_that_is_a_folder_is_refused(
        self, tmp_path: Path, small_edition: Edition, command: str
    ) -> None:
        assert "Check the path." in refusal(command, tmp_path)

    @pytest.mark.parametrize(
        ("content", "place", "remedy"),
        [
            (b"", "", ""),
            (b"\xff\xfe", "line 1", "with the encoding UTF-8"),
            (b"\n\n\x80", "line 3", "with the encoding UTF-8"),
            (b"\0", "line 1, column 1", "Write "),
            (b"[" * 50_000, "", "Write "),
            (b"null", "", ""),
        ],
        ids=["nothing", "UTF-16", "a stray byte", "NUL", "brackets", "null"],
    )
    def test_that_is_something_else_altogether_is_refused(
        self,
        tmp_path: Path,
        small_edition: Edition,
        command: str,
        content: bytes,
        place: str,
        remedy: str,
    ) -> None:
        before = everything()
        (tmp_path / "file").write_bytes(content)

        said = refusal(command, tmp_path / "file")

        assert "nothing was changed" in said
        assert f"  {place}" in said
        assert remedy in said
        assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_a_real_process_ends_with_status_1_and_without_a_traceback(tmp_path: Path) -> None:
    environment = own_environment(tmp_path)
    if "DATABASE_URL" not in environment:
        assert in_process(environment, "migrate", "--verbosity=0").returncode == 0
    right = written(tmp_path, "right.toml", SMALL_TOML)
    assert in_process(environment, "load_edition", right, "--publish").returncode == 0
    broken = [
        ("load_edition", "edition.toml", NEXT_TOML, BROKEN_EDITIONS[0]),
        ("load_assessments", "organisations.json", FILE, BROKEN_ORGANISATIONS[1]),
    ]
    for command, name, text, row in broken:
        file = written(tmp_path, name, made(text, row))

        ended = in_process(environment, command, file)

        assert ended.returncode == 1
        assert ended.stdout == ""
        assert "Traceback" not in ended.stderr
        assert_tells(ended.stderr.removeprefix("CommandError: "), row)
