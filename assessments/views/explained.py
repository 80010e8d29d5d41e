"""A criterion as `components/criterion.html` explains it."""

from __future__ import annotations

from typing import Any

from assessments.scoring.terms import Criterion, Evidence, Facet, Role
from assessments.wording import PRINCIPLES, Wording


def explained(criterion: Criterion, number: int, words: Wording) -> dict[str, Any]:
    """A criterion with all that is said of it; `number` counts through the whole edition."""
    texts = ("question", "why", "example", "counter_example", "shows", "reason")
    return {
        **{name: words.of_criterion(criterion, name) for name in texts},
        "slug": criterion.slug,
        "number": number,
        "source": criterion.source,
        "kind": criterion.kind.value,
        "role": criterion.role.value,
        "agreement": criterion.agreement.value if criterion.role is Role.SIMILARITY else "",
        "facet": "" if criterion.facet is Facet.NONE else criterion.facet.value,
        "principles": [f"{number} {PRINCIPLES[number]}" for number in criterion.principles],
        "importance": criterion.importance,
        "must_reach": words.must_reach(criterion, criterion.must_reach),
        "headline": criterion.headline,
        "evidence_required": criterion.evidence is Evidence.REQUIRED,
        "allow_na": criterion.allow_na,
        "na_meets": criterion.na_meets,
        "is_reversed": criterion.reversed,
        "unit": criterion.unit,
        "levels": [
            {
                "text": words.level(criterion, position),
                "credit": level.credit if criterion.role is Role.STANDARD else None,
                "is_asked": level.slug == criterion.must_reach,
            }
            for position, level in enumerate(criterion.levels)
        ],
    }
