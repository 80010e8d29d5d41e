"""For which of their organisations a person acts now."""

from __future__ import annotations

from django.http import HttpRequest

from orgs import access
from orgs.models import Organisation
from orgs.models.membership import Membership

KEY = "acting_for"


def memberships(request: HttpRequest) -> list[Membership]:
    """The asker's memberships, read once a request."""
    found: list[Membership] | None = getattr(request, "_memberships", None)
    if found is None:
        user = getattr(request, "user", None)
        found = [] if user is None else access.organisations_of(user)
        request._memberships = found  # type: ignore[attr-defined]  # Ours.
    return found


def membership(request: HttpRequest) -> Membership | None:
    """The membership with which a person acts: the one chosen, else the first; None without any."""
    found = memberships(request)
    if not found:
        return None
    chosen = request.session.get(KEY)
    return next((one for one in found if one.organisation.slug == chosen), found[0])


def choose(request: HttpRequest, organisation: Organisation) -> None:
    """Act for an organisation from now on."""
    request.session[KEY] = organisation.slug


def in_templates(request: HttpRequest) -> dict[str, object]:
    """What every page knows of the person who reads it; costs a query only where it is used."""
    return {
        "memberships": lambda: memberships(request),
        "acting_for": lambda: membership(request),
    }
