"""What an organisation does before it publishes: start a draft, save answers and requirements.

There is one draft at a time, and it is always under the current edition. Two people never
overwrite each other unseen: who saves an answer names the version that they saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from assessments.models import (
    Answer,
    AnswerEdit,
    Assessment,
    Criterion,
    Edition,
    Level,
    Requirement,
)
from assessments.models.assessment import answers_of, requirements_of
from assessments.scoring import terms
from orgs.models import Organisation, User


class NoEdition(Exception):
    """There are no criteria yet that could be answered."""


class Conflict(Exception):
    """Somebody changed an answer after it was read; `edit` tells who and when."""

    def __init__(self, criterion: str, edit: AnswerEdit | None) -> None:
        self.criterion = criterion
        self.edit = edit
        super().__init__(criterion)


@dataclass(frozen=True)
class Draft:
    """A draft as it stands: answers and requirements by criterion slug, versions of the answers.

    A criterion without an entry in `edits` has version 0.
    """

    assessment: Assessment
    edition: terms.Edition
    answers: Mapping[str, terms.Answer]
    requirements: terms.Requirements
    edits: Mapping[str, AnswerEdit] = field(default_factory=dict)

    def version(self, slug: str) -> int:
        """The version of an answer that one sees here."""
        return self.edits[slug].version if slug in self.edits else 0


def there(organisation: Organisation) -> Assessment | None:
    """The draft of an organisation, if it has one."""
    return (
        Assessment.objects.filter(organisation=organisation, number=None)
        .select_related("edition")
        .first()
    )


def read(organisation: Organisation) -> Draft:
    """The draft as it stands; started, or brought to the current edition, where need be."""
    edition = _current()
    assessment = there(organisation)
    if assessment is None or assessment.edition_id != edition.pk:
        assessment = start(organisation)
    edits = AnswerEdit.objects.filter(assessment=assessment).annotate(
        criterion_slug=F("criterion__slug")
    )
    return Draft(
        assessment=assessment,
        edition=edition.as_terms(),
        answers=answers_of([assessment.pk])[assessment.pk],
        requirements=requirements_of([assessment])[assessment.pk],
        edits={edit.criterion_slug: edit for edit in edits.select_related("changed_by")},
    )


def _current() -> Edition:
    edition = Edition.objects.current()
    if edition is None:
        raise NoEdition
    return edition


@transaction.atomic
def start(organisation: Organisation) -> Assessment:
    """The one draft of an organisation under the current edition.

    A new one begins with what was published last. What was answered under another edition is
    carried over where a question has kept its slug and meaning.
    """
    # Two colleagues who open the form at the same moment start one draft.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    edition = _current()
    draft = there(organisation)
    if draft is not None and draft.edition_id == edition.pk:
        return draft
    source = draft or (
        Assessment.objects.filter(organisation=organisation, published_at__isnull=False)
        .select_related("edition")
        .order_by("-number")
        .first()
    )
    answers: Mapping[str, terms.Answer] = {}
    requirements = terms.Requirements()
    if source is not None:
        answers = answers_of([source.pk])[source.pk]
        requirements = requirements_of([source])[source.pk]
    asked_before = source.edition.as_terms() if source is not None else None
    if draft is not None:
        draft.delete()
    draft = Assessment.objects.create(
        organisation=organisation, edition=edition, threshold=requirements.threshold
    )
    _copy(draft, edition, asked_before, answers, requirements)
    return draft


def _copy(
    draft: Assessment,
    edition: Edition,
    asked_before: terms.Edition | None,
    answers: Mapping[str, terms.Answer],
    requirements: terms.Requirements,
) -> None:
    """Carry answers and requirements over to a draft, where their question is still the same."""
    if asked_before is None:
        return
    current = edition.as_terms()
    same = {
        criterion.slug
        for criterion in current.criteria
        if (earlier := asked_before.by_slug.get(criterion.slug)) is not None
        and earlier.meaning == criterion.meaning
    }
    ids = dict(Criterion.objects.filter(edition=edition).values_list("slug", "pk"))
    levels: dict[int, dict[str, int]] = {}
    for criterion, slug, pk in Level.objects.filter(criterion__edition=edition).values_list(
        "criterion", "slug", "pk"
    ):
        levels.setdefault(criterion, {})[slug] = pk
    Answer.objects.bulk_create(
        Answer.of(draft, ids[slug], levels.get(ids[slug], {}), said)
        for slug, said in answers.items()
        if slug in same and (not said.na or current.by_slug[slug].allow_na)
    )
    Requirement.objects.bulk_create(
        Requirement(
            assessment=draft,
            criterion_id=ids[slug],
            importance=asked.importance,
            says_must_reach=asked.says_must_reach,
            must_reach=asked.must_reach,
        )
        for slug, asked in requirements.criteria.items()
        if slug in same and current.by_slug[slug].role is not terms.Role.NONE
    )


@transaction.atomic
def save_answer(
    organisation: Organisation,
    criterion: terms.Criterion,
    answer: terms.Answer | None,
    *,
    seen: int,
    by: User,
    at: datetime,
) -> int:
    """Save an answer, or take it back with None; returns its new version.

    `seen` is the version that the person saw. Raises Conflict, with nothing changed, where
    somebody else has changed the answer since.
    """
    draft = _locked(organisation)
    row = Criterion.objects.get(edition=draft.edition_id, slug=criterion.slug)
    _raise_version(draft, row, seen=seen, by=by, at=at)
    Answer.objects.filter(assessment=draft, criterion=row).delete()
    if answer is not None:
        level_ids = {}
        if answer.level is not None:
            level = Level.objects.get(criterion=row, slug=answer.level)
            level_ids[level.slug] = level.pk
        Answer.of(draft, row.pk, level_ids, answer).save(force_insert=True)
    return seen + 1


def _locked(organisation: Organisation) -> Assessment:
    """The draft, so locked that it cannot be published meanwhile; started if there is none."""
    start(organisation)
    return Assessment.objects.select_for_update().get(organisation=organisation, number=None)


def _raise_version(
    draft: Assessment, criterion: Criterion, *, seen: int, by: User, at: datetime
) -> None:
    edits = AnswerEdit.objects.filter(assessment=draft, criterion=criterion)
    if edits.filter(version=seen).update(version=seen + 1, changed_by=by, changed_at=at):
        return
    if seen == 0:
        try:
            with transaction.atomic():
                AnswerEdit.objects.create(
                    assessment=draft, criterion=criterion, changed_by=by, changed_at=at
                )
        except IntegrityError:
            pass  # Somebody was faster.
        else:
            return
    raise Conflict(criterion.slug, edits.select_related("changed_by").first())


@transaction.atomic
def save_requirements(organisation: Organisation, requirements: terms.Requirements) -> None:
    """Save all that an organisation itself says that it asks; what it does not say is standard."""
    draft = _locked(organisation)
    Assessment.objects.filter(pk=draft.pk).update(threshold=requirements.threshold)
    Requirement.objects.filter(assessment=draft).delete()
    ids = dict(Criterion.objects.filter(edition=draft.edition_id).values_list("slug", "pk"))
    nothing = terms.Asked()
    Requirement.objects.bulk_create(
        Requirement(
            assessment=draft,
            criterion_id=ids[slug],
            importance=asked.importance,
            says_must_reach=asked.says_must_reach,
            must_reach=asked.must_reach,
        )
        for slug, asked in requirements.criteria.items()
        if asked != nothing
    )
