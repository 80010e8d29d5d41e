"""The report: a table for people, the same numbers for programs, and a drawing."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.bars import Standing, standings

FOLDER = Path(__file__).resolve().parent / "results"


def write(measured: dict[str, Any]) -> None:
    """Write all three into bench/results/."""
    FOLDER.mkdir(exist_ok=True)
    found = standings(measured["numbers"])
    kept = {**measured, "bars": [{**asdict(one), "met": one.is_met} for one in found]}
    (FOLDER / "results.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    (FOLDER / "results.md").write_text(markdown(measured, found))
    draw(measured["times"], FOLDER / "growth.svg")


def markdown(measured: dict[str, Any], found: list[Standing]) -> str:
    """The report as Markdown."""
    machine = measured["machine"]
    lines = [
        "# The matching engine, measured",
        "",
        f"On {machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB, "
        f"{machine['system']}; Python {machine['python']}, NumPy {machine['numpy']}, "
        f"{machine['blas']}. Load when it began: {machine['load_at_start']}.",
        "",
        "One thread; contenders take turns; medians of the rounds. Times of computing are the",
        "processor's, those of storing and of pages the time that passed. 40 criteria of 4 levels.",
        "",
        *bars_table(found),
        "",
        "| all pairs, both directions | " + " | ".join(f"{n:,}" for n in measured["sizes"]) + " |",
        "| --- |" + " ---: |" * len(measured["sizes"]),
        *(_times_row(name, times, measured["sizes"]) for name, times in measured["times"].items()),
        "",
        f"Growth exponent of the engine, {measured['sizes'][0]:,} to {measured['sizes'][-1]:,}: "
        f"{measured['exponent']:.2f}. The double loop is sampled and scaled up.",
        "",
        "| one list, best 100 and counts | ms | its matrix-vector products, ms |",
        "| --- | ---: | ---: |",
        *(
            f"| {int(size):,} | {1000 * taken['list']:.2f} | {1000 * taken['products']:.2f} |"
            for size, taken in measured["lists"].items()
        ),
        "",
        "| memory above the imports | MB |",
        "| --- | ---: |",
        *(f"| {name} | {number:,.0f} |" for name, number in measured["memory"].items()),
        "",
        "| database | compute all, s | store all, s | publish one, ms | its list on the page, ms |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {one['database']}, {one['organisations']:,} | {one['computing']:.2f} | "
            f"{one['storing']:.2f} | {1000 * one['publishing']:.0f} | "
            f"{1000 * one['list_on_page']:.0f} |"
            for one in measured["databases"]
        ),
        "",
    ]
    return "\n".join(lines)


def bars_table(found: list[Standing]) -> list[str]:
    """The bars as lines of Markdown."""
    return [
        "| bar | measured | must | ambition | |",
        "| --- | ---: | ---: | ---: | --- |",
        *(
            f"| {one.bar.says} | {one.number:,.4g} | {_sign(one)} {one.bar.must:,g} | "
            f"{_sign(one)} {one.bar.ambition:,g} | {_word(one)} |"
            for one in found
        ),
    ]


def _sign(one: Standing) -> str:
    return "≥" if one.bar.at_least else "≤"


def _word(one: Standing) -> str:
    if one.has_ambition:
        return "met, ambition too"
    return "met" if one.is_met else "**missed**"


def _times_row(name: str, times: dict[str, float], sizes: list[int]) -> str:
    cells = (f"{times[str(size)]:,.3g} s" if str(size) in times else "" for size in sizes)
    return f"| {name} | " + " | ".join(cells) + " |"


def draw(times: dict[str, dict[str, float]], path: Path) -> None:
    """Draw time over size, where matplotlib is installed."""
    if importlib.util.find_spec("matplotlib") is None:
        return
    import matplotlib

    matplotlib.use("svg")
    # The same numbers give the same file.
    matplotlib.rcParams["svg.hashsalt"] = "bench"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, by_size in times.items():
        sizes = sorted(int(size) for size in by_size)
        axes.plot(sizes, [by_size[str(size)] for size in sizes], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="organisations", ylabel="seconds, one thread")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
