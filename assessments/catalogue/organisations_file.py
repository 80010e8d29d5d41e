"""Organisations with their assessments and requirements, as a JSON file under one edition."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.catalogue import answer_form, requirement_form
from assessments.catalogue.key_tables import Doubled, Findings, Group, Key, doubled, sift
from assessments.catalogue.mistakes import (
    WHOLE_FILE,
    Fault,
    choose_from,
    shown,
    step_to,
)
from assessments.catalogue.plain_values import (
    COUNTRY,
    GREATEST_DIGITS,
    LONG_TEXT_LENGTH,
    SHORT_TEXT_LENGTH,
    SLUG,
    ListOf,
    Number,
    Text,
    Unchecked,
    WebAddress,
    decoded,
    read_decimal,
)
from assessments.scoring import terms
from assessments.scoring.problems import Problem, Refused

GREATEST_NUMBER_OF_ORGANISATIONS = 1_000_000
SIZE_CLASS_LENGTH = 50
SHORT = Text(SHORT_TEXT_LENGTH)
WORDS = ListOf(Text(SHORT_TEXT_LENGTH, filled=True))

FILE_KEYS = {
    "edition": Key(SLUG, required=True),
    "organisations": Key(
        ListOf(
            Unchecked("a group of keys with a slug and a name"),
            most=GREATEST_NUMBER_OF_ORGANISATIONS,
        ),
        required=True,
    ),
}
DESCRIPTIVE_KEYS = {
    "country": Key(COUNTRY),
    "place": Key(SHORT),
    "latitude": Key(Number(-90, 90)),
    "longitude": Key(Number(-180, 180)),
    "website": Key(WebAddress()),
    "summary": Key(Text(LONG_TEXT_LENGTH)),
    "sectors": Key(WORDS),
    "legal_form": Key(SHORT),
    "size_class": Key(Text(SIZE_CLASS_LENGTH)),
    "languages": Key(WORDS),
}
ORGANISATION_KEYS = {
    "slug": Key(SLUG, required=True),
    "name": Key(Text(SHORT_TEXT_LENGTH, filled=True), required=True),
    **DESCRIPTIVE_KEYS,
    "answers": Key(Group("the slugs of criteria, each with its answer")),
    "requirements": Key(Group("a group of the keys “threshold” and “criteria”")),
}
REQUIREMENTS_KEYS = {
    "threshold": Key(requirement_form.THRESHOLD),
    "criteria": Key(Group("the slugs of criteria, each with what is asked")),
}


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """One organisation of a file.

    `described` has the descriptive keys that were given, latitude and longitude as decimals and
    lists as tuples; `answers` are by criterion slug.
    """

    slug: str
    name: str
    described: Mapping[str, object]
    answers: Mapping[str, terms.Answer]
    requirements: terms.Requirements


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds: organisations, and the slug of the edition under which they answer."""

    edition_slug: str
    organisations: tuple[OrganisationEntry, ...]


def read(source: str | bytes, edition: terms.Edition) -> Document:
    """The organisations of a JSON file; raises Refused with all that is wrong with it.

    Parameters
    ----------
    source
        The text of the file, or its bytes in UTF-8.
    edition
        The edition under which the organisations must have answered.
    """
    found = Findings()
    given = found.sift(_parsed(source), FILE_KEYS, "")
    if given.get("edition", edition.slug) != edition.slug:
        message = f"The file is for the edition {shown(given['edition'])}."
        remedy = f"Answer the criteria of the current edition and write “{edition.slug}”."
        found.add("edition", [Fault(message, remedy)])
    entries: dict[str, OrganisationEntry | None] = {}
    for index, raw in enumerate(given.get("organisations", ())):
        _read_entry(raw, f"organisations[{index}]", edition, entries, found)
    found.refuse()
    return Document(edition.slug, tuple(filter(None, entries.values())))


