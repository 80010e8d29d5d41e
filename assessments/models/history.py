"""The database itself keeps what a sheet was before, and numbers each removal.

Triggers do it, so that no way of changing a sheet can forget it: every value of the counter gets
its moment and its mark, a sheet that is replaced goes to the past ones, and so does one that is
removed by whatever means, which raises the counter by itself.
"""

from __future__ import annotations

from assessments.models.trigger import Trigger

_COUNTER, _SHEET = "assessments_revision", "assessments_sheet"
_CHANGE, _PAST = "assessments_sheetchange", "assessments_pastsheet"
TABLES = {_COUNTER, _SHEET, _CHANGE, _PAST}

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


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """All of them."""
    note = _note_number(vendor, "NEW.value")
    has_moved = "NEW.revision <> OLD.revision"
    remove = f"{_RAISE}; {_keep_past(_HEAD)}"
    return (
        Trigger("history_begun", _COUNTER, "AFTER INSERT", note),
        Trigger("history_counted", _COUNTER, "AFTER UPDATE OF value", note),
        Trigger(
            "history_replaced", _SHEET, "AFTER UPDATE", _keep_past("NEW.revision"), when=has_moved
        ),
        Trigger("history_removed", _SHEET, "AFTER DELETE", remove),
    )


def make_up(vendor: str) -> str:
    """The SQL that notes a counter which is older than the triggers."""
    return (
        f"INSERT INTO {_CHANGE} (number, made_at, mark) SELECT value, {_NEW[vendor]} "
        f"FROM {_COUNTER} WHERE NOT EXISTS (SELECT 1 FROM {_CHANGE} WHERE number = value)"
    )
