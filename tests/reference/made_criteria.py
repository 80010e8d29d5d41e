"""Random valid editions, rich in every kind, role and option."""

import random
from decimal import Decimal
from typing import Any

from .criteria import Criterion, Edition, level_credits, level_slugs, role

WORDS = ("a", "b", "co", "op", "z", "x1", "1", "10", "2", "oak", "elm")
BAND_STARTS: tuple[int | Decimal, ...] = (
    Decimal("0.000001"),
    Decimal("0.01"),
    Decimal("0.1"),
    Decimal("0.50"),
    1,
    Decimal("2.5"),
    3,
    Decimal("7.0"),
    10,
    Decimal("33.3"),
    50,
    60,
)
LICENCE_CREDITS = (
    (0, 20, 60, 80, 100),
    (0, 0, 100, 100, 100),
    (0, 50, 100, 50, 80),
    (100, 60, 60, 0, 0),
    (0, 30, 30, 100, 90),
)


class Dice(random.Random):
    """A seeded source of chance."""

    def falls(self, chance: float) -> bool:
        """True with this chance."""
        return self.random() < chance


def new_slug(dice: Dice, taken: list[str]) -> str:
    """A slug that is not yet taken, of a form that tells code point order from other orders."""
    while True:
        pieces = [dice.choice(WORDS) for _ in range(dice.randint(1, 3))]
        slug = dice.choice(("", "-")).join(pieces)
        if slug not in taken:
            taken.append(slug)
            return slug


def say(dice: Dice, target: dict[str, Any], key: str, value: object, default: object) -> None:
    """Write a value; one that is the default is written in some places and left out in others."""
    if value != default or dice.falls(0.3):
        target[key] = value


def made_credits(dice: Dice, count: int) -> list[int]:
    """Credits in any order, with at least one 0 and one 100."""
    credits = [0, 100] + [dice.choice((0, 10, 25, 33, 50, 67, 75, 100)) for _ in range(count - 2)]
    if dice.falls(0.7):
        return sorted(credits)
    dice.shuffle(credits)
    return credits


def add_levels(dice: Dice, criterion: Criterion) -> None:
    """Give a criterion the levels, bands, credits or direction that its kind and role need."""
    kind = criterion["kind"]
    standard = role(criterion) == "standard"
    if kind == "practice":
        say(dice, criterion, "reversed", standard and dice.falls(0.3), False)
        if dice.falls(0.3):
            criterion["texts"] = {"yes": "Yes, we do.", "no": "No, we don't."}
    elif kind == "choice":
        count = dice.randint(2, 6)
        taken: list[str] = []
        levels: list[dict[str, Any]] = [
            {"slug": new_slug(dice, taken), "text": f"Level {number}"} for number in range(count)
        ]
        if standard:
            for level, credit in zip(levels, made_credits(dice, count), strict=True):
                level["credit"] = credit
        criterion["levels"] = levels
    elif kind == "share":
        count = dice.randint(2, 5) if standard else dice.choice((1, 1, 2, 4))
        starts = sorted(dice.sample(BAND_STARTS, count))
        if dice.falls(0.7):
            starts[0] = dice.choice((0, Decimal("0.0")))
        bands: list[dict[str, Any]] = [{"from": start} for start in starts]
        if standard:
            for band, credit in zip(bands, made_credits(dice, count), strict=True):
                band["credit"] = credit
        if dice.falls(0.5):
            bands[-1]["text"] = "As much as anybody"
        criterion["bands"] = bands
        if dice.falls(0.7):
            criterion["unit"] = dice.choice(("%", "members"))
    elif kind == "licences" and standard and dice.falls(0.6):
        credits = dice.choice(LICENCE_CREDITS)
        criterion["credits"] = dict(zip(level_slugs(criterion), credits, strict=True))


def add_deal_breaker(dice: Dice, criterion: Criterion) -> None:
    """Give a criterion a deal-breaker of the standard policy, and sometimes a headline."""
    if role(criterion) == "similarity":
        criterion["must_reach"] = "same"
        return
    criterion["must_reach"] = made_level_to_reach(dice, criterion)
    say(dice, criterion, "headline", dice.falls(0.6), False)


def made_level_to_reach(dice: Dice, criterion: Criterion) -> str:
    """A level for a deal-breaker on a standard criterion, more often a low one above 0."""
    credits = level_credits(criterion)
    slugs = level_slugs(criterion)
    above = [slug for slug, credit in zip(slugs, credits, strict=True) if credit > 0]
    above.sort(key=lambda slug: credits[slugs.index(slug)])
    if dice.falls(0.1):
        return dice.choice(slugs)
    return above[0] if dice.falls(0.6) else dice.choice(above)


