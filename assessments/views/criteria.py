"""The criteria for everybody to read: of the current edition, and of any that ever was current."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.views.explained import explained
from assessments.wording import Wording
from orgs import access, places


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """The current edition, dimension by dimension, with the way to those before it."""
    published = Edition.objects.exclude(state=EditionState.DRAFT).order_by("-published_at", "-pk")
    current, retired = None, []
    for row in published:
        if row.state == EditionState.PUBLISHED:
            current = row
        else:
            retired.append(row)
    if current is None:
        return render(request, "assessments/criteria.html", {"edition": None})
    return _page(request, current, retired)


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Any edition as everybody reads it; a draft is only there for curators."""
    row = get_object_or_404(Edition, slug=slug)
    if row.state == EditionState.DRAFT and not access.is_curator(request):
        raise Http404
    return _page(request, row)


def _page(request: HttpRequest, row: Edition, retired: Sequence[Edition] = ()) -> HttpResponse:
    edition = row.as_terms()
    words = Wording.of(edition, request.GET.get("lang"))
    numbered = {criterion.slug: number for number, criterion in enumerate(edition.criteria, 1)}
    context = {
        "edition": {
            "slug": row.slug,
            "state": row.state,
            "title": words.of_edition("title"),
            "description": words.of_edition("description"),
            "licence": edition.licence,
            "language": words.language,
            "threshold": edition.threshold,
            "published_on": row.published_at,
        },
        "retired": retired,
        "languages": [
            {
                "tag": tag,
                "name": places.language_itself(tag),
                "url": f"{request.path}?lang={tag}",
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
                    explained(criterion, numbered[criterion.slug], words)
                    for criterion in edition.criteria
                    if criterion.dimension == dimension.slug
                ],
            }
            for dimension in edition.dimensions
        ],
    }
    return render(request, "assessments/criteria.html", context)
