"""How a person uses a page: with a pointer, or with nothing but the keyboard."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

_FAR = 600
_IS_HERE = "one => one === document.activeElement"


class Hands(Protocol):
    """Whatever finds a thing by what is written on it, and uses it."""

    def follow(self, name: str) -> None:
        """A link."""

    def press(self, name: str) -> None:
        """A button."""

    def write(self, label: str, text: str) -> None:
        """A text into a field, in the place of what stands there."""

    def choose(self, sentence: str) -> None:
        """One of several."""

    def tick(self, sentence: str) -> None:
        """A box."""

    def pick(self, label: str, option: str) -> None:
        """One of a list that unfolds."""

    def unfold(self, summary: str) -> None:
        """What is folded away."""


class _Finding:
    """Everything by its role and name within what is read on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True).first

    def _button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def _field(self, label: str) -> Locator:
        typed = self.page.locator("textarea, select, input:not([type=radio], [type=checkbox])")
        return typed.and_(self.page.get_by_label(label)).first

    def _radio(self, sentence: str) -> Locator:
        return self.page.get_by_role("radio", name=sentence).first

    def _box(self, sentence: str) -> Locator:
        return self.page.get_by_role("checkbox", name=sentence)

    def _summary(self, text: str) -> Locator:
        return self.page.locator("summary", has_text=text).first


class Pointer(_Finding):
    """A mouse or a finger."""

    def follow(self, name: str) -> None:
        self._link(name).click()

    def press(self, name: str) -> None:
        self._button(name).click()

    def write(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def choose(self, sentence: str) -> None:
        self._radio(sentence).check()

    def tick(self, sentence: str) -> None:
        self._box(sentence).check()

    def pick(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def unfold(self, summary: str) -> None:
        self._summary(summary).click()


class Keyboard(_Finding):
    """Tab, arrows, Enter, Space and letters; no pointer at all."""

    def follow(self, name: str) -> None:
        self._reach(self._link(name))
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        self._reach(self._button(name))
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.press("Control+A")
        if len(text) > 100:
            self.page.keyboard.insert_text(text)  # As a text that is pasted.
        else:
            self.page.keyboard.type(text)

    def choose(self, sentence: str) -> None:
        radio = self._radio(sentence)
        group = self.page.locator(f'[name="{radio.get_attribute("name")}"]')
        chosen = group.and_(self.page.locator(":checked"))
        self._reach(chosen if chosen.count() else group.first)
        if not chosen.count():
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()

    def tick(self, sentence: str) -> None:
        self._reach(self._box(sentence))
        self.page.keyboard.press("Space")
        expect(self._box(sentence)).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        field = self._field(label)
        self._reach(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(option)

    def unfold(self, summary: str) -> None:
        self._reach(self._summary(summary))
        self.page.keyboard.press("Enter")

    def _reach(self, thing: Locator) -> None:
        expect(thing).to_be_visible()
        for _ in range(_FAR):
            if thing.evaluate(_IS_HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not reach {thing}")
