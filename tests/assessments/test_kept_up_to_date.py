"""Stored results are right within a minute, whatever happens to the broker and the worker."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import ALDER, BIRCH, SMALL_TOML, document_json
from tests.house.running import Running, wait_until
from tests.installation import Installation, installed
from tests.reference import worlds

A_RING_MAY_COST = 1.0


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    with installed() as installation:
        edition, document = worlds.world(7, organisations=12, criteria=10)
        (installation.folder / "edition.toml").write_text(worlds.edition_toml(edition))
        _write(installation.folder / "organisations.json", document)
        installation.manage("load_edition", str(installation.folder / "edition.toml"), "--publish")
        installation.manage("load_assessments", str(installation.folder / "organisations.json"))
        yield installation


def _write(path: Path, document: dict[str, object]) -> None:
    path.write_text(worlds.document_json(document), encoding="utf-8")


_CHANGES = iter(range(1, 1000))


def change_a_sheet(place: Installation) -> None:
    """Publish other requirements of one organisation: every result may change by it."""
    path = place.folder / "organisations.json"
    document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    document["organisations"][0]["requirements"] = {"threshold": next(_CHANGES) % 100}
    _write(path, document)
    place.manage("load_assessments", str(path))


def stop_and_go_on(broker: Running) -> Callable[[], None]:
    os.killpg(broker.process.pid, signal.SIGSTOP)
    return lambda: os.killpg(broker.process.pid, signal.SIGCONT)


def test_a_change_comes_through_with_no_web_process(place: Installation) -> None:
    """Nor is anybody rung: beat looks, and the worker computes (what dies: see test_faults)."""
    place.start_broker()
    place.start("worker")
    place.start("beat")
    place.wait_until_right()

    change_a_sheet(place)

    place.wait_until_right()


_RING = """
import time, django; django.setup()
from assessments import tasks
for _ in range(3):
    began = time.monotonic(); tasks.ring(); print(time.monotonic() - began)
"""


def test_a_broker_that_is_away_costs_a_ring_less_than_a_second() -> None:
    """More than usual, that is: what a slow machine adds, it adds to all of them."""
    with installed() as place:

        def rings() -> list[float]:
            return [float(line) for line in place.python(_RING).split()]

        is_not_there = rings()
        broker = place.start_broker()
        usual = rings()
        stop_and_go_on(broker)
        never_answers = rings()

        for found in (is_not_there, never_answers):
            for took, usually in zip(found, usual, strict=True):
                assert took - usually < A_RING_MAY_COST


def test_a_ring_is_heard_at_once() -> None:
    """Without beat: what a load rings for is computed by the worker within seconds."""
    with installed() as place:
        place.start_broker()
        place.start("worker")
        edition, document = worlds.world(7, organisations=3, criteria=6)
        (place.folder / "edition.toml").write_text(worlds.edition_toml(edition))
        _write(place.folder / "organisations.json", document)
        place.manage("load_edition", str(place.folder / "edition.toml"), "--publish")
        place.manage("load_assessments", str(place.folder / "organisations.json"))
        began = time.monotonic()
        place.wait_until_right()
        assert time.monotonic() - began < 45


_PUBLISHES = """
import time, django; django.setup()
from django.db import transaction
from django.utils import timezone
from assessments import drafting, drafts, publishing, tasks
from assessments.models import Assessment
from assessments.scoring.terms import Answer
from orgs.models import Organisation, User
by, _ = User.objects.get_or_create(email="steward@alder.example")
alder = Organisation.objects.get(slug="alder")
for number in range(%d):
    began = time.monotonic()
    with transaction.atomic():
        level = ("never", "soon", "at-once")[number %% 3]
        seen = drafts.read(alder).mark("release-delay")
        drafting.save_answer(
            alder, "release-delay", Answer(level=level), seen=seen, by=by, at=timezone.now()
        )
        publishing.publish(alder, by=by, at=timezone.now())
        transaction.on_commit(tasks.ring)
    print(time.monotonic() - began)
"""


@pytest.mark.parametrize("publishes", [10, pytest.param(200, marks=pytest.mark.long)])
def test_a_broker_that_never_answers_keeps_no_publish_waiting(publishes: int) -> None:
    """Each goes through, and the slowest is within a second of the usual."""
    with installed() as place:
        (place.folder / "edition.toml").write_text(SMALL_TOML)
        (place.folder / "organisations.json").write_text(document_json(ALDER, BIRCH))
        place.manage("load_edition", str(place.folder / "edition.toml"), "--publish")
        place.manage("load_assessments", str(place.folder / "organisations.json"))
        broker = place.start_broker()

        def publish(times: int) -> list[float]:
            return [float(line) for line in place.python(_PUBLISHES % times).split()]

        usual = publish(10)
        stop_and_go_on(broker)
        took = publish(publishes)

        assert len(took) == publishes
        assert max(took) - max(usual) < A_RING_MAY_COST


# A worker as production runs it, but for blocks small enough to be shared by two.
_SHARING_WORKER = """
import django; django.setup()
from assessments import keeping
keeping.BLOCK = 4
from coopcheck.celery import app
app.worker_main([
    "worker", "--pool", "solo", "--hostname", "%s@here", "--loglevel", "INFO",
    "--without-mingle", "--without-gossip",
])
"""
_STORED = """
import django; django.setup()
from assessments.models import MatchResult
for one in MatchResult.objects.order_by("pk"):
    counts = one.compatible, one.unknown, one.not_compatible
    print(one.pk, one.as_of, *counts, bytes(one.best).hex())
"""


def test_two_workers_share_a_recomputation_and_store_the_same_bytes() -> None:
    with installed() as place:
        place.start_broker()
        workers = [place.start_python(_SHARING_WORKER % name, name) for name in ("one", "two")]
        wait_until(
            lambda: all("ready." in worker.said() for worker in workers),
            within_seconds=60,
            otherwise=place.logs,
        )
        edition, document = worlds.world(7, organisations=60, criteria=10)
        (place.folder / "edition.toml").write_text(worlds.edition_toml(edition))
        _write(place.folder / "organisations.json", document)
        place.manage("load_edition", str(place.folder / "edition.toml"), "--publish")
        place.manage("load_assessments", str(place.folder / "organisations.json"))
        place.wait_until_right()

        shared = place.python(_STORED)

        for worker in workers:
            assert "Task assessments.tasks.refresh" in worker.said(), place.logs()
        place.python(
            "import django; django.setup()\n"
            "from assessments.models import MatchResult; MatchResult.objects.all().delete()"
        )
        place.manage("recompute_compatibility")
        assert shared == place.python(_STORED)
        assert len(shared.splitlines()) == 60
