"""Licences as people name them, and what they may mean by the SPDX list.

Only what can mean nothing else is taken as meant; for the rest there is a guess, to be asked about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.scoring.licences import known_by_lower_case

CLOSED = "LicenseRef-proprietary"

IN_PLAIN_WORDS: Sequence[tuple[str, str]] = (
    (CLOSED, "All rights reserved: others may not copy or change it."),
    ("CC-BY-SA-4.0", "Texts, pictures: free to use and change; name us, share alike."),
    ("CC-BY-4.0", "Texts, pictures: free to use and change; name us."),
    ("CC-BY-NC-SA-4.0", "Texts, pictures: name us, share alike, no commerce."),
    ("CC-BY-ND-4.0", "Texts, pictures: name us, change nothing."),
    ("CC0-1.0", "Anything: free, without conditions."),
    ("AGPL-3.0-or-later", "Software: share alike, also when it runs on a server."),
    ("GPL-3.0-or-later", "Software: share alike."),
    ("MIT", "Software: free, name us."),
    ("Apache-2.0", "Software: free, name us, with a word on patents."),
    ("ODbL-1.0", "Data: free, share alike."),
    ("CERN-OHL-S-2.0", "Designs of things: share alike."),
    ("PPL", "Anything: for commoners and co-operatives free, for other firms not."),
)
"""The short names of licences that are met most, each with what it comes to."""

_LATEST: Mapping[str, str] = {
    "mit": "MIT",
    "apache": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "mpl": "MPL-2.0",
    "mozilla": "MPL-2.0",
    "eupl": "EUPL-1.2",
    "odbl": "ODbL-1.0",
    "open database": "ODbL-1.0",
    "ofl": "OFL-1.1",
    "sil open font": "OFL-1.1",
    "cern ohl": "CERN-OHL-S-2.0",
    "public domain": "CC0-1.0",
    "no rights reserved": "CC0-1.0",
    "peer production": "PPL",
}
_SAYS_CLOSED = frozenset(
    {"all rights reserved", "todos los derechos reservados", "proprietary", "copyright", "closed"}
)
_WORDS: Sequence[tuple[str, str]] = (
    (r"creative commons", "cc"),
    (r"share[ -]?alike", "sa"),
    (r"attribution", "by"),
    (r"non[ -]?commercial", "nc"),
    (r"no[ -]?deriv(ative)?s?", "nd"),
    (r"zero", "0"),
    (r"affero (general )?(public licen[cs]e|gpl)", "agpl"),
    (r"lesser (general )?(public licen[cs]e|gpl)", "lgpl"),
    (r"general public licen[cs]e", "gpl"),
    (r"\b(gnu|licen[cs]es?|international|unported|version|the)\b", " "),
    (r"(?<![a-km-z])v(?=[0-9])", " "),
)
_WORD = re.compile(r"[A-Za-z0-9.+-]+")
_VERSION = re.compile(r"[0-9](\.[0-9])?")


@dataclass(frozen=True, slots=True)
class _Guess:
    """An identifier, and whether what was written can mean nothing else."""

    identifier: str
    is_sure: bool


def as_known(written: str) -> str:
    """An expression as people write it, with the identifiers as the SPDX list has them.

    "CC BY-SA 4.0" becomes CC-BY-SA-4.0, "mit or gpl-3.0-only" becomes MIT or GPL-3.0-only, "all
    rights reserved" what the model has for it; what is not known for sure stays as it is.
    """
    known = known_by_lower_case()
    whole = re.sub(r"-licen[cs]e$", "", "-".join(written.lower().split()))
    if whole in known:
        return known[whole]
    guess = _guess(written)
    if guess is not None and guess.is_sure:
        return guess.identifier
    return _WORD.sub(lambda word: known.get(word[0].lower(), word[0]), written)


def meant(written: str) -> str:
    """The identifier that somebody may mean; nothing where there is no guess."""
    guess = _guess(written)
    return "" if guess is None else guess.identifier


def _guess(written: str) -> _Guess | None:
    text = written.lower()
    if " ".join(re.sub(r"[^a-z]+", " ", text).split()) in _SAYS_CLOSED or "©" in text:
        return _Guess(CLOSED, is_sure=True)
    for pattern, word in _WORDS:
        text = re.sub(pattern, word, text)
    words = re.sub(r"[^a-z0-9.+]+", " ", text).replace("cc0", "cc 0").split()
    guess = _creative_commons(words) or _gnu(words) or _other(words)
    is_known = guess is not None and guess.identifier.lower() in known_by_lower_case()
    return guess if is_known else None


def _creative_commons(words: Sequence[str]) -> _Guess | None:
    rest = set(words) - {"cc", "by", "sa", "nc", "nd", "and"}
    versions = {one for one in rest if _VERSION.fullmatch(one)}
    if words[:2] == ["cc", "0"]:
        return _Guess("CC0-1.0", is_sure=rest <= {"0", "1.0"})
    parts = [one for one in ("nc", "nd", "sa") if one in words]
    if "cc" not in words and not (len(words) > 1 and {"by", *parts} >= {*words}):
        return None
    if not parts and "by" not in words:
        return None
    version = versions.pop() if len(versions) == 1 else ""
    identifier = "-".join(["CC-BY", *map(str.upper, parts), _decimal(version or "4.0")])
    return _Guess(identifier, is_sure=bool(version) and not rest - {version})


def _gnu(words: Sequence[str]) -> _Guess | None:
    text = " ".join(words)
    found = re.match(
        r"(agpl|lgpl|gpl) ?([0-9](?:\.[0-9])?)?( ?\+| or later| or newer| only)?", text
    )
    if found is None:
        return None
    family, version, later = found[1].upper(), found[2], found[3]
    end = "only" if later and "only" in later else "or-later"
    identifier = f"{family}-{_decimal(version or '3.0')}-{end}"
    return _Guess(identifier, is_sure=bool(version and later) and found.end() == len(text))


def _other(words: Sequence[str]) -> _Guess | None:
    text = " ".join(one for one in words if not _VERSION.fullmatch(one))
    for name, identifier in _LATEST.items():
        if text == name or text.startswith(f"{name} "):
            version = identifier.rpartition("-")[2]
            is_said = version in words or f"{version}.0" in words or _decimal(words[-1]) == version
            return _Guess(identifier, is_sure=text == name and is_said)
    return None


def _decimal(version: str) -> str:
    return version if "." in version else f"{version}.0"
