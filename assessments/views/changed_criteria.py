"""What members read after the criteria have changed: what is to be answered, what lapsed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from assessments import changeover, drafts
from assessments.changeover import Lapsed
from assessments.evaluation import Published
from assessments.scoring.terms import Asked, Criterion, Role
from assessments.wording import Wording


def changed_criteria(before: Published | None, draft: drafts.Draft) -> dict[str, Any]:
    """What has changed since one published, as `_criteria_changed.html` and `_lapsed.html` take it.

    `before`: what one published last, None where that was under the current criteria.
    """
    if before is None:
        return {"changeover": None, "lapsed": ()}
    found = changeover.since(before, draft)
    words = Wording.of(before.edition)
    return {
        "changeover": found,
        "lapsed": [_lapsed(one, words, draft.organisation.slug) for one in found.lapsed],
    }


def _lapsed(one: Lapsed, words: Wording, slug: str) -> dict[str, Any]:
    return {
        "question": words.of_criterion(one.before),
        "said": _own(one, words),
        "why": _why(one.before, one.now),
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
