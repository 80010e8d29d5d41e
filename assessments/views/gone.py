"""What was public and was withdrawn: its addresses say so, with 410."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assessments import publishing
from assessments.world import NoSheet
from orgs import access, acting
from orgs.access import Action

GONE = 410
SLUGS = ("slug", "other")


def is_withdrawn(parts: dict[str, Any]) -> bool:
    """Whether an address names an organisation that has withdrawn what it published."""
    return publishing.any_withdrawn(str(parts[name]) for name in SLUGS if name in parts)


def _own(request: HttpRequest, parts: dict[str, Any]) -> dict[str, Any]:
    """For a member: the organisation itself, which may publish again."""
    own = {one.organisation.slug: one for one in acting.memberships(request)}
    member = own.get(str(parts.get("slug")))
    if member is None:
        return {}
    may_publish = access.may(member.role, Action.PUBLISH)
    return {"own": member.organisation, "may_publish": may_publish, "section": "desk"}


def where_withdrawn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a view that finds nothing say so where it was withdrawn.

    What has no sheet that can be read is not there either.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        try:
            return view(request, *args, **parts)
        except (Http404, NoSheet) as error:
            if is_withdrawn(parts):
                return render(
                    request, "assessments/withdrawn.html", _own(request, parts), status=GONE
                )
            raise Http404(*error.args) from None

    return guarded
