"""Which questions wait for an answer since the criteria have changed, and what was said before.

They wait until they are answered (also with "we don't know"), however often an organisation
publishes meanwhile. What it published before is kept as it was, and so is a draft that gave way to
one under newer criteria: that can be told from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from assessments import drafts
from assessments.models import Assessment
from assessments.models.assessment import answers_of
from assessments.scoring import terms

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Wait(StrEnum):
    """Why a question waits."""

    ANEW = "asked anew"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Past:
    """What an organisation published last under one edition, or what its draft said under it."""

    row: Assessment
    edition: terms.Edition
    answers: Mapping[str, terms.Answer]

    @classmethod
    def of(cls, row: Assessment, said: Mapping[int, Mapping[str, terms.Answer]]) -> Past:
        """One assessment with its own of the answers that were read."""
        return cls(row, row.edition.as_terms(), said[row.pk])


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits. `past`: what it was answered in, when it asked something else."""

    why: Wait
    past: Past | None = None


def pasts(rows: Iterable[Assessment], current: terms.Edition) -> list[Past]:
    """What one organisation has said before, the latest first: one query.

    `rows`: see `publishing.latest`; a draft under the current edition is not of the past.
    """
    rows = _of_the_past(rows, current)
    said = answers_of([row.pk for row in rows])
    return [Past.of(row, said) for row in rows]


def _of_the_past(rows: Iterable[Assessment], current: terms.Edition) -> list[Assessment]:
    before = [row for row in rows if row.number is not None or row.edition.slug != current.slug]
    # Under one edition, a draft comes after what was published.
    before.sort(key=lambda row: row.number is not None)
    before.sort(key=lambda row: row.edition.published_at or _LONG_AGO, reverse=True)
    return before


def of(
    current: terms.Edition, answered: Container[str], said_before: Sequence[Past]
) -> dict[str, Waiting]:
    """The questions of the current edition that wait, by slug.

    `answered`: those that the draft answers; `said_before`: see `pasts`.
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

    `rows`: see `publishing.latest`. Who has said nothing under another edition is left out.
    """
    by_organisation: dict[int, list[Assessment]] = defaultdict(list)
    for row in rows:
        by_organisation[row.organisation_id].append(row)
    changed = {
        pk: own
        for pk, own in by_organisation.items()
        if any(one.edition.slug != current.slug for one in own)
    }
    if not changed:
        return {}
    said = answers_of([row.pk for own in changed.values() for row in own])
    found = {}
    for pk, own in changed.items():
        # The draft comes first, or else what was published last, with which it begins.
        source = own[0]
        answered = drafts.kept(said[source.pk], source.edition.as_terms(), current)
        before = [Past.of(row, said) for row in _of_the_past(own, current)]
        found[pk] = len(of(current, answered, before))
    return found
