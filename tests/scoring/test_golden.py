"""The example of the README, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from assessments.scoring import answers, licences, profiles
from assessments.scoring.gap import Quadrant
from assessments.scoring.profiles import Headline
from assessments.scoring.terms import Answer
from tests.scoring import golden

README = Path(licences.__file__).parent / "README.md"


def seen(given: Mapping[str, Answer]) -> profiles.Profile:
    return profiles.profile(golden.EDITION, answers.sheet(golden.EDITION, given))


def levels(given: Mapping[str, Answer]) -> dict[str, tuple[str, str]]:
    """The level of each criterion and its credit, as the README writes them."""
    found = {}
    for slug, effective in answers.sheet(golden.EDITION, given).items():
        if effective.position is None:
            found[slug] = (effective.state.replace("-", " "), "–")
        else:
            level = golden.EDITION.by_slug[slug].levels[effective.position]
            found[slug] = (level.slug, str(level.credit))
    return found


def test_the_table_of_the_readme() -> None:
    rows = README.read_text(encoding="utf-8").splitlines()
    both = zip(seen(golden.ALDER).account, seen(golden.BIRCH).account, strict=True)
    for alder, birch in both:
        cells = (
            alder.criterion,
            *levels(golden.ALDER)[alder.criterion],
            str(alder.points),
            *levels(golden.BIRCH)[birch.criterion],
            str(birch.points),
            str(birch.open_points),
        )
        assert "| " + " | ".join(cells) + " |" in rows


def test_alder() -> None:
    found = seen(golden.ALDER)
    assert found.total.low == found.total.high == Fraction(920, 1000)
    assert (found.total.known, found.total.applicable, found.total.buts) == (4, 4, 0)
    assert found.total.evidence_share == Fraction(1, 4)
    assert found.total.has_basis
    assert found.dimensions["commons"].low == 1
    assert found.dimensions["surplus"].low == Fraction(220, 300)
    assert not found.dimensions["surplus"].has_basis
    assert found.dimensions["democracy"].low is None
    assert found.headline.answer is Headline.YES
    assert found.headline.decided_by == ("commons-rules", "licences-out")


def test_birch() -> None:
    found = seen(golden.BIRCH)
    assert found.total.low == Fraction(540, 1200)
    assert found.total.high == Fraction(740, 1200)
    assert (found.total.known, found.total.applicable, found.total.buts) == (4, 5, 1)
    assert found.dimensions["commons"].low == Fraction(240, 700)
    assert found.dimensions["surplus"].low == Fraction(300, 500)
    assert found.dimensions["surplus"].high == 1
    assert [(line.criterion, line.to_gain) for line in found.would_add_most] == [
        ("commons-rules", 300),
        ("solidarity-outflow", 200),
        ("licences-out", 160),
    ]
    assert found.headline.answer is Headline.NO
    assert found.headline.decided_by == ("commons-rules",)


def test_form_and_function() -> None:
    alder = seen(golden.ALDER).form_and_function
    assert [alder.form, alder.function, alder.nominality, alder.hidden] == [100, 80, 20, 0]
    assert alder.quadrant is Quadrant.BOTH
    birch = seen(golden.BIRCH).form_and_function
    assert [birch.form, birch.function, birch.nominality, birch.hidden] == [50, 80, 0, 30]
    assert birch.quadrant is Quadrant.WITHOUT_LABEL
