"""Commands as people run them: in this process, or each in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from coopcheck import env


def run(command: str, *arguments: str | Path) -> str:
    """Run a command and give what it writes to standard output."""
    output = StringIO()
    call_command(command, *map(str, arguments), stdout=output)
    return output.getvalue()


def refusal(command: str, *arguments: str | Path) -> str:
    """What a command says that must end with exit status 1."""
    with pytest.raises(CommandError) as raised:
        run(command, *arguments)
    assert raised.value.returncode == 1
    return str(raised.value)


def written(folder: Path, name: str, text: str) -> Path:
    """A file with some text, as UTF-8."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


Rows = dict[str, list[str]]


def everything() -> Rows:
    """Every row of every table by the names of its columns, in an order of its own."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            found[table] = sorted(
                repr(sorted(zip(names, map(_plain, row), strict=True))) for row in cursor.fetchall()
            )
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def own_environment(folder: Path) -> dict[str, str]:
    """The environment of a process with a data folder of its own.

    On PostgreSQL it works on the database of this test, which must be transactional; else on an
    SQLite file in that folder, which `migrate` has to make first.
    """
    environment = {**os.environ, "DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    if connection.vendor == "postgresql":
        to = connection.settings_dict
        who = f"{to['USER']}:{to['PASSWORD']}@{to['HOST']}:{to['PORT']}"
        environment["DATABASE_URL"] = f"postgres://{who}/{to['NAME']}"
    return environment


def in_process(
    environment: Mapping[str, str], *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with some arguments and wait for it."""
    return subprocess.run(
        [sys.executable, str(env.ROOT / "manage.py"), *map(str, arguments)],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
