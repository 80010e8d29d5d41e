"""The curators' desk: editions compared, foreseen, published. Only curators see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from assessments import aftermath, foresight, keeping, tasks
from assessments import curation as desk
from assessments.catalogue import edition_hints, edition_rules
from assessments.forms.editions import ConfirmationForm
from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from assessments.scoring.problems import Refused
from assessments.views import draft_words, edition_words
from orgs import access


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
        "progress": _progress(keeping.progress(at=now)),
        "troubles": keeping.troubles(),
        "most_tries": keeping.MOST_TRIES,
        "as_of": now,
    }
    return render(request, "assessments/curation.html", {**context, "section": "desk"})


def _progress(found: keeping.Progress) -> dict[str, Any]:
    """How far the verdicts are, as `_progress.html` takes it: a counted run says when it began."""
    counted = found.counted
    return {
        "total": found.total if counted is None else counted.total,
        "done": found.done if counted is None else counted.done,
        "began_at": None if counted is None else counted.began_at,
        "is_running": bool(found.total and (counted or found.stale)),
        "is_watched": found.is_watched,
    }


def _stamp(edition: Edition) -> float:
    return edition.published_at.timestamp() if edition.published_at else 0.0


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """One edition; a draft beside the current one, with what publishing it would set off."""
    access.curator(request)
    return _shown(request, slug, ConfirmationForm(slug))


def _shown(
    request: HttpRequest,
    slug: str,
    form: ConfirmationForm,
    *,
    outdated: desk.Outdated | None = None,
    status: int = HttpResponse.status_code,
) -> HttpResponse:
    every = {one.slug: one for one in Edition.objects.order_by("published_at")}
    row = every.get(slug)
    if row is None:
        raise Http404
    read = row.as_terms()
    context: dict[str, Any] = {
        **{"edition": row, "form": form, "outdated": outdated, "section": "desk"},
        "questions": len(read.criteria),
    }
    if row.state == EditionState.DRAFT:
        context |= _of_draft(read, _before(row, every.values()))
    elif before := _before(row, every.values()):
        context["earlier"] = before[-1]
        last = before[-1].as_terms()
        context["changes"] = _changes(last, read, before)
        if (kept := aftermath.of(row)) is not None:
            context["foresight"] = draft_words.foreseen(kept, last, read, is_past=True)
    return render(request, "assessments/edition.html", context, status=status)


def _before(row: Edition, every: Iterable[Edition]) -> list[Edition]:
    """The editions that were published before one, the first first; before a draft, all."""
    return [
        one
        for one in every
        if one.published_at is not None
        and (row.published_at is None or one.published_at < row.published_at)
    ]


def _changes(
    before: terms.Edition, after: terms.Edition, earlier: Sequence[Edition]
) -> dict[str, Any]:
    meanings = edition_rules.meanings(one.as_terms() for one in earlier)
    return edition_words.compared(before, after, meanings)


def _of_draft(read: terms.Edition, earlier: Sequence[Edition]) -> dict[str, Any]:
    """What is shown of a draft only, beside the editions that were ever published."""
    current = next((one for one in earlier if one.state == EditionState.PUBLISHED), None)
    now = current.as_terms() if current is not None else None
    problems = (*desk.problems(read, earlier), *desk.nothing_to_judge(read))
    context = {
        **edition_words.told(problems),
        "current": current,
        "earlier": current,
        "mark": desk.mark(read),
    }
    found = edition_hints.hints(read, now)
    if found.are_any:
        context["hints"] = draft_words.hints(found, read)
    if now is not None and not context["count"]:
        context["changes"] = _changes(now, read, earlier)
        seen = foresight.publishing(read, earlier)
        context["foresight"] = draft_words.foreseen(seen, now, read)
    return context


def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a draft, once its slug has been typed, if it is what was compared."""
    if request.method != "POST":
        return _only_sent(request, slug)
    access.curator(request)
    row = get_object_or_404(Edition, slug=slug)
    form = ConfirmationForm(slug, request.POST)
    seen = desk.Seen(request.POST.get("current", ""), request.POST.get("draft", ""))
    try:
        with transaction.atomic():
            draft = desk.hold_draft(slug, seen)
            if form.is_valid():
                desk.publish(draft, at=timezone.now(), keeps_record=True)
                transaction.on_commit(tasks.ring)
    except desk.NoDraft:
        messages.info(request, _no_draft(slug))
        return redirect("curation")
    except desk.Outdated as outdated:
        fresh = ConfirmationForm(slug)
        return _shown(request, slug, fresh, outdated=outdated, status=HTTPStatus.CONFLICT)
    except Refused:
        return _shown(request, slug, form)
    if not form.is_valid():
        return _shown(request, slug, form)
    messages.success(
        request,
        f"Published: “{row.title}” is the current edition. What it set off is kept on its page.",
    )
    return redirect("curation")


def _only_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What an address answers that is only sent to: to a curator who opens it, the way back."""
    answer = HttpResponseNotAllowed(["POST"])
    if request.method == "GET" and access.is_curator(request):
        answer.content = render_to_string(
            "assessments/edition_only_sent.html", {"slug": slug, "section": "desk"}, request
        )
    return answer


def _no_draft(slug: str) -> str:
    """What has become of a draft that somebody wanted to publish."""
    row = Edition.objects.filter(slug=slug).exclude(state=EditionState.DRAFT).first()
    if row is None or row.published_at is None:
        return f"The draft “{slug}” is gone."
    at = date_format(timezone.localtime(row.published_at), "j F Y, H:i")
    is_current = row.state == EditionState.PUBLISHED
    since = "it is the current edition" if is_current else "it is retired now"
    return f"“{row.title}” has been published already, on {at} UTC; {since}."


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
    messages.success(request, f"The draft “{row.title}” ({row.slug}) is gone.")
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
