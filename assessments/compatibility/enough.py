"""The least answers that are enough, of the fewest criteria that would change the verdict.

`explanation` finds the criteria by the best answers to them; seldom is the best of each needed.
"""

from __future__ import annotations

from assessments.compatibility.explanation import Direction
from assessments.compatibility.frame import acceptance
from assessments.scoring.policy import Policy
from assessments.scoring.terms import SAME, Criterion, Edition, Role, Sheet


def least_answers(
    edition: Edition, direction: Direction, own: Sheet, policy: Policy
) -> dict[str, int]:
    """For each criterion of the direction's change, in its order, the position of a level.

    From the best answers on, each in turn is lowered as far as the rest still brings the direction
    to its threshold with every deal-breaker met; of levels that are accepted alike it is the first.
    So together they are enough, and none of them can be lowered by itself. `own` and `policy` are
    those of the one who asks.
    """
    parts = {part.criterion: part for part in direction.parts}
    chosen = direction.change.criteria
    at_best = direction.points + sum(parts[slug].to_gain for slug in chosen)
    spare = 100 * at_best - direction.threshold * direction.possible
    found = {}
    for slug in chosen:
        criterion = edition.by_slug[slug]
        accepted = _accepted(criterion, own[slug].position)
        best = max(accepted)
        # `possible` is importance · 100, and 0 where the criterion takes no part.
        costs = [parts[slug].possible * (best - one) for one in accepted]
        meets = _meets(criterion, own[slug].position, policy.must_reach.get(slug))
        found[slug] = min(
            (place for place, cost in enumerate(costs) if cost <= spare and meets[place]),
            key=lambda place: (accepted[place], place),
        )
        spare -= costs[found[slug]]
    return found


def _accepted(criterion: Criterion, own: int | None) -> list[int]:
    """What is accepted 0–100 of each level of the other; nothing is like what one has not said."""
    places = range(len(criterion.levels))
    if criterion.role is Role.STANDARD:
        return [criterion.credit(place) for place in places]
    if own is None:
        return [0 for _ in places]
    return [int(one) for one in acceptance(criterion)[own]]


def _meets(criterion: Criterion, own: int | None, required: str | None) -> list[bool]:
    """Whether each level of the other meets a deal-breaker; all do where there is none."""
    places = range(len(criterion.levels))
    if required is None:
        return [True for _ in places]
    if required == SAME and criterion.role is Role.SIMILARITY:
        return [place == own for place in places]
    needed = criterion.credit(criterion.positions[required])
    return [criterion.credit(place) >= needed for place in places]
