"""Countries and languages by their names."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError

from orgs.models.organisation import plain

_ENGLISH = Locale("en")

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes that stand for a union, a test or nothing known."""


def country(code: str) -> str:
    """A country by its two letters; the letters themselves if nobody knows them."""
    return str(_ENGLISH.territories.get(code, code))


@cache
def countries() -> list[tuple[str, str]]:
    """Every country: its two letters and its name, by name."""
    found = [
        (code, str(name))
        for code, name in _ENGLISH.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return sorted(found, key=lambda pair: plain(pair[1]))


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


def language_tag(text: str) -> str | None:
    """The tag of a language that is given by its tag or its name; None if nobody knows it."""
    asked = plain(text.strip()).replace("_", "-")
    return _tags_in_english().get(asked) or _tags_by_own_name().get(asked)


@cache
def _tags_in_english() -> dict[str, str]:
    """The tags of languages by their tags and English names; a tag wins over a name."""
    tags = [str(code).replace("_", "-") for code in _ENGLISH.languages]
    return {plain(language(tag)): tag for tag in tags} | {tag.casefold(): tag for tag in tags}


@cache
def _tags_by_own_name() -> dict[str, str]:
    """The tags of languages by what their own speakers call them; read only when it is needed."""
    tags = sorted(code for code in map(str, _ENGLISH.languages) if "_" not in code)
    return {plain(language_itself(tag)): tag for tag in tags}
