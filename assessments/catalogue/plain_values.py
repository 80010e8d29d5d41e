"""The plain values of an interchange file, with words for what is wrong and how to write it.

A check takes a raw value as a TOML or JSON reader (or a web form) gives it, and returns the value
that the model wants or raises `Wrong`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from assessments.catalogue.mistakes import Fault, Wrong, choose_from, listed, shown
from assessments.scoring.problems import Problem, Refused

SLUG_LENGTH = 100
SHORT_TEXT_LENGTH = 200
LONG_TEXT_LENGTH = 10_000
ADDRESS_LENGTH = 2_000
GREATEST_LIST_LENGTH = 200
GREATEST_DIGITS = 30

_NO_ADDRESS = re.compile(r"[\s\x00-\x1f\x7f]")


class Check(Protocol):
    """Something that turns a raw value into the value that the model wants."""

    @property
    def expected(self) -> str:
        """What to write, as the end of a sentence that begins with “Write”."""

    def __call__(self, raw: object) -> Any:
        """The value; raises Wrong."""


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8; raises Refused with the line of the first other byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            f"line {line}",
            f"Byte {error.start + 1} of the file is not UTF-8 text.",
            "Save the file with the encoding UTF-8 and load it again.",
        )
        raise Refused([problem]) from None


def plain_number(value: Decimal) -> Decimal | None:
    """The same number without trailing zeros or exponent; None if it has too many digits."""
    if not value:
        return Decimal(0)
    exponent = value.as_tuple().exponent
    # Written out, a number such as 1e999999999 would fill the memory.
    if not isinstance(exponent, int) or exponent < -1_000 or value.adjusted() > GREATEST_DIGITS:
        return None
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(text) if sum(map(str.isdigit, text)) <= GREATEST_DIGITS else None


def read_decimal(text: str) -> Decimal:
    """The number that a TOML or JSON file writes so; infinity where none can hold it."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal("Infinity")


