"""Whatever dies while organisations publish, nothing answered is lost, and all comes right.

Each fault comes at a random moment while stewards work over HTTP. Afterwards every publish that was
answered is there, none is half there, and within a minute every stored result is what a fresh
computation gives.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assessments.own_postgresql import OwnPostgreSQL
from tests.assessments.visitors import AtWork, NotAnswered, Visitor
from tests.cast import ALDER, BIRCH, CEDAR, DOGWOOD, SMALL_TOML, document_json
from tests.house.running import Running, free_port, wait_until
from tests.installation import Installation, installed

STEWARDS = ("alder", "birch", "cedar", "dogwood")
OTHERS = 20
LEVELS = {
    "release-delay": ("never", "soon", "at-once"),
    "decisions": ("vote", "consent", "consensus"),
}

_SESSIONS = """
import django; django.setup()
import json
from allauth.account.models import EmailAddress
from django.test import Client
from orgs.models import Organisation, User
from orgs.models.membership import Membership, Role
sessions = {}
for slug in %r:
    user = User.objects.create_user(f"{slug}@steward.example", name=slug.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(
        organisation=Organisation.objects.get(slug=slug), user=user, role=Role.STEWARD
    )
    browser = Client()
    browser.force_login(user)
    sessions[slug] = browser.cookies["sessionid"].value
print(json.dumps(sessions))
"""

# What is published of each steward's organisation: by number, how many answers it has; which one is
# shown now; and whether the sheet is what that one gives.
_PUBLISHED = """
import django; django.setup()
import json
from assessments import evaluation
from assessments.compatibility.encoding import Frame
from assessments.models import Assessment, Edition, Sheet
found = {}
edition = Edition.objects.current()
current, frame = edition.as_terms(), Frame.of(edition.as_terms())
for slug in %r:
    rows = Assessment.objects.filter(organisation__slug=slug, published_at__isnull=False)
    sheet = Sheet.objects.select_related("assessment__edition").get(organisation__slug=slug)
    (shown,) = evaluation.read([sheet.assessment])
    row = frame.row(shown.sheet(current), shown.policy(current)).tobytes()
    found[slug] = {
        "answers": {row.number: row.answers.count() for row in rows},
        "shown": sheet.assessment.number,
        "is_right": row == bytes(sheet.row),
    }
print(json.dumps(found))
"""


class Story:
    """One installation with everything running, where things are killed."""

    def __init__(self, place: Installation, server: OwnPostgreSQL | None) -> None:
        self.place, self.server = place, server
        self.port = free_port()
        place.environment |= {"PORT": str(self.port), "BASE_URL": f"http://localhost:{self.port}"}
        _write(place.folder / "edition.toml", SMALL_TOML)
        copies = [
            {**one, "slug": f"{one['slug']}-{number}", "name": f"{one['name']} {number}"}
            for number in range(OTHERS // 4)
            for one in (ALDER, BIRCH, CEDAR, DOGWOOD)
        ]
        everybody: list[dict[str, Any]] = [ALDER, BIRCH, CEDAR, DOGWOOD, *copies]
        _write(place.folder / "organisations.json", document_json(*everybody))
        place.manage("load_edition", str(place.folder / "edition.toml"), "--publish")
        place.manage("load_assessments", str(place.folder / "organisations.json"))
        self.sessions: dict[str, str] = json.loads(place.python(_SESSIONS % (STEWARDS,)))
        self.broker = place.start_broker()
        self.worker = place.start("worker")
        self.beat = place.start("beat")
        self.web = self._start_web()
        self.answered: dict[str, set[int]] = {slug: set() for slug in STEWARDS}

    def _start_web(self) -> Running:
        web = self.place.start("web")
        visitor = Visitor(self.port, "alder", "")
        wait_until(lambda: _answers(visitor), within_seconds=60, otherwise=web.said)
        return web

    # The faults

    def pool_child(self) -> None:
        """One of the worker's children is killed, in the middle of whatever it does."""
        children = _children(self.worker.process.pid)
        if children:
            os.kill(random.choice(children), signal.SIGKILL)

    def whole_worker(self) -> None:
        """The worker is killed with its children, and started again."""
        _kill(self.worker)
        self.worker = self.place.start("worker")

    def broker_with_its_data(self) -> None:
        """The broker is killed; what it wrote is still there when it comes back."""
        _kill(self.broker)
        self._broker_comes_back()

    def broker_without_its_data(self) -> None:
        """The broker is killed, and forgets everything."""
        _kill(self.broker)
        self.place.lose_the_brokers_data()
        self._broker_comes_back()

    def _broker_comes_back(self) -> None:
        _a_moment(0.5, 1.5)
        self.broker = self.place.start_broker()

    def broker_that_never_answers(self) -> None:
        """The broker accepts what comes and says nothing, for some seconds."""
        os.killpg(self.broker.process.pid, signal.SIGSTOP)
        _a_moment(1, 3)
        os.killpg(self.broker.process.pid, signal.SIGCONT)

    def web_process(self) -> None:
        """Every web process is killed, with what is under way, and started again."""
        _kill(self.web)
        self.web = self._start_web()

    def database(self) -> None:
        """PostgreSQL is killed, and recovers."""
        assert self.server is not None
        self.server.kill()
        _a_moment(0.2, 1)
        self.server.start()

    def befalls(self, fault: Callable[[], None], *, seed: str) -> None:
        """Stewards work, the fault comes, they go on, and in the end everything is right."""
        at_work = [
            AtWork(Visitor(self.port, slug, self.sessions[slug]), LEVELS, f"{seed} {slug}")
            for slug in STEWARDS
        ]
        for one in at_work:
            one.start()
        _a_moment(0.3, 1.5)
        fault()
        _a_moment(0.3, 1)
        for one in at_work:
            self.answered[one.visitor.slug].update(one.stop())
        wait_until(self._is_right, within_seconds=60, otherwise=self.place.logs)
        self._nothing_is_lost()

    def _is_right(self) -> bool:
        self._start_again_what_has_ended()
        return self.place.is_right()

    def _start_again_what_has_ended(self) -> None:
        """As compose and the demo do: a worker or beat may end some time after its broker did."""
        if self.worker.process.poll() is not None:
            self.worker = self.place.start("worker")
        if self.beat.process.poll() is not None:
            self.beat = self.place.start("beat")

    def _nothing_is_lost(self) -> None:
        for slug, found in json.loads(self.place.python(_PUBLISHED % (STEWARDS,))).items():
            answers = {int(number): count for number, count in found["answers"].items()}
            assert self.answered[slug] <= answers.keys(), slug
            assert sorted(answers) == list(range(1, len(answers) + 1)), slug
            # What is published is whole: what was said before is carried on, and one answer more
            # at most is said.
            counts = [answers[number] for number in sorted(answers)]
            assert counts == sorted(counts), slug
            assert found["shown"] == max(answers), slug
            assert found["is_right"], slug


def _answers(visitor: Visitor) -> bool:
    try:
        visitor.get("organisation")
    except NotAnswered:
        return False
    return True


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _kill(running: Running) -> None:
    os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait(timeout=20)


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]


def _a_moment(least: float, most: float) -> None:
    """Let some time pass, nobody knows how much: a fault may come at any moment."""
    threading.Event().wait(random.uniform(least, most))


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with installed() as place:
            yield Story(place, None)
        return
    server = OwnPostgreSQL()
    server.start()
    try:
        with installed(server.url) as place:
            yield Story(place, server)
    finally:
        server.stop()


FAULTS = (
    "pool_child",
    "whole_worker",
    "broker_with_its_data",
    "broker_without_its_data",
    "broker_that_never_answers",
    "web_process",
    "database",
)


@pytest.mark.parametrize(
    "times", [pytest.param(2, id="twice"), pytest.param(20, id="often", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.xdist_group("faults")
def test_whatever_dies_nothing_is_lost_and_all_comes_right(
    story: Story, fault: str, times: int
) -> None:
    if fault == "database" and story.server is None:
        pytest.skip("SQLite has no process of its own")
    before = sum(len(numbers) for numbers in story.answered.values())
    for number in range(times):
        story.befalls(getattr(story, fault), seed=f"{fault} {number}")
    # Else nothing was published that could have been lost.
    assert sum(len(numbers) for numbers in story.answered.values()) > before
