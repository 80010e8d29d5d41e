"""From an answer to what counts, clause by clause."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments.scoring import answers
from assessments.scoring.terms import (
    Answer,
    Criterion,
    Edition,
    Effective,
    Evidence,
    Role,
    State,
    Why,
)
from tests.scoring.builders import (
    alike,
    cases,
    choice,
    edition,
    licences_out,
    offers,
    practice,
    share,
)

KNOWN, UNKNOWN, NOT_APPLICABLE = State
LINK = ("https://alder.example/rules",)
BUT = "not all of them"
REQUIRED = Evidence.REQUIRED

PLAIN = practice()
TURNED = practice(reversed=True)
SHOWN = practice(evidence=REQUIRED)
TURNED_SHOWN = practice(reversed=True, evidence=REQUIRED)
EXCUSABLE = practice(allow_na=True)
NO_ROLE = practice(role=Role.NONE, evidence=REQUIRED)
LADDER = choice("c", [0, 40, 100], evidence=REQUIRED)
TURNED_LADDER = choice("c", [100, 40, 0], evidence=REQUIRED)
ALIKE = alike("s", 3, evidence=REQUIRED)
BANDS = share("b", {"0": 0, "0.01": 30, "3": 60, "10": 100})
SHOWN_BANDS = share("b", {"0": 0, "3": 100}, evidence=REQUIRED)
CLASSES = licences_out("l")
TURNED_CLASSES = licences_out("l", (100, 80, 60, 20, 0))


def counts(
    state: State,
    position: int | None,
    why: Why,
    *,
    reserved: bool = False,
    evidenced: bool = False,
) -> Effective:
    return Effective(state, position, why, reserved, evidenced)


@cases(
    "criterion answer expected",
    # 1. Unknown.
    ("no answer", PLAIN, None, counts(UNKNOWN, None, Why.NOT_ANSWERED)),
    ("an answer that gives nothing", PLAIN, Answer(), counts(UNKNOWN, None, Why.NOT_ANSWERED)),
    ("we do not know", PLAIN, Answer(unknown=True), counts(UNKNOWN, None, Why.NOT_KNOWN)),
    (
        "kept private: a level",
        PLAIN,
        Answer(level="yes", withheld=True),
        counts(UNKNOWN, None, Why.WITHHELD),
    ),
    (
        "kept private, and no is no exception",
        PLAIN,
        Answer(level="no", withheld=True),
        counts(UNKNOWN, None, Why.WITHHELD),
    ),
    (
        "kept private comes before the but",
        PLAIN,
        Answer(level="yes", withheld=True, reservation=BUT),
        counts(UNKNOWN, None, Why.WITHHELD),
    ),
    (
        "kept private: a number, shown to nobody",
        BANDS,
        Answer(value=Decimal(4), withheld=True, evidence=LINK),
        counts(UNKNOWN, None, Why.WITHHELD, evidenced=True),
    ),
    (
        "kept private: licences",
        CLASSES,
        Answer(licences=("MIT",), withheld=True),
        counts(UNKNOWN, None, Why.WITHHELD),
    ),
    # 2. Does not apply.
    (
        "does not apply, where allowed",
        EXCUSABLE,
        Answer(na="no loss since 2015"),
        counts(NOT_APPLICABLE, None, Why.NOT_APPLICABLE),
    ),
    (
        "does not apply, where not allowed",
        PLAIN,
        Answer(na="no loss since 2015"),
        counts(UNKNOWN, None, Why.NA_NOT_ALLOWED),
    ),
    (
        "without a reason it is no answer",
        EXCUSABLE,
        Answer(),
        counts(UNKNOWN, None, Why.NOT_ANSWERED),
    ),
    # 3. The but.
    (
        "yes, but means no",
        PLAIN,
        Answer(level="yes", reservation=BUT),
        counts(KNOWN, 0, Why.RESERVATION, reserved=True),
    ),
    (
        "no, but stays no, and is a but",
        PLAIN,
        Answer(level="no", reservation=BUT),
        counts(KNOWN, 0, Why.RESERVATION, reserved=True),
    ),
    (
        "on a reversed question no, but means yes",
        TURNED,
        Answer(level="no", reservation=BUT),
        counts(KNOWN, 1, Why.RESERVATION, reserved=True),
    ),
    (
        "the but comes before missing evidence",
        SHOWN,
        Answer(level="yes", reservation=BUT),
        counts(KNOWN, 0, Why.RESERVATION, reserved=True),
    ),
    (
        "evidence does not heal a but",
        SHOWN,
        Answer(level="yes", reservation=BUT, evidence=LINK),
        counts(KNOWN, 0, Why.RESERVATION, reserved=True, evidenced=True),
    ),
    (
        "a but counts on a standard criterion only",
        NO_ROLE,
        Answer(level="yes", reservation=BUT),
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "other kinds take no but",
        choice("c", [0, 100]),
        Answer(level="l1", reservation=BUT),
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "a note is never scored",
        PLAIN,
        Answer(level="yes", note="but not all of them"),
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    # 4. Claimed, not shown.
    (
        "required, none given, credit above 0",
        SHOWN,
        Answer(level="yes"),
        counts(UNKNOWN, None, Why.NOT_SHOWN),
    ),
    (
        "required, none given, credit 0: believed",
        SHOWN,
        Answer(level="no"),
        counts(KNOWN, 0, Why.ANSWERED),
    ),
    (
        "on a reversed question no is the claim",
        TURNED_SHOWN,
        Answer(level="no"),
        counts(UNKNOWN, None, Why.NOT_SHOWN),
    ),
    (
        "on a reversed question yes is believed",
        TURNED_SHOWN,
        Answer(level="yes"),
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "required and given",
        SHOWN,
        Answer(level="yes", evidence=LINK),
        counts(KNOWN, 1, Why.ANSWERED, evidenced=True),
    ),
    ("optional, none given", PLAIN, Answer(level="yes"), counts(KNOWN, 1, Why.ANSWERED)),
    (
        "a middle level is a claim too",
        LADDER,
        Answer(level="l1"),
        counts(UNKNOWN, None, Why.NOT_SHOWN),
    ),
    (
        "it is the credit that claims, not the place",
        TURNED_LADDER,
        Answer(level="l2"),
        counts(KNOWN, 2, Why.ANSWERED),
    ),
    (
        "a share by its band",
        SHOWN_BANDS,
        Answer(value=Decimal(3)),
        counts(UNKNOWN, None, Why.NOT_SHOWN),
    ),
    (
        "a share in the band of credit 0",
        SHOWN_BANDS,
        Answer(value=Decimal("2.9")),
        counts(KNOWN, 0, Why.ANSWERED),
    ),
    ("likeness is no claim", ALIKE, Answer(level="l2"), counts(KNOWN, 2, Why.ANSWERED)),
    ("no role, no claim", NO_ROLE, Answer(level="yes"), counts(KNOWN, 1, Why.ANSWERED)),
    # 5. Known.
    (
        "a level",
        LADDER,
        Answer(level="l1", evidence=LINK),
        counts(KNOWN, 1, Why.ANSWERED, evidenced=True),
    ),
    ("a number", BANDS, Answer(value=Decimal("4.5")), counts(KNOWN, 2, Why.ANSWERED)),
    ("the number 0 is an answer", BANDS, Answer(value=Decimal(0)), counts(KNOWN, 0, Why.ANSWERED)),
    ("licences", CLASSES, Answer(licences=("MIT", "PPL")), counts(KNOWN, 2, Why.ANSWERED)),
    (
        "licences, by the credits of the criterion",
        TURNED_CLASSES,
        Answer(licences=("MIT", "PPL")),
        counts(KNOWN, 3, Why.ANSWERED),
    ),
)
def test_the_first_rule_that_fits_gives_the_effective_level(
    criterion: Criterion, answer: Answer | None, expected: Effective
) -> None:
    assert answers.effective(criterion, answer) == expected


@cases(
    "value expected",
    ("on the first bound", "0", 0),
    ("as decimals: just below a bound", "0.00999999999999999999999", 0),
    ("a bound is inclusive", "0.01", 1),
    ("written in another way", "0.0100", 1),
    ("written with an exponent", "1E-2", 1),
    ("between two bounds", "2.99", 1),
    ("on a bound", "3", 2),
    ("just below the last", "9.9999", 2),
    ("on the last", "10", 3),
    ("above the last there is no end", "1000000000", 3),
)
def test_a_band_holds_from_its_bound_up_to_the_next(value: str, expected: int) -> None:
    assert answers.band(BANDS, Decimal(value)) == expected


def test_a_number_below_the_first_band_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"b: -0\.01 is below the first band, 0"):
        answers.band(BANDS, Decimal("-0.01"))


def test_bands_may_begin_below_zero() -> None:
    growth = share("growth", {"-5": 0, "-1.5": 100})
    assert [answers.band(growth, Decimal(value)) for value in ("-5", "-1.51", "-1.5")] == [0, 0, 1]


def test_a_level_that_the_criterion_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        answers.effective(PLAIN, Answer(level="perhaps"))


def test_a_sheet_has_every_criterion_with_levels_and_no_offers() -> None:
    asked = edition(PLAIN, offers(), ALIKE, practice("listed", role=Role.NONE))
    given = {"p": Answer(level="yes"), "exchange": Answer(offers=("hosting",))}
    assert answers.sheet(asked, given) == {
        "p": counts(KNOWN, 1, Why.ANSWERED),
        "s": counts(UNKNOWN, None, Why.NOT_ANSWERED),
        "listed": counts(UNKNOWN, None, Why.NOT_ANSWERED),
    }


YES = Answer(level="yes")
EXCUSE = Answer(na="we hold no land")


@cases(
    "then now answer expected",
    (
        "the same question",
        edition(practice()),
        practice(),
        YES,
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "the same meaning, later texts",
        edition(practice(meaning=2, why="then")),
        practice(meaning=2, why="now"),
        YES,
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "another meaning",
        edition(practice(meaning=1)),
        practice(meaning=2),
        YES,
        counts(UNKNOWN, None, Why.NOT_ANSWERED),
    ),
    (
        "an older meaning come back",
        edition(practice(meaning=2)),
        practice(meaning=1),
        YES,
        counts(UNKNOWN, None, Why.NOT_ANSWERED),
    ),
    (
        "not asked then",
        edition(practice("other")),
        practice(),
        YES,
        counts(UNKNOWN, None, Why.NOT_ANSWERED),
    ),
    (
        "evidence is required by now",
        edition(practice()),
        practice(evidence=REQUIRED),
        YES,
        counts(UNKNOWN, None, Why.NOT_SHOWN),
    ),
    (
        "evidence is required no more",
        edition(practice(evidence=REQUIRED)),
        practice(),
        YES,
        counts(KNOWN, 1, Why.ANSWERED),
    ),
    (
        "n/a is allowed no more",
        edition(practice(allow_na=True)),
        practice(),
        EXCUSE,
        counts(UNKNOWN, None, Why.NA_NOT_ALLOWED),
    ),
    (
        "n/a is allowed by now",
        edition(practice()),
        practice(allow_na=True),
        EXCUSE,
        counts(NOT_APPLICABLE, None, Why.NOT_APPLICABLE),
    ),
    (
        "the role is another by now, and a but counts",
        edition(practice(role=Role.NONE)),
        practice(),
        Answer(level="yes", reservation=BUT),
        counts(KNOWN, 0, Why.RESERVATION, reserved=True),
    ),
)
def test_an_answer_is_seen_through_the_current_edition(
    then: Edition, now: Criterion, answer: Answer, expected: Effective
) -> None:
    seen = answers.sheet(edition(now), {"p": answer}, then)
    assert seen == {"p": expected}
