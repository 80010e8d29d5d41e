"""The task list: what an organisation has answered, and what is still open."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments import drafts
from assessments.scoring.terms import Criterion, Why
from assessments.views.changed_criteria import changed_criteria
from assessments.views.draft import STATES, Desk
from orgs import access, acting
from orgs.access import Action

FILTERS = (
    Why.NOT_ANSWERED,
    Why.NOT_KNOWN,
    Why.NOT_SHOWN,
    Why.RESERVATION,
    Why.WITHHELD,
    Why.NA_NOT_ALLOWED,
)
OTHERS, SINCE, REWORDED = "others", "since", "reworded"
LATEST = 5
QUESTIONS_IN_TEN_MINUTES = 8


@require_safe
def tasks(request: HttpRequest, slug: str) -> HttpResponse:
    """Every dimension with its questions and how they stand."""
    membership = access.membership(request, slug, Action.SEE_DRAFT)
    organisation = membership.organisation
    # Who opens the answers of an organisation goes on with that one.
    acting.choose(request, organisation)
    try:
        desk = Desk.of(membership, drafts.read(organisation))
    except drafts.NoEdition:
        nothing = {"organisation": {"name": organisation.name, "slug": slug}, "dimensions": None}
        return render(request, "assessments/tasks.html", nothing)
    edition = desk.draft.edition
    changed = list(desk.changed(access.person(request)))
    core = [one for one in edition.criteria if one.core]
    core_answered = sum(one.slug in desk.draft.answers for one in core)
    context = {
        **desk.context(),
        "last": desk.last_row,
        "answered": sum(one.slug in desk.draft.answers for one in edition.criteria),
        "count": len(edition.criteria),
        "core": _core(desk, core) if core_answered < len(core) else None,
        "next_url": desk.next_url(),
        "is_complete": desk.next_open() is None,
        "filters": _filters(desk, len(changed), request.GET.get("show", "")),
        "found": _found(desk, changed, request.GET.get("show", "")),
        "dimensions": [
            _dimension(desk, one.slug)
            for one in edition.dimensions
            if any(criterion.dimension == one.slug for criterion in edition.criteria)
        ],
        **changed_criteria(desk.before, desk.draft, desk.waiting),
        "changed": changed[:LATEST],
        "edition": desk.words.of_edition("title"),
    }
    return render(request, "assessments/tasks.html", context)


def _core(desk: Desk, core: list[Criterion]) -> dict[str, Any]:
    """The questions for a first result."""
    answered = sum(one.slug in desk.draft.answers for one in core)
    minutes = -(-len(core) * 10 // QUESTIONS_IN_TEN_MINUTES)
    lines = [desk.line(one) for one in core]
    return {
        "count": len(core),
        "answered": answered,
        "minutes": minutes,
        # Of many questions the open ones are what one looks for.
        "open": [line for line in lines if line["is_open"]],
        "done": [line for line in lines if not line["is_open"]],
    }


def _dimension(desk: Desk, slug: str) -> dict[str, Any]:
    lines = [desk.line(one) for one in desk.of_dimension(slug)]
    answered = sum(not line["is_open"] for line in lines)
    state = "not started"
    if answered == len(lines):
        state = "done"
    elif answered:
        state = f"in progress: {answered} of {len(lines)}"
    return {
        "slug": slug,
        "title": desk.words.of_dimension(slug),
        "url": desk.url("answers-dimension", slug),
        "state": state,
        "is_done": answered == len(lines),
        "is_started": bool(answered),
        "count": len(lines),
        "lines": lines,
    }


def _filters(desk: Desk, changed: int, shown: str) -> list[dict[str, Any]]:
    """What one may look for, with how many there are; only what is there."""
    criteria = desk.draft.edition.criteria
    counted = Counter(desk.why(criterion) for criterion in criteria)
    reworded = sum(desk.reworded(criterion) is not None for criterion in criteria)
    every = [
        (SINCE, "new or asked anew", len(desk.waiting)),
        (REWORDED, "reworded", reworded),
        *((one.value, STATES[one], counted[one]) for one in FILTERS),
        (OTHERS, "changed by others", changed),
    ]
    return [
        {"url": f"?show={value}#found", "label": label, "count": count, "is_chosen": value == shown}
        for value, label, count in every
        if count or value == shown
    ]


def _found(desk: Desk, changed: list[dict[str, Any]], shown: str) -> list[dict[str, Any]] | None:
    """The questions that one looks for; None where one looks for none."""
    if shown == OTHERS:
        return changed
    if shown not in (SINCE, REWORDED, *(one.value for one in FILTERS)):
        return None
    lines = [desk.line(criterion) for criterion in desk.sequence()]
    if shown in (SINCE, REWORDED):
        return [line for line in lines if line["is_waiting" if shown == SINCE else "is_reworded"]]
    return [line for line in lines if line["why"] == shown]
