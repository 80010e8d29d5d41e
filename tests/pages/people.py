"""People who are logged in: of an organisation in a role, a curator, an outsider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgs.models import Membership, Organisation, User

FUZZ = (
    *("", "0", "-1", "11", "1e9", "9" * 5000, "NaN", "null", "{}", "[]", "true", "yes", "none"),
    *("\x00", "a\x00b", "\ud800", "é" * 3000, "<script>", "criterion.", "criterion.rules", "all"),
    *("no deal-breaker", "same", "at-once", "threshold", "' OR 1=1 --", "\r\n\r\n", "٣"),
)
"""What nobody types by chance."""


def logged_in(email: str, **others: Any) -> Client:
    """A browser in which a new person is logged in."""
    client = Client()
    client.force_login(User.objects.create_user(email, **others))
    return client


def member(organisation: Organisation, role: str = "steward") -> Client:
    """A browser in which a new member of an organisation is logged in."""
    email = f"{role}-{User.objects.count()}@{organisation.slug}.example"
    client = logged_in(email)
    user = User.objects.get(email=email)
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return client


def send(client: Client, address: str, sent: Mapping[str, str]) -> Any:
    """Send a form whatever is in it, lone surrogates too, as no browser would."""
    body = urlencode(sent, errors="surrogatepass")
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def queries(client: Client, address: str) -> int:
    """How many queries a page needs, in a process that has read the current edition before."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
