"""Publish what was answered, withdraw it, or remove what was never published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import marks, matching, publishing, tasks
from assessments.evaluation import Published
from assessments.models import Assessment, Edition
from assessments.scoring import policy
from assessments.scoring.terms import Answer, Criterion, Kind, Why
from assessments.views import standing
from assessments.views.changed_criteria import changed_criteria
from assessments.views.draft import Desk
from assessments.views.requirements import differing, foreseen
from assessments.views.shown import Shown
from assessments.world import read_world
from orgs import access
from orgs.access import Action
from orgs.models import Organisation

CONFLICT, REFUSED = 409, 422
PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm what becomes public, and publish it."""
    desk = _desk(request, slug)
    if request.method != "POST":
        return _publish_page(request, desk)
    if desk.last_row is None and "confirmed" not in request.POST:
        return _publish_page(request, desk, error="unconfirmed")
    person, seen = access.person(request), request.POST.get("seen", "")
    before = _counts(desk.organisation)
    try:
        with transaction.atomic():
            made = publishing.publish(desk.organisation, by=person, at=timezone.now(), seen=seen)
            transaction.on_commit(tasks.ring)
    except publishing.DraftChanged:
        return _publish_page(request, _desk(request, slug), error="changed")
    except publishing.NothingToPublish:
        return _publish_page(request, desk, error="nothing")
    said = f"Published as no. {made.number}. Everybody sees it now."
    if before:
        now = _counts(desk.organisation)
        said += f" Compatible with you before: {before['compatible']}, now: {now['compatible']}."
    messages.success(request, said)
    return redirect(f"{desk.url('publish')}?done={made.number}")


@PAGE
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm what disappears, and withdraw it."""
    membership = access.membership(request, slug, Action.PUBLISH)
    organisation = membership.organisation
    context = {
        "organisation": {"name": organisation.name, "slug": slug},
        "is_published": hasattr(organisation, "sheet"),
        "section": "desk",
    }
    if request.method != "POST":
        return render(request, "assessments/withdraw.html", context)
    try:
        with transaction.atomic():
            publishing.withdraw(organisation, by=access.person(request), at=timezone.now())
            transaction.on_commit(tasks.ring)
    except publishing.NothingToWithdraw:
        context["is_published"] = False
        return render(request, "assessments/withdraw.html", context, status=CONFLICT)
    messages.success(request, "Withdrawn. Nobody outside sees your answers any more.")
    return redirect("withdraw", slug=slug)


@PAGE
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm what goes, and remove an organisation that has never published anything."""
    organisation = access.membership(request, slug, Action.REMOVE).organisation
    context = {
        "organisation": organisation,
        "is_published": publishing.next_number(organisation) > 1,
        "section": "desk",
    }
    if request.method != "POST":
        return render(request, "assessments/remove.html", context)
    try:
        with transaction.atomic():
            held = access.membership(request, slug, Action.REMOVE, for_change=True)
            publishing.remove(held.organisation)
    except publishing.EverPublished:
        context["is_published"] = True
        return render(request, "assessments/remove.html", context, status=CONFLICT)
    messages.success(request, f"{organisation.name} is removed.")
    return redirect("desk")


def _desk(request: HttpRequest, slug: str) -> Desk:
    return Desk.read(access.membership(request, slug, Action.PUBLISH), with_edits=False)


