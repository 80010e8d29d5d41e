"""The triggers of our own in the database: they guard what is published, keep what sheets were, and
mark anew what lists show.

They are put up again after every `migrate`, since a migration that rebuilds a table of SQLite drops
them; before it they are taken down there, since SQLite lets nobody rename a table while a trigger
names one that is just being rebuilt. `lifted` takes them away for a moment, in a transaction, for
what has to empty tables as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from assessments.models import frozen, history, renewal
from assessments.models.trigger import Trigger


@dataclass(frozen=True, slots=True)
class Kind:
    """Triggers of one purpose, which stand where all its tables do.

    `make_up` is the SQL, if any, for what they missed before they stood.
    """

    tables: Set[str]
    triggers: Callable[[str], tuple[Trigger, ...]]
    make_up: Callable[[str], str] | None = None

    def up(self, vendor: str) -> Iterator[str]:
        """The SQL that puts up all of them."""
        for one in self.triggers(vendor):
            yield from one.put_up(vendor)
        if self.make_up is not None:
            yield self.make_up(vendor)

    def down(self, vendor: str) -> Iterator[str]:
        """The SQL that takes all of them away."""
        for one in self.triggers(vendor):
            yield from one.taken_down(vendor)


KINDS = (
    Kind(frozen.TABLES, frozen.triggers),
    Kind(history.TABLES, history.triggers, history.make_up),
    Kind(renewal.TABLES, renewal.triggers, renewal.make_up),
)


def expected(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of all triggers that must stand on a database."""
    return {one.name for kind in KINDS for one in kind.triggers(connection.vendor)}


def standing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of those that do stand, whoever put them up."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Put up every trigger, in the place of an earlier one of the same name."""
    with transaction.atomic(using=connection.alias):
        for kind in KINDS:
            _execute(connection, kind.up(connection.vendor))


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away; only `lifted` and a migration have reason to."""
    for kind in KINDS:
        _execute(connection, kind.down(connection.vendor))


def _execute(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Without the triggers, and with them again whatever happens."""
    connection = connections[using]
    with transaction.atomic(using=using):
        take_down(connection)
        yield
        put_up(connection)


def take_down_before_migrate(
    using: str = DEFAULT_DB_ALIAS, plan: Sequence[object] = (), **_: Any
) -> None:
    """Take the triggers of SQLite away if tables may be rebuilt; rung by Django."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        take_down(connection)


def put_up_after_migrate(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Put up the triggers whose tables stand, and no others; rung by Django after `migrate`."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using):
        for kind in KINDS:
            way = kind.up if tables >= kind.tables else kind.down
            _execute(connection, way(connection.vendor))
