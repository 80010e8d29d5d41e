"""Many who do it at the same moment, each with a connection of their own, on a real database."""

from __future__ import annotations

import ast

from tests.installation import installed

_BEFORE = """
import django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from django.utils import timezone
from orgs import joining
from orgs.models import Organisation, User
from orgs.models.membership import Membership, Role

def at_once(works):
    barrier = Barrier(len(works))
    def run(work):
        try:
            barrier.wait()
            work()
            return "done"
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()
    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))

def steward(number):
    return User.objects.create_user(f"steward-{number}@hazel.example")

said = []
"""

_ACCEPT = """
for trial in range(10):
    ana, oto = steward(trial), User.objects.create_user(f"oto-{trial}@hazel.example")
    hazel = joining.found(ana, slug=f"hazel-{trial}", described={"name": "Hazel"})
    at = timezone.now()
    invitation, token = joining.invite(hazel, email=oto.email, role=Role.EDITOR, by=ana, at=at)
    works = [lambda: joining.accept(token, user=oto, at=at)] * 4
    works += [lambda: joining.accept_as_owner(invitation.pk, user=oto, at=at)] * 4
    said.append((at_once(works), Membership.objects.filter(organisation=hazel, user=oto).count()))
print(said)
"""

_LEAVE = """
for trial in range(20):
    ana, emre = steward(f"a{trial}"), steward(f"b{trial}")
    hazel = joining.found(ana, slug=f"elder-{trial}", described={"name": "Elder"})
    Membership.objects.create(organisation=hazel, user=emre, role=Role.STEWARD)
    first, second = Membership.objects.filter(organisation=hazel).order_by("pk")
    ways = [
        lambda: joining.leave(first),
        (lambda: joining.leave(second), lambda: joining.change_role(second, role=Role.VIEWER))[
            trial % 2
        ],
    ]
    left = Membership.objects.filter(organisation=hazel, role=Role.STEWARD)
    said.append((at_once(ways), left.count()))
print(said)
"""

_SIGN_UP = """
for trial in range(10):
    ana = steward(f"c{trial}")
    works = [lambda: joining.found(ana, slug=f"oak-{trial}", described={"name": "Oak"})] * 8
    said.append((at_once(works), Membership.objects.filter(user=ana).count()))
print(said)
"""

_WRITE = """
from assessments import contact
from orgs.models import Message

def rowan(number):
    return Organisation.objects.create(slug=f"rowan-{number}", name=f"Rowan {number}")

hazel, *others = map(rowan, range(9))
by, at, ways = steward("w"), timezone.now(), contact.Ways("", "", lambda _message, _slug: "")
for other in others:
    for one, two in ((hazel, other), (other, hazel)):
        Message.objects.create(sender=one, receiver=two, text="Hello.")

received, done, seen = Message.objects.filter(receiver=hazel), [], []

def both_ways(other):
    try:
        contact.write(other, hazel, "Is anybody there?", by=by, at=at, ways=ways)
        contact.write(hazel, other, "Yes, we are here.", by=by, at=at, ways=ways)
        contact.write(other, hazel, "Gladly, then.", by=by, at=at, ways=ways)
    finally:
        done.append(other)

def watch():
    while len(done) < len(others):
        seen.append(list(received.order_by("pk").values_list("pk", flat=True)))

said = at_once([watch, *(lambda other=other: both_ways(other) for other in others)])
every = list(received.order_by("pk").values_list("pk", flat=True))
print((said, len(every), all(every[: len(some)] == some for some in seen)))
"""


def test_of_many_who_write_none_waits_for_ever_and_none_arrives_below_another() -> None:
    """What a member has seen of the messages is one number; a lower one may not come later."""
    with installed() as installation:
        said, count, is_in_order = ast.literal_eval(installation.python(_BEFORE + _WRITE))
    assert said == ["done"] * 9
    assert count == 8 * 3
    assert is_in_order


def test_of_many_at_once_one_accepts_one_steward_stays_and_one_founds() -> None:
    with installed() as installation:
        accepted = ast.literal_eval(installation.python(_BEFORE + _ACCEPT))
        left = ast.literal_eval(installation.python(_BEFORE + _LEAVE))
        founded = ast.literal_eval(installation.python(_BEFORE + _SIGN_UP))
    assert accepted == [(["InvitationNotValid"] * 7 + ["done"], 1)] * 10
    assert left == [(["LastSteward", "done"], 1)] * 20
    assert founded == [(["SlugTaken"] * 7 + ["done"], 1)] * 10
