"""What is answered to too many requests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TRY_AGAIN_AFTER_SECONDS = 300


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that it was too much in too short a time, and when to come back."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
    return response