def _finite(raw: object) -> Decimal | None:
    """A raw number as an exact decimal; None for anything else, truth values among it."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    # Any other integer is too long already, and slow to turn into a decimal.
    if isinstance(raw, int) and abs(raw) >= 10 ** (GREATEST_DIGITS + 1):
        raw = Decimal(10) ** (GREATEST_DIGITS + 1)
    value = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    return value if value.is_finite() else None


_DIGITS = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def _quoted(raw: object) -> Decimal | None:
    """The number that a text is, which should have been one; None for anything else."""
    is_one = isinstance(raw, str) and _DIGITS.fullmatch(raw.strip())
    return Decimal(str(raw).strip()) if is_one else None


def _in_quotation_marks(raw: object, number: Decimal, expected: str = "") -> Fault:
    """What is wrong with a number in quotation marks; `expected`: what else is wrong with it."""
    remedy = f"Write {expected}." if expected else f"Write {number} without quotation marks."
    return Fault(f"{shown(raw)} is a text, since it stands in quotation marks.", remedy)


@dataclass(frozen=True)
class Text:
    """Text of at most `most` characters; where `filled`, more than blanks."""

    most: int = SHORT_TEXT_LENGTH
    filled: bool = False

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        filled = " that is not empty" if self.filled else ""
        return f"a text{filled}, in quotation marks, of at most {self.most} characters"

    def __call__(self, raw: object) -> str:
        """The text itself."""
        if not isinstance(raw, str):
            raise Wrong(Fault(f"{shown(raw)} is not a text.", f"Write {self.expected}."))
        if len(raw) > self.most:
            raise Wrong(Fault(f"The text has {len(raw)} characters.", f"Write {self.expected}."))
        if "\0" in raw or not (raw.isascii() or _is_unicode(raw)):
            raise Wrong(
                Fault(
                    "The text has a character that cannot be stored (NUL or half a character).",
                    "Take that character out.",
                )
            )
        if self.filled and (not raw or raw.isspace()):
            raise Wrong(Fault("The text is empty.", f"Write {self.expected}."))
        return raw


def _is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogate (a half of a character in UTF-16)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True)
class Form:
    """Text of a given form, such as a slug; `pattern` tells it and `expected` describes it."""

    pattern: re.Pattern[str]
    expected: str

    def __call__(self, raw: object) -> str:
        """The text itself."""
        if not isinstance(raw, str):
            raise Wrong(Fault(f"{shown(raw)} is not a text.", f"Write {self.expected}."))
        if not self.pattern.fullmatch(raw):
            message = f"{shown(raw)} has not the right form{self.why(raw)}."
            raise Wrong(Fault(message, f"Write {self.expected}{self.instead(raw)}."))
        return raw

    def why(self, raw: str) -> str:
        """What is wrong with the form of a text, as the end of a sentence."""
        return ""

    def instead(self, raw: str) -> str:
        """How to write a text instead, as the end of a sentence; nothing where nobody can tell."""
        return ""


@dataclass(frozen=True)
class SlugForm(Form):
    """A slug; says which of its characters cannot stand in one."""

    def why(self, raw: str) -> str:
        """Capital letters, blanks, others: whatever is there."""
        faults = []
        if any(map(str.isupper, raw)):
            faults.append("capital letters")
        if any(map(str.isspace, raw)):
            faults.append("blanks")
        others = dict.fromkeys(
            c for c in raw if not c.isspace() and not c.isupper() and not self.pattern.fullmatch(c)
        )
        if others:
            faults.append(listed(islice((c for c in others if c.isprintable()), 5)))
        if len(raw) > SLUG_LENGTH:
            faults.append(f"{len(raw)} characters")
        if not raw:
            return ": it is empty"
        return f": it has {' and '.join(faults)}" if faults else ""

    def instead(self, raw: str) -> str:
        """The nearest slug, for example."""
        near = re.sub(r"[^a-z0-9]+", "-", raw[:SLUG_LENGTH].lower()).strip("-")
        return f", for example “{near}”" if near and raw.isascii() else ""


SLUG = SlugForm(
    re.compile(rf"[a-z0-9-]{{1,{SLUG_LENGTH}}}"),
    f"a slug: small letters a to z, digits and hyphens, at most {SLUG_LENGTH} of them",
)
LANGUAGE = Form(
    re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}"),
    'a language tag such as "en", "es" or "pt-BR"',
)
COUNTRY = Form(re.compile(r"[A-Z]{2}"), 'the two capital letters of a country, such as "GB"')


@dataclass(frozen=True)
class WebAddress:
    """An address of a page: http or https, with a host and no blanks."""

    expected: str = "a web address that begins with https:// or http://, without blanks"

    def __call__(self, raw: object) -> str:
        """The address itself."""
        address = Text(ADDRESS_LENGTH)(raw)
        if _NO_ADDRESS.search(address) or not _has_host(address):
            raise Wrong(Fault(f"{shown(raw)} is not a web address.", f"Write {self.expected}."))
        return address


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # A port that is no number is only found out when one asks for it.
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and any(map(str.isalnum, host))


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `greatest`; 3.0 is one, true is not."""

    least: int
    greatest: int

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        return f"a whole number from {self.least} to {self.greatest}, without quotation marks"

    def __call__(self, raw: object) -> int:
        """The number as an integer."""
        value = _finite(raw)
        if (quoted := _quoted(raw)) is not None:
            is_right = self.least <= quoted <= self.greatest and quoted == int(quoted)
            raise Wrong(_in_quotation_marks(raw, quoted, "" if is_right else self.expected))
        # The bounds come first: only a small number is cheap to turn into an integer.
        if value is None or not self.least <= value <= self.greatest or value != int(value):
            message = f"{shown(raw)} is not a whole number from {self.least} to {self.greatest}."
            raise Wrong(Fault(message, f"Write {self.expected}."))
        return int(value)


