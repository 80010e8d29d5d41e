"""What all tests stand on: a data folder of their own, real components, and no silent skips."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import django
import hypothesis
import pytest
import redis
from pytest_django import DjangoDbBlocker, Settings

# The environment is chosen before the settings are read, so it stands here and not in a fixture,
# and `pyproject.toml` names no settings module, which would be loaded before this file. A demo
# that runs beside the tests must not be rung by them, nor its key be read. Workers of xdist
# inherit the folder from the process that starts them, which also removes it.
_OWNED_FOLDER = None
if "COOPCHECK_TESTS_DATA" not in os.environ:
    _OWNED_FOLDER = os.environ["COOPCHECK_TESTS_DATA"] = tempfile.mkdtemp(prefix="coopcheck-tests-")
for _name in (
    *("SECRET_KEY", "DEBUG", "BIND", "PORT", "BASE_URL", "ALLOWED_HOSTS", "REDIS_URL"),
    *("CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES", "EMAIL_URL", "DEFAULT_FROM_EMAIL"),
):
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = os.environ["COOPCHECK_TESTS_DATA"]
os.environ["DJANGO_SETTINGS_MODULE"] = "coopcheck.settings"
# Playwright runs a loop in the test's thread, where Django would else refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

from coopcheck import embedded_broker  # noqa: E402 (after the environment, see above)

MISSING = "missing component"

# A slow machine is no failure; in CI the examples are the same every time.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_unconfigure() -> None:
    """Remove the data folder, in the process that made it."""
    if _OWNED_FOLDER:
        shutil.rmtree(_OWNED_FOLDER, ignore_errors=True)


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip for a missing component into a failure where everything must be there."""
    if os.environ.get("REQUIRE_ALL") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason.startswith(MISSING):
            report.outcome = "failed"
            report.longrepr = f"{reason} (REQUIRE_ALL is set: nothing may be missing)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_in_a_file: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Each worker of xdist has a database of its own."""


@pytest.fixture(scope="session")
def database_in_a_file() -> None:
    """SQLite as people run it: in memory its connections lock each other out otherwise."""
    database = django.conf.settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = f"{os.environ['DATA_DIR']}/tests.sqlite3"


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """Count the attempts of one test only."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": uuid.uuid4().hex,
        }
    }


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with data of others, which is not ours to carry along."""
    folder = os.environ.get("REAL_DATA_DIR")
    if not folder:
        pytest.skip(f"{MISSING}: REAL_DATA_DIR")
    return Path(folder)


@pytest.fixture(scope="session")
def broker(worker_id: str) -> Iterator[str]:
    """The URL of a real broker, this run's alone: a Redis at TEST_REDIS_URL, else the embedded one.

    TEST_REDIS_URL names a server without a database number; each worker of xdist takes its own.
    """
    server = os.environ.get("TEST_REDIS_URL")
    if server:
        number = int(worker_id.removeprefix("gw")) + 1 if worker_id != "master" else 0
        yield from _empty_database(f"{server.rstrip('/')}/{number}")
    else:
        yield from _embedded_broker()


def _empty_database(url: str) -> Iterator[str]:
    client = redis.Redis.from_url(url)
    # Who gives the address of a Redis that is in use must not lose what is in it.
    assert client.dbsize() == 0, f"The Redis database {url} is not empty: give an empty one."
    yield url
    client.flushdb()
    client.close()


def _embedded_broker() -> Iterator[str]:
    # The path of a socket may have about 100 bytes, and pytest's own folders are deep.
    folder = Path(tempfile.mkdtemp(prefix="coopcheck-broker-"))
    socket = folder / "broker.sock"
    try:
        command = embedded_broker.command(listen_at=socket, keep_in=folder)
    except embedded_broker.BrokerUnavailable as error:
        pytest.skip(f"{MISSING}: {error}")
    with (folder / "broker.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        waiting_until = time.monotonic() + 20
        while not embedded_broker.is_answering(socket):
            assert server.poll() is None, (folder / "broker.log").read_text()
            assert time.monotonic() < waiting_until, (folder / "broker.log").read_text()
            time.sleep(0.02)
        yield f"redis+socket://{socket}"
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder)


from assessments.models import Edition  # noqa: E402
from tests.pages import demo as the_demo  # noqa: E402


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Edition]:
    """The default edition, with the fictional organisations beside it for a whole module."""
    with django_db_blocker.unblock(), the_demo.rolled_back():
        yield the_demo.load()


from tests.cast import (  # noqa: E402 (after Django is set up, see above)
    alder,
    birch,
    cast,
    cedar,
    dogwood,
    forgotten_editions,
    small_edition,
)

__all__ = ["alder", "birch", "cast", "cedar", "dogwood", "forgotten_editions", "small_edition"]
