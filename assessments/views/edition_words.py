"""What the curators' desk says of an edition: its mistakes, and what differs from another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assessments.catalogue import edition_changes, edition_lines, edition_rules, word_changes
from assessments.catalogue.edition_changes import PLACE, Changed, Difference, Weight
from assessments.scoring import terms
from assessments.scoring.problems import Problem
from assessments.views.explained import explained
from assessments.wording import PRINCIPLES, Wording
from orgs import places

MOST_PROBLEMS = 1_000
"""So many mistakes of a file are shown; whoever has more mends these first."""

MOST_WRITTEN = 80
"""So many characters of a line are shown."""

_AT_LINE = re.compile(r"line (\d+),")
_PLACE = re.compile(r"\S*[.\[]\S*")
_STEPS = re.compile(r"[^.\[_-]*[.\[_-]?|.")
"""A place in steps, between which a narrow page may break it."""
_IN_LIST = re.compile(r"([a-z_]+)\[(\d+)\]")
_PARTS = {"levels": "level", "bands": "band", "principles": "number", "licences": "licence"}
"""What a part of a list is called; people count them from one."""

Shown: TypeAlias = list[dict[str, Any]]
"""A value in stretches: `text`, `code` (its name in the file, or nothing), `is_changed`."""

LABELS = {
    "counter_example": "counter-example",
    "must_reach": "deal-breaker",
    "allow_na": "“does not apply” allowed",
    "na_meets": "“does not apply” meets the deal-breaker",
    "reversed": "“no” is the good answer",
    "levels": "the answers",
    "core": "asked first",
    "meaning": "meaning changed",
    "threshold": "bar (threshold)",
    "headline": "decides the headline",
    "text": "the answer",
}


def told(problems: Sequence[Problem], text: str = "") -> dict[str, Any]:
    """Mistakes as their templates take them, each with its line in a text where it has one."""
    lines = edition_lines.lines(text)
    written = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    found = [_told(one, lines, written) for one in problems]
    # In the order of the file; what stands on no line comes after.
    found.sort(key=lambda one: one["line"] or len(written) + 1)
    return {
        "problems": found[:MOST_PROBLEMS],
        "count": len(problems),
        "more": max(len(problems) - MOST_PROBLEMS, 0),
    }


def _told(one: Problem, lines: Mapping[str, int], written: Sequence[str]) -> dict[str, Any]:
    """One mistake: its place in steps, and the line on which it stands as it is written there.

    Where it is part of a list, the place is in two, with a word for the part between them.
    """
    line = edition_lines.line_of(one.place, lines)
    at = _AT_LINE.match(one.place)
    if line is None and at:
        line = int(at[1])
    is_there = line is not None and line <= len(written)
    part = _IN_LIST.search(one.place)
    before, after = (
        (one.place[: part.start()].rstrip("."), one.place[part.end() :].lstrip("."))
        if part
        else (one.place, "")
    )
    return {
        "steps": _steps(before),
        "part": f"{_PARTS.get(part[1], part[1])} {int(part[2]) + 1}" if part else "",
        "steps_in_part": _steps(after),
        "line": line,
        "names_line": at is not None,
        "written": _cut(written[line - 1]) if line is not None and is_there else "",
        "message": one.message,
        "remedy": one.remedy,
    }


def _steps(place: str) -> list[str]:
    return _STEPS.findall(place) if _PLACE.fullmatch(place) else [place] if place else []


def _cut(line: str) -> str:
    """A line as one can search for it: without the blanks around it, and only its beginning."""
    return line.strip()[:MOST_WRITTEN].rstrip()


# What differs


def compared(
    before: terms.Edition, after: terms.Edition, meanings: Mapping[str, set[int]]
) -> dict[str, Any]:
    """What differs between two editions, as its template takes it: what weighs most first.

    `meanings`: those that each criterion has had in any edition published before the later one.
    """
    found = edition_changes.compare(before, after)
    both = _Both(Wording.of(before), Wording.of(after), meanings)
    numbers = {one.slug: number for number, one in enumerate(after.criteria, 1)}
    elsewhere = [one for one in found.changed if _is_only_elsewhere(one)]
    renamed = edition_changes.renamed(found)
    return {
        "edition": [both.difference(one) for one in found.edition],
        "added": [
            {
                **both.changed(one),
                "dimension": both.after.of_dimension(one.criterion.dimension),
                "criterion": explained(one.criterion, numbers[one.criterion.slug], both.after),
                "was_there": one.criterion.meaning in both.meanings.get(one.criterion.slug, ()),
                "was": renamed.get(one.criterion.slug, ""),
            }
            for one in found.added
        ],
        "removed": [{"slug": one.slug, "question": one.question} for one in found.removed],
        "changed": [
            both.changed(one)
            for weight in reversed(Weight)
            # Those that have moved stand together.
            for one in sorted(found.changed, key=lambda each: not _is_elsewhere(each))
            if one.weight is weight and one not in elsewhere
        ],
        "elsewhere": _groups(both, elsewhere),
        "changed_count": len(found.changed),
        "unchanged": found.unchanged,
        "is_same": found.is_same,
    }


def _is_elsewhere(one: Changed) -> bool:
    """Whether a criterion belongs to another dimension now."""
    return any(each.key == "dimension" for each in one.differences)


def _is_only_elsewhere(one: Changed) -> bool:
    """Whether nothing else of it has changed."""
    return _is_elsewhere(one) and {each.key for each in one.differences} <= {"dimension", PLACE}


def _groups(both: _Both, moved: Iterable[Changed]) -> list[dict[str, Any]]:
    """Criteria that only belong to another dimension now, by both dimensions."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for one in moved:
        of = next(each for each in one.differences if each.key == "dimension")
        ways = (of.before, of.after)
        if ways not in groups:
            groups[ways] = {"differences": [both.difference(of, one)], "questions": []}
        groups[ways]["questions"].append(
            {"slug": one.criterion.slug, "question": one.criterion.question}
        )
    return list(groups.values())


