"""Eight clients save at once, each a process: nothing is overwritten unseen, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from coopcheck import env
from tests.assessments.commands import in_process, own_environment

CLIENTS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def _start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.assessments.savers", *arguments],
        cwd=env.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def _told(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


@pytest.mark.parametrize(
    ("saves", "is_publishing"),
    [
        (40, True),
        pytest.param(200, False, marks=pytest.mark.long),
        pytest.param(200, True, marks=pytest.mark.long),
    ],
)
def test_every_save_is_made_on_what_was_seen(
    tmp_path: Path, saves: int, is_publishing: bool
) -> None:
    environment = own_environment(tmp_path)
    if connection.vendor == "sqlite":
        assert in_process(environment, "migrate").returncode == 0
    _told(_start(environment, "set-up"))
    clients = [
        _start(environment, "save", str(number), str(saves // CLIENTS)) for number in range(CLIENTS)
    ]
    publisher = _start(environment, "publish", "5") if is_publishing else None
    told = [line for client in clients for line in _told(client)]
    published = _told(publisher) if publisher else []
    final = {line["question"]: line["stands"] for line in _told(_start(environment, "final"))}

    assert len(told) == saves
    assert any(not line["is_saved"] for line in told), "nobody collided: the test shows nothing"
    for question, stands in final.items():
        made = [line for line in told if line["question"] == question and line["is_saved"]]
        # Each was made on the one before it: a chain from nothing to what stands there.
        after = {line["saw"]: line["wrote"] for line in made}
        assert len(after) == len(made), "two were saved over the same"
        chain, at = [], None
        while at in after:
            at = after[at]
            chain.append(at)
        assert len(chain) == len(made)
        assert chain[-1] == stands
        notes = [line["published"] for line in published if line["question"] == question]
        # What is published stood there at some time, and never an older one after a newer.
        assert [note for note in chain if note in notes] == list(dict.fromkeys(notes))
