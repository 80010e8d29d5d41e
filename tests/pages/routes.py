"""The table of routes: every address of the app, and what it answers to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.urls import URLPattern, URLResolver, get_resolver, reverse

SAFE = frozenset({"GET", "HEAD"})
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")


class Kind(Enum):
    """Who reads it."""

    PAGE = "people"
    API = "programs"
    PROBE = "a supervisor"
    ACCOUNT = "somebody about themselves"


@dataclass(frozen=True)
class Route:
    """One address: an example of its parts, what GET answers to anybody, which methods it knows.

    `methods` None: only GET is stated here. `needs` says without what it is not there: an edition,
    or published organisations.
    """

    kind: Kind
    parts: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    methods: frozenset[str] | None = SAFE
    needs: str = ""

    def status_of(self, method: str) -> int:
        """What a method answers to anybody, with the demo."""
        return self.status if method in (self.methods or SAFE) else 405


PAGE, API, PROBE, ACCOUNT = Kind.PAGE, Kind.API, Kind.PROBE, Kind.ACCOUNT
ONE = {"slug": "alder"}
TWO = {"slug": "alder", "other": "birch"}
EDITION = {"slug": "commons-first-2026"}
READ = SAFE | {"OPTIONS"}
FORM = SAFE | {"POST"}
SENT = frozenset({"POST"})

ROUTES: Mapping[str, Route] = {
    "home": Route(PAGE),
    "criteria": Route(PAGE),
    "paper": Route(PAGE),
    "organisations": Route(PAGE),
    "organisation": Route(PAGE, ONE, needs="organisations"),
    "matches": Route(PAGE, ONE, needs="organisations"),
    "pair": Route(PAGE, TWO, needs="organisations"),
    "published": Route(PAGE, {**ONE, "number": "1"}, needs="organisations"),
    # Only there in DEBUG, whatever the method.
    "styleguide": Route(PAGE, status=404, methods=frozenset(METHODS)),
    "schema": Route(API, methods=READ),
    "api-editions": Route(API, methods=READ),
    "api-edition": Route(API, EDITION, methods=READ, needs="edition"),
    "api-organisations": Route(API, methods=READ),
    "api-organisation": Route(API, ONE, methods=READ, needs="organisations"),
    "api-profile": Route(API, ONE, methods=READ, needs="organisations"),
    "api-matches": Route(API, ONE, methods=READ, needs="organisations"),
    "api-pair": Route(API, TWO, methods=READ, needs="organisations"),
    "live": Route(PROBE),
    "ready": Route(PROBE),
    "desk": Route(ACCOUNT, status=302),
    "you": Route(ACCOUNT, status=302, methods=FORM),
    "found": Route(ACCOUNT, status=302, methods=FORM),
    "act-for": Route(ACCOUNT, ONE, status=302, methods=SENT),
    "describe": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "leave": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "members": Route(ACCOUNT, ONE, status=302),
    "member": Route(ACCOUNT, {**ONE, "member_id": "1"}, status=302, methods=FORM),
    "remove-member": Route(ACCOUNT, {**ONE, "member_id": "1"}, status=302, methods=SENT),
    "invite": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "revoke-invitation": Route(ACCOUNT, {**ONE, "invitation_id": "1"}, status=302, methods=SENT),
    "accept-invitation": Route(ACCOUNT, {"invitation_id": "1"}, status=302, methods=SENT),
    "invitation": Route(ACCOUNT, {"token": "none"}, status=404, methods=FORM),
    "tasks": Route(ACCOUNT, ONE, status=302),
    "answers-dimension": Route(ACCOUNT, {**ONE, "dimension": "commons"}, status=302, methods=FORM),
    "question": Route(ACCOUNT, {**ONE, "criterion": "decisions"}, status=302, methods=FORM),
    "review": Route(ACCOUNT, ONE, status=302),
    "preview": Route(ACCOUNT, ONE, status=302),
    "publish": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "withdraw": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "doors": Route(ACCOUNT, ONE, status=302),
    "requirements": Route(ACCOUNT, ONE, status=302, methods=FORM),
    "messages": Route(ACCOUNT, ONE, status=302),
    "ask": Route(ACCOUNT, TWO, status=302, methods=FORM),
    "write": Route(ACCOUNT, TWO, status=302, methods=FORM),
    "curation": Route(ACCOUNT, status=302),
    "edition-upload": Route(ACCOUNT, status=302, methods=FORM),
    "edition": Route(ACCOUNT, EDITION, status=302),
    "edition-export": Route(ACCOUNT, EDITION, status=302),
    "edition-publish": Route(ACCOUNT, EDITION, status=302, methods=SENT),
    "edition-discard": Route(ACCOUNT, EDITION, status=302, methods=SENT),
    "account_login": Route(ACCOUNT, methods=None),
    "account_logout": Route(ACCOUNT, status=302, methods=None),
    "account_inactive": Route(ACCOUNT, methods=None),
    "account_signup": Route(ACCOUNT, methods=None),
    "account_email": Route(ACCOUNT, status=302, methods=None),
    "account_email_verification_sent": Route(ACCOUNT, methods=None),
    "account_change_password": Route(ACCOUNT, status=302, methods=None),
    "account_set_password": Route(ACCOUNT, status=302, methods=None),
    "account_reset_password": Route(ACCOUNT, methods=None),
    "account_confirm_email": Route(ACCOUNT, {"key": "none"}, methods=None),
    "account_reset_password_from_key_done": Route(ACCOUNT, methods=None),
    "account_reset_password_from_key": Route(ACCOUNT, {"uidb36": "a", "key": "b-c"}, methods=None),
    "account_reset_password_done": Route(ACCOUNT, methods=None),
}
"""Every route by its name. Who adds an address adds a row."""

STATED = [
    (name, method)
    for name, route in ROUTES.items()
    for method in METHODS
    if route.methods is not None or method in SAFE
]
READ_BY_ALL = [name for name, route in ROUTES.items() if route.kind is not ACCOUNT]
PAGES = [name for name, route in ROUTES.items() if route.kind is PAGE and route.status == 200]
APIS = [name for name, route in ROUTES.items() if route.kind is API]


def address(name: str, **parts: str) -> str:
    """The address of a route, with its example's parts or others in their place."""
    return reverse(name, kwargs={**ROUTES[name].parts, **parts})


def resolved() -> Iterator[URLPattern]:
    """Every pattern that the URL resolver knows."""

    def below(resolver: URLResolver) -> Iterator[URLPattern]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from below(pattern)
            else:
                yield pattern

    return below(get_resolver())


def addresses(slugs: list[str], editions: list[str]) -> Iterator[tuple[str, str]]:
    """Each route's name and address, for every organisation, pair and edition named."""
    for name, route in ROUTES.items():
        if route.parts.get("slug") == EDITION["slug"]:
            parts = [{"slug": slug} for slug in editions]
        elif "other" in route.parts:
            parts = [{"slug": slug, "other": other} for slug in slugs for other in slugs]
        elif "slug" in route.parts:
            parts = [{"slug": slug} for slug in slugs]
        else:
            parts = [{}]
        for some in parts:
            yield name, address(name, **some)
