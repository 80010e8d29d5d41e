"""What is wrong with a text that is no TOML, said so that its writer finds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assessments.catalogue import edition_lines
from assessments.catalogue.mistakes import shown
from assessments.catalogue.plain_values import SLUG_LENGTH
from assessments.scoring.problems import Problem

_AT = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)
_TWICE = re.compile(r"Cannot (overwrite|declare|mutate|redefine)|Duplicate")
_OPEN = re.compile(
    r"(Illegal|Found invalid) character '\\n'|Unterminated string|Expected [\"']'+[\"']"
)
_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z][A-Za-z0-9_.\"-]*)\s*\]{1,2}\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"-]+)\s*=")


def problem(text: str, error: str) -> Problem:
    """What the TOML reader says, with its place and the table in which it is."""
    match = _AT.fullmatch(error)
    lines = text.split("\n")
    line = int(match["line"]) if match and match["line"] else len(lines)
    column = f"column {match['column']}" if match and match["column"] else "the end of the file"
    place = f"line {line}, {column}"
    headers = filter(None, map(_HEADER.fullmatch, reversed(lines[:line])))
    header = next((f", under [{found[1][:SLUG_LENGTH]}]" for found in headers), "")
    what = match["what"] if match else error
    if _TWICE.match(what):
        first = _first(lines, line)
        before = f"; it stood first on line {first}" if first else ""
        message = f"{shown(lines[line - 1].strip())} gives a key or a table a second time"
        return Problem(place, f"{message}{header}{before}.", "Give every key and every table once.")
    if _OPEN.fullmatch(what):
        at_end = match is None or not match["line"]
        begun = (edition_lines.open_text(text) if at_end else None) or line
        remedy = (
            "Close it on the same line; a text over several lines stands between three "
            'quotation marks on each side: """…""".'
        )
        return Problem(place, f"A quotation mark is not closed on line {begun}{header}.", remedy)
    remedy = 'Write key = value, texts in quotation marks: title = "Commons".'
    return Problem(place, f"This is not TOML{header}: {what}.", remedy)


def _first(lines: Sequence[str], line: int) -> int | None:
    """The line on which stood first what stands on a line again, where that can be told."""
    written, before = lines[line - 1], lines[: line - 1]
    if header := _HEADER.fullmatch(written):
        same = (
            number
            for number, one in enumerate(before, 1)
            if (found := _HEADER.fullmatch(one)) and found[1] == header[1]
        )
        return next(same, None)
    if key := _KEY.match(written):
        for number in range(line - 1, 0, -1):
            if _HEADER.fullmatch(lines[number - 1]):
                return None
            if (found := _KEY.match(lines[number - 1])) and found[1] == key[1]:
                return number
    return None
