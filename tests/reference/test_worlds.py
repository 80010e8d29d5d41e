"""The generated worlds: valid, rich in every corner, and true to what is always true."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import pytest

from . import check_list, model, worlds
from .answers import effective
from .criteria import level_slugs, role
from .patterns import LICENCE_CLASSES

SEEDS = range(60)
Direction = tuple[dict[str, Any], model.Side, model.Side]


def every_direction(
    seeds: range, organisations: int = 8, criteria: int = 12
) -> Iterator[Direction]:
    """Every ordered pair of sides in the worlds of these seeds, with its edition."""
    for seed in seeds:
        edition, document = worlds.world(seed, organisations, criteria)
        sides = model.sides(edition, document, LICENCE_CLASSES).values()
        for a, b in permutations(sides, 2):
            yield edition, a, b


@pytest.mark.parametrize(("organisations", "criteria"), [(8, 12), (3, 3), (1, 40)])
def test_worlds_are_valid(organisations: int, criteria: int) -> None:
    """Every world passes the check list and has the size that was asked for."""
    for seed in SEEDS:
        edition, document = worlds.world(seed, organisations, criteria)
        assert list(check_list.faults_of_edition(edition)) == []
        assert list(check_list.faults_of_document(edition, document, LICENCE_CLASSES)) == []
        assert len(edition["criteria"]) == criteria
        assert len(document["organisations"]) == organisations


def test_worlds_survive_being_written_and_read() -> None:
    """TOML and JSON give back the same world, and the same seed gives the same text."""
    for seed in SEEDS:
        edition, document = worlds.world(seed)
        toml, text = worlds.edition_toml(edition), worlds.document_json(document)
        assert tomllib.loads(toml, parse_float=Decimal) == edition
        assert json.loads(text, parse_float=Decimal) == document
        again = worlds.world(seed)
        assert (worlds.edition_toml(again[0]), worlds.document_json(again[1])) == (toml, text)
        read = tomllib.loads(toml, parse_float=Decimal)
        assert list(read["criteria"]) == list(edition["criteria"])


def what_occurs() -> Counter[str]:
    """How often each corner of the model occurs in the answers of the worlds."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        edition, document = worlds.world(seed)
        seen[f"{len(edition['dimensions'])} dimensions"] += 1
        for criterion in edition["criteria"].values():
            seen[f"{criterion['kind']} {role(criterion)}"] += 1
            seen[f"{criterion['kind']} of {len(level_slugs(criterion))}"] += 1
            seen[f"agreement {criterion.get('agreement')}"] += 1
            seen[f"evidence {criterion.get('evidence')}"] += 1
            for key in ("reversed", "headline", "na_meets", "must_reach", "facet", "credits"):
                seen[key] += bool(criterion.get(key))
            is_idle = criterion.get("importance") == 0
            seen["importance 0"] += is_idle
            seen["importance 0 with a deal-breaker"] += is_idle and "must_reach" in criterion
        for organisation in document["organisations"]:
            answers = organisation.get("answers", {})
            requirements = organisation.get("requirements", {})
            seen["no answers"] += not answers
            seen["no requirements"] += not requirements
            seen["threshold 0"] += requirements.get("threshold") == 0
            seen["threshold 100"] += requirements.get("threshold") == 100
            for entry in requirements.get("criteria", {}).values():
                seen[f"own deal-breaker {entry.get('must_reach', 'left out')}"] += 1
            for slug, criterion in edition["criteria"].items():
                answer = answers.get(slug)
                state = effective(criterion, answer, LICENCE_CLASSES)[0]
                seen[f"{role(criterion)} {state}"] += 1
                for key in answer or {}:
                    seen[f"answer {key}"] += 1
                if criterion.get("reversed") and "reservation" in (answer or {}):
                    seen["reservation on reversed"] += 1
                for expression in (answer or {}).get("licences", []):
                    for sign in (" OR ", " AND ", " WITH ", "+", "("):
                        seen[f"licence {sign.strip()}"] += sign in expression
                seen["several licences"] += len((answer or {}).get("licences", [])) > 1
            profile = model.profile(edition, organisation, LICENCE_CLASSES)
            seen[f"quadrant {profile.quadrant}"] += 1
            seen[f"headline {profile.headline.answer}"] += 1
            seen["no score"] += any(one.low is None for one in profile.dimensions.values())
            for score in profile.dimensions.values():
                seen[f"not enough basis {score.not_enough_basis}"] += 1
    return seen


EXPECTED = [
    *[f"{number} dimensions" for number in range(1, 8)],
    *[f"{kind} standard" for kind in ("practice", "choice", "share", "licences")],
    *[f"{kind} none" for kind in ("practice", "choice", "share", "licences", "offers")],
    *[f"choice of {number}" for number in range(2, 7)],
    *[f"share of {number}" for number in range(1, 6)],
    *["choice similarity", "agreement ordered", "agreement exact", "evidence required"],
    *["reversed", "headline", "na_meets", "must_reach", "facet", "credits"],
    *["importance 0", "importance 0 with a deal-breaker"],
    *["no answers", "no requirements", "threshold 0", "threshold 100"],
    *["own deal-breaker None", "own deal-breaker same", "own deal-breaker left out"],
    *[
        f"{name} {state}"
        for name in ("standard", "similarity", "none")
        for state in ("known", "unknown", "na")
    ],
    *[f"answer {key}" for key in ("level", "value", "licences", "na", "unknown", "offers")],
    *[f"answer {key}" for key in ("needs", "withheld", "reservation", "evidence", "note")],
    *["reservation on reversed", "several licences"],
    *[f"licence {sign}" for sign in ("OR", "AND", "WITH", "+", "(")],
    *["quadrant None", "quadrant nominal", "quadrant neither"],
    *["quadrant co-operative in form and function", "quadrant co-operative without the label"],
    *["headline yes", "headline no", "headline unknown"],
    *["no score", "not enough basis True", "not enough basis False"],
]


