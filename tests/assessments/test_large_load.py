"""How much time and memory a large load takes.

Memory is bounded here. Time is only told, wall clock and processor: on a machine that others use
the clock says little. What we promise is two minutes.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from coopcheck import env
from tests.assessments.commands import in_process, own_environment, written

ORGANISATIONS = 10_000
GREATEST_BYTES = 1_000_000_000
KINDS = ("practice", "choice", "share", "licences")


def edition_toml() -> str:
    """An edition of 40 criteria, ten of each kind that is answered by a level."""
    levels = [{"slug": slug, "credit": n * 50} for n, slug in enumerate(("never", "some", "all"))]
    more: dict[str, dict[str, Any]] = {
        "practice": {"evidence": "required"},
        "choice": {"levels": levels},
        "share": {"bands": [{"from": 0, "credit": 0}, {"from": 5, "credit": 100}]},
        "licences": {},
    }
    return tomli_w.dumps(
        {
            "edition": {"slug": "large", "title": "Large"},
            "dimensions": {"d": {"title": "D"}},
            "criteria": {
                f"{kind}-{number}": {"dimension": "d", "question": "?", "kind": kind, **more[kind]}
                for kind in KINDS
                for number in range(10)
            },
        }
    )


def document_json() -> str:
    """Many organisations that have answered all of it, with evidence and requirements."""
    dice = random.Random(0)

    def answer(kind: str, slug: str) -> dict[str, Any]:
        evidence = {"evidence": [f"https://{slug}.example/how-we-work"]}
        match kind:
            case "practice":
                return {"level": dice.choice(("yes", "no")), **evidence}
            case "choice":
                return {"level": dice.choice(("never", "some", "all")), "note": "As of 2026."}
            case "share":
                return {"value": dice.randint(0, 1000) / 100}
            case _:
                return {"licences": [dice.choice(("MIT", "AGPL-3.0-or-later", "CC-BY-SA-4.0"))]}

    organisations = []
    for number in range(ORGANISATIONS):
        slug = f"organisation-{number}"
        organisations.append(
            {
                "slug": slug,
                "name": f"Organisation {number}",
                "summary": "We bake bread and host what others write.",
                "answers": {f"{kind}-{n}": answer(kind, slug) for kind in KINDS for n in range(10)},
                "requirements": {
                    "threshold": dice.randint(0, 100),
                    "criteria": {"choice-0": {"importance": 5}, "share-1": {"importance": 0}},
                },
            }
        )
    return json.dumps({"edition": "large", "organisations": organisations})


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_organisations_load_in_less_than_a_gigabyte(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    environment = own_environment(tmp_path)
    if "DATABASE_URL" not in environment:
        assert in_process(environment, "migrate", "--verbosity=0").returncode == 0
    toml = written(tmp_path, "edition.toml", edition_toml())
    assert in_process(environment, "load_edition", toml, "--publish").returncode == 0
    file = written(tmp_path, "organisations.json", document_json())

    for said in (f"{ORGANISATIONS} assessments published", f"{ORGANISATIONS} unchanged"):
        command = [sys.executable, str(env.ROOT / "manage.py"), "load_assessments", str(file)]
        with (tmp_path / "output").open("w+") as output:
            began = time.monotonic()
            process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
            # Of this child alone, whatever other children there were.
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - began
            output.seek(0)
            told = output.read()
        mebibytes = usage.ru_maxrss / 1024
        busy = usage.ru_utime + usage.ru_stime
        figures = f"{seconds:.1f} s, processor {busy:.1f} s, at most {mebibytes:.0f} MiB"
        record_property(said, figures)
        print(f"\n{said}: {figures}")
        assert process.returncode == 0, told
        assert said in told
        assert usage.ru_maxrss * 1024 < GREATEST_BYTES
