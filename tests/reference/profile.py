"""What one sheet says about its organisation."""

from dataclasses import dataclass, replace
from fractions import Fraction

from .answers import Organisation, Sheet, answers_that_count, sheet
from .criteria import Edition, credit_of, importance, level_credits, role
from .licences import LicenceClasses

PRINCIPLES = range(1, 8)


@dataclass(frozen=True)
class Score:
    """An interval over some standard criteria, with what stands beside it.

    `low` and `high` are None if no applicable criterion has importance; `with_evidence` is None if
    nothing is known. Only a dimension says "not enough basis"; elsewhere it is None.
    """

    low: Fraction | None
    high: Fraction | None
    known: int
    applicable: int
    yes_buts: int
    with_evidence: Fraction | None
    not_enough_basis: bool | None = None


@dataclass(frozen=True)
class Headline:
    """The headline answer, `yes`, `no` or `unknown`, with the criteria that decide it.

    No is decided by the known criteria that fall short, yes by all known ones, and it is not yet
    known because of the unknown ones; by slug.
    """

    answer: str
    decided_by: list[str]


@dataclass(frozen=True)
class Points:
    """The part of one criterion in the total: 0 of 0 where it is not applicable."""

    points: int
    open_points: int
    possible: int


@dataclass(frozen=True)
class Profile:
    """The whole profile; principles are numbered 1 to 7, fractions of credit run from 0 to 100."""

    whole: Score
    dimensions: dict[str, Score]
    principles: dict[int, Score]
    headline: Headline
    form: dict[int, Fraction]
    function: dict[int, Fraction]
    gaps: dict[int, Fraction]
    nominality: Fraction | None
    hidden_cooperation: Fraction | None
    quadrant: str | None
    account: dict[str, Points]
    would_add_most: list[tuple[str, int]]


def mean(numbers: list[int] | list[Fraction]) -> Fraction:
    """The arithmetic mean, exactly."""
    return Fraction(sum(numbers)) / len(numbers)


def standard_criteria(edition: Edition) -> list[str]:
    """The slugs of the criteria that are judged on credit, in the order of the file."""
    return [slug for slug, one in edition["criteria"].items() if role(one) == "standard"]


def credit(edition: Edition, levels: Sheet, slug: str) -> int:
    """The credit of a known effective level of a standard criterion."""
    level = levels[slug][1]
    assert level is not None
    return level_credits(edition["criteria"][slug])[level]


def points_of(edition: Edition, levels: Sheet, slug: str) -> Points:
    """The points, open points and possible points of one standard criterion."""
    weight = importance(edition["criteria"][slug])
    state = levels[slug][0]
    if state == "na":
        return Points(0, 0, 0)
    if state == "unknown":
        return Points(0, weight * 100, weight * 100)
    return Points(weight * credit(edition, levels, slug), 0, weight * 100)


def score(
    edition: Edition,
    organisation: Organisation,
    levels: Sheet,
    slugs: list[str],
    published_under: Edition | None = None,
) -> Score:
    """The interval over these standard criteria, and the counts that stand beside it."""
    answers = answers_that_count(edition, organisation, published_under)
    known = [slug for slug in slugs if levels[slug][0] == "known"]
    applicable = [slug for slug in slugs if levels[slug][0] != "na"]
    yes_buts = 0
    for slug in slugs:
        answer = answers.get(slug, {})
        is_practice = edition["criteria"][slug]["kind"] == "practice"
        if is_practice and "reservation" in answer and not answer.get("withheld", False):
            yes_buts += 1
    shown = [slug for slug in known if answers[slug].get("evidence")]
    parts = [points_of(edition, levels, slug) for slug in slugs]
    points = sum(part.points for part in parts)
    open_points = sum(part.open_points for part in parts)
    possible = sum(part.possible for part in parts)
    return Score(
        low=Fraction(points, possible) if possible else None,
        high=Fraction(points + open_points, possible) if possible else None,
        known=len(known),
        applicable=len(applicable),
        yes_buts=yes_buts,
        with_evidence=Fraction(len(shown), len(known)) if known else None,
    )


