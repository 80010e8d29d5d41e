"""What a person finds after log-in: their organisations, what waits for them, and themselves."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, acting, joining
from orgs.access import Action
from orgs.account_forms import EraseForm
from orgs.forms import NameForm
from orgs.models import Organisation
from orgs.views import limits

CONFLICT = 409


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The organisations of the person who asks, and the invitations that wait for them."""
    person = access.person(request)
    return render(
        request,
        "orgs/desk.html",
        {"person": person, "invitations": joining.invitations_for(person, at=timezone.now())},
    )


@require_POST
def act_for(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the organisation for which one acts from now on."""
    membership = access.membership(request, slug, Action.SEE_DRAFT)
    acting.choose(request, membership.organisation)
    messages.success(request, f"You act for {membership.organisation.name} now.")
    return redirect("desk")


@require_http_methods(["GET", "HEAD", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """What a person may change about themselves."""
    person = access.person(request)
    is_sent = request.method == "POST"
    form = NameForm(request.POST if is_sent else None, initial={"name": person.name})
    if is_sent and form.is_valid():
        person.name = form.cleaned_data["name"]
        person.save(update_fields=["name"])
        messages.success(request, "Your name is saved.")
        return redirect("you")
    return render(request, "orgs/you.html", {"person": person, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase one's account, after the password; no organisation is left without a steward by it."""
    person = access.person(request)
    is_sent = request.method == "POST"
    form = EraseForm(request.POST if is_sent else None, user=person)
    left_alone: tuple[Organisation, ...] = ()
    if is_sent:
        if not ratelimit.consume(request, action="reauthenticate", user=person):
            return limits.too_many(request)
        if form.is_valid():
            try:
                joining.forget(person)
            except joining.LastSteward as error:
                left_alone = error.args
            else:
                logout(request)
                messages.success(request, "Your account is erased. Thank you for having been here.")
                return redirect("home")
    context = {"form": form, "person": person, "left_alone": left_alone}
    return render(request, "orgs/erase.html", context, status=CONFLICT if left_alone else None)
