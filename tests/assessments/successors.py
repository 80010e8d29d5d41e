"""A second edition made from a random one: what curators may change, and what they must raise.

Kind, levels, credits, `reversed` and bands stay where the meaning stays; everything else may move.
"""

from __future__ import annotations

import copy
from typing import Any

from tests.reference.criteria import Criterion, Edition, level_credits, meaning, role
from tests.reference.made_criteria import (
    Dice,
    add_deal_breaker,
    made_credits,
    made_criterion,
    new_slug,
)

KEYS_OF_A_ROLE = ("importance", "must_reach", "headline", "agreement", "na_meets")


def give_spare_credits(dice: Dice, edition: Edition) -> None:
    """Give credits to levels that need none yet, so that their role may become standard."""
    for criterion in edition["criteria"].values():
        parts = criterion.get("levels") or criterion.get("bands") or []
        if role(criterion) != "standard" and len(parts) > 1 and dice.falls(0.6):
            for part, credit in zip(parts, made_credits(dice, len(parts)), strict=True):
                part["credit"] = credit


def possible_roles(criterion: Criterion) -> list[str]:
    """The roles that a criterion can take without another meaning."""
    if criterion["kind"] == "offers":
        return ["none"]
    roles = ["none"]
    parts = criterion.get("levels") or criterion.get("bands") or []
    if all("credit" in part for part in parts) and {0, 100} <= set(level_credits(criterion)):
        roles.append("standard")
    if criterion["kind"] == "choice":
        roles.append("similarity")
    return roles


def take_role(dice: Dice, criterion: Criterion, chosen: str) -> None:
    """Give a criterion a role, and keys that belong to it."""
    for key in KEYS_OF_A_ROLE:
        criterion.pop(key, None)
    criterion["role"] = chosen
    if chosen == "none":
        return
    criterion["importance"] = dice.choice((0, 1, 1, 2, 3, 5, 10))
    if chosen == "similarity":
        criterion["agreement"] = dice.choice(("ordered", "exact"))
    if criterion.get("allow_na"):
        criterion["na_meets"] = dice.falls(0.5)
    if dice.falls(0.25):
        add_deal_breaker(dice, criterion)


def successor_of(dice: Dice, criterion: Criterion, dimensions: list[str]) -> Criterion:
    """The criterion of the same slug in the next edition."""
    if dice.falls(0.15):
        mood: dict[str, Any] = {
            "na": 0.4,
            "deal_breakers": 0.2,
            "evidence": 0.3,
            "principles": [1, 2, 7],
        }
        new = made_criterion(dice, dimensions, mood)
        new["meaning"] = meaning(criterion) + dice.randint(1, 3)
        return new
    new = copy.deepcopy(criterion)
    new["dimension"] = dice.choice(dimensions)
    new["question"] = "Said in other words?"
    if dice.falls(0.2):
        new["meaning"] = meaning(criterion) + 1
    if dice.falls(0.35):
        new["evidence"] = dice.choice(("required", "optional"))
    if dice.falls(0.35):
        new["allow_na"] = not new.get("allow_na", False)
        new.pop("na_meets", None)
    if dice.falls(0.4):
        take_role(dice, new, dice.choice(possible_roles(new)))
    elif role(new) != "none" and dice.falls(0.5):
        new["importance"] = dice.choice((0, 1, 2, 4, 8, 10))
    return new


def successor(seed: int, earlier: list[Edition], slug: str) -> Edition:
    """The next edition after some random ones; what was dropped may come back as it was."""
    dice = Dice(seed)
    edition = earlier[-1]
    ever = {name: one for old in earlier for name, one in old["criteria"].items()}
    dimensions = list(edition["dimensions"])
    new_slug(dice, dimensions)
    dice.shuffle(dimensions)
    criteria = {
        name: successor_of(dice, criterion, dimensions)
        for name, criterion in edition["criteria"].items()
        if dice.falls(0.9)
    }
    for name, criterion in ever.items():
        if name not in edition["criteria"] and dice.falls(0.5):
            criteria[name] = {**criterion, "dimension": dice.choice(dimensions)}
    taken = list(ever)
    for _ in range(dice.randint(0, 3)):
        mood = {"na": 0.4, "deal_breakers": 0.2, "evidence": 0.3, "principles": [3, 6]}
        criteria[new_slug(dice, taken)] = made_criterion(dice, dimensions, mood)
    order = list(criteria)
    dice.shuffle(order)
    return {
        "edition": {
            "slug": slug,
            "title": "The next one",
            "threshold": dice.choice((0, 30, 50, 60, 80)),
        },
        "dimensions": {name: {"title": f"Dimension {name}"} for name in dimensions},
        "criteria": {name: criteria[name] for name in order},
    }
