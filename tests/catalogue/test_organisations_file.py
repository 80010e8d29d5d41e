"""A file of organisations is read whole, or refused with every mistake, its place, its remedy."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.catalogue import answer_form, organisations_file, requirement_form
from assessments.scoring import terms
from assessments.scoring.problems import Problem, Refused
from tests.catalogue import examples, mutations


def read(source: str | bytes) -> organisations_file.Document:
    return organisations_file.read(source, examples.edition())


def problems_of(source: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        read(source)
    return refused.value.problems


def changed(old: str, new: str) -> str:
    assert old in examples.ORGANISATIONS, f"the example has no {old!r}"
    return examples.ORGANISATIONS.replace(old, new, 1)


class Row(NamedTuple):
    """One mistake: why it is one, what to change, where it is told, a word of the remedy."""

    why: str
    old: str
    new: str
    place: str
    word: str


ALDER = "organisations.alder"
BIRCH = "organisations.birch"
RULES = f"{ALDER}.answers.commons-rules"
DECISIONS = f"{ALDER}.answers.decisions"
OUTFLOW = f"{ALDER}.answers.solidarity-outflow"
LICENCES = f"{ALDER}.answers.licences-out"
LOSSES = f"{ALDER}.answers.loss-sharing"
EXCHANGE = f"{ALDER}.answers.exchange"
ASKED = f"{ALDER}.requirements"

# fmt: off
BROKEN = [
    # The file and its organisations.
    Row("another edition", '"commons-first"', '"commons-last"', "edition", "“commons-first”"),
    Row("no edition", '"edition": "commons-first",', "", "edition", "slug"),
    Row("no organisations", '"organisations"', '"organizations"', "organisations", "list"),
    Row("an unknown key", '"organisations"', '"organizations"', "organizations", "“organisations”"),
    Row("no list", '"organisations": [', '"organisations": {}, "x": [', "organisations", "list"),
    Row("no organisation", '{"slug": "cedar", "name": "Cedar"}', "7", "organisations[2]", "“slug”"),
    Row("no slug", '"slug": "cedar", ', "", "organisations[2].slug", "small letters"),
    Row("a slug with capitals", '"cedar"', '"Cedar"', "organisations[2].slug", "small letters"),
    Row("a slug too long", '"cedar"', f'"{"c" * 101}"', "organisations[2].slug", "100"),
    Row("a slug twice", '"cedar"', '"birch"', "organisations[2].slug", "its own"),
    Row("no name", ', "name": "Cedar"', "", "organisations.cedar.name", "Add"),
    Row("an empty name", '"Cedar"', '"  "', "organisations.cedar.name", "not empty"),
    Row("an unknown key of one", '"place"', '"plaice"', f"{ALDER}.plaice", "“place”"),
    Row("an odd key", '"place"', '"\\ud800"', f"{ALDER}.“\\ud800”", "“place”"),
    # What describes an organisation.
    Row("a country in words", '"GB"', '"Britain"', f"{ALDER}.country", '"GB"'),
    Row("a country in small letters", '"GB"', '"gb"', f"{ALDER}.country", "capital"),
    Row("no number for a latitude", "53.8", '"53.8"', f"{ALDER}.latitude", "without quotation"),
    Row("a latitude beyond the pole", "53.8", "90.1", f"{ALDER}.latitude", "-90 to 90"),
    Row("a longitude too far", "-1.55", "-180.5", f"{ALDER}.longitude", "-180 to 180"),
    Row("a latitude alone", '"longitude": -1.55, ', "", f"{ALDER}.longitude", "both"),
    Row("a longitude alone", '"latitude": 53.8, ', "", f"{ALDER}.latitude", "both"),
    Row("a website without a scheme", "https://alder.example\"", "alder.example\"",
        f"{ALDER}.website", "https://"),
    Row("a list for a summary", '"We host."', "[]", f"{ALDER}.summary", "text"),
    Row("null for a text", '"We host."', "null", f"{ALDER}.summary", "text"),
    Row("half a character", "We host.", "\\ud83c", f"{ALDER}.summary", "out"),
    Row("NUL", "We host.", "a\\u0000b", f"{ALDER}.summary", "out"),
    Row("a summary too long", "We host.", "x" * 10_001, f"{ALDER}.summary", "10000"),
    Row("a text for sectors", '["hosting"]', '"hosting"', f"{ALDER}.sectors", "list"),
    Row("a number among sectors", '["hosting"]', '["hosting", 1]', f"{ALDER}.sectors[1]", "text"),
    Row("an empty language", '["en"]', '[""]', f"{ALDER}.languages[0]", "not empty"),
    # Answers: which criterion, which form.
    Row("no answers", '"answers": {"decisions"', '"answers": [], "x": {"decisions"',
        f"{BIRCH}.answers", "criteria"),
    Row("an unknown criterion", '"release-delay"', '"release-day"', f"{BIRCH}.answers.release-day",
        "“release-delay”"),
    Row("no answer", '{"level": "consent"}', '"consent"', DECISIONS, "“level”"),
    Row("an empty answer", '{"level": "consent"}', "{}", DECISIONS, '"level"'),
    Row("two answers", '{"level": "consent"}', '{"level": "consent", "unknown": true}', DECISIONS,
        "Keep one"),
    Row("a value for a choice", '{"level": "consent"}', '{"value": 1}', f"{DECISIONS}.value",
        '"level"'),
    Row("a level for a share", '{"value": 4.5}', '{"level": "from-3"}', f"{OUTFLOW}.level",
        '"value"'),
    Row("a level for licences", '{"licences": [', '{"level": "copyleft", "note": "", "x": [',
        f"{LICENCES}.level", '"licences"'),
    Row("offers for a choice", '{"level": "consent"}', '{"offers": ["a"]}', f"{DECISIONS}.offers",
        '"level"'),
    Row("a level for offers", '{"offers": ["web hosting"], ', '{"level": "yes", ',
        f"{EXCHANGE}.level", '"offers"'),
    Row("an unknown key of an answer", '"note"', '"notes"', f"{RULES}.notes", "“note”"),
    Row("an unknown level", '"consent"', '"consensus"', f"{DECISIONS}.level", "“consent”"),
    Row("all levels are listed", '"consent"', '"x"', f"{DECISIONS}.level", "“vote”, “consent”"),
    Row("a truth value for a level", '"level": "yes"', '"level": true', f"{RULES}.level", "text"),
    # Answers: their values.
    Row("text for a number", "4.5", '"4.5"', f"{OUTFLOW}.value", "without quotation marks"),
    Row("a truth value for a number", "4.5", "true", f"{OUTFLOW}.value", "number"),
    Row("less than the first band", "4.5", "-0.01", f"{OUTFLOW}.value", "from 0"),
    Row("no number at all", "4.5", "NaN", f"{OUTFLOW}.value", "number"),
    Row("infinity", "4.5", "Infinity", f"{OUTFLOW}.value", "number"),
    Row("infinity below", "4.5", "-Infinity", f"{OUTFLOW}.value", "number"),
    Row("31 digits", "4.5", f"4.{'5' * 30}", f"{OUTFLOW}.value", "30 digits"),
    Row("a huge integer", "4.5", "9" * 9_000, f"{OUTFLOW}.value", "30 digits"),
    Row("a huge exponent", "4.5", "1e999999999", f"{OUTFLOW}.value", "30 digits"),
    Row("an impossible exponent", "4.5", "1e9999999999999999999999", f"{OUTFLOW}.value", "number"),
    Row("no licences", '["AGPL-3.0-or-later", "CC-BY-SA-4.0"]', "[]", f"{LICENCES}.licences",
        "at least 1"),
    Row("a text for licences", '["AGPL-3.0-or-later", "CC-BY-SA-4.0"]', '"MIT"',
        f"{LICENCES}.licences", "list"),
    Row("an unknown licence", '"CC-BY-SA-4.0"', '"Good-Licence"', f"{LICENCES}.licences[1]",
        "SPDX"),
    Row("a small operator", '"CC-BY-SA-4.0"', '"MIT or Apache-2.0"', f"{LICENCES}.licences[1]",
        "upper case"),
    Row("an expression too long", '"CC-BY-SA-4.0"', f'"{"MIT OR " * 200}MIT"',
        f"{LICENCES}.licences[1]", "1000"),
    Row("na without a reason", '"no loss since 2015"', '" "', f"{LOSSES}.na", "not empty"),
    Row("na as a truth value", '"no loss since 2015"', "true", f"{LOSSES}.na", "text"),
    Row("na where it is not allowed", '{"level": "consent"}', '{"na": "we are two"}',
        f"{DECISIONS}.na", '"unknown"'),
    Row("unknown that is false", '"unknown": true', '"unknown": false',
        f"{BIRCH}.answers.release-delay.unknown", "true"),
    Row("unknown that is 1", '"unknown": true', '"unknown": 1',
        f"{BIRCH}.answers.release-delay.unknown", "true"),
    Row("withheld that is no truth value", '"withheld": true', '"withheld": "yes"',
        f"{BIRCH}.answers.decisions.withheld", "false"),
    Row("withheld beside unknown", '"unknown": true', '"unknown": true, "withheld": true',
        f"{BIRCH}.answers.release-delay.withheld", "out"),
    Row("withheld beside na", '"no loss since 2015"', '"no loss", "withheld": true',
        f"{LOSSES}.withheld", "out"),
    Row("withheld level that is not there", '"level": "vote", "withheld"',
        '"level": "veto", "withheld"', f"{BIRCH}.answers.decisions.level", "“vote”"),
    Row("an empty reservation", '"not all of them"', '""', f"{RULES}.reservation", "not empty"),
    Row("a reservation on a choice", '"level": "consent"', '"level": "consent", "reservation": "x"',
        f"{DECISIONS}.reservation", "note"),
    Row("a reservation beside na", '"no loss since 2015"', '"no loss", "reservation": "x"',
        f"{LOSSES}.reservation", "note"),
    Row("no evidence in the list", '["https://alder.example/rules"]', "[]", f"{RULES}.evidence",
        "leave the key out"),
    Row("evidence as a text", '["https://alder.example/rules"]', '"https://alder.example/rules"',
        f"{RULES}.evidence", "list"),
    Row("evidence of another scheme", '"https://alder.example/rules"', '"javascript:alert(1)"',
        f"{RULES}.evidence[0]", "https://"),
    Row("evidence without a host", '"https://alder.example/rules"', '"https:///rules"',
        f"{RULES}.evidence[0]", "web address"),
    Row("evidence with a blank", '"https://alder.example/rules"', '"https://alder.example/a b"',
        f"{RULES}.evidence[0]", "blanks"),
    Row("evidence with half brackets", '"https://alder.example/rules"', '"https://[alder"',
        f"{RULES}.evidence[0]", "web address"),
    Row("evidence with an odd port", '"https://alder.example/rules"', '"https://alder:x/"',
        f"{RULES}.evidence[0]", "web address"),
    Row("a number for a note", '"Since 2019."', "2019", f"{RULES}.note", "text"),
    Row("no offers in the list", '["web hosting"]', "[]", f"{EXCHANGE}.offers", "at least 1"),
    Row("an empty need", '["legal advice"]', '[""]', f"{EXCHANGE}.needs[0]", "not empty"),
    # Requirements.
    Row("requirements as a list", '"requirements": {', '"requirements": [], "x": {', ASKED,
        "“threshold”"),
    Row("a threshold too great", '"threshold": 70', '"threshold": 101', f"{ASKED}.threshold",
        "100"),
    Row("a threshold in parts", '"threshold": 70', '"threshold": 0.7', f"{ASKED}.threshold",
        "whole"),
    Row("an unknown key of requirements", '"threshold": 70', '"treshold": 70', f"{ASKED}.treshold",
        "“threshold”"),
    Row("criteria as a list", '"criteria": {', '"criteria": [], "x": {', f"{ASKED}.criteria",
        "criteria"),
    Row("an unknown criterion asked", '{"decisions": {"importance"', '{"decision": {"importance"',
        f"{ASKED}.criteria.decision", "“decisions”"),
    Row("a criterion without role", '{"decisions": {"importance"', '{"exchange": {"importance"',
        f"{ASKED}.criteria.exchange", "out"),
    Row("an importance too great", '"importance": 4', '"importance": 11',
        f"{ASKED}.criteria.decisions.importance", "0 to 10"),
    Row("no importance", '"importance": 4', '"importance": null',
        f"{ASKED}.criteria.decisions.importance", "0 to 10"),
    Row("an unknown key of one criterion", '"importance": 4', '"weight": 4',
        f"{ASKED}.criteria.decisions.weight", "“importance”"),
    Row("a level on a similarity criterion", '"same"', '"vote"',
        f"{ASKED}.criteria.decisions.must_reach", "“same”"),
    Row("same on a standard criterion", '"must_reach": null', '"must_reach": "same"',
        f"{ASKED}.criteria.commons-rules.must_reach", "“yes”"),
    Row("an unknown level to reach", '"must_reach": null', '"must_reach": "yess"',
        f"{ASKED}.criteria.commons-rules.must_reach", "“yes”"),
    Row("a number to reach", '"must_reach": null', '"must_reach": 100',
        f"{ASKED}.criteria.commons-rules.must_reach", "null"),
    # Keys that stand twice.
    Row("a key of the file twice", '"organisations"', '"edition": "x", "organisations"', "edition",
        "Keep one"),
    Row("a key of an organisation twice", '"name": "Cedar"', '"name": "C", "name": "Cedar"',
        "organisations.cedar.name", "Keep one"),
    Row("a criterion answered twice", '"decisions": {"level": "consent"}',
        '"decisions": {"level": "vote"}, "decisions": {"level": "vote"}', DECISIONS, "Keep one"),
    Row("a key of an answer twice", '"level": "consent"', '"level": "vote", "level": "consent"',
        f"{DECISIONS}.level", "Keep one"),
    Row("a criterion asked twice", '{"decisions": {"importance": 4',
        '{"decisions": {}, "decisions": {"importance": 4', f"{ASKED}.criteria.decisions",
        "Keep one"),
    Row("a key of what is asked twice", '"importance": 4', '"importance": 4, "importance": 4',
        f"{ASKED}.criteria.decisions.importance", "Keep one"),
    # What is no JSON.
    Row("no JSON", '"commons-first",', '"commons-first"', "line 2, column 2", "commas"),
    Row("a note in the file", '"commons-first",', '"commons-first", // the current one',
        "line 1, column 30", "key"),
    Row("nested too deep", '"GB"', "[" * 100_000, "file", "deep"),
]
# fmt: on

TOGETHER = {
    "another edition",
    "a slug twice",
    "a country in words",
    "a latitude beyond the pole",
    "a website without a scheme",
    "an unknown criterion",
    "an unknown level",
    "text for a number",
    "an unknown licence",
    "na without a reason",
    "an empty reservation",
    "evidence with a blank",
    "a number for a note",
    "an empty need",
    "a threshold too great",
    "an importance too great",
    "an unknown level to reach",
}
"""Mistakes that can all be made in one file."""


class TestReading:
    def test_gives_the_example_of_the_model(self) -> None:
        document = read(examples.ORGANISATIONS)
        alder, birch, cedar = document.organisations

        assert document.edition_slug == "commons-first"
        assert (alder.slug, alder.name) == ("alder", "Alder")
        assert alder.described["latitude"] == Decimal("53.8")
        assert alder.described["sectors"] == ("hosting",)
        assert alder.answers == {
            "commons-rules": terms.Answer(
                level="yes",
                reservation="not all of them",
                evidence=("https://alder.example/rules",),
                note="Since 2019.",
            ),
            "decisions": terms.Answer(level="consent"),
            "solidarity-outflow": terms.Answer(value=Decimal("4.5")),
            "licences-out": terms.Answer(licences=("AGPL-3.0-or-later", "CC-BY-SA-4.0")),
            "loss-sharing": terms.Answer(na="no loss since 2015"),
            "exchange": terms.Answer(offers=("web hosting",), needs=("legal advice",)),
        }
        assert alder.requirements == terms.Requirements(
            70,
            {
                "decisions": terms.Asked(4, terms.SAME, says_must_reach=True),
                "commons-rules": terms.Asked(0, None, says_must_reach=True),
            },
        )
        assert birch.answers == {
            "decisions": terms.Answer(level="vote", withheld=True),
            "release-delay": terms.Answer(unknown=True),
        }
        assert (cedar.answers, cedar.requirements) == ({}, terms.Requirements())
        assert cedar.described == {}

    def test_reads_bytes_with_or_without_a_mark_of_their_order(self) -> None:
        data = examples.ORGANISATIONS.encode()

        assert read(data) == read(b"\xef\xbb\xbf" + data) == read(examples.ORGANISATIONS)

    def test_refuses_bytes_that_are_not_utf8(self) -> None:
        (problem,) = problems_of(changed("We host.", "Größe").encode("latin-1"))

        assert problem.place == "line 5"
        assert "UTF-8" in problem.remedy

    @pytest.mark.parametrize("other", ["1", "1.0", "1.000", "10e-1", "0.1e1"])
    def test_gives_equal_answers_for_equal_numbers(self, other: str) -> None:
        ones, others = read(changed("4.5", "1")), read(changed("4.5", other))

        assert ones == others
        answer = others.organisations[0].answers["solidarity-outflow"]
        assert str(answer.value) == "1"

    def test_takes_whole_decimals_for_whole_numbers(self) -> None:
        assert read(changed('"importance": 4', '"importance": 4.0')) == read(examples.ORGANISATIONS)

    def test_lets_withheld_be_false_beside_anything(self) -> None:
        text = changed('"unknown": true', '"unknown": true, "withheld": false')

        assert read(text) == read(examples.ORGANISATIONS)

    def test_takes_a_requirement_that_says_nothing_for_none(self) -> None:
        text = changed('"criteria": {', '"criteria": {"release-delay": {}, ')

        assert read(text) == read(examples.ORGANISATIONS)

    @pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.why)
    def test_tells_the_place_and_the_remedy(self, row: Row) -> None:
        told = [
            problem
            for problem in problems_of(changed(row.old, row.new))
            if problem.place == row.place
        ]

        assert told, list(problems_of(changed(row.old, row.new)))
        assert any(row.word in problem.remedy for problem in told), told
        assert all(problem.message.endswith(".") for problem in told)

    def test_tells_all_mistakes_together(self) -> None:
        rows = [row for row in BROKEN if row.why in TOGETHER]
        text = examples.ORGANISATIONS
        for row in rows:
            assert row.old in text, f"another mistake has taken the place of: {row.why}"
            text = text.replace(row.old, row.new, 1)

        assert len(rows) == len(TOGETHER)
        assert {problem.place for problem in problems_of(text)} == {row.place for row in rows}

    def test_tells_a_mistake_in_each_of_many_organisations(self) -> None:
        document = {
            "edition": "commons-first",
            "organisations": [
                {"slug": f"o{number}", "name": "O", "answers": {"decisions": {"level": "chief"}}}
                for number in range(50)
            ],
        }

        assert [problem.place for problem in problems_of(json.dumps(document))] == [
            f"organisations.o{number}.answers.decisions.level" for number in range(50)
        ]


class TestCheckAnswer:
    def test_takes_the_numbers_of_a_form_or_an_api(self) -> None:
        criterion = examples.edition().by_slug["solidarity-outflow"]

        for raw in (4.5, Decimal("4.50")):
            answer = answer_form.check_answer(criterion, {"value": raw}, "x")
            assert answer == terms.Answer(value=Decimal("4.5"))

    def test_tells_where_the_answer_stands(self) -> None:
        criterion = examples.edition().by_slug["decisions"]

        problems = answer_form.check_answer(criterion, {"level": "x", "na": ""}, "decisions")

        assert isinstance(problems, list)
        assert {problem.place for problem in problems} == {
            *("decisions", "decisions.level", "decisions.na"),
        }

    def test_takes_na_for_any_kind_that_allows_it(self) -> None:
        criterion = examples.edition().by_slug["loss-sharing"]
        answer = answer_form.check_answer(criterion, {"na": "none yet", "note": "n"}, "x")

        assert answer == terms.Answer(na="none yet", note="n")


class TestCheckAsked:
    def test_tells_not_said_from_no_deal_breaker(self) -> None:
        criterion = examples.edition().by_slug["commons-rules"]

        assert requirement_form.check_asked(criterion, {}, "x") == terms.Asked()
        assert requirement_form.check_asked(criterion, {"must_reach": None}, "x") == terms.Asked(
            says_must_reach=True
        )


def assert_read_or_refused(source: str) -> None:
    try:
        read(source)
    except Refused as refused:
        for problem in refused.problems:
            assert problem.place
            assert problem.message
            assert problem.remedy
            str(problem).encode()


class TestAnyFile:
    @given(
        document=mutations.of_document(
            json.loads(examples.ORGANISATIONS), mutations.LEAVES | st.none()
        )
    )
    @settings(max_examples=150, deadline=None)
    def test_of_other_values_is_read_or_refused(self, document: object) -> None:
        assert_read_or_refused(json.dumps(document))

    @given(text=mutations.of_text(examples.ORGANISATIONS))
    @settings(max_examples=150, deadline=None)
    def test_of_other_signs_is_read_or_refused(self, text: str) -> None:
        assert_read_or_refused(text)
