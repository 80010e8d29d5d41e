"""What the benchmark says of the engine is said by numbers that can fall either way."""

from __future__ import annotations

import pytest

from assessments.compatibility import all_pairs
from bench import bars, contenders, exactness, report


def test_the_double_loop_and_every_way_of_the_engine_agree() -> None:
    assert exactness.is_exact(150)


def test_a_bit_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = all_pairs.best_lists

    def differs(*arguments: int, **options: int) -> all_pairs.BestLists:
        found = compute(*arguments, **options)  # type: ignore[arg-type]
        found.high[0, 0] += 2**-52
        return found

    monkeypatch.setattr(all_pairs, "best_lists", differs)
    assert not exactness.is_exact(150)


def test_a_number_meets_its_bar_or_misses_it() -> None:
    lines = [
        one.line
        for one in bars.standings(
            {"all-pairs/sgemm": 3.5, "loop/all-pairs": 2_999, "list/matvec-10k": 2.0}
        )
    ]
    assert lines == [
        "all-pairs/sgemm 3.5 5 met",
        "loop/all-pairs 2999 3000 missed",
        "list/matvec-10k 2 2 met",
    ]


def test_the_table_tells_a_missed_bar_from_one_beyond_ambition() -> None:
    found = bars.standings({"growth-20k/10k": 3.7, "same-bits": 0.0, "memory-40k-gb": 0.45})
    words = [line.split(" | ")[-1] for line in report.bars_table(found)[2:]]
    assert words == ["met, ambition too |", "met |", "**missed** |"]


def test_raw_products_have_the_shapes_of_the_model() -> None:
    shapes = [(left.shape, right.shape) for left, right in contenders.factors(30)]
    assert shapes == [((30, width),) * 2 for width in (160, 40, 40)] * 2
