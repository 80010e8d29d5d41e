"""A real Chromium, the one of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

PATIENCE = 20_000
"""How long one waits for what should be on a page, in milliseconds: haste shows nothing here."""


def program() -> str:
    """Where it is; skips the test without one."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("missing component: chromium")
    return found


@contextmanager
def started() -> Iterator[Browser]:
    """One that runs.

    As long as it does, a loop runs in this thread, and Django keeps other connections to the
    database than before: what is stored for it is stored before, and removed after.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program(), headless=True, args=QUIET.split()
        )
        yield browser
        browser.close()