def has_not_enough_basis(edition: Edition, levels: Sheet, slugs: list[str]) -> bool:
    """Whether "not applicable" takes more than a third of the importance of these criteria."""
    all_of_it = sum(importance(edition["criteria"][slug]) for slug in slugs)
    not_applicable = sum(
        importance(edition["criteria"][slug]) for slug in slugs if levels[slug][0] == "na"
    )
    return 3 * not_applicable > all_of_it


def headline(edition: Edition, levels: Sheet) -> Headline:
    """Whether the organisation helps to produce common wealth beyond itself."""
    short, reached, unknown = [], [], []
    for slug, criterion in edition["criteria"].items():
        if not criterion.get("headline", False) or levels[slug][0] == "na":
            continue
        if levels[slug][0] == "unknown":
            unknown.append(slug)
        elif credit(edition, levels, slug) < credit_of(criterion, criterion["must_reach"]):
            short.append(slug)
        else:
            reached.append(slug)
    if short:
        return Headline("no", sorted(short))
    if reached and not unknown:
        return Headline("yes", sorted(reached))
    return Headline("unknown", sorted(unknown))


def mean_by_principle(
    edition: Edition, levels: Sheet, facet: str, at_least: int
) -> dict[int, Fraction]:
    """The mean credit of the known standard criteria of one facet, for each principle."""
    means = {}
    for principle in PRINCIPLES:
        credits = [
            credit(edition, levels, slug)
            for slug in standard_criteria(edition)
            if edition["criteria"][slug].get("facet") == facet
            and principle in edition["criteria"][slug].get("principles", [])
            and levels[slug][0] == "known"
        ]
        if len(credits) >= at_least:
            means[principle] = mean(credits)
    return means


def quadrant_of(forms: list[Fraction], functions: list[Fraction]) -> str | None:
    """Where the mean of form and the mean of function lie, each at least 60 or not."""
    if not forms:
        return None
    has_form = mean(forms) >= 60
    has_function = mean(functions) >= 60
    if has_form and has_function:
        return "co-operative in form and function"
    if has_form:
        return "nominal"
    if has_function:
        return "co-operative without the label"
    return "neither"


def would_add_most(edition: Edition, levels: Sheet) -> list[tuple[str, int]]:
    """The criteria where a change would add points, by points, then slug."""
    gains = []
    for slug in standard_criteria(edition):
        part = points_of(edition, levels, slug)
        if part.possible > part.points:
            gains.append((slug, part.possible - part.points))
    return sorted(gains, key=lambda gain: (-gain[1], gain[0]))


def profile(
    edition: Edition,
    organisation: Organisation,
    licence_classes: LicenceClasses,
    published_under: Edition | None = None,
) -> Profile:
    """The profile of an organisation, with the importances of the standard policy."""
    levels = sheet(edition, organisation, licence_classes, published_under)
    standard = standard_criteria(edition)

    dimensions = {}
    for dimension in edition["dimensions"]:
        slugs = [one for one in standard if edition["criteria"][one]["dimension"] == dimension]
        plain = score(edition, organisation, levels, slugs, published_under)
        basis = has_not_enough_basis(edition, levels, slugs)
        dimensions[dimension] = replace(plain, not_enough_basis=basis)

    principles = {}
    for number in PRINCIPLES:
        slugs = [
            one for one in standard if number in edition["criteria"][one].get("principles", [])
        ]
        principles[number] = score(edition, organisation, levels, slugs, published_under)

    form = mean_by_principle(edition, levels, "form", at_least=1)
    function = mean_by_principle(edition, levels, "function", at_least=2)
    both = [number for number in PRINCIPLES if number in form and number in function]
    gaps = {number: form[number] - function[number] for number in both}
    no_gap = Fraction(0)
    return Profile(
        whole=score(edition, organisation, levels, standard, published_under),
        dimensions=dimensions,
        principles=principles,
        headline=headline(edition, levels),
        form=form,
        function=function,
        gaps=gaps,
        nominality=mean([max(no_gap, gap) for gap in gaps.values()]) if gaps else None,
        hidden_cooperation=mean([max(no_gap, -gap) for gap in gaps.values()]) if gaps else None,
        quadrant=quadrant_of([form[one] for one in both], [function[one] for one in both]),
        account={slug: points_of(edition, levels, slug) for slug in standard},
        would_add_most=would_add_most(edition, levels),
    )
