"""What a criterion of an edition says once the defaults are filled in."""

from decimal import Decimal
from typing import Any

Criterion = dict[str, Any]
Edition = dict[str, Any]

LICENCE_LEVELS = ("proprietary", "restricted", "permissive", "reciprocity", "copyleft")
LICENCE_CREDITS = (0, 20, 60, 80, 100)


def role(criterion: Criterion) -> str:
    """How a criterion is judged: standard, similarity or none."""
    default = "none" if criterion["kind"] == "offers" else "standard"
    return str(criterion.get("role", default))


def importance(criterion: Criterion) -> int:
    """The weight of a criterion in the standard policy."""
    return int(criterion.get("importance", 1))


def meaning(criterion: Criterion) -> int:
    """The number that a curator raises when the question changes in substance."""
    return int(criterion.get("meaning", 1))


def shortest(number: int | Decimal) -> str:
    """A number in plain digits, without exponent and without trailing zeros."""
    if number == 0:
        return "0"
    digits = format(Decimal(number), "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits


def level_slugs(criterion: Criterion) -> list[str]:
    """The slugs of the levels of a criterion, in their order; none for offers."""
    kind = criterion["kind"]
    if kind == "practice":
        return ["no", "yes"]
    if kind == "choice":
        return [level["slug"] for level in criterion["levels"]]
    if kind == "share":
        return ["from-" + shortest(band["from"]) for band in criterion["bands"]]
    if kind == "licences":
        return list(LICENCE_LEVELS)
    return []


def level_credits(criterion: Criterion) -> list[int]:
    """The credits of the levels of a criterion, in the order of the levels.

    Only a standard criterion has to give credits, so only a standard one should be asked; for
    licences there are always credits.
    """
    kind = criterion["kind"]
    if kind == "practice":
        return [100, 0] if criterion.get("reversed", False) else [0, 100]
    if kind == "choice":
        return [level["credit"] for level in criterion["levels"]]
    if kind == "share":
        return [band["credit"] for band in criterion["bands"]]
    own = criterion.get("credits", {})
    usual = dict(zip(LICENCE_LEVELS, LICENCE_CREDITS, strict=True))
    return [own.get(slug, usual[slug]) for slug in LICENCE_LEVELS]


def credit_of(criterion: Criterion, slug: str) -> int:
    """The credit of the level with this slug."""
    return level_credits(criterion)[level_slugs(criterion).index(slug)]


def same_question(edition: Edition, other: Edition, slug: str) -> bool:
    """Whether both editions have a criterion of this slug with the same meaning."""
    ours = edition["criteria"].get(slug)
    theirs = other["criteria"].get(slug)
    return ours is not None and theirs is not None and meaning(ours) == meaning(theirs)
