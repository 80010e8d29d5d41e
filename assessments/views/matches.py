"""One organisation's match list, and who is not on it and why; always as of this moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import browsing, comparison, glances, matching
from assessments.browsing import Entry
from assessments.compatibility.pairs import Verdict
from assessments.glances import Glance
from assessments.matching import Matches
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.views import filters, gone, standing, way
from assessments.views.comparison import Shown
from assessments.views.directory import bar_of, described
from assessments.views.in_the_way import InTheWay
from assessments.views.paging import paged
from assessments.world import World, read_world
from orgs import access, acting
from orgs.access import Action
from orgs.models import Organisation
from orgs.models.membership import Membership

PAGE_SIZE = 25
FACETS = ("verdict", "country", "sector")
MISMATCH_FACETS = ("country", "sector")


@require_safe
@gone.where_withdrawn
def matches(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom an organisation could work with, the best first."""
    organisation = listed().filter(slug=slug).first()
    if organisation is None:
        return _not_yet(request, slug)
    edition = Edition.objects.current()
    if edition is None:
        raise Http404
    wanted = filters.wanted(request, FACETS)
    if wanted.verdict == Verdict.NOT_COMPATIBLE:
        # They have a page of their own.
        others = filters.address(replace(wanted, verdict=""))
        return redirect(reverse("mismatches", args=[slug]) + others)
    found = matching.matches(organisation, edition)
    narrowed = browsing.browse_matches(found, wanted)
    member = _member(request, organisation)
    is_own = member is not None
    may_answer = member is not None and access.may(member.role, Action.ANSWER)
    page = paged(
        request,
        narrowed.entries,
        PAGE_SIZE,
        lambda shown: _rows(organisation, found, shown, is_own=is_own, may_answer=may_answer),
    )
    in_the_way = None
    if is_own and not found.counts[Verdict.COMPATIBLE]:
        in_the_way = InTheWay(found.world, organisation, is_own).most()
    context = {
        "organisations_url": reverse("organisations"),
        "matches_url": reverse("matches", args=[slug]),
        "organisation": described(organisation),
        "doors_url": reverse("doors", args=[slug]) if is_own else "",
        "in_the_way": in_the_way,
        "section": "desk" if is_own else "organisations",
        "as_of": timezone.now(),
        "mismatches_url": reverse("mismatches", args=[slug]),
        "counts": standing.in_words(found.counts),
        "total": len(found),
        "page": page,
        "filters": filters.shown(narrowed, FACETS, without=Verdict.NOT_COMPATIBLE),
    }
    return render(request, "assessments/matches.html", context)


def _waits_for(
    glance: Glance | None, own: Organisation, other: Organisation, *, is_own: bool
) -> str:
    """Whose answers a pair waits for, and how many they are, in words."""
    if glance is None:
        return ""
    sides = []
    if glance.waits_for_other:
        sides.append(_answers(len(glance.other_open), other.name))
    if glance.waits_for_own:
        sides.append(_answers(len(glance.own_open), "yours" if is_own else own.name))
    return " and ".join(sides)


def _answers(count: int, whose: str) -> str:
    """So many answers; without a number where another thing than a missing answer is in the way."""
    number = {0: "answers", 1: "1 answer"}.get(count, f"{count} answers")
    return f"{number} of {whose}"


def _is_own(request: HttpRequest, organisation: Organisation) -> bool:
    """Whether the asker is a member of the organisation."""
    return _member(request, organisation) is not None


def _member(request: HttpRequest, organisation: Organisation) -> Membership | None:
    mine = acting.memberships(request)
    return next((one for one in mine if one.organisation_id == organisation.pk), None)


