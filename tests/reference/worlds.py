"""Random valid worlds: an edition and organisations with answers and requirements.

The same seed gives the same world, and nothing but the seed and the sizes decides it.
"""

import copy
import json
from decimal import Decimal
from typing import Any

import tomli_w

from .criteria import Criterion, Edition, role
from .made_answers import made_answers
from .made_criteria import Dice, made_edition, made_level_to_reach, new_slug

Document = dict[str, Any]

HABITS = {
    "complete": {"good": 0.95, "unknown": 0.01, "na": 0.05, "shown": 0.97},
    "good": {"good": 0.85, "unknown": 0.04, "na": 0.1, "shown": 0.95},
    "middling": {"good": 0.55, "unknown": 0.15, "na": 0.1, "shown": 0.8},
    "half answered": {"good": 0.8, "unknown": 0.5, "na": 0.1, "shown": 0.5},
    "poor": {"good": 0.15, "unknown": 0.05, "na": 0.1, "shown": 0.5},
    "evading": {"good": 0.95, "unknown": 0.02, "na": 0.97, "shown": 0.97},
}
HABIT_WEIGHTS = (6, 5, 3, 3, 2, 3)


def made_entry(dice: Dice, criterion: Criterion) -> dict[str, Any]:
    """What an organisation says itself about one criterion: never nothing."""
    entry: dict[str, Any] = {}
    if dice.falls(0.75):
        entry["importance"] = dice.choice((0, 0, 1, 2, 3, 5, 8, 10))
    if not entry or dice.falls(0.2):
        if dice.falls(0.5):
            entry["must_reach"] = None
        elif role(criterion) == "similarity":
            entry["must_reach"] = "same"
        else:
            entry["must_reach"] = made_level_to_reach(dice, criterion)
    return entry


def made_requirements(dice: Dice, edition: Edition) -> dict[str, Any]:
    """Requirements of its own: a threshold, or importances and deal-breakers, or both."""
    judged = {slug: one for slug, one in edition["criteria"].items() if role(one) != "none"}
    requirements: dict[str, Any] = {}
    entries: dict[str, dict[str, Any]]
    if dice.falls(0.5):
        requirements["threshold"] = dice.choice((0, 20, 30, 40, 50, 50, 60, 70, 80, 100))
    if dice.falls(0.12):
        # Half of those that ask nothing still keep the deal-breakers of the standard policy.
        nothing = dice.choice(({"importance": 0}, {"importance": 0, "must_reach": None}))
        entries = {slug: dict(nothing) for slug in judged}
    elif judged and dice.falls(0.15):
        # One that asks a single thing is the easiest to evade.
        single = dice.choice(list(judged))
        entries = {slug: {"importance": 2 if slug == single else 0} for slug in judged}
    else:
        entries = {
            slug: made_entry(dice, criterion)
            for slug, criterion in judged.items()
            if dice.falls(0.35)
        }
    if entries:
        requirements["criteria"] = entries
    return requirements


def made_description(dice: Dice, slug: str) -> dict[str, Any]:
    """The descriptive keys of an organisation, some of them left out."""
    possible = {
        "country": dice.choice(("GB", "ES", "DE")),
        "place": dice.choice(("Leeds", "Cádiz")),
        "latitude": Decimal("53.8"),
        "longitude": Decimal("-1.55"),
        "website": f"https://{slug}.example",
        "summary": "We bake “bread”.",
        "sectors": ["hosting"],
        "legal_form": "co-operative society",
        "size_class": "2-9",
        "languages": ["en"],
    }
    kept = {key: value for key, value in possible.items() if dice.falls(0.3)}
    if "latitude" not in kept or "longitude" not in kept:
        # A place on the map needs both numbers.
        kept.pop("latitude", None)
        kept.pop("longitude", None)
    return kept


def made_organisation(dice: Dice, edition: Edition, slug: str) -> dict[str, Any]:
    """One organisation, with or without answers and requirements."""
    organisation: dict[str, Any] = {"slug": slug, "name": f"Organisation {slug}"}
    organisation.update(made_description(dice, slug))
    habit = HABITS[dice.choices(list(HABITS), HABIT_WEIGHTS)[0]]
    answers = made_answers(dice, edition, habit)
    if answers and not dice.falls(0.04):
        organisation["answers"] = answers
    if dice.falls(0.5):
        requirements = made_requirements(dice, edition)
        if requirements:
            organisation["requirements"] = requirements
    return organisation


def made_twin(dice: Dice, original: dict[str, Any], slug: str) -> dict[str, Any]:
    """An organisation that differs from another in its names only, so that slugs break the tie."""
    twin = copy.deepcopy(original)
    twin.update({"slug": slug, "name": f"Organisation {slug}"})
    return twin


def world(seed: int, organisations: int = 8, criteria: int = 12) -> tuple[Edition, Document]:
    """A random valid world with this many organisations and criteria."""
    dice = Dice(seed)
    edition = made_edition(dice, seed, criteria)
    taken: list[str] = []
    made: list[dict[str, Any]] = []
    for _ in range(organisations):
        slug = new_slug(dice, taken)
        if made and dice.falls(0.12):
            made.append(made_twin(dice, dice.choice(made), slug))
        else:
            made.append(made_organisation(dice, edition, slug))
    return edition, {"edition": edition["edition"]["slug"], "organisations": made}


def edition_toml(edition: Edition) -> str:
    """An edition as a TOML file."""
    return tomli_w.dumps(edition)


def json_text(value: object, indent: str = "") -> str:
    """A value as JSON, with decimals written out as plain numbers."""
    deeper = indent + "  "
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict) and value:
        lines = [
            f"{deeper}{json.dumps(key)}: {json_text(one, deeper)}" for key, one in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list):
        return "[" + ", ".join(json_text(one, deeper) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def document_json(document: Document) -> str:
    """A file of organisations as JSON."""
    return json_text(document) + "\n"
