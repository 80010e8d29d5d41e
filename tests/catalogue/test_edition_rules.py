"""An edition keeps what answers stand for, and is small enough to be counted exactly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessments.catalogue import edition_file, edition_rules
from assessments.scoring import terms
from tests.cast import SMALL_TOML, edition_toml
from tests.catalogue import examples


def changed(*changes: tuple[str, str]) -> terms.Edition:
    text = examples.EDITION
    for old, new in changes:
        assert old in text, f"the example has no {old!r}"
        text = text.replace(old, new, 1)
    return replace(edition_file.read(text), slug="later")


LEVELS = '{slug = "vote", text = "Majority vote"}, {slug = "consent", text = "Consent"}'
TURNED = '{slug = "consent", text = "Consent"}, {slug = "vote", text = "Majority vote"}'

KEPT = [
    ("nothing", ()),
    ("a text", (("How do members decide?", "How do you decide?"),)),
    ("a role", (('role = "similarity"\nagreement = "ordered"', 'role = "none"'),)),
    ("importance", (("importance = 3", "importance = 9"),)),
    ("evidence and na", (('evidence = "required"\nallow_na = false', "allow_na = true"),)),
    ("the order of criteria and dimensions", (("[dimensions.democracy]\ntitle", "[dimensions.new]\n"
      'title = "New"\n[dimensions.democracy]\ntitle'),)),
    ("levels with a new meaning", ((LEVELS, TURNED + "]\nmeaning = 2\n#"),)),
    ("a bound written otherwise", (("from = 0.01", "from = 0.0100"),)),
]  # fmt: skip

CHANGED = [
    ("the kind", "criteria.exchange.kind", (('kind = "offers"', 'kind = "practice"'),)),
    ("the order of levels", "criteria.decisions.levels", ((LEVELS, TURNED),)),
    ("a level more", "criteria.decisions.levels", ((LEVELS, LEVELS + ', {slug = "chief"}'),)),
    ("a credit", "criteria.release-delay.levels", (("credit = 80", "credit = 81"),)),
    ("a credit that was not there", "criteria.decisions.levels",
     (('slug = "vote", text', 'slug = "vote", credit = 0, text'),)),
    ("reversed", "criteria.loss-sharing.reversed", (("reversed = true", "reversed = false"),)),
    ("a bound", "criteria.solidarity-outflow.bands", (("from = 3", "from = 4"),)),
    ("the credit of a band", "criteria.solidarity-outflow.bands",
     (("credit = 30", "credit = 31"),)),
    ("the credit of a class", "criteria.licences-out.credits",
     (("restricted = 20", "restricted = 1"),)),
]  # fmt: skip


class TestContinuity:
    @pytest.mark.parametrize(("why", "changes"), KEPT, ids=[row[0] for row in KEPT])
    def test_lets_texts_and_policy_change(
        self, why: str, changes: tuple[tuple[str, str], ...]
    ) -> None:
        assert edition_rules.continuity(changed(*changes), [examples.edition()]) == []

    @pytest.mark.parametrize(("why", "place", "changes"), CHANGED, ids=[row[0] for row in CHANGED])
    def test_refuses_what_changes_the_answers(
        self, why: str, place: str, changes: tuple[tuple[str, str], ...]
    ) -> None:
        (problem,) = edition_rules.continuity(changed(*changes), [examples.edition()])

        assert problem.place == place
        assert "“commons-first”" in problem.message
        assert place.split(".")[1] in problem.message
        assert "meaning = 2" in problem.remedy

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ("credit = 60", "credit = 40", "the level “soon” has credit 60 there, credit 40 here."),
            ('slug = "soon"', 'slug = "quick"', "levels “soon” only there, “quick” only here."),
            ("reversed = true\n", "", "reversed was true there, and is false here."),
            ("from = 3,", "from = 4,", "bands “from-3” only there, “from-4” only here."),
        ],
    )
    def test_says_what_differs_and_what_raising_does(
        self, before: str, after: str, said: str
    ) -> None:
        small = edition_file.read(SMALL_TOML)
        new = edition_file.read(edition_toml("next", (before, after)))

        (problem,) = edition_rules.continuity(new, [small])

        assert problem.message.endswith(f"has the same meaning, 1: {said}")
        assert "stop counting, and it is asked anew" in problem.remedy

    def test_holds_against_every_edition_and_not_only_the_last(self) -> None:
        first = examples.edition()
        second = replace(changed((LEVELS, TURNED + "]\nmeaning = 2\n#")), slug="second")
        third = changed((LEVELS, TURNED))

        (problem,) = edition_rules.continuity(third, [first, second])

        assert "“commons-first”" in problem.message
        assert "“second”" not in problem.message
        assert "meaning = 3" in problem.remedy

    def test_names_all_editions_that_differ_in_one_problem(self) -> None:
        editions = [replace(examples.edition(), slug=slug) for slug in ("first", "second")]

        (problem,) = edition_rules.continuity(changed((LEVELS, TURNED)), editions)

        assert "“first”, “second”" in problem.message


class TestExactness:
    def test_lets_an_edition_of_the_greatest_size_pass(self) -> None:
        assert edition_rules.exactness(edition_of(4_194)) == []

    def test_refuses_one_criterion_more(self) -> None:
        (problem,) = edition_rules.exactness(edition_of(4_195))

        assert "“great”" in problem.message
        assert "4195" in problem.message
        assert "4194" in problem.remedy

    def test_counts_only_criteria_with_a_role(self) -> None:
        edition = edition_of(4_195)
        unweighed = replace(edition.criteria[0], role=terms.Role.NONE)

        assert (
            edition_rules.exactness(replace(edition, criteria=(unweighed, *edition.criteria[1:])))
            == []
        )


def edition_of(count: int) -> terms.Edition:
    criteria = tuple(
        terms.Criterion(f"c{number}", "d", "?", terms.Kind.PRACTICE) for number in range(count)
    )
    return terms.Edition("great", "Great", (terms.Dimension("d", "D"),), criteria)
