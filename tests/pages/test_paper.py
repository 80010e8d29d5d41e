"""The blank questionnaire, as it is printed: whole, in each language, for anybody."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.catalogue import edition_file
from assessments.models import criteria
from assessments.scoring import terms
from assessments.scoring.terms import Evidence, Kind
from assessments.views import paper_words
from assessments.wording import Wording
from tests.pages import demo as the_demo
from tests.pages.reading import Element, read
from tests.pages.routes import address

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
PAPER = address("paper")


def _edition() -> terms.Edition:
    return edition_file.read_bytes((the_demo.CATALOGUE / "default.toml").read_bytes())


@pytest.fixture
def edition() -> terms.Edition:
    """The default edition, published."""
    edition = _edition()
    the_demo.publish_edition(edition)
    return edition


def _sheet(client: Client, language: str = "en") -> Element:
    return read(client.get(PAPER, {"lang": language}).content).one("main")


def _asked(sheet: Element) -> dict[str, Element]:
    """Every question of the sheet by its slug."""
    return {
        one.attributes["aria-labelledby"].removeprefix("q-"): one
        for one in sheet.all("article", "asked")
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_criterion_is_asked_once_with_all_its_answers_in_the_language(
    client: Client, edition: terms.Edition, language: str
) -> None:
    sheet, words = _sheet(client, language), Wording.of(edition, language)
    asked = _asked(sheet)
    assert len(sheet.all("article", "asked")) == len(edition.criteria)
    for number, criterion in enumerate(edition.criteria, 1):
        question = asked[criterion.slug]
        assert question.one("p", "asked-number").text == str(number)
        assert question.one("h4").text == words.of_criterion(criterion)
        for name in ("why", "example", "counter_example", "shows", "reason"):
            assert words.of_criterion(criterion, name) in question.text
        if criterion.kind is not Kind.LICENCES:
            for position in range(len(criterion.levels)):
                said = " ".join(words.level(criterion, position).split())
                assert said in question.text, criterion.slug


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Organisation", "Filled in by", "How to fill this in", "We don’t know.")),
        ("es", ("Organización", "Rellenado por", "Cómo rellenarlo", "No lo sabemos.")),
    ],
)
@pytest.mark.usefixtures("edition")
def test_the_sheet_itself_speaks_the_language(
    client: Client, language: str, words: tuple[str, ...]
) -> None:
    sheet = _sheet(client, language)
    for word in words:
        assert word in sheet.text
    tags = {
        one.attributes["lang"]
        for one in sheet.walk()
        if "lang" in one.attributes and one.tag != "a"
    }
    assert tags == {language}
    (current,) = [one for one in sheet.all("a") if one.attributes.get("aria-current") == "true"]
    assert current.attributes["hreflang"] == language


def test_no_word_of_the_sheet_is_left_untranslated() -> None:
    english = dataclasses.asdict(paper_words.in_language("en"))
    spanish = dataclasses.asdict(paper_words.in_language("es-MX"))
    assert spanish["language"] == "es"
    assert {name for name in english if english[name] == spanish[name]} == set()
    assert paper_words.in_language("fr").language == "en"


def test_the_core_comes_first_and_then_the_rest_by_dimension(
    client: Client, edition: terms.Edition
) -> None:
    sheet = _sheet(client)
    core = [one.slug for one in edition.criteria if one.core]
    rest = [one.slug for one in edition.criteria if not one.core]
    assert list(_asked(sheet)) == core + rest
    assert [one.text for one in sheet.all("h2")][1:] == ["First these 12", "Then the other 49"]
    titles = [one.title for one in edition.dimensions]
    assert [one.text for one in sheet.all("h3")] == titles * 2


def test_the_core_can_be_had_alone_and_leads_back(client: Client, edition: terms.Edition) -> None:
    core = [one.slug for one in edition.criteria if one.core]
    for language in ("en", "es"):
        (short,) = _ways(client, f"{PAPER}?lang={language}")
        assert list(_asked(read(client.get(short).content))) == core
        assert _sheet(client, language).one("div", "paper").attributes["lang"] == language
        (whole,) = _ways(client, short)
        assert len(_asked(read(client.get(whole).content))) == len(edition.criteria)


def _ways(client: Client, url: str) -> list[str]:
    """The links from one sheet to the other."""
    head = read(client.get(url).content).one("p", "on-screen")
    found = [one.attributes["href"] for one in head.all("a")]
    return [one for one in found if one.startswith(PAPER)]


def test_an_edition_without_a_core_is_one_list(client: Client, edition: terms.Edition) -> None:
    criteria = tuple(dataclasses.replace(one, core=False) for one in edition.criteria)
    the_demo.publish_edition(dataclasses.replace(edition, slug="flat", criteria=criteria))
    sheet = _sheet(client)
    assert list(_asked(sheet)) == [one.slug for one in edition.criteria]
    assert [one.text for one in sheet.all("h2")][1:] == ["All 61 questions"]


def test_each_question_has_the_marks_and_the_ways_out_that_it_allows(
    client: Client, edition: terms.Edition
) -> None:
    asked = _asked(_sheet(client))
    for criterion in edition.criteria:
        question = asked[criterion.slug]
        marks = " ".join(one.text for one in question.all("span", "paper-mark"))
        assert ("Deal-breaker" in marks) == (criterion.must_reach is not None)
        assert ("Evidence needed" in marks) == (criterion.evidence is Evidence.REQUIRED)
        assert "We don’t know." in question.text
        assert ("Does not apply, because" in question.text) == criterion.allow_na
        but = "No, but… (counts as Yes)" if criterion.reversed else "Yes, but… (counts as No)"
        assert (but in question.text) == (criterion.kind is Kind.PRACTICE)
        here = len(question.all("span", "asked-here"))
        assert here == (criterion.must_reach in criterion.positions)


def test_answers_without_words_of_their_own_say_which_language_they_are_in(
    client: Client, edition: terms.Edition
) -> None:
    def bare(criterion: terms.Criterion) -> terms.Criterion:
        if criterion.kind not in {Kind.PRACTICE, Kind.SHARE}:
            return criterion
        levels = tuple(dataclasses.replace(level, text="") for level in criterion.levels)
        return dataclasses.replace(criterion, levels=levels)

    translations = {
        tag: dataclasses.replace(one, levels={}) for tag, one in edition.translations.items()
    }
    the_demo.publish_edition(
        dataclasses.replace(
            edition,
            slug="bare",
            criteria=tuple(bare(one) for one in edition.criteria),
            translations=translations,
        )
    )
    asked = _asked(_sheet(client, "es"))
    practice = next(one for one in edition.criteria if one.kind is Kind.PRACTICE)
    share = next(one for one in edition.criteria if one.kind is Kind.SHARE)
    first = asked[practice.slug].all("ul", "boxes")[0].all("span")[0]
    assert (first.text, first.attributes["lang"]) in {("Sí.", "es"), ("No.", "es")}
    assert asked[share.slug].one("ul", "bare").all("span")[0].attributes["lang"] == "en"


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("tag", ["xx", "", "ES", "../es", "\x00", "en"])
def test_a_language_that_is_not_there_is_the_editions_own(client: Client, tag: str) -> None:
    assert client.get(PAPER, {"lang": tag}).content == client.get(PAPER).content


def test_before_the_first_edition_it_says_so(client: Client) -> None:
    response = client.get(PAPER)
    assert response.status_code == 200
    assert "No questions yet." in read(response.content).text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_it_is_only_read(client: Client, method: str) -> None:
    assert client.generic(method, PAPER).status_code == 405


@pytest.mark.usefixtures("edition")
def test_it_asks_little_of_the_database(client: Client) -> None:
    criteria._remembered.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        client.get(PAPER)
    assert len(queries) <= MOST_QUERIES


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_criteria_lead_to_it_in_their_language(client: Client, language: str) -> None:
    page = read(client.get(address("criteria"), {"lang": language}).content).one("main")
    assert f"{PAPER}?lang={language}" in [one.attributes["href"] for one in page.all("a")]