def _parsed(source: str | bytes) -> object:
    """What the JSON text says, numbers as integers and decimals; raises Refused."""
    text = (decoded(source) if isinstance(source, bytes) else source).removeprefix("\ufeff")
    try:
        return json.loads(
            text,
            object_pairs_hook=_group,
            parse_float=read_decimal,
            parse_int=_integer,
            parse_constant=Decimal,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        remedy = 'Write "key": value with commas between, texts in double quotation marks.'
        problem = Problem(place, f"This is not JSON: {error.msg}.", remedy)
    except RecursionError:
        remedy = "Write groups and lists only as deep as the format has them."
        problem = Problem(WHOLE_FILE, "Groups or lists are nested too deep.", remedy)
    raise Refused([problem])


def _group(pairs: list[tuple[str, object]]) -> dict[str, object]:
    group = dict(pairs)
    if len(group) == len(pairs):
        return group
    counts = Counter(name for name, _ in pairs)
    return Doubled(pairs, (name for name, count in counts.items() if count > 1))


def _integer(digits: str) -> int | Decimal:
    # Python refuses to read very long integers; as decimals they are refused where they stand.
    return int(digits) if len(digits) <= GREATEST_DIGITS + 1 else read_decimal(digits)


def _read_entry(
    raw: object,
    place: str,
    edition: terms.Edition,
    entries: dict[str, OrganisationEntry | None],
    found: Findings,
) -> None:
    """Adds one organisation to the entries by slug; None in place of one that is wrong."""
    given, faults = sift(raw, ORGANISATION_KEYS)
    slug = given.get("slug")
    if slug in entries:
        message = f"There is an organisation {shown(slug)} before this one."
        faults.append(Fault(message, "Give each organisation a slug of its own.", ".slug"))
    elif slug:
        place = f"organisations.{slug}"
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if isinstance(raw, Mapping) and one in raw and other not in raw:
            message = f"This key is missing, and there is a {one}."
            faults.append(Fault(message, f"Write both, or take out the {one}.", f".{other}"))
    found.add(place, faults)
    answers = _answers(given.get("answers", {}), f"{place}.answers", edition, found)
    requirements = _requirements(
        given.get("requirements", {}), f"{place}.requirements", edition, found
    )
    if slug and slug not in entries:
        described = {name: given[name] for name in DESCRIPTIVE_KEYS if name in given}
        name = given.get("name", "")
        entries[slug] = OrganisationEntry(slug, name, described, answers, requirements)


def _criterion(
    slug: str, edition: terms.Edition, place: str, found: Findings
) -> terms.Criterion | None:
    criterion = edition.by_slug.get(slug)
    if criterion is None:
        message = f"The edition “{edition.slug}” has no criterion {shown(slug)}."
        remedy = choose_from(slug, edition.by_slug, "Its criteria are", "take it out.")
        found.add(place + step_to(slug), [Fault(message, remedy)])
    return criterion


def _answers(
    raw: Mapping[str, object], place: str, edition: terms.Edition, found: Findings
) -> dict[str, terms.Answer]:
    found.add(place, doubled(raw))
    answers: dict[str, terms.Answer] = {}
    for slug, part in raw.items():
        criterion = _criterion(slug, edition, place, found)
        if criterion is None:
            continue
        answer = answer_form.check_answer(criterion, part, f"{place}.{slug}")
        if isinstance(answer, list):
            found.problems += answer
        else:
            answers[criterion.slug] = answer
    return answers


def _requirements(
    raw: Mapping[str, object], place: str, edition: terms.Edition, found: Findings
) -> terms.Requirements:
    given = found.sift(raw, REQUIREMENTS_KEYS, place)
    place = f"{place}.criteria"
    criteria: Mapping[str, object] = given.get("criteria", {})
    found.add(place, doubled(criteria))
    asked: dict[str, terms.Asked] = {}
    for slug, part in criteria.items():
        criterion = _criterion(slug, edition, place, found)
        if criterion is None:
            continue
        ask = requirement_form.check_asked(criterion, part, f"{place}.{slug}")
        if isinstance(ask, list):
            found.problems += ask
        # To say nothing about a criterion is the same as to leave it out.
        elif ask != terms.Asked():
            asked[criterion.slug] = ask
    return terms.Requirements(given.get("threshold"), asked)
