"""What is stale is found, computed and stored; and nothing that changes meanwhile is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from assessments import keeping, loading, matching, stored
from assessments.catalogue import organisations_file
from assessments.models import Assessment, Edition, MatchResult, Revision, Sheet
from assessments.scoring.problems import Refused
from assessments.world import NoSheet, read_world
from orgs import directory
from orgs.models import Organisation
from tests.assessments.changing import current
from tests.assessments.commands import everything, run, written
from tests.cast import (
    ALDER,
    BIRCH,
    CEDAR,
    SMALL_TOML,
    Cast,
    document_json,
    edition_toml,
    publish_assessments,
    publish_edition,
)
from tests.compatibility.test_against_reference import licence_classes
from tests.reference import model, worlds

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
OTHER_BIRCH = {**BIRCH, "requirements": {"threshold": 100}}
CROWD = 130
"""More organisations than one stored list is long."""


def load_world(folder: Path, organisations: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A random world, in the database; the first organisations are the same in each."""
    edition, document = worlds.world(2000, organisations, criteria=6)
    run("load_edition", written(folder, "e.toml", worlds.edition_toml(edition)), "--publish")
    run("load_assessments", written(folder, "o.json", worlds.document_json(document)))
    return edition, document


def withdraw(organisation: Organisation) -> None:
    """Take back what an organisation has published: its sheet goes, and everybody may see it."""
    Sheet.objects.get(organisation=organisation).delete()


def assert_as_computed_now() -> None:
    """Nothing is stale, and every stored result is what a fresh computation gives."""
    assert not keeping.stale().exists()
    edition = current()
    results = {result.organisation_id: result for result in MatchResult.objects.all()}
    assert results.keys() == set(Sheet.objects.values_list("organisation", flat=True))
    for organisation in Organisation.objects.filter(pk__in=results):
        result = results[organisation.pk]
        fresh = matching.matches(organisation, edition)
        assert stored.best(result) == [
            (match.organisation_id, match.verdict, match.low, match.high)
            for match in fresh[: stored.LONGEST]
        ]
        assert {
            "compatible": result.compatible,
            "unknown": result.unknown,
            "not-compatible": result.not_compatible,
        } == fresh.counts


