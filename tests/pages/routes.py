"""The table of routes: every address of the app, who gets in, and what it answers to anybody.

One row serves all: the pages' tests ask each address of the demo, the permissions' tests ask it of
the cast in every role and by every method.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.roles import (
    CURATORS,
    EDITING,
    EVERYBODY,
    INVITED,
    KNOWN,
    MEMBERS,
    NOBODY,
    STEWARDS,
    Outcome,
    Role,
    Rule,
)

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
    """One address: who reads it, for each method that it knows who gets in, and its parts.

    `parts` are those of an example in the demo, `cast` what of them is another in the cast.
    `answers` is the status of GET to anybody where it does not follow from who gets in, `also` what
    it knows besides the methods with a rule. Not `is_ours`: what GET answers to anybody is all that
    is stated of its methods. `needs` says without what it is not there: an edition, or published
    organisations.
    """

    kind: Kind
    rules: Mapping[str, Rule]
    parts: Mapping[str, str] = field(default_factory=dict)
    cast: Mapping[str, str] = field(default_factory=dict)
    answers: int | None = None
    also: frozenset[str] = frozenset()
    is_ours: bool = True
    needs: str = ""

    @property
    def in_cast(self) -> Mapping[str, str]:
        """The parts of its example among the cast."""
        return {**self.parts, **self.cast}

    @property
    def methods(self) -> frozenset[str] | None:
        """The methods that it knows; None where only GET is stated."""
        if not self.is_ours:
            return None
        safe = SAFE if "GET" in self.rules else frozenset[str]()
        return safe | self.rules.keys() | self.also

    @property
    def status(self) -> int:
        """What it answers to anybody, with the demo."""
        if self.answers is not None:
            return self.answers
        first = next(iter(self.rules.values()))
        return {Outcome.IN: 200, Outcome.LOGIN: 302, Outcome.HIDDEN: 404}[first[Role.ANONYMOUS]]

    def status_of(self, method: str) -> int:
        """What a method answers to anybody, with the demo."""
        return self.status if method in (self.methods or SAFE) else 405


PAGE, API, PROBE, ACCOUNT = Kind.PAGE, Kind.API, Kind.PROBE, Kind.ACCOUNT
ONE = {"slug": "alder"}
TWO = {"slug": "alder", "other": "birch"}
EDITION = {"slug": "commons-first-2026"}
ASKED = frozenset({"OPTIONS"})
READ = SAFE | ASKED

ROUTES: Mapping[str, Route] = {
    "home": Route(PAGE, {"GET": EVERYBODY}),
    "about": Route(PAGE, {"GET": EVERYBODY}),
    "criteria": Route(PAGE, {"GET": EVERYBODY}),
    "criteria-edition": Route(
        PAGE, {"GET": EVERYBODY}, EDITION, cast={"slug": "small"}, needs="edition"
    ),
    "criteria-changes": Route(
        PAGE, {"GET": EVERYBODY}, EDITION, cast={"slug": "small"}, needs="edition"
    ),
    "paper": Route(PAGE, {"GET": EVERYBODY}),
    "organisations": Route(PAGE, {"GET": EVERYBODY}),
    "organisation": Route(PAGE, {"GET": EVERYBODY}, ONE, needs="organisations"),
    "matches": Route(PAGE, {"GET": EVERYBODY}, ONE, needs="organisations"),
    "mismatches": Route(PAGE, {"GET": EVERYBODY}, ONE, needs="organisations"),
    "pair": Route(PAGE, {"GET": EVERYBODY}, TWO, needs="organisations"),
    "published": Route(PAGE, {"GET": EVERYBODY}, {**ONE, "number": "1"}, needs="organisations"),
    # Only there in DEBUG, whatever the method.
    "styleguide": Route(PAGE, {"GET": NOBODY, "POST": NOBODY}, also=frozenset(METHODS)),
    "schema": Route(API, {"GET": EVERYBODY}, also=ASKED),
    "api-editions": Route(API, {"GET": EVERYBODY}, also=ASKED),
    "api-edition": Route(
        API, {"GET": EVERYBODY}, EDITION, cast={"slug": "small"}, also=ASKED, needs="edition"
    ),
    "api-organisations": Route(API, {"GET": EVERYBODY}, also=ASKED),
    "api-organisation": Route(API, {"GET": EVERYBODY}, ONE, also=ASKED, needs="organisations"),
    "api-profile": Route(API, {"GET": EVERYBODY}, ONE, also=ASKED, needs="organisations"),
    "api-matches": Route(API, {"GET": EVERYBODY}, ONE, also=ASKED, needs="organisations"),
    "api-pair": Route(API, {"GET": EVERYBODY}, TWO, also=ASKED, needs="organisations"),
    "live": Route(PROBE, {"GET": EVERYBODY}),
    "ready": Route(PROBE, {"GET": EVERYBODY}),
    # One's own account and desk.
    "desk": Route(ACCOUNT, {"GET": KNOWN}),
    "you": Route(ACCOUNT, {"GET": KNOWN, "POST": KNOWN}),
    "erase": Route(ACCOUNT, {"GET": KNOWN, "POST": KNOWN}),
    "act-for": Route(ACCOUNT, {"POST": MEMBERS}, ONE),
    "found": Route(ACCOUNT, {"GET": KNOWN, "POST": KNOWN}),
    "accept-invitation": Route(
        ACCOUNT, {"POST": INVITED}, {"invitation_id": "1"}, cast={"invitation_id": "0"}
    ),
    "invitation": Route(ACCOUNT, {"GET": NOBODY, "POST": NOBODY}, {"token": "none"}),
    # An organisation's own pages.
    "describe": Route(ACCOUNT, {"GET": EDITING, "POST": EDITING}, ONE),
    "members": Route(ACCOUNT, {"GET": MEMBERS}, ONE),
    "invite": Route(ACCOUNT, {"GET": STEWARDS, "POST": STEWARDS}, ONE),
    "member": Route(
        ACCOUNT,
        {"GET": STEWARDS, "POST": STEWARDS},
        {**ONE, "member_id": "1"},
        cast={"member_id": "EDITOR"},
    ),
    "remove-member": Route(
        ACCOUNT, {"POST": STEWARDS}, {**ONE, "member_id": "1"}, cast={"member_id": "EDITOR"}
    ),
    "revoke-invitation": Route(
        ACCOUNT, {"POST": STEWARDS}, {**ONE, "invitation_id": "1"}, cast={"invitation_id": "OPEN"}
    ),
    "invite-again": Route(
        ACCOUNT, {"POST": STEWARDS}, {**ONE, "invitation_id": "1"}, cast={"invitation_id": "OPEN"}
    ),
    "leave": Route(ACCOUNT, {"GET": MEMBERS, "POST": MEMBERS}, ONE),
    "tasks": Route(ACCOUNT, {"GET": MEMBERS}, ONE),
    "question": Route(
        ACCOUNT,
        {"GET": MEMBERS, "POST": EDITING},
        {**ONE, "criterion": "decisions"},
        cast={"criterion": "rules"},
    ),
    "answers-dimension": Route(
        ACCOUNT, {"GET": MEMBERS, "POST": EDITING}, {**ONE, "dimension": "commons"}
    ),
    "review": Route(ACCOUNT, {"GET": MEMBERS}, ONE),
    "preview": Route(ACCOUNT, {"GET": MEMBERS}, ONE),
    "publish": Route(ACCOUNT, {"GET": STEWARDS, "POST": STEWARDS}, ONE),
    "withdraw": Route(ACCOUNT, {"GET": STEWARDS, "POST": STEWARDS}, ONE),
    "remove": Route(ACCOUNT, {"GET": STEWARDS, "POST": STEWARDS}, ONE),
    "doors": Route(ACCOUNT, {"GET": MEMBERS}, ONE),
    "news": Route(ACCOUNT, {"GET": MEMBERS, "POST": MEMBERS}, ONE),
    # Whoever has the link of a mail; here nobody has one that we signed.
    "news-mail": Route(ACCOUNT, {"GET": NOBODY, "POST": NOBODY}, {"token": "none"}),
    "requirements": Route(ACCOUNT, {"GET": MEMBERS, "POST": STEWARDS}, ONE),
    "messages": Route(ACCOUNT, {"GET": EDITING}, ONE),
    "ask": Route(ACCOUNT, {"GET": EDITING, "POST": EDITING}, TWO),
    "write": Route(ACCOUNT, {"GET": EDITING, "POST": EDITING}, TWO),
    # The curators' desk.
    "curation": Route(ACCOUNT, {"GET": CURATORS}),
    "edition-upload": Route(ACCOUNT, {"GET": CURATORS, "POST": CURATORS}),
    "edition": Route(ACCOUNT, {"GET": CURATORS}, EDITION, cast={"slug": "next"}),
    "edition-export": Route(ACCOUNT, {"GET": CURATORS}, EDITION, cast={"slug": "next"}),
    "edition-publish": Route(ACCOUNT, {"POST": CURATORS}, EDITION, cast={"slug": "next"}),
    "edition-discard": Route(ACCOUNT, {"POST": CURATORS}, EDITION, cast={"slug": "next"}),
    # Accounts; of allauth only GET's answer to anybody and who gets in are stated.
    "account_login": Route(ACCOUNT, {"GET": EVERYBODY, "POST": EVERYBODY}, is_ours=False),
    "account_logout": Route(
        ACCOUNT, {"GET": EVERYBODY, "POST": EVERYBODY}, answers=302, is_ours=False
    ),
    "account_signup": Route(ACCOUNT, {"GET": EVERYBODY, "POST": EVERYBODY}, is_ours=False),
    "account_inactive": Route(ACCOUNT, {"GET": EVERYBODY}, is_ours=False),
    "account_email": Route(ACCOUNT, {"GET": KNOWN, "POST": KNOWN}, is_ours=False),
    "account_email_verification_sent": Route(ACCOUNT, {"GET": EVERYBODY}, is_ours=False),
    "account_confirm_email": Route(
        ACCOUNT, {"GET": EVERYBODY, "POST": NOBODY}, {"key": "none"}, is_ours=False
    ),
    "account_change_password": Route(ACCOUNT, {"GET": KNOWN, "POST": KNOWN}, is_ours=False),
    "account_set_password": Route(ACCOUNT, {"GET": EVERYBODY}, answers=302, is_ours=False),
    "account_reset_password": Route(ACCOUNT, {"GET": EVERYBODY, "POST": EVERYBODY}, is_ours=False),
    "account_reset_password_done": Route(ACCOUNT, {"GET": EVERYBODY}, is_ours=False),
    "account_reset_password_from_key": Route(
        ACCOUNT, {"GET": EVERYBODY, "POST": EVERYBODY}, {"uidb36": "a", "key": "b-c"}, is_ours=False
    ),
    "account_reset_password_from_key_done": Route(ACCOUNT, {"GET": EVERYBODY}, is_ours=False),
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
