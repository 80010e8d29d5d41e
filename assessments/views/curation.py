"""The curators' desk: editions handed in, compared, foreseen, published. Nobody else sees it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import curation as desk
from assessments import foresight, keeping, tasks
from assessments.catalogue import edition_changes, edition_file
from assessments.catalogue.edition_changes import Changed, Comparison, Difference, Weight
from assessments.compatibility.pairs import VERDICTS
from assessments.foresight import Foresight
from assessments.forms.editions import ConfirmationForm, EditionForm
from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from assessments.scoring.problems import Problem, Refused
from orgs import access

MOST_PROBLEMS = 1_000
"""So many mistakes of a file are shown; whoever has more mends these first."""


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition with its state, and how far the recomputation is."""
    access.curator(request)
    found = Edition.objects.annotate(questions=Count("criteria"))
    order = {EditionState.DRAFT: 0, EditionState.PUBLISHED: 1, EditionState.RETIRED: 2}
    rows = sorted(
        found,
        key=lambda one: (order[EditionState(one.state)], -_stamp(one), one.slug),
    )
    now = timezone.now()
    context = {
        "editions": rows,
        "progress": keeping.progress(at=now),
        "troubles": keeping.troubles(),
        "most_tries": keeping.MOST_TRIES,
        "as_of": now,
    }
    return render(request, "assessments/curation.html", {**context, "section": "desk"})


def _stamp(edition: Edition) -> float:
    return edition.published_at.timestamp() if edition.published_at else 0.0


@csrf_exempt  # Checked below, once it is known who asks and how much comes.
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Hand an edition in; it is loaded as a draft, or all that is wrong with it is told."""
    access.curator(request)
    if request.method == "POST" and (size := _size(request)) > _most():
        # Nothing of the body is read: it could be of any length.
        context = {"form": EditionForm(), "too_large": {"size": size, "most": _most()}}
        return _upload_page(request, context, status=413)
    return _upload(request)


def _upload_page(
    request: HttpRequest, context: dict[str, Any], *, status: int = HttpResponse.status_code
) -> HttpResponse:
    current = Edition.objects.current()
    url = reverse("edition-export", args=[current.slug]) if current else ""
    context = {**context, "current_url": url, "section": "desk"}
    return render(request, "assessments/edition_upload.html", context, status=status)


def _size(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdecimal() else 0


def _most() -> int:
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    given: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EditionForm(*given)
    if not form.is_valid():
        return _upload_page(request, {"form": form})
    document = form.document()
    try:
        read = edition_file.read_bytes(document)
        loaded = desk.load(read)
    except Refused as refused:
        # What was handed in stays, a file as its text, to be mended there.
        again = EditionForm(initial={"text": document.decode("utf-8", "replace")})
        context = {"form": again, **_told(refused.problems)}
        return _upload_page(request, context)
    if loaded is desk.Loaded.UNCHANGED:
        messages.info(request, "This edition has been published already, exactly so.")
    else:
        messages.success(request, "Loaded as a draft. Nobody else sees it.")
    return redirect("edition", read.slug)


def _told(problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "problems": problems[:MOST_PROBLEMS],
        "count": len(problems),
        "more": max(len(problems) - MOST_PROBLEMS, 0),
    }


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """One edition; a draft beside the current one, with what publishing it would set off."""
    access.curator(request)
    return _shown(request, slug, ConfirmationForm(slug))


def _shown(request: HttpRequest, slug: str, form: ConfirmationForm) -> HttpResponse:
    every = {one.slug: one for one in Edition.objects.order_by("published_at")}
    row = every.get(slug)
    if row is None:
        raise Http404
    context: dict[str, Any] = {"edition": row, "form": form}
    read = row.as_terms()
    context["questions"] = len(read.criteria)
    if row.state == EditionState.DRAFT:
        earlier = [one for one in every.values() if one.state != EditionState.DRAFT]
        current = next((one for one in earlier if one.state == EditionState.PUBLISHED), None)
        context |= _told(tuple(desk.problems(read, earlier)))
        context["current"] = current
        if current is not None and not context["count"]:
            found = edition_changes.compare(current.as_terms(), read)
            context["changes"] = _changes(found)
            context["foresight"] = _foreseen(
                foresight.publishing(read, earlier), current.as_terms(), read
            )
    return render(request, "assessments/edition.html", {**context, "section": "desk"})


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a draft, once its slug has been typed."""
    access.curator(request)
    row = get_object_or_404(Edition, slug=slug)
    form = ConfirmationForm(slug, request.POST)
    if row.state == EditionState.DRAFT and not form.is_valid():
        return _shown(request, slug, form)
    try:
        with transaction.atomic():
            desk.publish_draft(slug, at=timezone.now())
            transaction.on_commit(tasks.ring)
    except desk.NoDraft:
        messages.info(request, "This edition is no draft any more.")
        return redirect("curation")
    except Refused:
        return _shown(request, slug, form)
    messages.success(request, f"Published: “{row.title}” is the current edition.")
    return redirect("curation")


