"""What is published never changes: the database refuses it, whoever asks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from pytest_django import Settings

from assessments import curation
from assessments import migrations as first_migrations
from assessments.catalogue import edition_file
from assessments.models import (
    Answer,
    Assessment,
    Criterion,
    Dimension,
    Edition,
    Level,
    Requirement,
    frozen,
    triggers,
)
from tests.assessments.commands import everything
from tests.cast import Cast, edition_toml, publish_edition

pytestmark = pytest.mark.django_db

IS_SQLITE = connection.vendor == "sqlite"
of_sqlite = pytest.mark.skipif(not IS_SQLITE, reason="a word of SQLite only")
of_postgresql = pytest.mark.skipif(IS_SQLITE, reason="a word of PostgreSQL only")

MODELS: list[type[models.Model]] = [
    *(Edition, Dimension, Criterion, Level, Assessment, Answer, Requirement),
]
each_table = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__.lower())
MARK = "assessments_descriptionmark"
SAYS = "published: this row never changes"
FAR = 1_000_000
"""So far from all ids lie those of rows that are not there."""

Model = type[models.Model]


@dataclass(frozen=True)
class Stock:
    """The id of a row of each table that is published, and of one that is not."""

    published: dict[Model, int]
    drafted: dict[Model, int]


@pytest.fixture
def stock(cast: Cast) -> Stock:
    """Beside what the cast has published, a draft edition, and a draft of Birch's answers."""
    curation.load(edition_file.read(edition_toml("next")))
    draft = Edition.objects.get(slug="next")
    assessment = Assessment.objects.create(organisation=cast.birch, edition=cast.edition)
    rules = cast.edition.criteria.get(slug="rules")
    answer = Answer.objects.create(assessment=assessment, criterion=rules, form="unknown")
    requirement = Requirement.objects.create(assessment=assessment, criterion=rules, importance=1)
    return Stock(
        published=_some(cast.edition),
        drafted=_some(draft)
        | {Assessment: assessment.pk, Answer: answer.pk, Requirement: requirement.pk},
    )


def _some(edition: Edition) -> dict[Model, int]:
    of_edition = {"criterion__edition": edition}
    of_published = {**of_edition, "assessment__published_at__isnull": False}
    found: dict[Model, models.Model | None] = {
        Edition: edition,
        Dimension: edition.dimensions.first(),
        Criterion: edition.criteria.first(),
        Level: Level.objects.filter(**of_edition).first(),
        Assessment: edition.assessments.exclude(published_at=None).first(),
        Answer: Answer.objects.filter(**of_published).first(),
        Requirement: Requirement.objects.filter(**of_published).first(),
    }
    return {model: row.pk for model, row in found.items() if row is not None}


def execute(statement: str) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        changed: int = cursor.rowcount
        return changed


@contextmanager
def refused(says: str = SAYS) -> Iterator[None]:
    """The database refuses what is done here because it is published, and nothing changes."""
    before = everything()
    with (
        pytest.raises(IntegrityError, match=says),
        transaction.atomic(),
    ):
        yield
    assert everything() == before


def truncate(name: str) -> None:
    """Try to empty a table and all that points at it."""
    # PostgreSQL has to check what was inserted first, or it says no for another reason.
    connection.check_constraints()
    with refused():
        execute(f"TRUNCATE {name} CASCADE")


def table(model: Model) -> str:
    return model._meta.db_table


def columns(model: Model) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def a_copy(model: Model, pk: int, **others: str) -> str:
    """A row as the values to insert, some columns given otherwise."""
    chosen = ", ".join(others.get(name, name) for name in columns(model))
    return f"INTO {table(model)} ({', '.join(columns(model))}) SELECT {chosen} " + (
        f"FROM {table(model)} WHERE id = {pk}"
    )


