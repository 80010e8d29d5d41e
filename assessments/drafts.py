"""The one draft of an organisation: what it is, and how it is read.

It is always under the current edition. It begins with what was published last, and is stored with
the first thing that is saved: reading changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q

from assessments import marks
from assessments.evaluation import Published
from assessments.models import AnswerEdit, Assessment, Edition
from assessments.models.assessment import answers_of, requirements_of
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from orgs.models import Organisation


class NoEdition(Exception):
    """There are no criteria yet that could be answered."""


@dataclass(frozen=True)
class Draft:
    """A draft as it stands under the current edition, by criterion slug.

    `row` is its edition as it is stored. `edits` has the last change of each answer that was
    changed in this draft. `stored` is its own row if it is held: one without a key if nothing is
    stored yet, None if it has to be carried over.
    `begins_with` is the published assessment from which a held draft is carried over.
    """

    organisation: Organisation
    row: Edition
    edition: terms.Edition
    answers: Mapping[str, terms.Answer]
    requirements: terms.Requirements
    edits: Mapping[str, AnswerEdit] = field(default_factory=dict)
    stored: Assessment | None = None
    begins_with: Assessment | None = None

    def mark(self, slug: str) -> str:
        """The mark of an answer that one sees here."""
        return marks.of_answer(self.edition.by_slug[slug], self.answers.get(slug))

    @property
    def whole_mark(self) -> str:
        """The mark of everything that one sees here, requirements too."""
        asked = self.requirements
        return marks.digest(
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


def read(organisation: Organisation, *, with_edits: bool = True) -> Draft:
    """The draft as it stands, or as it would begin now: at most five queries.

    Without its edits, nobody is told who changed what, for one query less.
    """
    edition, source = opened(organisation)
    current = edition.as_terms()
    if source is None:
        return Draft(organisation, edition, current, {}, terms.Requirements())
    # Nothing was changed yet in a draft that only begins with what is published.
    has_edits = with_edits and source.number is None
    return Draft(
        organisation=organisation,
        row=edition,
        edition=current,
        answers=answers_under(source, current),
        requirements=requirements_under(source, current),
        edits=_edits(source, current) if has_edits else {},
    )


def _edits(source: Assessment, current: terms.Edition) -> dict[str, AnswerEdit]:
    edits = AnswerEdit.objects.filter(assessment=source).annotate(
        criterion_slug=F("criterion__slug")
    )
    return {
        edit.criterion_slug: edit
        for edit in edits.select_related("changed_by")
        if edit.criterion_slug in current.by_slug
    }


def said(organisation: Organisation) -> tuple[Edition, Mapping[str, terms.Answer]]:
    """The current edition and the answers of the draft alone; NoEdition before the first.

    Two queries, or three after a change of editions.
    """
    edition, source = opened(organisation)
    return edition, {} if source is None else answers_under(source, edition.as_terms())


def hold(organisation: Organisation) -> Draft:
    """The draft with its answers alone, so held that nobody else changes it or publishes it.

    Only inside a transaction, with whose end it is let go. Three queries, or four after a change
    of editions.
    """
    lock(organisation)
    edition, source = opened(organisation)
    current = edition.as_terms()
    if source is None:
        # Nothing is carried over, so its row can just as well be made here.
        source = Assessment(organisation=organisation, edition=edition)
        return Draft(organisation, edition, current, {}, terms.Requirements(), stored=source)
    is_draft = source.number is None and source.edition_id == edition.pk
    answers = answers_under(source, current)
    stored = source if is_draft else None
    begins_with = source if source.number is not None else None
    return Draft(
        organisation,
        edition,
        current,
        answers,
        terms.Requirements(),
        stored=stored,
        begins_with=begins_with,
    )


def lock(organisation: Organisation) -> None:
    """Have all who change a draft, or make one, come one after the other.

    Of several locks this one is taken last (after that of `Revision`), and it is the only one on
    drafts, so nobody waits in a circle. Without the key, since rows that point at an organisation
    (a sheet, for one) are written meanwhile.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def opened(organisation: Organisation) -> tuple[Edition, Assessment | None]:
    """The current edition, and what the draft is or begins with."""
    source = source_of(organisation)
    if source is not None and source.edition.state == EditionState.PUBLISHED:
        return source.edition, source
    return current_edition(), source


def current_edition() -> Edition:
    """The edition under which every draft is; NoEdition before the first."""
    edition = Edition.objects.current()
    if edition is None:
        raise NoEdition
    return edition


def source_of(organisation: Organisation) -> Assessment | None:
    """The stored draft, or else what was published last."""
    return (
        Assessment.objects.filter(organisation=organisation)
        .filter(Q(number=None, is_set_aside=False) | Q(published_at__isnull=False))
        .select_related("edition")
        .order_by(F("number").desc(nulls_first=True))
        .first()
    )


def answers_under(source: Assessment, current: terms.Edition) -> dict[str, terms.Answer]:
    """The answers of a draft, or of what it begins with, that count under the current edition."""
    return kept(answers_of([source.pk])[source.pk], source.edition.as_terms(), current)


def kept(
    answers: Mapping[str, terms.Answer], before: terms.Edition, current: terms.Edition
) -> dict[str, terms.Answer]:
    """The answers whose question has kept its slug and meaning, and that it still allows."""
    same = _same(before, current)
    return {
        slug: said
        for slug, said in answers.items()
        if slug in same and (not said.na or current.by_slug[slug].allow_na)
    }


def requirements_under(source: Assessment, current: terms.Edition) -> terms.Requirements:
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
