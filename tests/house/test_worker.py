"""A worker that stands still ends, so that what runs it can start it again; a busy one does not."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.house.running import Running, wait_until
from tests.installation import Installation, installed

# A worker that is given two seconds, and does some things that only a test asks for.
_WORKER = """
import time
from celery import bootsteps
from coopcheck import celery
celery.STANDS_STILL_AFTER_SECONDS = 2

@celery.app.task(name="takes_long")
def takes_long():
    print("begun", flush=True)
    time.sleep(6)
    print("done", flush=True)

class Standstill(bootsteps.StartStopStep):
    def start(self, consumer):
        if {stands_still}:
            consumer.timer.call_after(3, time.sleep, (3600,))

celery.app.steps["consumer"].add(Standstill)
celery.app.worker_main(
    ["worker", "--concurrency", "1", "--without-mingle", "--without-gossip", "--loglevel", "INFO"]
)
"""
_ASKS = """
from coopcheck.celery import app
app.send_task("takes_long")
"""


def _started(place: Installation, *, stands_still: bool) -> Running:
    worker = place.start_python(_WORKER.format(stands_still=stands_still), "worker")
    wait_until(lambda: "ready." in worker.said(), within_seconds=60, otherwise=worker.said)
    return worker


@pytest.fixture
def place() -> Iterator[Installation]:
    with installed() as found:
        found.start_broker()
        yield found


def test_a_worker_whose_loop_stands_still_ends(place: Installation) -> None:
    worker = _started(place, stands_still=True)
    wait_until(lambda: worker.process.poll() is not None, within_seconds=30, otherwise=worker.said)
    assert worker.process.returncode == -signal.SIGALRM
    wait_until(lambda: not worker.is_group_there(), within_seconds=20, otherwise=worker.said)


def test_one_that_is_asked_to_stop_does_first_what_it_has_begun(place: Installation) -> None:
    worker = _started(place, stands_still=False)
    place.python(_ASKS)
    wait_until(lambda: "begun" in worker.said(), within_seconds=30, otherwise=worker.said)
    worker.process.terminate()
    wait_until(lambda: worker.process.poll() is not None, within_seconds=60, otherwise=worker.said)
    assert worker.process.returncode == 0
    assert "done" in worker.said()