class TestStale:
    def test_is_a_query_over_revisions(self, cast: Cast) -> None:
        assert isinstance(keeping.stale(), QuerySet)
        assert keeping.stale().count() == 4
        keeping.refresh()
        assert keeping.stale().count() == 0

        MatchResult.objects.filter(organisation=cast.birch).update(as_of=0)
        MatchResult.objects.filter(organisation=cast.cedar).delete()

        slugs = keeping.stale().values_list("organisation__slug", flat=True)
        assert set(slugs) == {"birch", "cedar"}

    def test_is_everybody_when_any_sheet_changes(self, cast: Cast) -> None:
        keeping.refresh()

        publish_assessments(OTHER_BIRCH)

        assert keeping.stale().count() == 4

    def test_is_everybody_when_an_edition_is_published(self, cast: Cast) -> None:
        keeping.refresh()

        publish_edition(edition_toml("next"), at=LATER)

        assert keeping.stale().count() == 4

    def test_is_nobody_before_anybody_has_published(self, small_edition: Edition) -> None:
        Organisation.objects.create(slug="elm", name="Elm")

        assert list(keeping.stale_blocks()) == []

    def test_is_shared_out_in_blocks(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(keeping, "BLOCK", 3)
        everybody = sorted(Sheet.objects.values_list("organisation", flat=True))

        assert list(keeping.stale_blocks()) == [everybody[:3], everybody[3:]]


class TestRefreshing:
    @pytest.mark.parametrize("block", [50, 200])
    def test_stores_what_a_fresh_computation_gives(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
    ) -> None:
        monkeypatch.setattr(keeping, "BLOCK", block)
        load_world(tmp_path, CROWD)

        assert keeping.refresh() == CROWD

        assert_as_computed_now()
        lengths = {len(stored.best(result)) for result in MatchResult.objects.all()}
        assert max(lengths) == stored.LONGEST
        assert min(lengths) < stored.LONGEST

    def test_stores_what_the_reference_gives(self, tmp_path: Path) -> None:
        edition, document = load_world(tmp_path, CROWD)
        sides = model.sides(edition, document, licence_classes())
        keeping.refresh()

        ids = dict(Organisation.objects.values_list("slug", "pk"))
        for slug in [one["slug"] for one in document["organisations"]][:8]:
            expected = model.match_list(edition, sides[slug], list(sides.values()))
            result = MatchResult.objects.get(organisation__slug=slug)
            assert stored.best(result) == [
                (ids[other], verdict, float(low), float(high))
                for other, verdict, low, high in expected[: stored.LONGEST]
            ]
            verdicts = [row[1] for row in expected]
            assert (result.compatible, result.unknown, result.not_compatible) == (
                verdicts.count("compatible"),
                verdicts.count("unknown"),
                CROWD - 1 - len(verdicts),
            )

    def test_twice_changes_nothing(self, cast: Cast) -> None:
        assert keeping.refresh() == 4
        before = everything()

        assert keeping.refresh() == 0

        assert everything() == before

    def test_of_some_leaves_the_others(self, cast: Cast) -> None:
        assert keeping.refresh([cast.birch.pk, cast.dogwood.pk]) == 2

        slugs = keeping.stale().values_list("organisation__slug", flat=True)
        assert set(slugs) == {"alder", "cedar"}
        assert keeping.refresh([cast.birch.pk, cast.dogwood.pk]) == 0
        assert keeping.refresh() == 2
        assert_as_computed_now()

    def test_of_one_alone_and_of_none_is_right_too(self, small_edition: Edition) -> None:
        assert keeping.refresh() == 0
        publish_assessments(BIRCH)

        assert keeping.refresh() == 1

        result = MatchResult.objects.get()
        assert stored.best(result) == []
        assert (result.compatible, result.unknown, result.not_compatible) == (0, 0, 0)

    def test_before_the_first_edition_does_nothing(self) -> None:
        assert keeping.refresh() == 0

    def test_after_each_change_is_right_again(self, cast: Cast) -> None:
        keeping.refresh()
        for change in (
            lambda: publish_assessments(OTHER_BIRCH),
            lambda: publish_edition(edition_toml("next", ("threshold = 60", "threshold = 90"))),
            lambda: publish_assessments({**CEDAR, "slug": "elm", "name": "Elm"}),
            lambda: withdraw(cast.alder),
        ):
            change()
            keeping.refresh()
            assert_as_computed_now()

    def test_leaves_organisations_without_a_sheet_without_a_result(self, cast: Cast) -> None:
        elm = Organisation.objects.create(slug="elm", name="Elm")
        Assessment.objects.create(organisation=elm, edition=cast.edition)

        keeping.refresh()

        assert not MatchResult.objects.filter(organisation=elm).exists()
        with pytest.raises(NoSheet):
            matching.matches(elm, cast.edition)

    def test_makes_no_more_queries_for_more_organisations(self, tmp_path: Path) -> None:
        counts = []
        for organisations in (20, CROWD):
            load_world(tmp_path, organisations)
            MatchResult.objects.all().delete()
            read_world(current())  # So that the edition is remembered, both times.
            with CaptureQueriesContext(connection) as queries:
                assert keeping.refresh() == organisations
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 15


class TestWithdrawing:
    def test_takes_an_organisation_out_of_every_result(self, tmp_path: Path, cast: Cast) -> None:
        keeping.refresh()

        withdraw(cast.birch)
        keeping.refresh()

        assert_as_computed_now()
        assert not MatchResult.objects.filter(organisation=cast.birch).exists()
        for result in MatchResult.objects.all():
            assert cast.birch.pk not in [pk for pk, *_ in stored.best(result)]
            assert result.compatible + result.unknown + result.not_compatible == 2
        run("export_compatibility", "--output", tmp_path / "pairs.csv")
        assert "birch" not in (tmp_path / "pairs.csv").read_text()
        with pytest.raises(NoSheet):
            matching.matches(cast.birch, cast.edition)

    def test_of_the_last_one_leaves_no_result(self, small_edition: Edition) -> None:
        publish_assessments(BIRCH)
        keeping.refresh()

        withdraw(Organisation.objects.get(slug="birch"))
        keeping.refresh()

        assert not MatchResult.objects.exists()

    def test_and_publishing_again_brings_it_back(self, cast: Cast) -> None:
        keeping.refresh()
        withdraw(cast.birch)
        keeping.refresh()

        publish_assessments(OTHER_BIRCH)
        keeping.refresh()

        assert MatchResult.objects.filter(organisation=cast.birch).exists()
        assert_as_computed_now()


@contextmanager
def before_storing(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> Iterator[None]:
    """Have something change once between what a refresh has read and what it stores."""
    store = stored.write

    def change_and_store(*computed: Any) -> None:
        monkeypatch.setattr(stored, "write", store)
        change()
        store(*computed)

    monkeypatch.setattr(stored, "write", change_and_store)
    yield
    assert stored.write is store, "nothing was stored"


class TestWhileOthersChange:
    def test_a_change_between_reading_and_storing_is_found_stale(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with before_storing(monkeypatch, lambda: publish_assessments(OTHER_BIRCH)):
            keeping.refresh()

        assert keeping.stale().count() == 4
        keeping.refresh()
        assert_as_computed_now()

    def test_an_older_result_never_takes_the_place_of_a_newer_one(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def another_worker_is_faster() -> None:
            publish_assessments(OTHER_BIRCH)
            keeping.refresh()
            rows.append(everything())

        rows: list[object] = []
        with before_storing(monkeypatch, another_worker_is_faster):
            keeping.refresh()

        assert everything() == rows[0]
        assert_as_computed_now()

    def test_a_sheet_withdrawn_between_reading_and_storing_gets_no_result(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with before_storing(monkeypatch, lambda: withdraw(cast.birch)):
            keeping.refresh()

        assert not MatchResult.objects.filter(organisation=cast.birch).exists()
        keeping.refresh()
        assert_as_computed_now()

    def test_an_edition_published_while_we_read_is_read_instead(self, cast: Cast) -> None:
        read_world(cast.edition)
        publish_edition(edition_toml("next", ("threshold = 60", "threshold = 90")), at=LATER)

        world = read_world(cast.edition)

        assert (world.edition.slug, len(world.ids)) == ("next", 4)
        keeping.refresh()
        assert_as_computed_now()

    def test_a_revision_is_raised_in_a_transaction_only(self, transactional_db: None) -> None:
        with pytest.raises(transaction.TransactionManagementError):
            Revision.raise_by_one()


def test_recompute_compatibility_brings_all_up_to_date(cast: Cast) -> None:
    assert run("recompute_compatibility") == "4 results brought up to date.\n"
    assert_as_computed_now()
    assert run("recompute_compatibility") == "0 results brought up to date.\n"


class Beside:
    """A second connection, in a thread of its own, that can hold a transaction open."""

    PATIENCE_SECONDS = 30

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.may_end = threading.Event()
        self.backend = 0

    def do(self, work: Callable[[], object]) -> Future[object]:
        """Do something at once, and go on here."""

        def with_own_connection() -> object:
            try:
                return work()
            finally:
                connections.close_all()

        return self.pool.submit(with_own_connection)

    def hold_open(self, work: Callable[[], object]) -> Future[object]:
        """Do something in a transaction that stays open until `let_end`; wait until it is done."""
        is_done = threading.Event()

        def and_wait() -> None:
            with transaction.atomic():
                try:
                    work()
                finally:
                    is_done.set()
                assert self.may_end.wait(self.PATIENCE_SECONDS)

        future = self.do(and_wait)
        assert is_done.wait(self.PATIENCE_SECONDS)
        return future

    def let_end(self, future: Future[object]) -> None:
        """Commit what was held open."""
        self.may_end.set()
        future.result(self.PATIENCE_SECONDS)


@pytest.fixture
def beside() -> Iterator[Beside]:
    it = Beside()
    yield it
    it.may_end.set()
    it.pool.shutdown()


@pytest.fixture
def third() -> Iterator[Beside]:
    it = Beside()
    yield it
    it.pool.shutdown()


def wait_until_somebody_waits_for_a_lock() -> None:
    """Look until a connection to this database is kept waiting by another."""
    nothing = threading.Event()
    for _ in range(Beside.PATIENCE_SECONDS * 50):
        with connection.cursor() as cursor:
            # A transaction sees the same activity until its end, unless it asks anew.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        nothing.wait(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one at a time anyway")
@pytest.mark.django_db(transaction=True)
class TestWithASecondTransaction:
    def test_what_is_open_while_we_read_is_found_when_it_is_committed(
        self, cast: Cast, beside: Beside
    ) -> None:
        held = beside.hold_open(lambda: publish_assessments(OTHER_BIRCH))

        assert keeping.refresh() == 4
        assert not keeping.stale().exists()
        before = MatchResult.objects.get(organisation=cast.birch)
        beside.let_end(held)

        assert keeping.stale().count() == 4
        keeping.refresh()
        assert_as_computed_now()
        after = MatchResult.objects.get(organisation=cast.birch)
        assert (before.compatible, after.compatible) == (1, 0)

    def test_nobody_takes_a_later_number_before_it(self, cast: Cast, beside: Beside) -> None:
        """Else a reader would take the later one for all that there is."""
        head = Revision.head()
        held = beside.hold_open(lambda: publish_assessments(OTHER_BIRCH))

        def raise_impatiently() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                Revision.raise_by_one()

        with pytest.raises(OperationalError, match="lock timeout"):
            raise_impatiently()

        assert Revision.head() == head
        beside.let_end(held)
        assert Revision.head() == head + 1

    def test_an_edition_published_meanwhile_loses_no_sheet(
        self, cast: Cast, beside: Beside, third: Beside
    ) -> None:
        """An edition is published while a load is under way: it waits, and sees what was loaded."""
        held = beside.hold_open(lambda: publish_assessments(OTHER_BIRCH, {**CEDAR, "slug": "elm"}))
        publishing = third.do(lambda: publish_edition(edition_toml("next"), at=LATER))
        wait_until_somebody_waits_for_a_lock()
        beside.let_end(held)
        publishing.result(Beside.PATIENCE_SECONDS)

        assert set(Sheet.objects.values_list("edition__slug", flat=True)) == {"next"}
        assert Sheet.objects.count() == 5
        assert Sheet.objects.get(organisation=cast.birch).assessment.number == 2
        keeping.refresh()
        assert_as_computed_now()

    def test_a_load_for_an_edition_retired_meanwhile_is_refused(
        self, cast: Cast, beside: Beside, third: Beside
    ) -> None:
        """A load begins while an edition is being published: it waits, and is told so."""
        document = organisations_file.read(document_json(OTHER_BIRCH), cast.edition.as_terms())
        held = beside.hold_open(lambda: publish_edition(edition_toml("next"), at=LATER))
        later = third.do(
            lambda: loading.publish_all(document.organisations, cast.edition, at=LATER)
        )
        wait_until_somebody_waits_for_a_lock()
        beside.let_end(held)

        with pytest.raises(Refused, match="not the current edition any more"):
            later.result(Beside.PATIENCE_SECONDS)
        assert set(Sheet.objects.values_list("edition__slug", flat=True)) == {"next"}
        assert Assessment.objects.filter(organisation=cast.birch).count() == 1

    def test_two_loads_at_once_give_one_number_after_the_other(
        self, beside: Beside, third: Beside
    ) -> None:
        publish_edition(SMALL_TOML)
        held = beside.hold_open(lambda: publish_assessments(BIRCH))
        later = third.do(lambda: publish_assessments(OTHER_BIRCH))
        wait_until_somebody_waits_for_a_lock()
        beside.let_end(held)
        later.result(Beside.PATIENCE_SECONDS)

        found = Assessment.objects.order_by("number").values_list("number", "threshold")
        assert list(found) == [(1, None), (2, 100)]
        assert Sheet.objects.get().assessment.number == 2

    def test_who_describes_one_of_those_being_loaded_waits_in_no_circle(
        self, cast: Cast, third: Beside, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A load describes many, one batch after the other, while somebody describes one."""
        monkeypatch.setattr(loading, "BATCH", 1)
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(slug="cedar")
            load = third.do(
                lambda: publish_assessments(
                    {**ALDER, "name": "Alder & Sons"}, {**CEDAR, "name": "Cedar & Sons"}
                )
            )
            wait_until_somebody_waits_for_a_lock()
            described = {"name": "Cedar alone", "place": "Leeds"}
            directory.describe(cast.cedar, described=described, seen=directory.mark(cast.cedar))
        load.result(Beside.PATIENCE_SECONDS)

        found = Organisation.objects.filter(slug__in=("alder", "cedar")).order_by("slug")
        assert [one.name for one in found] == ["Alder & Sons", "Cedar & Sons"]
