"""The tables of people and organisations."""

from orgs.models.membership import Invitation, Membership, Message
from orgs.models.organisation import Organisation
from orgs.models.people import User

__all__ = ["Invitation", "Membership", "Message", "Organisation", "User"]
