"""The pages of people and their organisations."""

from django.urls import path

from orgs.views import desk, founding, invitations, members

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/invitations/<int:invitation_id>/", invitations.accept, name="accept-invitation"),
    path("you/", desk.you, name="you"),
    path("you/erase/", desk.erase, name="erase"),
    path("act-for/<slug:slug>/", desk.act_for, name="act-for"),
    path("found/", founding.found, name="found"),
    path("organisations/<slug:slug>/describe/", founding.describe, name="describe"),
    path("organisations/<slug:slug>/leave/", members.leave, name="leave"),
    path("organisations/<slug:slug>/members/", members.members, name="members"),
    path("organisations/<slug:slug>/members/invite/", members.invite, name="invite"),
    path("organisations/<slug:slug>/members/<int:member_id>/", members.member, name="member"),
    path(
        "organisations/<slug:slug>/members/<int:member_id>/remove/",
        members.remove,
        name="remove-member",
    ),
    path(
        "organisations/<slug:slug>/invitations/<int:invitation_id>/revoke/",
        members.revoke,
        name="revoke-invitation",
    ),
    path(
        "organisations/<slug:slug>/invitations/<int:invitation_id>/again/",
        members.invite_again,
        name="invite-again",
    ),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
