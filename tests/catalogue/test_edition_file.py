"""An edition file is read whole, or refused with every mistake, its place and its remedy."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import NamedTuple

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.catalogue import edition_file
from assessments.catalogue.edition_keys import ROLES_OF_KIND
from assessments.scoring import licences, terms
from assessments.scoring.problems import Problem, Refused
from assessments.scoring.terms import Kind, Role
from tests.catalogue import examples, mutations


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        edition_file.read(text)
    return refused.value.problems


def changed(old: str, new: str) -> str:
    assert examples.EDITION.count(old) >= 1, f"the example has no {old!r}"
    return examples.EDITION.replace(old, new, 1)


class Row(NamedTuple):
    """One mistake: why it is one, what to change, where it is told, a word of the remedy."""

    why: str
    old: str
    new: str
    place: str
    word: str


RULES = "criteria.commons-rules"
DECISIONS = "criteria.decisions"
DELAY = "criteria.release-delay"
OUTFLOW = "criteria.solidarity-outflow"
LICENCES = "criteria.licences-out"
LOSSES = "criteria.loss-sharing"
SPANISH = "translations.es"

# fmt: off
BROKEN = [
    # Keys that nobody knows, and keys that are missing.
    Row("unknown table", "[edition]", "[editions]\n[edition]", "editions", "“edition”"),
    Row("unknown key", "threshold = 60", "treshold = 60", "edition.treshold", "“threshold”"),
    Row("unknown key of a criterion", "why =", "wy =", f"{RULES}.wy", "“why”"),
    Row("all keys are listed", "why =", "because =", f"{RULES}.because", "“na_meets”"),
    Row("odd key", "core = true", '"a b\\u0007" = true', f"{RULES}.“a b\\x07”", "“core”"),
    Row("no edition", "[edition]\n", "[dimensions.edition]\n", "edition", "[edition]"),
    Row("no title", 'title = "Commons first"\n', "", "edition.title", "not empty"),
    Row("no slug", 'slug = "commons-first"\n', "", "edition.slug", "small letters"),
    Row("no dimension title", 'title = "Democracy"\n', "", "dimensions.democracy.title", "Add"),
    Row("no kind", 'kind = "share"\n', "", f"{OUTFLOW}.kind", "“share”"),
    Row("no question", 'question = "How do members decide?"\n', "", f"{DECISIONS}.question", "Add"),
    Row("no dimension", 'dimension = "democracy"\n', "", f"{DECISIONS}.dimension", "slug"),
    Row("no levels", "levels = [ {", "# [ {", f"{DECISIONS}.levels", "slug"),
    Row("no bands", "bands = [\n", "levels = [\n", f"{OUTFLOW}.bands", "from"),
    Row("a level without a slug", '{slug = "vote", ', "{", f"{DECISIONS}.levels[0].slug", "slug"),
    Row("a band without from", "{from = 3, ", "{", f"{OUTFLOW}.bands[2].from", "number"),
    Row("a level of a standard criterion without credit", ", credit = 0}", "}",
        f"{DELAY}.levels[0].credit", "0 to 100"),
    Row("a band of a standard criterion without credit", ", credit = 30", "",
        f"{OUTFLOW}.bands[1].credit", "0 to 100"),
    # Values of the wrong type or form.
    Row("a number for a text", '"Commons first"', "1", "edition.title", "quotation marks"),
    Row("an empty title", '"Commons first"', '" "', "edition.title", "not empty"),
    Row("a title too long", '"Commons first"', f'"{"x" * 201}"', "edition.title", "200"),
    Row("a text too long", "page with", "x" * 10_001, f"{RULES}.example", "10000"),
    Row("NUL in a text", "page with", "page\\u0000with", f"{RULES}.example", "out"),
    Row("a slug with capitals", '"commons-first"', '"Commons"', "edition.slug", "small letters"),
    Row("a slug too long", '"commons-first"', f'"{"a" * 101}"', "edition.slug", "100"),
    Row("no slug for a criterion", "[criteria.decisions]", "[criteria.De_cisions]",
        "criteria.De_cisions", "hyphens"),
    Row("no slug for a dimension", "[dimensions.democracy]", '[dimensions."a b"]',
        "dimensions.“a b”", "hyphens"),
    Row("an empty language", 'language = "en"', 'language = ""', "edition.language", "pt-BR"),
    Row("a truth value for a number", "importance = 3", "importance = true",
        f"{RULES}.importance", "whole number"),
    Row("text for a number", "importance = 3", 'importance = "3"', f"{RULES}.importance",
        "without quotation marks"),
    Row("a half importance", "importance = 3", "importance = 3.5", f"{RULES}.importance", "whole"),
    Row("an importance too great", "importance = 3", "importance = 11", f"{RULES}.importance",
        "0 to 10"),
    Row("a negative importance", "importance = 3", "importance = -1", f"{RULES}.importance",
        "0 to 10"),
    Row("no number", "importance = 3", "importance = nan", f"{RULES}.importance", "whole"),
    Row("an absurd exponent", "importance = 3", "importance = 1e999999999", f"{RULES}.importance",
        "0 to 10"),
    Row("an impossible exponent", "importance = 3", "importance = 1e9999999999999999999999",
        f"{RULES}.importance", "0 to 10"),
    Row("a hexadecimal giant", "importance = 3", "importance = 0x" + "f" * 9_000,
        f"{RULES}.importance", "0 to 10"),
    Row("a threshold too great", "threshold = 60", "threshold = 101", "edition.threshold", "100"),
    Row("a date for a number", "threshold = 60", "threshold = 2026-01-01", "edition.threshold",
        "whole"),
    Row("meaning 0", "meaning = 1", "meaning = 0", f"{RULES}.meaning", "from 1"),
    Row("text for a truth value", "core = true", 'core = "true"', f"{RULES}.core", "false"),
    Row("a number for a truth value", "core = true", "core = 1", f"{RULES}.core", "false"),
    Row("principle 8", "principles = [7]", "principles = [7, 8]", f"{RULES}.principles[1]",
        "1 to 7"),
    Row("a principle twice", "principles = [7]", "principles = [7, 1, 7]",
        f"{RULES}.principles[2]", "once"),
    Row("principles as a number", "principles = [7]", "principles = 7", f"{RULES}.principles",
        "list"),
    Row("an unknown kind", '"practice"', '"practise"', f"{RULES}.kind", "“practice”"),
    Row("an unknown role", '"similarity"', '"similar"', f"{DECISIONS}.role", "“similarity”"),
    Row("an unknown agreement", '"ordered"', '"order"', f"{DECISIONS}.agreement", "“exact”"),
    Row("an unknown facet", '"form"', '"from"', f"{RULES}.facet", "“form”"),
    Row("an unknown word of evidence", '"required"', '"yes"', f"{RULES}.evidence", "“optional”"),
    Row("a list for a word", '"required"', "[]", f"{RULES}.evidence", "“optional”"),
    Row("a text for a table", "[dimensions.democracy]\n", "[dimensions]\ndemocracy = 'x'\n[x]\n",
        "dimensions.democracy", "“title”"),
    Row("a text for a list", "levels = [\n", "levels = 'x'\nunit = [\n", f"{DELAY}.levels", "list"),
    Row("a text for a level", '{slug = "vote", text = "Majority vote"}', '"vote"',
        f"{DECISIONS}.levels[0]", "“slug”"),
    # Keys of another kind or role.
    Row("bands on a practice", "core = true", "bands = [{from = 0}]", f"{RULES}.bands", "“share”"),
    Row("levels on a share", 'unit = "%"', 'levels = [{slug = "a"}, {slug = "b"}]',
        f"{OUTFLOW}.levels", "“choice”"),
    Row("reversed on a choice", 'agreement = "ordered"', "reversed = false",
        f"{DECISIONS}.reversed", "“practice”"),
    Row("texts on a choice", 'agreement = "ordered"', 'texts = {yes = ""}',
        f"{DECISIONS}.texts", "“practice”"),
    Row("unit on a practice", "core = true", 'unit = "%"', f"{RULES}.unit", "“share”"),
    Row("credits on a practice", "core = true", "credits = {}", f"{RULES}.credits", "“licences”"),
    Row("agreement on a standard criterion", "core = true", 'agreement = "exact"',
        f"{RULES}.agreement", "“similarity”"),
    Row("must_reach where the role is none", 'kind = "offers"', 'kind = "offers"\nmust_reach = "x"',
        "criteria.exchange.must_reach", "“standard”"),
    Row("similarity of a share", 'unit = "%"', 'role = "similarity"', f"{OUTFLOW}.role",
        "“standard”"),
    Row("offers with a standard", 'kind = "offers"', 'kind = "offers"\nrole = "standard"',
        "criteria.exchange.role", "“none”"),
    # What no key can tell by itself.
    Row("an unknown dimension", 'dimension = "democracy"', 'dimension = "democrazy"',
        f"{DECISIONS}.dimension", "“democracy”"),
    Row("an unknown level to reach", 'must_reach = "soon"', 'must_reach = "son"',
        f"{DELAY}.must_reach", "“soon”"),
    Row("same on a standard criterion", 'must_reach = "yes"', 'must_reach = "same"',
        f"{RULES}.must_reach", "“yes”"),
    Row("a level on a similarity criterion", 'agreement = "ordered"', 'must_reach = "vote"',
        f"{DECISIONS}.must_reach", '"same"'),
    Row("a headline without a deal-breaker", 'must_reach = "no"\n', "", f"{LOSSES}.headline",
        "must_reach"),
    Row("a headline of similarity", 'agreement = "ordered"', "headline = true",
        f"{DECISIONS}.headline", "false"),
    Row("na_meets alone", "allow_na = true\n", "", f"{LOSSES}.na_meets", "allow_na = true"),
    Row("na_meets against allow_na", "allow_na = true\n", "allow_na = false\n",
        f"{LOSSES}.na_meets", "allow_na = true"),
    Row("a level twice", '"consent"', '"vote"', f"{DECISIONS}.levels[1].slug", "its own"),
    Row("one level only", ', {slug = "consent", text = "Consent"}', "", f"{DECISIONS}.levels",
        "at least 2"),
    Row("no bands at all", "bands = [\n", "bands = []\nlevels = [\n", f"{OUTFLOW}.bands",
        "at least 1"),
    Row("no level of credit 0", "credit = 0},\n", "credit = 1},\n", f"{DELAY}.levels", "100"),
    Row("no band of credit 100", "credit = 100, text", "credit = 99, text", f"{OUTFLOW}.bands",
        "100"),
    Row("no class of credit 100", "copyleft = 100", "copyleft = 90", f"{LICENCES}.credits", "100"),
    Row("an unknown class", "copyleft = 100", "copyright = 100", f"{LICENCES}.credits.copyright",
        "“copyleft”"),
    Row("a credit too great", "copyleft = 100", "copyleft = 101", f"{LICENCES}.credits.copyleft",
        "0 to 100"),
    Row("bands that fall", "from = 3,", "from = 0.001,", f"{OUTFLOW}.bands[2].from", "least"),
    Row("bands that stand still", "from = 3,", "from = 0.010,", f"{OUTFLOW}.bands[2].from",
        "none twice"),
    Row("a bound with too many digits", "from = 3,", f"from = 3.{'1' * 30},",
        f"{OUTFLOW}.bands[2].from", "30 digits"),
    Row("a bound too great", "from = 3,", "from = 1e30,", f"{OUTFLOW}.bands[2].from", "30 digits"),
    Row("a bound too fine", "from = 3,", "from = 1e-99999999,", f"{OUTFLOW}.bands[2].from",
        "30 digits"),
    Row("an infinite bound", "from = 3,", "from = inf,", f"{OUTFLOW}.bands[2].from", "number"),
    Row("a text of an unknown level", 'no = "They', 'nope = "They', f"{RULES}.texts.nope", "“no”"),
    # Translations mirror what is there.
    Row("an empty language tag", "[translations.es.edition]", '[translations."".edition]',
        "translations.“”", "pt-BR"),
    Row("a language that is none", "[translations.es.edition]", "[translations.e.edition]",
        "translations.e", "pt-BR"),
    Row("the language of the edition", "[translations.es.edition]", "[translations.en.edition]",
        "translations.en", "language"),
    Row("a translated slug", 'title = "Primero', 'slug = "Primero', f"{SPANISH}.edition.slug",
        "“title”"),
    Row("a translation of nothing", "[translations.es.edition]", "[translations.es.editions]",
        f"{SPANISH}.editions", "“edition”"),
    Row("a translated dimension that is not there", "es.dimensions.commons", "es.dimensions.comons",
        f"{SPANISH}.dimensions.comons", "“commons”"),
    Row("a translated criterion that is not there", "es.criteria.decisions", "es.criteria.decision",
        f"{SPANISH}.criteria.decision", "“decisions”"),
    Row("a translated level that is not there", "levels = {vote", "levels = {vot",
        f"{SPANISH}.criteria.decisions.levels.vot", "“vote”"),
    Row("a translated band that is not there", "from-10 =", "from-11 =",
        f"{SPANISH}.criteria.solidarity-outflow.bands.from-11", "“from-10”"),
    Row("a translated key of another kind", "levels = {vote", "texts = {vote",
        f"{SPANISH}.criteria.decisions.texts", "“practice”"),
    Row("a translated role", "levels = {vote", 'role = {vote', f"{SPANISH}.criteria.decisions.role",
        "“levels”"),
    Row("a number for a translated text", '"Voto de la mayoría"', "1",
        f"{SPANISH}.criteria.decisions.levels.vote", "text"),
    # What is no TOML, or TOML that says a thing twice.
    Row("no TOML", 'title = "Democracy"', "title = Democracy", "line 14, column 9", "quotation"),
    Row("an open text", 'title = "Democracy"', 'title = "Democracy', "line 14, column 19",
        "quotation"),
    Row("a key twice", "threshold = 60", "threshold = 60\nthreshold = 60", "line 6, column 15",
        "once"),
    Row("a criterion twice", "[criteria.release-delay]", "[criteria.decisions]",
        "line 47, column 20", "once"),
    Row("an inline key twice", '{yes = "They', '{no = "", yes = "They', "line 26, column 65",
        "once"),
    Row("a table that never ends", 'bands = {"from-0.01"', "bands = {[[",
        "line 103, column 10", "key = value"),
    Row("thousands of digits", "importance = 3", f"importance = {'3' * 5_000}", "file",
        "30 digits"),
    Row("nested too deep", "principles = [7]", f"principles = {'[' * 9_000}", "file", "deep"),
]
# fmt: on

TOGETHER = {
    "a title too long",
    "unknown key of a criterion",
    "a threshold too great",
    "no number",
    "a principle twice",
    "text for a truth value",
    "an unknown level to reach",
    "a level on a similarity criterion",
    "a level twice",
    "bands that fall",
    "a credit too great",
    "na_meets alone",
    "must_reach where the role is none",
    "a translated dimension that is not there",
    "a translated criterion that is not there",
}
"""Mistakes that can all be made in one file."""


class TestReading:
    def test_gives_the_example_of_the_model(self) -> None:
        edition = edition_file.read(examples.EDITION)
        rules, decisions, _, outflow, licences_out, losses, exchange = edition.criteria

        assert (edition.slug, edition.threshold, edition.language) == ("commons-first", 60, "en")
        assert [dimension.slug for dimension in edition.dimensions] == ["commons", "democracy"]
        assert rules.levels == (
            terms.Level("no", 0, "They are not."),
            terms.Level("yes", 100, "They are public."),
        )
        assert (rules.facet, rules.principles, rules.importance) == (terms.Facet.FORM, (7,), 3)
        assert (rules.must_reach, rules.evidence) == ("yes", terms.Evidence.REQUIRED)
        assert decisions.role is Role.SIMILARITY
        assert [level.credit for level in decisions.levels] == [None, None]
        assert [level.slug for level in outflow.levels] == [
            *("from-0", "from-0.01", "from-3", "from-10"),
        ]
        assert outflow.levels[1].bound == Decimal("0.01")
        assert [level.slug for level in licences_out.levels] == list(licences.CLASSES)
        assert [level.credit for level in losses.levels] == [100, 0]
        assert (exchange.role, exchange.levels) == (Role.NONE, ())

    def test_gives_the_translations(self) -> None:
        spanish = edition_file.read(examples.EDITION).translations["es"]

        assert spanish.edition == {"title": "Primero el común"}
        assert spanish.dimensions == {"commons": {"title": "Cuidado del común"}}
        assert spanish.criteria == {
            "commons-rules": {"question": "¿Están escritas y publicadas las reglas?"}
        }
        assert spanish.levels == {
            "commons-rules": {"yes": "Son públicas."},
            "decisions": {"vote": "Voto de la mayoría"},
            "solidarity-outflow": {"from-0.01": "Algo", "from-10": "Un diezmo"},
        }

    def test_takes_an_empty_translation_for_one_that_is_still_to_come(self) -> None:
        text = changed('title = "Primero el común"', 'title = ""')

        assert edition_file.read(text).translations["es"].edition == {}

    def test_gives_the_defaults_of_the_model(self) -> None:
        edition = edition_file.read(
            """
            [edition]
            slug = "plain"
            title = "Plain"
            [dimensions.d]
            title = "D"
            [criteria.c]
            dimension = "d"
            question = "?"
            kind = "practice"
            """
        )

        levels = (terms.Level("no", 0), terms.Level("yes", 100))
        assert edition.criteria == (terms.Criterion("c", "d", "?", Kind.PRACTICE, levels),)
        assert (edition.threshold, edition.language) == (60, "en")

    def test_takes_whole_decimals_for_whole_numbers(self) -> None:
        edition = edition_file.read(changed("importance = 3", "importance = 3.0"))

        assert type(edition.criteria[0].importance) is int

    @pytest.mark.parametrize(
        ("written", "slug"),
        [
            ("0.010", "from-0.01"),
            ("1e-2", "from-0.01"),
            ("-3.0", "from--3"),
            ("0.0", "from-0"),
            ("-0.0", "from-0"),
            ("0.000000001", "from-0.000000001"),
        ],
    )
    def test_writes_the_slug_of_a_band_in_plain_digits(self, written: str, slug: str) -> None:
        text = changed("{from = 0, credit = 0}, {from = 0.01", f"{{from = {written}")
        text = text.replace("credit = 30", "credit = 0").replace('"from-0.01" = "Algo", ', "")

        assert edition_file.read(text).by_slug["solidarity-outflow"].levels[0].slug == slug

    def test_writes_great_bounds_without_exponent(self) -> None:
        text = changed("from = 10,", "from = 1e20,").replace("from-10", "from-1" + "0" * 20)

        assert edition_file.read(text).by_slug["solidarity-outflow"].levels[3].slug == (
            "from-100000000000000000000"
        )

    def test_reads_bytes_with_or_without_a_mark_of_their_order(self) -> None:
        data = examples.EDITION.encode()

        assert edition_file.read_bytes(data) == edition_file.read_bytes(b"\xef\xbb\xbf" + data)

    def test_refuses_bytes_that_are_not_utf8(self) -> None:
        with pytest.raises(Refused) as refused:
            edition_file.read_bytes(examples.EDITION.encode("latin-1", errors="replace"))

        assert refused.value.problems[0].place == "line 90"
        assert "UTF-8" in refused.value.problems[0].remedy

    def test_refuses_half_a_character(self) -> None:
        problems = problems_of(changed("Majority vote", "\ud800"))

        assert [problem.place for problem in problems] == [f"{DECISIONS}.levels[0].text"]

    @pytest.mark.parametrize("row", BROKEN, ids=lambda row: row.why)
    def test_tells_the_place_and_the_remedy(self, row: Row) -> None:
        problems = problems_of(changed(row.old, row.new))

        told = {problem.place: problem for problem in problems}
        assert row.place in told, list(told)
        assert row.word in told[row.place].remedy
        assert told[row.place].message.endswith(".")

    def test_does_not_blame_what_rests_on_a_mistake(self) -> None:
        problems = problems_of(changed('"practice"', '"practise"'))

        assert [problem.place for problem in problems] == [f"{RULES}.kind"]

    def test_tells_in_which_table_a_key_stands_twice(self) -> None:
        problems = problems_of(changed("core = true", "core = true\nwhy = 'x'"))

        assert "[criteria.commons-rules]" in problems[0].message
        assert "why" in problems[0].message

    def test_tells_all_mistakes_together(self) -> None:
        rows = [row for row in BROKEN if row.why in TOGETHER]
        text = examples.EDITION
        for row in rows:
            assert row.old in text, f"another mistake has taken the place of: {row.why}"
            text = text.replace(row.old, row.new, 1)

        assert len(rows) == len(TOGETHER)
        assert {problem.place for problem in problems_of(text)} == {row.place for row in rows}


# Texts without carriage returns and with them, quotation marks, emptiness and other scripts.
TEXTS = st.text(st.sampled_from("aé ñ\"'\\\n\r\t#=]}漢🌱\x1b"), max_size=12)
FILLED = TEXTS.map(lambda text: text + "x")
SLUGS = st.text(st.sampled_from("ab0-"), min_size=1, max_size=6)
BOUNDS = st.decimals(min_value=-1000, max_value=1000, places=4) | st.integers(
    min_value=-(10**20), max_value=10**20
).map(Decimal)


def credits_of(draw: st.DrawFn, count: int, role: Role) -> list[int | None]:
    """Credits as a role needs them: with 0 and 100 for a standard, else any or none."""
    if role is Role.STANDARD:
        between = st.lists(st.integers(0, 100), min_size=count - 2, max_size=count - 2)
        return draw(st.permutations([0, 100, *draw(between)]))
    return draw(
        st.lists(st.none() | st.integers(0, 100), min_size=count, max_size=count),
    )


def levels_of(
    draw: st.DrawFn, kind: Kind, role: Role, is_reversed: bool
) -> tuple[terms.Level, ...]:
    if kind is Kind.OFFERS:
        return ()
    if kind is Kind.PRACTICE:
        best = 0 if is_reversed else 100
        return (
            terms.Level("no", 100 - best, draw(TEXTS)),
            terms.Level("yes", best, draw(TEXTS)),
        )
    if kind is Kind.LICENCES:
        credits = [0, *draw(st.permutations([20, 50, 80, 100]))]
        return tuple(map(terms.Level, licences.CLASSES, credits))
    if kind is Kind.CHOICE:
        slugs = draw(st.lists(SLUGS, min_size=2, max_size=4, unique=True))
        credits_ = credits_of(draw, len(slugs), role)
        return tuple(
            terms.Level(slug, credit, draw(TEXTS))
            for slug, credit in zip(slugs, credits_, strict=True)
        )
    bounds = sorted(draw(st.lists(BOUNDS, min_size=2, max_size=4, unique=True)))
    return tuple(
        terms.Level(f"from-{plain(bound)}", credit, draw(TEXTS), bound)
        for bound, credit in zip(bounds, credits_of(draw, len(bounds), role), strict=True)
    )


def plain(number: Decimal) -> str:
    """A number in plain digits, told by another way than the reader's."""
    return f"{number.normalize():f}" if number else "0"


