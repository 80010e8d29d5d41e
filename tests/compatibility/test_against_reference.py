"""The engine against the naive reference: every number of every pair, on random worlds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from assessments.catalogue import edition_file, organisations_file
from assessments.compatibility import explanation, listing, pairs
from assessments.compatibility.encoding import Frame, Rows, encode
from assessments.compatibility.explanation import Outcome
from assessments.scoring import answers, licences, policy, profiles, terms
from tests.reference import model, worlds

SEEDS = range(40)
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
    """The world of a seed, read by our formats from the text that it is written as."""
    edition, document = worlds.world(seed, organisations=9, criteria=14)
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


@pytest.mark.parametrize("seed", SEEDS)
def test_all_pairs_agree_in_verdict_and_both_intervals(seed: int) -> None:
    it = world(seed)
    encoded = encode(it.frame, it.rows)
    found = pairs.compare(encoded, encoded)
    for i, first in enumerate(it.slugs):
        for j, second in enumerate(it.slugs):
            if i == j:
                continue
            a, b = it.sides[first], it.sides[second]
            assert pairs.VERDICTS[found.verdicts[i, j]] == VERDICTS[model.verdict(it.edition, a, b)]
            low, high = model.satisfaction(it.edition, a, b)
            assert (found.forward.low[i, j], found.forward.high[i, j]) == (float(low), float(high))
            low, high = model.satisfaction(it.edition, b, a)
            assert (found.backward.low[i, j], found.backward.high[i, j]) == (
                float(low),
                float(high),
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_match_lists_agree_in_order_and_counts(seed: int) -> None:
    it = world(seed)
    encoded = encode(it.frame, it.rows)
    for place, slug in enumerate(it.slugs):
        others = [it.sides[other] for other in it.slugs if other != slug]
        expected = [entry[0] for entry in model.match_list(it.edition, it.sides[slug], others)]
        found = listing.match_list(encoded, place)
        assert [it.slugs[other] for other in found.order] == expected
        assert found.counts.sum() == len(others)


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
