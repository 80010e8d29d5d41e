"""What was public and was withdrawn: its addresses say so, with 410."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assessments import publishing
from assessments.world import NoSheet

GONE = 410
SLUGS = ("slug", "other")


def is_withdrawn(parts: dict[str, Any]) -> bool:
    """Whether an address names an organisation that has withdrawn what it published."""
    return publishing.any_withdrawn(str(parts[name]) for name in SLUGS if name in parts)


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
                return render(request, "assessments/withdrawn.html", status=GONE)
            raise Http404(*error.args) from None

    return guarded
