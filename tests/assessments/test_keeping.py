"""Stored results a few changes later: the same bytes as computed anew, for less work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessments import keeping, stored, tasks, world
from assessments.compatibility import all_pairs
from assessments.models import MatchResult, Recomputation, Revision, Sheet, Trouble
from assessments.stored import Result
from assessments.world import World, read_world
from tests.assessments.changing import Changing
from tests.cast import BIRCH, CEDAR, Cast, publish_assessments

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
OTHER_BIRCH = {**BIRCH, "requirements": {"threshold": 100}}


def said() -> dict[int, tuple[object, ...]]:
    """Every stored result, without the moment when it was computed."""
    rows = MatchResult.objects.values_list(
        "pk", "as_of", "compatible", "unknown", "not_compatible", "best"
    )
    return {pk: (*rest, bytes(best)) for pk, *rest, best in rows}


def computed_anew() -> dict[int, tuple[object, ...]]:
    """What is stored when all is computed from nothing."""
    MatchResult.objects.all().delete()
    world.forget()
    keeping.refresh()
    return said()


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many organisations each computation from all sheets was for, besides doing it."""
    counts: list[int] = []
    compute = keeping.fresh

    def count_and_compute(of: World, places: Sequence[int]) -> list[Result]:
        counts.append(len(places))
        return list(compute(of, places))

    monkeypatch.setattr(keeping, "fresh", count_and_compute)
    return counts


class TestAFewChangesLater:
    @pytest.mark.parametrize("seed", range(4))
    def test_results_are_those_computed_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anew: list[int], seed: int
    ) -> None:
        """Lists short enough to be cut, blocks of some, and changes of every kind."""
        monkeypatch.setattr(stored, "LONGEST", 4)
        monkeypatch.setattr(keeping, "BLOCK", 11)
        changing = Changing(tmp_path, seed, organisations=44, criteria=4)
        changing.load(*changing.everybody[:30])
        keeping.refresh()
        spent, all_of_them = 0, 0
        for _ in range(8):
            changing.go_on()
            del anew[:]
            if changing.chance.random() < 0.3:
                there = list(Sheet.objects.values_list("pk", flat=True))
                keeping.refresh(changing.chance.sample(there, 9))
            keeping.refresh()
            brought = said()
            spent, all_of_them = spent + sum(anew), all_of_them + len(brought)
            assert brought == computed_anew()
        # Else nothing was shown about bringing results up to date.
        assert spent < all_of_them / 2

    def test_only_what_is_touched_is_computed(self, cast: Cast, anew: list[int]) -> None:
        keeping.refresh()
        del anew[:]

        publish_assessments(OTHER_BIRCH)
        assert keeping.refresh() == 4

        assert sum(anew) == 1
        assert said() == computed_anew()

    def test_a_result_that_holds_is_said_to_be_as_of_now(self, cast: Cast) -> None:
        keeping.refresh()
        before = said()
        publish_assessments({**BIRCH, "answers": {**BIRCH["answers"], "outflow": {"value": 13}}})

        keeping.refresh()

        assert {pk: rest[1:] for pk, rest in before.items()} == {
            pk: rest[1:] for pk, rest in said().items()
        }
        assert {rest[0] for rest in said().values()} == {Revision.head()}


class TestTrouble:
    def test_one_that_fails_does_not_stop_the_others(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compute = keeping.fresh

        def fail_for_cedar(of: World, places: Sequence[int]) -> list[Result]:
            if of.place(cast.cedar) in places:
                raise ArithmeticError("cedar breaks it")
            return list(compute(of, places))

        monkeypatch.setattr(keeping, "fresh", fail_for_cedar)

        for _ in range(keeping.MOST_TRIES + 1):
            keeping.refresh()

        stored = set(MatchResult.objects.values_list("organisation__slug", flat=True))
        assert stored == {"alder", "birch", "dogwood"}
        trouble = Trouble.objects.get()
        assert (trouble.organisation, trouble.tries) == (cast.cedar, keeping.MOST_TRIES)
        assert trouble.error == "ArithmeticError: cedar breaks it"
        assert not keeping.stale().exists()

        monkeypatch.setattr(keeping, "fresh", compute)
        publish_assessments({**CEDAR, "requirements": {"threshold": 1}})
        keeping.refresh()

        assert not Trouble.objects.exists()
        assert said() == computed_anew()

    def test_one_that_fails_with_all_at_once_is_found_by_itself(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "BLOCK", 3)

        def fail(*_: object, **__: object) -> None:
            raise ArithmeticError("somebody breaks it")

        with monkeypatch.context() as broken:
            broken.setattr(all_pairs, "best_of_all", fail)
            assert keeping.refresh() == 4

        assert not Trouble.objects.exists()
        assert said() == computed_anew()

    def test_one_that_is_given_up_does_not_keep_a_recomputation_from_its_end(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compute = keeping.fresh

        def fail_for_cedar(of: World, places: Sequence[int]) -> list[Result]:
            if of.place(cast.cedar) in places:
                raise ArithmeticError("cedar breaks it")
            return list(compute(of, places))

        monkeypatch.setattr(keeping, "fresh", fail_for_cedar)
        monkeypatch.setattr(keeping, "BLOCK", 3)
        ended = []
        for _ in range(keeping.MOST_TRIES):
            for block in keeping.look(at=NOW):
                keeping.refresh(block)
            ended.append(Recomputation.objects.get().ended_at is not None)

        assert ended == [False, False, False, False, True]


class TestLooking:
    def test_is_said_in_the_database(self, cast: Cast) -> None:
        assert [len(block) for block in keeping.look(at=NOW)] == [4]

        row = Recomputation.objects.get()
        assert (row.looked_at, row.began_at) == (NOW, None)

    def test_of_more_than_one_task_begins_to_count(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "BLOCK", 3)
        first, second = keeping.look(at=NOW)
        row = Recomputation.objects.get()
        assert (row.total, row.done, row.began_at, row.ended_at) == (4, 0, NOW, None)

        keeping.refresh(second)
        row.refresh_from_db()
        assert (row.done, row.ended_at) == (1, None)

        for _ in range(2):  # A task that runs twice counts once.
            keeping.refresh(first)
            keeping.look(at=NOW)
            row.refresh_from_db()
            assert (row.done, row.total) == (4, 4)
            assert row.ended_at is not None

    def test_shares_out_what_the_tasks_then_do(self, cast: Cast) -> None:
        for block in keeping.look(at=NOW):
            tasks.refresh(block)

        assert keeping.look(at=NOW) == []
        assert said() == computed_anew()


def test_a_world_in_use_does_not_change(cast: Cast) -> None:
    known = read_world(cast.edition)
    before = known.rows.thresholds.copy()

    publish_assessments(OTHER_BIRCH)
    read_world(cast.edition)

    assert (known.rows.thresholds == before).all()
