"""What an organisation does before it publishes: save answers and requirements into its draft.

Two people never overwrite each other unseen. Whoever saves an answer hands in the mark of the
answer that they saw (see `marks`); if another stands there by then, nothing is changed and they are
told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from assessments import drafts, marks
from assessments.drafts import Draft
from assessments.models import (
    Answer,
    AnswerEdit,
    Assessment,
    Criterion,
    Edition,
    Requirement,
)
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from orgs.models import Organisation, User


class Conflict(Exception):
    """Somebody changed an answer after it was read.

    `theirs` is what stands there now (None: taken back), `edit` tells who and when as far as it is
    known, and who still wants to save hands in `mark`.
    """

    def __init__(
        self,
        criterion: terms.Criterion,
        theirs: terms.Answer | None,
        edit: AnswerEdit | None,
    ) -> None:
        self.criterion = criterion
        self.theirs = theirs
        self.edit = edit
        self.mark = marks.of_answer(criterion, theirs)
        super().__init__(criterion.slug)


class NotAsked(Exception):
    """The current edition has no such criterion (any more)."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that a person wants to save (None: take it back), and the mark of what they saw.

    `is_affirmed`: that the answer holds is news by itself, since its question has other words.
    """

    answer: terms.Answer | None
    seen: str
    is_affirmed: bool = False


@dataclass(frozen=True)
class Saved:
    """What became of some changes: the marks seen from now on, and what could not be saved."""

    marks: Mapping[str, str]
    conflicts: Mapping[str, Conflict]


@transaction.atomic
def start(organisation: Organisation) -> Assessment:
    """The one stored draft of an organisation under the current edition; made if there is none.

    A draft under an earlier edition gives way: what its questions still ask is carried over with
    who changed it last, and what they do not ask any more can be read in what is set aside.
    """
    drafts.lock(organisation)
    edition = drafts.current_edition()
    source = drafts.source_of(organisation)
    if source is None:
        return Assessment.objects.create(organisation=organisation, edition=edition)
    if source.number is None and source.edition_id == edition.pk:
        return source
    current = edition.as_terms()
    answers, requirements = (
        drafts.answers_under(source, current),
        drafts.requirements_under(source, current),
    )
    edits = list(
        AnswerEdit.objects.filter(assessment=source).annotate(criterion_slug=F("criterion__slug"))
    )
    if source.number is None:
        source.is_set_aside = True
        source.save(update_fields=["is_set_aside"])
    draft = Assessment.objects.create(
        organisation=organisation, edition=edition, threshold=requirements.threshold
    )
    _store(draft, edition, answers, requirements, edits)
    return draft


def _store(
    draft: Assessment,
    edition: Edition,
    answers: Mapping[str, terms.Answer],
    requirements: terms.Requirements,
    edits: Iterable[AnswerEdit] = (),
) -> dict[str, int]:
    """Fill a new draft; returns the criteria's ids by slug."""
    ids: dict[str, int] = {}
    levels: dict[str, dict[str, int]] = {}
    rows = Criterion.objects.filter(edition=edition).values_list(
        "slug", "pk", "levels__slug", "levels__pk"
    )
    for slug, pk, level, level_pk in rows:
        ids[slug] = pk
        levels.setdefault(slug, {})[level] = level_pk
    Answer.objects.bulk_create(
        Answer.of(draft, ids[slug], levels[slug], said) for slug, said in answers.items()
    )
    _store_requirements(draft, ids, requirements)
    AnswerEdit.objects.bulk_create(
        AnswerEdit(
            assessment=draft,
            criterion_id=ids[edit.criterion_slug],  # type: ignore[attr-defined]  # Annotated.
            version=edit.version,
            changed_by_id=edit.changed_by_id,
            changed_at=edit.changed_at,
        )
        for edit in edits
        if edit.criterion_slug in answers  # type: ignore[attr-defined]  # Annotated.
    )
    return ids


def _store_requirements(
    draft: Assessment, ids: Mapping[str, int], requirements: terms.Requirements
) -> None:
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


def save_answer(
    organisation: Organisation,
    slug: str,
    answer: terms.Answer | None,
    *,
    seen: str,
    by: User,
    at: datetime,
) -> str:
    """Save the answer to a criterion, or take it back with None; returns the mark seen from now on.

    Raises Conflict, with nothing changed, where somebody else has changed the answer since.
    """
    saved = save_answers(organisation, {slug: Change(answer, seen)}, by=by, at=at)
    for conflict in saved.conflicts.values():
        raise conflict
    return saved.marks[slug]


@transaction.atomic
def save_answers(
    organisation: Organisation, changes: Mapping[str, Change], *, by: User, at: datetime
) -> Saved:
    """Save the answers to some criteria, each for itself: who collides on one saves the others."""
    return put(drafts.hold(organisation), changes, by=by, at=at)


