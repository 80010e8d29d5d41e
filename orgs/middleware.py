"""What holds for every answer: whoever is not known logs in, and what is personal is not kept."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

from orgs import carrying
from orgs.access import LoginNeeded
from orgs.views import login


class Doors:
    """Turns "who are you?" into the log-in page, and keeps personal pages out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say who may keep the answer."""
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        # The API asks nobody who they are, and leaves None in the place of a person.
        if request.user is not None and request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Have a person who is not known log in, and come back to where they wanted to go."""
        if not isinstance(error, LoginNeeded):
            return None
        # A script keeps what was typed on its page, and looks for the log-in page at its address.
        is_form = request.method == "POST" and not request.htmx  # type: ignore[attr-defined]  # Set.
        if is_form and (kept := carrying.of(request)) is not None:
            return login.log_in_first(request, kept)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