@dataclass(frozen=True)
class Number:
    """A finite decimal of at most 30 digits, between `least` and `greatest` where given."""

    least: int | None = None
    greatest: int | None = None

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        between = "" if self.least is None else f" from {self.least} to {self.greatest}"
        return (
            f"a number{between} of at most {GREATEST_DIGITS} digits, without quotation marks, "
            "such as 3 or 0.5"
        )

    def __call__(self, raw: object) -> Decimal:
        """The number in its shortest form."""
        value = _finite(raw)
        if (quoted := _quoted(raw)) is not None:
            raise Wrong(_in_quotation_marks(raw, quoted))
        if value is None:
            raise Wrong(Fault(f"{shown(raw)} is not a number.", f"Write {self.expected}."))
        plain = plain_number(value)
        if plain is None:
            raise Wrong(Fault(f"{shown(raw)} has too many digits.", f"Write {self.expected}."))
        if (self.least is not None and plain < self.least) or (
            self.greatest is not None and plain > self.greatest
        ):
            raise Wrong(Fault(f"{shown(raw)} is out of range.", f"Write {self.expected}."))
        return plain


@dataclass(frozen=True)
class Truth:
    """True or false."""

    expected: str = "true or false, without quotation marks"

    def __call__(self, raw: object) -> bool:
        """The truth value itself."""
        if isinstance(raw, str) and raw.lower() in ("true", "false"):
            message = f"{shown(raw)} is a text here, since it stands in quotation marks."
            raise Wrong(Fault(message, f"Write {raw.lower()}: true and false stand without them."))
        if not isinstance(raw, bool):
            raise Wrong(Fault(f"{shown(raw)} is not true or false.", f"Write {self.expected}."))
        return raw


Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class OneOf(Generic[Word]):
    """One word of an enumeration."""

    words: type[Word]

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        return f"one of {listed(self.words)}"

    def __call__(self, raw: object) -> Word:
        """The word of the enumeration."""
        if isinstance(raw, str) and raw in set(self.words):
            return self.words(raw)
        word = raw if isinstance(raw, str) else ""
        remedy = choose_from(word, self.words, "The words that can stand here are")
        raise Wrong(Fault(f"{shown(raw)} cannot stand here.", remedy))


@dataclass(frozen=True)
class Unchecked:
    """Anything, since it is checked elsewhere."""

    expected: str

    def __call__(self, raw: object) -> object:
        """The raw value itself."""
        return raw


@dataclass(frozen=True)
class ListOf:
    """A list with at least `least` parts that each pass a check; gives a tuple."""

    part: Check
    least: int = 0
    most: int = GREATEST_LIST_LENGTH
    repeats: bool = True

    @property
    def expected(self) -> str:
        """What to write instead of something wrong."""
        least = f"at least {self.least} and " if self.least else ""
        return f"a list of {least}at most {self.most} parts, each {self.part.expected}"

    def __call__(self, raw: object) -> tuple[Any, ...]:
        """The parts in their order."""
        if not isinstance(raw, list | tuple):
            raise Wrong(Fault(f"{shown(raw)} is not a list.", f"Write {self.expected}."))
        if not self.least <= len(raw) <= self.most:
            found = f"The list has {len(raw)} parts." if raw else "The list is empty."
            raise Wrong(Fault(found, f"Write {self.expected}, or leave the key out."))
        values: list[Any] = []
        faults: list[Fault] = []
        for index, part in enumerate(raw):
            try:
                value = self.part(part)
            except Wrong as wrong:
                faults += [fault.under(f"[{index}]") for fault in wrong.faults]
                continue
            if not self.repeats and value in values:
                faults.append(
                    Fault(f"{shown(value)} stands twice.", "Write it once.", f"[{index}]")
                )
            values.append(value)
        if faults:
            raise Wrong(*faults)
        return tuple(values)
