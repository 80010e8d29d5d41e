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
    """The membership with which a person acts; None without any.

    Who is at a page of one of their own organisations acts for that one; elsewhere it is the one
    that they chose, or the first.
    """
    found = {one.organisation.slug: one for one in memberships(request)}
    if not found:
        return None
    here, chosen = _in_the_address(request), str(request.session.get(KEY, ""))
    return found.get(here) or found.get(chosen) or next(iter(found.values()))


def _in_the_address(request: HttpRequest) -> str:
    """The organisation whose page this is; nothing elsewhere."""
    at = request.resolver_match
    if at is None or not at.route.startswith("organisations/"):
        return ""
    return str(at.kwargs.get("slug", ""))


def choose(request: HttpRequest, organisation: Organisation) -> None:
    """Act for an organisation from now on."""
    found = memberships(request)
    chosen = request.session.get(KEY, found[0].organisation.slug if found else "")
    if chosen != organisation.slug:
        request.session[KEY] = organisation.slug


def in_templates(request: HttpRequest) -> dict[str, object]:
    """What every page knows of the person who reads it; costs a query only where it is used."""
    return {
        "memberships": lambda: memberships(request),
        "acting_for": lambda: membership(request),
    }