class TestRawSQL:
    @pytest.mark.parametrize("model", MODELS[1:], ids=lambda model: model.__name__.lower())
    def test_updates_no_column_of_a_published_row(self, stock: Stock, model: Model) -> None:
        for column in columns(model):
            with refused():
                execute(
                    f"UPDATE {table(model)} SET {column} = {column} "
                    f"WHERE id = {stock.published[model]}"
                )

    def test_updates_nothing_of_a_published_edition_but_its_state(self, stock: Stock) -> None:
        values = {
            "id": f"id + {FAR}",
            "slug": "'other'",
            "title": "'Other'",
            "language": "'de'",
            "threshold": "threshold + 1",
            "description": "'other'",
            "licence": "'MIT'",
            "translations": "'{}'",
            "published_at": "'2020-01-01 00:00:00+00:00'",
        }
        assert {*values, "state"} == set(columns(Edition))
        for column, value in values.items():
            with refused():
                execute(f"UPDATE assessments_edition SET {column} = {value} WHERE slug = 'small'")
        with refused():
            execute(
                "UPDATE assessments_edition SET state = 'draft', published_at = NULL "
                "WHERE slug = 'small'"
            )

    @each_table
    def test_deletes_no_published_row(self, stock: Stock, model: Model) -> None:
        with refused():
            execute(f"DELETE FROM {table(model)} WHERE id = {stock.published[model]}")

    @each_table
    def test_inserts_nothing_in_the_place_of_a_published_row(
        self, stock: Stock, model: Model
    ) -> None:
        pk = stock.published[model]
        # Where nothing can take the place of another, its key alone refuses it.
        says = SAYS if IS_SQLITE else f"{SAYS}|duplicate key"
        with refused(says):
            execute(f"INSERT {a_copy(model, pk)}")
        with refused(says):
            execute(f"INSERT {a_copy(model, stock.drafted[model], id=str(pk))}")

    @each_table
    def test_inserts_no_row_that_is_published_or_joins_what_is(
        self, stock: Stock, model: Model
    ) -> None:
        with refused():
            execute(f"INSERT {a_copy(model, stock.published[model], id=str(FAR))}")

    @of_sqlite
    @each_table
    def test_replaces_no_published_row(self, stock: Stock, model: Model) -> None:
        pk = stock.published[model]
        for row in (
            a_copy(model, pk),
            a_copy(model, pk, id=str(FAR)),
            a_copy(model, stock.drafted[model], id=str(pk)),
        ):
            for words in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
                with refused():
                    execute(f"{words} {row}")

    @of_sqlite
    def test_replaces_no_published_row_by_another_key(self, stock: Stock) -> None:
        edition, assessment = stock.drafted[Edition], stock.drafted[Assessment]
        with refused():
            execute("INSERT OR REPLACE " + a_copy(Edition, edition, id=str(FAR), slug="'small'"))
        with refused():
            execute(
                f"UPDATE OR REPLACE assessments_edition SET slug = 'small' WHERE id = {edition}"
            )
        with refused():
            execute(
                "UPDATE OR REPLACE assessments_edition SET state = 'published', "
                f"published_at = '2026-07-01' WHERE id = {edition}"
            )
        with refused():
            execute("INSERT OR REPLACE " + a_copy(Assessment, assessment, id=str(FAR), number="1"))
        with refused():
            execute(
                f"UPDATE OR REPLACE assessments_assessment SET number = 1 WHERE id = {assessment}"
            )

    @each_table
    def test_upserts_no_published_row(self, stock: Stock, model: Model) -> None:
        pk = stock.published[model]
        column = columns(model)[1]
        for row in (a_copy(model, pk), a_copy(model, stock.drafted[model], id=str(pk))):
            with refused():
                execute(f"INSERT {row} ON CONFLICT (id) DO UPDATE SET {column} = excluded.{column}")

    def test_upserts_no_published_edition_by_its_slug(self, stock: Stock) -> None:
        row = a_copy(Edition, stock.drafted[Edition], id=str(FAR), slug="'small'")
        with refused():
            execute(f"INSERT {row} ON CONFLICT (slug) DO UPDATE SET title = 'Other'")

    def test_moves_no_draft_into_what_is_published(self, stock: Stock) -> None:
        for model, column, whole in (
            (Dimension, "edition_id", Edition),
            (Criterion, "edition_id", Edition),
            (Level, "criterion_id", Criterion),
            (Answer, "assessment_id", Assessment),
            (Requirement, "assessment_id", Assessment),
        ):
            with refused():
                execute(
                    f"UPDATE {table(model)} SET {column} = {stock.published[whole]} "
                    f"WHERE id = {stock.drafted[model]}"
                )

    @of_postgresql
    @each_table
    def test_truncates_no_table_with_published_rows(self, stock: Stock, model: Model) -> None:
        truncate(table(model))

    @of_postgresql
    def test_truncates_no_table_that_would_take_published_rows_along(self, stock: Stock) -> None:
        truncate("orgs_organisation")

    def test_publishes_nothing_back(self, stock: Stock) -> None:
        with refused():
            execute("UPDATE assessments_assessment SET published_at = NULL WHERE number = 1")


