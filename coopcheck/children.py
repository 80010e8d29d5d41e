"""The processes of the demo: each in a group and a log of its own, known to the warden."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from coopcheck import warden

LONGEST_LOG_BYTES = 5_000_000
TAIL_LINES = 20
LOOK_EVERY_SECONDS = 0.05


class Warden:
    """The pipe to the process that ends the children when this one is killed."""

    def __init__(self, *, keep_open: int) -> None:
        # It keeps the lock's file open too: a new demo waits until the old one's rest has ended.
        self._keep_open = keep_open
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (a command of our own)
            [sys.executable, "-I", "-S", warden.__file__],
            stdin=subprocess.PIPE,
            pass_fds=[self._keep_open],
            start_new_session=True,
        )

    @property
    def pipe(self) -> int:
        """Where to write what is started and stopped, one line each."""
        assert self._process.stdin is not None  # noqa: S101 (it is a pipe, see _start)
        return self._process.stdin.fileno()

    def tell(self, word: str, group: int) -> None:
        """Write one line; a dead warden is replaced by `see_to_it`, which tells the new one all."""
        try:
            os.write(self.pipe, f"{word} {group}\n".encode())
        except BrokenPipeError:
            return

    def see_to_it(self, groups: list[int]) -> None:
        """Replace a warden that was killed, and tell the new one what runs."""
        if self._process.poll() is None:
            return
        self._process = self._start()
        for group in groups:
            self.tell("started", group)

    def close(self) -> None:
        """End the pipe, and with it the warden."""
        assert self._process.stdin is not None  # noqa: S101 (it is a pipe, see _start)
        self._process.stdin.close()
        self._process.wait()


class Child:
    """One process that the supervisor answers for."""

    def __init__(
        self,
        name: str,
        command: Callable[[], list[str]],
        *,
        log: Path,
        warden: Warden,
        stop_within_seconds: float = 10.0,
    ) -> None:
        self.name = name
        self.log = log
        self.deaths_at: list[float] = []
        self._command = command
        self._warden = warden
        self._stop_within_seconds = stop_within_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begins_at_byte = 0

    @property
    def group(self) -> int | None:
        """The number of its process group, or nothing when it does not run."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, away from the terminal: Ctrl-C reaches it through the supervisor, in order."""
        pipe = self._warden.pipe
        with self._open_log() as log:
            self._process = subprocess.Popen(  # noqa: S603 (a command of our own)
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: _announce(pipe),
            )

    def exit_status(self) -> int | None:
        """How it ended, or nothing while it runs."""
        return self._process.poll() if self._process else None

    def clear_away(self) -> None:
        """End what is left of its group after its end, as the children of a killed worker."""
        if self._process:
            warden.send(self._process.pid, signal.SIGKILL)
            self._warden.tell("stopped", self._process.pid)
            self._process = None

    def stop(self, *, is_urgent: Callable[[], bool]) -> bool:
        """Ask it to stop, wait, and end it if it does not; says whether it stopped by itself."""
        if not self._process:
            return True
        stopped_itself = True
        self._process.terminate()
        waiting_until = time.monotonic() + self._stop_within_seconds
        while self._process.poll() is None:
            if time.monotonic() > waiting_until or is_urgent():
                warden.send(self._process.pid, signal.SIGKILL)
                self._process.wait()
                stopped_itself = False
            time.sleep(LOOK_EVERY_SECONDS)
        self.clear_away()
        return stopped_itself

    def last_lines(self) -> list[str]:
        """The end of what it said since its start."""
        with self.log.open("rb") as log:
            log.seek(self._log_begins_at_byte)
            return log.read().decode(errors="replace").splitlines()[-TAIL_LINES:]

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        log = self.log.open("ab")
        self._log_begins_at_byte = log.tell()
        return log


def _announce(pipe: int) -> None:
    os.write(pipe, f"started {os.getpid()}\n".encode())
