"""Assessments with their answers and requirements.

A draft has no number. A published assessment has a number and the moment of its publishing, and
never changes from then on: the database refuses it (see `frozen`). Its rows hold no person and no
state.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from assessments.models.criteria import Criterion, Edition, Level
from assessments.scoring import terms
from orgs.models import Organisation


class Assessment(models.Model):
    """An organisation's answers under one edition, with what it asks of others."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assessments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField(null=True, blank=True)
    threshold = models.PositiveSmallIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # A draft that gave way to one under newer criteria; its organisation can still read it.
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "number"), name="assessment_number_once"
            ),
            models.UniqueConstraint(
                fields=("organisation",),
                condition=Q(number=None, is_set_aside=False),
                name="assessment_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(is_set_aside=False) | Q(number=None, published_at=None),
                name="assessment_only_drafts_set_aside",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(number__gte=1),
                name="assessment_published_has_number",
            ),
            models.CheckConstraint(
                condition=Q(threshold=None) | Q(threshold__lte=100), name="assessment_threshold"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id} no. {self.number or 'draft'}"


class AnswerForm(models.TextChoices):
    """Which of the ways to answer an answer takes."""

    LEVEL = "level"
    VALUE = "value"
    LICENCES = "licences"
    NA = "na"
    UNKNOWN = "unknown"
    OFFERS = "offers"


class Answer(models.Model):
    """What an organisation says to one criterion."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    form = models.CharField(max_length=10)
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="+")
    # As text, since a decimal column of SQLite is a binary fraction and holds 15 digits.
    value = models.CharField(max_length=40, blank=True)
    licences = models.JSONField(default=list, blank=True)
    na = models.TextField(blank=True)
    offers = models.JSONField(default=list, blank=True)
    needs = models.JSONField(default=list, blank=True)
    withheld = models.BooleanField(default=False)
    reservation = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "criterion"), name="answer_once"),
            models.CheckConstraint(
                condition=Q(form__in=AnswerForm.values), name="answer_form_known"
            ),
            models.CheckConstraint(
                condition=Q(form="level", level__isnull=False) | (~Q(form="level") & Q(level=None)),
                name="answer_level_where_due",
            ),
            models.CheckConstraint(
                condition=(Q(form="value") & ~Q(value="")) | (~Q(form="value") & Q(value="")),
                name="answer_value_where_due",
            ),
            models.CheckConstraint(
                condition=(Q(form="na") & ~Q(na="")) | (~Q(form="na") & Q(na="")),
                name="answer_reason_where_due",
            ),
            models.CheckConstraint(
                condition=Q(reservation="") | Q(form="level"), name="answer_but_beside_level"
            ),
            models.CheckConstraint(
                condition=Q(withheld=False) | Q(form__in=("level", "value", "licences")),
                name="answer_withheld_where_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.criterion_id}"

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        criterion_id: int,
        level_ids: dict[str, int],
        said: terms.Answer,
    ) -> Answer:
        """The row of an answer, not yet stored; `level_ids` by slug, of that criterion."""
        return cls(
            assessment=assessment,
            criterion_id=criterion_id,
            form=_form(said),
            level_id=None if said.level is None else level_ids[said.level],
            value="" if said.value is None else format(said.value, "f"),
            licences=list(said.licences),
            na=said.na,
            offers=list(said.offers),
            needs=list(said.needs),
            withheld=said.withheld,
            reservation=said.reservation,
            evidence=list(said.evidence),
            note=said.note,
        )

    def as_terms(self, level: str | None) -> terms.Answer:
        """The answer as the pure rooms know it; `level` is the slug of its level."""
        return terms.Answer(
            level=level,
            value=Decimal(self.value) if self.value else None,
            licences=tuple(self.licences),
            na=self.na,
            unknown=self.form == AnswerForm.UNKNOWN,
            offers=tuple(self.offers),
            needs=tuple(self.needs),
            withheld=self.withheld,
            reservation=self.reservation,
            evidence=tuple(self.evidence),
            note=self.note,
        )


def _form(said: terms.Answer) -> AnswerForm:
    if said.level is not None:
        return AnswerForm.LEVEL
    if said.value is not None:
        return AnswerForm.VALUE
    if said.licences:
        return AnswerForm.LICENCES
    if said.na:
        return AnswerForm.NA
    return AnswerForm.UNKNOWN if said.unknown else AnswerForm.OFFERS


class Requirement(models.Model):
    """What an organisation itself says that it asks on one criterion.

    `importance` None: not said. `must_reach` counts only where `says_must_reach`; None then takes
    the standard policy's deal-breaker away.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="requirements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    importance = models.PositiveSmallIntegerField(null=True, blank=True)
    says_must_reach = models.BooleanField(default=False)
    must_reach = models.CharField(max_length=100, null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "criterion"), name="requirement_once"),
            models.CheckConstraint(
                condition=Q(importance=None) | Q(importance__lte=terms.GREATEST_IMPORTANCE),
                name="requirement_importance",
            ),
            models.CheckConstraint(
                condition=Q(says_must_reach=True) | Q(must_reach=None),
                name="requirement_said_where_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.criterion_id}"


def answers_of(assessment_ids: list[int]) -> dict[int, dict[str, terms.Answer]]:
    """The answers of some assessments, by assessment and criterion slug: one query."""
    found: dict[int, dict[str, terms.Answer]] = {pk: {} for pk in assessment_ids}
    rows = Answer.objects.filter(assessment__in=assessment_ids).annotate(
        criterion_slug=F("criterion__slug"), level_slug=F("level__slug")
    )
    for row in rows.iterator(chunk_size=5000):
        found[row.assessment_id][row.criterion_slug] = row.as_terms(row.level_slug)
    return found


def requirements_of(assessments: list[Assessment]) -> dict[int, terms.Requirements]:
    """What some assessments ask of others, by assessment: one query."""
    asked: dict[int, dict[str, terms.Asked]] = {row.pk: {} for row in assessments}
    rows = Requirement.objects.filter(assessment__in=asked).annotate(
        criterion_slug=F("criterion__slug")
    )
    for row in rows.iterator(chunk_size=5000):
        asked[row.assessment_id][row.criterion_slug] = terms.Asked(
            row.importance, row.must_reach, row.says_must_reach
        )
    return {row.pk: terms.Requirements(row.threshold, asked[row.pk]) for row in assessments}
