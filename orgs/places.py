"""Countries and languages by their names."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError

_ENGLISH = Locale("en")


def country(code: str) -> str:
    """A country by its two letters; the letters themselves if nobody knows them."""
    return str(_ENGLISH.territories.get(code, code))


@cache
def language(tag: str) -> str:
    """A language by its tag, in English; the tag itself if nobody knows it."""
    return str(_ENGLISH.languages.get(tag.replace("-", "_"), tag))


@cache
def language_itself(tag: str) -> str:
    """A language by its tag, as its own speakers call it."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        return tag
    return name[:1].upper() + name[1:] if name else tag
