"""Who asks, what comes of it, and the rules that say so; decided here, not by `orgs.access`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Who asks. The stranger is a steward of another organisation, Dogwood."""

    ANONYMOUS = "anonymous"
    STRANGER = "stranger"
    FORMER = "former"
    VIEWER = "viewer"
    EDITOR = "editor"
    STEWARD = "steward"
    CURATOR = "curator"


class Outcome(StrEnum):
    """What comes of it: let in (also to hear that a form is not filled in), or not."""

    IN = "in"
    LOGIN = "log in first"
    HIDDEN = "not there"
    REFUSED = "refused"
    NO_METHOD = "no such method"


Rule = Mapping[Role, Outcome]


def _rule(otherwise: Outcome, **known: Outcome) -> Rule:
    return {role: known.get(role.value, otherwise) for role in Role}


def _of_members(*allowed: str) -> Rule:
    """Members of those roles get in, other members are refused, to others nothing is there."""
    members = {
        role: Outcome.IN if role in allowed else Outcome.REFUSED
        for role in ("viewer", "editor", "steward")
    }
    return _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN, **members)


EVERYBODY = _rule(Outcome.IN)
NOBODY = _rule(Outcome.HIDDEN)
KNOWN = _rule(Outcome.IN, anonymous=Outcome.LOGIN)
INVITED = _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN)
"""Only whoever has the invitation; none of the roles has."""
MEMBERS = _of_members("viewer", "editor", "steward")
EDITING = _of_members("editor", "steward")
STEWARDS = _of_members("steward")
CURATORS = _rule(Outcome.HIDDEN, anonymous=Outcome.LOGIN, curator=Outcome.IN)
