"""An organisation's profile: what its published answers say about it, and what it asks."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import evaluation
from assessments.evaluation import Published
from assessments.models import Assessment, Edition, Sheet
from assessments.models.sheet import listed
from assessments.scoring import terms
from assessments.views import gone
from assessments.views.directory import described
from assessments.views.shown import Shown
from orgs import acting, places
from orgs.models import Organisation

_FIGURES = re.compile(r"[0-9]+(-[0-9]+)?\+?")


@require_safe
@gone.where_withdrawn
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile of an organisation that has published."""
    organisation = get_object_or_404(
        listed().select_related("sheet__assessment__edition", "sheet__assessment__publication"),
        slug=slug,
    )
    edition = Edition.objects.current()
    if edition is None:
        raise Http404
    (published,) = evaluation.read([organisation.sheet.assessment])
    context = {
        **profile_of(organisation, published, edition.as_terms()),
        "earlier": _earlier(published.assessment),
        **_beside(request, organisation),
    }
    return render(request, "assessments/profile.html", context)


def _beside(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """For a member of another that is listed: the way to the page of the two."""
    acts = acting.membership(request)
    if acts is None or acts.organisation_id == organisation.pk:
        return {}
    if not Sheet.objects.filter(organisation=acts.organisation_id).exists():
        return {}
    own = acts.organisation
    return {"own": own.name, "pair_url": reverse("pair", args=[own.slug, organisation.slug])}


def _earlier(latest: Assessment) -> list[dict[str, Any]]:
    """What an organisation has published before, the latest first."""
    organisation = latest.organisation
    before = organisation.assessments.filter(number__lt=latest.number).order_by("-number")
    return [
        {"number": number, "on": on, "url": reverse("published", args=[organisation.slug, number])}
        for number, on in before.values_list("number", "published_at")
    ]


@require_safe
@gone.where_withdrawn
def published(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One published assessment as it was on its day, under its own edition."""
    organisation = get_object_or_404(listed().select_related("sheet__assessment"), slug=slug)
    assessment = get_object_or_404(
        organisation.assessments.select_related("edition", "publication"),
        number=number,
        published_at__isnull=False,
    )
    (one,) = evaluation.read([assessment])
    context = {
        **profile_of(organisation, one, one.edition),
        "is_latest": organisation.sheet.assessment_id == assessment.pk,
        "latest_url": reverse("organisation", args=[slug]),
    }
    return render(request, "assessments/published.html", context)


def profile_of(
    organisation: Organisation, published: Published, edition: terms.Edition
) -> dict[str, Any]:
    """The page of an organisation with an assessment seen through an edition."""
    return {
        "organisations_url": reverse("organisations"),
        "organisation": {
            **described(organisation),
            "summary": organisation.summary,
            "size": _size(organisation.size_class),
            "website": organisation.website,
            "sectors": organisation.sectors,
            "languages": [places.language(tag) for tag in organisation.languages],
        },
        "profile": Shown.of(published, edition).profile(organisation),
    }


def _size(size_class: str) -> str:
    """How many people, in words where it was given in figures: "2–9 people"."""
    if not _FIGURES.fullmatch(size_class):
        return size_class
    return "1 person" if size_class == "1" else f"{size_class.replace('-', '–')} people"
