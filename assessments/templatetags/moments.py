"""Moments as they are read: in UTC, until a script turns them into the reader's own time."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def moment(at: datetime | None) -> str:
    """A moment, as the end of a sentence: "on 3 May 2026, 14:02 UTC"; "meanwhile" if unknown."""
    if at is None:
        return "meanwhile"
    here = timezone.localtime(at)
    return format_html(
        'on <time datetime="{}" data-moment>{} UTC</time>',
        here.isoformat(),
        date_format(here, "j F Y, H:i"),
    )
