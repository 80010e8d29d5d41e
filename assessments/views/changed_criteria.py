"""What members read after the criteria have changed: what is to be answered, what lapsed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from assessments import changeover, drafts
from assessments.changeover import Lapsed
from assessments.evaluation import Published
from assessments.scoring.terms import Criterion, Role
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
