"""What was typed when nobody was logged in any more, carried along until it can be saved.

The browser itself carries it, in a signed field of the log-in form: nothing of it is stored here,
in no session and in no table, so whoever logs in later on the same machine finds nothing. It is
never sent on unasked either: the person who has logged in reads it first. What it is about, and
what sending it does, the form itself says in fields of its own: see `account/_when_kept.html`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

FIELD = "kept"
MOST_LETTERS = 200_000
AGE_SECONDS = 60 * 60
_SALT = "orgs.carrying"
STATE, ABOUT, ACT = "kept-state", "kept-about", "kept-act"
"""The fields in which a form says what it is in case it is kept."""
_OF_FORMS = frozenset({"csrfmiddlewaretoken", FIELD})
_ACCOUNTS = "/account/"


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, and its fields in their order."""

    path: str
    fields: Sequence[tuple[str, str]]

    def signed(self) -> str:
        """As a text for a field, which only this site could have written."""
        return signing.dumps([self.path, list(self.fields)], salt=_SALT, compress=True)

    @property
    def texts(self) -> list[str]:
        """What somebody has written in words, to read it again."""
        ours = (STATE, ABOUT, ACT)
        return [value for name, value in self.fields if name not in ours and len(value.split()) > 1]

    @property
    def state(self) -> str:
        """What has not happened yet: "Not sent yet"; may be empty, like the two below."""
        return dict(self.fields).get(STATE, "")

    @property
    def about(self) -> str:
        """What it is: "Your message to Alder"."""
        return dict(self.fields).get(ABOUT, "")

    @property
    def act(self) -> str:
        """What sending it does: "Send it to Alder now"."""
        return dict(self.fields).get(ACT, "")


def of(request: HttpRequest) -> Kept | None:
    """What a request has sent; None where there is nothing to keep.

    A file cannot be kept, and what is sent about one's account, a password among it, never is.
    """
    if request.path.startswith(_ACCOUNTS) or request.FILES:
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OF_FORMS
        for value in values
    ]
    letters = sum(len(name) + len(value) for name, value in fields)
    return Kept(request.path, fields) if 0 < letters <= MOST_LETTERS else None


def carried(data: Mapping[str, str]) -> Kept | None:
    """What a form carries along; None where it carries nothing, or nothing that we have signed."""
    try:
        path, fields = signing.loads(data.get(FIELD, ""), salt=_SALT, max_age=AGE_SECONDS)
    except signing.BadSignature:
        return None
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return None
    return Kept(path, [(name, value) for name, value in fields])
