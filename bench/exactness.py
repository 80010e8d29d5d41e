"""Whether the same bits come out whichever way the lists are computed."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from assessments.compatibility import all_pairs, listing
from assessments.compatibility.all_pairs import BestLists
from assessments.compatibility.encoding import encode
from assessments.compatibility.tiles import Tiling
from bench import contenders, plain, worlds

NAMES = ("order", "verdicts", "low", "high", "lengths", "counts")
TILINGS = (Tiling(), Tiling(100, 300), Tiling(512, 128))


def bits(found: BestLists) -> list[bytes]:
    """Everything about some lists, bit by bit."""
    return [getattr(found, name).tobytes() for name in NAMES]


def is_exact(organisations: int) -> bool:
    """Three tile shapes, one and two threads, a block of lists and single ones: the same bits.

    And a sample agrees with the double loop in verdict counts, order and every score.
    """
    encoded = contenders.world(organisations)
    found = all_pairs.best_of_all(encoded, contenders.LONGEST)
    for threads in (1, 2):
        with threadpool_limits(limits=threads, user_api="blas"):
            for tiling in TILINGS:
                other = all_pairs.best_of_all(encoded, contenders.LONGEST, tiling=tiling)
                if bits(other) != bits(found):
                    return False
    start, stop = organisations // 3, organisations // 2
    block = all_pairs.best_lists(encoded, start, stop, contenders.LONGEST)
    for name in NAMES:
        if not np.array_equal(getattr(block, name), getattr(found, name)[start:stop]):
            return False
    return all(
        _is_same(found, place, listing.match_list(encoded, place, contenders.LONGEST))
        for place in range(0, organisations, 37)
    ) and _agrees_with_the_loop(300)


def _is_same(found: BestLists, place: int, alone: listing.MatchList) -> bool:
    listed = slice(0, int(found.lengths[place]))
    return alone.counts.tolist() == found.counts[place].tolist() and all(
        np.array_equal(getattr(alone, name), getattr(found, name)[place, listed])
        for name in NAMES[:4]
    )


def _agrees_with_the_loop(organisations: int) -> bool:
    frame = contenders.frame()
    rows = worlds.rows(frame, organisations, seed=2)
    encoded, sheets = encode(frame, rows), plain.sheets(frame, rows)
    for place in range(0, organisations, 29):
        expected, counts = plain.one_list(frame.criteria, sheets, place)
        found = listing.match_list(encoded, place)
        ours = zip(
            found.verdicts.tolist(),
            (-found.low).tolist(),
            (-found.high).tolist(),
            found.order.tolist(),
            strict=True,
        )
        if list(ours) != expected or found.counts.tolist() != counts:
            return False
    return True
