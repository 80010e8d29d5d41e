"""A page as a tree: its elements with their attributes, and the text in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
"""Elements that never have an end tag."""


@dataclass
class Element:
    """An element; `within` are its elements and texts in their order."""

    tag: str
    attributes: dict[str, str]
    within: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "", of_class: str = "") -> list[Element]:
        """All elements inside it, at any depth, of a tag and a class."""
        return [
            element
            for element in self.walk()
            if tag in ("", element.tag)
            and (not of_class or of_class in element.attributes.get("class", "").split())
        ]

    def one(self, tag: str = "", of_class: str = "") -> Element:
        """The only such element."""
        (found,) = self.all(tag, of_class)
        return found

    def walk(self) -> Iterator[Element]:
        """Every element inside it, in the order of the page."""
        for part in self.within:
            if isinstance(part, Element):
                yield part
                yield from part.walk()

    @property
    def text(self) -> str:
        """All text inside it, blanks brought together."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.within:
            if isinstance(part, Element):
                yield from part._texts()
            else:
                yield part


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].within.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].within.append(data)


def read(page: str | bytes) -> Element:
    """Read a page; every element has to be closed, and in the right order."""
    reader = _Reader()
    reader.feed(page.decode() if isinstance(page, bytes) else page)
    reader.close()
    assert reader.open == [reader.root], f"Never closed: {[one.tag for one in reader.open[1:]]}"
    return reader.root
