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

from tests.house.running import Running
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


def test_whatever_happens_to_broker_and_worker(place: Installation) -> None:
    """One story on one installation, since each start of a process takes seconds."""
    broker = place.start_broker()
    worker = place.start("worker")
    place.start("beat")
    place.wait_until_right()

    # With the web process not even started, a change in the database comes through.
    change_a_sheet(place)
    place.wait_until_right()

    # The broker accepts and never answers: the load does not wait for it.
    go_on = stop_and_go_on(broker)
    change_a_sheet(place)
    go_on()
    place.wait_until_right()

    # The broker is killed, and its data is lost.
    os.killpg(broker.process.pid, signal.SIGKILL)
    broker.process.wait()
    change_a_sheet(place)
    place.lose_the_brokers_data()
    place.start_broker()
    place.wait_until_right()

    # The worker is killed while a change comes, and another one takes its place.
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    change_a_sheet(place)
    place.start("worker")
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
