"""The pages of an account that we offer; what allauth has besides them is not there."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views
from django.http import HttpResponseBase
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic import RedirectView

from orgs.views.login import LoginView


def _form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page with a form, which nobody keeps a copy of."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))


urlpatterns = [
    path("login/", _form(LoginView.as_view()), name="account_login"),
    path("logout/", _form(views.logout), name="account_logout"),
    path("signup/", _form(views.signup), name="account_signup"),
    path("inactive/", require_safe(views.account_inactive), name="account_inactive"),
    path("email/", _form(views.email), name="account_email"),
    path(
        "confirm-email/",
        require_safe(views.email_verification_sent),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        _form(views.confirm_email),
        name="account_confirm_email",
    ),
    path("password/change/", _form(views.password_change), name="account_change_password"),
    # Who has no password yet gets one as who has forgotten it: by mail.
    path(
        "password/set/",
        require_safe(RedirectView.as_view(pattern_name="account_reset_password")),
        name="account_set_password",
    ),
    path("password/reset/", _form(views.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        require_safe(views.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _form(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        require_safe(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
