"""An edition handed in by a curator: checked, and loaded as a draft."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from assessments import curation as desk
from assessments.catalogue import edition_guide
from assessments.catalogue.edition_syntax import NoToml
from assessments.catalogue.plain_values import decoded
from assessments.forms.editions import EditionForm, megabytes
from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.scoring.problems import Refused
from assessments.views.edition_words import told
from orgs import access


@csrf_exempt  # Checked below, once it is known who asks and how much comes.
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Hand an edition in; it is loaded as a draft, or all that is wrong with it is told."""
    access.curator(request)
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.method == "POST" and (size := _size(request)) > most:
        # Nothing of the body is read: it could be of any length.
        too_large = {"size": megabytes(size), "most": megabytes(most)}
        return _page(request, {"form": EditionForm(), "too_large": too_large}, status=413)
    return _upload(request)


def _size(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdecimal() else 0


def _page(
    request: HttpRequest, context: dict[str, Any], *, status: int = HttpResponse.status_code
) -> HttpResponse:
    current = Edition.objects.current()
    context = {
        **context,
        "current_url": reverse("edition-export", args=[current.slug]) if current else "",
        "guide": edition_guide.guide(),
        "example": edition_guide.EXAMPLE,
        "rows_example": edition_guide.ROWS_EXAMPLE,
        "section": "desk",
    }
    return render(request, "assessments/edition_upload.html", context, status=status)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    given: tuple[Any, ...] = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EditionForm(*given)
    if not form.is_valid():
        return _page(request, {"form": form})
    document = form.document()
    try:
        text = "" if b"\0" in document and not _has_mark(document) else decoded(document)
    except Refused as refused:
        return _page(request, {"form": EditionForm(), "no_utf8": refused.problems[0]})
    if not text:
        return _page(request, {"form": EditionForm(), "no_text": True})
    stage = NOT_TOML
    try:
        read = desk.read(text)
        stage = ALL_CHECKED
        replaced = Edition.objects.filter(slug=read.slug, state=EditionState.DRAFT).exists()
        loaded = desk.load(read)
    except Refused as refused:
        if stage == NOT_TOML and not isinstance(refused, NoToml):
            stage = NOT_COMPARED
        # What was handed in stays, a file as its text, to be mended there.
        again = EditionForm(initial={"text": text})
        told_ = told(refused.problems, text)
        return _page(request, {"form": again, "stage": stage, "both": form.has_both, **told_})
    if form.has_both:
        messages.info(request, "You gave a file and a text; the file was read, the text was not.")
    if loaded is desk.Loaded.UNCHANGED:
        messages.warning(
            request,
            f"Nothing was loaded: “{read.slug}” has been published already, with exactly this "
            "content. To change the criteria, give the edition a new slug.",
        )
    else:
        said = "Loaded as a draft. Only curators see drafts."
        if replaced:
            said += " Your earlier draft was replaced."
        messages.success(request, said)
    return redirect("edition", read.slug)


NOT_TOML, NOT_COMPARED, ALL_CHECKED = "not-toml", "not-compared", "all-checked"
"""How far the checks came: to the first mistake of the form, to the file by itself, to the end."""
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def _has_mark(document: bytes) -> bool:
    """Whether a file says in its first bytes that it is a text in UTF-16."""
    return document.startswith(_MARKS)
