"""What the demo says while it starts and stops: one line a step, with its time."""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections.abc import Iterator


class Terminal:
    """The lines for whoever started the demo; a terminal that was closed is no failure."""

    def __init__(self) -> None:
        self._is_live = sys.stdout.isatty()
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # Not every terminal knows a tick.

    def say(self, text: str, *, end: str = "\n") -> None:
        """Show a line."""
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(text + end)
            sys.stdout.flush()

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show a step while it runs, then a tick or a cross and its seconds."""
        begun_at = time.monotonic()
        if self._is_live:
            self.say(f"  … {text}", end="\r")
        sign = "✗"
        try:
            yield
            sign = "✓"
        finally:
            self.say(f"  {sign} {text:<28}{time.monotonic() - begun_at:6.1f} s")
