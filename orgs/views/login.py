"""Log-in, and what becomes of a form that was sent when nobody was logged in any more."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orgs import carrying
from orgs.account_forms import LoginForm
from orgs.carrying import Kept

LOGIN_NEEDED, REFUSED = 401, 403


class LoginView(views.LoginView):  # type: ignore[misc]  # Untyped.
    """Log-in; whoever comes with a form that is not saved yet finds it again."""

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """Log in, and go on."""
        response: HttpResponse = super().form_valid(form)
        kept = carrying.carried(self.request.POST)
        if kept is not None and self.request.user.is_authenticated:
            return _shown(self.request, kept)
        return response

    def get_context_data(self, **others: Any) -> dict[str, Any]:
        """What the page knows; what was kept is still there after a wrong password."""
        kept = carrying.carried(self.request.POST)
        known: dict[str, Any] = {"kept": kept.signed() if kept else "", **others}
        context: dict[str, Any] = super().get_context_data(**known)
        return context


def log_in_first(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The log-in page in place of an answer to a form, which it carries along."""
    page = LoginView()
    page.setup(request)
    context = page.get_context_data(form=LoginForm(request=request), kept=kept.signed())
    return render(request, "account/login.html", context, status=LOGIN_NEEDED)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a page of ours that is older than a log-in, or one of others.

    What was typed is shown only where the browser says that the form comes from here, so that no
    other site can put words of its own on our page, with a button that sends them.
    """
    here = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") == here:
        kept = carrying.carried(request.POST) or carrying.of(request)
        if kept is not None and request.user.is_authenticated:
            return _shown(request, kept, status=REFUSED)
        if kept is not None:
            return log_in_first(request, kept)
    return render(request, "403_csrf.html", status=REFUSED)


def _shown(
    request: HttpRequest, kept: Kept, *, status: int = HttpResponse.status_code
) -> HttpResponse:
    return render(request, "account/kept.html", {"kept": kept}, status=status)
