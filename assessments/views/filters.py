"""What a list is narrowed down to: read from an address, and shown with counts and ways back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, QueryDict

from assessments.browsing import Found, Wanted
from orgs import places

LONGEST = 200

LABELS: Mapping[str, str] = {
    "verdict": "Verdict",
    "headline": "Common wealth beyond itself",
    "country": "Country",
    "sector": "Sector",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "verdict": {
        "compatible": "Compatible",
        "unknown": "Not yet known",
        "not-compatible": "Not compatible",
    },
    "headline": {"yes": "Yes", "not-yet-known": "Not yet known", "no": "No"},
}


def wanted(request: HttpRequest, facets: Iterable[str]) -> Wanted:
    """What an address asks for, of these facets."""
    return replace(
        Wanted(text=_asked(request.GET, "q")),
        **{name: _asked(request.GET, name) for name in facets},
    )


def address(wanted: Wanted) -> str:
    """The query that asks for this; nothing where everybody is wanted."""
    parts = dict(_parts(wanted))
    return _address(parts) if parts else ""


def shown(found: Found, facets: Iterable[str], *, without: str = "") -> dict[str, Any]:
    """The facets with their counts, and what is asked for with the address without it.

    `without`: a value that is not offered, since nobody in the list has it.
    """
    wanted = found.wanted
    asked = wanted.facets
    return {
        "text": wanted.text,
        "facets": [
            _facet(name, asked.get(name, ""), found.counts[name], without) for name in facets
        ]
        if found.counts
        else [],
        "chips": [
            {
                "facet": LABELS.get(name, "Search"),
                "label": _word(name, value) if name in LABELS else f"“{value}”",
                "url": _address({key: kept for key, kept in _parts(wanted) if key != name}),
            }
            for name, value in _parts(wanted)
        ],
    }


def _asked(given: QueryDict, name: str) -> str:
    return given.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _parts(wanted: Wanted) -> list[tuple[str, str]]:
    parts = [("q", wanted.text), *wanted.facets.items()]
    return [(name, value) for name, value in parts if value]


def _address(parts: Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(parts)
    return f"?{query.urlencode()}"


def _facet(name: str, chosen: str, counts: Mapping[str, int], without: str) -> dict[str, Any]:
    values = [value for value in _WORDS.get(name, counts) if value != without]
    if chosen and chosen not in values:
        values.append(chosen)
    options = [
        {
            "value": value,
            "label": _word(name, value),
            "count": counts.get(value, 0),
            "is_chosen": value == chosen,
        }
        for value in values
    ]
    if name not in _WORDS:
        options.sort(key=lambda option: str(option["label"]).casefold())
    return {"name": name, "label": LABELS[name], "options": options}


def _word(name: str, value: str) -> str:
    if name == "country":
        return places.country(value)
    return _WORDS.get(name, {}).get(value, value)
