"""How accounts behave here, where allauth leaves the choice."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac


def unreadable(key: str, prefix: str, version: int) -> str:
    """The key under which attempts are counted, in which nobody reads whose they are."""
    salt = "orgs.accounts.unreadable"
    return salted_hmac(salt, f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # Untyped.
    """Says in our words what went wrong, and leads back to where one came from."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "No account has this e-mail address and this password. "
        "Look at both again, or ask for a new password.",
        "too_many_login_attempts": "Too many attempts in a short time. Try again in five minutes.",
        "enter_current_password": "This is not your password. Write the one you log in with now.",
        "duplicate_email": "This is your address already. Write the new one.",
        "rate_limited": "Too many attempts in a short time. Try again in a few minutes.",
    }

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to what one can change about oneself."""
        return reverse("you")

    def is_safe_url(self, url: str) -> bool:
        """Whether to go there after log-in: only to a path of our own."""
        return bool(url) and url.startswith("/") and bool(super().is_safe_url(url))
