"""The drawings as template tags: intervals, and where rules and practice part.

What is counted here is drawn in components/. Shares are 0–1 (float or Fraction), credits and bars
are 0–100.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from django import template

register = template.Library()

Drawing: TypeAlias = dict[str, Any]
"""What a component's template is given."""
Number: TypeAlias = float | Fraction

NO_SCORE = "no score"

DECIMALS = 9
"""Of a percentage; what comes after them is noise."""

_YES, _NO = "is-yes", "is-no"

_QUADRANTS: Mapping[str, tuple[str, str]] = {
    "form-and-function": ("Co-operative in form and function.", _YES),
    "nominal": ("Co-operative in name.", _NO),
    "without-the-label": ("Co-operative without the label.", _YES),
    "neither": ("Co-operative neither in form nor in function.", _NO),
}


NOTEWORTHY = 20
"""From so many points on, practice that stays behind the rules is marked."""

PRINCIPLES = 7
"""So many has the International Co-operative Alliance."""
QUADRANT_BOUND = 60
"""From this mean credit on, form (or function) counts as co-operative."""


@register.simple_tag
def score(low: Number | None, high: Number | None) -> str:
    """An interval in figures: "52–81", "38" where nothing is open, "no score" without a basis.

    What is begun of a percent is left out. So a figure is the same wherever it stands, and reaches
    a bar, which is whole, just where the share does. An interval gets as many decimals as tell its
    ends apart.
    """
    if low is None or high is None:
        return NO_SCORE
    first, second = _figures(low, high)
    return first if first == second else f"{first}–{second}"


@register.inclusion_tag("components/interval_bar.html")
def interval_bar(
    low: Number | None, high: Number | None, bar: int | None = None, size: str = ""
) -> Drawing:
    """The drawing of an interval alone: solid to low, hatched to high, a line at the bar.

    `size` is "small", "list" or nothing (as wide as its place).
    """
    return _bar(low, high, bar, size)


@register.inclusion_tag("components/interval.html")
def interval(
    label: str,
    low: Number | None,
    high: Number | None,
    bar: int | None = None,
    note: str = "",
    url: str = "",
    has_basis: bool = True,
) -> Drawing:
    """A row: what is measured, the drawing, the figures, and a note ("14 of 22 known").

    Without a basis there is no figure to read: it says "not enough basis".
    """
    if not has_basis:
        low = high = None
    return {
        **_bar(low, high, bar, ""),
        "name": label,
        "url": url,
        "figures": score(low, high) if has_basis else "",
        "note": note or ("" if bar is None else f"bar {bar}"),
        "has_basis": has_basis,
    }


@register.inclusion_tag("components/interval_bar.html")
def credit_bar(credit: int | None, state: str = "known") -> Drawing:
    """What one answer counts, as a small interval: its credit, or all of it open.

    `state` is "known", "unknown" or "not-applicable"; only a known one has a credit.
    """
    if state == "known" and credit is not None:
        return _bar(Fraction(credit, 100), Fraction(credit, 100), None, "small")
    if state == "unknown":
        return _bar(0, 1, None, "small")
    return _bar(None, None, None, "small")


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the parts of a bar begin and how wide they are, as SVG lengths."""

    known: str
    open_from: str
    open: str


def _bar(low: Number | None, high: Number | None, bar: int | None, size: str) -> Drawing:
    drawing: Drawing = {
        "bar": "" if bar is None else f"{bar}%",
        "size": f"is-{size}" if size else "",
        "label": NO_SCORE if bar is None else f"{NO_SCORE}, bar {bar}",
        "span": None,
    }
    if low is None or high is None:
        return drawing
    first, second = _figures(low, high)
    said = f"{first} of 100" if first == second else f"{first} to {second} of 100"
    drawing["label"] = said if bar is None else f"{said}, bar {bar}"
    drawing["span"] = _Span(
        known=_length(low),
        open_from=_length(low),
        open=_length(high - low) if high > low else "",
    )
    return drawing


def _length(share: Number) -> str:
    return f"{_percent(share):.2f}".rstrip("0").rstrip(".") + "%"


def _percent(share: Number) -> float:
    """A share as percent, freed from the noise of binary fractions (0.57 · 100 is 57)."""
    return round(float(share) * 100, DECIMALS)


def _figures(low: Number, high: Number) -> tuple[str, str]:
    first, second = _percent(low), _percent(high)
    decimals = 0
    while (
        decimals < DECIMALS
        and first != second
        and _begun(first, decimals) == _begun(second, decimals)
    ):
        decimals += 1
    return _begun(first, decimals), _begun(second, decimals)


def _begun(percent: float, decimals: int) -> str:
    """A percentage to so many decimals, and nothing of what comes after them."""
    shown = Decimal(repr(percent)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    return f"{shown:f}"


@register.inclusion_tag("components/principles.html")
def principles(rows: Iterable[Any], caption: str = "") -> Drawing:
    """A table whose rows are drawn: a square for the rules, a dot for what happened, on one line.

    A row has `label`, `form` and `function` (0–100, or None where too little is known).
    """
    return {"rows": [_principle(row) for row in rows], "caption": caption}


def _principle(row: Any) -> Drawing:
    form, function = _of(row, "form"), _of(row, "function")
    has_gap = form is not None and function is not None
    return {
        "label": _of(row, "label"),
        "form": None if form is None else _whole(form),
        "function": None if function is None else _whole(function),
        "form_at": "" if form is None else _length(Fraction(form) / 100),
        "function_at": "" if function is None else _length(Fraction(function) / 100),
        "has_gap": has_gap,
        "tone": _NO if has_gap and form - function >= NOTEWORTHY else _YES,
    }


@register.inclusion_tag("components/quadrant.html")
def quadrant(
    name: str | None,
    form: Number | None,
    function: Number | None,
    subject: str = "It",
    principles: int = 0,
) -> Drawing:
    """Where an organisation stands between rules and practice: one sentence, one dot in a field.

    `name` is the quadrant's slug or None; `form` and `function` are mean credits 0–100 over those
    of the seven `principles` of which both are known.
    """
    if not name or form is None or function is None:
        return {"sentence": "", "subject": subject}
    sentence, tone_ = _QUADRANTS[name]
    across, up = float(form), float(function)
    return {
        "sentence": sentence,
        "tone": tone_,
        "subject": subject,
        "principles": principles,
        "rest": PRINCIPLES - principles,
        "form": _whole(form),
        "function": _whole(function),
        "x": f"{across:.2f}",
        "y": f"{100 - up:.2f}",
        "bound": QUADRANT_BOUND,
        "bound_y": 100 - QUADRANT_BOUND,
        "field": _field(across >= QUADRANT_BOUND, up >= QUADRANT_BOUND),
    }


def _field(in_form: bool, in_function: bool) -> Drawing:
    """The field of the quadrant's drawing that is tinted, in a square of 100 by 100."""
    rest = 100 - QUADRANT_BOUND
    return {
        "x": QUADRANT_BOUND if in_form else 0,
        "width": rest if in_form else QUADRANT_BOUND,
        "y": 0 if in_function else rest,
        "height": rest if in_function else QUADRANT_BOUND,
    }


def _whole(number: Number) -> int:
    return math.floor(round(float(number), 9) + 0.5)


def _of(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, Mapping) else getattr(row, key)
