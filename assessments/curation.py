"""What curators do with the criteria: import a draft, publish it, export an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from assessments import aftermath, evaluation, foresight, marks
from assessments.catalogue import edition_file, edition_rules
from assessments.models import Criterion, Dimension, Edition, Level, Revision
from assessments.models.criteria import EditionState
from assessments.progress import Report, to_nobody
from assessments.scoring import terms
from assessments.scoring.problems import Problem, Refused


class NoDraft(LookupError):
    """There is no draft of that slug: it is published or thrown away."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever publishes has compared: the current edition, by slug, and the draft, by mark."""

    current: str
    draft: str


class Outdated(Exception):
    """What was compared is not what is there any more; both say which of the two."""

    def __init__(self, *, is_current: bool, is_draft: bool) -> None:
        self.is_current = is_current
        self.is_draft = is_draft
        super().__init__(is_current, is_draft)


class Loaded(StrEnum):
    """What came of loading an edition."""

    UNCHANGED = "unchanged"
    DRAFT = "loaded as a draft"
    PUBLISHED = "published: it is the current edition"


def read(text: str) -> terms.Edition:
    """The edition that a file's text describes.

    Raises Refused with all that is wrong with it: in the file, and, as far as it can be read, in
    what it contradicts of the editions that were ever published.
    """
    try:
        return edition_file.read(text)
    except edition_file.Unreadable as unreadable:
        if unreadable.readable is None:
            raise
        raise Refused([*unreadable.problems, *_beside(unreadable.readable)]) from None


def _beside(readable: terms.Edition) -> list[Problem]:
    """In what an edition, or what could be read of one, contradicts those ever published."""
    earlier = ever_published()
    there = [one for one in earlier if one.slug == readable.slug]
    return [
        *([_published_otherwise(readable.slug)] if there else []),
        *edition_rules.continuity(readable, [row.as_terms() for row in earlier]),
    ]


@transaction.atomic
def load(
    edition: terms.Edition,
    *,
    publish_at: datetime | None = None,
    keeps_record: bool = False,
    report: Report = to_nobody,
) -> Loaded:
    """Load an edition as a draft, and publish it if a moment is given.

    A draft of the same slug is replaced; `keeps_record` as in `publish`. Raises Refused, with
    nothing changed, where the edition contradicts one that was ever published.
    """
    # One at a time, so that nobody publishes a draft that is just being replaced.
    Revision.hold()
    there = Edition.objects.select_for_update().filter(slug=edition.slug).first()
    if there is not None and there.state != EditionState.DRAFT:
        return _once_published(there, edition, wants_publishing=publish_at is not None)
    _refuse_contradictions(edition)
    if there is not None:
        there.delete()
    draft = _store(edition)
    if publish_at is None:
        return Loaded.DRAFT
    publish(draft, at=publish_at, keeps_record=keeps_record, report=report)
    return Loaded.PUBLISHED


def _once_published(there: Edition, edition: terms.Edition, *, wants_publishing: bool) -> Loaded:
    if there.as_terms() != edition:
        raise Refused(_beside(edition))
    if wants_publishing and there.state == EditionState.RETIRED:
        raise Refused(
            [
                Problem(
                    "edition.slug",
                    f"“{edition.slug}” is retired and cannot be published again.",
                    "Give the edition a new slug.",
                )
            ]
        )
    return Loaded.UNCHANGED


def _published_otherwise(slug: str) -> Problem:
    return Problem(
        "edition.slug",
        f"“{slug}” has been published with other content, and a published edition never changes.",
        "Give the edition a new slug.",
    )


@transaction.atomic
def publish(
    edition: Edition, *, at: datetime, keeps_record: bool = False, report: Report = to_nobody
) -> None:
    """Publish a draft: it becomes current, the one before is retired, every sheet is seen anew.

    `keeps_record`: what that sets off is worked out before, and kept.
    Raises Refused where the draft contradicts an edition that was ever published.
    """
    Revision.hold()
    read, earlier = edition.as_terms(), ever_published()
    if found := problems(read, earlier):
        raise Refused(found)
    if keeps_record and any(one.state == EditionState.PUBLISHED for one in earlier):
        aftermath.keep(edition, foresight.publishing(read, earlier))
    Edition.objects.filter(state=EditionState.PUBLISHED).update(state=EditionState.RETIRED)
    edition.state = EditionState.PUBLISHED
    edition.published_at = at
    edition.save(update_fields=["state", "published_at"])
    evaluation.renew_sheets(edition, report=report)


def mark(edition: terms.Edition) -> str:
    """A short sign of all that is in an edition, by which it is known whether it was replaced."""
    return marks.digest(edition_file.write(edition))


