"""A page that somebody visits, what goes wrong while they do, and what axe says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page

from tests.browser import chromium

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules among them that look at colours."""

# That a page is not there, or that a form is refused, is no mistake of ours.
_NO_MISTAKES = tuple(f"the server responded with a status of {one}" for one in (404, 409, 422))


class Visit:
    """A page that was opened, and all that went wrong while it was."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.wrong: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._was_stopped)
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _heard(self, kind: str, text: str) -> None:
        is_ours = not any(one in text for one in _NO_MISTAKES)
        if kind in {"error", "warning"} and is_ours:
            self.wrong.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        if f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" != self.site:
            self.wrong.append(f"off-origin: {url}")

    def _was_stopped(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _failed(self, url: str, why: str | None) -> None:
        # Whoever goes on to another page does not wait for what is still under way.
        if why != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 500 or (status >= 400 and "/static/" in url):
            self.wrong.append(f"{status}: {url}")

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until all of it is there."""
        self.page.goto(path if path.startswith(self.site) else self.site + path, wait_until="load")
        return self.page


@contextmanager
def visit(browser: Browser, site: str, **options: Any) -> Iterator[Visit]:
    """Somebody with a browser of their own; nothing may have gone wrong when they leave."""
    context = browser.new_context(**options)
    context.set_default_timeout(chromium.PATIENCE)
    try:
        visiting = Visit(context.new_page(), site)
        yield visiting
        assert not visiting.wrong, visiting.wrong
    finally:
        context.close()


def assert_fits(page: Page) -> None:
    """Nothing makes the page wider than the window, once all that lays it out has come."""
    page.wait_for_load_state("load")
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{page.url} is {overflow} px wider than the window"


def violations(page: Page, *, of_colour: bool = False) -> list[tuple[str, list[Any]]]:
    """What axe finds against WCAG 2.2 AA, or of it against colours: each rule with its places."""
    only = {"type": "rule", "values": COLOURS} if of_colour else {"type": "tag", "values": RULES}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options)
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:5])
        for one in found.response["violations"]
    ]
