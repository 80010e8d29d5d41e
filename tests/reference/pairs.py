"""How far two organisations meet what each asks of the other, and the verdict."""

from dataclasses import dataclass
from fractions import Fraction

from .answers import Effective, Organisation, Sheet, sheet
from .criteria import Criterion, Edition, credit_of, level_credits, level_slugs, role
from .licences import LicenceClasses
from .requirements import Policy, policy

COMPATIBLE = "compatible"
NOT_COMPATIBLE = "not-compatible"
NOT_YET_KNOWN = "unknown"


@dataclass(frozen=True)
class Side:
    """One organisation of a pair: its sheet and its requirements, filled in."""

    slug: str
    sheet: Sheet
    policy: Policy


@dataclass(frozen=True)
class Part:
    """What one criterion adds to A's judgement of B; acceptance is None where it is open."""

    importance: int
    acceptance: int | None
    points: int
    open_points: int
    possible: int


def side(
    edition: Edition,
    organisation: Organisation,
    licence_classes: LicenceClasses,
    published_under: Edition | None = None,
) -> Side:
    """What matching reads of one organisation."""
    return Side(
        slug=organisation["slug"],
        sheet=sheet(edition, organisation, licence_classes, published_under),
        policy=policy(edition, organisation, published_under),
    )


def acceptance(criterion: Criterion, own_level: int | None, level: int) -> int:
    """What A accepts of a level of B, 0 to 100; A's own level counts for similarity only."""
    if role(criterion) == "standard":
        return level_credits(criterion)[level]
    assert own_level is not None
    if criterion.get("agreement", "ordered") == "exact":
        return 100 if own_level == level else 0
    steps = len(level_slugs(criterion)) - 1
    exactly = Fraction(100 * (steps - abs(own_level - level)), steps)
    half_up = exactly + Fraction(1, 2)
    return half_up.numerator // half_up.denominator


def is_asked(criterion: Criterion, weight: int, own: Effective) -> bool:
    """Whether A asks this criterion of anybody."""
    if role(criterion) == "none" or weight == 0:
        return False
    return not (role(criterion) == "similarity" and own[0] == "na")


def parts(edition: Edition, a: Side, b: Side) -> dict[str, Part]:
    """Every criterion that takes part in A's judgement of B, with its points."""
    found = {}
    for slug, criterion in edition["criteria"].items():
        weight = a.policy.importances.get(slug, 0)
        own, other = a.sheet[slug], b.sheet[slug]
        if not is_asked(criterion, weight, own) or other[0] == "na":
            continue
        possible = weight * 100
        own_is_missing = role(criterion) == "similarity" and own[0] == "unknown"
        if other[1] is None or own_is_missing:
            found[slug] = Part(weight, None, 0, possible, possible)
        else:
            accepted = acceptance(criterion, own[1], other[1])
            found[slug] = Part(weight, accepted, weight * accepted, 0, possible)
    return found


def asked(edition: Edition, a: Side) -> list[str]:
    """The criteria that A asks."""
    return [
        slug
        for slug, criterion in edition["criteria"].items()
        if is_asked(criterion, a.policy.importances.get(slug, 0), a.sheet[slug])
    ]


def satisfaction(edition: Edition, a: Side, b: Side) -> tuple[Fraction, Fraction]:
    """How far B meets what A asks: low and high."""
    if not asked(edition, a):
        return Fraction(1), Fraction(1)
    taking_part = parts(edition, a, b).values()
    if not taking_part:
        return Fraction(0), Fraction(1)
    points = sum(part.points for part in taking_part)
    open_points = sum(part.open_points for part in taking_part)
    possible = sum(part.possible for part in taking_part)
    return Fraction(points, possible), Fraction(points + open_points, possible)


def deal_breaker(criterion: Criterion, must_reach: str, own: Effective, other: Effective) -> str:
    """What became of one deal-breaker of A: met, failed or open."""
    met_by_na = "met" if criterion.get("na_meets", False) else "open"
    if role(criterion) == "similarity":
        if own[0] == "na":
            return "met"
        if other[0] == "na":
            return met_by_na
        if own[0] == "unknown" or other[0] == "unknown":
            return "open"
        return "met" if own[1] == other[1] else "failed"
    if other[0] == "na":
        return met_by_na
    if other[1] is None:
        return "open"
    if level_credits(criterion)[other[1]] < credit_of(criterion, must_reach):
        return "failed"
    return "met"


def deal_breakers(edition: Edition, a: Side, b: Side) -> dict[str, str]:
    """Every deal-breaker of A, and whether B leaves it met, failed or open."""
    return {
        slug: deal_breaker(edition["criteria"][slug], level, a.sheet[slug], b.sheet[slug])
        for slug, level in a.policy.must_reach.items()
    }


def evaded(edition: Edition, a: Side, b: Side) -> bool:
    """Whether what takes part is less than half of what A asks."""
    taking_part = sum(part.importance for part in parts(edition, a, b).values())
    all_asked = sum(a.policy.importances[slug] for slug in asked(edition, a))
    return 2 * taking_part < all_asked


def verdict(edition: Edition, a: Side, b: Side) -> str:
    """The verdict of the unordered pair: compatible, not-compatible or unknown."""
    everything_is_met = True
    for one, other in ((a, b), (b, a)):
        states = list(deal_breakers(edition, one, other).values())
        low, high = satisfaction(edition, one, other)
        threshold = Fraction(one.policy.threshold, 100)
        if "failed" in states or high < threshold:
            return NOT_COMPATIBLE
        if "open" in states or evaded(edition, one, other) or low < threshold:
            everything_is_met = False
    return COMPATIBLE if everything_is_met else NOT_YET_KNOWN


def pair_score(edition: Edition, a: Side, b: Side) -> tuple[Fraction, Fraction]:
    """The score of the pair: that of the less satisfied side, at low and at high."""
    first_low, first_high = satisfaction(edition, a, b)
    second_low, second_high = satisfaction(edition, b, a)
    return min(first_low, second_low), min(first_high, second_high)


def nearest_double(number: Fraction) -> float:
    """The IEEE double nearest to the exact quotient."""
    # Python divides whole numbers with correct rounding, however large they are.
    return number.numerator / number.denominator


def match_list(
    edition: Edition, a: Side, others: list[Side]
) -> list[tuple[str, str, Fraction, Fraction]]:
    """All others that are not "not compatible", best first: slug, verdict, low, high."""
    found = []
    for other in others:
        if other.slug == a.slug:
            continue
        result = verdict(edition, a, other)
        if result != NOT_COMPATIBLE:
            found.append((other.slug, result, *pair_score(edition, a, other)))
    return sorted(
        found,
        key=lambda row: (
            row[1] != COMPATIBLE,
            -nearest_double(row[2]),
            -nearest_double(row[3]),
            row[0],
        ),
    )