class TestOurCode:
    @each_table
    def test_saves_and_deletes_no_published_row(self, stock: Stock, model: Model) -> None:
        row = model._default_manager.get(pk=stock.published[model])
        # Django itself stops before a row to which others point.
        with refused(f"{SAYS}|protected foreign keys"):
            row.delete()
        if isinstance(row, Edition):
            row.title = "Other"
        with refused():
            row.save()
        with refused(f"{SAYS}|protected foreign keys"):
            model._default_manager.filter(pk=row.pk).delete()


class TestWhatMayChange:
    @each_table
    def test_a_draft_can_be_edited_and_deleted(self, stock: Stock, model: Model) -> None:
        pk = stock.drafted[model]
        column = columns(model)[-1]

        assert execute(f"UPDATE {table(model)} SET {column} = {column} WHERE id = {pk}") == 1
        model._default_manager.get(pk=pk).save()
        model._default_manager.get(pk=pk).delete()

        assert not model._default_manager.filter(pk=pk).exists()

    def test_a_draft_can_grow(self, stock: Stock) -> None:
        draft = Edition.objects.get(pk=stock.drafted[Edition])
        dimension = Dimension.objects.create(edition=draft, slug="new", position=99, title="New")
        criterion = draft.criteria.get(slug="rules")
        criterion.pk, criterion.slug, criterion.position = None, "new", 99
        criterion.dimension = dimension
        criterion.save()
        Level.objects.create(criterion=criterion, slug="yes", position=0)

        assert draft.as_terms().criteria[-1].slug == "new"

    def test_a_draft_of_answers_can_be_published(self, stock: Stock) -> None:
        draft = Assessment.objects.filter(pk=stock.drafted[Assessment])
        draft.update(number=2, published_at="2026-05-01T00:00:00Z")

        with refused():
            draft.update(threshold=1)

    def test_a_published_edition_can_be_retired_and_nothing_else(self, stock: Stock) -> None:
        set_state = "UPDATE assessments_edition SET state = '{}' WHERE slug = 'small'"
        assert execute(set_state.format("published")) == 1

        assert execute(set_state.format("retired")) == 1

        with refused():
            execute(set_state.format("published"))
        with refused():
            execute(set_state.format("draft"))
        with refused():
            execute("UPDATE assessments_edition SET title = 'Other' WHERE slug = 'small'")
        with refused():
            execute(
                "UPDATE assessments_criterion SET importance = 1 "
                f"WHERE id = {stock.published[Criterion]}"
            )


def assert_guarded() -> None:
    """Every guard stands, and works."""
    assert triggers.standing(connection) == triggers.expected(connection)
    edition = Edition.objects.filter(state="published").first()
    assert edition is not None
    with refused():
        execute(f"UPDATE assessments_edition SET title = 'Other' WHERE id = {edition.pk}")
    with refused():
        execute(f"UPDATE assessments_criterion SET unit = 'x' WHERE edition_id = {edition.pk}")


