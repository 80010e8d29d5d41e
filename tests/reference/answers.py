"""From the answers of an organisation to the sheet that scoring and matching read."""

from typing import Any

from .criteria import Criterion, Edition, level_credits, level_slugs, role, same_question
from .licences import LicenceClasses, class_of_expressions

Answer = dict[str, Any]
Organisation = dict[str, Any]
Effective = tuple[str, int | None]
Sheet = dict[str, Effective]

UNKNOWN: Effective = ("unknown", None)
NOT_APPLICABLE: Effective = ("na", None)


def level_given(criterion: Criterion, answer: Answer, licence_classes: LicenceClasses) -> int:
    """The position of the level that an answer chooses or that its number or licences give."""
    kind = criterion["kind"]
    if kind == "share":
        reached = [
            position
            for position, band in enumerate(criterion["bands"])
            if band["from"] <= answer["value"]
        ]
        return reached[-1]
    if kind == "licences":
        return class_of_expressions(answer["licences"], licence_classes, level_credits(criterion))
    return level_slugs(criterion).index(answer["level"])


def effective(
    criterion: Criterion, answer: Answer | None, licence_classes: LicenceClasses
) -> Effective:
    """What counts of an answer: a known level, unknown, or not applicable.

    The level is given as its position among the levels of the criterion. The text of an `offers`
    answer gives no level, so it is unknown, and since its role is none nobody judges it.
    """
    if answer is None or answer.get("unknown", False) or answer.get("withheld", False):
        return UNKNOWN
    if "na" in answer:
        return NOT_APPLICABLE if criterion.get("allow_na", False) else UNKNOWN
    if criterion["kind"] == "offers":
        return UNKNOWN
    is_standard = role(criterion) == "standard"
    if criterion["kind"] == "practice" and is_standard and "reservation" in answer:
        credits = level_credits(criterion)
        return ("known", credits.index(min(credits)))
    level = level_given(criterion, answer, licence_classes)
    must_be_shown = is_standard and criterion.get("evidence", "optional") == "required"
    if must_be_shown and not answer.get("evidence") and level_credits(criterion)[level] > 0:
        return UNKNOWN
    return ("known", level)


def answers_that_count(
    edition: Edition, organisation: Organisation, published_under: Edition | None = None
) -> dict[str, Answer]:
    """The answers to criteria of the same slug and meaning in the current edition.

    `published_under` is the edition of the published assessment; left out, it is the current one.
    """
    return {
        slug: answer
        for slug, answer in organisation.get("answers", {}).items()
        if same_question(edition, published_under or edition, slug)
    }


def sheet(
    edition: Edition,
    organisation: Organisation,
    licence_classes: LicenceClasses,
    published_under: Edition | None = None,
) -> Sheet:
    """The effective levels of an organisation, one for every criterion of the edition."""
    answers = answers_that_count(edition, organisation, published_under)
    return {
        slug: effective(criterion, answers.get(slug), licence_classes)
        for slug, criterion in edition["criteria"].items()
    }
