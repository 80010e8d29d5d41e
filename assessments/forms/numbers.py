"""Numbers as people write them: with a comma or a point, blanks between thousands, a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from assessments.catalogue.plain_values import GREATEST_DIGITS, plain_number

_BLANKS = re.compile(r"[\s\u00a0\u202f']+")
_PLAIN = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3}){2,}|-?[0-9]{1,3}(\.[0-9]{3}){2,}")
_BOTH = re.compile(r"-?[0-9]{1,3}((,[0-9]{3})+\.|(\.[0-9]{3})+,)[0-9]+")
_AMBIGUOUS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")
_LONGEST = 100
_SPOKEN: Mapping[str, Sequence[str]] = {
    "%": ("percent", "per cent"),
    "h": ("hours", "hour", "hrs"),
    "×": ("times", "x"),
}
"""Units as people write them out."""


class NotANumber(ValueError):
    """A text cannot be read as one number; the message says why and how to write it."""


def read(text: str, unit: str = "") -> Decimal:
    """The number that somebody has written; NotANumber where it could mean two, or none.

    A comma is a decimal sign unless it could as well part thousands (1,234).
    """
    written = text.strip()
    if len(written) > _LONGEST:
        raise NotANumber(f"This number is too long. Write at most {GREATEST_DIGITS} digits.")
    for name in (unit, *_SPOKEN.get(unit, ())):
        written = written.removesuffix(name).rstrip()
    plain = _BLANKS.sub("", written).replace("−", "-").removeprefix("+")
    if _AMBIGUOUS.fullmatch(plain):
        whole, point = plain.replace(",", ""), plain.replace(",", ".")
        raise NotANumber(f"“{written}” can be read as {whole} or as {point}. Write one of these.")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "").replace(".", "")
    elif _BOTH.fullmatch(plain):
        sign = max(",.", key=plain.rfind)
        other = "," if sign == "." else "."
        plain = plain.replace(other, "").replace(sign, ".")
    elif not _PLAIN.fullmatch(plain):
        raise NotANumber(f"“{written}” is not a number. Write only the number, for example 4.5.")
    number = plain_number(Decimal(plain.replace(",", ".")))
    if number is None:
        raise NotANumber(f"This number is too long. Write at most {GREATEST_DIGITS} digits.")
    return number


def write(number: Decimal) -> str:
    """A number as it stands in a field."""
    return format(number, "f")
