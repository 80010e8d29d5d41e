"""Editions of the criteria, as tables.

A published edition never changes: the database refuses it (see `frozen`). Translations stand
beside the texts that they translate, as {language: {field: text}}.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from assessments.scoring import terms


class EditionState(models.TextChoices):
    """Where an edition is on its way."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class EditionManager(models.Manager["Edition"]):
    """Finds editions."""

    def current(self) -> Edition | None:
        """The current edition: the published one; None before the first."""
        return self.filter(state=EditionState.PUBLISHED).first()


class Edition(models.Model):
    """One version of the criteria. Of all editions at most one is published: the current one."""

    slug = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=35, default="en")
    threshold = models.PositiveSmallIntegerField(default=terms.DEFAULT_THRESHOLD)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EditionManager] = EditionManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("state",),
                condition=Q(state=EditionState.PUBLISHED),
                name="edition_one_is_current",
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values), name="edition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=EditionState.DRAFT, published_at=None)
                | (~Q(state=EditionState.DRAFT) & Q(published_at__isnull=False)),
                name="edition_dated_once_published",
            ),
            models.CheckConstraint(condition=Q(threshold__lte=100), name="edition_threshold"),
        )

    def __str__(self) -> str:
        return self.title

    def as_terms(self) -> terms.Edition:
        """The edition as the pure rooms know it: three queries, none for one that was read before.

        Only an edition that can no longer change is remembered.
        """
        if self.state == EditionState.DRAFT:
            return _read(self)
        return _remembered(self.pk, self.slug, str(self.published_at), _Unhashed(self))


class Dimension(models.Model):
    """A group of criteria."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="dimensions")
    slug = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    question = models.TextField(blank=True)
    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("edition", "slug"), name="dimension_slug_once"),
            models.UniqueConstraint(fields=("edition", "position"), name="dimension_place_once"),
        )

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    """One question about a practice or a material fact."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="criteria")
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="criteria")
    slug = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    question = models.TextField()
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=10)
    agreement = models.CharField(max_length=10)
    facet = models.CharField(max_length=10)
    principles = models.JSONField(default=list, blank=True)
    importance = models.PositiveSmallIntegerField()
    must_reach = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001
    headline = models.BooleanField()
    reversed = models.BooleanField()
    core = models.BooleanField()
    evidence = models.CharField(max_length=10)
    allow_na = models.BooleanField()
    na_meets = models.BooleanField()
    meaning = models.PositiveIntegerField()
    unit = models.CharField(max_length=100, blank=True)
    why = models.TextField(blank=True)
    example = models.TextField(blank=True)
    counter_example = models.TextField(blank=True)
    shows = models.TextField(blank=True)
    source = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("edition", "slug"), name="criterion_slug_once"),
            models.UniqueConstraint(fields=("edition", "position"), name="criterion_place_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(terms.Kind))
                & Q(role__in=list(terms.Role))
                & Q(agreement__in=list(terms.Agreement))
                & Q(facet__in=list(terms.Facet))
                & Q(evidence__in=list(terms.Evidence)),
                name="criterion_words_known",
            ),
            models.CheckConstraint(
                condition=Q(importance__lte=terms.GREATEST_IMPORTANCE) & Q(meaning__gte=1),
                name="criterion_numbers",
            ),
            models.CheckConstraint(
                condition=~Q(role=terms.Role.NONE) | Q(must_reach=None),
                name="criterion_without_role_breaks_no_deal",
            ),
            models.CheckConstraint(
                condition=Q(headline=False)
                | (Q(role=terms.Role.STANDARD) & Q(must_reach__isnull=False)),
                name="criterion_headline_can_decide",
            ),
            models.CheckConstraint(
                condition=Q(na_meets=False) | Q(allow_na=True), name="criterion_na_meets_if_allowed"
            ),
        )

    def __str__(self) -> str:
        return self.question


