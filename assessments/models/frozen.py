"""What is published never changes: the database itself refuses it, on SQLite and PostgreSQL.

Its triggers (see `triggers`) stand in the way of `INSERT OR REPLACE` too, which deletes without
firing a trigger for deletes, and of PostgreSQL's TRUNCATE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

_EDITION_TEXTS = "id slug title language threshold description licence translations published_at"

_EDITION_OF_CRITERION = (
    "(SELECT edition_id FROM assessments_criterion WHERE id = {row}.criterion_id)"
)
_IS_PUBLISHED_EDITION = (
    "EXISTS (SELECT 1 FROM assessments_edition WHERE id = {edition} AND state <> 'draft')"
)
_IS_PUBLISHED_ASSESSMENT = (
    "EXISTS (SELECT 1 FROM assessments_assessment "
    "WHERE id = {assessment} AND published_at IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Guard:
    """One table, and when a row of it is frozen, as SQL over a row named {row}.

    `may_change` is what an update of a frozen row may still do, as SQL over OLD and NEW.
    """

    table: str
    frozen: str
    may_change: str = ""

    def refuses(self, operation: str) -> str:
        """The condition under which an operation on a row is refused."""
        old, new = self.frozen.format(row="OLD"), self.frozen.format(row="NEW")
        if operation == "DELETE":
            return old
        if operation == "INSERT":
            # A row that would take the place of a frozen one, or join a frozen whole.
            inner = self.frozen.format(row="there")
            return (
                f"{new} OR EXISTS (SELECT 1 FROM {self.table} there "
                f"WHERE there.id = NEW.id AND {inner})"
            )
        if self.may_change:
            return f"({old}) AND NOT ({self.may_change})"
        if self.frozen == "{row}.published_at IS NOT NULL":
            return old
        return f"{old} OR {new}"


def _unchanged(columns: str) -> str:
    return " AND ".join(
        f"(NEW.{name} = OLD.{name} OR (NEW.{name} IS NULL AND OLD.{name} IS NULL))"
        for name in columns.split()
    )


GUARDS = (
    Guard(
        "assessments_edition",
        "{row}.state <> 'draft'",
        f"{_unchanged(_EDITION_TEXTS)} AND "
        "(NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'retired'))",
    ),
    Guard("assessments_dimension", _IS_PUBLISHED_EDITION.format(edition="{row}.edition_id")),
    Guard("assessments_criterion", _IS_PUBLISHED_EDITION.format(edition="{row}.edition_id")),
    Guard("assessments_level", _IS_PUBLISHED_EDITION.format(edition=_EDITION_OF_CRITERION)),
    Guard("assessments_assessment", "{row}.published_at IS NOT NULL"),
    Guard("assessments_answer", _IS_PUBLISHED_ASSESSMENT.format(assessment="{row}.assessment_id")),
    Guard(
        "assessments_requirement",
        _IS_PUBLISHED_ASSESSMENT.format(assessment="{row}.assessment_id"),
    ),
)
TABLES = {guard.table for guard in GUARDS}
_OPERATIONS = ("INSERT", "UPDATE", "DELETE")
_SAYS = "published: this row never changes"


def _name(guard: Guard, operation: str) -> str:
    return f"frozen_{guard.table}_{operation.lower()}"


def expected(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers that must stand on a database."""
    operations = _OPERATIONS if connection.vendor == "sqlite" else (*_OPERATIONS, "TRUNCATE")
    return {_name(guard, operation) for guard in GUARDS for operation in operations}


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of those that do stand."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen%'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'frozen%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def statements(vendor: str) -> Iterator[str]:
    """The SQL that puts up every trigger, in the place of an earlier one of the same name."""
    for guard in GUARDS:
        for operation in _OPERATIONS:
            yield from _statements(vendor, guard, operation)


def dropped(vendor: str) -> Iterator[str]:
    """The SQL that takes every trigger away."""
    for guard in GUARDS:
        names = [_name(guard, operation) for operation in _OPERATIONS]
        if vendor == "sqlite":
            yield from (f"DROP TRIGGER IF EXISTS {name}" for name in names)
        else:
            names.append(_name(guard, "TRUNCATE"))
            yield from (f"DROP TRIGGER IF EXISTS {name} ON {guard.table}" for name in names)


def _statements(vendor: str, guard: Guard, operation: str) -> list[str]:
    name = _name(guard, operation)
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {operation} ON {guard.table} "
            f"WHEN {guard.refuses(operation)} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END",
        ]
    row = "OLD" if operation == "DELETE" else "NEW"
    made = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {guard.refuses(operation)} THEN RAISE EXCEPTION '{_SAYS}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {guard.table}",
        f"CREATE TRIGGER {name} BEFORE {operation} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
    if operation == "DELETE":
        whole = _name(guard, "TRUNCATE")
        made += [
            f"CREATE OR REPLACE FUNCTION {whole}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS (SELECT 1 FROM {guard.table} there "
            f"WHERE {guard.frozen.format(row='there')}) THEN RAISE EXCEPTION '{_SAYS}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {whole} ON {guard.table}",
            f"CREATE TRIGGER {whole} BEFORE TRUNCATE ON {guard.table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {whole}()",
        ]
    return made
