"""Ends what a supervisor started, when the supervisor itself was killed and cannot.

A process of its own, which needs the standard library only. It reads from a pipe what is started
and stopped; when the pipe ends while something still runs, the supervisor is dead. A child writes
to the pipe itself before it becomes its program, so no moment is left in which it is unknown.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

STOP_WITHIN_SECONDS = 3.0
LOOK_EVERY_SECONDS = 0.05


def read_running(lines: Iterable[str]) -> list[int]:
    """The process groups still running when the lines end, in the order of their start."""
    running: list[int] = []
    for line in lines:
        match line.split():
            case ["started", number]:
                running.append(int(number))
            case ["stopped", number] if int(number) in running:
                running.remove(int(number))
    return running


def is_running(group: int) -> bool:
    """Whether any process of the group is left that still does something."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False  # Of a group of which only zombies are left, macOS says the latter.
    return not Path("/proc/self/stat").exists() or has_living_member(group)


def has_living_member(group: int) -> bool:
    """Whether /proc knows a member that is no zombie: who adopts orphans may bury them late."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name stands in brackets, and may hold anything; state, parent and group follow.
            state, _, member_of = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # It ended just now.
        if int(member_of) == group and state not in "ZX":
            return True
    return False


def send(group: int, sign: signal.Signals) -> None:
    """Signal a group that may have ended meanwhile."""
    try:
        os.killpg(group, sign)
    except (ProcessLookupError, PermissionError):
        return


def end(group: int, *, within_seconds: float) -> None:
    """Ask the group's leader to stop, wait, then end whatever is left of the group."""
    with contextlib.suppress(ProcessLookupError):  # Its leader may be gone and others be left.
        os.kill(group, signal.SIGTERM)
    waiting_until = time.monotonic() + within_seconds
    while is_running(group) and time.monotonic() < waiting_until:
        time.sleep(LOOK_EVERY_SECONDS)
    send(group, signal.SIGKILL)


def main() -> None:
    """Wait for the end of the pipe, then end what is left, the last started first."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # The pipe alone says when it is over.
    for group in reversed(read_running(sys.stdin)):
        end(group, within_seconds=STOP_WITHIN_SECONDS)


if __name__ == "__main__":
    main()
