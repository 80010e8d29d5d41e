"""The model as a double loop over the project's own terms: what one would write first.

For each organisation, every other one is judged in both directions and the list is sorted; whole
numbers instead of fractions, and nothing else to make it fast. It also checks the engine: what it
finds for the pairs of the sample is compared.
"""

from __future__ import annotations

from assessments.compatibility.frame import NOT_APPLICABLE, UNKNOWN, Frame, Rows
from assessments.scoring.policy import Policy
from assessments.scoring.terms import (
    SAME,
    Agreement,
    Criterion,
    Effective,
    Role,
    Sheet,
    State,
)

COMPATIBLE, NOT_YET_KNOWN, NOT_COMPATIBLE = range(3)


def sheets(frame: Frame, rows: Rows) -> list[tuple[Sheet, Policy]]:
    """What organisations answer and ask, as the pure rooms have it."""
    found: list[tuple[Sheet, Policy]] = []
    for levels, importances, required, threshold in zip(
        rows.levels.tolist(),
        rows.importances.tolist(),
        rows.required.tolist(),
        rows.thresholds.tolist(),
        strict=True,
    ):
        sheet: dict[str, Effective] = {}
        must_reach: dict[str, str] = {}
        weights: dict[str, int] = {}
        for criterion, level, weight, must in zip(
            frame.criteria, levels, importances, required, strict=True
        ):
            if level == UNKNOWN:
                sheet[criterion.slug] = Effective(State.UNKNOWN)
            elif level == NOT_APPLICABLE:
                sheet[criterion.slug] = Effective(State.NOT_APPLICABLE)
            else:
                sheet[criterion.slug] = Effective(State.KNOWN, level)
            weights[criterion.slug] = weight
            if must >= 0:
                is_similar = criterion.role is Role.SIMILARITY
                must_reach[criterion.slug] = SAME if is_similar else criterion.levels[must].slug
        found.append((sheet, Policy(threshold, weights, must_reach)))
    return found


def accepted(criterion: Criterion, own: int | None, level: int) -> int:
    """What is accepted of a level, 0–100."""
    if criterion.role is Role.STANDARD:
        return criterion.credit(level)
    if criterion.agreement is Agreement.EXACT:
        return 100 if own == level else 0
    steps = len(criterion.levels) - 1
    assert own is not None
    return (200 * (steps - abs(own - level)) + steps) // (2 * steps)


def judge(
    criteria: tuple[Criterion, ...], asking: Sheet, policy: Policy, other: Sheet
) -> tuple[bool, bool, bool, float, float]:
    """One direction: is it refused, is it content, is anything open or evaded; low and high."""
    points = judged = part = asked = 0
    failed = is_open = False
    for criterion in criteria:
        slug = criterion.slug
        weight = policy.importances[slug]
        own, its = asking[slug], other[slug]
        is_similar = criterion.role is Role.SIMILARITY
        must = policy.must_reach.get(slug)
        if must is not None and not (is_similar and own.state is State.NOT_APPLICABLE):
            if its.state is State.NOT_APPLICABLE:
                is_open = is_open or not criterion.na_meets
            elif its.position is None or (is_similar and own.position is None):
                is_open = True
            elif is_similar:
                failed = failed or own.position != its.position
            else:
                needed = criterion.credit(criterion.positions[must])
                failed = failed or criterion.credit(its.position) < needed
        if weight == 0 or (is_similar and own.state is State.NOT_APPLICABLE):
            continue
        asked += weight
        if its.state is State.NOT_APPLICABLE:
            continue
        part += weight
        if its.position is None or (is_similar and own.position is None):
            continue
        judged += weight
        points += weight * accepted(criterion, own.position, its.position)
    could = points + 100 * (part - judged)
    if part:
        low, high = points / (100 * part), could / (100 * part)
    else:
        low, high = (0.0 if asked else 1.0), 1.0
    needed = policy.threshold * part
    refused = failed or could < needed
    content = not is_open and 2 * part >= asked and points >= needed
    return refused, content, is_open, low, high


def one_list(
    criteria: tuple[Criterion, ...], organisations: list[tuple[Sheet, Policy]], place: int
) -> tuple[list[tuple[int, float, float, int]], list[int]]:
    """The list of one organisation, and the verdict counts."""
    sheet, policy = organisations[place]
    found = []
    counts = [0, 0, 0]
    for other, (its_sheet, its_policy) in enumerate(organisations):
        if other == place:
            continue
        refused, content, _, low, high = judge(criteria, sheet, policy, its_sheet)
        refused_back, content_back, _, low_back, high_back = judge(
            criteria, its_sheet, its_policy, sheet
        )
        if refused or refused_back:
            verdict = NOT_COMPATIBLE
        else:
            verdict = COMPATIBLE if content and content_back else NOT_YET_KNOWN
        counts[verdict] += 1
        if verdict != NOT_COMPATIBLE:
            found.append((verdict, -min(low, low_back), -min(high, high_back), other))
    found.sort()
    return found, counts
