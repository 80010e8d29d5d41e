"""The commands against the naive reference: files go in, byte-equal files come out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from assessments import matching
from tests.assessments.commands import run, written
from tests.assessments.successors import give_spare_credits, successor
from tests.cast import Cast
from tests.compatibility.test_against_reference import licence_classes
from tests.reference import model, worlds
from tests.reference.criteria import Edition
from tests.reference.interchange import Document, printed
from tests.reference.made_criteria import Dice, new_slug

pytestmark = pytest.mark.django_db

SIZES = [(0, 5), (1, 6), (2, 8), (3, 0), (5, 3), (8, 12), (9, 40), (20, 20), (30, 12), (40, 30)]
"""Numbers of organisations and of criteria, one world each."""
MANY = range(1_000, 1_150)
WORLDS = [pytest.param(seed, *size, id=f"{size}") for seed, size in enumerate(SIZES)]
ASKED_ALONE = 3
"""For so many organisations of a world the pairs are exported by themselves, too."""


def size_of(seed: int) -> tuple[int, int]:
    """The size of one of many worlds: mostly small, sometimes large."""
    dice = Dice(seed)
    return dice.choice((2, 5, 8, 8, 12, 20, 40)), dice.choice((1, 4, 12, 12, 20, 30))


def publish(folder: Path, edition: Edition) -> None:
    run("load_edition", written(folder, "e.toml", worlds.edition_toml(edition)), "--publish")


def load(folder: Path, document: Document) -> None:
    run("load_assessments", written(folder, "o.json", worlds.document_json(document)))


def exported(folder: Path, command: str, *arguments: str) -> bytes:
    """The bytes of the file that a command writes."""
    output = folder / "output.csv"
    run(command, *arguments, "--output", output)
    return output.read_bytes()


def lines_of_one(table: str, slug: str) -> str:
    """The pairs of one organisation, out of all."""
    head, *lines = table.splitlines(keepends=True)
    return head + "".join(line for line in lines if slug in line.split(",")[:2])


def pairs_table(edition: Edition, sides: dict[str, model.Side]) -> str:
    """All pairs as the interchange format has them."""
    lines = ["first,second,verdict,low,high,first_low,first_high,second_low,second_high"]
    for first, second in combinations(sorted(sides), 2):
        a, b = sides[first], sides[second]
        numbers = [
            *model.pair_score(edition, a, b),
            *model.satisfaction(edition, a, b),
            *model.satisfaction(edition, b, a),
        ]
        verdict = model.verdict(edition, a, b)
        lines.append(",".join([first, second, verdict, *map(printed, numbers)]))
    return "\n".join(lines) + "\n"


def matches_table(edition: Edition, sides: dict[str, model.Side], slug: str) -> str:
    """One match list as the interchange format has it."""
    found = model.match_list(edition, sides[slug], list(sides.values()))
    lines = [
        f"{rank},{other},{verdict},{printed(low)},{printed(high)}"
        for rank, (other, verdict, low, high) in enumerate(found, start=1)
    ]
    return "\n".join(["rank,organisation,verdict,low,high", *lines]) + "\n"


def one_world(folder: Path, seed: int, organisations: int, criteria: int) -> None:
    """Load a world on a fresh database, and compare all that can be exported of it."""
    edition, document = worlds.world(seed, organisations, criteria)
    publish(folder, edition)
    load(folder, document)
    table = model.compatibility_csv(edition, document, licence_classes())
    assert exported(folder, "export_compatibility") == table.encode()
    slugs = [organisation["slug"] for organisation in document["organisations"]]
    for slug in slugs[:ASKED_ALONE]:
        found = exported(folder, "export_compatibility", "--organisation", slug)
        assert found == lines_of_one(table, slug).encode()
    for slug in slugs:
        expected = model.matches_csv(edition, document, slug, licence_classes())
        assert exported(folder, "export_matches", slug) == expected.encode()


def world_across_editions(folder: Path, seed: int, organisations: int, criteria: int) -> None:
    """Publish two more editions over a world, with some who publish under each of them."""
    dice = Dice(seed)
    edition, document = worlds.world(seed, organisations, criteria)
    give_spare_credits(dice, edition)
    editions = [edition]
    publish(folder, edition)
    load(folder, document)
    # Who has published what, and under which edition.
    last = {entry["slug"]: (entry, edition) for entry in document["organisations"]}
    for number in (2, 3):
        edition = successor(seed + number, editions, f"world-{seed}-{number}")
        editions.append(edition)
        publish(folder, edition)
        compare(folder, edition, last)
        again = [slug for slug in last if dice.falls(0.3)]
        again.append(new_slug(dice, list(last)))
        entries = [worlds.made_organisation(dice, edition, slug) for slug in again]
        load(folder, {"edition": edition["edition"]["slug"], "organisations": entries})
        last |= {entry["slug"]: (entry, edition) for entry in entries}
        compare(folder, edition, last)


def compare(
    folder: Path, edition: Edition, last: dict[str, tuple[dict[str, Any], Edition]]
) -> None:
    """Compare everything, each organisation seen from its edition through the current one."""
    sides = {
        slug: model.side(edition, entry, licence_classes(), published_under)
        for slug, (entry, published_under) in last.items()
    }
    assert exported(folder, "export_compatibility") == pairs_table(edition, sides).encode()
    for slug in list(sides)[:ASKED_ALONE]:
        expected = matches_table(edition, sides, slug)
        assert exported(folder, "export_matches", slug) == expected.encode()


@pytest.mark.parametrize(("seed", "organisations", "criteria"), WORLDS)
def test_every_exported_byte_is_the_references(
    tmp_path: Path, seed: int, organisations: int, criteria: int
) -> None:
    one_world(tmp_path, seed, organisations, criteria)


@pytest.mark.parametrize(("seed", "organisations", "criteria"), WORLDS)
def test_sheets_and_requirements_are_seen_through_the_current_edition(
    tmp_path: Path, seed: int, organisations: int, criteria: int
) -> None:
    world_across_editions(tmp_path, seed, organisations, criteria)


class TestTheFileWritten:
    def test_stays_as_it_was_when_an_export_fails(
        self, tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_off(*_: object) -> Iterator[str]:
            yield "first,second\n"
            raise RuntimeError

        output = written(tmp_path, "pairs.csv", "as it was")
        monkeypatch.setattr(matching, "_lines", break_off)

        with pytest.raises(RuntimeError):
            run("export_compatibility", "--output", output)

        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
            "pairs.csv": "as it was"
        }

    def test_may_be_a_pipe_which_is_never_replaced(self, tmp_path: Path, cast: Cast) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with ThreadPoolExecutor(1) as reader:
            read = reader.submit(pipe.read_bytes)
            run("export_matches", "alder", "--output", pipe)

            assert read.result(30).startswith(b"rank,organisation,verdict,low,high\n1,birch,")
        assert pipe.is_fifo()
        assert list(tmp_path.iterdir()) == [pipe]

    def test_may_be_named_by_a_link_which_stays_one(self, tmp_path: Path, cast: Cast) -> None:
        output = written(tmp_path, "matches.csv", "before")
        (tmp_path / "link").symlink_to(output)

        run("export_matches", "alder", "--output", tmp_path / "link")

        assert (tmp_path / "link").is_symlink()
        assert output.read_text().startswith("rank,")


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY)
def test_every_exported_byte_is_the_references_in_many_worlds(tmp_path: Path, seed: int) -> None:
    one_world(tmp_path, seed, *size_of(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY)
def test_many_worlds_are_seen_through_the_current_edition(tmp_path: Path, seed: int) -> None:
    world_across_editions(tmp_path, seed, *size_of(seed))
