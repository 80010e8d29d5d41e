"""A list a page at a time: only what is shown is put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

Thing = TypeVar("Thing")


def paged(
    request: HttpRequest,
    things: Sequence[Thing],
    size: int,
    rows: Callable[[Sequence[Thing]], Sequence[dict[str, Any]]],
) -> Page[dict[str, Any]]:
    """The page that is asked for, as `rows` shows what is on it."""
    paginator: Paginator[Any] = Paginator(things, size)
    page = paginator.get_page(request.GET.get("page"))
    return Page(rows(list(page.object_list)), page.number, paginator)
