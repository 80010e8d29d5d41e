"""A whole installation for a test: a database, a folder and a broker of its own, and processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from coopcheck import embedded_broker
from tests.house.running import Running, wait_until

ROOT = Path(__file__).resolve().parent.parent

# Says on one line whether every stored result is what a fresh computation gives, as of now.
_IS_RIGHT = """
import django; django.setup()
from assessments import keeping, world
from assessments.models import Edition, MatchResult
now = world.read_world(Edition.objects.current())
fresh = {
    one.organisation_id: [*one.counts.tolist(), one.best.tobytes()]
    for one in keeping.fresh(now, range(len(now)))
}
stored = {
    one.pk: [one.compatible, one.unknown, one.not_compatible, bytes(one.best)]
    for one in MatchResult.objects.all()
}
print(stored == fresh and not keeping.stale().exists())
"""


class Installation:
    """One installation; its processes end with it."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.socket = folder / "b.sock"
        self.running: list[Running] = []
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis+socket://{self.socket}",
            "DJANGO_SETTINGS_MODULE": "coopcheck.settings",
        }

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py to its end; what it printed."""
        return self._run("manage.py", *arguments)

    def python(self, code: str) -> str:
        """Run some lines of Python to their end; what they printed."""
        return self._run("-c", code)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str) -> Running:
        """Start one of the processes that production runs."""
        return self._start([sys.executable, "-m", "coopcheck.processes", name], name)

    def start_python(self, code: str, name: str) -> Running:
        """Start some lines of Python as a process of its own."""
        return self._start([sys.executable, "-c", code], name)

    def start_broker(self) -> Running:
        """Start the broker, and wait until it answers."""
        command = embedded_broker.command(listen_at=self.socket, keep_in=self.folder)
        broker = self._start([str(part) for part in command], "broker")
        wait_until(
            lambda: embedded_broker.is_answering(self.socket),
            within_seconds=20,
            otherwise=broker.said,
        )
        return broker

    def _start(self, command: list[str], name: str) -> Running:
        log = self.folder / f"{name}.log"
        running = Running(command, environment=self.environment, folder=ROOT, log=log)
        self.running.append(running)
        return running

    def lose_the_brokers_data(self) -> None:
        """Remove what the broker keeps on disk."""
        for path in self.folder.rglob("appendonly*"):
            if path.is_file():
                path.unlink()

    def is_right(self) -> bool:
        """Whether every stored result is what a fresh computation gives."""
        return self.python(_IS_RIGHT).strip() == "True"

    def logs(self) -> str:
        """What the processes said last."""
        return "\n".join(f"{it.log.name}:\n{it.said()[-1500:]}" for it in self.running)

    def wait_until_right(self) -> None:
        """Wait as long as the product promises, a minute."""
        wait_until(self.is_right, within_seconds=60, otherwise=self.logs)

    def end(self) -> None:
        """End every process, also those that are stopped or hang."""
        for running in reversed(self.running):
            for sign in (signal.SIGCONT, signal.SIGKILL):
                if running.is_group_there():
                    os.killpg(running.process.pid, sign)
            running.process.wait(timeout=20)


@contextmanager
def installed(database_url: str = "") -> Iterator[Installation]:
    """An installation, migrated, on the database given, or on one of its own of the tests' kind."""
    with (
        tempfile.TemporaryDirectory(prefix="coopcheck-") as folder,
        nullcontext(database_url) if database_url else _database(folder) as url,
    ):
        installation = Installation(Path(folder), url)
        try:
            installation.manage("migrate", "-v0")
            yield installation
        finally:
            installation.end()


@contextmanager
def _database(folder: str) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder}/coopcheck.sqlite3"
        return
    name = f"coopcheck_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
