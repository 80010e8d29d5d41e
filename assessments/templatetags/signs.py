"""The visual language as template tags: what is counted and worded here is drawn in components/.

Shares are 0–1 (float or Fraction), credits and bars are 0–100. A word that no table here knows is
an error, not a blank.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.urls import reverse

register = template.Library()

Drawing: TypeAlias = dict[str, Any]
"""What a component's template is given."""
Number: TypeAlias = float | Fraction

NO_SCORE = "no score"

_YES, _OPEN, _NO, _PLAIN = "is-yes", "is-open", "is-no", ""

# Every word that comes from the model, as it is shown, and its tone.
_WORDS: Mapping[str, tuple[str, str]] = {
    # The verdict on a pair.
    "compatible": ("compatible", _YES),
    "unknown": ("not yet known", _OPEN),
    "not-compatible": ("not compatible", _NO),
    # The headline answer.
    "yes": ("yes", _YES),
    "not-yet-known": ("not yet known", _OPEN),
    "no": ("no", _NO),
    # How a deal-breaker stands, and how a criterion that decides stands.
    "met": ("met", _YES),
    "holds": ("holds", _YES),
    "open": ("open", _OPEN),
    "failed": ("not met", _NO),
    "fails": ("does not hold", _NO),
    # What counts of an answer.
    "known": ("known", _YES),
    "not-applicable": ("does not apply", _PLAIN),
}

_SHAPES: Mapping[str, str] = {
    "met": "holds",
    "holds": "holds",
    "open": "open",
    "failed": "fails",
    "fails": "fails",
}

_QUADRANTS: Mapping[str, tuple[str, str]] = {
    "form-and-function": ("Co-operative in form and function.", _YES),
    "nominal": ("Co-operative in name.", _NO),
    "without-the-label": ("Co-operative without the label.", _YES),
    "neither": ("Neither by its rules nor in practice.", _NO),
}

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

QUADRANT_BOUND = 60
"""From this mean credit on, form (or function) counts as co-operative."""


@register.filter
def in_words(value: str) -> str:
    """A verdict, a headline answer or a state, as it is said in the middle of a sentence."""
    return _WORDS[value][0]


@register.filter
def tone(value: str) -> str:
    """The class that gives a verdict, a headline answer or a state its colour."""
    return _WORDS[value][1]


@register.filter
def host(url: str) -> str:
    """The host of an address, without `www.`; the address itself where it has none."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def possessive(name: str) -> str:
    """Whose something is: "Alder’s", "Baobab Growers’"."""
    return f"{name}’" if name.endswith(("s", "S")) else f"{name}’s"


@register.filter
def is_web(url: str) -> bool:
    """Whether an address leads to a page of the web; only such a one is made a link."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@register.filter
