"""Starts, watches and ends processes under one.

What dies is started again; Ctrl-C ends all in the opposite order; nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from coopcheck.children import Child, Warden
from coopcheck.terminal import Terminal

LOOK_EVERY_SECONDS = 0.1
RESTART_AFTER_SECONDS = 1.0
MOST_RESTARTS_A_MINUTE = 5
SECOND_SIGNAL_COUNTS_AFTER_SECONDS = 1.0
LOOK_AT_LOG = "Mend what the last lines name, and start again."


class Stopped(Exception):
    """Someone asked to stop."""


class Failed(Exception):
    """It cannot go on; the message names the remedy, the child has the log."""

    def __init__(self, message: str, child: Child | None = None) -> None:
        super().__init__(message)
        self.child = child


class Supervisor:
    """Answers for its children: none dies unnoticed, none outlives it."""

    def __init__(self, *, logs: Path, parent: int | None) -> None:
        self.terminal = Terminal()
        self._logs = logs
        self._parent = parent
        self._children: list[Child] = []
        self._deaths_at: dict[Child, list[float]] = {}
        self._asked_at: list[float] = []
        self._listen()

    # Being asked to stop.

    def _listen(self) -> None:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under `nohup`, a terminal that is closed is no reason to stop.
            if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:
                signal.signal(sign, lambda *_: self._asked_at.append(time.monotonic()))

    def pause(self) -> None:
        """Wait a moment; only here a signal takes effect, so nothing is left half started."""
        time.sleep(LOOK_EVERY_SECONDS)
        if self._asked_at or (self._parent and os.getppid() != self._parent):
            raise Stopped

    def _is_urgent(self) -> bool:
        """Whether it was asked twice; make and the terminal may both pass on the same Ctrl-C."""
        return (
            len(self._asked_at) > 1
            and self._asked_at[-1] - self._asked_at[0] > SECOND_SIGNAL_COUNTS_AFTER_SECONDS
        )

    # Starting.

    def run(
        self,
        start_all: Callable[[], None],
        *,
        lock: int,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Start what `start_all` starts, watch it until asked to stop, end it in any case.

        `meanwhile` is done at each look while it watches.
        """
        self._logs.mkdir(exist_ok=True)
        self._warden = Warden(keep_open=lock)
        try:
            start_all()
            self._watch(meanwhile)
        except Stopped:
            self.terminal.say("\nCoopCheck stops.")
        finally:
            self._stop_all()
            self._warden.close()

    def start(
        self, name: str, command: Callable[[], list[str]], *, stop_within_seconds: float = 10
    ) -> Child:
        """Start a child that runs until it is stopped."""
        child = Child(
            name,
            command,
            log=self._logs / f"{name}.log",
            warden=self._warden,
            stop_within_seconds=stop_within_seconds,
        )
        child.start()
        self._children.append(child)
        return child

    def finish(self, step: str, name: str, command: Callable[[], list[str]]) -> None:
        """Run a child that ends by itself, and go on when it ended well."""
        with self.terminal.step(step):
            child = self.start(name, command)
            try:
                while (status := child.exit_status()) is None:
                    self._refuse_deaths(but=child)
                    self.pause()
            finally:
                self._children.remove(child)
                child.stop(is_urgent=self._is_urgent)
            if status != 0:
                raise Failed(LOOK_AT_LOG, child)

    def wait_for(
        self,
        step: str,
        child: Child,
        is_well: Callable[[], bool],
        *,
        within_seconds: float = 60,
        remedy: str = LOOK_AT_LOG,
    ) -> None:
        """Wait until a child does its work; one that ends, or takes too long, is a failure."""
        waiting_until = time.monotonic() + within_seconds
        with self.terminal.step(step):
            while not is_well():
                if (status := child.exit_status()) is not None:
                    raise Failed(f"{child.name} ended ({_in_words(status)}).\n{remedy}", child)
                if time.monotonic() > waiting_until:
                    late = f"{child.name} did not answer within {within_seconds:.0f} s."
                    raise Failed(f"{late}\n{remedy}", child)
                self._refuse_deaths(but=child)
                self.pause()

    def _refuse_deaths(self, *, but: Child) -> None:
        """While it starts, what dies is not started again: most likely it never could run."""
        for child in self._children:
            if child is not but and (status := child.exit_status()) is not None:
                raise Failed(f"{child.name} ended ({_in_words(status)}).\n{LOOK_AT_LOG}", child)

    # Watching.

    def _watch(self, meanwhile: Callable[[], None]) -> None:
        """Start again what dies, until it dies too often or somebody asks to stop."""
        while True:
            self.pause()
            meanwhile()
            self._warden.see_to_it([c.group for c in self._children if c.group is not None])
            for child in self._children:
                if (status := child.exit_status()) is not None:
                    self._note_death(child, status)
                elif child.group is None and self._has_waited(child):
                    child.start()

    def _note_death(self, child: Child, status: int) -> None:
        now = time.monotonic()
        lately = [at for at in self._deaths_at.get(child, []) if now - at < 60]
        self._deaths_at[child] = [*lately, now]
        child.clear_away()
        if len(lately) >= MOST_RESTARTS_A_MINUTE:
            often = f"{child.name} ended {len(lately) + 1} times in a minute"
            raise Failed(f"{often} ({_in_words(status)}).\n{LOOK_AT_LOG}", child)
        self.terminal.say(f"  ! {child.name} ended ({_in_words(status)}) and is started again.")

    def _has_waited(self, child: Child) -> bool:
        return time.monotonic() - self._deaths_at[child][-1] >= RESTART_AFTER_SECONDS

    # Stopping.

    def _stop_all(self) -> None:
        """End all, the last started first."""
        for child in reversed(self._children):
            if child.group is not None:
                with self.terminal.step(f"{child.name} stopped"):
                    child.stop(is_urgent=self._is_urgent)

    def tell(self, failure: Exception) -> None:
        """Say why it cannot go on, and what the child said that failed."""
        if isinstance(failure, Failed) and failure.child:
            self.terminal.say(f"\nThe last lines of {failure.child.log}:")
            for line in failure.child.last_lines() or ["(nothing)"]:
                self.terminal.say(f"  | {line}")
        self.terminal.say(f"\n{failure}")


def _in_words(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"
