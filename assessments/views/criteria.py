"""The criteria of the current edition, for everybody to read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import Edition
from assessments.scoring.terms import Criterion, Evidence, Facet, Role
from assessments.wording import PRINCIPLES, Wording
from orgs import places


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """The current edition, dimension by dimension."""
    row = Edition.objects.current()
    if row is None:
        return render(request, "assessments/criteria.html", {"edition": None})
    edition = row.as_terms()
    words = Wording.of(edition, request.GET.get("lang"))
    numbered = {criterion.slug: number for number, criterion in enumerate(edition.criteria, 1)}
    context = {
        "edition": {
            "title": words.of_edition("title"),
            "description": words.of_edition("description"),
            "licence": edition.licence,
            "language": words.language,
            "threshold": edition.threshold,
            "published_on": row.published_at,
        },
        "languages": [
            {
                "tag": tag,
                "name": places.language_itself(tag),
                "url": f"{reverse('criteria')}?lang={tag}",
                "is_current": tag == words.language,
            }
            for tag in (edition.language, *edition.translations)
        ],
        "count": len(edition.criteria),
        "dimensions": [
            {
                "slug": dimension.slug,
                "title": words.of_dimension(dimension.slug),
                "question": words.of_dimension(dimension.slug, "question"),
                "criteria": [
                    _explained(criterion, numbered[criterion.slug], words)
                    for criterion in edition.criteria
                    if criterion.dimension == dimension.slug
                ],
            }
            for dimension in edition.dimensions
        ],
    }
    return render(request, "assessments/criteria.html", context)


def _explained(criterion: Criterion, number: int, words: Wording) -> dict[str, Any]:
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
