"""Publish the assessments of many organisations at once, as a file brings them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from assessments import evaluation
from assessments.catalogue.organisations_file import OrganisationEntry
from assessments.evaluation import BATCH, Published
from assessments.models import Answer, Assessment, Edition, Requirement, Revision, Sheet
from assessments.progress import Report, in_batches, to_nobody
from assessments.scoring import terms
from assessments.scoring.problems import Problem, Refused
from orgs import directory
from orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class Tally:
    """How many organisations a load has made, and how many assessments it has published."""

    founded: int = 0
    published: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.founded + other.founded,
            self.published + other.published,
            self.unchanged + other.unchanged,
        )


@transaction.atomic
def publish_all(
    entries: Sequence[OrganisationEntry],
    edition: Edition,
    *,
    at: datetime,
    report: Report = to_nobody,
) -> Tally:
    """Publish the assessments of many organisations under the current edition.

    An organisation that is not there is founded; one that is gets the descriptive keys given. Who
    has the same answers and requirements under the same edition published already keeps its
    number. All of it or nothing. Raises Refused where the edition is not the current one.
    """
    # Nobody publishes an edition or an assessment between what is read here and what is written.
    Revision.hold()
    # Who describes one of them has it first and the mark of all descriptions after it: so has this.
    directory.hold_all(entry.slug for entry in entries)
    if Edition.objects.current() != edition:
        raise Refused(
            [
                Problem(
                    "edition",
                    f"“{edition.slug}” is not the current edition any more.",
                    "Look up the current edition, and load the answers for it.",
                )
            ]
        )
    tally = Tally()
    codes = _Codes.of(edition)
    revision: int | None = None
    counted = 0
    for batch in in_batches(entries, BATCH, "organisations", report):
        organisations, founded = directory.describe_all(
            [(entry.slug, {"name": entry.name, **entry.described}) for entry in batch]
        )
        last = _last_published(list(organisations.values()))
        changed = [
            entry
            for entry in batch
            if not _is_same(last.get(organisations[entry.slug].pk), entry, edition)
        ]
        if changed and revision is None:
            revision = Revision.raise_by_one()
        if changed and revision is not None:
            numbers = {pk: one.assessment.number or 0 for pk, one in last.items()}
            made = _freeze(changed, organisations, numbers, codes, at=at)
            evaluation.put_sheets(made, edition, revision=revision)
        tally += Tally(founded, len(changed), len(batch) - len(changed))
        # What comes next is planned by what is there by now.
        if tally.published >= max(BATCH, 2 * counted):
            _count_anew()
            counted = tally.published
    if counted and tally.published > counted:
        _count_anew()
    return tally


def _count_anew() -> None:
    """Have the database count its rows: until it has, it plans as if the tables were empty."""
    with connection.cursor() as cursor:
        for model in (Organisation, Assessment, Answer, Requirement, Sheet):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


@dataclass(frozen=True)
class _Codes:
    """The rows of an edition by their slugs."""

    edition: Edition
    terms: terms.Edition
    criteria: dict[str, int]
    levels: dict[str, dict[str, int]]

    @classmethod
    def of(cls, edition: Edition) -> _Codes:
        criteria = dict(edition.criteria.values_list("slug", "pk"))
        levels: dict[str, dict[str, int]] = {slug: {} for slug in criteria}
        rows: Any = edition.criteria.exclude(levels=None).values_list(
            "slug", "levels__slug", "levels__pk"
        )
        for criterion, level, pk in rows:
            levels[criterion][level] = pk
        return cls(edition, edition.as_terms(), criteria, levels)


def _last_published(organisations: list[Organisation]) -> dict[int, Published]:
    """The last published assessment of each organisation that has one, by organisation."""
    newest = (
        Assessment.objects.filter(organisation__in=organisations, published_at__isnull=False)
        .values("organisation")
        .annotate(last=Max("number"))
    )
    numbers = {row["organisation"]: row["last"] for row in newest}
    if not numbers:
        return {}
    candidates = Assessment.objects.filter(
        organisation__in=numbers, published_at__isnull=False
    ).select_related("edition")
    rows = [row for row in candidates if numbers[row.organisation_id] == row.number]
    return {one.assessment.organisation_id: one for one in evaluation.read(rows)}


def _is_same(last: Published | None, entry: OrganisationEntry, edition: Edition) -> bool:
    return (
        last is not None
        and last.assessment.edition_id == edition.pk
        and dict(last.answers) == dict(entry.answers)
        and _said(last.requirements) == _said(entry.requirements)
    )


def _said(requirements: terms.Requirements) -> tuple[int | None, dict[str, terms.Asked]]:
    """What is really said, without criteria on which nothing is."""
    nothing = terms.Asked()
    criteria = {slug: asked for slug, asked in requirements.criteria.items() if asked != nothing}
    return requirements.threshold, criteria


def _freeze(
    entries: Sequence[OrganisationEntry],
    organisations: dict[str, Organisation],
    numbers: dict[int, int],
    codes: _Codes,
    *,
    at: datetime,
) -> list[Published]:
    """Store new published assessments: first whole, then dated, from when on they are frozen."""
    assessments = Assessment.objects.bulk_create(
        Assessment(
            organisation=organisations[entry.slug],
            edition=codes.edition,
            number=numbers.get(organisations[entry.slug].pk, 0) + 1,
            threshold=entry.requirements.threshold,
        )
        for entry in entries
    )
    both = list(zip(assessments, entries, strict=True))
    Answer.objects.bulk_create(
        (
            Answer.of(assessment, codes.criteria[slug], codes.levels[slug], said)
            for assessment, entry in both
            for slug, said in entry.answers.items()
        ),
        batch_size=2000,
    )
    Requirement.objects.bulk_create(
        (
            Requirement(
                assessment=assessment,
                criterion_id=codes.criteria[slug],
                importance=asked.importance,
                says_must_reach=asked.says_must_reach,
                must_reach=asked.must_reach,
            )
            for assessment, entry in both
            for slug, asked in entry.requirements.criteria.items()
        ),
        batch_size=2000,
    )
    Assessment.objects.filter(pk__in=[row.pk for row in assessments]).update(published_at=at)
    return [
        Published(assessment, codes.terms, entry.answers, entry.requirements)
        for assessment, entry in both
    ]
