"""Random valid answers, as different as organisations are."""

from decimal import Decimal
from typing import Any

from .answers import Answer
from .criteria import LICENCE_LEVELS, Criterion, Edition, level_credits, level_slugs, role
from .made_criteria import Dice

LICENCES = {
    "proprietary": ["LicenseRef-proprietary"],
    "restricted": ["CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "BUSL-1.1", "SSPL-1.0"],
    "permissive": ["MIT", "Apache-2.0", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "ISC", "Zlib"],
    "reciprocity": ["PPL", "LicenseRef-CoopCycle-1.0", "Hippocratic-2.1", "Parity-7.0.0"],
    "copyleft": [
        "AGPL-3.0-or-later",
        "GPL-2.0-only",
        "GPL-3.0-or-later",
        "BSD-Protection",
        "MPL-2.0",
        "CC-BY-SA-4.0",
        "ODbL-1.0",
        "EUPL-1.2",
    ],
}
WITH_PLUS = {"permissive": ["Apache-2.0+"], "copyleft": ["GPL-2.0+", "MPL-1.1+", "CDDL-1.0+"]}
WITH_EXCEPTION = {
    "permissive": ["Apache-2.0 WITH LLVM-exception"],
    "copyleft": [
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "GPL-2.0+ WITH Classpath-exception-2.0",
    ],
}


def licence_of(dice: Dice, wanted: str) -> str:
    """One licence of a class, sometimes with a plus or an exception."""
    for special, chance in ((WITH_PLUS, 0.15), (WITH_EXCEPTION, 0.15)):
        if wanted in special and dice.falls(chance):
            return dice.choice(special[wanted])
    return dice.choice(LICENCES[wanted])


def made_expression(dice: Dice, wanted: str, depth: int = 0) -> str:
    """An expression around a licence of the wanted class, with other classes beside it."""
    if depth == 2 or dice.falls(0.55):
        return licence_of(dice, wanted)
    other = dice.choice(LICENCE_LEVELS)
    pieces = [
        made_expression(dice, one, depth + 1)
        for one in dice.sample([wanted, other, wanted], dice.randint(2, 3))
    ]
    # Inner operators are bracketed only sometimes, so that binding order matters.
    pieces = [f"({piece})" if " " in piece and dice.falls(0.5) else piece for piece in pieces]
    expression = pieces[0]
    for piece in pieces[1:]:
        expression += dice.choice((" AND ", " OR ")) + piece
    return expression


def number_in_band(dice: Dice, criterion: Criterion, position: int) -> int | Decimal:
    """A number inside a band, often right at one of its ends."""
    bands = criterion["bands"]
    start = Decimal(bands[position]["from"])
    if position + 1 < len(bands):
        end = Decimal(bands[position + 1]["from"])
        just_below = end - Decimal("0.0000001")
        number = dice.choice((start, (start + end) / 2, just_below))
    else:
        number = dice.choice((start, start + 1, start + Decimal("12.25")))
    return int(number) if number == int(number) and dice.falls(0.7) else number


def wanted_level(dice: Dice, criterion: Criterion, goodness: float) -> int:
    """The position of a level: a good one, or the customary one, with the chance `goodness`."""
    count = len(level_slugs(criterion))
    if role(criterion) == "similarity" and dice.falls(goodness):
        return count // 2
    if role(criterion) == "standard" and dice.falls(goodness):
        credits = level_credits(criterion)
        return credits.index(max(credits))
    return dice.randrange(count)


def made_offers(dice: Dice) -> Answer:
    """What an organisation offers, or needs, or both."""
    keys = dice.choice((("offers",), ("needs",), ("offers", "needs")))
    texts = ("web hosting", "legal advice", "bread")
    return {key: dice.sample(texts, dice.randint(1, 2)) for key in keys}


def made_substance(dice: Dice, criterion: Criterion, goodness: float) -> Answer:
    """A level, a number or licences."""
    position = wanted_level(dice, criterion, goodness)
    slug = level_slugs(criterion)[position]
    if criterion["kind"] == "share":
        return {"value": number_in_band(dice, criterion, position)}
    if criterion["kind"] == "licences":
        count = dice.choice((1, 1, 1, 2, 3))
        return {"licences": [made_expression(dice, slug) for _ in range(count)]}
    answer: Answer = {"level": slug}
    if criterion["kind"] == "practice" and dice.falls(0.12):
        answer["reservation"] = "not all of them"
    return answer


def made_answer(dice: Dice, criterion: Criterion, habit: dict[str, float]) -> Answer | None:
    """One answer, or None for no answer; the habit holds the chances of its organisation."""
    if criterion["kind"] == "offers":
        return None if dice.falls(habit["unknown"]) else made_offers(dice)
    if criterion.get("allow_na", False) and dice.falls(habit["na"]):
        return {"na": "no loss since 2015"}
    is_unknown = dice.falls(habit["unknown"])
    way = dice.choice(("none", "said", "withheld")) if is_unknown else "known"
    if way == "none":
        return None
    if way == "said":
        return {"unknown": True}
    answer = made_substance(dice, criterion, habit["good"])
    if way == "withheld":
        answer["withheld"] = True
    required = criterion.get("evidence", "optional") == "required"
    if dice.falls(habit["shown"] if required else 0.3):
        answer["evidence"] = ["https://coop.example/rules", "http://coop.example/é"][
            : dice.randint(1, 2)
        ]
    if dice.falls(0.1):
        answer["note"] = "See “rules”.\nOne more line."
    return answer


def made_answers(dice: Dice, edition: Edition, habit: dict[str, float]) -> dict[str, Any]:
    """The answers of one organisation to one edition."""
    answers = {}
    for slug, criterion in edition["criteria"].items():
        answer = made_answer(dice, criterion, habit)
        if answer is not None:
            answers[slug] = answer
    return answers
