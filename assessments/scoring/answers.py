"""From an answer to what counts: the effective level."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assessments.scoring import licences
from assessments.scoring.terms import (
    Answer,
    Criterion,
    Edition,
    Effective,
    Evidence,
    Kind,
    Role,
    Sheet,
    State,
    Why,
)

_NOT_ANSWERED = Effective(State.UNKNOWN, why=Why.NOT_ANSWERED)
_NOT_KNOWN = Effective(State.UNKNOWN, why=Why.NOT_KNOWN)
_NA_NOT_ALLOWED = Effective(State.UNKNOWN, why=Why.NA_NOT_ALLOWED)


def position(criterion: Criterion, answer: Answer) -> int | None:
    """The position of the level that an answer gives by itself; None if it gives none."""
    if answer.level is not None:
        return criterion.positions[answer.level]
    if answer.value is not None:
        return band(criterion, answer.value)
    if answer.licences:
        credits = [level.credit for level in criterion.levels]
        return licences.classify(answer.licences, credits)
    return None


def band(criterion: Criterion, value: Decimal) -> int:
    """The position of the band of a share that holds a number.

    Raises ValueError for a number below the first band.
    """
    bounds = [level.bound for level in criterion.levels]
    holding = [place for place, bound in enumerate(bounds) if bound is not None and value >= bound]
    if not holding:
        raise ValueError(f"{criterion.slug}: {value} is below the first band, {bounds[0]}")
    return holding[-1]


def least(criterion: Criterion) -> int:
    """The position of the level of least credit, which "Yes, but" (or "No, but") counts as."""
    return min(range(len(criterion.levels)), key=criterion.credit)


def effective(criterion: Criterion, answer: Answer | None) -> Effective:
    """What counts of an answer to a criterion with levels; the first rule that fits decides."""
    if answer is None:
        return _NOT_ANSWERED
    if answer.withheld:
        return Effective(State.UNKNOWN, why=Why.WITHHELD, evidenced=bool(answer.evidence))
    if answer.unknown:
        return _NOT_KNOWN
    if answer.na:
        if criterion.allow_na:
            return Effective(State.NOT_APPLICABLE, why=Why.NOT_APPLICABLE)
        return _NA_NOT_ALLOWED
    chosen = position(criterion, answer)
    if chosen is None:
        return _NOT_ANSWERED
    is_standard = criterion.role is Role.STANDARD
    evidenced = bool(answer.evidence)
    if is_standard and criterion.kind is Kind.PRACTICE and answer.reservation:
        return Effective(State.KNOWN, least(criterion), Why.RESERVATION, True, evidenced)
    if (
        is_standard
        and criterion.evidence is Evidence.REQUIRED
        and not evidenced
        and criterion.credit(chosen) > 0
    ):
        return Effective(State.UNKNOWN, why=Why.NOT_SHOWN)
    return Effective(State.KNOWN, chosen, Why.ANSWERED, False, evidenced)


def sheet(
    edition: Edition, answers: Mapping[str, Answer], answered: Edition | None = None
) -> Sheet:
    """The effective level of every criterion of an edition that has levels.

    `answered` is the edition under which the answers were given, where it is another one: an
    answer then counts only for a criterion of the same slug and meaning.
    """
    return {
        criterion.slug: effective(criterion, carried(criterion, answers, answered))
        for criterion in edition.criteria
        if criterion.kind is not Kind.OFFERS
    }


def carried(
    criterion: Criterion, answers: Mapping[str, Answer], answered: Edition | None
) -> Answer | None:
    """The answer to a criterion, if it was asked in the same meaning when it was given."""
    if answered is not None:
        earlier = answered.by_slug.get(criterion.slug)
        if earlier is None or earlier.meaning != criterion.meaning:
            return None
    return answers.get(criterion.slug)
