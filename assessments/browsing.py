"""Who is listed, as one asks: by text and facets, with counts, and seen from one's own side.

All is computed over arrays at the places of the world; entries are built only where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import overload

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility import listing, overview
from assessments.compatibility.encoding import Bools
from assessments.compatibility.pairs import VERDICTS
from assessments.facts import NONE, Several, Single, facts_of
from assessments.matching import Matches
from assessments.models import Edition
from assessments.world import World, read_world
from orgs.models import Organisation

_VERDICTS = tuple(verdict.value for verdict in VERDICTS)
_HEADLINES = tuple(headline.value for headline in overview.HEADLINES)


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
        wanted = {name: getattr(self, name) for name in FACETS}
        return {name: value for name, value in wanted.items() if value}


FACETS = tuple(one.name for one in fields(Wanted) if one.name != "text")


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation of a list, and how it stands to one's own.

    `low` and `high` 0–1 are the pair's score; `verdict` is empty where there is no other side.
    """

    organisation_id: int
    headline: str = ""
    verdict: str = ""
    low: float = 0.0
    high: float = 1.0
    rank: int = 0
    is_own: bool = False


class Entries(Sequence[Entry]):
    """The entries of a list, each built when it is asked for."""

    def __init__(self, chosen: NDArray[np.intp], entry: Callable[[int], Entry]) -> None:
        self._chosen = chosen
        self._entry = entry

    def __len__(self) -> int:
        return len(self._chosen)

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(at, slice):
            return [self._entry(one) for one in self._chosen[at].tolist()]
        return self._entry(int(self._chosen[at]))


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


def browse(
    edition: Edition | None,
    wanted: Wanted,
    own: Organisation | None,
    *,
    world: World | None = None,
) -> Found:
    """All who are listed and wanted, by name; seen from one's own organisation if it is listed.

    `world` is what was read of it for the same page, if it was.
    """
    if edition is None:
        return Found(wanted)
    world = read_world(edition) if world is None else world
    facts = facts_of(world)
    facets: dict[str, Single | Several] = {
        "headline": Single(_HEADLINES, world.headlines),
        "country": facts.countries,
        "sector": facts.sectors,
    }
    place = None if own is None else world.places.get(own.pk)
    seen = None if place is None else listing.seen_from(world.encoded, place)
    if seen is None:
        wanted = replace(wanted, verdict="")
    else:
        # One's own has no verdict with itself.
        verdicts = seen.verdicts.copy()
        verdicts[place] = NONE
        facets["verdict"] = Single(_VERDICTS, verdicts)

    def entry(at: int) -> Entry:
        pk, headline = int(world.ids[at]), _HEADLINES[world.headlines[at]]
        if seen is None or at == place:
            return Entry(pk, headline, is_own=at == place)
        low, high = float(seen.low[at]), float(seen.high[at])
        return Entry(pk, headline, _VERDICTS[seen.verdicts[at]], low, high)

    kept, counts = _narrowed(facets, facts.found(wanted.text), wanted)
    chosen = facts.by_name[kept[facts.by_name]]
    return Found(wanted, Entries(chosen, entry), counts, has_own=seen is not None)


def browse_matches(found: Matches, wanted: Wanted) -> Found:
    """Those of a match list who are wanted, each with its rank in the whole list."""
    facts = facts_of(found.world)
    verdicts = np.full(len(found.world), NONE, dtype=np.int8)
    verdicts[found.places] = found.verdicts
    facets: dict[str, Single | Several] = {
        "verdict": Single(_VERDICTS, verdicts),
        "country": facts.countries,
        "sector": facts.sectors,
    }

    def entry(at: int) -> Entry:
        match = found[at]
        return Entry(
            match.organisation_id,
            _HEADLINES[found.world.headlines[found.places[at]]],
            verdict=match.verdict.value,
            low=match.low,
            high=match.high,
            rank=match.rank,
        )

    among = facts.found(wanted.text) & (verdicts != NONE)
    kept, counts = _narrowed(facets, among, wanted)
    return Found(wanted, Entries(np.flatnonzero(kept[found.places]), entry), counts)


def _narrowed(
    facets: Mapping[str, Single | Several], among: Bools, wanted: Wanted
) -> tuple[Bools, dict[str, dict[str, int]]]:
    """(N,) who of some has all that is wanted; and the counts of each facet."""
    holding = {
        name: facets[name].holding(value) if name in facets else np.zeros_like(among)
        for name, value in wanted.facets.items()
    }

    def without(name: str = "") -> Bools:
        kept = among.copy()
        for of, has in holding.items():
            if of != name:
                kept &= has
        return kept

    kept = without()
    counts = {
        name: facets[name].counted(without(name) if name in holding else kept)
        if name in facets
        else {}
        for name in FACETS
    }
    return kept, counts
