"""From a published assessment to its sheet, and from a sheet to its profile."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from assessments.compatibility.encoding import Frame
from assessments.models import Assessment, Edition, Revision, Sheet
from assessments.models.assessment import answers_of, requirements_of
from assessments.progress import Report, in_batches
from assessments.scoring import answers, policy, profiles, terms

BATCH = 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """A published assessment as the pure rooms know it.

    `edition` is the one under which it was answered.
    """

    assessment: Assessment
    edition: terms.Edition
    answers: Mapping[str, terms.Answer]
    requirements: terms.Requirements

    def said(self, criterion: terms.Criterion) -> terms.Answer | None:
        """What it says to a criterion of any edition, if it was asked in the same meaning."""
        return answers.carried(criterion, self.answers, self.edition)

    def sheet(self, current: terms.Edition) -> terms.Sheet:
        """Its effective levels, seen through an edition."""
        return answers.sheet(current, self.answers, self.edition)

    def policy(self, current: terms.Edition) -> policy.Policy:
        """What it asks of others, seen through an edition."""
        return policy.of(current, self.requirements, self.edition)

    def profile(self, current: terms.Edition) -> profiles.Profile:
        """What it says about its organisation, seen through an edition."""
        return profiles.profile(current, self.sheet(current))


def read(assessments: list[Assessment]) -> list[Published]:
    """Some assessments, whole, in the order given: two queries, and those of their editions."""
    said = answers_of([row.pk for row in assessments])
    asked = requirements_of(assessments)
    return [
        Published(row, row.edition.as_terms(), said[row.pk], asked[row.pk]) for row in assessments
    ]


def put_sheets(published: Iterable[Published], edition: Edition, *, revision: int) -> None:
    """Store the sheets of some published assessments, seen through the current edition."""
    current = edition.as_terms()
    frame = Frame.of(current)
    Sheet.objects.bulk_create(
        [
            Sheet(
                organisation_id=one.assessment.organisation_id,
                assessment=one.assessment,
                edition=edition,
                row=frame.row(one.sheet(current), one.policy(current)).tobytes(),
                revision=revision,
            )
            for one in published
        ],
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=["assessment", "edition", "row", "revision"],
    )


def make_again(organisation_ids: Sequence[int], edition: Edition) -> dict[int, str]:
    """Make the sheets of some organisations again from what they have published.

    Returns what is wrong with those that cannot be made, by organisation; they stay as they are.
    """
    wrong = {}
    for pk in organisation_ids:
        try:
            with transaction.atomic():
                Revision.hold()
                sheet = Sheet.objects.select_related("assessment__edition").get(organisation=pk)
                put_sheets(read([sheet.assessment]), edition, revision=Revision.raise_by_one())
        except DatabaseError:
            raise
        except Exception as error:  # Whatever it is: the others must not wait for this one.
            logger.exception("The sheet of organisation %s cannot be made again.", pk)
            wrong[pk] = f"{type(error).__name__}: {error}"
    return wrong


def renew_sheets(edition: Edition, *, report: Report) -> None:
    """See every sheet's assessment anew through an edition; inside the caller's transaction."""
    revision = Revision.raise_by_one()
    ids = list(Sheet.objects.values_list("assessment", flat=True))
    for batch in in_batches(ids, BATCH, "sheets", report):
        rows = list(Assessment.objects.filter(pk__in=batch).select_related("edition"))
        put_sheets(read(rows), edition, revision=revision)
