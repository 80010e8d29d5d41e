"""Questionnaires that others have published, and the results that their own rules give."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from assessments import comparison
from assessments.models import Edition
from orgs.models import Organisation
from tests import real_o_mat
from tests.assessments.commands import run, written

pytestmark = pytest.mark.django_db

VISITOR = "visitor"


def low_of(first: str, second: str) -> float:
    """How far the second meets for sure what the first asks, 0–1."""
    both = Organisation.objects.in_bulk([first, second], field_name="slug")
    edition = Edition.objects.get(state="published")
    return comparison.compare(both[first], both[second], edition).reasons.forward.low


def exported_lows(folder: Path, asking: str) -> dict[str, str]:
    """How far each other meets for sure what one asks, as the interchange format prints it."""
    run("export_compatibility", "--organisation", asking, "--output", folder / "pairs.csv")
    found = {}
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_first = row["first"] == asking
            other = row["second"] if is_first else row["first"]
            found[other] = row["first_low"] if is_first else row["second_low"]
    return found


class TestRealOMat:
    @pytest.fixture
    def theses(self, real_data: Path, tmp_path: Path) -> real_o_mat.Theses:
        theses = real_o_mat.read(real_data)
        toml = written(tmp_path, "edition.toml", real_o_mat.edition(theses))
        assert run("load_edition", toml, "--publish").endswith("it is the current edition\n")
        return theses

    def test_is_the_data_that_its_readme_describes(self, real_data: Path) -> None:
        theses = real_o_mat.read(real_data)
        counts = Counter(answer["answer"] for thesis in theses for answer in thesis["answers"])

        assert len(theses) == 20
        assert counts == {"richtig": 56, "zu weit": 55, "nicht weit genug": 12, "/": 17}
        assert len(real_o_mat.positions(theses)) == 7

    @pytest.mark.parametrize("seed", range(5))
    def test_gives_the_percentages_of_its_published_rule(
        self, theses: real_o_mat.Theses, tmp_path: Path, seed: int
    ) -> None:
        """Same answer 100, any other and “/” 0; doubled counts twice, skipped not at all."""
        dice = random.Random(seed)
        weights = {thesis["id"]: dice.choice((0, 1, 1, 1, 2)) for thesis in theses}
        said = {
            thesis: dice.choice(list(real_o_mat.LEVELS))
            for thesis, weight in weights.items()
            if weight
        }
        visitor = real_o_mat.visitor(VISITOR, weights, said)
        document = real_o_mat.document(*real_o_mat.groups(theses), visitor)
        run("load_assessments", written(tmp_path, "organisations.json", document))

        expected = {
            group: Fraction(
                sum(weights[thesis] for thesis in said if positions[thesis] == said[thesis]),
                sum(weights.values()),
            )
            for group, positions in real_o_mat.positions(theses).items()
        }

        assert {0, 1, 2} == set(weights.values())
        assert len(set(expected.values())) > 2
        assert {group: low_of(VISITOR, group) for group in expected} == {
            group: float(share) for group, share in expected.items()
        }
        assert exported_lows(tmp_path, VISITOR) == {
            group: f"{float(share):.6f}" for group, share in expected.items()
        }


class TestWahlOMat:
    @pytest.fixture
    def example(self, real_data: Path) -> dict[str, Any]:
        file = real_data / "matching-worked-examples" / "examples.json"
        entries = json.loads(file.read_text(encoding="utf-8"))
        (found,) = (entry for entry in entries if entry["name"] == "Wahl-O-Mat points")
        assert isinstance(found, dict)
        return found

    def test_gives_the_percentage_of_the_worked_example(
        self, example: dict[str, Any], tmp_path: Path
    ) -> None:
        """Two points for the same, one for one step apart; doubled and skipped by weights."""
        user, party = example["example"]["user"], example["example"]["party"]
        weights = {
            f"thesis-{number}": 0 if word == "skip" else 2 if word.endswith("*2") else 1
            for number, word in enumerate(user, start=1)
        }
        toml = tomli_w.dumps(
            {
                "edition": {"slug": "wahl-o-mat", "title": "Wahl-O-Mat"},
                "dimensions": {"theses": {"title": "Theses"}},
                "criteria": {
                    slug: {
                        "dimension": "theses",
                        "question": "Agreed?",
                        "kind": "choice",
                        "role": "similarity",
                        "agreement": "ordered",
                        "levels": [{"slug": word} for word in example["scale"]],
                    }
                    for slug in weights
                },
            }
        )
        said = dict(zip(weights, (word.removesuffix("*2") for word in user), strict=True))
        organisations = [
            {
                "slug": "user",
                "name": "User",
                "answers": {slug: {"level": word} for slug, word in said.items() if weights[slug]},
                "requirements": {
                    "criteria": {slug: {"importance": weight} for slug, weight in weights.items()}
                },
            },
            {
                "slug": "party",
                "name": "Party",
                "answers": {
                    slug: {"level": word} for slug, word in zip(weights, party, strict=True)
                },
            },
        ]
        document = json.dumps({"edition": "wahl-o-mat", "organisations": organisations})
        run("load_edition", written(tmp_path, "e.toml", toml), "--publish")
        run("load_assessments", written(tmp_path, "o.json", document))

        assert sorted(weights.values()) == [0, 1, 1, 1, 2]
        assert low_of("user", "party") == example["example"]["percent"] / 100
        assert exported_lows(tmp_path, "user") == {"party": "0.500000"}
