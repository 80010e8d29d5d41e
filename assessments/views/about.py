"""How organisations and pairs are judged, what is checked, and who runs the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import Edition
from assessments.scoring.gap import BOUND
from assessments.scoring.terms import Edition as Terms
from assessments.wording import Wording


def in_templates(request: HttpRequest) -> dict[str, str]:
    """What stands on top of every page, if whoever runs the site has something to say."""
    return {"site_notice": settings.NOTICE}


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What a sceptical reader asks first."""
    row = Edition.objects.current()
    context = {
        "edition": row,
        "deciding": _deciding(row.as_terms()) if row else [],
        "enough": BOUND,
        "operator": settings.OPERATOR,
        "source_url": settings.SOURCE_URL,
    }
    return render(request, "assessments/about.html", context)


def _deciding(edition: Terms) -> list[dict[str, Any]]:
    """The questions that decide the headline, with the level that each has to reach."""
    words, criteria_url = Wording.of(edition), reverse("criteria")
    return [
        {
            "question": words.of_criterion(one),
            "url": f"{criteria_url}#criterion-{one.slug}",
            "required": words.must_reach(one, one.must_reach),
        }
        for one in edition.criteria
        if one.headline
    ]
