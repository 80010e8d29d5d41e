"""What an organisation asks, made whole: what it has said itself, else the standard policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.scoring.terms import SAME, Asked, Criterion, Edition, Requirements, Role


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked on every criterion with a role.

    `threshold` is a percentage 0–100. `importances` (0–10) has every criterion with a role;
    `must_reach` only those with a deal-breaker (a level slug, or `same`).
    """

    threshold: int
    importances: Mapping[str, int]
    must_reach: Mapping[str, str]


def standard(edition: Edition) -> Policy:
    """What an organisation asks that has said nothing itself."""
    return of(edition, Requirements())


def of(edition: Edition, requirements: Requirements, asked_under: Edition | None = None) -> Policy:
    """The policy of an organisation under an edition, criterion by criterion and key by key.

    `asked_under` is the edition under which the requirements were made, where it is another one:
    a requirement then counts only for a criterion of the same slug and meaning, and a deal-breaker
    only while the criterion's role has such a one.
    """
    importances: dict[str, int] = {}
    must_reach: dict[str, str] = {}
    for criterion in edition.criteria:
        if criterion.role is Role.NONE:
            continue
        own = _carried(criterion, requirements.criteria.get(criterion.slug), asked_under)
        importance = criterion.importance if own.importance is None else own.importance
        importances[criterion.slug] = importance
        must = own.must_reach if own.says_must_reach else criterion.must_reach
        if must is not None and not fits(criterion, must):
            must = criterion.must_reach
        if must is not None:
            must_reach[criterion.slug] = must
    threshold = edition.threshold if requirements.threshold is None else requirements.threshold
    return Policy(threshold, importances, must_reach)


def lapsed(edition: Edition, requirements: Requirements, asked_under: Edition) -> tuple[str, ...]:
    """The criteria on which an organisation's own requirements do not count under an edition.

    In the order in which they were asked: those that the edition does not have in the same meaning
    or that have no role in it, and those whose role has no such deal-breaker. There the standard
    policy holds instead, if anything.
    """
    return tuple(
        criterion.slug
        for criterion in asked_under.criteria
        if (own := requirements.criteria.get(criterion.slug)) is not None
        and own != Asked()
        and not _counts(edition.by_slug.get(criterion.slug), own, criterion.meaning)
    )


def _counts(criterion: Criterion | None, own: Asked, meaning: int) -> bool:
    """Whether what was asked on a criterion of some meaning counts for another one, all of it."""
    if criterion is None or criterion.meaning != meaning or criterion.role is Role.NONE:
        return False
    return own.must_reach is None or fits(criterion, own.must_reach)


def fits(criterion: Criterion, must_reach: str) -> bool:
    """Whether a criterion's role has such a deal-breaker: a level if standard, else `same`."""
    if criterion.role is Role.SIMILARITY:
        return must_reach == SAME
    return criterion.role is Role.STANDARD and must_reach in criterion.positions


def _carried(criterion: Criterion, own: Asked | None, asked_under: Edition | None) -> Asked:
    if own is None:
        return Asked()
    if asked_under is not None:
        earlier = asked_under.by_slug.get(criterion.slug)
        if earlier is None or earlier.meaning != criterion.meaning:
            return Asked()
    return own
