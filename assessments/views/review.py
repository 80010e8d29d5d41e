"""Before publishing: every answer as it counts, and the page as everybody would see it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import publishing
from assessments.evaluation import Published
from assessments.scoring.terms import Criterion, Role, State, Why
from assessments.views.asked import counts
from assessments.views.draft import Desk, why
from assessments.views.profile import profile_of
from assessments.views.shown import Shown, of_hundred
from orgs import access
from orgs.access import Action

LACKING = {
    Why.NOT_ANSWERED: "not answered",
    Why.NOT_KNOWN: "“we don’t know”",
    Why.NOT_SHOWN: "without the link that it needs",
    Why.WITHHELD: "kept private",
    Why.NA_NOT_ALLOWED: "to be answered anew",
}
"""Why a question that is scored is not yet known, in a few words."""


@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Every answer with what it counts as and why, and what is missing."""
    desk = _desk(request, slug)
    context = {
        **desk.context(),
        **_standing(desk),
        "groups": [_group(desk, one.slug) for one in desk.draft.edition.dimensions],
        "preview_url": desk.url("preview"),
        "next_url": desk.next_url(),
        "stewards": []
        if desk.may_publish
        else [str(one) for one in access.stewards(desk.organisation)],
    }
    return render(request, "assessments/review.html", context)


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that everybody would see if the draft were published now."""
    desk = _desk(request, slug)
    context = {
        **profile_of(desk.organisation, _as_published(desk), desk.draft.edition),
        "desk": desk.context(),
    }
    return render(request, "assessments/preview.html", context)


def _desk(request: HttpRequest, slug: str) -> Desk:
    return Desk.read(access.membership(request, slug, Action.SEE_DRAFT), with_edits=False)


def _as_published(desk: Desk) -> Published:
    number = publishing.next_number(desk.organisation)
    return desk.draft.as_published(number=number, at=timezone.now())


def _group(desk: Desk, dimension: str) -> dict[str, Any]:
    """The answers of a dimension, and how many are missing."""
    criteria = [one for one in desk.draft.edition.criteria if one.dimension == dimension]
    answers = [_answer(desk, criterion) for criterion in criteria]
    return {
        "slug": dimension,
        "title": desk.words.of_dimension(dimension),
        "missing": sum(answer["is_missing"] for answer in answers),
        "answers": answers,
        **_counted(desk.shown, criteria),
    }


def _counted(shown: Shown, criteria: list[Criterion]) -> dict[str, int]:
    """How many of some questions are scored, do not apply, and are not scored at all."""
    standard = [one for one in criteria if one.role is Role.STANDARD]
    not_applying = sum(shown.sheet[one.slug].state is State.NOT_APPLICABLE for one in standard)
    return {
        "scored": len(standard) - not_applying,
        "not_applying": not_applying,
        "unscored": len(criteria) - len(standard),
    }


def _answer(desk: Desk, criterion: Criterion) -> dict[str, Any]:
    """One answer as everybody would see it, with what only members see."""
    said = desk.draft.answers.get(criterion.slug)
    return {
        **desk.shown.answer(criterion),
        "change_url": f"{desk.url('question', criterion.slug)}?from=review",
        "counts": ""
        if why(criterion, said) is Why.ANSWERED
        else counts(criterion, desk.words, said),
        "is_missing": said is None,
    }


def _standing(desk: Desk) -> dict[str, Any]:
    """How the organisation would stand now, and what is missing and costs how much."""
    shown = desk.shown
    found, total = shown.found, shown.found.total
    page = shown.profile(desk.organisation)
    lacking = sorted(
        (line for line in found.account if line.open_points),
        key=lambda line: (-line.open_points, line.criterion),
    )
    criteria = desk.draft.edition.criteria
    reasons = Counter(desk.why(desk.draft.edition.by_slug[line.criterion]) for line in lacking)
    unsaid = sum(one.slug not in desk.draft.answers for one in criteria)
    return {
        "headline": page["headline"],
        "dimensions": page["dimensions"],
        "total": page["total"],
        "buts": page["buts"],
        "lacking": [
            {
                **desk.line(desk.draft.edition.by_slug[line.criterion]),
                "points": of_hundred(line.open_points, total),
            }
            for line in lacking
        ],
        "reasons": [
            {"state": LACKING[reason], "count": reasons[reason]}
            for reason in LACKING
            if reasons[reason]
        ],
        "unshown": [desk.line(one) for one in criteria if desk.why(one) is Why.NOT_SHOWN],
        "unsaid": unsaid,
        "unsaid_beside": unsaid - reasons[Why.NOT_ANSWERED],
    }