class Level(models.Model):
    """One possible answer to a criterion. `bound` is the number from which a band holds."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels")
    slug = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    credit = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)
    # As text, since a decimal column of SQLite is a binary fraction and holds 15 digits.
    bound = models.CharField(max_length=40, blank=True)
    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("criterion", "slug"), name="level_slug_once"),
            models.UniqueConstraint(fields=("criterion", "position"), name="level_place_once"),
            models.CheckConstraint(
                condition=Q(credit=None) | Q(credit__lte=100), name="level_credit"
            ),
        )

    def __str__(self) -> str:
        return self.text or self.slug


class _Unhashed:
    """Carries an edition through the memory of editions without being part of its key."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=16)
def _remembered(pk: int, slug: str, published_at: str, carried: _Unhashed) -> terms.Edition:
    return _read(carried.edition)


# The columns of a criterion that the pure rooms know under the same name.
_PLAIN = [
    "slug",
    "question",
    "importance",
    "must_reach",
    "headline",
    "reversed",
    "core",
    "allow_na",
    "na_meets",
    "meaning",
    "unit",
    "why",
    "example",
    "counter_example",
    "shows",
    "source",
    "reason",
]


def _read(edition: Edition) -> terms.Edition:
    dimensions = list(edition.dimensions.order_by("position"))
    criteria = list(
        edition.criteria.order_by("position").annotate(dimension_slug=F("dimension__slug"))
    )
    levels: dict[int, list[Level]] = {}
    for level in Level.objects.filter(criterion__edition=edition).order_by("position"):
        levels.setdefault(level.criterion_id, []).append(level)
    return terms.Edition(
        slug=edition.slug,
        title=edition.title,
        language=edition.language,
        threshold=edition.threshold,
        description=edition.description,
        licence=edition.licence,
        dimensions=tuple(
            terms.Dimension(dimension.slug, dimension.title, dimension.question)
            for dimension in dimensions
        ),
        criteria=tuple(
            _criterion(criterion, levels.get(criterion.pk, ())) for criterion in criteria
        ),
        translations=_translations(edition, dimensions, criteria, levels),
    )


def _criterion(row: Any, levels: Iterable[Level]) -> terms.Criterion:
    return terms.Criterion(
        **{name: getattr(row, name) for name in _PLAIN},
        dimension=row.dimension_slug,
        kind=terms.Kind(row.kind),
        role=terms.Role(row.role),
        agreement=terms.Agreement(row.agreement),
        facet=terms.Facet(row.facet),
        evidence=terms.Evidence(row.evidence),
        principles=tuple(row.principles),
        levels=tuple(
            terms.Level(
                level.slug,
                level.credit,
                level.text,
                Decimal(level.bound) if level.bound else None,
            )
            for level in levels
        ),
    )


@dataclass
class _Texts:
    """The texts of one language while they are gathered; a translation is read only."""

    edition: dict[str, str] = field(default_factory=dict)
    dimensions: dict[str, dict[str, str]] = field(default_factory=dict)
    criteria: dict[str, dict[str, str]] = field(default_factory=dict)
    levels: dict[str, dict[str, str]] = field(default_factory=dict)


def _translations(
    edition: Edition,
    dimensions: Iterable[Dimension],
    criteria: Iterable[Criterion],
    levels: Mapping[int, Iterable[Level]],
) -> dict[str, terms.Translation]:
    """The texts that stand beside each row, put together by language."""
    found: defaultdict[str, _Texts] = defaultdict(_Texts)
    for language, texts in edition.translations.items():
        found[language].edition.update(texts)
    for dimension in dimensions:
        for language, texts in dimension.translations.items():
            found[language].dimensions[dimension.slug] = texts
    for criterion in criteria:
        for language, texts in criterion.translations.items():
            found[language].criteria[criterion.slug] = texts
        for level in levels.get(criterion.pk, ()):
            for language, texts in level.translations.items():
                found[language].levels.setdefault(criterion.slug, {})[level.slug] = texts["text"]
    return {
        language: terms.Translation(texts.edition, texts.dimensions, texts.criteria, texts.levels)
        for language, texts in found.items()
    }
