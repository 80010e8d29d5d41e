"""Home, and the organisations that have published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.compatibility.encoding import Frame
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.scoring import profiles
from orgs import directory, places
from orgs.models import Organisation

PAGE_SIZE = 20
SAMPLES = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What CoopCheck is for, and a way in."""
    edition = Edition.objects.current()
    current = edition.as_terms() if edition else None
    samples = listed().order_by("-sheet__assessment__published_at", "slug")[:SAMPLES]
    return render(
        request,
        "assessments/home.html",
        {
            "organisations_url": reverse("organisations"),
            "edition": edition,
            "counts": {
                "organisations": listed().count(),
                "criteria": len(current.criteria) if current else 0,
                "dimensions": len(current.dimensions) if current else 0,
            },
            "samples": rows(samples, edition),
        },
    )


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations that have published, searched and paged."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = directory.search(listed(), query).order_by("search_text", "slug")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = rows(page.object_list, Edition.objects.current())  # type: ignore[assignment]
    context = {"search_url": reverse("organisations"), "query": query, "page": page}
    return render(request, "assessments/organisations.html", context)


def rows(found: Iterable[Organisation], edition: Edition | None) -> list[dict[str, Any]]:
    """Organisations as rows of a list, each with its headline answer."""
    if edition is None:
        return []
    current = edition.as_terms()
    frame = Frame.of(current)
    return [
        {
            **described(organisation),
            "summary": organisation.summary,
            "headline": profiles.headline(
                current, frame.sheet(bytes(organisation.sheet.row))
            ).answer.value,
        }
        for organisation in found
    ]


def described(organisation: Organisation) -> dict[str, Any]:
    """What a list says of an organisation, and where it is found."""
    return {
        "name": organisation.name,
        "url": reverse("organisation", args=[organisation.slug]),
        "place": organisation.place,
        "country": places.country(organisation.country),
        "legal_form": organisation.legal_form,
    }
