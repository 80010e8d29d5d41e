"""Stewards at work over HTTP: they answer, require and publish, whatever breaks meanwhile."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from tests.pages.reading import Element, read

PATIENCE_SECONDS = 15


class NotAnswered(Exception):
    """What was asked for did not come: nobody knows whether it was done."""


class Visitor:
    """One browser without scripts, in which a steward is logged in."""

    def __init__(self, port: int, slug: str, session: str) -> None:
        self.port, self.slug = port, slug
        self.cookies = {"sessionid": session}

    def get(self, name: str, *parts: str) -> Element:
        """A page of the organisation's own, as a tree."""
        _, page, _ = self._ask("GET", self._address(name, *parts))
        return read(page)

    def post(self, name: str, *parts: str, fields: Mapping[str, str]) -> str:
        """Where a form that was sent leads to."""
        _, _, leads_to = self._ask("POST", self._address(name, *parts), fields)
        return leads_to

    def _address(self, name: str, *parts: str) -> str:
        return reverse(name, args=[self.slug, *parts])

    def _ask(
        self, method: str, address: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, address, body=urlencode(fields or {}), headers=headers)
            answer = connection.getresponse()
            page = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NotAnswered(str(error)) from None
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        if answer.status >= 500:
            raise NotAnswered(f"{method} {address}: {answer.status}")
        return answer.status, page, answer.headers.get("Location", "")

    def answer(self, criterion: str, level: str) -> None:
        """Choose a level on a question's page."""
        fields = filled(self.get("question", criterion), f"{criterion}-seen")
        chosen = {f"{criterion}-answer": f"level:{level}"}
        self.post("question", criterion, fields={**fields, **chosen})

    def require(self, threshold: int) -> None:
        """Set the threshold on the page of requirements."""
        fields = filled(self.get("requirements"), "threshold")
        self.post("requirements", fields={**fields, "threshold": str(threshold)})

    def publish(self) -> int | None:
        """Publish what stands in the draft; its number, if it was said to be published."""
        fields = filled(self.get("publish"), "seen")
        leads_to = self.post("publish", fields=fields)
        _, _, number = urlsplit(leads_to).query.partition("done=")
        return int(number) if number else None


def filled(page: Element, name: str) -> dict[str, str]:
    """The fields, as they are filled in, of the form in which one has a name."""
    for form in page.all("form"):
        named = [one for one in form.walk() if one.attributes.get("name")]
        if any(one.attributes["name"] == name for one in named):
            return {one.attributes["name"]: _value(one) for one in named if _counts(one)}
    raise NotAnswered(f"no form with {name}: {page.text[:200]}")


def _counts(field: Element) -> bool:
    """Whether a browser would send it."""
    if field.tag == "button" or field.attributes.get("type") in ("submit", "button"):
        return False
    if field.attributes.get("type") in ("radio", "checkbox"):
        return "checked" in field.attributes
    return True


def _value(field: Element) -> str:
    if field.tag == "textarea":
        return field.text
    if field.tag == "select":
        options = field.all("option")
        chosen = [one for one in options if "selected" in one.attributes] or options[:1]
        return chosen[0].attributes.get("value", chosen[0].text) if chosen else ""
    return field.attributes.get("value", "")


class AtWork(threading.Thread):
    """A steward who goes on until told to stop; `published` are the numbers that were answered."""

    def __init__(self, visitor: Visitor, levels: Mapping[str, tuple[str, ...]], seed: str) -> None:
        super().__init__(daemon=True)
        self.visitor, self.levels = visitor, levels
        self.chance = random.Random(seed)
        self.published: list[int] = []
        self.is_over = threading.Event()
        self.failed: BaseException | None = None

    def run(self) -> None:
        """Change something, publish, and again."""
        while not self.is_over.is_set():
            try:
                if self.chance.random() < 0.3:
                    self.visitor.require(self.chance.randrange(0, 101))
                else:
                    criterion = self.chance.choice(sorted(self.levels))
                    self.visitor.answer(criterion, self.chance.choice(self.levels[criterion]))
                if number := self.visitor.publish():
                    self.published.append(number)
            except NotAnswered:
                self.is_over.wait(0.05)
            except BaseException as error:
                self.failed = error
                return

    def stop(self) -> list[int]:
        """Stop after what is under way; the numbers that were answered so far."""
        self.is_over.set()
        self.join(3 * PATIENCE_SECONDS)
        assert not self.is_alive()
        if self.failed is not None:
            raise self.failed
        return self.published
