"""What is new for an organisation since a member has looked last, and the weekly mail about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments import newsletter, reading, telling, tracing
from assessments.news import News, Turned
from assessments.reading import Mark
from assessments.tracing import Traced
from assessments.views import standing
from assessments.views.shown import criterion_url
from orgs import access, acting
from orgs.access import Action
from orgs.models.membership import Membership

MOST_SHOWN = 50
"""So many of each list are shown, those that changed last; the match list has everybody."""


@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, slug: str) -> HttpResponse:
    """Who became compatible and who no longer is; a POST says that it was seen."""
    member = access.membership(request, slug, Action.SEE_NEWS)
    if request.method == "POST":
        _change(request, member)
        return redirect("news", slug)
    known = reading.readers([member])
    reader = known.get((member.user_id, member.organisation_id))
    found = reading.unread(member, known, at=timezone.now())
    context = {
        "organisation": member.organisation,
        "wants_mail": reader is None or reader.wants_mail,
        "matches_url": reverse("matches", args=[slug]),
        "tasks_url": reverse("tasks", args=[slug]),
        "section": "desk",
        **(_shown(member, *found) if found else {"is_published": False, "has_history": False}),
    }
    return render(request, "assessments/news.html", context)


def _change(request: HttpRequest, member: Membership) -> None:
    """Move the member's mark to what they have seen, or turn the weekly mail on or off."""
    wanted, seen = request.POST.get("mail"), request.POST.get("seen", "")
    if wanted in {"on", "off"}:
        reading.set_mail(member.user_id, member.organisation_id, wanted=wanted == "on")
        messages.success(request, f"The weekly mail is {wanted}.")
        return
    # As long as a revision can be, so that nobody has a page of digits read.
    is_number = seen.isascii() and seen.isdecimal() and len(seen) < 20
    try:
        reading.see(member, int(seen) if is_number else -1, at=timezone.now())
    except reading.NotThere:
        messages.warning(request, "Nothing was changed. Look at what is new once more.")
    else:
        messages.success(request, "Seen. From now on only what comes later is new to you.")


def _shown(member: Membership, mark: Mark, found: News) -> dict[str, Any]:
    is_published = member.organisation_id in found.world.places
    gained, lost = found.gained[:MOST_SHOWN], found.lost[:MOST_SHOWN]
    rows = _rows(member, found, [*gained, *lost])
    return {
        "is_published": is_published,
        "has_history": is_published or bool(len(found)),
        "since": mark.since.value,
        "seen_at": mark.seen_at,
        "revision": found.world.as_of,
        "gained": _latest_first(rows[: len(gained)]),
        "lost": _latest_first(rows[len(gained) :]),
        "gained_count": len(found.gained),
        "lost_count": len(found.lost),
        "more_gained": len(found.gained) - len(gained),
        "more_lost": len(found.lost) - len(lost),
    }


def _rows(member: Membership, found: News, some: Sequence[Turned]) -> list[dict[str, Any]]:
    if not some:
        return []
    return [_row(member, traced) for traced in tracing.trace(found, some)]


def _row(member: Membership, traced: Traced) -> dict[str, Any]:
    told, other, now = telling.tell(traced), traced.other, traced.turned.now
    return {
        "name": told.name,
        "url": reverse("pair", args=[member.organisation.slug, other.slug])
        if other is not None and now is not None
        else "",
        "at": traced.at,
        "verdict": now.value if now is not None else "",
        "lead": told.lead,
        "reasons": [
            {
                "before": reason.before,
                "question": reason.question,
                "url": criterion_url(reason.criterion) if reason.criterion else "",
                "after": reason.after,
            }
            for reason in told.reasons
        ],
    }


def _latest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_name = sorted(rows, key=lambda row: str(row["name"]).casefold())
    dated = [row for row in by_name if row["at"] is not None]
    undated = [row for row in by_name if row["at"] is None]
    return [*sorted(dated, key=lambda row: row["at"], reverse=True), *undated]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """Turn the weekly mail off, by the link in it, without log-in; or on again.

    Any POST turns it off, as mail programs send it; only one that asks for it turns it on. What the
    link stands for is signed, so no other site can make up such a request.
    """
    try:
        user_id, organisation_id = newsletter.signed(token)
    except newsletter.NotOurs:
        raise Http404 from None
    found = Membership.objects.filter(user=user_id, organisation=organisation_id)
    member = found.select_related("organisation").first()
    if request.method == "POST" and member is not None:
        reading.set_mail(user_id, organisation_id, wanted=request.POST.get("mail") == "on")
    context = {
        "organisation": member.organisation if member else None,
        "wants_mail": member is not None and reading.wants_mail(user_id, organisation_id),
        "is_changed": request.method == "POST",
    }
    return render(request, "assessments/news_mail.html", context)


def in_templates(request: HttpRequest) -> dict[str, Callable[[], dict[int, int]]]:
    """How much is new to the person who reads a page; costs queries only where it is used."""

    def counted() -> dict[int, int]:
        user = getattr(request, "user", None)
        if user is None or isinstance(user, AnonymousUser):
            return {}
        edition = standing.current_edition(request)
        if edition is None:
            return {}
        memberships, at = acting.memberships(request), timezone.now()
        world = standing.current_world(request)
        return reading.counts(memberships, edition, at=at, world=world)

    return {"news_counts": counted}
