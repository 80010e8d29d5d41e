"""What an organisation does before it publishes: read its draft, save answers and requirements.

There is one draft at a time, and it is always under the current edition. It begins with what was
published last, and is stored with the first thing that is saved: reading changes nothing.

Two people never overwrite each other unseen. Whoever saves an answer hands in the mark of the
answer that they saw; if another stands there by then, nothing is changed and they are told. A mark
comes from the answer itself and not from a counter, so it stays right when the draft is published,
taken to a new edition or begun anew in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from assessments.evaluation import Published
from assessments.models import (
    Answer,
    AnswerEdit,
    Assessment,
    Criterion,
    Edition,
    Requirement,
)
from assessments.models.assessment import answers_of, requirements_of
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from orgs.models import Organisation, User

_MARK_LENGTH = 20


class NoEdition(Exception):
    """There are no criteria yet that could be answered."""


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
        self.mark = mark(criterion, theirs)
        super().__init__(criterion.slug)


class NotAsked(Exception):
    """The current edition has no such criterion (any more)."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that a person wants to save (None: take it back), and the mark of what they saw."""

    answer: terms.Answer | None
    seen: str


@dataclass(frozen=True)
class Saved:
    """What became of some changes: the marks seen from now on, and what could not be saved."""

    marks: Mapping[str, str]
    conflicts: Mapping[str, Conflict]


@dataclass(frozen=True)
class Draft:
    """A draft as it stands under the current edition, by criterion slug.

    `edits` has the last change of each answer that was changed in this draft. `stored` is its row
    if it is held: one without a key if nothing is stored yet, None if it has to be carried over.
    `begins_with` is the published assessment from which a held draft is carried over.
    """

    organisation: Organisation
    edition: terms.Edition
    answers: Mapping[str, terms.Answer]
    requirements: terms.Requirements
    edits: Mapping[str, AnswerEdit] = field(default_factory=dict)
    stored: Assessment | None = None
    begins_with: Assessment | None = None

    def mark(self, slug: str) -> str:
        """The mark of an answer that one sees here."""
        return mark(self.edition.by_slug[slug], self.answers.get(slug))

    @property
    def whole_mark(self) -> str:
        """The mark of everything that one sees here, requirements too."""
        asked = self.requirements
        return _digest(
            [
                self.edition.slug,
                [self.mark(criterion.slug) for criterion in self.edition.criteria],
                asked.threshold,
                sorted(
                    [slug, one.importance, one.must_reach, one.says_must_reach]
                    for slug, one in asked.criteria.items()
                    if one != terms.Asked()
                ),
            ]
        )

    def as_published(self, *, number: int, at: datetime) -> Published:
        """What would be published of it as that number at that moment; nothing is stored."""
        assessment = Assessment(organisation=self.organisation, number=number, published_at=at)
        return Published(assessment, self.edition, self.answers, self.requirements)


def mark(criterion: terms.Criterion, answer: terms.Answer | None) -> str:
    """A short sign of an answer, or of none: the same for the same answer to the same question.

    Blanks at the ends of lines and ways to end a line make no difference, as forms change them.
    """
    parts: list[object] = [criterion.slug, criterion.meaning]
    if answer is not None:
        parts += [
            answer.level,
            None if answer.value is None else _number(answer.value),
            [_words(one) for one in answer.licences],
            tidy(answer.na),
            answer.unknown,
            [_words(one) for one in answer.offers],
            [_words(one) for one in answer.needs],
            answer.withheld,
            tidy(answer.reservation),
            [_words(one) for one in answer.evidence],
            tidy(answer.note),
        ]
    return _digest(parts)


def tidy(text: str) -> str:
    """A text without blanks at its ends and the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _number(value: Decimal) -> str:
    """A number without the zeros at its end; `normalize` would round one of 30 digits."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(text: str) -> str:
    return " ".join(text.split())


def _digest(parts: object) -> str:
    written = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("ascii")).hexdigest()[:_MARK_LENGTH]


def read(organisation: Organisation) -> Draft:
    """The draft as it stands, or as it would begin now: at most five queries."""
    edition, source = _opened(organisation)
    current = edition.as_terms()
    if source is None:
        return Draft(organisation, current, {}, terms.Requirements())
    edits = AnswerEdit.objects.filter(assessment=source).annotate(
        criterion_slug=F("criterion__slug")
    )
    return Draft(
        organisation=organisation,
        edition=current,
        answers=_answers(source, current),
        requirements=_requirements(source, current),
        edits={
            edit.criterion_slug: edit
            for edit in edits.select_related("changed_by")
            if edit.criterion_slug in current.by_slug
        },
    )