@st.composite
def criteria(draw: st.DrawFn, slug: str, dimension: str) -> terms.Criterion:
    kind = draw(st.sampled_from(Kind))
    role = draw(st.sampled_from(ROLES_OF_KIND[kind]))
    is_reversed = kind is Kind.PRACTICE and draw(st.booleans())
    levels = levels_of(draw, kind, role, is_reversed)
    must_reach = None
    if role is Role.STANDARD:
        must_reach = draw(st.sampled_from([None, *(level.slug for level in levels)]))
    elif role is Role.SIMILARITY:
        must_reach = draw(st.sampled_from([None, terms.SAME]))
    allow_na = draw(st.booleans())
    return terms.Criterion(
        slug,
        dimension,
        draw(FILLED),
        kind,
        levels,
        role,
        draw(st.sampled_from(terms.Agreement))
        if role is Role.SIMILARITY
        else terms.Agreement.ORDERED,
        draw(st.sampled_from(terms.Facet)),
        tuple(draw(st.lists(st.integers(1, 7), unique=True))),
        draw(st.integers(0, 10)),
        must_reach,
        headline=role is Role.STANDARD and must_reach is not None and draw(st.booleans()),
        reversed=is_reversed,
        core=draw(st.booleans()),
        evidence=draw(st.sampled_from(terms.Evidence)),
        allow_na=allow_na,
        na_meets=allow_na and draw(st.booleans()),
        meaning=draw(st.integers(1, 5)),
        unit=draw(TEXTS) if kind is Kind.SHARE else "",
        **{name: draw(TEXTS) for name in ("why", "example", "shows", "source", "reason")},
    )


