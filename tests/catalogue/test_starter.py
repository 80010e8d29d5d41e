"""The starter edition and its fictional organisations show every case that the model knows."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assessments.catalogue import edition_file, organisations_file
from assessments.scoring import terms
from tests.reference import model

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "assessments" / "catalogue"
EDITION_TEXT = (CATALOGUE / "starter.toml").read_text(encoding="utf-8")
ORGANISATIONS_TEXT = (CATALOGUE / "demo.json").read_text(encoding="utf-8")
LICENCE_CLASSES = tomllib.loads(
    (ROOT / "assessments" / "scoring" / "licence-classes.toml").read_text(encoding="utf-8")
)

EDITION = tomllib.loads(EDITION_TEXT, parse_float=Decimal)
CRITERIA: dict[str, dict[str, Any]] = EDITION["criteria"]
SPANISH = EDITION["translations"]["es"]
DOCUMENT = json.loads(ORGANISATIONS_TEXT, parse_float=Decimal)
ORGANISATIONS: dict[str, dict[str, Any]] = {one["slug"]: one for one in DOCUMENT["organisations"]}
SIDES = model.sides(EDITION, DOCUMENT, LICENCE_CLASSES)
PROFILES = {
    slug: model.profile(EDITION, one, LICENCE_CLASSES) for slug, one in ORGANISATIONS.items()
}
VERDICTS = {
    (first, second): model.verdict(EDITION, SIDES[first], SIDES[second])
    for first in ORGANISATIONS
    for second in ORGANISATIONS
    if first != second
}

DIMENSIONS = [
    "commons",
    "licensing",
    "surplus",
    "democracy",
    "labour",
    "inter-cooperation",
    "commitments",
]
EXPLANATIONS = ("why", "example", "counter_example", "shows")
VALUE_WORDS = re.compile(
    r"\b(believes?|values?|valued|committed|strives?|aims?|important to us"
    r"|creen|valoran|valores|comprometid\w+|se esfuerzan|aspiran|importante para)\b",
    re.IGNORECASE,
)


def standard() -> dict[str, dict[str, Any]]:
    """The criteria that are judged on credit."""
    return {
        slug: one for slug, one in CRITERIA.items() if one.get("role", "standard") == "standard"
    }


def answers(key: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Every answer that says this key: organisation, criterion, answer."""
    return [
        (slug, criterion, answer)
        for slug, one in ORGANISATIONS.items()
        for criterion, answer in one["answers"].items()
        if answer.get(key)
    ]


