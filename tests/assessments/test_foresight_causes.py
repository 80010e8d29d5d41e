"""What of new criteria makes pairs turn: the same as by publishing each change by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assessments import curation, evaluation, foresight
from assessments.catalogue import edition_file, organisations_file
from assessments.compatibility import causes, pairs
from assessments.compatibility.causes import Part
from assessments.compatibility.encoding import Frame, encode
from assessments.compatibility.pairs import Verdict
from assessments.models import Sheet
from assessments.scoring.terms import Criterion, Edition, Evidence, Role
from tests.assessments.successors import successor
from tests.cast import Cast, edition_toml, publish_edition
from tests.pages import demo as the_demo
from tests.reference import worlds

pytestmark = pytest.mark.django_db

NEW = """[criteria.minutes]
dimension = "democracy"
question = "Are the minutes shared?"
kind = "practice"
must_reach = "yes"

[translations.es.edition]"""
COMPATIBLE, UNKNOWN = Verdict.COMPATIBLE, Verdict.UNKNOWN


def foreseen(*changes: tuple[str, str]) -> tuple[int, causes.Causes]:
    draft = edition_file.read(edition_toml("next", *changes))
    found = foresight.publishing(draft, curation.ever_published())
    return found.changing, found.causes


def test_a_new_deal_breaker_is_the_cause_and_not_the_weight_of_its_question(cast: Cast) -> None:
    changing, found = foreseen(("[translations.es.edition]", NEW))
    assert found.pairs == changing > 0
    first = found.causes[0]
    assert (first.criterion, first.part) == ("minutes", Part.DEAL_BREAKER)
    assert first.moves[COMPATIBLE, UNKNOWN] == 1
    assert {one.criterion for one in found.causes} == {"minutes"}


@pytest.mark.parametrize(
    ("change", "criterion", "part"),
    [
        (("threshold = 60", "threshold = 99"), "", Part.THRESHOLD),
        (("[criteria.rules]", "[criteria.rules]\nmeaning = 2"), "rules", Part.ANSWERS),
    ],
)
def test_one_change_accounts_for_every_pair(
    cast: Cast, change: tuple[str, str], criterion: str, part: Part
) -> None:
    changing, found = foreseen(change)
    assert found.causes[0].criterion == criterion
    assert (criterion, part) in {(one.criterion, one.part) for one in found.causes}
    assert {one.criterion for one in found.causes} == {criterion}
    assert found.together == 0
    assert found.pairs == changing > 0


_OTHER = {Evidence.REQUIRED: Evidence.OPTIONAL, Evidence.OPTIONAL: Evidence.REQUIRED}
ONE_PART: dict[Part, Callable[[Criterion], Criterion]] = {
    Part.IMPORTANCE: lambda one: replace(one, importance=10 - one.importance),
    Part.DEAL_BREAKER: lambda one: replace(
        one,
        headline=False,
        must_reach=one.levels[-1].slug if one.must_reach is None else None,
    ),
    Part.ANSWERS: lambda one: replace(one, evidence=_OTHER[one.evidence]),
}


@pytest.mark.parametrize("part", ONE_PART)
def test_what_changes_in_one_part_turns_because_of_that_part_only(part: Part) -> None:
    turning = 0
    made, document = worlds.world(1, organisations=40, criteria=9)
    edition = publish_edition(worlds.edition_toml(made))
    everybody = organisations_file.read(worlds.document_json(document), edition.as_terms())
    the_demo.publish(everybody.organisations, edition)
    now = edition.as_terms()
    for one in now.criteria:
        if one.role is not Role.STANDARD:
            continue
        other = ONE_PART[part](one)
        then = tuple(other if each is one else each for each in now.criteria)
        draft = replace(now, slug="next", criteria=then)
        found = foresight.publishing(draft, [edition])
        turning += found.changing
        assert found.causes.pairs == found.changing
        assert found.causes.together == 0
        told = [(each.criterion, each.part, each.count) for each in found.causes.causes]
        assert told == ([(one.slug, part, found.changing)] if found.changing else [])
    assert turning > 20


def test_nothing_turns_without_a_change(cast: Cast) -> None:
    assert foreseen() == (0, causes.NO_CAUSES)


def verdicts(edition: Edition) -> NDArray[np.int8]:
    """The verdict of every pair under an edition, by the names of the organisations."""
    sheets = Sheet.objects.select_related("assessment__edition").order_by(
        "organisation__name", "organisation_id"
    )
    frame = Frame.of(edition)
    packed = [
        frame.row(one.sheet(edition), one.policy(edition)).tobytes()
        for one in evaluation.read([row.assessment for row in sheets])
    ]
    encoded = encode(frame, frame.rows(packed))
    return pairs.compare(encoded, encoded).verdicts


def mixed(now: Edition, then: Edition, slug: str, *, whole: bool) -> Edition:
    """The criteria as they are, with one as it comes; if `whole`, the other way round."""
    base, other = (then, now) if whole else (now, then)
    found: list[Criterion] = [one for one in base.criteria if one.slug != slug]
    if slug in other.by_slug:
        found.append(other.by_slug[slug])
    return replace(base, criteria=tuple(found))


@pytest.mark.parametrize("seed", range(8))
def test_what_each_criterion_makes_turn_is_what_it_does_by_itself(seed: int) -> None:
    made, document = worlds.world(seed, organisations=14, criteria=9)
    edition = publish_edition(worlds.edition_toml(made))
    everybody = organisations_file.read(worlds.document_json(document), edition.as_terms())
    the_demo.publish(everybody.organisations, edition)
    now = edition.as_terms()
    then = edition_file.read(worlds.edition_toml(successor(seed, [made], "next")))
    then = replace(then, threshold=now.threshold)
    found = foresight.publishing(then, [edition]).causes
    before, after = verdicts(now), verdicts(then)
    turned = np.nonzero(np.triu(before != after, 1))
    assert found.pairs == len(turned[0])
    explained = np.zeros(found.pairs, dtype=bool)
    whole = {one.criterion: one for one in found.causes if _is_whole(one.criterion, now, then)}
    for slug in {*now.by_slug, *then.by_slug}:
        alone = verdicts(mixed(now, then, slug, whole=False))[turned] == after[turned]
        without = verdicts(mixed(now, then, slug, whole=True))[turned] != after[turned]
        explained |= alone | without
        if slug in whole:
            assert whole[slug].count >= int(alone.sum())
            assert whole[slug].count <= int((alone | without).sum())
    # A part of a criterion never accounts for more than all that is changed.
    assert found.together >= int((~explained).sum())
    assert all(0 < one.count <= found.pairs for one in found.causes)


def _is_whole(slug: str, now: Edition, then: Edition) -> bool:
    """Whether a criterion changed as a whole, not in parts."""
    roles = {one.by_slug[slug].role for one in (now, then) if slug in one.by_slug}
    return Role.NONE not in roles and len(roles) == 2


def test_of_very_many_only_some_are_looked_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    change: Any = ("threshold = 60", "threshold = 99")
    changing, whole = foreseen(change)
    monkeypatch.setattr(causes, "MOST_COMPARED", 4)
    _, some = foreseen(change)
    assert some.pairs < whole.pairs == changing
