"""What differs between two editions: every field of each thing in them, and every text.

The keys are the fields of the terms themselves, so that a new field is compared from its first day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from assessments.scoring.terms import Criterion, Dimension, Edition, Level, Texts, Translation


class Weight(StrEnum):
    """How much a difference changes: only words, what is counted, or what an answer stands for."""

    WORDS = "words"
    COUNTING = "counting"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of which the values differ, both in words; empty where there is none.

    `of`: the level or the dimension of which it is a key, by slug. `language`: the tag of the
    translation in which the text stands; empty for the edition's own language.
    """

    key: str
    weight: Weight
    before: str
    after: str
    of: str = ""
    language: str = ""

    @property
    def is_of_asking(self) -> bool:
        """Whether it is a text from which whoever answers learns what is asked."""
        return self.key in ASKING_KEYS and not self.language


@dataclass(frozen=True, slots=True)
class Changed:
    """A criterion of the later edition, and all in which it differs from the one before.

    `before` is None where there was none; then its differences are its translations.
    """

    criterion: Criterion
    before: Criterion | None
    differences: tuple[Difference, ...]

    @property
    def weight(self) -> Weight:
        """The greatest weight of its differences."""
        weights = {one.weight for one in self.differences}
        return next(one for one in reversed(Weight) if one in weights)

    @property
    def is_reworded(self) -> bool:
        """Whether it is asked in other words, while the answers given so far keep counting."""
        if self.before is None or self.before.meaning != self.criterion.meaning:
            return False
        return any(one.is_of_asking for one in self.differences)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One edition beside an earlier one. Whatever is the same in both is in none of these."""

    edition: tuple[Difference, ...]
    added: tuple[Changed, ...]
    removed: tuple[Criterion, ...]
    changed: tuple[Changed, ...]
    unchanged: int

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but the slugs of the editions."""
        return not (self.edition or self.added or self.removed or self.changed)


PLACE = "place"
"""The key of where a criterion or a dimension stands among the others."""
MEANING_KEYS = ("meaning", "kind", "reversed")
COUNTING_KEYS = (
    *("role", "agreement", "importance", "must_reach", "headline", "evidence"),
    *("allow_na", "na_meets", "facet", "principles", "threshold", "credit"),
)
ASKING_KEYS = ("question", "why", "example", "counter_example", "shows", "unit", "text")
"""Texts from which whoever answers learns what is asked."""
_APART = {
    Edition: {"slug", "dimensions", "criteria", "translations"},
    Dimension: {"slug"},
    Criterion: {"slug", "levels"},
    Level: {"slug", "bound"},
}
"""The fields that are compared as a whole, or by which two things are found to be the same one."""


def compare(before: Edition, after: Edition) -> Comparison:
    """What a later edition adds, takes out and changes."""
    orders = [[one.slug for one in each.criteria] for each in (before, after)]
    moved = _moved(*orders)
    both = [(before.by_slug[one.slug], one) for one in after.criteria if one.slug in before.by_slug]
    changed = [
        Changed(new, old, found)
        for old, new in both
        if (found := tuple(_of_criterion(old, new, moved, before, after)))
    ]
    return Comparison(
        edition=tuple(_of_edition(before, after)),
        added=tuple(
            Changed(one, None, tuple(_translations_of_criterion(one.slug, before, after)))
            for one in after.criteria
            if one.slug not in before.by_slug
        ),
        removed=tuple(one for one in before.criteria if one.slug not in after.by_slug),
        changed=tuple(changed),
        unchanged=len(both) - len(changed),
    )


def renamed(found: Comparison) -> dict[str, str]:
    """Criteria that ask, word by word, what one asked that is gone: by their slug, its slug."""
    gone = {_plain(one.question): one.slug for one in found.removed}
    return {
        one.criterion.slug: slug
        for one in found.added
        if (slug := gone.get(_plain(one.criterion.question)))
    }


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def differences(old: Criterion, new: Criterion) -> tuple[Difference, ...]:
    """All in which one criterion differs from another, but for its place and its translations.

    What weighs most comes first; what weighs the same stays in its order.
    """
    return _by_weight([*_fields(Criterion, old, new), *_levels(old, new)])


def goes_back(slug: str, before: Edition, after: Edition) -> bool:
    """Whether a criterion takes back a meaning that it had before the one of `before`."""
    old, new = before.by_slug.get(slug), after.by_slug.get(slug)
    return old is not None and new is not None and old.meaning > new.meaning


def _by_weight(found: Sequence[Difference]) -> tuple[Difference, ...]:
    return tuple(sorted(found, key=lambda one: -list(Weight).index(one.weight)))