def put(draft: Draft, changes: Mapping[str, Change], *, by: User, at: datetime) -> Saved:
    """Save the answers to some criteria into a draft that is held.

    Answers have been checked against its edition. What says nothing new is not saved.
    """
    if gone := changes.keys() - draft.edition.by_slug.keys():
        raise NotAsked(*gone)
    seen_next: dict[str, str] = {}
    wanted: dict[str, terms.Answer | None] = {}
    collided: list[str] = []
    for slug, change in changes.items():
        stands = draft.mark(slug)
        seen_next[slug] = marks.of_answer(draft.edition.by_slug[slug], change.answer)
        if change.is_affirmed and stands == seen_next[slug] == change.seen:
            wanted[slug] = change.answer  # That it holds is noted, with who said so and when.
        elif seen_next[slug] in (stands, change.seen):
            continue  # It stands so already, or the person has left it as it was.
        elif stands == change.seen:
            wanted[slug] = change.answer
        else:
            collided.append(slug)
    if wanted and draft.begins_with is not None:
        _begin(draft, draft.begins_with, wanted, by=by, at=at)
    elif wanted:
        row = draft.stored or start(draft.organisation)
        if row.pk is None:
            row.save()
        _write(row, wanted, by=by, at=at)
    conflicts = _conflicts(draft, collided)
    return Saved({slug: seen_next[slug] for slug in changes if slug not in conflicts}, conflicts)


def _begin(
    draft: Draft,
    published: Assessment,
    wanted: Mapping[str, terms.Answer | None],
    *,
    by: User,
    at: datetime,
) -> None:
    """Store a held draft that begins with what was published, with the first changes in it."""
    edition = published.edition
    if edition.state != EditionState.PUBLISHED:
        edition = drafts.current_edition()
    requirements = drafts.requirements_under(published, draft.edition)
    row = Assessment.objects.create(
        organisation=draft.organisation, edition=edition, threshold=requirements.threshold
    )
    answers = {slug: said for slug, said in {**draft.answers, **wanted}.items() if said is not None}
    ids = _store(row, edition, answers, requirements)
    AnswerEdit.objects.bulk_create(
        AnswerEdit(assessment=row, criterion_id=ids[slug], changed_by=by, changed_at=at)
        for slug in wanted
    )


def _write(
    draft: Assessment, wanted: Mapping[str, terms.Answer | None], *, by: User, at: datetime
) -> None:
    """Put answers in the place of what stands there, and note who did it."""
    ids: dict[str, int] = {}
    versions: dict[str, int] = {}
    levels: dict[str, dict[str, int]] = {slug: {} for slug in wanted}
    version = AnswerEdit.objects.filter(assessment=draft, criterion=OuterRef("pk"))
    rows = (
        Criterion.objects.filter(edition=draft.edition_id, slug__in=list(wanted))
        .annotate(edit_version=Subquery(version.values("version")))
        .values_list("slug", "pk", "edit_version", "levels__slug", "levels__pk")
    )
    for slug, pk, edited, level, level_pk in rows:
        ids[slug], versions[slug] = pk, edited or 0
        levels[slug][level] = level_pk
    if gone := [ids[slug] for slug, answer in wanted.items() if answer is None]:
        Answer.objects.filter(assessment=draft, criterion__in=gone).delete()
    put = [
        Answer.of(draft, ids[slug], levels[slug], answer)
        for slug, answer in wanted.items()
        if answer is not None
    ]
    whole = [field.name for field in Answer._meta.concrete_fields]
    Answer.objects.bulk_create(
        put,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=[name for name in whole if name not in ("id", "assessment", "criterion")],
    )
    AnswerEdit.objects.bulk_create(
        (
            AnswerEdit(
                assessment=draft,
                criterion_id=ids[slug],
                version=versions[slug] + 1,
                changed_by=by,
                changed_at=at,
            )
            for slug in wanted
        ),
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["version", "changed_by", "changed_at"],
    )


def _conflicts(draft: Draft, slugs: list[str]) -> dict[str, Conflict]:
    if not slugs:
        return {}
    row = draft.stored
    edits = AnswerEdit.objects.filter(
        assessment=None if row is None else row.pk, criterion__slug__in=slugs
    )
    by_slug = {
        edit.criterion.slug: edit for edit in edits.select_related("changed_by", "criterion")
    }
    return {
        slug: Conflict(draft.edition.by_slug[slug], draft.answers.get(slug), by_slug.get(slug))
        for slug in slugs
    }


@transaction.atomic
def save_requirements(organisation: Organisation, requirements: terms.Requirements) -> None:
    """Save all that an organisation itself says that it asks; what it does not say is standard."""
    draft = start(organisation)
    Assessment.objects.filter(pk=draft.pk).update(threshold=requirements.threshold)
    Requirement.objects.filter(assessment=draft).delete()
    ids = dict(Criterion.objects.filter(edition=draft.edition_id).values_list("slug", "pk"))
    _store_requirements(draft, ids, requirements)
