"""What a command says where the database is not ready."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.installation import ROOT


def test_a_command_on_a_database_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "export_compatibility", "--output", str(tmp_path / "p.csv")],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr == "The database lacks tables. Make them first: python manage.py migrate\n"
    assert not (tmp_path / "p.csv").exists()