def some_texts(draw: st.DrawFn, names: list[str]) -> dict[str, str]:
    chosen = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    return {name: draw(FILLED) for name in chosen}


def filled(texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {name: of_one for name, of_one in texts.items() if of_one}


def translation(
    draw: st.DrawFn,
    dimensions: tuple[terms.Dimension, ...],
    asked: tuple[terms.Criterion, ...],
) -> terms.Translation:
    return terms.Translation(
        edition=some_texts(draw, ["title", "description"]),
        dimensions=filled(
            {one.slug: some_texts(draw, ["title", "question"]) for one in dimensions}
        ),
        criteria=filled({one.slug: some_texts(draw, ["question", "why"]) for one in asked}),
        levels=filled(
            {
                one.slug: some_texts(draw, [level.slug for level in one.levels])
                for one in asked
                if one.kind is not Kind.LICENCES
            }
        ),
    )


@st.composite
def editions(draw: st.DrawFn) -> terms.Edition:
    dimensions = tuple(
        terms.Dimension(slug, draw(FILLED), draw(TEXTS))
        for slug in draw(st.lists(SLUGS, min_size=1, max_size=3, unique=True))
    )
    asked = tuple(
        draw(criteria(slug, draw(st.sampled_from(dimensions)).slug))
        for slug in draw(st.lists(SLUGS, max_size=4, unique=True))
    )
    return terms.Edition(
        draw(SLUGS),
        draw(FILLED),
        dimensions,
        asked,
        threshold=draw(st.integers(0, 100)),
        description=draw(TEXTS),
        translations={
            tag: translation(draw, dimensions, asked)
            for tag in draw(st.lists(st.sampled_from(["es", "pt-BR"]), unique=True))
        },
    )


class TestWriting:
    @given(edition=editions())
    @settings(max_examples=150, deadline=None)
    def test_gives_a_text_from_which_the_same_edition_is_read(self, edition: terms.Edition) -> None:
        assert edition_file.read(edition_file.write(edition)) == edition

    def test_leaves_out_what_is_a_default(self) -> None:
        written = tomllib.loads(edition_file.write(edition_file.read(examples.EDITION)))

        assert written["criteria"]["exchange"] == {
            "dimension": "commons",
            "question": "What do you offer, and what do you need?",
            "kind": "offers",
        }
        assert "credits" not in written["criteria"]["licences-out"]
        assert "language" not in written["edition"]

    def test_writes_paragraphs_as_lines(self) -> None:
        text = changed("What we ask of each other.", r"One.\n\nTwo.")

        assert '"""\nOne.\n\nTwo."""' in edition_file.write(edition_file.read(text))


def assert_read_or_refused(text: str) -> None:
    try:
        edition_file.read(text)
    except Refused as refused:
        for problem in refused.problems:
            assert problem.place
            assert problem.message
            assert problem.remedy
            str(problem).encode()


class TestAnyFile:
    @given(document=mutations.of_document(tomllib.loads(examples.EDITION), mutations.LEAVES))
    @settings(max_examples=150, deadline=None)
    def test_of_other_values_is_read_or_refused(self, document: dict[str, object]) -> None:
        assert_read_or_refused(tomli_w.dumps(document))

    @given(text=mutations.of_text(examples.EDITION))
    @settings(max_examples=150, deadline=None)
    def test_of_other_signs_is_read_or_refused(self, text: str) -> None:
        assert_read_or_refused(text)
