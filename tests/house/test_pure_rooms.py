"""The pure rooms know nothing of Django: they are imported where it is absent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

IMPORT_ALL = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "rest_framework", "celery", "orgs", "coopcheck"}:
            raise ModuleNotFoundError(f"{name} is absent here")

sys.meta_path.insert(0, Absent())
sys.path.insert(0, sys.argv[1])
room = importlib.import_module(sys.argv[2])
names = [module.name for module in pkgutil.walk_packages(room.__path__, room.__name__ + ".")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


@pytest.mark.parametrize(
    "room", ["assessments.scoring", "assessments.compatibility", "assessments.catalogue"]
)
def test_every_module_of_a_pure_room_is_imported_with_django_absent(room: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-I", "-c", IMPORT_ALL, str(ROOT), room],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 2


def test_the_absence_is_real() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", IMPORT_ALL, str(ROOT), "assessments.models"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "is absent here" in done.stderr
