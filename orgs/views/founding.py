"""An organisation comes in, and describes itself anew."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from orgs import access, acting, directory, joining
from orgs.access import Action
from orgs.forms import DescriptionForm, FoundForm
from orgs.models import Organisation
from orgs.views import limits

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Found an organisation, and act for it from then on."""
    person = access.person(request)
    is_sent = request.method == "POST"
    form = FoundForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        if not ratelimit.consume(request, action="found"):
            return limits.too_many(request)
        described = dict(form.cleaned_data)
        slug = described.pop("slug")
        try:
            organisation = joining.found(person, slug=slug, described=described)
        except joining.SlugTaken:
            form.say_taken(slug)
        else:
            acting.choose(request, organisation)
            messages.success(request, f"{organisation.name} is added. You are its steward.")
            return redirect("desk")
    if form.taken:
        own = joining.just_founded(form.taken, by=person, at=timezone.now())
        if own is not None and own.name == form.cleaned_data.get("name"):
            # The same form, sent twice by an impatient finger.
            return redirect("desk")
    return render(request, "orgs/found.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Describe an organisation anew."""
    organisation = access.membership(request, slug, Action.DESCRIBE).organisation
    if request.method == "POST":
        return _describe(request, organisation)
    form = DescriptionForm(organisation=organisation)
    return _description_page(request, organisation, form, seen=directory.mark(organisation))


def _describe(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = DescriptionForm(request.POST, organisation=organisation)
    seen = request.POST.get("seen", "")
    if not form.is_valid():
        return _description_page(request, organisation, form, seen=seen)
    try:
        with transaction.atomic():
            held = access.membership(request, organisation.slug, Action.DESCRIBE, for_change=True)
            directory.describe(
                held.organisation,
                described=form.cleaned_data,
                # Only the button that says so saves over what somebody else has written.
                seen=request.POST.get("over", seen),
            )
    except directory.Conflict as conflict:
        return _description_page(request, organisation, form, seen=seen, conflict=conflict)
    messages.success(request, "The description is saved.")
    return redirect("desk")


def _description_page(
    request: HttpRequest,
    organisation: Organisation,
    form: DescriptionForm,
    *,
    seen: str,
    conflict: directory.Conflict | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "organisation": organisation, "seen": seen}
    if conflict is not None:
        theirs = DescriptionForm(organisation=conflict.organisation)
        context["over"] = directory.mark(conflict.organisation)
        context["theirs"] = [
            {"field": form[name], "said": theirs.said(name)} for name in conflict.differs
        ]
    status = HttpResponse.status_code if conflict is None else CONFLICT
    return render(request, "orgs/describe.html", context, status=status)
