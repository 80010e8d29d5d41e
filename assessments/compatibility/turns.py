"""What made the verdict on a pair turn: between two states of both sides, item by item.

An item is one number of a packed row: a level, an importance, a deal-breaker, the threshold. What
turns is whether the two are compatible. Nothing is estimated: each item that changed is put in by
itself, and taken back by itself, and the verdict is computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assessments.compatibility.encoding import SMALLEST, Frame, encode
from assessments.compatibility.pairs import COMPATIBLE, VERDICTS, Verdict, compare
from assessments.scoring.terms import Role

Change: TypeAlias = tuple[bytes, bytes]
"""The packed rows of one organisation before and after."""
Verdicts: TypeAlias = NDArray[np.int8]


class Kind(StrEnum):
    """What kind of thing an item is."""

    LEVEL = "level"
    IMPORTANCE = "importance"
    DEAL_BREAKER = "deal-breaker"
    THRESHOLD = "threshold"


_KINDS = (Kind.LEVEL, Kind.IMPORTANCE, Kind.DEAL_BREAKER)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that changed on one side, with its numbers as packed rows have them.

    `is_own`: on the side of the one organisation, not of the other. `criterion` is a slug, empty
    for the threshold.
    """

    is_own: bool
    kind: Kind
    criterion: str
    before: int
    after: int


class Force(StrEnum):
    """In what way the items of a turn made it.

    ALONE: each of them would have done by itself. NEEDED: none would have, and without any one of
    them it would not have turned. TOGETHER: neither can be said of any; these are all that changed
    and bear on the pair.
    """

    ALONE = "alone"
    NEEDED = "needed"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Turn:
    """The verdicts before and after, and what made it turn, in the order of the packed rows."""

    before: Verdict
    after: Verdict
    force: Force
    items: tuple[Item, ...]


class DoesNotTurn(ValueError):
    """Two organisations are compatible both before and after, or neither before nor after."""


def turns(frame: Frame, own: Change, others: Sequence[Change]) -> list[Turn]:
    """What made one organisation's verdict with each of some others turn.

    DoesNotTurn where whether they are compatible is the same before and after.
    """
    if not others:
        return []
    mine = _Side.of(frame, own, is_own=True)
    theirs = [_Side.of(frame, one, is_own=False) for one in others]
    ends = [row for side in theirs for row in (side.before, side.after)]
    # (2 + 2K, 2F): each state of one's own with what the others were and are.
    by_own = _verdicts(frame, [mine.before, mine.after, *mine.put_in, *mine.taken_back], ends)
    # (2, Σ 2K): what one was and is oneself with each state of the others.
    by_other = _verdicts(
        frame,
        [mine.before, mine.after],
        [row for side in theirs for row in (*side.put_in, *side.taken_back)],
    )
    count = len(mine.items)
    starts = np.cumsum([0, *(2 * len(side.items) for side in theirs)]).tolist()
    found = []
    for place, (side, (start, stop)) in enumerate(zip(theirs, pairwise(starts), strict=True)):
        then, now = by_own[:, 2 * place], by_own[:, 2 * place + 1]
        middle = start + len(side.items)
        found.append(
            _turn(
                frame,
                (mine, side),
                (int(then[0]), int(now[1])),
                put_in=np.concatenate([then[2 : 2 + count], by_other[0, start:middle]]),
                taken_back=np.concatenate([now[2 + count :], by_other[1, middle:stop]]),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Side:
    """One side before and after: what changed, and the states between with one item each."""

    before: bytes
    after: bytes
    items: tuple[Item, ...]
    put_in: tuple[bytes, ...]
    taken_back: tuple[bytes, ...]

    @classmethod
    def of(cls, frame: Frame, change: Change, *, is_own: bool) -> _Side:
        then, now = (np.frombuffer(row, dtype=SMALLEST) for row in change)
        places = np.flatnonzero(then != now).tolist()
        return cls(
            *change,
            items=tuple(
                _item(frame, place, int(then[place]), int(now[place]), is_own=is_own)
                for place in places
            ),
            put_in=tuple(_with(then, place, now) for place in places),
            taken_back=tuple(_with(now, place, then) for place in places),
        )


def _item(frame: Frame, place: int, before: int, after: int, *, is_own: bool) -> Item:
    count = len(frame.criteria)
    if place == 3 * count:
        return Item(is_own, Kind.THRESHOLD, "", before, after)
    kind, criterion = divmod(place, count)
    return Item(is_own, _KINDS[kind], frame.criteria[criterion].slug, before, after)


def _with(row: NDArray[np.int16], place: int, other: NDArray[np.int16]) -> bytes:
    """A packed row with one number of another in its place."""
    changed = row.copy()
    changed[place] = other[place]
    return changed.tobytes()


def _verdicts(frame: Frame, rows: Sequence[bytes], columns: Sequence[bytes]) -> Verdicts:
    if not columns:
        return np.empty((len(rows), 0), dtype=np.int8)
    return compare(encode(frame, frame.rows(rows)), encode(frame, frame.rows(columns))).verdicts


def _turn(
    frame: Frame,
    sides: tuple[_Side, _Side],
    ends: tuple[int, int],
    *,
    put_in: Verdicts,
    taken_back: Verdicts,
) -> Turn:
    """One pair: `put_in` and `taken_back` (K,) are the verdicts with one item each."""
    before, after = ends
    was, is_now = before == COMPATIBLE, after == COMPATIBLE
    if was == is_now:
        raise DoesNotTurn(f"{VERDICTS[before]} before, {VERDICTS[after]} after")
    items = [item for side in sides for item in side.items]
    force, chosen = Force.ALONE, (put_in == COMPATIBLE) == is_now
    if not chosen.any():
        force, chosen = Force.NEEDED, (taken_back == COMPATIBLE) == was
    if not chosen.any():
        force = Force.TOGETHER
        chosen = np.array([_bears(frame, item, sides) for item in items], dtype=bool)
    return Turn(
        VERDICTS[before],
        VERDICTS[after],
        force,
        tuple(item for item, is_chosen in zip(items, chosen.tolist(), strict=True) if is_chosen),
    )


def _bears(frame: Frame, item: Item, sides: tuple[_Side, _Side]) -> bool:
    """Whether an item can make a difference to the pair.

    A level does where the other side asks about it, and where partners should be alike also where
    one's own side does; what is asked always does.
    """
    if item.kind is not Kind.LEVEL:
        return True
    mine, theirs = sides if item.is_own else sides[::-1]
    place = next(n for n, one in enumerate(frame.criteria) if one.slug == item.criterion)
    asking = [theirs]
    if frame.criteria[place].role is Role.SIMILARITY:
        asking.append(mine)
    rows = frame.rows([row for side in asking for row in (side.before, side.after)])
    asks = (rows.importances[:, place] > 0) | (rows.required[:, place] >= 0)
    return bool(asks.any())
