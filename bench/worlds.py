"""Made-up organisations in any number, drawn as whole numbers: the same for the same seed.

40 criteria of 4 levels: 32 judged on credit, 8 on likeness. Three of four levels are known, and
every organisation has a leaning, so that some fit many others and some nobody. Half of them ask
what the standard policy asks; the others have changed a third of it.
"""

from __future__ import annotations

import numpy as np

from assessments.compatibility.frame import (
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    SMALLEST,
    UNKNOWN,
    Frame,
    Rows,
)
from assessments.scoring.terms import Criterion, Dimension, Edition, Kind, Level, Role

CRITERIA, LEVELS, SIMILAR = 40, 4, 8
LADDERS = ((0, 33, 67, 100), (0, 30, 60, 100), (0, 0, 50, 100), (100, 60, 20, 0))
STANDARD_BREAKERS = 2


def edition(criteria: int = CRITERIA, similar: int = SIMILAR) -> Edition:
    """An edition of so many criteria, the last of them about similarity."""
    made = []
    for place in range(criteria):
        is_similar = place >= criteria - similar
        credits = (None,) * LEVELS if is_similar else LADDERS[place % len(LADDERS)]
        made.append(
            Criterion(
                f"c{place}",
                "d",
                "?",
                Kind.CHOICE,
                role=Role.SIMILARITY if is_similar else Role.STANDARD,
                levels=tuple(Level(f"l{number}", one) for number, one in enumerate(credits)),
                importance=1 + place % 5,
                allow_na=True,
                na_meets=place % 2 == 0,
            )
        )
    return Edition("bench", "Bench", dimensions=(Dimension("d", "D"),), criteria=tuple(made))


def rows(frame: Frame, organisations: int, *, seed: int = 1) -> Rows:
    """So many organisations of an edition."""
    dice = np.random.default_rng(seed)
    count = len(frame.criteria)
    size = (organisations, count)
    leaning = dice.beta(2, 1.4, (organisations, 1))
    good = dice.random(size) < leaning
    # From the level of most credit downwards, or from that of least upwards.
    place = np.where(dice.random(size) < 0.7, 0, 1)
    rising = np.array([frame.credits[start] < 100 for start in frame.starts])
    levels = np.where(good == rising, LEVELS - 1 - place, place)
    levels = np.where(frame.is_similarity, dice.integers(0, LEVELS, size), levels)
    state = dice.random(size)
    levels = np.where(state < 0.10, UNKNOWN, np.where(state < 0.15, NOT_APPLICABLE, levels))

    standard = np.array([criterion.importance for criterion in frame.criteria])
    breakers = np.full(count, NO_DEAL_BREAKER)
    breakers[:STANDARD_BREAKERS] = np.where(rising[:STANDARD_BREAKERS], 1, LEVELS - 2)
    has_own = dice.random((organisations, 1)) < 0.5
    changes = has_own & (dice.random(size) < 1 / 3)
    importances = np.where(changes, dice.integers(0, 11, size), standard)
    own = np.where(dice.random(size) < 0.04, dice.integers(0, LEVELS, size), NO_DEAL_BREAKER)
    own = np.where(frame.is_similarity & (own >= 0), 0, own)
    required = np.where(changes, own, breakers)
    thresholds = np.where(has_own[:, 0], dice.choice([40, 50, 50, 60], organisations), 50)
    return Rows(*(one.astype(np.int16) for one in (levels, importances, required, thresholds)))


def packed(rows: Rows) -> list[bytes]:
    """The rows as they are stored."""
    parts = rows.levels, rows.importances, rows.required, rows.thresholds[:, None]
    table = np.concatenate(parts, axis=1).astype(SMALLEST)
    return [row.tobytes() for row in table]
