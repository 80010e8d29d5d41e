"""One organisation's match list, always as of this moment."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import matching
from assessments.matching import Match
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.views.directory import described
from orgs.models import Organisation

PAGE_SIZE = 25


@require_safe
def matches(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom an organisation could work with, the best first."""
    organisation = get_object_or_404(listed(), slug=slug)
    edition = Edition.objects.current()
    if edition is None:
        raise Http404
    found = matching.matches(organisation, edition)
    page = Paginator(found.matches, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = _rows(organisation, page.object_list)  # type: ignore[assignment]
    context = {
        "organisations_url": reverse("organisations"),
        "organisation": described(organisation),
        "as_of": timezone.now(),
        "counts": {
            verdict.value.replace("-", "_"): count for verdict, count in found.counts.items()
        },
        "page": page,
    }
    return render(request, "assessments/matches.html", context)


def _rows(organisation: Organisation, found: Any) -> list[dict[str, Any]]:
    listed_here: list[Match] = list(found)
    others = Organisation.objects.in_bulk([match.organisation_id for match in listed_here])
    return [
        {
            **described(others[match.organisation_id]),
            "rank": match.rank,
            "url": reverse("pair", args=[organisation.slug, match.slug]),
            "verdict": match.verdict.value,
            "low": match.low,
            "high": match.high,
        }
        for match in listed_here
        if match.organisation_id in others
    ]
