"""The tables of people and organisations."""

from orgs.models.organisation import Organisation
from orgs.models.people import User

__all__ = ["Organisation", "User"]
