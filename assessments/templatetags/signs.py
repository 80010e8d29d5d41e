"""The words and signs of the model as template tags: verdicts, answers, how a reason stands.

A word that no table here knows is an error, not a blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django import template

register = template.Library()

Drawing: TypeAlias = dict[str, Any]
"""What a component's template is given."""

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
    "not-applicable": "apart",
}

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


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
def differing(requirements: int, threshold: bool) -> str:
    """What differs from the standard policy, as a sentence; nothing where nothing does."""
    named = f"{spelled(requirements)} requirement{'' if requirements == 1 else 's'}"
    parts = [named] if requirements else []
    parts += ["the bar"] if threshold else []
    if not parts:
        return ""
    said = " and ".join(parts)
    verb = "differs" if len(parts) == 1 and requirements < 2 else "differ"
    return f"{said[0].upper()}{said[1:]} {verb} from the standard policy"


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
    """The circle before a reason: with a tick (met), half-filled (open), crossed (failed).

    With a bar and in plain ink: it does not apply.
    """
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
