"""A PostgreSQL server of a test's own, which may be killed without harm to anybody else."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.conftest import MISSING
from tests.house.running import free_port, wait_until

OWNER = "postgres"
"""Who runs it where we are root, as whom PostgreSQL refuses to run."""


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: float(it.parent.name))
    if found:
        return found[-1]
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        pytest.skip(f"{MISSING}: PostgreSQL's server programs")
    return Path(elsewhere).resolve().parent


class OwnPostgreSQL:
    """One server with its data in a folder of its own; what it said is committed is on disk."""

    def __init__(self) -> None:
        self.programs, self.port = _programs(), free_port()
        # Not among pytest's folders, into which its owner could not look.
        self.data = Path(tempfile.mkdtemp(prefix="coopcheck-postgresql-"))
        self.log = self.data / "log"
        if os.geteuid() == 0:
            shutil.chown(self.data, OWNER)
        self._as_owner(
            *("initdb", "--username=coopcheck", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--no-sync", f"--pgdata={self.data / 'cluster'}"),
        )

    @property
    def url(self) -> str:
        """Where the database is."""
        return f"postgres://coopcheck@127.0.0.1:{self.port}/postgres"

    def _as_owner(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_owner, str(self.programs / program), *arguments],
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
        )

    def start(self) -> None:
        """Start it, and wait until it answers; after a crash it recovers what was committed."""
        # Without fsync the system still has all that was written when a process is killed.
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c synchronous_commit=on"
        )
        cluster = f"--pgdata={self.data / 'cluster'}"

        def has_started() -> bool:
            # What the killed one left in shared memory goes when its last child has noticed.
            try:
                self._as_owner(
                    *("pg_ctl", cluster, f"--log={self.log}", "--silent", f"-o {options}"),
                    *("--wait", "start"),
                )
            except subprocess.CalledProcessError:
                return False
            return True

        wait_until(has_started, within_seconds=60, otherwise=self.said)
        with psycopg.connect(self.url) as connection:
            connection.execute("SELECT 1")

    def kill(self) -> None:
        """Kill its first process, as a crash would; the others end when they notice."""
        number = int((self.data / "cluster" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)

    def stop(self) -> None:
        """Stop it for good, and remove its data."""
        cluster = f"--pgdata={self.data / 'cluster'}"
        with contextlib.suppress(subprocess.CalledProcessError):  # It is not there any more.
            self._as_owner("pg_ctl", cluster, "--mode=immediate", "--silent", "stop")
        shutil.rmtree(self.data, ignore_errors=True)

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
