"""Ways through the pages, and what stands around their content, as template tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django import template
from django.core.paginator import Page
from django.template.context import Context
from django.urls import reverse

register = template.Library()

Drawing: TypeAlias = dict[str, Any]
"""What a component's template is given."""

ALL_AT_ONCE, SHOWN_FIRST = 6, 5
"""A list of up to so many is shown whole; of a longer one the first few, and the rest folded."""


@register.filter
def shown_first(items: Sequence[Any]) -> Sequence[Any]:
    """What of a list is read at once."""
    return items if len(items) <= ALL_AT_ONCE else items[:SHOWN_FIRST]


@register.filter
def folded(items: Sequence[Any]) -> Sequence[Any]:
    """What of a list is folded away; nothing of a short one."""
    return () if len(items) <= ALL_AT_ONCE else items[SHOWN_FIRST:]


@register.filter
def at(mapping: Mapping[Any, Any], key: object) -> Any:
    """What a mapping has under a key; None where it has nothing."""
    return mapping.get(key)


@register.simple_tag
def phrase(pattern: str, *words: object) -> str:
    """A few words with their gaps filled: `{% phrase "{} of {} known" 14 22 as note %}`."""
    return pattern.format(*words)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*trail: str) -> Drawing:
    """Where one is: names and addresses in turn; the last name, without address, is this page."""
    names, addresses = trail[0::2], (*trail[1::2], "")
    return {"trail": list(zip(names, addresses, strict=False))}


@register.inclusion_tag("components/paging.html", takes_context=True)
def paging(context: Context, page: Page[Any], label: str = "Pages", key: str = "page") -> Drawing:
    """The way to the other pages of a list; whatever else the address asks for stays."""
    request = context.get("request")
    asked = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if asked is None:
            return f"?{key}={number}"
        asked[key] = str(number)
        return f"?{asked.urlencode()}"

    numbers: Sequence[int | str] = list(
        page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    )
    return {
        "label": label,
        "is_needed": page.paginator.num_pages > 1,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "pages": [
            {
                "number": number,
                "url": address(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
            for number in numbers
        ],
    }


@register.inclusion_tag("components/search.html")
def search_form(
    action: str, value: str = "", label: str = "Search", key: str = "q", hint: str = ""
) -> Drawing:
    """One field that is sent by GET, so that its result has an address."""
    return {"action": action, "value": value, "label": label, "key": key, "hint": hint}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[tuple[str, str]]) -> Drawing:
    """Terms with what they are; those that are not said are left out."""
    return {"pairs": [(term, value) for term, value in pairs if value]}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", link: str = "") -> Drawing:
    """What stands where there is nothing yet, and where to go from here."""
    return {"title": title, "text": text, "url": url, "link": link}


@register.inclusion_tag("components/notice.html")
def notice(text: str, title: str = "", tone: str = "") -> Drawing:
    """What the reader should know now; `tone` is "yes", "open", "no" or nothing."""
    return {"text": text, "title": title, "tone": f"is-{tone}" if tone else ""}


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, label: str) -> Drawing:
    """A link of the main navigation; it says when it is this page ("page") or above it ("true").

    A page elsewhere in the address space sets `section` to the name it belongs to.
    """
    url, section = reverse(name), context.get("section")
    path = getattr(context.get("request"), "path", "")
    current = ""
    if path == url:
        current = "page"
    elif section == name or (not section and url != "/" and path.startswith(url)):
        current = "true"
    return {"url": url, "label": label, "current": current}
