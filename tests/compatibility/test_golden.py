"""The example of the README, number by number."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.compatibility import explanation, pairs
from assessments.compatibility.explanation import (
    Change,
    DealBreaker,
    Direction,
    Outcome,
    Overreach,
    Reasons,
)
from assessments.compatibility.pairs import Verdict
from assessments.scoring import answers, policy
from assessments.scoring.terms import Requirements, Sheet
from tests.compatibility.strategies import World, written
from tests.scoring import golden

README = Path(pairs.__file__).parent / "README.md"
ALDER = answers.sheet(golden.EDITION, golden.ALDER)
BIRCH = answers.sheet(golden.EDITION, golden.BIRCH)


def world(alder_asks: Requirements = golden.ALDER_ASKS) -> World:
    return written(
        golden.EDITION,
        (ALDER, policy.of(golden.EDITION, alder_asks)),
        (BIRCH, policy.of(golden.EDITION, golden.BIRCH_ASKS)),
    )


@pytest.fixture(scope="module")
def reasons() -> Reasons:
    return world().reasons


def level(sheet: Sheet, slug: str) -> str:
    """The level of a criterion as the README writes it."""
    effective = sheet[slug]
    if effective.position is None:
        return effective.state.replace("-", " ")
    but = ' ("yes, but")' if effective.reserved else ""
    return golden.EDITION.by_slug[slug].levels[effective.position].slug + but


def table(direction: Direction, judged: Sheet) -> list[str]:
    """The table of a direction as the README writes it."""
    rows = []
    for part in direction.parts:
        acceptance = "open" if part.is_open else "no part"
        if part.acceptance is not None:
            acceptance = str(part.acceptance)
        cells = (part.criterion, part.importance, level(judged, part.criterion), acceptance)
        rows.append("| " + " | ".join(map(str, (*cells, part.points, part.possible))) + " |")
    asked = direction.asked // 100
    rows.append(
        f"| **sum** | **{asked}** | | | **{direction.points}** | **{direction.possible}** |"
    )
    return rows


def test_the_tables_of_the_readme(reasons: Reasons) -> None:
    text = README.read_text(encoding="utf-8")
    assert "\n".join(table(reasons.forward, BIRCH)) in text
    assert "\n".join(table(reasons.backward, ALDER)) in text


def test_what_alder_asks_of_birch(reasons: Reasons) -> None:
    found = reasons.forward
    assert (found.points, found.could_have, found.possible) == (808, 1008, 1600)
    assert (found.low, found.high) == (0.505, 0.63)
    assert (found.reaches, found.falls_short, found.evaded) == (False, False, False)
    assert [part.criterion for part in found.breakers(DealBreaker.MET)] == ["licences-out"]


def test_what_birch_asks_of_alder(reasons: Reasons) -> None:
    found = reasons.backward
    assert (found.points, found.could_have, found.possible) == (1054, 1054, 1200)
    assert found.low == found.high == 1054 / 1200
    assert (found.asked, found.evaded, found.reaches) == (1400, False, True)
    met = [part.criterion for part in found.breakers(DealBreaker.MET)]
    assert met == ["commons-rules", "licences-out"]


def test_the_rows_of_decisions() -> None:
    it = world()
    place = [criterion.slug for criterion in it.frame.criteria].index("decisions")
    columns = slice(it.frame.starts[place], it.frame.starts[place] + it.frame.sizes[place])
    assert it.encoded.matrices.points[0, columns].tolist() == [132, 268, 400, 268]
    assert it.encoded.matrices.chosen[1, columns].tolist() == [0, 1, 0, 0]


def test_the_verdict_the_score_and_what_would_change_it(reasons: Reasons) -> None:
    assert reasons.verdict is Verdict.UNKNOWN
    assert (reasons.low, reasons.high) == (0.505, 0.63)
    assert reasons.forward.change == Change(Outcome.THESE_ANSWERS, ("commons-rules",))
    assert reasons.backward.change == Change(Outcome.NOTHING_NEEDED)
    gains = {part.criterion: part.to_gain for part in reasons.forward.parts if part.to_gain}
    assert gains == {
        "commons-rules": 300,
        "licences-out": 160,
        "solidarity-outflow": 200,
        "decisions": 132,
    }


def test_had_alder_kept_the_deal_breaker() -> None:
    assert world(Requirements()).verdict is Verdict.NOT_COMPATIBLE


def test_birch_asks_more_than_it_gives() -> None:
    it = world()
    found = explanation.asks_more_than_it_gives(it.frame, BIRCH, it.policies[1])
    assert found == (Overreach("commons-rules", "yes", is_known=True),)
    assert explanation.asks_more_than_it_gives(it.frame, ALDER, it.policies[0]) == ()
