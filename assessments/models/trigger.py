"""One trigger of our own, and the SQL that puts it up and takes it away, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

EACH_ROW, EACH_STATEMENT = "FOR EACH ROW", "FOR EACH STATEMENT"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a table does on an event (`AFTER UPDATE`): some SQL, always or under a condition.

    Of PostgreSQL alone: `of`, for each what it fires, and `returns`, the row that goes on.
    """

    name: str
    table: str
    event: str
    does: str
    when: str = ""
    of: str = EACH_ROW
    returns: str = "NULL"

    def put_up(self, vendor: str) -> Iterator[str]:
        """The SQL that puts it up, in the place of an earlier one of the same name."""
        yield from self.taken_down(vendor)
        if vendor == "sqlite":
            when = f"WHEN {self.when} " if self.when else ""
            yield (
                f"CREATE TRIGGER {self.name} {self.event} ON {self.table} {when}"
                f"BEGIN {self.does}; END"
            )
        else:
            # Within the function a condition may ask of other tables.
            does = f"IF {self.when} THEN {self.does}; END IF" if self.when else self.does
            # All it asks for is found by key. A plan made while the tables were nearly empty would
            # else read them whole for each row, as long as the connection lasts.
            yield (
                f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql "
                f"SET enable_seqscan = off AS $$ BEGIN {does}; RETURN {self.returns}; END $$"
            )
            yield (
                f"CREATE TRIGGER {self.name} {self.event} ON {self.table} {self.of} "
                f"EXECUTE FUNCTION {self.name}()"
            )

    def taken_down(self, vendor: str) -> Iterator[str]:
        """The SQL that takes it away."""
        on = "" if vendor == "sqlite" else f" ON {self.table}"
        yield f"DROP TRIGGER IF EXISTS {self.name}{on}"
