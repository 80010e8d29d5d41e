"""Lists, narrowed down: those who are wanted, in their order, with the counts of every facet."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessments import browsing, evaluation, matching
from assessments.browsing import FACETS, Entry, Found, Wanted
from assessments.models import Edition
from assessments.models.sheet import listed
from orgs.models import Organisation
from orgs.models.organisation import plain
from tests.assessments.commands import run, written
from tests.reference import worlds

pytestmark = pytest.mark.django_db

WORDS = ("Érable", "erable", "Ábaco", "bakery", "Web", "north", "of", "o")
SECTORS = ("web", "Web", "food", "print")
COUNTRIES = ("", "DE", "ES", "GB")


@dataclass(frozen=True)
class Plain:
    """One organisation, with the values of each facet that hold for it."""

    pk: int
    text: str
    values: dict[str, tuple[str, ...]]
    shown: Entry


def narrowed(
    everybody: Iterable[Plain], wanted: Wanted
) -> tuple[list[Entry], dict[str, Counter[str]]]:
    """What a list is by its definition, organisation by organisation."""
    found = [one for one in everybody if all(w in one.text for w in plain(wanted.text).split())]

    def has(one: Plain, *, but: str = "") -> bool:
        return all(
            value in one.values.get(name, ())
            for name, value in wanted.facets.items()
            if name != but
        )

    counts = {
        name: Counter(
            value for one in found if has(one, but=name) for value in one.values.get(name, ())
        )
        for name in FACETS
    }
    return [one.shown for one in found if has(one)], counts


def assert_is(found: Found, everybody: Sequence[Plain], chance: random.Random) -> None:
    entries, counts = narrowed(everybody, found.wanted)
    assert list(found.entries) == entries
    assert found.counts == counts
    assert len(found.entries) == len(entries)
    start = chance.randint(0, 5)
    assert list(found.entries[start : start + 3]) == entries[start : start + 3]


def any_wanted(chance: random.Random) -> Wanted:
    def maybe(*values: str) -> str:
        return chance.choice(values) if chance.random() < 0.35 else ""

    return Wanted(
        text=" ".join(chance.sample(WORDS, chance.choice((0, 0, 1, 2)))),
        verdict=maybe("compatible", "unknown", "not-compatible", "none such"),
        headline=maybe("yes", "not-yet-known", "no", "none such"),
        country=maybe("DE", "ES", "GB", "XX"),
        sector=maybe(*SECTORS, "none such"),
    )


def load(folder: Path, seed: int) -> Edition:
    """A random world whose organisations describe themselves in few words, many in the same."""
    chance = random.Random(seed)
    edition, document = worlds.world(400 + seed, organisations=28, criteria=5)
    run("load_edition", written(folder, "e.toml", worlds.edition_toml(edition)), "--publish")
    run("load_assessments", written(folder, "o.json", worlds.document_json(document)))
    for one in Organisation.objects.all():
        one.name = " ".join(chance.choices(WORDS, k=2))
        one.country = chance.choice(COUNTRIES)
        one.sectors = chance.choices(SECTORS, k=chance.randint(0, 3))
        one.save()
    current = Edition.objects.current()
    assert current is not None
    return current


@pytest.mark.parametrize("seed", range(3))
def test_a_list_is_what_its_definition_says(tmp_path: Path, seed: int) -> None:
    edition = load(tmp_path, seed)
    chance = random.Random(seed)
    by_name = sorted(
        listed().select_related("sheet__assessment__edition"),
        key=lambda one: (one.search_text, one.slug),
    )
    terms = edition.as_terms()
    headlines = [
        one.profile(terms).headline.answer.value
        for one in evaluation.read([one.sheet.assessment for one in by_name])
    ]
    ids = {one.slug: one.pk for one in by_name}
    own: Organisation | None
    for own in (*chance.sample(by_name, 2), None):
        pairs = {}
        lines = [] if own is None else list(matching.pair_lines(edition, own))[1:]
        for line in lines:
            first, second, verdict, low, high, *_ = line.split(",")
            pairs[second if own and first == own.slug else first] = (verdict, low, high)
        for _ in range(25):
            wanted = any_wanted(chance)
            found = browsing.browse(edition, wanted, own)
            assert found.has_own == (own is not None)
            assert found.wanted.verdict == (wanted.verdict if own else "")
            scores = {one.organisation_id: (one.low, one.high) for one in found.entries}
            for slug, (_, *exported) in pairs.items():
                if (pk := ids[slug]) in scores:
                    assert [f"{part:.6f}" for part in scores[pk]] == exported
            everybody = [
                Plain(
                    one.pk,
                    one.search_text,
                    {
                        "headline": (headline,),
                        "country": (one.country,) if one.country else (),
                        "sector": tuple(set(one.sectors)),
                        "verdict": (pairs[one.slug][0],) if one.slug in pairs else (),
                    },
                    Entry(
                        one.pk,
                        headline,
                        pairs[one.slug][0] if one.slug in pairs else "",
                        *scores.get(one.pk, (0.0, 1.0)),
                        0,
                        one == own,
                    ),
                )
                for one, headline in zip(by_name, headlines, strict=True)
            ]
            assert_is(found, everybody, chance)


@pytest.mark.parametrize("seed", range(2))
def test_a_match_list_keeps_its_order_and_ranks_when_narrowed_down(
    tmp_path: Path, seed: int
) -> None:
    edition = load(tmp_path, seed)
    chance = random.Random(seed)
    there = Organisation.objects.in_bulk()
    published = evaluation.read([one.sheet.assessment for one in listed()])
    headlines = {
        one.assessment.organisation_id: one.profile(edition.as_terms()).headline.answer.value
        for one in published
    }
    lengths = []
    for own in chance.sample(list(there.values()), 6):
        whole = matching.matches(own, edition)
        lengths.append(len(whole))
        assert [match.rank for match in whole] == list(range(1, len(whole) + 1))
        assert list(whole[2:9:3]) == list(whole)[2:9:3]
        everybody = [
            Plain(
                match.organisation_id,
                there[match.organisation_id].search_text,
                {
                    "country": tuple(filter(None, [there[match.organisation_id].country])),
                    "sector": tuple(set(there[match.organisation_id].sectors)),
                    "verdict": (match.verdict.value,),
                },
                Entry(
                    match.organisation_id,
                    headlines[match.organisation_id],
                    match.verdict.value,
                    low=match.low,
                    high=match.high,
                    rank=match.rank,
                ),
            )
            for match in whole
        ]
        for _ in range(25):
            found = browsing.browse_matches(whole, any_wanted(chance))
            assert_is(found, everybody, chance)
    assert max(lengths) > 5


def test_an_entry_beyond_the_last_is_an_error(tmp_path: Path) -> None:
    edition = load(tmp_path, 0)
    own = Organisation.objects.order_by("slug")[0]
    whole = matching.matches(own, edition)
    assert list(whole[len(whole) :]) == []
    with pytest.raises(IndexError):
        whole[len(whole)]
    if len(whole):
        assert whole[-1].rank == len(whole)
