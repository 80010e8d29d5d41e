"""Who is listed, as one asks: by text and facets, with counts, and seen from one's own side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from assessments.compatibility import listing, overview
from assessments.compatibility.pairs import VERDICTS
from assessments.matching import Matches
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.world import World, read_world
from orgs import directory
from orgs.models import Organisation


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed down to; an empty text leaves everybody in."""

    text: str = ""
    verdict: str = ""
    headline: str = ""
    country: str = ""
    sector: str = ""

    @property
    def facets(self) -> Mapping[str, str]:
        """What is wanted of each facet that is asked for."""
        wanted = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "text"}
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of a list: its facets, and how it stands to one's own.

    `low` and `high` 0–1 are the pair's score; `verdict` is empty where there is no other side.
    """

    organisation_id: int
    country: str
    sectors: tuple[str, ...]
    headline: str = ""
    verdict: str = ""
    low: float = 0.0
    high: float = 1.0
    rank: int = 0
    is_own: bool = False

    def values(self, facet: str) -> tuple[str, ...]:
        """The values of a facet that hold for it."""
        if facet == "sector":
            return tuple(dict.fromkeys(self.sectors))
        value: str = getattr(self, facet)
        return (value,) if value else ()


@dataclass(frozen=True)
class Found:
    """Those who are wanted, in their order; `counts` by facet and value.

    A facet's counts are what one would find with another value of it, all else as it is wanted.
    `wanted` is what could be asked for: no verdict where there is no own side.
    """

    wanted: Wanted
    entries: Sequence[Entry] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    has_own: bool = False


def browse(edition: Edition | None, wanted: Wanted, own: Organisation | None) -> Found:
    """All who are listed and wanted, by name; seen from one's own organisation if it is listed."""
    if edition is None:
        return Found(wanted)
    world = read_world(edition)
    place = None if own is None else world.places.get(own.pk)
    answers = overview.headlines(world.frame, world.rows).tolist()
    seen = None if place is None else _seen_from(world, place)
    if seen is None:
        wanted = replace(wanted, verdict="")
    entries = []
    for pk, (country, sectors) in _facts(wanted.text).items():
        other = world.places.get(pk)
        if other is None:
            continue
        headline = overview.HEADLINES[answers[other]].value
        if seen is None or other == place:
            entry = Entry(pk, country, sectors, headline, is_own=other == place)
        else:
            verdict, low, high = seen[0][other], seen[1][other], seen[2][other]
            entry = Entry(pk, country, sectors, headline, VERDICTS[verdict].value, low, high)
        entries.append(entry)
    return _narrowed(entries, wanted, has_own=place is not None)


def browse_matches(found: Matches, wanted: Wanted) -> Found:
    """Those of a match list who are wanted, each with its rank in the whole list."""
    facts = _facts(wanted.text)
    entries = [
        Entry(
            match.organisation_id,
            *facts[match.organisation_id],
            verdict=match.verdict.value,
            low=match.low,
            high=match.high,
            rank=match.rank,
        )
        for match in found.matches
        if match.organisation_id in facts
    ]
    return _narrowed(entries, wanted)


def _facts(text: str) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Country and sectors of those in whom a text is found, by id, in the order of their names."""
    found = directory.search(listed(), text).order_by("search_text", "slug")
    return {
        pk: (country, tuple(map(str, sectors)))
        for pk, country, sectors in found.values_list("pk", "country", "sectors")
    }


def _seen_from(world: World, place: int) -> tuple[list[int], list[float], list[float]]:
    """The verdict and the score of everybody's pair with the organisation at a place."""
    seen = listing.seen_from(world.encoded, place)
    return seen.verdicts.tolist(), seen.low.tolist(), seen.high.tolist()


def _narrowed(entries: Sequence[Entry], wanted: Wanted, *, has_own: bool = False) -> Found:
    asked = wanted.facets
    names = [one.name for one in fields(wanted) if one.name != "text"]
    return Found(
        wanted,
        entries=[entry for entry in entries if _is_wanted(entry, asked.items())],
        counts={
            name: Counter(
                value
                for entry in entries
                if _is_wanted(entry, [one for one in asked.items() if one[0] != name])
                for value in entry.values(name)
            )
            for name in names
        },
        has_own=has_own,
    )


def _is_wanted(entry: Entry, asked: Iterable[tuple[str, str]]) -> bool:
    return all(value in entry.values(name) for name, value in asked)