@dataclass(frozen=True)
class _Both:
    """The words of two editions, and the meanings that each criterion has ever had."""

    before: Wording
    after: Wording
    meanings: Mapping[str, set[int]]

    def changed(self, one: Changed) -> dict[str, Any]:
        """A criterion that is in both, with its differences and what becomes of its answers."""
        new, old = one.criterion, one.before
        used = self.meanings.get(new.slug, set[int]())
        return {
            "slug": new.slug,
            "question": new.question,
            "weight": one.weight.value if one.differences else "",
            "only_moved": {each.key for each in one.differences} == {PLACE},
            "is_elsewhere": old is not None and _is_elsewhere(one),
            "meaning_before": old.meaning if old is not None else None,
            "meaning": new.meaning,
            "counts_again": old is not None and new.meaning != old.meaning and new.meaning in used,
            "next_meaning": edition_rules.unused_meaning(used) if one.is_reworded else None,
            "differences": [self.difference(each, one) for each in one.differences],
        }

    def difference(self, one: Difference, of: Changed | None = None) -> dict[str, Any]:
        """One difference: what it is of, in words, and both values in stretches."""
        label: dict[str, Any] = {
            "key": LABELS.get(one.key, one.key),
            "of": "",
            "code": one.of,
            "language": places.language_itself(one.language) if one.language else "",
            "weight": one.weight.value,
        }
        if of is None:
            label["of"] = self._dimension(one.of) if one.of else ""
            return {**label, **self._values(one)}
        if one.of and one.key != "text":
            label["of"] = _level(self.after, of.criterion, one.of).rstrip(".")
        special = _SPECIAL.get(one.key)
        if special is not None and not one.language and of.before is not None:
            values = (special(self.before, of.before), special(self.after, of.criterion))
            return {**label, **_marked(*values)}
        return {**label, **self._values(one)}

    def _values(self, one: Difference) -> dict[str, Shown]:
        before, after = word_changes.parts(one.before, one.after)
        return {"before": _stretches(before), "after": _stretches(after)}

    def _dimension(self, slug: str) -> str:
        for words in (self.after, self.before):
            if any(one.slug == slug for one in words.edition.dimensions):
                return words.of_dimension(slug)
        return slug


def _stretches(parts: Iterable[word_changes.Part]) -> Shown:
    """A text in stretches; nothing if one would see nothing of it."""
    found: Shown = [{"text": one.text, "code": "", "is_changed": one.is_changed} for one in parts]
    return found if any(one["text"].strip() for one in found) else []


Named: TypeAlias = list[tuple[str, str]]
"""Words, each with its name in the file."""


def _marked(before: Named, after: Named) -> dict[str, Shown]:
    """Two lists of words; what only one of them has is marked."""
    return {
        "before": [_stretch(one, one not in after) for one in before],
        "after": [_stretch(one, one not in before) for one in after],
    }


def _stretch(one: tuple[str, str], is_changed: bool) -> dict[str, Any]:
    return {"text": one[0], "code": one[1], "is_changed": is_changed, "is_item": True}


def _level(words: Wording, criterion: terms.Criterion, slug: str) -> str:
    return words.level(criterion, criterion.positions[slug])


def _levels(words: Wording, criterion: terms.Criterion) -> Named:
    return [
        (
            words.level(criterion, position)
            + (f" (credit {level.credit})" if level.credit is not None else ""),
            level.slug,
        )
        for position, level in enumerate(criterion.levels)
    ]


def _must_reach(words: Wording, criterion: terms.Criterion) -> Named:
    asked = criterion.must_reach
    if asked is None:
        return []
    if asked == terms.SAME and criterion.role is terms.Role.SIMILARITY:
        return [("the same answer", asked)]
    return [(_level(words, criterion, asked), asked)]


def _dimension(words: Wording, criterion: terms.Criterion) -> Named:
    return [(words.of_dimension(criterion.dimension), criterion.dimension)]


def _principles(words: Wording, criterion: terms.Criterion) -> Named:
    return [(PRINCIPLES[number], str(number)) for number in criterion.principles]


_SPECIAL = {
    "levels": _levels,
    "must_reach": _must_reach,
    "dimension": _dimension,
    "principles": _principles,
}
"""What the file says by names only is said in words, with the names beside them."""
