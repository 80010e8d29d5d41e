"""Which questions wait for an answer since the criteria have changed, and what was said before.

They wait until they are answered (also with "we don't know"), however often an organisation
publishes meanwhile. What it published before is kept as it was, so that can be told from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessments import drafts
from assessments.models import Assessment
from assessments.models.assessment import answers_of
from assessments.scoring import terms


class Wait(StrEnum):
    """Why a question waits."""

    ANEW = "asked anew"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Past:
    """What an organisation published last under one edition."""

    edition: terms.Edition
    answers: Mapping[str, terms.Answer]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits. `past`: what it was answered in, when it asked something else."""

    why: Wait
    past: Past | None = None


def pasts(rows: Iterable[Assessment]) -> list[Past]:
    """What some published assessments said, in the order given: one query."""
    rows = list(rows)
    said = answers_of([row.pk for row in rows])
    return [Past(row.edition.as_terms(), said[row.pk]) for row in rows]


def of(
    current: terms.Edition, answered: Container[str], said_before: Sequence[Past]
) -> dict[str, Waiting]:
    """The questions of the current edition that wait, by slug.

    `answered`: those that the draft answers; `said_before`: what was published last under each
    edition, the latest first.
    """
    return {
        criterion.slug: found
        for criterion in current.criteria
        if criterion.slug not in answered and (found := _waits(criterion, said_before)) is not None
    }


def _waits(criterion: terms.Criterion, said_before: Sequence[Past]) -> Waiting | None:
    slug = criterion.slug
    for past in said_before:
        earlier = past.edition.by_slug.get(slug)
        if earlier is None:
            return Waiting(Wait.NEW)
        is_same = earlier.meaning == criterion.meaning
        if (answer := past.answers.get(slug)) is not None:
            # An answer that still counts was taken back since; that is not the criteria's doing.
            is_lost = not is_same or bool(answer.na and not criterion.allow_na)
            return Waiting(Wait.ANEW, past) if is_lost else None
        if not is_same:
            return None
    return None


def counts(rows: Iterable[Assessment], current: terms.Edition) -> dict[int, int]:
    """How many questions wait for each of some organisations: one query, or none.

    `rows`: see `publishing.latest`. Who has published under no other edition is left out.
    """
    by_organisation: dict[int, list[Assessment]] = defaultdict(list)
    for row in rows:
        by_organisation[row.organisation_id].append(row)
    changed = {
        pk: own
        for pk, own in by_organisation.items()
        if any(one.number is not None and one.edition.slug != current.slug for one in own)
    }
    if not changed:
        return {}
    said = answers_of([row.pk for own in changed.values() for row in own])
    found = {}
    for pk, own in changed.items():
        # The draft comes first, or else what was published last, with which it begins.
        source = own[0]
        answered = drafts.kept(said[source.pk], source.edition.as_terms(), current)
        before = [
            Past(row.edition.as_terms(), said[row.pk]) for row in own if row.number is not None
        ]
        found[pk] = len(of(current, answered, before))
    return found
