"""What would change the verdict, by the rule and by trying everything."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

from .answers import Effective
from .criteria import Edition, level_slugs, role
from .pairs import Side, acceptance, deal_breakers, evaded, parts, satisfaction


def can_be_met(edition: Edition, a: Side, b: Side, slug: str) -> bool:
    """Whether an answer of B could meet a deal-breaker of A that is not met now."""
    # What is "not applicable" stays, and so do A's own answers, even where they are unknown.
    if b.sheet[slug][0] == "na":
        return False
    is_similarity = role(edition["criteria"][slug]) == "similarity"
    return not (is_similarity and a.sheet[slug][0] == "unknown")


def points_to_gain(edition: Edition, a: Side, b: Side) -> dict[str, int]:
    """What the best answer of B would add, for every criterion that takes part."""
    gains = {}
    for slug, part in parts(edition, a, b).items():
        criterion = edition["criteria"][slug]
        own_state, own_level = a.sheet[slug]
        if role(criterion) == "similarity" and own_state == "unknown":
            gains[slug] = 0
            continue
        positions = range(len(level_slugs(criterion)))
        best = max(acceptance(criterion, own_level, position) for position in positions)
        gains[slug] = part.importance * (best - (part.acceptance or 0))
    return gains


def what_would_change(edition: Edition, a: Side, b: Side) -> list[str] | None:
    """The fewest criteria whose answers by B would bring A→B to A's threshold, best first.

    Empty where nothing is missing; None where no answers of B would do.
    """
    if evaded(edition, a, b):
        return None
    states = deal_breakers(edition, a, b)
    needed = [slug for slug, state in states.items() if state != "met"]
    if not all(can_be_met(edition, a, b, slug) for slug in needed):
        return None
    gains = points_to_gain(edition, a, b)
    candidates = needed + [slug for slug in gains if gains[slug] > 0 and slug not in needed]
    candidates.sort(key=lambda slug: (slug not in needed, -gains.get(slug, 0), slug))

    taking_part = parts(edition, a, b).values()
    points = sum(part.points for part in taking_part)
    possible = sum(part.possible for part in taking_part)
    enough = a.policy.threshold * possible
    chosen = []
    for slug in candidates:
        if slug not in needed and 100 * points >= enough:
            break
        chosen.append(slug)
        points += gains.get(slug, 0)
    return chosen if 100 * points >= enough else None


def is_content(edition: Edition, a: Side, b: Side) -> bool:
    """Whether A→B is at A's threshold, with every deal-breaker met and A not evaded."""
    # The deal-breakers are looked at first only because they are quicker to work out.
    if any(state != "met" for state in deal_breakers(edition, a, b).values()):
        return False
    if satisfaction(edition, a, b)[0] < Fraction(a.policy.threshold, 100):
        return False
    return not evaded(edition, a, b)


def fewest_by_brute_force(edition: Edition, a: Side, b: Side) -> int | None:
    """The least number of answers of B that would do, found by trying every subset and level.

    None where no answers of B would do. For small worlds only: the work grows with the product of
    the numbers of levels.
    """
    may_change = [
        slug
        for slug, criterion in edition["criteria"].items()
        if role(criterion) != "none" and b.sheet[slug][0] != "na"
    ]
    for size in range(len(may_change) + 1):
        for subset in combinations(may_change, size):
            positions = [range(len(level_slugs(edition["criteria"][slug]))) for slug in subset]
            for levels in product(*positions):
                answers: dict[str, Effective] = {
                    slug: ("known", level) for slug, level in zip(subset, levels, strict=True)
                }
                if is_content(edition, a, replace(b, sheet={**b.sheet, **answers})):
                    return size
    return None