def test_every_corner_occurs() -> None:
    """Every kind, role, state, key and outcome occurs at least five times in sixty worlds."""
    seen = what_occurs()
    assert [corner for corner in EXPECTED if seen[corner] < 5] == []


def test_every_way_to_a_verdict_is_frequent() -> None:
    """Each verdict takes a good share of the pairs, and each reason for one occurs."""
    seen: Counter[str] = Counter()
    for edition, a, b in every_direction(SEEDS, organisations=6):
        states = model.deal_breakers(edition, a, b).values()
        low, high = model.satisfaction(edition, a, b)
        threshold = Fraction(a.policy.threshold, 100)
        found = model.verdict(edition, a, b)
        seen[found] += 1
        seen["failed, with a score that would do"] += "failed" in states and low >= threshold
        seen["too low, without a failed one"] += "failed" not in states and high < threshold
        is_evaded = model.evaded(edition, a, b)
        seen["evaded alone"] += is_evaded and low >= threshold and set(states) <= {"met"}
        seen["open"] += "open" in states
        seen["at the threshold"] += low == threshold
        seen["asks nothing"] += not model.asked(edition, a)
        seen["none takes part"] += bool(model.asked(edition, a)) and not model.parts(edition, a, b)
        seen["asks nothing, with a deal-breaker failed"] += (
            not model.asked(edition, a) and "failed" in states
        )
        change = model.what_would_change(edition, a, b)
        seen["no answers would do" if change is None else f"change {min(len(change), 3)}"] += 1
        own = model.asks_more_than_it_gives(edition, a.policy, a.sheet)
        seen["asks more than it gives"] += bool(own)
    directions = sum(seen[one] for one in ("compatible", "not-compatible", "unknown"))
    for one in ("compatible", "not-compatible", "unknown"):
        assert seen[one] > directions / 5, one
    assert [reason for reason, count in seen.items() if count < 2] == []
    assert {f"change {number}" for number in range(4)} <= set(seen)


def test_match_lists_have_ties() -> None:
    """Some match lists hold neighbours that only their slugs keep apart."""
    ties = 0
    for seed in range(20):
        edition, document = worlds.world(seed)
        sides = list(model.sides(edition, document, LICENCE_CLASSES).values())
        for side in sides:
            rows = model.match_list(edition, side, sides)
            for one, following in pairwise(rows):
                if one[1:] == following[1:]:
                    ties += 1
                    assert one[0] < following[0]
    assert ties > 20


def test_no_fewer_answers_would_do() -> None:
    """What would change is as short as trying every subset and level says."""
    outcomes: Counter[int | None] = Counter()
    for edition, a, b in every_direction(range(300, 330), organisations=4, criteria=4):
        change = model.what_would_change(edition, a, b)
        fewest = model.fewest_by_brute_force(edition, a, b)
        assert fewest == (None if change is None else len(change))
        outcomes[fewest] += 1
    assert all(outcomes[size] > 5 for size in (None, 0, 1, 2)), outcomes


def test_the_pair_is_symmetric() -> None:
    """Verdict and score are the same from either side."""
    for edition, a, b in every_direction(range(12)):
        assert model.verdict(edition, a, b) == model.verdict(edition, b, a)
        assert model.pair_score(edition, a, b) == model.pair_score(edition, b, a)


def test_the_order_of_a_file_changes_nothing() -> None:
    """Organisations and criteria may stand in any order."""
    for seed in range(20):
        edition, document = worlds.world(seed)
        turned = {**edition, "criteria": dict(reversed(edition["criteria"].items()))}
        backwards = {**document, "organisations": document["organisations"][::-1]}
        assert model.compatibility_csv(
            edition, document, LICENCE_CLASSES
        ) == model.compatibility_csv(turned, backwards, LICENCE_CLASSES)


def test_multiplied_importances_change_nothing() -> None:
    """Only the proportions of A's importances matter."""
    for edition, a, b in every_direction(range(12)):
        tripled = {slug: 3 * weight for slug, weight in a.policy.importances.items()}
        more = replace(a, policy=replace(a.policy, importances=tripled))
        assert model.satisfaction(edition, more, b) == model.satisfaction(edition, a, b)
        assert model.verdict(edition, more, b) == model.verdict(edition, a, b)


def test_what_becomes_known_never_widens_an_interval() -> None:
    """A level that becomes known narrows or keeps the interval and keeps a decided verdict."""
    tried = 0
    for edition, a, b in every_direction(range(12), organisations=4, criteria=8):
        low, high = model.satisfaction(edition, a, b)
        before = model.verdict(edition, a, b)
        for mine in (True, False):
            side = a if mine else b
            for slug, (state, _) in side.sheet.items():
                if state != "unknown":
                    continue
                for level in range(len(level_slugs(edition["criteria"][slug]))):
                    told = replace(side, sheet={**side.sheet, slug: ("known", level)})
                    pair = (told, b) if mine else (a, told)
                    after = model.satisfaction(edition, *pair)
                    assert low <= after[0] <= after[1] <= high
                    if before != model.NOT_YET_KNOWN:
                        assert model.verdict(edition, *pair) == before
                    tried += 1
    assert tried > 100
