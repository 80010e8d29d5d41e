"""What of a change of editions made pairs turn: rows of the old one in the columns of the new.

An old row is written as the new edition has its columns, so that what differs between the two is
what the new edition changed; `turns` then finds which of it made the verdict turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assessments.compatibility.encoding import NO_DEAL_BREAKER, SMALLEST, Frame, encode
from assessments.compatibility.pairs import COMPATIBLE, compare
from assessments.compatibility.turns import Change, Turn, turns
from assessments.scoring.terms import Criterion, Role


def recast(before: Frame, after: Frame, change: Change) -> bytes:
    """The earlier row of a change in the columns of the later frame.

    A criterion whose answers are judged alike in both keeps its three numbers, whatever it means
    by now. Any other is not asked in what is returned, and answered as it is later; what only the
    earlier edition asked is left out.
    """
    was, row = (np.frombuffer(one, dtype=SMALLEST) for one in change)
    found = row.copy()
    places = {criterion.slug: place for place, criterion in enumerate(before.criteria)}
    here, there = len(after.criteria), len(before.criteria)
    for place, criterion in enumerate(after.criteria):
        earlier = places.get(criterion.slug)
        if earlier is not None and _are_judged_alike(before.criteria[earlier], criterion):
            found[place : 3 * here : here] = was[earlier : 3 * there : there]
        else:
            found[here + place], found[2 * here + place] = 0, NO_DEAL_BREAKER
    found[3 * here] = was[3 * there]
    return found.tobytes()


def _are_judged_alike(one: Criterion, other: Criterion) -> bool:
    return _judging(one) == _judging(other)


def _judging(criterion: Criterion) -> tuple[object, ...]:
    """Everything by which a verdict reads a level of it."""
    count = len(criterion.levels)
    if criterion.role is Role.SIMILARITY:
        return criterion.role, count, criterion.agreement, criterion.na_meets
    return criterion.role, [criterion.credit(place) for place in range(count)], criterion.na_meets


def turns_between(
    before: Frame, after: Frame, own: Change, others: Sequence[Change]
) -> list[Turn | None]:
    """What of a change of editions made one organisation's verdict with some others turn.

    None where it cannot be told by what both editions have: by a question, say, that is not asked
    any more.
    """
    if not others:
        return []
    mine = (recast(before, after, own), own[1])
    theirs = [(recast(before, after, one), one[1]) for one in others]
    was, is_now = (
        compare(
            encode(after, after.rows([mine[when]])),
            encode(after, after.rows([one[when] for one in theirs])),
        ).verdicts[0]
        == COMPATIBLE
        for when in (0, 1)
    )
    turning = np.flatnonzero(was != is_now).tolist()
    found: list[Turn | None] = [None] * len(theirs)
    for place, turn in zip(
        turning, turns(after, mine, [theirs[place] for place in turning]), strict=True
    ):
        found[place] = turn
    return found
