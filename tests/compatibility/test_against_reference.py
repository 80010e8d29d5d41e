"""The engine against the naive reference: every number of every pair, on random worlds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

from assessments.catalogue import edition_file, organisations_file
from assessments.compatibility import all_pairs, explanation, listing, pairs
from assessments.compatibility.encoding import Frame, Rows, encode
from assessments.compatibility.explanation import Outcome
from assessments.compatibility.tiles import Tiling
from assessments.scoring import answers, licences, policy, profiles, terms
from tests.reference import model, worlds

SEEDS = range(40)
LARGEST = 2**22
"""No score has a greater denominator."""
VERDICTS = {
    model.COMPATIBLE: pairs.Verdict.COMPATIBLE,
    model.NOT_COMPATIBLE: pairs.Verdict.NOT_COMPATIBLE,
    model.NOT_YET_KNOWN: pairs.Verdict.UNKNOWN,
}


def licence_classes() -> dict[str, list[str]]:
    """The licence classes as the reference takes them, in the order of their patterns."""
    found: dict[str, list[str]] = {}
    for pattern, place in licences.patterns():
        found.setdefault(licences.CLASSES[place], []).append(pattern)
    return found


@dataclass(frozen=True)
class World:
    """One random world as both implementations see it."""

    edition: dict[str, Any]
    document: dict[str, Any]
    sides: dict[str, model.Side]
    current: terms.Edition
    frame: Frame
    slugs: list[str]
    sheets: dict[str, terms.Sheet]
    policies: dict[str, policy.Policy]
    rows: Rows


@cache
def world(seed: int) -> World:
    """The world of a seed that several tests look at."""
    return made_world(seed, organisations=9, criteria=14)


def made_world(seed: int, *, organisations: int, criteria: int) -> World:
    """The world of a seed, read by our formats from the text that it is written as."""
    edition, document = worlds.world(seed, organisations=organisations, criteria=criteria)
    read = edition_file.read(worlds.edition_toml(edition))
    entries = {
        entry.slug: entry
        for entry in organisations_file.read(worlds.document_json(document), read).organisations
    }
    frame = Frame.of(read)
    slugs = sorted(entries)
    sheets = {slug: answers.sheet(read, entries[slug].answers) for slug in slugs}
    policies = {slug: policy.of(read, entries[slug].requirements) for slug in slugs}
    packed = [frame.row(sheets[slug], policies[slug]).tobytes() for slug in slugs]
    return World(
        edition,
        document,
        model.sides(edition, document, licence_classes()),
        read,
        frame,
        slugs,
        sheets,
        policies,
        frame.rows(packed),
    )


def rows_of(world: World, *slugs: str) -> Rows:
    return world.rows.take(world.slugs.index(slug) for slug in slugs)


def check_pairs_and_lists(it: World) -> None:
    """Every number of every pair, and every list in each of the three ways."""
    encoded = encode(it.frame, it.rows)
    found = pairs.compare(encoded, encoded)
    everything = all_pairs.best_of_all(encoded, 5, tiling=Tiling(4, 3))
    block = all_pairs.best_lists(encoded, 1, 3, 5, tiling=Tiling(1, 4))
    for i, first in enumerate(it.slugs):
        a = it.sides[first]
        for j, second in enumerate(it.slugs):
            if i == j:
                continue
            b = it.sides[second]
            assert pairs.VERDICTS[found.verdicts[i, j]] == VERDICTS[model.verdict(it.edition, a, b)]
            low, high = model.satisfaction(it.edition, a, b)
            assert (found.forward.low[i, j], found.forward.high[i, j]) == (float(low), float(high))
            # The other direction is the transpose; `test_always` holds that for all numbers.
            assert (found.backward.low[j, i], found.backward.high[j, i]) == (
                float(low),
                float(high),
            )
        others = [it.sides[other] for other in it.slugs if other != first]
        expected = model.match_list(it.edition, a, others)
        listed = listing.match_list(encoded, i)
        assert [it.slugs[other] for other in listed.order] == [entry[0] for entry in expected]
        assert [(low, high) for *_, low, high in expected] == [
            (Fraction(low).limit_denominator(LARGEST), Fraction(high).limit_denominator(LARGEST))
            for low, high in zip(listed.low.tolist(), listed.high.tolist(), strict=True)
        ]
        assert listed.counts.sum() == len(others)
        best = [it.slugs[other] for other in everything.order[i, : everything.lengths[i]]]
        assert best == [entry[0] for entry in expected[:5]]
        assert everything.counts[i].tolist() == listed.counts.tolist()
        if 1 <= i < 3:
            assert np.array_equal(block.order[i - 1], everything.order[i])


@pytest.mark.parametrize("seed", SEEDS)
def test_all_pairs_and_all_lists_agree(seed: int) -> None:
    check_pairs_and_lists(world(seed))


@pytest.mark.parametrize(
    ("first", "last"),
    [(1000, 1160), pytest.param(2000, 4000, marks=pytest.mark.long)],
)
def test_all_pairs_and_all_lists_agree_in_many_small_worlds(first: int, last: int) -> None:
    """With the forty larger ones they are two hundred, or two thousand in the long run."""
    for seed in range(first, last):
        check_pairs_and_lists(made_world(seed, organisations=5, criteria=7))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_reasons_agree_and_sum_to_the_scores(seed: int) -> None:
    it = world(seed)
    for first in it.slugs[:4]:
        for second in it.slugs[4:]:
            a, b = it.sides[first], it.sides[second]
            found = explanation.explain(it.frame, rows_of(it, first, second))
            for direction, asking, answering in ((found.forward, a, b), (found.backward, b, a)):
                assert sum(part.points for part in direction.parts) == direction.points
                assert sum(part.possible for part in direction.parts) == direction.possible
                still_open = sum(part.possible for part in direction.parts if part.is_open)
                assert direction.points + still_open == direction.could_have
                if direction.possible:
                    assert direction.low == float(Fraction(direction.points, direction.possible))
                breakers = {
                    part.criterion: part.deal_breaker.value
                    for part in direction.parts
                    if part.deal_breaker
                }
                assert breakers == model.deal_breakers(it.edition, asking, answering)
                assert direction.evaded == model.evaded(it.edition, asking, answering)
                expected = model.what_would_change(it.edition, asking, answering)
                if expected is None:
                    assert direction.change.outcome is Outcome.NO_ANSWERS
                else:
                    assert list(direction.change.criteria) == expected
                    is_needed = Outcome.THESE_ANSWERS if expected else Outcome.NOTHING_NEEDED
                    assert direction.change.outcome is is_needed


@pytest.mark.parametrize("seed", SEEDS)
def test_profiles_agree(seed: int) -> None:
    it = world(seed)
    quadrants = {
        None: None,
        "co-operative in form and function": "form-and-function",
        "nominal": "nominal",
        "co-operative without the label": "without-the-label",
        "neither": "neither",
    }
    for organisation in it.document["organisations"]:
        slug = organisation["slug"]
        ours = profiles.profile(it.current, it.sheets[slug])
        theirs = model.profile(it.edition, organisation, licence_classes())
        scores = [(ours.total, theirs.whole)]
        scores += [(ours.dimensions[name], score) for name, score in theirs.dimensions.items()]
        scores += [(score, theirs.principles[number]) for number, score in ours.principles.items()]
        for mine, other in scores:
            assert (mine.low, mine.high) == (other.low, other.high)
            assert (mine.known, mine.applicable) == (other.known, other.applicable)
            assert (mine.buts, mine.evidence_share) == (other.yes_buts, other.with_evidence)
            if other.not_enough_basis is not None:
                assert mine.has_basis is not other.not_enough_basis
        answer = {"unknown": "not-yet-known"}.get(theirs.headline.answer, theirs.headline.answer)
        assert ours.headline.answer == answer
        assert sorted(ours.headline.decided_by) == theirs.headline.decided_by
        measured = ours.form_and_function
        assert measured.quadrant == quadrants[theirs.quadrant]
        assert measured.nominality == theirs.nominality
        assert measured.hidden == theirs.hidden_cooperation
        gaps = {p.principle: p.gap for p in measured.principles if p.gap is not None}
        assert gaps == theirs.gaps
        assert [(line.criterion, line.to_gain) for line in ours.would_add_most] == (
            theirs.would_add_most
        )
        assert {line.criterion: (line.points, line.open_points) for line in ours.account} == {
            name: (part.points, part.open_points) for name, part in theirs.account.items()
        }
        overreach = explanation.asks_more_than_it_gives(
            it.frame, it.sheets[slug], it.policies[slug]
        )
        assert sorted(one.criterion for one in overreach if one.is_known) == sorted(
            model.asks_more_than_it_gives(it.edition, it.sides[slug].policy, it.sides[slug].sheet)
        )
