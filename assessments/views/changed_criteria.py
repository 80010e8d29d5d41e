"""What members read after the criteria have changed: what is to be answered, what lapsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessments import changeover, drafts
from assessments.changeover import Changeover, Lapsed
from assessments.evaluation import Published
from assessments.scoring.terms import Asked, Criterion, Role
from assessments.views.shown import criterion_url
from assessments.waiting import Wait, Waiting
from assessments.wording import Wording

NONE_WAITS: Mapping[str, Waiting] = {}
MOST_AT_ONCE = 6
"""More names than these are folded, so that what one came for is not pushed off the page."""


def changed_criteria(
    before: Published | None,
    draft: drafts.Draft,
    waits: Mapping[str, Waiting] = NONE_WAITS,
) -> dict[str, Any]:
    """What has changed since one published, as `_criteria_changed.html` and `_lapsed.html` take it.

    `before`: what one published last, None where that was under the current criteria. `waits`: the
    questions that wait for an answer.
    """
    found = changeover.since(before, draft, waits)
    slug, now = draft.organisation.slug, Wording.of(draft.edition)
    words = now if before is None else Wording.of(before.edition)
    return {
        "changeover": _Named(slug, words, now).told(found) if found.is_any else None,
        "lapsed": [_lapsed(one, words, slug) for one in found.lapsed],
    }


@dataclass(frozen=True, slots=True)
class _Named:
    """Names questions, each with the way to it, for the members of one organisation."""

    organisation: str
    before: Wording
    now: Wording

    def told(self, found: Changeover) -> dict[str, Any]:
        """A changeover as its templates take it."""
        lists = (found.dropped, found.reworded, found.stricter, found.reweighed)
        return {
            "to_answer": found.to_answer,
            "is_other": found.is_other,
            "is_long": found.to_answer + sum(map(len, lists)) > MOST_AT_ONCE,
            "anew": self._waiting(found, Wait.ANEW),
            "new": self._waiting(found, Wait.NEW),
            "reworded": [self._asked(now) for _, now in found.reworded],
            "dropped": self._dropped(found.dropped),
            "stricter": [
                self._required(now, self._stricter(before, now)) for before, now in found.stricter
            ],
            "reweighed": [
                self._required(now, f"{_weight(before)} → {_weight(now)}")
                for before, now in found.reweighed
            ],
            "bars": found.bars,
        }

    def _waiting(self, found: Changeover, why: Wait) -> list[dict[str, str]]:
        by_slug = self.now.edition.by_slug
        return [self._asked(by_slug[slug]) for slug, one in found.waiting.items() if one.why is why]

    def _asked(self, criterion: Criterion) -> dict[str, str]:
        url = reverse("question", args=[self.organisation, criterion.slug])
        return {"question": self.now.of_criterion(criterion), "url": url, "note": ""}

    def _dropped(self, criteria: Iterable[Criterion]) -> list[dict[str, str]]:
        edition = reverse("criteria-edition", args=[self.before.edition.slug])
        return [
            {
                "question": self.before.of_criterion(one),
                "url": f"{edition}#criterion-{one.slug}",
                "note": "",
            }
            for one in criteria
        ]

    def _required(self, criterion: Criterion, note: str) -> dict[str, str]:
        """A question with the way to what one asks of others on it."""
        slug = criterion.slug
        url = f"{reverse('requirements', args=[self.organisation])}#asked-{slug}"
        return {
            "question": self.now.of_criterion(criterion),
            "url": criterion_url(slug) if criterion.role is Role.NONE else url,
            "note": note,
        }

    def _stricter(self, before: Criterion, now: Criterion) -> str:
        was = self.before.must_reach(before, before.must_reach) or "no deal-breaker"
        return f"{was} → {self.now.must_reach(now, now.must_reach)}"


def _weight(criterion: Criterion) -> str:
    return "not scored" if criterion.role is Role.NONE else str(criterion.importance)


def _lapsed(one: Lapsed, words: Wording, slug: str) -> dict[str, Any]:
    said, why = _own(one, words), _why(one.before, one.now)
    return {
        "question": words.of_criterion(one.before),
        "said": said,
        "why": why,
        "note": f"{said}; {why}",
        "is_set_again": one.is_set_again,
        "url": f"{reverse('requirements', args=[slug])}#asked-{one.before.slug}"
        if one.now is not None and one.now.role is not Role.NONE
        else "",
    }


def _own(one: Lapsed, words: Wording) -> str:
    """What was asked, as far as the organisation said so itself."""
    parts = []
    if one.own.importance is not None:
        parts.append(f"importance {one.own.importance}")
    if one.own.must_reach is not None:
        parts.append(f"deal-breaker: {words.must_reach(one.before, one.own.must_reach)}")
    elif one.own.says_must_reach:
        parts.append("no deal-breaker")
    return ", ".join(parts)


def _why(before: Criterion, now: Criterion | None) -> str:
    if now is None:
        return "not asked any more"
    if now.meaning != before.meaning:
        return "it asks something else now"
    return "judged in another way now" if now.role is not Role.NONE else "not scored any more"


def standard_was(before: Published | None, draft: drafts.Draft, criterion: Criterion) -> str:
    """What the standard policy asked when one published, where that changed and nothing is own.

    As the end of a sentence, such as "importance 2"; nothing where it asks the same, or where the
    question has another meaning by now.
    """
    earlier = before.edition.by_slug.get(criterion.slug) if before else None
    if before is None or earlier is None or earlier.role is not criterion.role:
        return ""
    if earlier.meaning != criterion.meaning:
        return ""
    own = draft.requirements.criteria.get(criterion.slug, Asked())
    parts = []
    if own.importance is None and earlier.importance != criterion.importance:
        parts.append(f"importance {earlier.importance}")
    if not own.says_must_reach and earlier.must_reach != criterion.must_reach:
        asked = Wording.of(before.edition).must_reach(earlier, earlier.must_reach)
        parts.append(f"deal-breaker {asked}" if asked else "no deal-breaker")
    return ", ".join(parts)


def is_other(before: Published | None, criterion: Criterion) -> bool:
    """Whether a question was not asked, or asked something else, when one published."""
    if before is None:
        return False
    earlier = before.edition.by_slug.get(criterion.slug)
    return earlier is None or (earlier.meaning, earlier.role) != (criterion.meaning, criterion.role)


def standard_bar_was(before: Published | None, draft: drafts.Draft) -> int | None:
    """The standard bar when one published, where it changed and one has none of one's own."""
    if before is None or draft.requirements.threshold is not None:
        return None
    was = before.edition.threshold
    return was if was != draft.edition.threshold else None
