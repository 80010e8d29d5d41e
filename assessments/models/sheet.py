"""Sheets: what scoring and matching read of an organisation, the counter of their changes, and
what they were before: the database itself keeps that (see `history`).
"""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from assessments.models.assessment import Assessment
from assessments.models.criteria import Edition
from orgs.models import Organisation


class Revision(models.Model):
    """One row that counts every change of any sheet.

    Whoever changes a sheet raises it in the same transaction, and the row stays locked until that
    transaction ends; so when a number can be read, every change up to it can be read too.
    """

    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="revision_one_row"),)

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def head(cls) -> int:
        """The number of the last change that is there for all to read."""
        return cls.objects.filter(pk=1).values_list("value", flat=True).first() or 0

    @classmethod
    def hold(cls) -> None:
        """Keep every other change of sheets waiting until this transaction ends."""
        cls.objects.get_or_create(pk=1, defaults={"value": 0})
        cls.objects.select_for_update().get(pk=1)

    @classmethod
    def raise_by_one(cls) -> int:
        """The number of a change that is being made; only inside a transaction."""
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError("A revision is raised in a transaction.")
        if not cls.objects.filter(pk=1).update(value=F("value") + 1):
            cls.objects.get_or_create(pk=1, defaults={"value": 0})
            cls.objects.filter(pk=1).update(value=F("value") + 1)
        return cls.head()


class SheetChange(models.Model):
    """One value that the counter of changes has had: since when, and a mark that no other has.

    By its mark a process knows that what it has in memory belongs to this database still, also
    after a backup was put back or a transaction came to nothing.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    mark = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.number} at {self.made_at}"


class Sheet(models.Model):
    """The last published assessment of an organisation, seen through the current edition.

    `row` is the packed row of `compatibility.encoding` (levels, importances, deal-breakers,
    threshold). An organisation without a published assessment has no sheet.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="sheet"
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    row = models.BinaryField()
    revision = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.revision}"


class PastSheet(models.Model):
    """What a sheet was from one revision on, until another replaced it or it was withdrawn.

    So the sheets as of any revision can be told: those of `Sheet` that are no younger, and of the
    past ones those with since <= revision < until. It outlives its organisation.
    """

    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    row = models.BinaryField()
    since = models.PositiveBigIntegerField()
    until = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("organisation", "until"), name="past_sheet_of_one"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} from {self.since} until {self.until}"


class DescriptionMark(models.Model):
    """One row whose mark is another one whenever an organisation describes itself otherwise.

    The database renews it (see `renewal`): by it a process knows that what it has in memory of
    their names, countries, sectors and texts is right still.
    """

    mark = models.CharField(max_length=32)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="description_mark_one_row"),)

    def __str__(self) -> str:
        return self.mark


def listed() -> QuerySet[Organisation]:
    """The organisations that anybody may see: those with a sheet, which comes with it."""
    return Organisation.objects.filter(sheet__isnull=False).select_related("sheet")
