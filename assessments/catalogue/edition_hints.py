"""What an edition could still have, or should look at, before it is published.

These are hints: an edition without any of it is right, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.catalogue.edition_changes import goes_back
from assessments.catalogue.edition_keys import KEY_OF_LEVEL_TEXTS, TRANSLATED_CRITERION_KEYS
from assessments.scoring.terms import Criterion, Edition, Kind, Translation


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a text stands: of a criterion, a dimension or the edition, under which key.

    `level`: of which of a criterion's levels it is the text, by slug.
    """

    criterion: str
    dimension: str
    key: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """Of one translation, the texts that it lacks, and those of which only the original changed.

    `stale`: those of them whose criterion has another meaning now, so that the translation asks
    something else than the original; `outdated` has the others.
    """

    tag: str
    missing: tuple[Place, ...]
    outdated: tuple[Place, ...]
    stale: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """All hints on one edition.

    `lacking`: by key, the criteria without that text, by slug; `levels` stands for the texts of
    answers. `old_titles`: the languages in which the title is still that of the current edition,
    though it is another one in its own language. `dimensions`: those without a question.
    """

    has_same_title: bool
    lacking: Mapping[str, tuple[str, ...]]
    old_titles: tuple[str, ...]
    dimensions: tuple[str, ...]
    languages: tuple[Language, ...]

    @property
    def are_any(self) -> bool:
        """Whether there is anything to say."""
        return bool(
            self.has_same_title
            or self.old_titles
            or self.lacking
            or self.dimensions
            or self.languages
        )


TEXT_KEYS = ("why", "example", "counter_example", "shows", "source", "reason", "levels")
_TRANSLATED = tuple(
    key for key in TRANSLATED_CRITERION_KEYS if key not in KEY_OF_LEVEL_TEXTS.values()
)


def hints(edition: Edition, current: Edition | None) -> Hints:
    """What to look at in an edition that would take the place of the current one."""
    lacking = {
        key: found
        for key in TEXT_KEYS
        if (found := tuple(one.slug for one in edition.criteria if _lacks(one, key)))
    }
    languages = [_language(tag, edition, current) for tag in edition.translations]
    return Hints(
        has_same_title=current is not None and edition.title.strip() == current.title.strip(),
        lacking=lacking,
        old_titles=tuple(_old_titles(edition, current)),
        dimensions=tuple(one.slug for one in edition.dimensions if not one.question.strip()),
        languages=tuple(one for one in languages if one.missing or one.outdated or one.stale),
    )


def _old_titles(edition: Edition, current: Edition | None) -> Iterator[str]:
    if current is None or edition.title.strip() == current.title.strip():
        return
    for tag, translation in edition.translations.items():
        title, before = (
            "" if texts is None else texts.edition.get("title", "").strip()
            for texts in (translation, current.translations.get(tag))
        )
        if title and title == before:
            yield tag


def _lacks(criterion: Criterion, key: str) -> bool:
    if key == "levels":
        # Bands and classes of licences have words of their own.
        return criterion.kind in (Kind.PRACTICE, Kind.CHOICE) and not all(
            level.text.strip() for level in criterion.levels
        )
    if key == "reason" and criterion.must_reach is None and not criterion.headline:
        return False
    return not getattr(criterion, key).strip()


def _language(tag: str, edition: Edition, current: Edition | None) -> Language:
    originals, translated = dict(_originals(edition)), dict(_texts(edition.translations[tag]))
    outdated: list[Place] = []
    if current is not None and current.language == edition.language and tag in current.translations:
        there, before = dict(_originals(current)), dict(_texts(current.translations[tag]))
        outdated = [
            place
            for place, text in originals.items()
            if place in translated
            # What takes back an earlier meaning comes with the translation of that.
            and not goes_back(place.criterion, current, edition)
            and there.get(place, text) != text
            and before.get(place) == translated[place]
        ]
    missing = [place for place, text in originals.items() if text and place not in translated]
    stale = {place for place in outdated if _asks_something_else(place, edition, current)}
    return Language(
        tag,
        tuple(missing),
        tuple(place for place in outdated if place not in stale),
        tuple(place for place in outdated if place in stale),
    )


def _asks_something_else(place: Place, edition: Edition, current: Edition | None) -> bool:
    """Whether a text is of a criterion that has another meaning in the current edition."""
    before = None if current is None else current.by_slug.get(place.criterion)
    return before is not None and before.meaning != edition.by_slug[place.criterion].meaning


def _originals(edition: Edition) -> Iterator[tuple[Place, str]]:
    """Every text that can be translated, in the edition's own language."""
    for key in ("title", "description"):
        yield Place("", "", key), getattr(edition, key).strip()
    for dimension in edition.dimensions:
        for key in ("title", "question"):
            yield Place("", dimension.slug, key), getattr(dimension, key).strip()
    for criterion in edition.criteria:
        for key in _TRANSLATED:
            yield Place(criterion.slug, "", key), getattr(criterion, key).strip()
        if criterion.kind in KEY_OF_LEVEL_TEXTS:
            for level in criterion.levels:
                yield Place(criterion.slug, "", "text", level.slug), level.text.strip()


def _texts(translation: Translation) -> Iterator[tuple[Place, str]]:
    """Every text of a translation that is not blank."""
    found = [
        *((Place("", "", key), text) for key, text in translation.edition.items()),
        *(
            (Place("", slug, key), text)
            for slug, texts in translation.dimensions.items()
            for key, text in texts.items()
        ),
        *(
            (Place(slug, "", key), text)
            for slug, texts in translation.criteria.items()
            for key, text in texts.items()
        ),
        *(
            (Place(slug, "", "text", level), text)
            for slug, texts in translation.levels.items()
            for level, text in texts.items()
        ),
    ]
    for place, text in found:
        if text.strip():
            yield place, text