@transaction.atomic
def hold_draft(slug: str, seen: Seen) -> Edition:
    """The draft of a slug, held for the rest of the transaction, to be published as it was seen.

    Raises NoDraft where there is none any more, Outdated where it or the current edition is
    another one than was seen (nobody publishes what they have not compared), and Refused where it
    asks nothing by which anybody could be judged.
    """
    Revision.hold()
    draft = _draft(slug)
    current = Edition.objects.current()
    is_current = seen.current != ("" if current is None else current.slug)
    is_draft = seen.draft != mark(draft.as_terms())
    if is_current or is_draft:
        raise Outdated(is_current=is_current, is_draft=is_draft)
    if found := nothing_to_judge(draft.as_terms()):
        raise Refused(found)
    return draft


@transaction.atomic
def discard(slug: str) -> None:
    """Throw the draft of a slug away; NoDraft where there is none."""
    _draft(slug).delete()


def _draft(slug: str) -> Edition:
    found = Edition.objects.select_for_update().filter(slug=slug, state=EditionState.DRAFT).first()
    if found is None:
        raise NoDraft(slug)
    return found


def export(edition: Edition) -> str:
    """An edition as TOML, written from the tables; loading that gives the same edition."""
    return edition_file.write(edition.as_terms())


def ever_published() -> list[Edition]:
    """Every edition that was ever published, the first first."""
    return list(Edition.objects.exclude(state=EditionState.DRAFT).order_by("published_at"))


def problems(edition: terms.Edition, earlier: Iterable[Edition]) -> list[Problem]:
    """Why an edition cannot be published beside earlier ones; nothing if it can."""
    return [
        *edition_rules.exactness(edition),
        *edition_rules.continuity(edition, [row.as_terms() for row in earlier]),
    ]


def nothing_to_judge(edition: terms.Edition) -> list[Problem]:
    """Whether an edition asks nothing by which anybody could be judged; nothing if it does.

    The rules allow such an edition, so that a file may hold it; on the desk it is a slip, since
    everybody would become compatible with everybody.
    """
    return edition_rules.judging(edition)


def _refuse_contradictions(edition: terms.Edition) -> None:
    if found := problems(edition, ever_published()):
        raise Refused(found)


def _store(edition: terms.Edition) -> Edition:
    """Write an edition into the tables, as a draft."""
    translations = edition.translations
    row = Edition.objects.create(
        slug=edition.slug,
        title=edition.title,
        language=edition.language,
        threshold=edition.threshold,
        description=edition.description,
        licence=edition.licence,
        translations={tag: dict(texts.edition) for tag, texts in translations.items()},
    )
    dimensions = Dimension.objects.bulk_create(
        Dimension(
            edition=row,
            slug=dimension.slug,
            position=position,
            title=dimension.title,
            question=dimension.question,
            translations=_texts(
                {tag: texts.dimensions.get(dimension.slug) for tag, texts in translations.items()}
            ),
        )
        for position, dimension in enumerate(edition.dimensions)
    )
    by_slug = {dimension.slug: dimension for dimension in dimensions}
    criteria = Criterion.objects.bulk_create(
        _criterion_row(row, by_slug[criterion.dimension], position, criterion, translations)
        for position, criterion in enumerate(edition.criteria)
    )
    Level.objects.bulk_create(
        Level(
            criterion=criterion_row,
            slug=level.slug,
            position=position,
            credit=level.credit,
            text=level.text,
            bound="" if level.bound is None else format(level.bound, "f"),
            translations={
                tag: {"text": text}
                for tag, texts in translations.items()
                if (text := texts.levels.get(criterion.slug, {}).get(level.slug)) is not None
            },
        )
        for criterion_row, criterion in zip(criteria, edition.criteria, strict=True)
        for position, level in enumerate(criterion.levels)
    )
    return row


def _criterion_row(
    edition: Edition,
    dimension: Dimension,
    position: int,
    criterion: terms.Criterion,
    translations: Mapping[str, terms.Translation],
) -> Criterion:
    return Criterion(
        edition=edition,
        dimension=dimension,
        slug=criterion.slug,
        position=position,
        question=criterion.question,
        kind=criterion.kind,
        role=criterion.role,
        agreement=criterion.agreement,
        facet=criterion.facet,
        principles=list(criterion.principles),
        importance=criterion.importance,
        must_reach=criterion.must_reach,
        headline=criterion.headline,
        reversed=criterion.reversed,
        core=criterion.core,
        evidence=criterion.evidence,
        allow_na=criterion.allow_na,
        na_meets=criterion.na_meets,
        meaning=criterion.meaning,
        unit=criterion.unit,
        why=criterion.why,
        example=criterion.example,
        counter_example=criterion.counter_example,
        shows=criterion.shows,
        source=criterion.source,
        reason=criterion.reason,
        translations=_texts(
            {tag: texts.criteria.get(criterion.slug) for tag, texts in translations.items()}
        ),
    )


def _texts(by_language: Mapping[str, terms.Texts | None]) -> dict[str, dict[str, str]]:
    return {tag: dict(texts) for tag, texts in by_language.items() if texts is not None}
