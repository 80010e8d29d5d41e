"""The way in for those who are invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from orgs import access, acting, joining
from orgs.forms import ROLES
from orgs.models.membership import Invitation, Membership, Role


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what; accept it by POST. What cannot be used any more says only that."""
    at = timezone.now()
    try:
        if request.method == "POST" and request.user.is_authenticated:
            return _welcome(request, joining.accept(token, user=access.person(request), at=at))
        found = joining.open_invitation(token, at=at)
        if request.user.is_authenticated and found.email != access.person(request).email:
            raise joining.InvitationNotValid
    except joining.InvitationNotValid:
        return _not_valid(request, token)
    return render(
        request,
        "orgs/invitation.html",
        {"invitation": found, "facts": _facts(found), "path": request.path},
    )


@require_POST
def accept(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Accept, on one's desk, an invitation for one's address."""
    person = access.person(request)
    try:
        joined = joining.accept_as_owner(invitation_id, user=person, at=timezone.now())
    except joining.InvitationNotValid:
        return _not_valid(request)
    return _welcome(request, joined)


def _facts(found: Invitation) -> list[tuple[str, str]]:
    return [
        ("For", found.email),
        ("As", ROLES[Role(found.role)]),
        ("Until", date(found.expires_at, "j F Y")),
    ]


def _welcome(request: HttpRequest, joined: Membership) -> HttpResponse:
    acting.choose(request, joined.organisation)
    messages.success(request, f"You belong to {joined.organisation.name} now, as {joined.role}.")
    return redirect("desk")


def _not_valid(request: HttpRequest, token: str = "") -> HttpResponse:
    """One page for every reason, but for the person who has accepted it before: their desk."""
    is_known = bool(token) and request.user.is_authenticated
    before = joining.came_of(token, user=access.person(request)) if is_known else None
    if before is not None:
        messages.info(request, f"You belong to {before.organisation.name} already.")
        return redirect("desk")
    return render(request, "orgs/invitation_not_valid.html", status=404)