def test_every_guard_stands(cast: Cast) -> None:
    each = 3 if IS_SQLITE else 4
    assert len(frozen.triggers(connection.vendor)) == each * len(MODELS)
    assert_guarded()


REBUILT = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "{after}")]
    operations = [
        migrations.AlterField("edition", "licence", models.CharField(max_length=201, blank=True)),
        migrations.AlterField("dimension", "title", models.CharField(max_length=201)),
        migrations.AlterField("criterion", "unit", models.CharField(max_length=101, blank=True)),
        migrations.AlterField("level", "bound", models.CharField(max_length=41, blank=True)),
        migrations.AlterField("assessment", "threshold", models.IntegerField(null=True)),
        migrations.AlterField("answer", "value", models.CharField(max_length=41, blank=True)),
        migrations.AlterField("requirement", "importance", models.IntegerField(null=True)),
    ]
"""
"""A migration for which SQLite has to rebuild every guarded table."""


@pytest.mark.django_db(transaction=True)
class TestMigrating:
    def test_that_rebuilds_every_table_keeps_all_rows_and_guards(
        self,
        cast: Cast,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        settings: Settings,
    ) -> None:
        ((_, last),) = MigrationLoader(connection).graph.leaf_nodes("assessments")
        (folder,) = map(Path, first_migrations.__path__)
        shutil.copytree(folder, tmp_path / "rebuilding_migrations")
        (tmp_path / "rebuilding_migrations" / "9999_rebuilt.py").write_text(
            REBUILT.format(after=last)
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        settings.MIGRATION_MODULES = {"assessments": "rebuilding_migrations"}
        before = everything()
        try:
            call_command("migrate", "assessments", verbosity=0)
            after = everything()
            assert_guarded()
        finally:
            call_command("migrate", "assessments", last, verbosity=0)

        for model in MODELS:
            assert after[table(model)] == before[table(model)]
        # Nobody knows what was described while the triggers were down.
        assert everything().pop(MARK) != before.pop(MARK)
        assert {**everything(), MARK: []} == {**before, MARK: []}
        assert_guarded()

    def test_puts_up_guards_that_a_rebuilt_table_has_lost(self, cast: Cast) -> None:
        if IS_SQLITE:
            with connection.schema_editor() as editor:
                editor._remake_table(Answer)  # type: ignore[attr-defined]
        else:
            execute("DROP TRIGGER frozen_assessments_answer_update ON assessments_answer")
        assert triggers.standing(connection) < triggers.expected(connection)

        call_command("migrate", verbosity=0)

        assert_guarded()


@pytest.mark.django_db(transaction=True)
def test_flush_empties_everything_and_leaves_the_guards(cast: Cast) -> None:
    call_command("flush", interactive=False, verbosity=0)

    rows = everything()
    assert not any(rows[table(model)] for model in MODELS)
    assert rows["orgs_organisation"] == rows["assessments_sheet"] == []
    publish_edition(edition_toml("after"))
    assert_guarded()


@pytest.mark.django_db(transaction=True)
def test_a_flush_that_fails_leaves_rows_and_guards(cast: Cast) -> None:
    before = everything()

    def empty_and_fail() -> None:
        with triggers.lifted():
            execute("DELETE FROM assessments_requirement")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        empty_and_fail()

    assert everything() == before
    assert_guarded()


@of_postgresql
@pytest.mark.django_db
def test_the_guards_read_no_table_as_a_whole_whatever_is_planned() -> None:
    """A plan made over nearly empty tables made each of a thousand organisations slower to load."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE 'enable_seqscan=off' = ANY (proconfig)"
        )
        assert {name for (name,) in cursor.fetchall()} >= triggers.expected(connection)
