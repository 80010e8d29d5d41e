"""Home, and the organisations that have published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import browsing, glances
from assessments.browsing import Entry
from assessments.compatibility import overview
from assessments.compatibility.pairs import Verdict
from assessments.glances import Glance
from assessments.models import Edition
from assessments.views import filters
from assessments.views.paging import paged
from assessments.world import World, read_world
from orgs import acting, places
from orgs.models import Organisation
from orgs.models.membership import Membership

PAGE_SIZE = 20
FACETS = ("verdict", "headline", "country", "sector")
"""What the list can be narrowed down to; the verdict only from the side of one who is listed."""
SAMPLES = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What CoopCheck is for, and a way in."""
    edition = Edition.objects.current()
    current = edition.as_terms() if edition else None
    world = read_world(edition) if edition else None
    return render(
        request,
        "assessments/home.html",
        {
            "organisations_url": reverse("organisations"),
            "edition": edition,
            "counts": {
                "organisations": len(world) if world else 0,
                "criteria": len(current.criteria) if current else 0,
                "dimensions": len(current.dimensions) if current else 0,
            },
            "samples": _samples(world) if world else [],
        },
    )


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All who have published, searched, narrowed down and paged; for a member with the verdicts."""
    edition, own = Edition.objects.current(), acting.membership(request)
    wanted = filters.wanted(request, FACETS)
    world = None if edition is None else read_world(edition)
    found = browsing.browse(edition, wanted, own.organisation if own else None, world=world)
    side = own if found.has_own else None
    page = paged(request, found.entries, PAGE_SIZE, lambda shown: _entries(shown, side, world))
    facets = FACETS if found.has_own else FACETS[1:]
    context = {
        "organisations_url": reverse("organisations"),
        "page": page,
        "own": own.organisation if own else None,
        "has_verdicts": found.has_own,
        "filters": filters.shown(found, facets),
    }
    return render(request, "assessments/organisations.html", context)


def _entries(
    found: Iterable[Entry], own: Membership | None, world: World | None
) -> list[dict[str, Any]]:
    """Entries of a list as its template takes them; with a way to each pair of one's own."""
    entries = list(found)
    others = Organisation.objects.in_bulk([entry.organisation_id for entry in entries])
    seen: Mapping[int, Glance] = {}
    if own is not None and world is not None:
        seen = glances.glances(world, own.organisation_id, others)
    return [
        {
            **described(organisation),
            "reason": _reason(entry, seen.get(organisation.pk)),
            "bar": bar_of(entry, seen.get(organisation.pk)),
            "summary": organisation.summary,
            "headline": entry.headline,
            "is_own": entry.is_own,
            "verdict": entry.verdict,
            "low": entry.low,
            "high": entry.high,
            "pair_url": reverse("pair", args=[own.organisation.slug, organisation.slug])
            if own and entry.verdict
            else "",
        }
        for entry in entries
        if (organisation := others.get(entry.organisation_id)) is not None
    ]


def _reason(entry: Entry, glance: Glance | None) -> str:
    """Why a pair is not compatible, in a word or two; nothing for any other."""
    if glance is None or entry.verdict != Verdict.NOT_COMPATIBLE:
        return ""
    return "a deal-breaker" if glance.by_deal_breaker else "below the bar"


def bar_of(entry: Entry, glance: Glance | None) -> int | None:
    """The bar that the less satisfied side asks, where two are compatible with something open.

    Without it nobody sees why so little that is known is enough.
    """
    if glance is None or entry.verdict != Verdict.COMPATIBLE or entry.low == entry.high:
        return None
    return glance.bar


def _samples(world: World) -> list[dict[str, Any]]:
    """A few organisations as rows of a list, each with its headline answer."""
    latest = world.latest(SAMPLES)
    found = Organisation.objects.in_bulk(latest)
    return [
        {
            **described(found[pk]),
            "summary": found[pk].summary,
            "headline": overview.HEADLINES[world.headlines[world.places[pk]]].value,
        }
        for pk in latest
        if pk in found
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