def hold(organisation: Organisation) -> Draft:
    """The draft with its answers alone, so held that nobody else changes it or publishes it.

    Only inside a transaction, with whose end it is let go. Three queries, or four after a change
    of editions.
    """
    _lock(organisation)
    edition, source = _opened(organisation)
    current = edition.as_terms()
    if source is None:
        # Nothing is carried over, so its row can just as well be made here.
        source = Assessment(organisation=organisation, edition=edition)
        return Draft(organisation, current, {}, terms.Requirements(), stored=source)
    is_draft = source.number is None and source.edition_id == edition.pk
    answers = _answers(source, current)
    stored = source if is_draft else None
    begins_with = source if source.number is not None else None
    return Draft(
        organisation,
        current,
        answers,
        terms.Requirements(),
        stored=stored,
        begins_with=begins_with,
    )


def _lock(organisation: Organisation) -> None:
    """Have all who change a draft, or make one, come one after the other.

    Of several locks this one is taken last (after that of `Revision`), and it is the only one on
    drafts, so nobody waits in a circle. Without the key, since rows that point at an organisation
    (a sheet, for one) are written meanwhile.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _opened(organisation: Organisation) -> tuple[Edition, Assessment | None]:
    """The current edition, and what the draft is or begins with."""
    source = _source(organisation)
    if source is not None and source.edition.state == EditionState.PUBLISHED:
        return source.edition, source
    return _current(), source


def _current() -> Edition:
    edition = Edition.objects.current()
    if edition is None:
        raise NoEdition
    return edition


def _source(organisation: Organisation) -> Assessment | None:
    """The stored draft, or else what was published last."""
    return (
        Assessment.objects.filter(organisation=organisation)
        .filter(Q(number=None) | Q(published_at__isnull=False))
        .select_related("edition")
        .order_by(F("number").desc(nulls_first=True))
        .first()
    )


def _answers(source: Assessment, current: terms.Edition) -> dict[str, terms.Answer]:
    """The answers whose question has kept its slug and meaning."""
    same = _same(source.edition.as_terms(), current)
    return {
        slug: said
        for slug, said in answers_of([source.pk])[source.pk].items()
        if slug in same and (not said.na or current.by_slug[slug].allow_na)
    }


def _requirements(source: Assessment, current: terms.Edition) -> terms.Requirements:
    """The requirements whose question has kept its slug and meaning."""
    same = _same(source.edition.as_terms(), current)
    asked = requirements_of([source])[source.pk]
    return terms.Requirements(
        asked.threshold,
        {
            slug: one
            for slug, one in asked.criteria.items()
            if slug in same and current.by_slug[slug].role is not terms.Role.NONE
        },
    )


def _same(before: terms.Edition, current: terms.Edition) -> set[str]:
    return {
        criterion.slug
        for criterion in current.criteria
        if (earlier := before.by_slug.get(criterion.slug)) is not None
        and earlier.meaning == criterion.meaning
    }


@transaction.atomic
def start(organisation: Organisation) -> Assessment:
    """The one stored draft of an organisation under the current edition; made if there is none.

    A draft under an earlier edition gives way, and what its questions still ask is carried over
    with who changed it last.
    """
    _lock(organisation)
    edition = _current()
    source = _source(organisation)
    if source is None:
        return Assessment.objects.create(organisation=organisation, edition=edition)
    if source.number is None and source.edition_id == edition.pk:
        return source
    current = edition.as_terms()
    answers, requirements = _answers(source, current), _requirements(source, current)
    edits = list(
        AnswerEdit.objects.filter(assessment=source).annotate(criterion_slug=F("criterion__slug"))
    )
    if source.number is None:
        source.delete()
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
        if edit.criterion_slug in answers  # type: ignore[attr-defined]
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
    return put(hold(organisation), changes, by=by, at=at)


def put(draft: Draft, changes: Mapping[str, Change], *, by: User, at: datetime) -> Saved:
    """Save the answers to some criteria into a draft that is held.

    Answers have been checked against its edition. What says nothing new is not saved.
    """
    if gone := changes.keys() - draft.edition.by_slug.keys():
        raise NotAsked(*gone)
    marks: dict[str, str] = {}
    wanted: dict[str, terms.Answer | None] = {}
    collided: list[str] = []
    for slug, change in changes.items():
        stands = draft.mark(slug)
        marks[slug] = mark(draft.edition.by_slug[slug], change.answer)
        if marks[slug] in (stands, change.seen):
            continue  # It stands so already, or the person has left it as it was.
        if stands == change.seen:
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
    return Saved({slug: marks[slug] for slug in changes if slug not in conflicts}, conflicts)


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
        edition = _current()
    requirements = _requirements(published, draft.edition)
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