def spelled(number: int) -> str:
    """A number as it is read aloud: "two"; from thirteen on in figures."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


@register.simple_tag
def phrase(pattern: str, *words: object) -> str:
    """A few words with their gaps filled: `{% phrase "{} of {} known" 14 22 as note %}`."""
    return pattern.format(*words)


# Signs


@register.inclusion_tag("components/verdict_sign.html")
def verdict_sign(verdict: str, size: str = "", label: bool = True) -> Drawing:
    """The two circles: overlapping and filled, overlapping with one dashed, or apart.

    `size` is "small", "large" or nothing. `label=False` where the word stands beside it.
    """
    return _sign(verdict, size, label)


@register.inclusion_tag("components/headline_sign.html")
def headline_sign(answer: str, size: str = "", label: bool = True) -> Drawing:
    """A circle and what lies beyond it: reached (yes), dashed (not yet known), not there (no)."""
    return _sign(answer, size, label)


@register.inclusion_tag("components/status_sign.html")
def status_sign(status: str, size: str = "", label: bool = True) -> Drawing:
    """The circle before a reason: with a tick (met), half-filled (open), crossed (failed)."""
    return {**_sign(status, size, label), "shape": _SHAPES[status]}


def _sign(value: str, size: str, label: bool) -> Drawing:
    word, tone_ = _WORDS[value]
    return {
        "value": value,
        "word": word,
        "tone": tone_,
        "size": f"is-{size}" if size else "",
        "label": label,
    }


# Intervals


@register.simple_tag
def score(low: Number | None, high: Number | None, bar: int | None = None) -> str:
    """An interval in figures: "52–81", "38" where nothing is open, "no score" without a basis.

    Half is rounded up, but never across the bar, and an interval is never rounded to a point.
    """
    if low is None or high is None:
        return NO_SCORE
    first, second = _figures(low, high, bar)
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
        "figures": score(low, high, bar) if has_basis else "",
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
    first, second = _figures(low, high, bar)
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
    return round(float(share) * 100, 9)


def _figures(low: Number, high: Number, bar: int | None) -> tuple[str, str]:
    first, second = _percent(low), _percent(high)
    figures = _figure(first, bar), _figure(second, bar)
    if first == second or figures[0] != figures[1]:
        return figures
    tenths = math.floor(first * 10), math.ceil(second * 10)
    if bar is not None and second < bar <= tenths[1] / 10:
        tenths = tenths[0], math.floor(second * 10)
    return f"{tenths[0] / 10:g}", f"{tenths[1] / 10:g}"


def _figure(percent: float, bar: int | None) -> str:
    whole = math.floor(percent + 0.5)
    if bar is not None and percent < bar <= whole:
        return f"{math.floor(percent * 10) / 10:g}"
    return str(whole)


# Form and function


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
        "tone": _NO if has_gap and function < form else _YES,
    }


@register.inclusion_tag("components/quadrant.html")
def quadrant(
    name: str | None, form: Number | None, function: Number | None, subject: str = "It"
) -> Drawing:
    """Where an organisation stands between rules and practice: one sentence, one dot in a field.

    `name` is the quadrant's slug or None; `form` and `function` are mean credits 0–100.
    """
    if not name or form is None or function is None:
        return {"sentence": "", "subject": subject}
    sentence, tone_ = _QUADRANTS[name]
    across, up = float(form), float(function)
    return {
        "sentence": sentence,
        "tone": tone_,
        "subject": subject,
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


# Words and ways


@register.inclusion_tag("components/but.html")
def but(
    reservation: str,
    said: str = "Yes",
    counts_as: str = "No",
    organisation: str = "",
    question: str = "",
    url: str = "",
) -> Drawing:
    """The "but" of a "Yes, but", quoted, with whose it is, on what, and what it counts as.

    On a reversed question it is "No, but" and counts as Yes. Nothing in `counts_as`: not scored.
    """
    return {
        "reservation": reservation,
        "said": said,
        "counts_as": counts_as,
        "organisation": organisation,
        "question": question,
        "url": url,
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*trail: str) -> Drawing:
    """Where one is: names and addresses in turn; the last name, without address, is this page."""
    names, addresses = trail[0::2], (*trail[1::2], "")
    return {"trail": list(zip(names, addresses, strict=False))}


@register.inclusion_tag("components/paging.html", takes_context=True)
def paging(context: Context, page: Page[Any], label: str = "Pages", key: str = "page") -> Drawing:
    """The way to the other pages of a list; whatever else the address asks for stays."""
    request = context.get("request")
    asked = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if asked is None:
            return f"?{key}={number}"
        asked[key] = str(number)
        return f"?{asked.urlencode()}"

    numbers: Sequence[int | str] = list(
        page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    )
    return {
        "label": label,
        "is_needed": page.paginator.num_pages > 1,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "pages": [
            {
                "number": number,
                "url": address(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
            for number in numbers
        ],
    }


@register.inclusion_tag("components/search.html")
def search_form(
    action: str, value: str = "", label: str = "Search", key: str = "q", hint: str = ""
) -> Drawing:
    """One field that is sent by GET, so that its result has an address."""
    return {"action": action, "value": value, "label": label, "key": key, "hint": hint}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[tuple[str, str]]) -> Drawing:
    """Terms with what they are; those that are not said are left out."""
    return {"pairs": [(term, value) for term, value in pairs if value]}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", link: str = "") -> Drawing:
    """What stands where there is nothing yet, and where to go from here."""
    return {"title": title, "text": text, "url": url, "link": link}


@register.inclusion_tag("components/notice.html")
def notice(text: str, title: str = "", tone: str = "") -> Drawing:
    """What the reader should know now; `tone` is "yes", "open", "no" or nothing."""
    return {"text": text, "title": title, "tone": f"is-{tone}" if tone else ""}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, label: str, fragment: str = "") -> Drawing:
    """A link of the main navigation; it says when it is this page ("page") or above it ("true").

    A page elsewhere in the address space sets `section` to the name it belongs to.
    """
    url, section = reverse(name), context.get("section")
    path = getattr(context.get("request"), "path", "")
    current = ""
    if not fragment:
        if path == url:
            current = "page"
        elif section == name or (not section and url != "/" and path.startswith(url)):
            current = "true"
    return {"url": f"{url}#{fragment}" if fragment else url, "label": label, "current": current}