def _publish_page(request: HttpRequest, desk: Desk, *, error: str = "") -> HttpResponse:
    shown, last = desk.shown, desk.last
    page = shown.profile(desk.organisation)
    number = last.assessment.number if last is not None else None
    is_done = request.GET.get("done", "") == str(number)
    context = {
        **desk.context(),
        "seen": desk.draft.whole_mark,
        "is_first": last is None,
        "is_empty": not desk.draft.answers,
        "is_withdrawn": _is_withdrawn(desk.last_row),
        "answered": len(desk.draft.answers),
        "count": len(desk.draft.edition.criteria),
        "private": sum(one.withheld for one in desk.draft.answers.values()),
        "requirements": page["requirements"],
        "headline": page["headline"],
        "differs": list(_differs(desk, last)) if last is not None else [],
        "asks_differ": list(_asks_differ(desk, last)) if last is not None else [],
        **changed_criteria(desk.before, desk.draft, desk.waiting),
        "is_under_others": desk.before is not None,
        "edition": desk.words.of_edition("title"),
        "last": {"number": number, "on": last.assessment.published_at} if last else None,
        "done_url": desk.url("published", str(number)) if is_done else "",
        "now": _counts(desk.organisation) if is_done else {},
        "outlook": None if is_done or not desk.draft.answers else _outlook(desk),
        "public_url": desk.url("organisation"),
        "matches_url": desk.url("matches"),
        "preview_url": desk.url("preview"),
        "withdraw_url": desk.url("withdraw"),
        "error": error,
    }
    status = {"": 200, "changed": CONFLICT}.get(error, REFUSED)
    return render(request, "assessments/publish.html", context, status=status)


def _is_withdrawn(last: Assessment | None) -> bool:
    return last is not None and not last.is_listed  # type: ignore[attr-defined]  # Annotated.


def _differs(desk: Desk, last: Published) -> Iterator[dict[str, Any]]:
    """The answers that would become other ones.

    What was answered when a question asked something else is told by the words of that day.
    """
    before = Shown.of(last, desk.draft.edition)
    then = Shown.of(last, last.edition)
    now = desk.shown
    for criterion in desk.draft.edition.criteria:
        was, said = last.said(criterion), desk.draft.answers.get(criterion.slug)
        if marks.of_answer(criterion, was) == marks.of_answer(criterion, said):
            continue
        if criterion.slug in desk.waiting:
            continue  # It is told beside what else the criteria have changed.
        is_anew = was is None and criterion.slug in last.answers
        earlier = last.edition.by_slug[criterion.slug] if is_anew else criterion
        yield {
            **desk.line(criterion),
            "was": _in_words(then if is_anew else before, earlier),
            "is_anew": is_anew,
            "now": _in_words(now, criterion),
            "beside": [] if is_anew else list(_beside(was, said)),
        }


def _beside(was: Answer | None, said: Answer | None) -> Iterator[str]:
    """What differs between two answers that read alike."""
    for name, words in (("evidence", "its links"), ("note", "its note"), ("value", "its number")):
        if getattr(was, name, None) != getattr(said, name, None):
            yield words


def _in_words(shown: Shown, criterion: Criterion) -> str:
    answer = shown.answer(criterion)
    if answer["why"] == Why.ANSWERED and criterion.kind is Kind.OFFERS:
        return "; ".join([*answer["offers"], *answer["needs"]])
    if answer["why"] in (Why.NOT_ANSWERED, Why.WITHHELD, Why.NOT_KNOWN):
        return {
            Why.NOT_ANSWERED: "Not said",
            Why.WITHHELD: "Kept private",
            Why.NOT_KNOWN: "We don’t know",
        }[Why(answer["why"])]
    if answer["na_reason"]:
        return f"Does not apply: {answer['na_reason']}"
    but = f", but {answer['reservation']}" if answer["reservation"] else ""
    return f"{answer['said']}{but}"


def _asks_differ(desk: Desk, last: Published) -> Iterator[dict[str, str]]:
    """What would be asked otherwise of others."""
    edition = desk.draft.edition
    now = policy.of(edition, desk.draft.requirements)
    for _, what, was, then in differing(desk.words, last.policy(edition), now):
        yield {"what": what, "was": was, "now": then}


def _counts(organisation: Organisation) -> dict[str, int]:
    """How many others have each verdict as of now; nothing while one has published nothing."""
    edition = Edition.objects.current()
    found = {} if edition is None else matching.counts([organisation.pk], edition)
    return standing.in_words(found.get(organisation.pk, {}))


def _outlook(desk: Desk) -> dict[str, Any] | None:
    """What publishing would make of the matches."""
    return foreseen(desk.draft, read_world(desk.draft.row))
