"""What is published never changes: the database itself refuses it, on SQLite and PostgreSQL.

Its triggers (see `triggers`) stand in the way of `INSERT OR REPLACE` too, which deletes without
firing a trigger for deletes, and of PostgreSQL's TRUNCATE.
"""

from __future__ import annotations

from dataclasses import dataclass

from assessments.models.trigger import EACH_STATEMENT, Trigger

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

    def refuses(self, operation: str, vendor: str) -> str:
        """The condition under which an operation on a row is refused."""
        old, new = self.frozen.format(row="OLD"), self.frozen.format(row="NEW")
        if operation == "DELETE":
            return old
        if operation == "INSERT" and vendor == "postgresql":
            return new  # None takes the place of another there: its key refuses it.
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
_RAISE = f"RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'integrity_constraint_violation'"


def _name(guard: Guard, operation: str) -> str:
    return f"frozen_{guard.table}_{operation.lower()}"


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """All of them."""
    each = [_trigger(vendor, guard, operation) for guard in GUARDS for operation in _OPERATIONS]
    whole = [_whole(guard) for guard in GUARDS if vendor == "postgresql"]
    return (*each, *whole)


def _trigger(vendor: str, guard: Guard, operation: str) -> Trigger:
    return Trigger(
        _name(guard, operation),
        guard.table,
        f"BEFORE {operation}",
        f"SELECT RAISE(ABORT, '{_SAYS}')" if vendor == "sqlite" else _RAISE,
        when=guard.refuses(operation, vendor),
        returns="OLD" if operation == "DELETE" else "NEW",
    )


def _whole(guard: Guard) -> Trigger:
    """PostgreSQL empties a table as a whole without asking the triggers of its rows."""
    frozen = guard.frozen.format(row="there")
    return Trigger(
        _name(guard, "TRUNCATE"),
        guard.table,
        "BEFORE TRUNCATE",
        _RAISE,
        when=f"EXISTS (SELECT 1 FROM {guard.table} there WHERE {frozen})",
        of=EACH_STATEMENT,
    )
