"""Stored results a few changes later: brought up to date by what has changed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assessments import stored
from assessments.compatibility import pairs
from assessments.compatibility.encoding import encode
from assessments.compatibility.pairs import NOT_COMPATIBLE, VERDICTS
from assessments.stored import RECORD, Records, Result
from assessments.world import Moved, World

MOST_MOVED = 200
"""With more changed sheets than this, a result is computed anew."""


def is_worth_a_look(world: World, moved: Moved) -> bool:
    """Whether so little changed, under the same edition, that looking at it alone is less work."""
    count = max(len(moved.before), len(moved.after))
    if count > MOST_MOVED or 4 * count > len(world):
        return False
    is_same_edition = all(of == world.edition_id for _, of, _ in moved.before)
    return is_same_edition and not world.frame.misfits([row for *_, row in moved.before])


@dataclass
class Later:
    """Stored results a few changes later.

    `changed` are other than they were, `same` (by id) hold as they are; what is in neither has to
    be computed anew.
    """

    world: World
    changed: list[Result] = field(default_factory=list)
    same: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, world: World, moved: Moved, results: Sequence[Result]) -> Later:
        """What becomes of stored results that were all as of the revision since which it moved."""
        later = cls(world)
        new = set(world.ids[moved.after].tolist())
        others = [result for result in results if result.organisation_id not in new]
        if not others:
            return later
        places = [world.places[result.organisation_id] for result in others]
        asking = encode(world.frame, world.rows.take(places))
        then = encode(world.frame, world.frame.rows([row for *_, row in moved.before]))
        now = encode(world.frame, world.rows.take(moved.after))
        before = pairs.compare(asking, then).verdicts
        after = pairs.compare(asking, now)
        gone = np.array(sorted({pk for pk, *_ in moved.before}.union(new)), dtype=np.int64)
        for row, result in enumerate(others):
            counts = (
                result.counts
                - np.bincount(before[row], minlength=len(VERDICTS))
                + np.bincount(after.verdicts[row], minlength=len(VERDICTS))
            )
            arrived = stored.records(
                world.ids[moved.after], after.verdicts[row], after.low[row], after.high[row]
            )
            later._add(result, counts, gone, arrived)
        return later

    def _add(
        self,
        result: Result,
        counts: NDArray[np.int64],
        gone: NDArray[np.int64],
        arrived: Records,
    ) -> None:
        """Take up one result: what is gone out of its list, what has arrived into it."""
        if counts.sum() != len(self.world) - 1 or counts.min() < 0:
            return
        best = self._merged(result.best, counts, gone, arrived)
        if best is None:
            return
        if (counts == result.counts).all() and best.tobytes() == result.best.tobytes():
            self.same.append(result.organisation_id)
        else:
            self.changed.append(Result(result.organisation_id, counts, best))

    def _merged(
        self,
        before: Records,
        counts: NDArray[np.int64],
        gone: NDArray[np.int64],
        arrived: Records,
    ) -> Records | None:
        """A stored list without what is gone, with what has arrived; None where that is too little.

        Who is not in a list that was cut comes after its last one, nobody knows in which order.
        """
        lost = np.isin(before["organisation"], gone)
        last = self._order(before[-1].item()) if len(before) == stored.LONGEST else None
        new = [record for record in arrived.tolist() if last is None or self._order(record) <= last]
        if not new and not lost.any():
            return before
        known = sorted([*before[~lost].tolist(), *new], key=self._order)
        if last is not None and len(known) < stored.LONGEST:
            everybody = before[~lost].size + arrived.size
            if everybody != counts[:NOT_COMPATIBLE].sum():
                return None
            known = sorted([*before[~lost].tolist(), *arrived.tolist()], key=self._order)
        return np.array(known[: stored.LONGEST], dtype=RECORD)

    def _order(self, record: tuple[int, int, float, float]) -> tuple[int, float, float, int]:
        """By verdict, low, high, slug, as a match list goes."""
        pk, verdict, low, high = record
        return verdict, -low, -high, self.world.places.get(pk, -1)
