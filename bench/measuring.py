"""How times and memory are taken, and on which machine.

Everything runs in one thread, one contender after the other in turn, and the median of the rounds
counts. Compared is the processor's time of the process: on a machine that does nothing else it is
the time that passes, and where others are at work it is not their time too. What waits for a disk
or for another process (storing, pages) is measured by the time that passes.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Taken:
    """Median seconds of some rounds: of the processor, and that passed."""

    processor: float
    passed: float
    rounds: int


def side_by_side(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int, warm: bool = True
) -> dict[str, Taken]:
    """Let contenders take turns, after one turn each that does not count, unless it is long."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for number in range(not warm, rounds + 1):
        for name, run in contenders.items():
            gc.collect()
            processor, passed = time.process_time(), time.perf_counter()
            run()
            taken = time.process_time() - processor, time.perf_counter() - passed
            if number:
                times[name].append(taken)
    return {
        name: Taken(median(one[0] for one in all_), median(one[1] for one in all_), len(all_))
        for name, all_ in times.items()
    }


def elsewhere(module: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """What a module says as JSON in its last line, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def machine() -> dict[str, Any]:
    """What it ran on."""
    names = [
        line.partition(":")[2].strip()
        for line in _lines(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    ]
    memory = [line.split()[1] for line in _lines(Path("/proc/meminfo")) if "MemTotal" in line]
    blas = [one for one in threadpool_info() if one["user_api"] == "blas"]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[0]) / 2**20) if memory else None,
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": ", ".join(
            f"{one['internal_api']} {one['version']} ({one.get('architecture', '')}), "
            f"{one['num_threads']} thread"
            for one in blas
        ),
        "load_at_start": round(os.getloadavg()[0], 1),
    }


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
