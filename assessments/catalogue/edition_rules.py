"""What an edition must keep to besides being well written: the editions before it, and its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from assessments.catalogue.mistakes import listed
from assessments.scoring import terms
from assessments.scoring.problems import Problem
from assessments.scoring.terms import Kind, Role

GREATEST_CREDIT = 100
POINTS_LIMIT = 2**22
"""The possible points of one judgement stay below this, so that matching counts them exactly."""


def continuity(new: terms.Edition, earlier: Iterable[terms.Edition]) -> list[Problem]:
    """Where an edition changes what an answer stands for without raising the meaning.

    A criterion of the same slug and meaning as in any edition ever published keeps its kind, the
    slugs and the order of its levels, its bands, its credits and `reversed`. A credit that only
    one of the two gives is a change too.
    """
    before: dict[str, list[tuple[str, terms.Criterion]]] = defaultdict(list)
    for edition in earlier:
        for criterion in edition.criteria:
            before[criterion.slug].append((edition.slug, criterion))
    problems = []
    for criterion in new.criteria:
        editions_of_change: dict[str, list[str]] = defaultdict(list)
        differences: dict[str, str] = {}
        for slug, other in before[criterion.slug]:
            if other.meaning == criterion.meaning and (key := _changed_key(criterion, other)):
                editions_of_change[key].append(slug)
                differences[key] = _difference(key, criterion, other)
        unused = unused_meaning({other.meaning for _, other in before[criterion.slug]})
        problems += [
            Problem(
                f"criteria.{criterion.slug}.{key}",
                f"This differs from the edition {listed(editions)}, where the criterion "
                f"“{criterion.slug}” has the same meaning, {criterion.meaning}: "
                f"{differences[key]}.",
                f"Write it as it was there, or raise the meaning: meaning = {unused}. Then earlier "
                "answers to it, and requirements of organisations’ own on it, stop counting, and "
                "it is asked anew.",
            )
            for key, editions in editions_of_change.items()
        ]
    return problems


def meanings(earlier: Iterable[terms.Edition]) -> Mapping[str, set[int]]:
    """The meanings that each criterion has had in some editions, by its slug."""
    found: dict[str, set[int]] = defaultdict(set)
    for edition in earlier:
        for criterion in edition.criteria:
            found[criterion.slug].add(criterion.meaning)
    return found


def unused_meaning(used: Collection[int]) -> int:
    """The meaning to give a question that asks something else than with any of those used."""
    return max(used, default=0) + 1


def _changed_key(criterion: terms.Criterion, other: terms.Criterion) -> str:
    """The first key in which two criteria answer differently; empty if there is none."""
    if criterion.kind is not other.kind:
        return "kind"
    if criterion.reversed != other.reversed:
        return "reversed"
    ours = [(level.slug, level.bound, level.credit) for level in criterion.levels]
    theirs = [(level.slug, level.bound, level.credit) for level in other.levels]
    keys = {Kind.SHARE: "bands", Kind.LICENCES: "credits"}
    return keys.get(criterion.kind, "levels") if ours != theirs else ""


def _difference(key: str, criterion: terms.Criterion, other: terms.Criterion) -> str:
    """In what the first key differs, there and here."""
    if key in ("kind", "reversed"):
        there, here = (str(getattr(one, key)).lower() for one in (other, criterion))
        return f"{key} was {there} there, and is {here} here"
    ours, theirs = ([level.slug for level in one.levels] for one in (criterion, other))
    word = "band" if criterion.kind is Kind.SHARE else "level"
    if ours != theirs:
        only = [
            f"{listed(slugs)} only {where}"
            for slugs, where in (
                ([slug for slug in theirs if slug not in ours], "there"),
                ([slug for slug in ours if slug not in theirs], "here"),
            )
            if slugs
        ]
        return f"{word}s {', '.join(only)}" if only else f"its {word}s stand in another order"
    return ", ".join(
        f"the {word} “{one.slug}” has {_credit(before)} there, {_credit(one)} here"
        for before, one in zip(other.levels, criterion.levels, strict=True)
        if before.credit != one.credit
    )


def _credit(level: terms.Level) -> str:
    return "no credit" if level.credit is None else f"credit {level.credit}"


def exactness(edition: terms.Edition) -> list[Problem]:
    """Whether an edition has too many criteria for points to be counted exactly.

    An organisation may give every criterion with a role the greatest importance; the possible
    points, the sum of importance times credit, must stay below 2 to the power of 22.
    """
    weighed = sum(criterion.role is not Role.NONE for criterion in edition.criteria)
    greatest = (POINTS_LIMIT - 1) // (terms.GREATEST_IMPORTANCE * GREATEST_CREDIT)
    if weighed <= greatest:
        return []
    message = f"The edition “{edition.slug}” has {weighed} criteria with a role."
    remedy = (
        f"It may have {greatest}: give the others the role “none”, take them out, "
        "or make two editions of it."
    )
    return [Problem("criteria", message, remedy)]


def judging(edition: terms.Edition) -> list[Problem]:
    """Whether an edition has no criterion at all by which anybody could be judged."""
    if any(criterion.role is not Role.NONE for criterion in edition.criteria):
        return []
    lacking = "no criteria" if not edition.criteria else "no criterion that is scored"
    message = (
        f"The edition “{edition.slug}” has {lacking}: nothing is asked of anybody, so everybody "
        "would be compatible with everybody."
    )
    remedy = "Add a criterion with the role “standard” or “similarity”, and upload it again."
    return [Problem("criteria", message, remedy)]
