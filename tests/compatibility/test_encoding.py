"""Sheets and policies as packed rows and as matrices: order, bounds, exactness."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from assessments.compatibility import all_pairs, encoding, listing, pairs
from assessments.compatibility.encoding import (
    NO_DEAL_BREAKER,
    NOT_APPLICABLE,
    SMALLEST,
    UNKNOWN,
    DoesNotFit,
    Frame,
    Rows,
    acceptance,
    encode,
)
from assessments.compatibility.matrices import Matrices
from assessments.scoring import answers, policy
from assessments.scoring.terms import Agreement, Answer, Role
from tests.compatibility.strategies import World, written
from tests.scoring.builders import alike, asks, cases, choice, edition, offers, practice, sheet

MIXED = edition(
    practice("listed", role=Role.NONE),
    choice("pay", [0, 30, 100], importance=4, must_reach="l1"),
    offers(),
    alike("decisions", 4, importance=2, must_reach="same"),
    practice("rules", reversed=True, importance=1),
)
FRAME = Frame.of(MIXED)


@cases(
    "agreement rows",
    ("two levels, ordered", Agreement.ORDERED, [[100, 0], [0, 100]]),
    ("three levels, ordered", Agreement.ORDERED, [[100, 50, 0], [50, 100, 50], [0, 50, 100]]),
    (
        "four levels: 33.3 falls, 66.7 rises",
        Agreement.ORDERED,
        [[100, 67, 33, 0], [67, 100, 67, 33], [33, 67, 100, 67], [0, 33, 67, 100]],
    ),
    ("two levels, exact", Agreement.EXACT, [[100, 0], [0, 100]]),
    ("three levels, exact", Agreement.EXACT, [[100, 0, 0], [0, 100, 0], [0, 0, 100]]),
)
def test_what_is_accepted_of_a_similarity_criterion(
    agreement: Agreement, rows: list[list[int]]
) -> None:
    criterion = alike("s", len(rows), agreement=agreement)
    assert acceptance(criterion).tolist() == rows


@cases(
    "levels away expected",
    ("12.5 rises", 9, 7, 13),
    ("37.5 rises, to an even number too", 9, 5, 38),
    ("62.5 rises: half to even would fall", 9, 3, 63),
    ("87.5 rises", 9, 1, 88),
    ("2.5 rises", 41, 39, 3),
    ("0.5 rises", 201, 199, 1),
    ("1.5 rises", 201, 197, 2),
    ("14.29 falls", 8, 6, 14),
    ("28.57 rises", 8, 5, 29),
    ("nothing left", 201, 200, 0),
)
def test_likeness_is_rounded_half_up(levels: int, away: int, expected: int) -> None:
    assert acceptance(alike("s", levels))[0, away] == expected
    assert acceptance(alike("s", levels))[away, 0] == expected


def test_a_row_has_what_has_a_role_in_the_order_of_the_edition() -> None:
    row = FRAME.row(sheet(MIXED, "yes l2 l3 yes"), policy.standard(MIXED))
    assert row.tolist() == [2, 3, 1, 4, 2, 1, 1, 0, NO_DEAL_BREAKER, 60]
    assert [criterion.slug for criterion in FRAME.criteria] == ["pay", "decisions", "rules"]


def test_unknown_and_not_applicable_have_numbers_of_their_own() -> None:
    row = FRAME.row(sheet(MIXED, "- ? - no"), policy.standard(MIXED))
    assert row.tolist()[:3] == [UNKNOWN, NOT_APPLICABLE, 0]


def test_a_row_is_stored_in_the_same_bytes_on_any_machine() -> None:
    packed = FRAME.row(sheet(MIXED, "yes l2 ? yes"), policy.standard(MIXED)).tobytes()
    assert packed.hex(" ", 2) == "0200 ffff 0100 0400 0200 0100 0100 0000 ffff 3c00"


@pytest.mark.parametrize(
    "hidden",
    [Answer(level="l2", withheld=True), Answer(unknown=True), Answer(note="we would rather not")],
)
def test_a_row_tells_nothing_of_an_answer_kept_private(hidden: Answer) -> None:
    standard = policy.standard(MIXED)
    bare = FRAME.row(answers.sheet(MIXED, {}), standard)
    assert FRAME.row(answers.sheet(MIXED, {"pay": hidden}), standard).tobytes() == bare.tobytes()


def test_columns_lie_by_criterion_then_level() -> None:
    assert FRAME.width == 9
    assert FRAME.sizes.tolist() == [3, 4, 2]
    assert FRAME.starts.tolist() == [0, 3, 7]
    assert FRAME.owners.tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert FRAME.credits.tolist() == [0, 30, 100, 0, 0, 0, 0, 100, 0]
    assert FRAME.is_similarity.tolist() == [False, True, False]


GOOD = [2, 3, 1, 4, 2, 1, 1, 0, NO_DEAL_BREAKER, 60]


def packed(numbers: list[int]) -> bytes:
    return np.array(numbers, dtype=SMALLEST).tobytes()


@cases(
    "place number",
    ("a level that the criterion does not have", 0, 3),
    ("a level below not applicable", 1, -3),
    ("the level of another criterion's size", 2, 2),
    ("an importance above 10", 3, 11),
    ("an importance below 0", 4, -1),
    ("a required level that the criterion does not have", 6, 3),
    ("a required level below none", 8, -2),
    ("a threshold above 100", 9, 101),
    ("a threshold below 0", 9, -1),
)
def test_a_row_with_a_number_that_the_edition_does_not_have_is_refused_by_name(
    place: int, number: int
) -> None:
    wrong = [*GOOD[:place], number, *GOOD[place + 1 :]]
    message = "row 1 holds numbers that the edition does not have"
    with pytest.raises(DoesNotFit, match=message):
        FRAME.rows([packed(GOOD), packed(wrong), packed(GOOD)])
    table = np.array([wrong, GOOD, wrong], dtype=SMALLEST)
    rows = Rows(table[:, :3], table[:, 3:6], table[:, 6:9], table[:, 9])
    assert rows.misfits(FRAME) == [0, 2]


@cases(
    "place number",
    ("the last level", 0, 2),
    ("not applicable", 1, NOT_APPLICABLE),
    ("the importance 10", 3, 10),
    ("the importance 0", 4, 0),
    ("no deal-breaker", 6, NO_DEAL_BREAKER),
    ("the last level required", 6, 2),
    ("the threshold 0", 9, 0),
    ("the threshold 100", 9, 100),
)
def test_the_last_number_that_the_edition_has_fits(place: int, number: int) -> None:
    numbers = [*GOOD[:place], number, *GOOD[place + 1 :]]
    rows = FRAME.rows([packed(numbers)])
    back = np.concatenate([rows.levels[0], rows.importances[0], rows.required[0], rows.thresholds])
    assert back.tolist() == numbers


@pytest.mark.parametrize("numbers", [GOOD[:-1], [*GOOD, 0], []])
def test_a_row_of_another_length_is_refused_by_name(numbers: list[int]) -> None:
    message = rf"row 2 has {2 * len(numbers)} bytes, not 20"
    with pytest.raises(DoesNotFit, match=message):
        FRAME.rows([packed(GOOD), packed(GOOD), packed(numbers)])


def test_all_rows_that_do_not_fit_are_found_together() -> None:
    wrong = [packed([9, *GOOD[1:]]), packed(GOOD[:-1]), b"", packed([*GOOD[:9], 101])]
    mixed = [packed(GOOD), wrong[0], packed(GOOD), *wrong[1:], packed(GOOD)]
    assert FRAME.misfits(mixed) == [1, 3, 4, 5]
    assert FRAME.misfits([packed(GOOD)] * 3) == []
    assert FRAME.misfits([]) == []
    left = [row for place, row in enumerate(mixed) if place not in FRAME.misfits(mixed)]
    assert len(FRAME.rows(left)) == 3


def test_rows_are_taken_by_place_and_by_slice() -> None:
    rows = FRAME.rows([packed([*GOOD[:9], threshold]) for threshold in (10, 20, 30)])
    assert len(rows) == 3
    assert rows.take((2, 0)).thresholds.tolist() == [30, 10]
    assert rows.take(slice(1, 3)).thresholds.tolist() == [20, 30]
    assert encode(FRAME, rows).take(slice(1, 3)).rows.thresholds.tolist() == [20, 30]


def test_the_matrices_of_one_who_is_judged() -> None:
    world = written(
        MIXED,
        (sheet(MIXED, "yes l1 - ?"), policy.standard(MIXED)),
        (sheet(MIXED, "yes ? l3 no"), policy.standard(MIXED)),
    )
    it = world.encoded.matrices
    assert it.chosen.tolist() == [[0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1, 0]]
    assert it.known.tolist() == [[1, 0, 0], [0, 1, 1]]
    assert it.unknown.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert it.inapplicable.tolist() == [[0, 1, 0], [0, 0, 0]]


def one_asking(words: str, must_reach: str = "l1 same .") -> Matrices:
    asking = (sheet(MIXED, words), asks(MIXED, "4 2 1", must_reach))
    return written(MIXED, asking).encoded.matrices


@cases(
    "own points refused judges asks",
    (
        "its own level known",
        "yes ? l2 no",
        [0, 120, 400, 66, 134, 200, 134, 100, 0],
        [1, 0, 0, 1, 1, 0, 1, 0, 0],
        [4, 2, 1],
        [4, 2, 1],
    ),
    (
        "its own level unknown: asks, and cannot judge",
        "yes ? ? no",
        [0, 120, 400, 0, 0, 0, 0, 100, 0],
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        [4, 0, 1],
        [4, 2, 1],
    ),
    (
        "its own level not applicable: does not ask",
        "yes ? - no",
        [0, 120, 400, 0, 0, 0, 0, 100, 0],
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
        [4, 0, 1],
        [4, 0, 1],
    ),
)
def test_the_matrices_of_one_who_judges(
    own: str, points: list[int], refused: list[int], judges: list[int], asks: list[int]
) -> None:
    it = one_asking(own)
    assert it.points[0].tolist() == points
    assert it.refused[0].tolist() == refused
    assert it.judges[0].tolist() == judges
    assert it.asks[0].tolist() == asks
    assert it.asked.tolist() == [sum(asks)]
    assert it.breaks[0].tolist() == [True, True, False]


def test_a_required_level_refuses_less_credit_and_not_an_earlier_place() -> None:
    turned = edition(choice("t", [100, 50, 50, 0]))
    asking = (sheet(turned, "?"), asks(turned, "1", "l2"))
    assert written(turned, asking).encoded.matrices.refused[0].tolist() == [0, 0, 0, 1]


def test_an_edition_with_only_offers_asks_nothing() -> None:
    quiet = edition(offers(), practice("listed", role=Role.NONE))
    one = (sheet(quiet, "no"), policy.standard(quiet))
    world = written(quiet, one, one, one)
    assert world.frame.width == 0
    assert world.rows.thresholds.tolist() == [60, 60, 60]
    assert (world.all_pairs.verdicts == pairs.COMPATIBLE).all()
    assert (world.reasons.low, world.reasons.high) == (1, 1)
    assert world.reasons.forward.parts == ()
    for place in range(3):
        listed = listing.match_list(world.encoded, place)
        assert listed.order.tolist() == [other for other in range(3) if other != place]
    assert all_pairs.best_of_all(world.encoded, 2).order.tolist() == [[1, 2], [0, 2], [0, 1]]


def test_nobody_has_no_matches() -> None:
    nobody = encode(FRAME, FRAME.rows([]))
    assert len(nobody) == 0
    assert len(all_pairs.best_of_all(nobody, 100)) == 0
    assert len(all_pairs.best_lists(nobody, 0, 0, 100)) == 0


MOST = (encoding.BOUND - 1) // 1000


def test_an_edition_is_refused_where_a_sum_would_not_be_exact() -> None:
    most = edition(*(practice(f"c{place}") for place in range(MOST)))
    assert Frame.of(most).width == 2 * MOST
    more = edition(*most.criteria, practice("one-more"))
    with pytest.raises(ValueError, match=r"edition e: 4195000 points .* exact below 4194304"):
        Frame.of(more)
    # What has no role asks nothing, so it takes no room.
    assert Frame.of(edition(*most.criteria, offers())).width == 2 * MOST


def test_the_greatest_sum_is_exact() -> None:
    """One point below all that can be asked, and the verdict still sees it."""
    heavy = edition(*(choice(f"c{place}", [0, 99, 100]) for place in range(MOST)))
    slugs = [criterion.slug for criterion in heavy.criteria]
    weights = dict.fromkeys(slugs, 10)
    everything = policy.Policy(100, weights, {})
    best = sheet(heavy, " ".join(["l2"] * MOST))
    less = sheet(heavy, " ".join(["l2"] * (MOST - 1) + ["l1"]))
    world = World(heavy, (best, less), (everything, everything))
    assert world.all_pairs.forward.points.tolist() == [[1000 * MOST, 1000 * MOST - 10]] * 2
    assert world.all_pairs.forward.reaches.tolist() == [[True, False]] * 2


def many(organisations: int, criteria: int) -> encoding.Encoded:
    """Many organisations at random, of an edition wide enough for any kernel of the products."""
    dice = np.random.default_rng(7)
    ladders = [[0, 100], [0, 30, 60, 100], [100, 33, 0]]
    asked = edition(
        *(
            alike(f"c{place}", 2 + place % 4)
            if place % 3 == 0
            else choice(f"c{place}", ladders[place % 2])
            for place in range(criteria)
        )
    )
    frame = Frame.of(asked)
    size = (organisations, criteria)
    levels = np.minimum(dice.integers(NOT_APPLICABLE, 4, size), frame.sizes - 1)
    required = np.where(dice.random(size) < 0.01, 0, NO_DEAL_BREAKER)
    rows = Rows(
        levels.astype(np.int16),
        dice.integers(0, 11, size).astype(np.int16),
        required.astype(np.int16),
        dice.integers(20, 60, organisations).astype(np.int16),
    )
    assert rows.misfits(frame) == []
    return encode(frame, rows)


def test_products_in_float32_are_those_in_whole_numbers_and_no_block_changes_a_bit() -> None:
    everybody = many(65, 130)
    whole = pairs.compare(everybody, everybody)
    wide = everybody.matrices
    exactly = wide.points.astype(np.int64) @ wide.chosen.astype(np.int64).T
    assert np.array_equal(whole.forward.points, exactly)
    assert len(np.unique(whole.verdicts)) > 1
    for bounds in ((0, 1, 65), (0, 16, 32, 65), (0, 50, 65)):
        blocks = [
            pairs.compare(everybody.take(slice(start, stop)), everybody)
            for start, stop in pairwise(bounds)
        ]
        for name in ("low", "high", "verdicts"):
            together = np.concatenate([getattr(block, name) for block in blocks])
            assert together.tobytes() == getattr(whole, name).tobytes()
            back = np.ascontiguousarray(together.T)
            assert back.tobytes() == together.tobytes()