def _of_criterion(
    old: Criterion,
    new: Criterion,
    moved: Mapping[str, tuple[str, str]],
    before: Edition,
    after: Edition,
) -> Iterator[Difference]:
    found = [*_fields(Criterion, old, new), *_levels(old, new)]
    if places := moved.get(new.slug):
        found.append(Difference(PLACE, Weight.WORDS, *places))
    yield from _by_weight(found)
    yield from _translations_of_criterion(new.slug, before, after)


def _fields(
    what: type[Edition | Dimension | Criterion | Level], old: object, new: object, of: str = ""
) -> Iterator[Difference]:
    """Where the fields of two things differ; of a thing that is not there, all are empty."""
    for field in fields(what):
        there, here = getattr(old, field.name, None), getattr(new, field.name, None)
        if field.name not in _APART[what] and _said(there) != _said(here):
            yield Difference(field.name, _weight(field.name), _said(there), _said(here), of)


def _weight(key: str) -> Weight:
    if key in MEANING_KEYS:
        return Weight.MEANING
    return Weight.COUNTING if key in COUNTING_KEYS else Weight.WORDS


def _levels(old: Criterion, new: Criterion) -> Iterator[Difference]:
    """Where the answers differ: which there are, what each counts, and how it is said."""
    stand_for = [[(one.slug, one.bound) for one in each.levels] for each in (old, new)]
    if stand_for[0] != stand_for[1]:
        yield Difference("levels", Weight.MEANING, _names(old.levels), _names(new.levels))
    there = {one.slug: one for one in old.levels}
    for level in new.levels:
        if level.slug in there:
            yield from _fields(Level, there[level.slug], level, of=level.slug)


def _of_edition(before: Edition, after: Edition) -> Iterator[Difference]:
    yield from _fields(Edition, before, after)
    for tag, there, here in _translations(before, after):
        yield from _texts(there.edition, here.edition, tag)
    both = [{one.slug: one for one in each.dimensions} for each in (before, after)]
    moved = _moved(*map(list, both))
    for slug in dict.fromkeys([*both[0], *both[1]]):
        yield from _fields(Dimension, both[0].get(slug), both[1].get(slug), of=slug)
        if places := moved.get(slug):
            yield Difference(PLACE, Weight.WORDS, *places, of=slug)
        for tag, there, here in _translations(before, after):
            translated = there.dimensions.get(slug, {}), here.dimensions.get(slug, {})
            yield from _texts(*translated, tag, of=slug)


def _translations(
    before: Edition, after: Edition
) -> Iterator[tuple[str, Translation, Translation]]:
    none = Translation()
    for tag in sorted({*before.translations, *after.translations}):
        yield tag, before.translations.get(tag, none), after.translations.get(tag, none)


def _translations_of_criterion(slug: str, before: Edition, after: Edition) -> Iterator[Difference]:
    for tag, there, here in _translations(before, after):
        yield from _texts(there.criteria.get(slug, {}), here.criteria.get(slug, {}), tag)
        levels = (there.levels.get(slug, {}), here.levels.get(slug, {}))
        for level in dict.fromkeys([*levels[0], *levels[1]]):
            texts = [{"text": each.get(level, "")} for each in levels]
            yield from _texts(texts[0], texts[1], tag, of=level)


def _texts(there: Texts, here: Texts, tag: str, of: str = "") -> Iterator[Difference]:
    for key in dict.fromkeys([*there, *here]):
        texts = there.get(key, ""), here.get(key, "")
        if texts[0] != texts[1]:
            yield Difference(key, Weight.WORDS, *texts, of, tag)


def _moved(before: Sequence[str], after: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Those of both that stand elsewhere among the others, with both places; as few as possible."""
    places = {slug: place for place, slug in enumerate(before)}
    common = [slug for slug in after if slug in places]
    staying = set(_longest_rising(common, [places[slug] for slug in common]))
    found = {
        slug: (_place(before, places[slug]), _place(after, after.index(slug)))
        for slug in common
        if slug not in staying
    }
    # One that goes along with its neighbour stands where it stood, seen from there.
    return {slug: both for slug, both in found.items() if both[0] != both[1]}


def _longest_rising(names: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """As many of the names as possible whose numbers, all different, rise."""
    least: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(least, number)
        before.append(at[length - 1] if length else -1)
        least[length : length + 1] = [number]
        at[length : length + 1] = [index]
    chain: list[str] = []
    index = at[-1] if at else -1
    while index >= 0:
        chain.append(names[index])
        index = before[index]
    return chain[::-1]


def _place(slugs: Sequence[str], place: int) -> str:
    return f"{place + 1}, after {slugs[place - 1]}" if place else "1, the first"


def _names(levels: tuple[Level, ...]) -> str:
    return ", ".join(
        one.slug if one.bound is None else f"{one.slug} ({one.bound:f})" for one in levels
    )


def _said(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