def own_requirements() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What every organisation says itself that it asks: organisation, criterion, entry."""
    for slug, one in ORGANISATIONS.items():
        for criterion, entry in one.get("requirements", {}).get("criteria", {}).items():
            yield slug, criterion, entry


def texts_of_levels(criterion: dict[str, Any]) -> dict[str, str]:
    """The texts of levels and bands of a criterion, by the slug of the level."""
    if criterion["kind"] == "choice":
        return {level["slug"]: level["text"] for level in criterion["levels"]}
    if criterion["kind"] == "share":
        return {f"from-{band['from']}": band["text"] for band in criterion["bands"]}
    if criterion["kind"] == "practice":
        return dict(criterion["texts"])
    return {}


def texts_and_translations() -> Iterator[tuple[str, str, str]]:
    """Every text with a place: its own words and the Spanish ones, empty where there are none."""
    for key in ("title", "description"):
        yield f"edition.{key}", EDITION["edition"][key], SPANISH["edition"].get(key, "")
    for slug, dimension in EDITION["dimensions"].items():
        for key in ("title", "question"):
            translated = SPANISH["dimensions"].get(slug, {}).get(key, "")
            yield f"{slug}.{key}", dimension.get(key, ""), translated
    for slug, criterion in CRITERIA.items():
        translated = SPANISH["criteria"].get(slug, {})
        reason = ("reason",) if "must_reach" in criterion else ()
        for key in ("question", *EXPLANATIONS, *reason):
            yield f"{slug}.{key}", criterion.get(key, ""), translated.get(key, "")
        own_key = {"choice": "levels", "share": "bands", "practice": "texts"}
        translated_levels = translated.get(own_key.get(criterion["kind"], ""), {})
        for level, text in texts_of_levels(criterion).items():
            yield f"{slug}.{level}", text, translated_levels.get(level, "")


TEXTS = list(texts_and_translations())


class TestTheLoaders:
    def test_read_the_edition_without_a_problem(self) -> None:
        edition = edition_file.read(EDITION_TEXT)

        assert (edition.slug, edition.title) == ("starter-2026", "Starter")
        assert (edition.licence, edition.threshold) == ("CC-BY-SA-4.0", 60)
        assert [one.slug for one in edition.criteria] == list(CRITERIA)
        assert isinstance(edition, terms.Edition)

    def test_read_the_organisations_without_a_problem(self) -> None:
        edition = edition_file.read(EDITION_TEXT)

        document = organisations_file.read(ORGANISATIONS_TEXT, edition)

        assert document.edition_slug == edition.slug
        assert [one.slug for one in document.organisations] == list(ORGANISATIONS)
        for one in document.organisations:
            assert list(one.answers) == list(ORGANISATIONS[one.slug]["answers"])


class TestTheCriteria:
    def test_are_twelve_in_seven_dimensions(self) -> None:
        assert len(CRITERIA) == 12
        assert list(EDITION["dimensions"]) == DIMENSIONS
        assert {one["dimension"] for one in CRITERIA.values()} == set(DIMENSIONS)

    def test_are_of_every_kind_role_and_facet(self) -> None:
        kinds = Counter(one["kind"] for one in CRITERIA.values())
        assert set(kinds) == {"practice", "choice", "share", "licences", "offers"}
        assert kinds["practice"] >= 3
        assert sum(one.get("reversed", False) for one in CRITERIA.values()) == 1
        assert {one["role"] for one in CRITERIA.values()} == {"standard", "similarity", "none"}
        assert {one.get("facet") for one in standard().values()} == {"form", "function"}

    def test_measure_form_against_function_on_two_principles_at_least(self) -> None:
        facets = Counter(
            (one["facet"], principle)
            for one in standard().values()
            for principle in one["principles"]
        )
        both = [p for p in range(1, 8) if facets["form", p] >= 1 and facets["function", p] >= 2]
        assert len(both) >= 2

    def test_have_headlines_and_deal_breakers_with_a_reason(self) -> None:
        headlines = [slug for slug, one in CRITERIA.items() if one.get("headline")]
        deal_breakers = [slug for slug, one in CRITERIA.items() if "must_reach" in one]
        assert 3 <= len(headlines) <= 4
        assert 4 <= len(deal_breakers) <= 5
        assert set(headlines) <= set(deal_breakers)
        assert any(one.get("na_meets") for one in CRITERIA.values())
        for slug, one in CRITERIA.items():
            assert ("reason" in one) == ("must_reach" in one), slug

    def test_ask_for_evidence_and_take_not_applicable_more_than_once(self) -> None:
        assert sum(one.get("evidence") == "required" for one in CRITERIA.values()) >= 2
        assert sum(one.get("allow_na", False) for one in CRITERIA.values()) >= 2

    def test_have_levels_from_no_credit_to_full_credit_in_order(self) -> None:
        for slug, one in standard().items():
            levels = one.get("levels") or one.get("bands") or []
            credits = [level["credit"] for level in levels] or sorted(
                one.get("credits", {"no": 0, "yes": 100}).values()
            )
            assert credits == sorted(credits), slug
            assert (credits[0], credits[-1]) == (0, 100), slug


class TestTheTexts:
    @pytest.mark.parametrize(("place", "text", "translation"), TEXTS, ids=[t[0] for t in TEXTS])
    def test_are_there_and_translated(self, place: str, text: str, translation: str) -> None:
        assert text.strip() == text != ""
        assert translation.strip() == translation != ""
        if not place.endswith(".title"):
            assert text != translation

    @pytest.mark.parametrize("slug", CRITERIA)
    def test_name_a_source(self, slug: str) -> None:
        assert CRITERIA[slug]["source"]

    @pytest.mark.parametrize("slug", CRITERIA)
    def test_of_questions_have_at_most_25_words_and_a_time(self, slug: str) -> None:
        question = CRITERIA[slug]["question"]
        assert len(question.split()) <= 25
        assert len(SPANISH["criteria"][slug]["question"].split()) <= 25
        assert question.endswith("?")
        assert re.search(r"\b(months|years?|year's|today)\b", question)

    @pytest.mark.parametrize(("place", "text", "translation"), TEXTS, ids=[t[0] for t in TEXTS])
    def test_ask_for_no_value(self, place: str, text: str, translation: str) -> None:
        assert not VALUE_WORDS.search(text), place
        assert not VALUE_WORDS.search(translation), place

    @pytest.mark.parametrize("slug", CRITERIA)
    def test_explain_in_two_sentences_with_a_figure_and_a_but(self, slug: str) -> None:
        for texts in (CRITERIA[slug], SPANISH["criteria"][slug]):
            assert len(re.findall(r"[.!?](?:\s|$)", texts["why"])) == 2
            assert re.search(r"\d", texts["example"])
            assert re.match(r"[“«](Yes|No|Sí|No), .*\b(but|pero)\b", texts["counter_example"])
            assert texts["counter_example"][-1] in "”»"

    def test_of_levels_are_full_sentences_each_its_own(self) -> None:
        for slug, one in CRITERIA.items():
            texts = list(texts_of_levels(one).values())
            assert len(set(texts)) == len(texts), slug
            for text in texts:
                assert not text[0].islower(), text
                assert text.endswith("."), text


class TestTheOrganisations:
    def test_are_many_and_say_that_they_are_fictional(self) -> None:
        assert DOCUMENT["edition"] == EDITION["edition"]["slug"]
        assert len(ORGANISATIONS) == len(DOCUMENT["organisations"]) >= 24
        assert {"alder", "birch", "cedar", "dogwood"} <= set(ORGANISATIONS)
        for one in ORGANISATIONS.values():
            assert one["summary"].startswith("A fictional example: ")

    def test_link_to_nothing_real(self) -> None:
        reserved = re.compile(r"https://[a-z0-9-]+\.example(/[a-z0-9-]+)?")
        for slug, one in ORGANISATIONS.items():
            links = [one["website"]] if "website" in one else []
            for answer in one["answers"].values():
                links += answer.get("evidence", [])
            for link in links:
                assert reserved.fullmatch(link), f"{slug}: {link}"

    def test_are_described_whole_and_of_many_sorts(self) -> None:
        for slug, one in ORGANISATIONS.items():
            assert re.fullmatch(r"[A-Z]{2}", one["country"]), slug
            assert one["place"], slug
            assert -90 <= one["latitude"] <= 90, slug
            assert -180 <= one["longitude"] <= 180, slug
            assert one["sectors"], slug
            assert one["languages"], slug
        assert len({one["country"] for one in ORGANISATIONS.values()}) >= 20
        assert len({name for one in ORGANISATIONS.values() for name in one["sectors"]}) >= 12
        assert len({one["legal_form"] for one in ORGANISATIONS.values()}) >= 10
        assert len({name for one in ORGANISATIONS.values() for name in one["languages"]}) >= 15
        sizes = {one["size_class"] for one in ORGANISATIONS.values()}
        assert sizes == {"1", "2-9", "10-49", "50-249", "250+"}

    def test_show_every_verdict_in_good_number(self) -> None:
        counts = Counter(VERDICTS.values())
        pairs = len(VERDICTS)
        for verdict in (model.COMPATIBLE, model.NOT_COMPATIBLE, model.NOT_YET_KNOWN):
            assert counts[verdict] >= pairs * 0.15, verdict
        assert 4 <= counts[model.COMPATIBLE] / len(ORGANISATIONS) <= 8

    def test_show_every_headline_answer(self) -> None:
        counts = Counter(profile.headline.answer for profile in PROFILES.values())
        assert min(counts[answer] for answer in ("yes", "no", "unknown")) >= 4

    def test_show_every_quadrant_and_none(self) -> None:
        counts = Counter(profile.quadrant for profile in PROFILES.values())
        assert set(counts) == {
            "co-operative in form and function",
            "nominal",
            "co-operative without the label",
            "neither",
            None,
        }
        assert min(counts.values()) >= 2

    def test_play_the_parts_of_the_cast(self) -> None:
        assert len(ORGANISATIONS["alder"]["answers"]) == len(CRITERIA)
        assert VERDICTS["alder", "birch"] == model.COMPATIBLE
        assert VERDICTS["alder", "cedar"] == model.NOT_COMPATIBLE
        refused = model.deal_breakers(EDITION, SIDES["alder"], SIDES["cedar"])
        assert "failed" in refused.values()
        assert len(ORGANISATIONS["dogwood"]["answers"]) == len(CRITERIA) // 2
        assert VERDICTS["alder", "dogwood"] == model.NOT_YET_KNOWN


class TestTheAnswers:
    @pytest.mark.parametrize(
        "key", ["level", "value", "licences", "na", "unknown", "offers", "needs"]
    )
    def test_are_of_every_sort(self, key: str) -> None:
        assert len(answers(key)) >= 2

    @pytest.mark.parametrize("key", ["withheld", "reservation", "evidence", "note"])
    def test_come_with_everything_that_can_stand_beside_them(self, key: str) -> None:
        assert len(answers(key)) >= 2

    def test_leave_some_questions_and_one_sheet_open(self) -> None:
        sizes = [len(one["answers"]) for one in ORGANISATIONS.values()]
        assert min(sizes) == 0
        assert sum(0 < size < len(CRITERIA) for size in sizes) >= 2

    def test_take_a_but_on_plain_and_on_reversed_questions(self) -> None:
        on_reversed = [
            CRITERIA[slug].get("reversed", False) for _, slug, _ in answers("reservation")
        ]
        assert {True, False} == set(on_reversed)
        for organisation, slug, answer in answers("reservation"):
            good = "no" if CRITERIA[slug].get("reversed") else "yes"
            assert answer["level"] == good
            position = SIDES[organisation].sheet[slug][1]
            assert position == (1 if good == "no" else 0)

    def test_claim_without_showing(self) -> None:
        claimed = [
            (organisation, slug)
            for organisation, slug, answer in answers("level")
            if CRITERIA[slug].get("evidence") == "required"
            and SIDES[organisation].sheet[slug] == ("unknown", None)
        ]
        assert len(claimed) >= 2

    def test_give_several_licences_and_every_operator(self) -> None:
        given = [answer["licences"] for _, _, answer in answers("licences")]
        assert any(len(expressions) > 1 for expressions in given)
        written = " ".join(one for expressions in given for one in expressions)
        for operator in (" OR ", " AND ", " WITH "):
            assert operator in written
        classes = {side.sheet["licences-out"][1] for side in SIDES.values()}
        assert classes >= {0, 1, 2, 3, 4}

    def test_use_every_level_of_every_criterion(self) -> None:
        for slug, criterion in CRITERIA.items():
            used = {side.sheet[slug][1] for side in SIDES.values()} - {None}
            assert len(used) == (len(texts_of_levels(criterion)) or len(used)), slug

    def test_offer_what_others_need(self) -> None:
        joined = {
            (giver, taker)
            for giver, _, gives in answers("offers")
            for taker, _, takes in answers("needs")
            if giver != taker and set(gives["offers"]) & set(takes.get("needs", []))
        }
        assert len(joined) >= len(ORGANISATIONS)
        assert len({giver for giver, _ in joined}) >= len(ORGANISATIONS) // 2
        assert any(VERDICTS[pair] == model.COMPATIBLE for pair in joined)


class TestTheRequirements:
    def test_are_left_to_the_standard_policy_by_some(self) -> None:
        assert sum("requirements" not in one for one in ORGANISATIONS.values()) >= 4

    def test_set_thresholds_importances_and_deal_breakers_of_their_own(self) -> None:
        thresholds = {
            one.get("requirements", {}).get("threshold") for one in ORGANISATIONS.values()
        }
        entries = [entry for _, _, entry in own_requirements()]
        assert len(thresholds) >= 5
        assert {entry.get("importance") for entry in entries} >= {0, 4, 5}
        assert sum(entry.get("must_reach") is not None for entry in entries) >= 5
        assert any(entry.get("must_reach", "left out") is None for entry in entries)

    def test_ask_for_the_same_way_of_deciding_at_least_once(self) -> None:
        same = [slug for slug, _, entry in own_requirements() if entry.get("must_reach") == "same"]
        assert same
        outcomes = {
            state
            for slug in same
            for other in SIDES
            if other != slug
            for name, state in model.deal_breakers(EDITION, SIDES[slug], SIDES[other]).items()
            if name == "decisions"
        }
        assert outcomes == {"met", "failed", "open"}

    def test_ask_for_more_than_they_give(self) -> None:
        own = {
            slug: set(model.asks_more_than_it_gives(EDITION, side.policy, side.sheet))
            & {
                name
                for who, name, entry in own_requirements()
                if who == slug
                if entry.get("must_reach")
            }
            for slug, side in SIDES.items()
        }
        assert sum(bool(names) for names in own.values()) >= 2

    def test_are_evaded_by_one_to_whom_nothing_applies(self) -> None:
        evading = Counter(
            second
            for first, second in VERDICTS
            if model.evaded(EDITION, SIDES[first], SIDES[second])
        )
        assert evading["cuckoo"] == len(ORGANISATIONS) - 1
        assert all(
            VERDICTS[slug, "cuckoo"] != model.COMPATIBLE for slug in SIDES if slug != "cuckoo"
        )
        low, _ = model.satisfaction(EDITION, SIDES["birch"], SIDES["cuckoo"])
        assert low >= Decimal("0.6"), "without the rule on evasion it would have been compatible"

    def test_are_failed_by_score_alone_as_well_as_by_deal_breakers(self) -> None:
        by_score, by_deal_breaker, open_by_score = 0, 0, 0
        for (first, second), verdict in VERDICTS.items():
            pair = ((first, second), (second, first))
            states = {
                state
                for a, b in pair
                for state in model.deal_breakers(EDITION, SIDES[a], SIDES[b]).values()
            }
            evaded = any(model.evaded(EDITION, SIDES[a], SIDES[b]) for a, b in pair)
            by_deal_breaker += "failed" in states
            by_score += verdict == model.NOT_COMPATIBLE and "failed" not in states
            open_by_score += verdict == model.NOT_YET_KNOWN and states == {"met"} and not evaded
        assert min(by_score, by_deal_breaker, open_by_score) >= 2
