"""A row of one edition in the columns of the next: what stays, what is not asked, what is told."""

from __future__ import annotations

from assessments.compatibility import recast
from assessments.compatibility.encoding import Frame
from assessments.compatibility.pairs import Verdict
from assessments.compatibility.turns import Kind
from assessments.scoring.terms import Agreement, Criterion, Edition, Role
from tests.scoring.builders import alike, asks, cases, choice, edition, practice, sheet

RULES, DELAY, LIKE = practice("rules"), choice("delay", (0, 50, 100)), alike("like", 3)
BEFORE = edition(RULES, DELAY, LIKE)


def row(of: Edition, levels: str, weights: str, must_reach: str, threshold: int) -> bytes:
    policy = asks(of, weights, must_reach, threshold=threshold)
    return Frame.of(of).row(sheet(of, levels), policy).tobytes()


WAS = row(BEFORE, "yes l1 l2", "3 2 1", "yes . same", 50)


def recast_in(after: Edition, now: bytes) -> bytes:
    return recast.recast(Frame.of(BEFORE), Frame.of(after), (WAS, now))


def test_under_the_same_questions_it_is_the_earlier_row() -> None:
    assert recast_in(BEFORE, row(BEFORE, "? l2 l0", "9 9 9", ". l2 .", 80)) == WAS
    turned = edition(LIKE, RULES, DELAY)
    now = row(turned, "l0 ? l2", "9 9 9", ". . l2", 80)
    assert recast_in(turned, now) == row(turned, "l2 yes l1", "1 3 2", "same yes .", 50)


def test_what_was_not_asked_is_not_asked_and_what_is_gone_is_left_out() -> None:
    after = edition(RULES, practice("new"), LIKE)
    now = row(after, "? yes l0", "9 9 9", ". yes .", 80)
    assert recast_in(after, now) == row(after, "yes yes l2", "3 0 1", "yes . same", 50)


@cases(
    "delay like",
    ("other credits", choice("delay", (0, 60, 100)), LIKE),
    ("a level more", choice("delay", (0, 50, 80, 100)), LIKE),
    ("not applicable meets", choice("delay", (0, 50, 100), allow_na=True, na_meets=True), LIKE),
    ("another role", choice("delay", (0, 50, 100), role=Role.SIMILARITY), LIKE),
    ("exactly alike", DELAY, alike("like", 3, agreement=Agreement.EXACT)),
)
def test_what_is_judged_in_another_way_counts_as_new(delay: Criterion, like: Criterion) -> None:
    after = edition(RULES, delay, like)
    now = row(after, "no l2 l0", "9 9 9", "yes . .", 80)
    delay_kept, like_kept = delay == DELAY, like == LIKE
    levels = f"yes {'l1' if delay_kept else 'l2'} {'l2' if like_kept else 'l0'}"
    weights = f"3 {2 if delay_kept else 0} {1 if like_kept else 0}"
    breakers = f"yes . {'same' if like_kept else '.'}"
    assert recast_in(after, now) == row(after, levels, weights, breakers, 50)


def test_another_meaning_keeps_the_answer_so_that_its_loss_is_told() -> None:
    after = edition(practice("rules", meaning=2), DELAY, LIKE)
    now = row(after, "? l1 l2", "3 2 1", "yes . same", 50)
    assert recast_in(after, now) == WAS
    frames = Frame.of(BEFORE), Frame.of(after)
    (turn,) = recast.turns_between(*frames, (WAS, now), [(WAS, now)])
    assert turn is not None
    assert (turn.before, turn.after) == (Verdict.COMPATIBLE, Verdict.UNKNOWN)
    assert {(item.kind, item.criterion) for item in turn.items} == {(Kind.LEVEL, "rules")}


def test_what_a_question_that_is_gone_made_turn_is_not_told_falsely() -> None:
    asked = row(BEFORE, "yes l0 l0", "5 5 0", ". . .", 50)
    after = edition(DELAY, LIKE)
    now = row(after, "l0 l0", "5 0", ". .", 50)
    frames = Frame.of(BEFORE), Frame.of(after)
    assert recast.turns_between(*frames, (asked, now), [(asked, now)]) == [None]
    assert recast.turns_between(*frames, (asked, now), []) == []
