"""The database itself marks anew how organisations describe themselves, whenever that changes.

Triggers do it, so that no way of describing an organisation can forget it. PostgreSQL keeps every
version of a row until a transaction ends, so there a mark is renewed once a statement, not a row.
The mark is the last row that anybody holds: after `Revision` and after the organisations.
"""

from __future__ import annotations

from collections.abc import Iterator

_ORGANISATION, _MARK = "orgs_organisation", "assessments_descriptionmark"
TABLES = {_ORGANISATION, _MARK}

_DESCRIBED = "renewal_described"
_DELETED = "renewal_deleted"
_COLUMNS = ("slug", "name", "country", "sectors", "search_text")
"""What lists show, sort and narrow by."""
_NAMES = (_DESCRIBED, _DELETED)

_RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}


def _renew(vendor: str) -> str:
    return (
        f"INSERT INTO {_MARK} (id, mark) SELECT 1, {_RANDOM[vendor]} WHERE true "
        "ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    )


def statements(vendor: str) -> Iterator[str]:
    """The SQL that puts up every trigger, in the place of an earlier one of the same name.

    It marks anew as well: who knows what changed while they were down?
    """
    yield from dropped(vendor)
    renew = _renew(vendor)
    yield from _of_sqlite(renew) if vendor == "sqlite" else _of_postgresql(renew)
    yield renew


def _of_sqlite(renew: str) -> Iterator[str]:
    changes = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _COLUMNS)
    yield (
        f"CREATE TRIGGER {_DESCRIBED} AFTER UPDATE ON {_ORGANISATION} WHEN {changes} "
        f"BEGIN {renew}; END"
    )
    yield f"CREATE TRIGGER {_DELETED} AFTER DELETE ON {_ORGANISATION} BEGIN {renew}; END"


def _of_postgresql(renew: str) -> Iterator[str]:
    changes = " OR ".join(f"now.{name} <> was.{name}" for name in _COLUMNS)
    changed = f"SELECT FROM was LEFT JOIN now USING (id) WHERE now.id IS NULL OR {changes}"
    for name, event, tables, fires in (
        (_DESCRIBED, "UPDATE", "OLD TABLE AS was NEW TABLE AS now", changed),
        (_DELETED, "DELETE", "OLD TABLE AS was", "SELECT 1 FROM was"),
    ):
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN IF EXISTS ({fires}) THEN {renew}; END IF; RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {_ORGANISATION} REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def dropped(vendor: str) -> Iterator[str]:
    """The SQL that takes every trigger away."""
    for name in _NAMES:
        on = "" if vendor == "sqlite" else f" ON {_ORGANISATION}"
        yield f"DROP TRIGGER IF EXISTS {name}{on}"