@require_POST
def discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw a draft away."""
    access.curator(request)
    row = get_object_or_404(Edition, slug=slug)
    try:
        desk.discard(slug)
    except desk.NoDraft:
        messages.warning(request, "Only a draft can be discarded.")
        return redirect("edition", slug)
    messages.success(request, f"The draft “{row.title}” is gone.")
    return redirect("curation")


@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """An edition as TOML, to keep, to change, to hand in again."""
    access.curator(request)
    row = get_object_or_404(Edition, slug=slug)
    return HttpResponse(
        desk.export(row),
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{row.slug}.toml"'},
    )


_LABELS = {
    "counter_example": "counter-example",
    "must_reach": "deal-breaker",
    "allow_na": "“does not apply” allowed",
    "na_meets": "“does not apply” meets the deal-breaker",
    "reversed": "“no” is the good answer",
    "levels": "the answers",
    "core": "asked first",
    "meaning": "meaning raised",
}


def _changes(found: Comparison) -> dict[str, Any]:
    """A comparison as its template takes it: what weighs most first."""
    return {
        "edition": [_difference(one) for one in found.edition],
        "added": [{"slug": one.slug, "question": one.question} for one in found.added],
        "removed": [{"slug": one.slug, "question": one.question} for one in found.removed],
        "changed": [
            _changed(one)
            for weight in reversed(Weight)
            for one in found.changed
            if one.weight is weight
        ],
        "unchanged": found.unchanged,
        "is_same": not (found.edition or found.added or found.removed or found.changed),
    }


def _changed(one: Changed) -> dict[str, Any]:
    return {
        "slug": one.criterion.slug,
        "question": one.criterion.question,
        "weight": one.weight.value,
        "differences": [_difference(difference) for difference in one.differences],
    }


def _difference(one: Difference) -> dict[str, str]:
    return {
        "key": _LABELS.get(one.key, one.key),
        "weight": one.weight.value,
        "before": one.before,
        "after": one.after,
    }


def _foreseen(found: Foresight, now: terms.Edition, then: terms.Edition) -> dict[str, Any]:
    questions = {one.slug: one.question for one in (*now.criteria, *then.criteria)}
    return {
        "organisations": found.organisations,
        "of_all": found.of_all,
        "is_estimate": found.is_estimate,
        "losing": found.losing,
        "lost": [
            {"slug": slug, "question": questions[slug], "count": count}
            for slug, count in sorted(found.lost.items(), key=lambda one: (-one[1], one[0]))
        ],
        "gained": [
            {"slug": slug, "question": questions[slug], "count": count}
            for slug, count in sorted(found.gained.items(), key=lambda one: (-one[1], one[0]))
        ],
        "pairs": found.pairs,
        "changing": found.changing,
        "verdicts": [
            {"verdict": one.value, "now": found.now(one), "then": found.then(one)}
            for one in VERDICTS
        ],
        "moves": [
            {"now": before.value, "then": after.value, "count": count}
            for (before, after), count in found.verdicts.items()
            if before is not after
        ],
    }
