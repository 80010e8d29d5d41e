"""Who fits whom: one organisation's list as of now, and all pairs, as lines.

Everything is computed here and now from `world`; what is stored is the business of `keeping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from threadpoolctl import threadpool_limits

from assessments.compatibility import listing, pairs
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.models import Edition
from assessments.progress import Report, in_batches, to_nobody
from assessments.world import World, read_world
from orgs.models import Organisation

BLOCK = 200
"""How many organisations' pairs are written at a time."""

# Two threads for such small products cost more than they bring; workers share a machine anyway.
threadpool_limits(limits=1, user_api="blas")


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of a match list; `low` and `high` 0–1 are the pair's score."""

    rank: int
    organisation_id: int
    slug: str
    verdict: Verdict
    low: float
    high: float


class Matches(Sequence[Match]):
    """The whole match list of one organisation, each entry built when it is asked for.

    `places`, `verdicts`, `low`, `high` (K,): those of `listing.MatchList`; `world`: what the places
    are of. `counts`: how many others have each verdict.
    """

    def __init__(self, world: World, found: listing.MatchList) -> None:
        self.world = world
        self.places, self.verdicts = found.order, found.verdicts
        self.low, self.high = found.low, found.high
        self.counts: dict[Verdict, int] = dict(zip(VERDICTS, found.counts.tolist(), strict=True))

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> Match: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Match]: ...

    def __getitem__(self, at: int | slice) -> Match | Sequence[Match]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        place = int(self.places[at])
        return Match(
            at + 1,
            int(self.world.ids[place]),
            self.world.slugs[place],
            VERDICTS[self.verdicts[at]],
            float(self.low[at]),
            float(self.high[at]),
        )


def matches(organisation: Organisation, edition: Edition) -> Matches:
    """The match list of one organisation as of now, computed here and now."""
    world = read_world(edition)
    return Matches(world, listing.match_list(world.encoded, world.place(organisation)))


def counts(
    organisation_ids: Iterable[int], edition: Edition, *, world: World | None = None
) -> dict[int, dict[Verdict, int]]:
    """How many others have each verdict with some organisations, of those that have published.

    `world` is what was read of it for the same page, if it was.
    """
    world = read_world(edition) if world is None else world
    found = {}
    for pk in organisation_ids:
        if (place := world.places.get(pk)) is not None:
            counted = listing.match_list(world.encoded, place, longest=0).counts
            found[pk] = dict(zip(VERDICTS, counted.tolist(), strict=True))
    return found


def match_lines(found: Matches) -> Iterator[str]:
    """A match list as lines of the interchange format."""
    yield "rank,organisation,verdict,low,high\n"
    for match in found:
        yield f"{match.rank},{match.slug},{match.verdict},{match.low:.6f},{match.high:.6f}\n"


def pair_lines(
    edition: Edition, organisation: Organisation | None = None, *, report: Report = to_nobody
) -> Iterator[str]:
    """Every unordered pair, or all of one organisation, as lines of the interchange format."""
    world = read_world(edition)
    yield "first,second,verdict,low,high,first_low,first_high,second_low,second_high\n"
    count = len(world.ids)
    only = None if organisation is None else world.place(organisation)
    places = range(count)
    for batch in in_batches(places, BLOCK, "pairs", report):
        rows = world.encoded.take(slice(batch[0], batch[-1] + 1))
        first_column = batch[0]
        columns = world.encoded.take(slice(first_column, count))
        block = pairs.compare(rows, columns)
        for row, place in enumerate(batch):
            if only is None or place == only:
                others = range(place + 1, count)
            else:
                others = range(only, only + 1) if only > place else range(0)
            yield from _lines(world, block, row, place, others, first_column)


def _lines(
    world: World,
    block: pairs.Compatibility,
    row: int,
    place: int,
    others: range,
    first_column: int,
) -> Iterator[str]:
    columns = slice(others.start - first_column, others.stop - first_column)
    numbers = zip(
        others,
        block.verdicts[row, columns].tolist(),
        block.low[row, columns].tolist(),
        block.high[row, columns].tolist(),
        block.forward.low[row, columns].tolist(),
        block.forward.high[row, columns].tolist(),
        block.backward.low[row, columns].tolist(),
        block.backward.high[row, columns].tolist(),
        strict=True,
    )
    first = world.slugs[place]
    for other, verdict, *scores in numbers:
        shown = ",".join(f"{score:.6f}" for score in scores)
        yield f"{first},{world.slugs[other]},{VERDICTS[verdict]},{shown}\n"
