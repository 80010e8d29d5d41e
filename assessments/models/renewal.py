"""The database itself marks anew how organisations describe themselves, whenever that changes.

Triggers do it, so that no way of describing an organisation can forget it. PostgreSQL keeps every
version of a row until a transaction ends, so there a mark is renewed once a statement, not a row.
The mark is the last row that anybody holds: after `Revision` and after the organisations.
"""

from __future__ import annotations

from assessments.models.trigger import EACH_STATEMENT, Trigger

_ORGANISATION, _MARK = "orgs_organisation", "assessments_descriptionmark"
TABLES = {_ORGANISATION, _MARK}

_COLUMNS = ("slug", "name", "country", "sectors", "search_text")
"""What lists show, sort and narrow by."""

_RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}


def make_up(vendor: str) -> str:
    """The SQL that marks anew; once the triggers stand, too: who knows what they have missed?"""
    return (
        f"INSERT INTO {_MARK} (id, mark) SELECT 1, {_RANDOM[vendor]} WHERE true "
        "ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"
    )


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """All of them."""
    renew = make_up(vendor)
    if vendor == "sqlite":
        changes = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _COLUMNS)
        return (
            Trigger("renewal_described", _ORGANISATION, "AFTER UPDATE", renew, when=changes),
            Trigger("renewal_deleted", _ORGANISATION, "AFTER DELETE", renew),
        )
    changes = " OR ".join(f"now.{name} <> was.{name}" for name in _COLUMNS)
    changed = f"SELECT FROM was LEFT JOIN now USING (id) WHERE now.id IS NULL OR {changes}"
    return (
        Trigger(
            "renewal_described",
            _ORGANISATION,
            "AFTER UPDATE",
            renew,
            when=f"EXISTS ({changed})",
            of=f"REFERENCING OLD TABLE AS was NEW TABLE AS now {EACH_STATEMENT}",
        ),
        Trigger(
            "renewal_deleted",
            _ORGANISATION,
            "AFTER DELETE",
            renew,
            when="EXISTS (SELECT FROM was)",
            of=f"REFERENCING OLD TABLE AS was {EACH_STATEMENT}",
        ),
    )
