"""Settings come from the environment, and are safe where nothing is said."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.house import compose

ROOT = Path(__file__).resolve().parents[2]

SHOW = """
import json
from coopcheck import env, settings
from django.core.exceptions import ImproperlyConfigured
names = [name for name in dir(settings) if name.isupper()]
values = {name: getattr(settings, name) for name in names} | {"PORT": env.PORT, "BIND": env.BIND}
print(json.dumps(values, default=str))
"""


def run(*arguments: str, data: Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), **given}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def read(*, data: Path, **given: str) -> dict[str, Any]:
    done = run("-c", SHOW, data=data, **given)
    assert done.returncode == 0, done.stderr
    settings = json.loads(done.stdout)
    assert isinstance(settings, dict)
    return settings


def test_nothing_given_is_safe(tmp_path: Path) -> None:
    settings = read(data=tmp_path)
    assert settings["DEBUG"] is False
    assert settings["BIND"] == "127.0.0.1"
    assert "*" not in settings["ALLOWED_HOSTS"]
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_debug_is_allowed_on_loopback(tmp_path: Path) -> None:
    assert read(data=tmp_path, DEBUG="1")["DEBUG"] is True
    assert read(data=tmp_path, DEBUG="1", BIND="::1")["DEBUG"] is True


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.0.2.1", "coop.example"])
def test_debug_is_refused_where_others_reach_it(tmp_path: Path, bind: str) -> None:
    done = run("-c", SHOW, data=tmp_path, DEBUG="1", BIND=bind)
    assert done.returncode == 1
    assert "Set BIND=127.0.0.1, or leave DEBUG off." in done.stderr


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = read(data=tmp_path)["SECRET_KEY"]
    path = tmp_path / "secret-key"
    assert len(first) >= 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(data=tmp_path)["SECRET_KEY"] == first
    assert [found.name for found in tmp_path.iterdir()] == ["secret-key"]


def test_processes_that_start_at_once_share_one_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        keys = list(pool.map(lambda _: read(data=tmp_path)["SECRET_KEY"], range(6)))
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 64


@pytest.mark.parametrize("key", ["$ecret", "a#b c%d", "x" * 200])
def test_a_secret_key_that_is_given_is_taken_as_it_is(tmp_path: Path, key: str) -> None:
    assert read(data=tmp_path, SECRET_KEY=key)["SECRET_KEY"] == key
    assert not (tmp_path / "secret-key").exists()


def test_an_empty_variable_counts_as_not_given(tmp_path: Path) -> None:
    names = (
        *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "BIND", "PORT", "BASE_URL"),
        *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES", "EMAIL_URL"),
        "DEFAULT_FROM_EMAIL",
    )
    assert read(data=tmp_path, **dict.fromkeys(names, "")) == read(data=tmp_path)


@pytest.mark.parametrize("folder", ["plain", "with space", "a#b", "50%41", "a+b?c"])
def test_data_stand_in_the_data_folder_whatever_its_name(tmp_path: Path, folder: str) -> None:
    data = tmp_path / folder
    settings = read(data=data)
    assert settings["DATABASES"]["default"]["NAME"] == str(data / "coopcheck.sqlite3")
    assert settings["EMAIL_FILE_PATH"] == str(data / "mail")
    assert settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend")


def test_the_brokers_socket_has_a_short_path_even_in_a_deep_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    settings = read(data=tmp_path, TMPDIR=str(deep))
    assert len(settings["CELERY_BROKER_URL"].removeprefix("redis+socket://")) <= 100


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "eight", "give a whole number from 1 to 65535"),
        ("PORT", "0", "give a whole number from 1 to 65535"),
        ("PORT", "65536", "give a whole number from 1 to 65535"),
        ("TRUSTED_PROXIES", "-1", "give a whole number from 0 to 9"),
        ("DEBUG", "perhaps", "give 1 or 0"),
        ("BASE_URL", "coop.example", "give the address that visitors use"),
        ("BASE_URL", "ftp://coop.example", "give the address that visitors use"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_give(
    tmp_path: Path, name: str, value: str, message: str
) -> None:
    done = run("-c", SHOW, data=tmp_path, **{name: value})
    assert done.returncode == 1
    assert f"{name} is “{value}”" in done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://coop.example", "coop.example"),
        ("https://coop.example:8443/", "coop.example"),
        ("http://[2001:db8::1]:8000", "[2001:db8::1]"),
    ],
)
def test_the_host_of_the_base_url_is_allowed(tmp_path: Path, address: str, host: str) -> None:
    assert host in read(data=tmp_path, BASE_URL=address)["ALLOWED_HOSTS"]


def test_the_check_for_deployment_is_silent_with_the_settings_of_compose(tmp_path: Path) -> None:
    given = compose.read()["services"]["web"]["environment"] | {"DATA_DIR": str(tmp_path)}
    # Where the database is, and whether, is no part of this check.
    del given["DATABASE_URL"]
    done = run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        data=tmp_path,
        **{name: value for name, value in given.items() if name != "DATA_DIR"},
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
