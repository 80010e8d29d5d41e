"""An organisation comes in, and describes itself anew."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from orgs import access, acting, directory, joining
from orgs.access import Action
from orgs.forms import DescriptionForm, FoundForm
from orgs.views import limits


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
            messages.success(request, f"{organisation.name} is founded here. You are its steward.")
            return redirect("desk")
    return render(request, "orgs/found.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Describe an organisation anew."""
    organisation = access.membership(request, slug, Action.DESCRIBE).organisation
    is_sent = request.method == "POST"
    form = DescriptionForm(request.POST if is_sent else None, organisation=organisation)
    if is_sent and form.is_valid():
        with transaction.atomic():
            held = access.membership(request, slug, Action.DESCRIBE, for_change=True)
            directory.describe(held.organisation, described=form.cleaned_data)
        messages.success(request, "The description is saved.")
        return redirect("desk")
    return render(request, "orgs/describe.html", {"form": form, "organisation": organisation})
