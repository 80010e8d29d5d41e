"""Measure the engine beside others: python -m bench, or python -m bench quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log
from typing import Any

from threadpoolctl import threadpool_limits

from assessments.compatibility.frame import Rows
from bench import contenders, exactness, measuring, plain, report, worlds
from bench.bars import standings

ENGINE, SGEMM, LOOP = "CoopCheck", "raw products (sgemm)", "Python double loop"
FAISS, SCIKIT_LEARN = "faiss, one direction, points only", "scikit-learn, one direction, distances"
SIZES = (1_000, 10_000, 20_000, 40_000)
LISTS = (10_000, 100_000)
SAMPLED = 1_500
TOLD = 10_000
"""The size of which most bars tell."""


def sampled_loop() -> Callable[[], object]:
    """The double loop for some lists of a small world."""
    frame = contenders.frame()
    rows: Rows = worlds.rows(frame, SAMPLED)
    sheets = plain.sheets(frame, rows)
    places = iter(range(SAMPLED))
    return lambda: plain.one_list(frame.criteria, sheets, next(places))


def whole_loop(sample: float, size: int) -> float:
    """Seconds for all ordered pairs of so many, from those for one list of the sample."""
    return sample / (SAMPLED - 1) * size * (size - 1)


def one_list_beside_products(size: int, rounds: int) -> dict[str, float]:
    """One list, and the matrix-vector products alone."""
    taken = measuring.side_by_side(
        {"list": contenders.one_list(size), "products": contenders.vector_products(size)},
        rounds=rounds,
    )
    contenders.world.cache_clear()
    return {name: one.processor for name, one in taken.items()}


def memory_above_imports(kind: str, size: int) -> float:
    """In MB, of a process that does nothing else."""
    found = measuring.elsewhere("bench.memory", kind, str(size))
    return float(found["peak"]) - float(found["imports"])


def databases(size: int, rounds: int) -> list[dict[str, Any]]:
    """SQLite, and what DATABASE_URL says if it is something else."""
    import os

    found = [measuring.elsewhere("bench.storing", str(size), str(rounds), DATABASE_URL="")]
    if os.environ.get("DATABASE_URL"):
        other = measuring.elsewhere("bench.storing", str(size), str(rounds))
        if other["database"] != found[0]["database"]:
            found.append(other)
    return found


def of_databases(found: list[dict[str, Any]]) -> dict[str, float]:
    """The numbers that have bars."""
    numbers = {
        f"storing/computing-{one['database']}": one["storing"] / one["computing"] for one in found
    }
    numbers["published-to-list-s"] = max(one["publishing"] + one["list_on_page"] for one in found)
    return numbers


def say(text: str) -> None:
    """Tell how far it is, beside the results."""
    print(text, file=sys.stderr, flush=True)


def quick() -> None:
    """The bars alone, within a minute: fewer rounds, and less of what takes long.

    Growth is that from 5,000 to 10,000, memory four times that at 10,000, which is more than it
    is at 40,000, and the databases hold 3,000 organisations.
    """
    half = "half as many"
    pairs = measuring.side_by_side(
        {
            ENGINE: contenders.everything(10_000),
            SGEMM: contenders.products(10_000),
            half: contenders.everything(5_000),
            LOOP: sampled_loop(),
        },
        rounds=3,
    )
    engine = pairs[ENGINE].processor
    contenders.world.cache_clear()
    lists = {size: one_list_beside_products(size, 11) for size in LISTS}
    numbers = {
        "all-pairs/sgemm": engine / pairs[SGEMM].processor,
        "loop/all-pairs": whole_loop(pairs[LOOP].processor, TOLD) / engine,
        "growth-20k/10k": engine / pairs[half].processor,
        "memory-40k-gb": memory_above_imports("all", 10_000) * 4 / 1000,
        "list/matvec-10k": lists[10_000]["list"] / lists[10_000]["products"],
        "list/matvec-100k": lists[100_000]["list"] / lists[100_000]["products"],
        "same-bits": float(exactness.is_exact(600)),
        **of_databases(databases(3_000, 3)),
    }
    for standing in standings(numbers):
        print(standing.line)


def full() -> None:
    """Everything, written into bench/results/."""
    machine = measuring.machine()
    times: dict[str, dict[str, float]] = {}
    for size in SIZES:
        say(f"all pairs, {size:,} organisations")
        runs = {ENGINE: contenders.everything(size), SGEMM: contenders.products(size)}
        if size == TOLD:
            runs[LOOP] = sampled_loop()
        if size <= 10_000:
            others = {
                FAISS: contenders.nearest_by_faiss(size),
                SCIKIT_LEARN: contenders.nearest_by_scikit_learn(size),
            }
            runs |= {name: run for name, run in others.items() if run is not None}
        measured = measuring.side_by_side(runs, rounds=5, warm=size <= TOLD)
        for name, taken in measured.items():
            times.setdefault(name, {})[str(size)] = taken.processor
        contenders.world.cache_clear()
    sample = times[LOOP][str(TOLD)]
    times[LOOP] = {str(size): whole_loop(sample, size) for size in SIZES}
    say("one list")
    lists = {str(size): one_list_beside_products(size, 31) for size in LISTS}
    say("memory")
    memory = {
        "all pairs, 10,000": memory_above_imports("all", 10_000),
        "all pairs, 40,000": memory_above_imports("all", 40_000),
        "100,000 kept ready, and one list": memory_above_imports("list", 100_000),
    }
    say("the same bits")
    same = exactness.is_exact(2_000)
    say("databases")
    stored = databases(10_000, 5)
    engine = times[ENGINE]
    first, last = str(SIZES[0]), str(SIZES[-1])
    numbers = {
        "all-pairs/sgemm": engine["10000"] / times[SGEMM]["10000"],
        "loop/all-pairs": times[LOOP]["10000"] / engine["10000"],
        "growth-20k/10k": engine["20000"] / engine["10000"],
        "memory-40k-gb": memory["all pairs, 40,000"] / 1000,
        "list/matvec-10k": lists["10000"]["list"] / lists["10000"]["products"],
        "list/matvec-100k": lists["100000"]["list"] / lists["100000"]["products"],
        "same-bits": float(same),
        **of_databases(stored),
    }
    report.write(
        {
            "machine": machine,
            "sizes": list(SIZES),
            "times": times,
            "exponent": log(engine[last] / engine[first]) / log(SIZES[-1] / SIZES[0]),
            "lists": lists,
            "memory": memory,
            "databases": stored,
            "numbers": numbers,
        }
    )
    for standing in standings(numbers):
        print(standing.line)


if __name__ == "__main__":
    threadpool_limits(limits=1, user_api="blas")
    quick() if sys.argv[1:] == ["quick"] else full()
