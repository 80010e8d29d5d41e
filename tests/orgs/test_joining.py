"""Belonging: never without a steward; an invitation is for one address, once, and not for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from orgs import joining
from orgs.models import Message, Organisation, User
from orgs.models.membership import Invitation, Membership, Role
from tests.orgs.conftest import Hazel, person

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def _invite(hazel: Hazel, email: str = "oto@hazel.example", at: datetime = AT) -> str:
    _, token = joining.invite(
        hazel.organisation, email=email, role=Role.EDITOR, by=hazel.ana, at=at
    )
    return token


def test_the_founder_is_the_first_steward(hazel: Hazel) -> None:
    assert hazel.of(hazel.ana).role == Role.STEWARD


def test_a_slug_is_founded_once(hazel: Hazel) -> None:
    with pytest.raises(joining.SlugTaken):
        joining.found(hazel.oto, slug="hazel", described={"name": "Another"})
    assert Organisation.objects.count() == 1
    assert not Membership.objects.filter(user=hazel.oto).exists()


def test_the_invited_belongs_in_the_role_for_which_they_were_invited(hazel: Hazel) -> None:
    joined = joining.accept(_invite(hazel), user=hazel.oto, at=AT)
    assert (joined.organisation, joined.role) == (hazel.organisation, Role.EDITOR)


def test_case_and_blanks_make_no_other_address(hazel: Hazel) -> None:
    assert joining.accept(_invite(hazel, " OTO@Hazel.example "), user=hazel.oto, at=AT)


def test_an_invitation_is_used_once(hazel: Hazel) -> None:
    token = _invite(hazel)
    joining.accept(token, user=hazel.oto, at=AT)
    joining.leave(hazel.of(hazel.oto))
    with pytest.raises(joining.InvitationNotValid):
        joining.accept(token, user=hazel.oto, at=AT)
    assert not Membership.objects.filter(user=hazel.oto).exists()


def test_an_invitation_is_for_its_address_alone(hazel: Hazel) -> None:
    token, other = _invite(hazel), person("Other")
    with pytest.raises(joining.InvitationNotValid):
        joining.accept(token, user=other, at=AT)
    (invitation,) = joining.invitations_for(hazel.oto, at=AT)
    with pytest.raises(joining.InvitationNotValid):
        joining.accept_as_owner(invitation.pk, user=other, at=AT)
    assert joining.invitations_for(other, at=AT) == []
    assert joining.accept_as_owner(invitation.pk, user=hazel.oto, at=AT).user == hazel.oto


def test_an_invitation_ends_after_fourteen_days(hazel: Hazel) -> None:
    token = _invite(hazel)
    late = AT + timedelta(days=14)
    with pytest.raises(joining.InvitationNotValid):
        joining.accept(token, user=hazel.oto, at=late)
    assert joining.invitations_for(hazel.oto, at=late) == []
    assert joining.accept(token, user=hazel.oto, at=late - timedelta(seconds=1))


def test_an_invitation_that_has_ended_gives_way_to_a_new_one(hazel: Hazel) -> None:
    _invite(hazel)
    assert joining.accept(
        _invite(hazel, at=AT + timedelta(days=15)), user=hazel.oto, at=AT + timedelta(days=15)
    )


def test_an_invitation_that_is_taken_back_is_worth_nothing(hazel: Hazel) -> None:
    token = _invite(hazel)
    joining.revoke(Invitation.objects.get(), at=AT)
    with pytest.raises(joining.InvitationNotValid):
        joining.accept(token, user=hazel.oto, at=AT)
    with pytest.raises(joining.InvitationNotValid):
        joining.open_invitation(token, at=AT)


def test_what_is_accepted_cannot_be_taken_back(hazel: Hazel) -> None:
    joining.accept(_invite(hazel), user=hazel.oto, at=AT)
    joining.revoke(Invitation.objects.get(), at=AT)
    assert Invitation.objects.get().revoked_at is None


@pytest.mark.parametrize("email", ["oto@hazel.example", "EMRE@hazel.example"])
def test_nobody_is_invited_twice_and_no_member_at_all(hazel: Hazel, email: str) -> None:
    _invite(hazel)
    with pytest.raises(joining.AlreadyInvited):
        _invite(hazel, email)


def test_the_token_stands_nowhere_in_the_table(hazel: Hazel) -> None:
    token = _invite(hazel)
    assert token not in str(Invitation.objects.values().get())


def test_too_many_open_invitations_are_refused(hazel: Hazel) -> None:
    for number in range(joining.MOST_OPEN_INVITATIONS):
        _invite(hazel, f"{number}@elsewhere.example")
    with pytest.raises(joining.TooManyInvitations):
        _invite(hazel)


def test_the_last_steward_neither_leaves_nor_steps_down_nor_is_removed(hazel: Hazel) -> None:
    ana = hazel.of(hazel.ana)
    with pytest.raises(joining.LastSteward):
        joining.leave(ana)
    with pytest.raises(joining.LastSteward):
        joining.remove(ana)
    with pytest.raises(joining.LastSteward):
        joining.change_role(ana, role=Role.EDITOR)
    joining.change_role(ana, role=Role.STEWARD)
    assert hazel.of(hazel.ana).role == Role.STEWARD


def test_a_steward_leaves_when_another_is_there(hazel: Hazel) -> None:
    joining.change_role(hazel.of(hazel.emre), role=Role.STEWARD)
    joining.leave(hazel.of(hazel.ana))
    with pytest.raises(joining.LastSteward):
        joining.leave(hazel.of(hazel.emre))


def test_a_steward_whose_account_is_closed_does_not_count(hazel: Hazel) -> None:
    joining.change_role(hazel.of(hazel.emre), role=Role.STEWARD)
    hazel.emre.is_active = False
    hazel.emre.save()
    with pytest.raises(joining.LastSteward):
        joining.leave(hazel.of(hazel.ana))


def test_others_leave_as_they_like(hazel: Hazel) -> None:
    joining.leave(hazel.of(hazel.vilma))
    joining.remove(hazel.of(hazel.emre))
    assert [one.user for one in Membership.objects.all()] == [hazel.ana]


def test_who_was_steward_when_the_form_was_opened_is_looked_up_anew(hazel: Hazel) -> None:
    """Emre was made steward after the page with his membership was read."""
    read_before = hazel.of(hazel.emre)
    joining.change_role(read_before, role=Role.STEWARD)
    joining.leave(hazel.of(hazel.ana))
    with pytest.raises(joining.LastSteward):
        joining.leave(read_before)


def test_an_invitation_sent_again_lasts_anew_and_by_its_new_link_only(hazel: Hazel) -> None:
    before = _invite(hazel)
    late = AT + timedelta(days=13)
    after = joining.renew(Invitation.objects.get(), at=late)
    with pytest.raises(joining.InvitationNotValid):
        joining.accept(before, user=hazel.oto, at=late)
    assert joining.accept(after, user=hazel.oto, at=late + timedelta(days=13))


def test_an_invitation_that_has_ended_is_not_sent_again(hazel: Hazel) -> None:
    _invite(hazel)
    invitation = Invitation.objects.get()
    with pytest.raises(joining.InvitationNotValid):
        joining.renew(invitation, at=AT + timedelta(days=14))
    joining.revoke(invitation, at=AT)
    with pytest.raises(joining.InvitationNotValid):
        joining.renew(invitation, at=AT)


def test_who_is_erased_stands_in_no_table(hazel: Hazel) -> None:
    """With roles in two organisations, invitations got and sent, and a message written."""
    elder = joining.found(hazel.oto, slug="elder", described={"name": "Elder"})
    _invite(hazel, "una@far.example")
    joining.accept(_invite_to(elder, hazel.emre, by=hazel.oto), user=hazel.emre, at=AT)
    Message.objects.create(
        sender=hazel.organisation, receiver=elder, written_by=hazel.emre, text="Good morning"
    )
    Invitation.objects.filter(organisation=hazel.organisation).update(invited_by=hazel.emre)
    assert _tables_with("emre") != []
    joining.forget(hazel.emre)
    assert _tables_with("emre") == []
    assert Message.objects.get().written_by is None
    assert [one.email for one in Invitation.objects.all()] == ["una@far.example"]


def test_who_is_the_only_steward_of_something_is_not_erased(hazel: Hazel) -> None:
    """All of what stands in the way is named, and nothing of the rest is done."""
    elder = joining.found(hazel.ana, slug="elder", described={"name": "Elder"})
    yew = joining.found(hazel.oto, slug="yew", described={"name": "Yew"})
    Membership.objects.create(organisation=yew, user=hazel.ana, role=Role.EDITOR)
    with pytest.raises(joining.LastSteward) as refused:
        joining.forget(hazel.ana)
    assert refused.value.args == (hazel.organisation, elder)
    assert Membership.objects.filter(user=hazel.ana).count() == 3


def _invite_to(organisation: Organisation, user: User, *, by: User) -> str:
    _, token = joining.invite(organisation, email=user.email, role=Role.VIEWER, by=by, at=AT)
    return token


def _tables_with(text: str) -> list[str]:
    """Every table of ours and of the libraries in which a text stands, whatever its case."""
    return [
        model._meta.db_table
        for model in apps.get_models()
        if any(text in str(row).lower() for row in model._default_manager.values())
    ]
