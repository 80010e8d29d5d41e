"""What an organisation asks of those it works with."""

from dataclasses import dataclass

from .answers import Organisation, Sheet
from .criteria import (
    Criterion,
    Edition,
    credit_of,
    importance,
    level_credits,
    level_slugs,
    role,
    same_question,
)


@dataclass(frozen=True)
class Policy:
    """Requirements in which all that was not said is filled in from the standard policy.

    Criteria of role none are in neither table; a criterion without a deal-breaker is not in
    `must_reach`.
    """

    threshold: int
    importances: dict[str, int]
    must_reach: dict[str, str]


def fits(criterion: Criterion, must_reach: str | None) -> bool:
    """Whether a deal-breaker suits the role that the criterion has in the current edition."""
    if must_reach is None:
        return True
    if role(criterion) == "similarity":
        return must_reach == "same"
    return must_reach in level_slugs(criterion)


def policy(
    edition: Edition, organisation: Organisation, published_under: Edition | None = None
) -> Policy:
    """The importances, deal-breakers and threshold of an organisation."""
    requirements = organisation.get("requirements", {})
    standard_threshold = edition["edition"].get("threshold", 60)
    importances: dict[str, int] = {}
    deal_breakers: dict[str, str] = {}
    for slug, criterion in edition["criteria"].items():
        if role(criterion) == "none":
            continue
        own = requirements.get("criteria", {}).get(slug, {})
        if not same_question(edition, published_under or edition, slug):
            own = {}
        importances[slug] = own.get("importance", importance(criterion))
        must_reach = criterion.get("must_reach")
        if "must_reach" in own and fits(criterion, own["must_reach"]):
            must_reach = own["must_reach"]
        if must_reach is not None:
            deal_breakers[slug] = must_reach
    return Policy(
        threshold=requirements.get("threshold", standard_threshold),
        importances=importances,
        must_reach=deal_breakers,
    )


def asks_more_than_it_gives(edition: Edition, policy: Policy, sheet: Sheet) -> list[str]:
    """The criteria on which a deal-breaker is a level that its organisation does not reach.

    An unknown level is no refusal, so only a known level of less credit is listed; by slug.
    """
    found = []
    for slug, must_reach in policy.must_reach.items():
        criterion = edition["criteria"][slug]
        level = sheet[slug][1]
        # The word "same" is no level, so similarity criteria are left out.
        if role(criterion) != "standard" or level is None:
            continue
        if level_credits(criterion)[level] < credit_of(criterion, must_reach):
            found.append(slug)
    return sorted(found)
