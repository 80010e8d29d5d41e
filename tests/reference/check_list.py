"""What makes an edition and a file of organisations valid, as an explicit list.

Each check that fails gives one sentence; a valid world gives none. The list is for generated
worlds, so it does not say what the remedy is.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from .criteria import Criterion, Edition, level_credits, level_slugs, role
from .licences import LicenceClasses, class_of_expression

GENERAL_KEYS = {"dimension", "question", "why", "example", "counter_example", "shows", "source"}
GENERAL_KEYS |= {"reason", "kind", "facet", "principles", "role", "core", "evidence"}
GENERAL_KEYS |= {"allow_na", "meaning"}
KEYS_OF_KIND = {
    "practice": {"texts", "reversed"},
    "choice": {"levels"},
    "share": {"bands", "unit"},
    "licences": {"credits"},
    "offers": set(),
}
KEYS_OF_ROLE = {
    "standard": {"importance", "must_reach", "headline", "na_meets"},
    "similarity": {"importance", "must_reach", "agreement", "na_meets"},
    "none": set(),
}
ORGANISATION_KEYS = {"slug", "name", "country", "place", "latitude", "longitude", "website"}
ORGANISATION_KEYS |= {"summary", "sectors", "legal_form", "size_class", "languages"}
ORGANISATION_KEYS |= {"answers", "requirements"}
SUBSTANCE_OF_KIND = {
    "practice": "level",
    "choice": "level",
    "share": "value",
    "licences": "licences",
}


def is_slug(text: object) -> bool:
    """Whether a text is a slug of small letters, digits and hyphens."""
    return isinstance(text, str) and re.fullmatch(r"[a-z0-9-]+", text) is not None


def is_whole(number: object, least: int, greatest: int) -> bool:
    """Whether something is a whole number between two others, and no truth value."""
    return type(number) is int and least <= number <= greatest


def is_number(number: object) -> bool:
    """Whether something is a finite whole number or decimal, and no truth value."""
    return type(number) is int or (isinstance(number, Decimal) and number.is_finite())


def faults_of_levels(criterion: Criterion) -> Iterator[str]:
    """What is wrong with the levels, bands and credits of one criterion."""
    slugs = level_slugs(criterion)
    if len(slugs) != len(set(slugs)):
        yield "two levels have one slug"
    if criterion["kind"] == "choice" and len(slugs) < 2:
        yield "a choice has at least two levels"
    if criterion["kind"] == "choice" and not all(is_slug(slug) for slug in slugs):
        yield "a level has no proper slug"
    if criterion["kind"] == "share":
        starts = [band["from"] for band in criterion["bands"]]
        if not starts or not all(is_number(start) for start in starts):
            yield "bands begin at numbers"
        if any(next_one <= one for one, next_one in pairwise(starts)):
            yield "bands rise strictly"
    if role(criterion) == "standard":
        credits = level_credits(criterion)
        if not all(is_whole(credit, 0, 100) for credit in credits):
            yield "credits are whole numbers from 0 to 100"
        if 0 not in credits or 100 not in credits:
            yield "a standard criterion has a level of credit 0 and one of credit 100"


def faults_of_criterion(edition: Edition, criterion: Criterion) -> Iterator[str]:
    """What is wrong with one criterion."""
    kind, its_role = criterion["kind"], role(criterion)
    allowed = GENERAL_KEYS | KEYS_OF_KIND[kind] | KEYS_OF_ROLE[its_role]
    if set(criterion) - allowed:
        yield f"keys of another kind or role: {sorted(set(criterion) - allowed)}"
    if criterion["dimension"] not in edition["dimensions"] or not criterion["question"]:
        yield "no dimension or no question"
    if its_role == "similarity" and kind != "choice":
        yield "similarity is for choices only"
    if kind == "offers" and its_role != "none":
        yield "the role of offers is none"
    if not is_whole(criterion.get("importance", 1), 0, 10):
        yield "importance is a whole number from 0 to 10"
    if not is_whole(criterion.get("meaning", 1), 1, 1000):
        yield "the meaning is a whole number"
    if not all(is_whole(number, 1, 7) for number in criterion.get("principles", [])):
        yield "principles are 1 to 7"
    if criterion.get("facet", "form") not in ("form", "function"):
        yield "a facet is form or function"
    if criterion.get("agreement", "exact") not in ("ordered", "exact"):
        yield "agreement is ordered or exact"
    if criterion.get("evidence", "optional") not in ("required", "optional"):
        yield "evidence is required or optional"
    if "na_meets" in criterion and not criterion.get("allow_na", False):
        yield "na_meets without allow_na"
    if criterion.get("headline", False) and "must_reach" not in criterion:
        yield "a headline without a must_reach"
    if "must_reach" in criterion:
        yield from faults_of_must_reach(criterion, criterion["must_reach"])
    if kind != "offers":
        yield from faults_of_levels(criterion)


def faults_of_must_reach(criterion: Criterion, must_reach: str) -> Iterator[str]:
    """What is wrong with one deal-breaker."""
    proper = ["same"] if role(criterion) == "similarity" else level_slugs(criterion)
    if must_reach not in proper:
        yield f"a deal-breaker that cannot be: {must_reach}"


def faults_of_edition(edition: Edition) -> Iterator[str]:
    """What is wrong with an edition."""
    head = edition["edition"]
    if not is_slug(head["slug"]) or not head["title"]:
        yield "the edition has no slug or no title"
    if not is_whole(head.get("threshold", 60), 0, 100):
        yield "the threshold is a whole number from 0 to 100"
    for slug, dimension in edition["dimensions"].items():
        if not is_slug(slug) or not dimension["title"]:
            yield f"dimension {slug}: no slug or no title"
    for slug, criterion in edition["criteria"].items():
        if not is_slug(slug):
            yield f"criterion {slug}: no slug"
        for fault in faults_of_criterion(edition, criterion):
            yield f"criterion {slug}: {fault}"
    translations = edition.get("translations", {}).get("es", {}).get("criteria", {})
    for slug, texts in translations.items():
        translated = set(texts.get("levels", {})) | set(texts.get("bands", {}))
        if translated - set(level_slugs(edition["criteria"][slug])):
            yield f"translation of {slug}: a level that is not there"


def faults_of_answer(
    criterion: Criterion, answer: dict[str, Any], licence_classes: LicenceClasses
) -> Iterator[str]:
    """What is wrong with one answer."""
    kind = criterion["kind"]
    if kind == "offers":
        if not answer or set(answer) - {"offers", "needs"} or not all(answer.values()):
            yield "offers and needs are lists that are not empty"
        return
    substance = SUBSTANCE_OF_KIND[kind]
    chosen = [key for key in (substance, "na", "unknown") if key in answer]
    extra = {"evidence", "note", "reservation", "withheld"} if chosen == [substance] else set()
    if len(chosen) != 1 or set(answer) - set(chosen) - extra:
        yield "not exactly one answer of the criterion's kind"
        return
    if "na" in answer and not (criterion.get("allow_na", False) and answer["na"]):
        yield "does not apply, where not allowed or without a reason"
    if answer.get("unknown", True) is not True or answer.get("withheld", True) is not True:
        yield "unknown and withheld are true or left out"
    if "reservation" in answer and (kind != "practice" or not answer["reservation"]):
        yield "a reservation that is empty or on another kind than practice"
    if "level" in answer and answer["level"] not in level_slugs(criterion):
        yield "no such level"
    if "value" in answer and not is_number(answer["value"]):
        yield "no number"
    elif "value" in answer and answer["value"] < criterion["bands"][0]["from"]:
        yield "a number below the first band"
    if "licences" in answer:
        if not answer["licences"]:
            yield "an empty list of licences"
        for expression in answer["licences"]:
            class_of_expression(expression, licence_classes, [0, 20, 60, 80, 100])
    if "evidence" in answer:
        links = answer["evidence"]
        if not links or not all(re.match("https?://", link) for link in links):
            yield "evidence that is not http or https"


def faults_of_requirements(edition: Edition, requirements: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the requirements of one organisation."""
    if set(requirements) - {"threshold", "criteria"} or not requirements:
        yield "unknown keys in requirements, or none"
    if not is_whole(requirements.get("threshold", 60), 0, 100):
        yield "the threshold is a whole number from 0 to 100"
    for slug, entry in requirements.get("criteria", {}).items():
        criterion = edition["criteria"][slug]
        if role(criterion) == "none":
            yield f"{slug}: a requirement on a criterion without role"
        if set(entry) - {"importance", "must_reach"} or not entry:
            yield f"{slug}: unknown keys, or none"
        if not is_whole(entry.get("importance", 0), 0, 10):
            yield f"{slug}: importance is a whole number from 0 to 10"
        if entry.get("must_reach") is not None:
            yield from faults_of_must_reach(criterion, entry["must_reach"])


def faults_of_document(
    edition: Edition, document: dict[str, Any], licence_classes: LicenceClasses
) -> Iterator[str]:
    """What is wrong with a file of organisations."""
    if document["edition"] != edition["edition"]["slug"]:
        yield "the file names another edition"
    slugs = [organisation["slug"] for organisation in document["organisations"]]
    if len(slugs) != len(set(slugs)):
        yield "two organisations have one slug"
    for organisation in document["organisations"]:
        slug = organisation["slug"]
        if not is_slug(slug) or not organisation["name"]:
            yield f"{slug}: no slug or no name"
        if set(organisation) - ORGANISATION_KEYS:
            yield f"{slug}: unknown keys"
        for about, answer in organisation.get("answers", {}).items():
            criterion = edition["criteria"][about]
            for fault in faults_of_answer(criterion, answer, licence_classes):
                yield f"{slug}, {about}: {fault}"
        if "requirements" in organisation:
            for fault in faults_of_requirements(edition, organisation["requirements"]):
                yield f"{slug}: {fault}"
