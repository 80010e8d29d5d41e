"""The small world of both READMEs: six criteria, Alder and Birch."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from assessments.scoring.terms import (
    Answer,
    Asked,
    Dimension,
    Edition,
    Evidence,
    Facet,
    Level,
    Requirements,
    Role,
)
from tests.scoring import builders

FORM, FUNCTION = Facet.FORM, Facet.FUNCTION

LEVELS = tuple(Level(slug, None) for slug in ("board", "vote", "consent", "consensus"))

EDITION = Edition(
    "golden",
    "The golden example",
    (
        Dimension("commons", "Commons"),
        Dimension("surplus", "Surplus"),
        Dimension("democracy", "Democracy"),
    ),
    (
        builders.practice(
            "commons-rules",
            dimension="commons",
            importance=3,
            must_reach="yes",
            headline=True,
            evidence=Evidence.REQUIRED,
            facet=FORM,
            principles=(7,),
        ),
        builders.licences_out(
            "licences-out",
            dimension="commons",
            importance=4,
            must_reach="permissive",
            headline=True,
            facet=FUNCTION,
            principles=(7,),
        ),
        builders.share(
            "solidarity-outflow",
            {"0": 0, "0.01": 30, "3": 60, "10": 100},
            dimension="surplus",
            importance=2,
            facet=FUNCTION,
            principles=(7,),
        ),
        builders.practice(
            "investor-profit",
            reversed=True,
            dimension="surplus",
            importance=1,
            facet=FORM,
            principles=(7,),
        ),
        builders.practice(
            "loss-sharing",
            dimension="surplus",
            importance=2,
            allow_na=True,
            facet=FUNCTION,
            principles=(7,),
        ),
        builders.choice(
            "decisions",
            (None,) * 4,
            levels=LEVELS,
            role=Role.SIMILARITY,
            dimension="democracy",
            importance=2,
        ),
    ),
)

LINK = ("https://commons.example/rules",)

ALDER: Mapping[str, Answer] = {
    "commons-rules": Answer(level="yes", evidence=LINK),
    "licences-out": Answer(licences=("AGPL-3.0-or-later", "MIT OR CC-BY-SA-4.0")),
    "solidarity-outflow": Answer(value=Decimal("4.5")),
    "investor-profit": Answer(level="no"),
    "loss-sharing": Answer(na="no loss since 2015"),
    "decisions": Answer(level="consent"),
}
BIRCH: Mapping[str, Answer] = {
    "commons-rules": Answer(level="yes", reservation="not all of them", evidence=LINK),
    "licences-out": Answer(licences=("AGPL-3.0-or-later", "CC-BY-4.0")),
    "solidarity-outflow": Answer(value=Decimal(12), withheld=True),
    "investor-profit": Answer(level="no"),
    "loss-sharing": Answer(level="yes"),
    "decisions": Answer(level="vote"),
}

ALDER_ASKS = Requirements(
    criteria={
        "commons-rules": Asked(must_reach=None, says_must_reach=True),
        "decisions": Asked(importance=4),
    }
)
BIRCH_ASKS = Requirements()
