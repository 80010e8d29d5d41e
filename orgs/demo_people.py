"""People for a demo on one's own machine: one for each role, all with a password that is known."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from orgs.demo_cast import PASSWORD, PEOPLE, DemoPerson
from orgs.models import Organisation, User
from orgs.models.membership import Membership


class NotOnLoopback(Exception):
    """Others can reach this installation, so nobody in it may have a known password."""


@transaction.atomic
def load() -> Sequence[DemoPerson]:
    """Make the people of the demo, or make them again what they should be; returns all of them.

    NotOnLoopback where others could reach them. A person whose organisation is not there is made
    without it.
    """
    if not settings.IS_LOOPBACK:
        raise NotOnLoopback
    for person in PEOPLE:
        _load(person)
    return PEOPLE


def _load(person: DemoPerson) -> None:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, PASSWORD, name=person.name)
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
    user.is_active, user.is_curator = True, person.is_curator
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    organisation = Organisation.objects.filter(slug=person.organisation).first()
    if organisation is not None:
        Membership.objects.update_or_create(
            organisation=organisation, user=user, defaults={"role": person.role}
        )
