"""Publishing and withdrawing: frozen, numbered, seen at once, and gone at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from assessments import drafting, evaluation, matching, publishing
from assessments.models import (
    Answer,
    AnswerEdit,
    Assessment,
    Edition,
    Publication,
    Requirement,
    Revision,
    Sheet,
    Withdrawal,
)
from assessments.scoring.terms import Asked, Requirements
from orgs.models import Organisation
from tests import drafters
from tests.cast import Cast, edition_toml, publish_edition
from tests.drafters import BUT, LATER, NO, NOON, YES, Hazel

pytestmark = pytest.mark.django_db


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    return drafters.found()


def _publish(hazel: Hazel, **others: str) -> Assessment:
    return publishing.publish(hazel.organisation, by=hazel.ana, at=NOON, **others)


def test_is_numbered_dated_and_seen_at_once(hazel: Hazel, cast: Cast) -> None:
    hazel.save(YES)
    before = Revision.head()
    made = _publish(hazel)
    assert (made.number, made.published_at) == (1, NOON)
    assert Publication.objects.get(assessment=made).published_by == hazel.ana
    assert Sheet.objects.get(organisation=hazel.organisation).assessment == made
    assert Revision.head() == before + 1
    found = matching.matches(cast.alder, cast.edition)
    assert "hazel" in [match.slug for match in found]


def test_answers_and_requirements_are_frozen_together(hazel: Hazel) -> None:
    hazel.save(BUT)
    asked = Requirements(75, {"rules": Asked(9)})
    drafting.save_requirements(hazel.organisation, asked)
    made = _publish(hazel)
    hazel.save(NO)
    drafting.save_requirements(hazel.organisation, Requirements(10))
    (published,) = evaluation.read([Assessment.objects.get(pk=made.pk)])
    assert published.answers == {"rules": BUT}
    assert published.requirements == asked
    for rows in (
        Assessment.objects.filter(pk=made.pk),
        Answer.objects.filter(assessment=made),
        Requirement.objects.filter(assessment=made),
    ):
        field = "note" if rows.model is Answer else "id"
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows.update(**{field: 4711 if field == "id" else "changed"})
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            rows._raw_delete(connection.alias)


def test_frozen_rows_hold_no_person(hazel: Hazel) -> None:
    hazel.save(YES)
    _publish(hazel)
    assert not AnswerEdit.objects.exists()
    for model in (Assessment, Answer, Requirement):
        assert not [field for field in model._meta.fields if field.related_model is type(hazel.ana)]


def test_what_was_not_looked_at_is_not_published(hazel: Hazel) -> None:
    hazel.save(YES)
    seen = hazel.draft().whole_mark
    hazel.save(NO, by=hazel.emre)
    with pytest.raises(publishing.DraftChanged):
        _publish(hazel, seen=seen)
    drafting.save_requirements(hazel.organisation, Requirements(10))
    assert _publish(hazel, seen=hazel.draft().whole_mark).number == 1


def test_nothing_is_published_before_anything_is_answered(hazel: Hazel) -> None:
    with pytest.raises(publishing.NothingToPublish):
        _publish(hazel)
    assert not Assessment.objects.exists()


def test_a_draft_under_an_earlier_edition_is_brought_to_the_current_one(hazel: Hazel) -> None:
    hazel.save(YES)
    publish_edition(edition_toml("next"))
    assert _publish(hazel).edition.slug == "next"


def test_a_draft_is_seen_by_nobody_and_changes_no_sheet(hazel: Hazel) -> None:
    hazel.save(YES)
    _publish(hazel)
    row = bytes(Sheet.objects.get(organisation=hazel.organisation).row)
    hazel.save(NO)
    assert bytes(Sheet.objects.get(organisation=hazel.organisation).row) == row


def test_withdrawn_and_published_again(hazel: Hazel, cast: Cast) -> None:
    hazel.save(YES)
    _publish(hazel)
    head = Revision.head()
    publishing.withdraw(hazel.organisation, by=hazel.ana, at=LATER)
    assert publishing.any_withdrawn(["hazel"])
    assert Revision.head() == head + 1
    found = matching.matches(cast.alder, cast.edition)
    assert "hazel" not in [match.slug for match in found]
    assert hazel.draft().answers == {"rules": YES}
    with pytest.raises(publishing.NothingToWithdraw):
        publishing.withdraw(hazel.organisation, by=hazel.ana, at=LATER)

    assert _publish(hazel).number == 2
    assert not publishing.any_withdrawn(["hazel"])
    assert Withdrawal.objects.get().ended_at == NOON


def test_what_was_never_published_can_be_removed(hazel: Hazel, cast: Cast) -> None:
    hazel.save(YES)
    publishing.remove(hazel.organisation)
    assert not Organisation.objects.filter(slug="hazel").exists()
    assert not Assessment.objects.filter(number=None).exists()


def test_what_was_ever_published_stays(hazel: Hazel) -> None:
    hazel.save(YES)
    _publish(hazel)
    publishing.withdraw(hazel.organisation, by=hazel.ana, at=LATER)
    with pytest.raises(publishing.EverPublished):
        publishing.remove(hazel.organisation)
    assert Assessment.objects.filter(organisation=hazel.organisation).count() == 1
