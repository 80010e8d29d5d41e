"""Which answers that are not yet known would bring one direction to what is asked.

`explanation` finds the fewest criteria, whether what is said there is missing or known not to be
enough. Who has not said everything yet is asked for that first: nobody has to do anything
otherwise for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assessments.compatibility.explanation import (
    Change,
    DealBreaker,
    Direction,
    Outcome,
    Part,
    fewest,
)


@dataclass(frozen=True, slots=True)
class Missing:
    """What the other has not said or shown, by slug, in the model's order.

    `change`: the fewest of these answers that would do, all of them together. `each`: those of
    which any one would do by itself, where one is enough. `others`: all that are in neither.
    """

    change: Change
    each: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def missing(direction: Direction) -> Missing:
    """The answers that would bring a direction to its threshold with every deal-breaker met.

    Each is taken at its best, as shown and without a but; all that is known stays.
    """
    needed = direction.threshold * direction.possible // 100
    parts = {part.criterion: part for part in direction.parts if _is_missing(part)}
    change = fewest(
        [
            part if part.criterion in parts else replace(part, to_gain=0, can_mend=False)
            for part in direction.parts
        ],
        evaded=direction.evaded,
        points=direction.points,
        needed=needed,
    )
    each: tuple[str, ...] = ()
    if len(change.criteria) == 1 and parts[change.criteria[0]].deal_breaker is not DealBreaker.OPEN:
        enough = (part for part in parts.values() if direction.points + part.to_gain >= needed)
        each = _by_gain(enough)
    named = {*change.criteria, *each}
    return Missing(
        change, each, _by_gain(part for part in parts.values() if part.criterion not in named)
    )


def by_these(direction: Direction, *criteria: str) -> Direction:
    """A direction with these answers, of which it is known that they would do, as its change."""
    return replace(direction, change=Change(Outcome.THESE_ANSWERS, criteria))


def _is_missing(part: Part) -> bool:
    """Whether the other could still say it, and it would count."""
    return part.can_mend and (part.is_open or part.deal_breaker is DealBreaker.OPEN)


def _by_gain(parts: Iterable[Part]) -> tuple[str, ...]:
    found = sorted(parts, key=lambda part: (-part.to_gain, part.criterion))
    return tuple(part.criterion for part in found)
