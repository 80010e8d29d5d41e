"""What the curators' desk says of a draft: what differs, what it sets off, what it could have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assessments.catalogue import edition_lines, edition_rules, word_changes
from assessments.catalogue.edition_changes import PLACE, Changed, Comparison, Difference, Weight
from assessments.catalogue.edition_hints import Hints, Place
from assessments.compatibility.pairs import VERDICTS
from assessments.foresight import Foresight
from assessments.scoring import terms
from assessments.scoring.problems import Problem
from assessments.views.explained import explained
from assessments.wording import PRINCIPLES, Wording
from orgs import places

MOST_PROBLEMS = 1_000
"""So many mistakes of a file are shown; whoever has more mends these first."""

Shown: TypeAlias = list[dict[str, Any]]
"""A value in stretches: `text`, `code` (its name in the file, or nothing), `is_changed`."""

_LABELS = {
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
    return {
        "problems": [
            {
                "place": one.place,
                "line": edition_lines.line_of(one.place, lines),
                "message": one.message,
                "remedy": one.remedy,
            }
            for one in problems[:MOST_PROBLEMS]
        ],
        "count": len(problems),
        "more": max(len(problems) - MOST_PROBLEMS, 0),
    }


# What differs


def changes(
    found: Comparison, before: terms.Edition, after: terms.Edition, earlier: Iterable[terms.Edition]
) -> dict[str, Any]:
    """A comparison as its template takes it: what weighs most first.

    `earlier`: every edition that was ever published.
    """
    both = _Both(Wording.of(before), Wording.of(after), edition_rules.meanings(earlier))
    numbers = {one.slug: number for number, one in enumerate(after.criteria, 1)}
    return {
        "edition": [both.difference(one) for one in found.edition],
        "added": [
            {
                **both.changed(one),
                "criterion": explained(one.criterion, numbers[one.criterion.slug], both.after),
                "was_there": one.criterion.meaning in both.meanings.get(one.criterion.slug, ()),
            }
            for one in found.added
        ],
        "removed": [{"slug": one.slug, "question": one.question} for one in found.removed],
        "changed": [
            both.changed(one)
            for weight in reversed(Weight)
            for one in found.changed
            if one.weight is weight
        ],
        "unchanged": found.unchanged,
        "is_same": found.is_same,
    }


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
            "meaning_before": old.meaning if old is not None else None,
            "meaning": new.meaning,
            "counts_again": old is not None and new.meaning != old.meaning and new.meaning in used,
            "next_meaning": edition_rules.unused_meaning(used) if one.is_reworded else None,
            "differences": [self.difference(each, one) for each in one.differences],
        }

    def difference(self, one: Difference, of: Changed | None = None) -> dict[str, Any]:
        """One difference: what it is of, in words, and both values in stretches."""
        label: dict[str, Any] = {
            "key": _LABELS.get(one.key, one.key),
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


# What publishing sets off


def foreseen(found: Foresight, now: terms.Edition, then: terms.Edition) -> dict[str, Any]:
    """A foresight as its template takes it."""
    questions = {one.slug: one.question for one in (*now.criteria, *then.criteria)}

    def counted(by_slug: Mapping[str, int]) -> list[dict[str, Any]]:
        return [
            {"slug": slug, "question": questions[slug], "count": count}
            for slug, count in sorted(by_slug.items(), key=lambda one: (-one[1], one[0]))
        ]

    return {
        "organisations": found.organisations,
        "of_all": found.of_all,
        "is_estimate": found.is_estimate,
        "losing": found.losing,
        "losers": found.losers,
        "more_losers": found.losing - len(found.losers),
        "lost": counted(found.lost),
        "gained": counted(found.gained),
        "pairs": found.pairs,
        "changing": found.changing,
        "verdicts": [
            {"verdict": one.value, "now": found.now(one), "then": found.then(one)}
            for one in VERDICTS
        ],
        "moves": [
            {"now": before.value, "then": after.value, "count": count}
            for (before, after), count in found.verdicts.items()
            if before is not after
        ],
    }


# What it could have


def hints(found: Hints) -> dict[str, Any]:
    """Hints as their template takes them."""
    return {
        "has_same_title": found.has_same_title,
        "lacking": [
            {"key": key, "count": len(slugs), "slugs": slugs}
            for key, slugs in found.lacking.items()
        ],
        "dimensions": found.dimensions,
        "languages": [
            {
                "name": places.language_itself(one.tag),
                "tag": one.tag,
                "missing": len(one.missing),
                "outdated": len(one.outdated),
                "missing_at": _places(one.missing),
                "outdated_at": _places(one.outdated),
            }
            for one in found.languages
        ],
    }


def _places(found: Iterable[Place]) -> list[dict[str, Any]]:
    """Texts by what they belong to: a criterion, a dimension or the edition."""
    keys: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place in found:
        what = "criterion" if place.criterion else "dimension" if place.dimension else "edition"
        key = f"text of {place.level}" if place.level else _LABELS.get(place.key, place.key)
        keys[what, place.criterion or place.dimension].append(key)
    return [
        {"what": what, "slug": slug, "keys": ", ".join(each)} for (what, slug), each in keys.items()
    ]
