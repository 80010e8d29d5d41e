"""The image that the Dockerfile builds holds all that runs, and collected files, and no more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import compose

ADDRESSES = """
import json
import django; django.setup()
from django.templatetags.static import static
from coopcheck import urls
print(json.dumps([static("css/base.css"), static("rest_framework/css/default.css")]))
"""


def let_in() -> list[str]:
    lines = (compose.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What `COPY . .` copies."""
    folder = tmp_path / "image"
    for name in let_in():
        found, copy = compose.ROOT / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if found.is_dir():
            shutil.copytree(found, copy, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(found, copy)
    return folder


def run(image: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=image,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(image.parent / "build"),
            "DJANGO_SETTINGS_MODULE": "coopcheck.settings",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_holds_all_that_runs_and_files_with_the_hash_of_their_content(image: Path) -> None:
    run(image, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    own, others = json.loads(run(image, "-c", ADDRESSES))
    for address, folder, name in ((own, "css", "base"), (others, "rest_framework/css", "default")):
        assert address.startswith(f"/static/{folder}/{name}.")
        assert address != f"/static/{folder}/{name}.css"
        assert (image / "staticfiles" / address.removeprefix("/static/")).exists()


def test_nobody_runs_it_who_could_change_its_code() -> None:
    text = (compose.ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER coopcheck\n" in text
    assert "pip install --require-hashes" in text
    assert "SECRET_KEY=" not in text