def made_criterion(dice: Dice, dimensions: list[str], mood: dict[str, Any]) -> Criterion:
    """One criterion; the mood holds the chances of its world."""
    kind = dice.choices(("practice", "choice", "share", "licences", "offers"), (8, 7, 4, 3, 1))[0]
    criterion: Criterion = {
        "dimension": dice.choice(dimensions),
        "question": dice.choice(("Do you share?", "¿Quién decide?", 'What is "common"?')),
        "kind": kind,
    }
    for key in ("why", "example", "counter_example", "shows", "source", "reason"):
        if dice.falls(0.1):
            criterion[key] = "Because – so."
    say(dice, criterion, "core", dice.falls(0.2), False)
    say(dice, criterion, "meaning", dice.choice((1, 1, 1, 2, 5)), 1)
    if kind == "offers":
        say(dice, criterion, "role", "none", "none")
        return criterion
    roles = (0.4, 0.5, 0.1) if kind == "choice" else (0.9, 0, 0.1)
    chosen = dice.choices(("standard", "similarity", "none"), roles)[0]
    say(dice, criterion, "role", chosen, "standard")
    add_levels(dice, criterion)
    if dice.falls(0.8):
        criterion["facet"] = dice.choice(("form", "function", "function"))
    principles = sorted(dice.sample(mood["principles"], dice.randint(0, 2)))
    say(dice, criterion, "principles", principles, [])
    required = dice.falls(mood["evidence"])
    say(dice, criterion, "evidence", "required" if required else "optional", "optional")
    allow_na = dice.falls(mood["na"])
    say(dice, criterion, "allow_na", allow_na, False)
    if chosen == "none":
        return criterion
    if chosen == "similarity":
        say(dice, criterion, "agreement", dice.choice(("ordered", "exact")), "ordered")
    if allow_na:
        say(dice, criterion, "na_meets", dice.falls(0.5), False)
    say(dice, criterion, "importance", dice.choice((0, 1, 1, 2, 3, 4, 5, 10)), 1)
    if dice.falls(mood["deal_breakers"]):
        add_deal_breaker(dice, criterion)
    return criterion


def made_translation(dice: Dice, edition: Edition) -> dict[str, Any]:
    """Texts in a second language for some of the texts that the edition has."""
    criteria: dict[str, Any] = {}
    for slug, criterion in edition["criteria"].items():
        if dice.falls(0.5):
            continue
        criteria[slug] = {"question": "¿Y vosotras?"}
        if "texts" in criterion:
            criteria[slug]["texts"] = {"yes": "Sí."}
        if "levels" in criterion:
            criteria[slug]["levels"] = {level_slugs(criterion)[0]: "Nivel"}
        if criterion["kind"] == "share" and "text" in criterion["bands"][-1]:
            criteria[slug]["bands"] = {level_slugs(criterion)[-1]: "Como cualquiera"}
    translation: dict[str, Any] = {"edition": {"title": "Un mundo"}}
    if criteria:
        translation["criteria"] = criteria
    return translation


def made_edition(dice: Dice, seed: int, criteria: int) -> Edition:
    """A random valid edition with this many criteria."""
    mood = {
        "na": dice.choice((0.15, 0.4, 0.8)),
        "deal_breakers": dice.choice((0.05, 0.15, 0.3)),
        "evidence": dice.choice((0.1, 0.3)),
        "principles": dice.sample(range(1, 8), dice.randint(2, 4)),
    }
    head: dict[str, Any] = {"slug": f"world-{seed}", "title": f"World {seed}"}
    say(dice, head, "language", "en", "en")
    say(dice, head, "threshold", dice.choice((0, 20, 30, 40, 50, 60, 60, 75, 100)), 60)
    if dice.falls(0.3):
        head["licence"] = "CC-BY-SA-4.0"
    dimensions: list[str] = []
    for _ in range(dice.randint(1, 7)):
        new_slug(dice, dimensions)
    taken: list[str] = []
    edition: Edition = {
        "edition": head,
        "dimensions": {slug: {"title": f"Dimension {slug}"} for slug in dimensions},
        "criteria": {
            new_slug(dice, taken): made_criterion(dice, dimensions, mood) for _ in range(criteria)
        },
    }
    if dice.falls(0.25):
        edition["translations"] = {"es": made_translation(dice, edition)}
    return edition