def _not_yet(request: HttpRequest, slug: str) -> HttpResponse:
    """What is missing, for members of one that has published nothing; for others, nothing."""
    own = [one for one in acting.memberships(request) if one.organisation.slug == slug]
    if not own or gone.is_withdrawn({"slug": slug}):
        raise Http404
    context = {
        "organisation": {"name": own[0].organisation.name, "slug": slug},
        "tasks_url": reverse("tasks", args=[slug]),
        "section": "desk",
    }
    return render(request, "assessments/matches_not_yet.html", context)


@require_safe
@gone.where_withdrawn
def mismatches(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom an organisation cannot work with, by name, each with the first reason."""
    organisation = get_object_or_404(listed(), slug=slug)
    edition = Edition.objects.current()
    if edition is None:
        raise Http404
    asked = filters.wanted(request, MISMATCH_FACETS)
    wanted = replace(asked, verdict=Verdict.NOT_COMPATIBLE.value)
    world, is_own = read_world(edition), _is_own(request, organisation)
    found = browsing.browse(edition, wanted, organisation, world=world)
    page = paged(
        request, found.entries, PAGE_SIZE, lambda shown: _refusals(organisation, shown, edition)
    )
    context = {
        "organisations_url": reverse("organisations"),
        "matches_url": reverse("matches", args=[slug]),
        "mismatches_url": reverse("mismatches", args=[slug]),
        "organisation": described(organisation),
        "is_own": is_own,
        "in_the_way": _in_the_way_of_most(world, organisation, edition, is_own),
        "section": "desk" if is_own else "organisations",
        "as_of": timezone.now(),
        "page": page,
        # The verdict is what this page is about, and is not taken away.
        "filters": filters.shown(replace(found, wanted=asked), MISMATCH_FACETS),
    }
    return render(request, "assessments/mismatches.html", context)


def _in_the_way_of_most(
    world: World, organisation: Organisation, edition: Edition, is_own: bool
) -> dict[str, Any] | None:
    """What would stand under most names, to be said once; None where nothing does."""
    if organisation.pk not in world.places:
        return None
    counts = matching.counts([organisation.pk], edition, world=world)[organisation.pk]
    refused = counts[Verdict.NOT_COMPATIBLE]
    found = InTheWay(world, organisation, is_own).of_most(refused)
    return found and {**found, "refused": refused}


def _refusals(
    organisation: Organisation, found: Iterable[Entry], edition: Edition
) -> list[dict[str, Any]]:
    entries = list(found)
    others = Organisation.objects.in_bulk([entry.organisation_id for entry in entries])
    pairs = comparison.compare_with_each(organisation, others.values(), edition)
    return [
        {
            **described(others[entry.organisation_id]),
            "pair_url": reverse(
                "pair", args=[organisation.slug, others[entry.organisation_id].slug]
            ),
            "refusal": refusal,
        }
        for entry in entries
        # Who has published anew since the list was computed may be compatible by now.
        if (pair := pairs.get(entry.organisation_id)) is not None
        and (refusal := Shown(pair).refusal()) is not None
    ]


def _rows(
    organisation: Organisation,
    found: Matches,
    shown: Iterable[Entry],
    *,
    is_own: bool,
    may_answer: bool,
) -> list[dict[str, Any]]:
    entries = list(shown)
    others = Organisation.objects.in_bulk([entry.organisation_id for entry in entries])
    seen = glances.glances(found.world, organisation.pk, others)
    return [
        {
            **described(other),
            "summary": other.summary,
            "rank": entry.rank,
            "headline": entry.headline,
            "waits_for": _waits_for(glance, organisation, other, is_own=is_own),
            "answer_url": way.address(organisation.slug, glance.own_open[0], other.slug)
            if may_answer and glance is not None and glance.own_open
            else "",
            "bar": bar_of(entry, glance),
            "url": reverse("pair", args=[organisation.slug, other.slug]),
            "verdict": entry.verdict,
            "low": entry.low,
            "high": entry.high,
        }
        for entry in entries
        if (other := others.get(entry.organisation_id)) is not None
        for glance in (seen.get(other.pk),)
    ]
