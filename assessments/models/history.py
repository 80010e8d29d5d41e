"""The database itself keeps what a sheet was before, and numbers each removal.

Triggers do it, so that no way of changing a sheet can forget it: every value of the counter gets
its moment and its mark, a sheet that is replaced goes to the past ones, and so does one that is
removed by whatever means, which raises the counter by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

_COUNTER, _SHEET = "assessments_revision", "assessments_sheet"
_CHANGE, _PAST = "assessments_sheetchange", "assessments_pastsheet"
TABLES = {_COUNTER, _SHEET, _CHANGE, _PAST}

_COUNTED = "history_counted"
_BEGUN = "history_begun"
_REPLACED = "history_replaced"
_REMOVED = "history_removed"

# A moment and a mark as Django reads them, in UTC.
_NEW = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now'), lower(hex(randomblob(16)))",
    "postgresql": "clock_timestamp(), replace(gen_random_uuid()::text, '-', '')",
}


def _note_number(vendor: str, number: str) -> str:
    return (
        f"INSERT INTO {_CHANGE} (number, made_at, mark) SELECT {number}, {_NEW[vendor]} "
        "WHERE true ON CONFLICT (number) DO UPDATE "
        "SET made_at = excluded.made_at, mark = excluded.mark"
    )


def _keep_past(until: str) -> str:
    return (
        f'INSERT INTO {_PAST} (organisation_id, edition_id, "row", since, until) '
        f'VALUES (OLD.organisation_id, OLD.edition_id, OLD."row", OLD.revision, {until})'
    )


_RAISE = f"UPDATE {_COUNTER} SET value = value + 1 WHERE id = 1"
_HEAD = f"COALESCE((SELECT value FROM {_COUNTER} WHERE id = 1), OLD.revision + 1)"


def _triggers(vendor: str) -> tuple[tuple[str, str, str, str], ...]:
    """Each trigger: its name, its table, what fires it, what it does."""
    note = _note_number(vendor, "NEW.value")
    return (
        (_BEGUN, _COUNTER, "INSERT", note),
        (_COUNTED, _COUNTER, "UPDATE OF value", note),
        (_REPLACED, _SHEET, "UPDATE", _keep_past("NEW.revision")),
        (_REMOVED, _SHEET, "DELETE", f"{_RAISE}; {_keep_past(_HEAD)}"),
    )


def statements(vendor: str) -> Iterator[str]:
    """The SQL that puts up every trigger, in the place of an earlier one of the same name."""
    for name, table, event, does in _triggers(vendor):
        when = "WHEN (NEW.revision <> OLD.revision)" if name == _REPLACED else ""
        if vendor == "sqlite":
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {does}; END"
        else:
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ BEGIN {does}; RETURN NULL; END $$"
            )
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} "
                f"FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
            )
    # A counter that is older than these triggers.
    yield (
        f"INSERT INTO {_CHANGE} (number, made_at, mark) SELECT value, {_NEW[vendor]} "
        f"FROM {_COUNTER} WHERE NOT EXISTS (SELECT 1 FROM {_CHANGE} WHERE number = value)"
    )


def dropped(vendor: str) -> Iterator[str]:
    """The SQL that takes every trigger away."""
    for name, table, _, _ in _triggers(vendor):
        on = "" if vendor == "sqlite" else f" ON {table}"
        yield f"DROP TRIGGER IF EXISTS {name}{on}"
