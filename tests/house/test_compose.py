"""docker-compose.yml runs CoopCheck for real: each service's command is run with its settings."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis
from psycopg import sql

from coopcheck import embedded_broker
from tests.house import compose
from tests.house.running import Running, free_port, wait_until

OURS = ["migrate", "web", "worker", "beat"]


def services(**given: str) -> dict[str, Any]:
    found = compose.read(compose.GIVEN | given)["services"]
    assert isinstance(found, dict)
    return found


# What the file says.


@pytest.mark.parametrize("name", sorted(compose.GIVEN))
def test_it_refuses_to_start_without(name: str) -> None:
    given = {key: value for key, value in compose.GIVEN.items() if key != name}
    with pytest.raises(compose.NotGiven, match=name):
        compose.read(given)


def test_no_password_has_a_default() -> None:
    text = (compose.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "PASSWORD" in line or "SECRET" in line:
            for use in line.split("${")[1:]:
                name = use.split(":", 1)[0]
                if "PASSWORD" in name or "SECRET" in name:
                    assert use.startswith(f"{name}:?"), line


def test_the_example_names_what_the_file_asks_for_and_no_secret() -> None:
    lines = (compose.ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(compose.GIVEN) <= set(example)
    assert [name for name in compose.GIVEN if example[name]] == []


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker", "beat"])
def test_a_service_that_stays_has_a_health_check_and_comes_back(name: str) -> None:
    service = services()[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


def test_every_volume_in_use_is_declared_and_every_declared_one_is_in_use() -> None:
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
    }
    assert used == set(compose.read()["volumes"])


def test_only_web_is_published_and_only_on_this_machine() -> None:
    published = {name: s["ports"] for name, s in services().items() if "ports" in s}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_waits_for_what_it_needs(name: str) -> None:
    needs = services()[name]["depends_on"]
    for need, condition in needs.items():
        expected = "service_completed_successfully" if need == "migrate" else "service_healthy"
        assert condition == {"condition": expected}
    assert name == "migrate" or "migrate" in needs


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_cannot_change_its_own_code(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


# What the commands do.


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """An empty database: on the PostgreSQL that the tests run on, else SQLite."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'compose.sqlite3'}"
        return
    name = f"compose_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def redis_on_path(folder: Path) -> str:
    """A PATH on which `redis-server` is found: the machine's, else the embedded Valkey."""
    if shutil.which("redis-server"):
        return os.environ["PATH"]
    try:
        (folder / "redis-server").symlink_to(embedded_broker.binary())
    except embedded_broker.BrokerUnavailable as error:
        pytest.skip(f"missing component: {error}")
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_every_service_runs_gets_well_and_stops(tmp_path: Path, database_url: str) -> None:
    redis_port, web_port = free_port(), free_port()
    path = redis_on_path(tmp_path)
    started: dict[str, Running] = {}

    def environment(name: str) -> dict[str, str]:
        said = {key: str(value) for key, value in services()[name]["environment"].items()}
        here = {"PATH": path, "TMPDIR": tempfile.gettempdir()}
        if name in OURS:
            # Only where things stand differs: everything listens on this machine.
            here |= {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path / "data")}
            here |= {"BIND": "127.0.0.1", "PORT": str(web_port)}
            here["REDIS_URL"] = said["REDIS_URL"].replace("@redis:6379", f"@127.0.0.1:{redis_port}")
            assert here["REDIS_URL"] != said["REDIS_URL"]
        return said | here

    def command(words: list[str]) -> list[str]:
        return [sys.executable if word == "python" else word for word in words]

    def start(name: str, words: list[str]) -> Running:
        started[name] = Running(
            command(words),
            environment=environment(name),
            folder=compose.ROOT if name in OURS else tmp_path,
            log=tmp_path / f"{name}.log",
        )
        return started[name]

    def is_well(name: str) -> bool:
        assert started[name].is_there(), started[name].said()
        kind, *words = services()[name]["healthcheck"]["test"]
        assert kind == "CMD"
        return (
            subprocess.run(
                command(words), env=environment(name), cwd=compose.ROOT, timeout=60
            ).returncode
            == 0
        )

    try:
        *shell, script = services()["redis"]["command"]
        here = f"--port {redis_port} --bind 127.0.0.1 --dir {shlex.quote(str(tmp_path))}"
        assert "redis-server - --" in script
        start("redis", [*shell, script.replace("redis-server - ", f"redis-server - {here} ")])
        client = redis.Redis(port=redis_port, password=compose.GIVEN["REDIS_PASSWORD"])
        wait_until(
            lambda: _answers(client), within_seconds=20, otherwise=lambda: started["redis"].said()
        )
        with redis.Redis(port=redis_port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        client.close()

        migrate = start("migrate", services()["migrate"]["command"])
        wait_until(lambda: not migrate.is_there(), within_seconds=120, otherwise=migrate.said)

        for name in ("web", "worker", "beat"):
            start(name, services()[name]["command"])
        for name in ("web", "worker", "beat"):
            wait_until(
                lambda name=name: is_well(name),  # type: ignore[misc]
                within_seconds=90,
                otherwise=started[name].said,
            )

        for name in ("beat", "worker", "web", "redis"):
            running = started[name]
            running.process.send_signal(signal.SIGTERM)
            wait_until(
                lambda running=running: not running.is_there(),  # type: ignore[misc]
                within_seconds=40,
                otherwise=running.said,
            )
            assert not running.is_group_there(), name
    finally:
        for running in started.values():
            if running.is_group_there():
                os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
