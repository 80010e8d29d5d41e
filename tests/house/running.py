"""Real processes for tests: started in a group of their own, waited for, and gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LOOK_EVERY_SECONDS = 0.1


def free_port() -> int:
    """A port that nobody listens at right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


def wait_until(
    is_so: Callable[[], object], *, within_seconds: float, otherwise: Callable[[], str]
) -> None:
    """Look again and again; fail with what `otherwise` says when the time is over."""
    waiting_until = time.monotonic() + within_seconds
    while not is_so():
        assert time.monotonic() < waiting_until, otherwise()
        time.sleep(LOOK_EVERY_SECONDS)


class Running:
    """One process with its output in a file."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """All that it said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def is_there(self) -> bool:
        """Whether it has not ended; a failure when it ended badly."""
        status = self.process.poll()
        assert status in (None, 0), f"exit status {status}:\n{self.said()}"
        return status is None

    def is_group_there(self) -> bool:
        """Whether any process of its group is left."""
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True


def living(mark: str) -> list[str]:
    """All processes in whose environment or command a text stands, each as number and command.

    Both are asked, as a Valkey writes its command over its environment.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
            if mark.encode() in command + (folder / "environ").read_bytes():
                found.append(f"{folder.name} {command.decode(errors='replace')}")
        except OSError:
            continue  # It ended just now, or belongs to someone else.
    return found
