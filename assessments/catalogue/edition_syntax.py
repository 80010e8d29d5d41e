"""What is wrong with a text that is no TOML, said so that its writer finds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assessments.catalogue import edition_lines
from assessments.catalogue.mistakes import shown
from assessments.catalogue.plain_values import SLUG_LENGTH
from assessments.scoring.problems import Problem, Refused

_AT = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)
_TWICE = re.compile(r"Cannot (overwrite|declare|mutate|redefine)|Duplicate")
_OPEN = re.compile(
    r"(Illegal|Found invalid) character '\\n'|Unterminated string|Expected [\"']'+[\"']"
)
_HEADER = re.compile(r"\s*\[{1,2}\s*([A-Za-z][A-Za-z0-9_.\"-]*)\s*\]{1,2}\s*(#.*)?")


class NoToml(Refused):
    """A text is no TOML: nothing behind the first mistake has been looked at."""


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
        if slip := _second(text, lines, line):
            return Problem(place, f"{slip[0]}{header}.", slip[1])
        if named := _NAMED_TABLE.fullmatch(lines[line - 1]):
            thing = _THINGS[named[1]]
            where = f" on line {first}" if first else ""
            message = f"There is already a {thing} {shown(named[2])}{where}."
            return Problem(place, message, _ONCE)
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
    at = int(match["column"]) - 1 if match and match["column"] else len(lines[line - 1])
    found = _slip(lines[line - 1], at, what)
    if found is not None:
        return Problem(place, f"{found[0]}{header}.", found[1])
    remedy = 'Write key = value, texts in quotation marks: title = "Commons".'
    return Problem(place, f"This is not TOML{header}: {what}.", remedy)


_CURLED = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]")
_TRUTH = re.compile(r"(?i)(true|false|yes|no|none|null)\b")
_COMMA = re.compile(r"\d+,\d+")
_ZEROS = re.compile(r"[+-]?0[0-9_]+\b")
_NUMBER = re.compile(r"[+-]?[0-9][0-9_.]*")
_WORD = re.compile(r"[^\W\d_][^\"'\[\]{}=,#]*")
_NEXT_KEY = re.compile(r"[\w.\"-]+\s*=")
_TRUE = {"true": "true", "yes": "true"}


def _slip(written: str, at: int, what: str) -> tuple[str, str] | None:
    """What is wrong with a line and how to write it, where it is one of the usual slips.

    `at`: the place in it (from 0) at which the TOML reader gave up.
    """
    value = written[at:]
    begun = written[:at].rpartition("=")[2].lstrip()
    number = _NUMBER.match(begun)
    whole = begun + value
    if _CURLED.match(value):
        return (
            f"{shown(value[0])} is a curly quotation mark, which a text processor puts in",
            'Write straight ones, as a plain text editor does: title = "Commons".',
        )
    if what == "Invalid value" and (truth := _TRUTH.match(value)):
        word = _TRUE.get(truth[0].lower(), "false")
        if truth[0].lower() in ("none", "null"):
            return f"{shown(truth[0])} is no value", "To leave a key empty, take its line out."
        return f"{shown(truth[0])} is not how TOML says it", f"Write {word}, in small letters."
    if number and (comma := _COMMA.match(whole)):
        right = comma[0].replace(",", ".")
        return f"{shown(comma[0])} has a comma", f"Write numbers with a point: {right}."
    if number and (zeros := _ZEROS.match(whole)):
        sign = "-" if zeros[0].startswith("-") else ""
        right = sign + (zeros[0].lstrip("+-0_") or "0")
        return f"{shown(zeros[0])} begins with a zero", f"Write it without: {right}."
    is_next_key = what == "Unclosed inline table" and _NEXT_KEY.match(value)
    if (
        begun.startswith(('"', "'"))
        and not is_next_key
        and value[:1]
        and (value[0].isalnum() or value[0] in "\"'")
    ):
        return (
            "A text ends at the second quotation mark, and something stands behind it",
            "Quotation marks inside a text are “ and ”, or have a backslash before them: "
            '"He said \\"yes\\" to it".',
        )
    if value[:1] in ",;" and what.startswith("Expected newline"):
        return f"{shown(value[0])} stands at the end of the line", "Take it out."
    if what.startswith("Unclosed"):
        is_list = what == "Unclosed array"
        closing, name = ("]", "list") if is_list else ("}", "group")
        example = (
            '[ {slug = "vote"}, {slug = "consent"} ]'
            if is_list
            else '{slug = "vote", text = "Majority vote"}'
        )
        return (
            f"A {name} goes on where a comma or “{closing}” is missing",
            f"Put a comma between its parts and “{closing}” behind the last: {example}.",
        )
    if what.startswith("Expected '='"):
        return (
            "A key has no “=” behind it",
            "Write key = value; a key of anything but letters a to z, digits, “-” and “_” stands "
            'in quotation marks: "from-0.1" = "A tenth".',
        )
    if what.startswith("Expected ']"):
        return (
            "The name of a table is not closed",
            "Close it on the same line: [criteria.rules], or [[criteria.rules.levels]].",
        )
    if what == "Invalid value" and (bare := _WORD.match(value)):
        return (
            f"{shown(bare[0].strip())} has no quotation marks",
            'Write texts in quotation marks: title = "Commons".',
        )
    return None


_NAMED_TABLE = re.compile(r"\s*\[\s*(criteria|dimensions)\s*\.\s*\"?([\w-]+)\"?\s*\]\s*(#.*)?")
_THINGS = {"criteria": "criterion", "dimensions": "dimension"}
_ONCE = "Give yours another slug, or take one of the two out: every table stands once."
_DOTTED = re.compile(r"(?<![\"'\w.-])from-\d+\.\d+(?=\s*=)")
_LIST_TABLE = re.compile(r"\s*\[\s*[\w.\"-]+\.(levels|bands)\s*\]\s*(#.*)?")


def _second(text: str, lines: Sequence[str], line: int) -> tuple[str, str] | None:
    """Why a key or a table seems to come twice, where it is one of the usual slips."""
    written = lines[line - 1]
    # The reader notices some only at the end of the file.
    dotted = _DOTTED.search(written) or (_DOTTED.search(text) if line == len(lines) else None)
    if dotted:
        return (
            f"{shown(dotted[0])} has a point, which cuts a key in two",
            f'Write it in quotation marks: "{dotted[0]}" = "…".',
        )
    if (single := _LIST_TABLE.fullmatch(written)) and "translations" not in written:
        right = written.partition("#")[0].strip().strip("[] ")
        return (
            f"{shown(written.strip())} is one table, but there are several {single[1]}",
            f"Write [[{right}]] above each of them, with two brackets.",
        )
    return None


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
