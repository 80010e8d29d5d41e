"""What an organisation asks: its own word first, then the standard policy, key by key."""

from __future__ import annotations

from assessments.scoring import policy
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Asked, Criterion, Edition, Requirements, Role
from tests.scoring.builders import alike, cases, choice, edition, offers, practice

RULES = practice("rules", importance=3, must_reach="yes")
PAY = choice("pay", [0, 50, 100], importance=2)
DECISIONS = alike("decisions", 3, importance=4, must_reach="same")
LISTED = practice("listed", role=Role.NONE)
EDITION = edition(RULES, PAY, DECISIONS, LISTED, offers(), threshold=55)
NO_BREAKER = Asked(says_must_reach=True)


def breaks(must_reach: str, importance: int | None = None) -> Asked:
    return Asked(importance, must_reach, says_must_reach=True)


def test_who_says_nothing_asks_the_standard_policy() -> None:
    assert policy.standard(EDITION) == Policy(
        55, {"rules": 3, "pay": 2, "decisions": 4}, {"rules": "yes", "decisions": "same"}
    )


@cases(
    "own threshold importance must_reach",
    ("nothing said", Requirements(), 55, 3, "yes"),
    ("its threshold", Requirements(threshold=70), 70, 3, "yes"),
    ("the threshold 0 is a threshold", Requirements(threshold=0), 0, 3, "yes"),
    (
        "its importance, and the deal-breaker stays",
        Requirements(criteria={"rules": Asked(importance=7)}),
        55,
        7,
        "yes",
    ),
    (
        "the importance 0 is one, and the deal-breaker stays",
        Requirements(criteria={"rules": Asked(importance=0)}),
        55,
        0,
        "yes",
    ),
    (
        "its deal-breaker, and the importance stays",
        Requirements(criteria={"rules": breaks("no")}),
        55,
        3,
        "no",
    ),
    (
        "null takes the deal-breaker away",
        Requirements(criteria={"rules": NO_BREAKER}),
        55,
        3,
        None,
    ),
    (
        "another criterion is another matter",
        Requirements(criteria={"pay": breaks("l1", 9)}),
        55,
        3,
        "yes",
    ),
)
def test_what_it_says_itself_comes_first_key_by_key(
    own: Requirements, threshold: int, importance: int, must_reach: str | None
) -> None:
    asked = policy.of(EDITION, own)
    assert asked.threshold == threshold
    assert asked.importances["rules"] == importance
    assert asked.must_reach.get("rules") == must_reach


def test_a_deal_breaker_may_be_added_where_the_standard_policy_has_none() -> None:
    asked = policy.of(EDITION, Requirements(criteria={"pay": breaks("l1")}))
    assert asked.must_reach == {"rules": "yes", "pay": "l1", "decisions": "same"}


@cases(
    "then now own expected",
    ("the same question", RULES, RULES, breaks("no", 8), (8, "no")),
    (
        "another meaning",
        RULES,
        practice("rules", importance=3, must_reach="yes", meaning=2),
        breaks("no", 8),
        (3, "yes"),
    ),
    ("not asked then", PAY, RULES, breaks("no", 8), (3, "yes")),
    (
        "a new role has no such deal-breaker, but the importance counts",
        choice("x", [0, 100]),
        alike("x", 2, must_reach="same"),
        breaks("l1", 8),
        (8, "same"),
    ),
    (
        "and the other way round",
        alike("x", 2),
        choice("x", [0, 100], must_reach="l1"),
        breaks("same", 8),
        (8, "l1"),
    ),
    (
        "a new role without a deal-breaker of its own",
        alike("x", 2),
        choice("x", [0, 100]),
        breaks("same", 8),
        (8, None),
    ),
    (
        "a deal-breaker taken away stays away",
        choice("x", [0, 100]),
        alike("x", 2, must_reach="same"),
        NO_BREAKER,
        (1, None),
    ),
)
def test_a_requirement_is_seen_through_the_current_edition(
    then: Criterion, now: Criterion, own: Asked, expected: tuple[int, str | None]
) -> None:
    asked = policy.of(edition(now), Requirements(criteria={now.slug: own}), edition(then))
    assert (asked.importances[now.slug], asked.must_reach.get(now.slug)) == expected


def test_a_threshold_that_was_set_stays_across_editions_and_another_is_the_current() -> None:
    then, now = Edition("then", "Then", (), (), threshold=40), EDITION
    assert policy.of(now, Requirements(threshold=80), then).threshold == 80
    assert policy.of(now, Requirements(), then).threshold == 55


def test_a_requirement_on_what_has_no_role_any_more_asks_nothing() -> None:
    then = edition(practice("listed"))
    asked = policy.of(EDITION, Requirements(criteria={"listed": breaks("yes", 9)}), then)
    assert asked == policy.standard(EDITION)


@cases(
    "criterion must_reach expected",
    ("a level of a standard criterion", PAY, "l1", True),
    ("a level that it does not have", PAY, "l9", False),
    ("same on a standard criterion", PAY, "same", False),
    ("same on a similarity criterion", DECISIONS, "same", True),
    ("a level on a similarity criterion", DECISIONS, "l1", False),
    ("no role, no deal-breaker", LISTED, "yes", False),
)
def test_a_deal_breaker_fits_the_role(
    criterion: Criterion, must_reach: str, expected: bool
) -> None:
    assert policy.fits(criterion, must_reach) is expected
