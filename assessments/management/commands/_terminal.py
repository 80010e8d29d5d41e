"""How a command speaks: a bar while it works, and all problems of a file together."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from assessments.models import Edition
from assessments.progress import Report
from assessments.scoring.problems import Refused
from orgs.models import Organisation


@contextmanager
def bars() -> Iterator[Report]:
    """A report that draws a bar a stage on the terminal's error stream."""
    drawn: dict[str, Any] = {}

    def report(stage: str, done: int, total: int) -> None:
        if not total:
            return
        if stage not in drawn:
            drawn[stage] = tqdm(total=total, desc=stage, unit="", file=sys.stderr, leave=True)
        drawn[stage].update(done - drawn[stage].n)

    try:
        yield report
    finally:
        for bar in drawn.values():
            bar.close()


@contextmanager
def told_together(name: str) -> Iterator[None]:
    """Turn a refusal into one message with every problem, and exit status 1."""
    try:
        yield
    except Refused as refused:
        count = len(refused.problems)
        lines = "\n".join(f"  {problem}" for problem in refused.problems)
        word = "problem" if count == 1 else "problems"
        raise CommandError(f"{name}: {count} {word}, so nothing was changed.\n{lines}") from None


def read_file(path: str) -> bytes:
    """The bytes of a file; a clear message if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None


def current_edition() -> Edition:
    """The current edition; a clear message before the first."""
    edition = Edition.objects.current()
    if edition is None:
        raise CommandError(
            "There is no current edition yet. Publish one: load_edition FILE --publish"
        )
    return edition


def organisation_with_sheet(slug: str) -> Organisation:
    """An organisation that has published; a clear message for any other."""
    organisation = Organisation.objects.filter(slug=slug).select_related("sheet").first()
    if organisation is None:
        raise CommandError(f"There is no organisation “{slug}”. Check its slug.")
    if not hasattr(organisation, "sheet"):
        raise CommandError(
            f"“{slug}” has no published assessment, so it has no matches. Load or publish one."
        )
    return organisation


def write_lines(path: str, lines: Iterable[str]) -> int:
    """Write lines to a file, which appears whole or not at all; returns how many.

    What is no plain file (/dev/stdout, a pipe) is written to as it stands and never replaced.
    """
    target = Path(path)
    is_plain = target.is_file() or not target.exists()
    if is_plain:
        target = target.resolve()
    unfinished = target.with_name(f".{target.name}.unfinished") if is_plain else target
    count = 0
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            for line in lines:
                file.write(line)
                count += 1
        if is_plain:
            unfinished.replace(target)
    except OSError as error:
        raise CommandError(f"{path}: cannot be written ({error.strerror}).") from None
    finally:
        if is_plain:
            unfinished.unlink(missing_ok=True)
    return count
