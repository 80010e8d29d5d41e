"""What a list says of some pairs beside their verdicts: what decides, or what they wait for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility import pairs
from assessments.compatibility.encoding import NOT_APPLICABLE, UNKNOWN
from assessments.world import World


@dataclass(frozen=True, slots=True)
class Glance:
    """One pair at a glance, by what both have published.

    `by_deal_breaker`: it is not compatible, and a deal-breaker is failed. `bar`: what the less
    satisfied side asks in all, of 100. `waits_for_own`, `waits_for_other`: it is not yet known,
    and answers of that side are missing; `own_open`, `other_open`: to which questions that count,
    by slug, deal-breakers first, then by importance.
    """

    by_deal_breaker: bool
    bar: int
    waits_for_own: bool
    waits_for_other: bool
    own_open: tuple[str, ...] = ()
    other_open: tuple[str, ...] = ()


def glances(world: World, own_id: int, others: Iterable[int]) -> dict[int, Glance]:
    """The pairs of one organisation with some others, by their ids; of who has no sheet, none."""
    places = [world.places[pk] for pk in others if pk in world.places and pk != own_id]
    if own_id not in world.places or not places:
        return {}
    own = world.places[own_id]
    block = pairs.compare(world.encoded.take(slice(own, own + 1)), world.encoded.take(places))
    # `forward` is how one's own judges the other, whose answers are then the missing ones.
    there, back = block.forward, block.backward
    (verdicts,), (failed,) = block.verdicts, there.failed + back.failed
    (theirs,), (ours,) = _is_open(there), _is_open(back)
    (own_is_less,) = there.low <= back.low
    found = {}
    for at, place in enumerate(places):
        is_unknown = verdicts[at] == pairs.NOT_YET_KNOWN
        waits_for_own, waits_for_other = (
            bool(is_unknown and ours[at]),
            bool(is_unknown and theirs[at]),
        )
        asking = own if own_is_less[at] else place
        found[int(world.ids[place])] = Glance(
            by_deal_breaker=bool(failed[at] > 0),
            bar=int(world.rows.thresholds[asking]),
            waits_for_own=waits_for_own,
            waits_for_other=waits_for_other,
            own_open=_open(world, place, own) if waits_for_own else (),
            other_open=_open(world, own, place) if waits_for_other else (),
        )
    return found


def _is_open(judgement: pairs.Judgement) -> NDArray[np.bool_]:
    return (judgement.open > 0) | judgement.evaded | ~judgement.reaches


def _open(world: World, asking: int, answering: int) -> tuple[str, ...]:
    """What the one asks and the other has not said or shown, as `comparison.open_to` has it."""
    rows, frame = world.rows, world.frame
    importances, breaks = rows.importances[asking], rows.required[asking] >= 0
    # Likeness in what does not apply to who asks for it is asked of nobody.
    is_asked = ~(frame.is_similarity & (rows.levels[asking] == NOT_APPLICABLE))
    is_open = (rows.levels[answering] == UNKNOWN) & is_asked & ((importances > 0) | breaks)
    first = sorted(np.flatnonzero(is_open), key=lambda at: (not breaks[at], -importances[at]))
    return tuple(frame.criteria[at].slug for at in first)
