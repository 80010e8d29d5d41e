"""Who belongs to an organisation: invite, give another role, end a membership, leave."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import access, joining, mail
from orgs.access import Action
from orgs.forms import InviteForm, RoleForm
from orgs.models import Organisation
from orgs.models.membership import Invitation, Membership, Role
from orgs.views import limits

LAST_STEWARD = (
    "An organisation is never without a steward. Make another member steward first, then this "
    "can be done."
)


@require_safe
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The members with their roles, and the invitations that wait for an answer."""
    own = access.membership(request, slug, Action.SEE_MEMBERS)
    return render(
        request,
        "orgs/members.html",
        {
            "own": own,
            "organisation": own.organisation,
            "members": access.members(own.organisation),
            "invitations": joining.open_invitations(own.organisation, at=timezone.now()),
            "may_manage": access.may(own.role, Action.MANAGE_MEMBERS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody by e-mail."""
    organisation = access.membership(request, slug, Action.MANAGE_MEMBERS).organisation
    is_sent = request.method == "POST"
    form = InviteForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        if not ratelimit.consume(request, action="invite"):
            return limits.too_many(request)
        if _has_invited(request, organisation, form):
            messages.success(request, f"An invitation is on its way to {form.invited}.")
            return redirect("members", slug)
    return render(request, "orgs/invite.html", {"form": form, "organisation": organisation})


def _has_invited(request: HttpRequest, organisation: Organisation, form: InviteForm) -> bool:
    """Invite and send the mail; else say in the form why not, and leave nothing behind."""
    at, role = timezone.now(), Role(form.cleaned_data["role"])
    try:
        with transaction.atomic():
            own = access.membership(
                request, organisation.slug, Action.MANAGE_MEMBERS, for_change=True
            )
            invitation, token = joining.invite(
                own.organisation, email=form.invited, role=role, by=own.user, at=at
            )
    except joining.AlreadyInvited:
        form.add_error("email", f"{form.invited} is a member already, or is invited already.")
        return False
    except joining.TooManyInvitations:
        form.add_error(None, "Too many invitations wait for an answer. Take some of them back.")
        return False
    try:
        _send(request, invitation, token)
    except OSError:
        joining.revoke(invitation, at=at)
        form.add_error(None, "The mail could not be sent, so nobody is invited. Try again later.")
        return False
    return True


def _send(request: HttpRequest, invitation: Invitation, token: str) -> None:
    url = request.build_absolute_uri(reverse("invitation", args=[token]))
    mail.send_invitation(invitation, url=url)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """Give a member another role."""
    own = access.membership(request, slug, Action.MANAGE_MEMBERS)
    other = _member(own.organisation, member_id)
    is_sent = request.method == "POST"
    form = RoleForm(request.POST if is_sent else None, initial={"role": other.role})
    if is_sent and form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            with transaction.atomic():
                access.membership(request, slug, Action.MANAGE_MEMBERS, for_change=True)
                joining.change_role(other, role=role)
        except joining.LastSteward:
            form.add_error("role", LAST_STEWARD)
        else:
            messages.success(request, f"{other.user} is {role} now.")
            return redirect("members", slug)
    context = {"form": form, "own": own, "other": other, "organisation": own.organisation}
    return render(request, "orgs/member.html", context)


@require_POST
def remove(request: HttpRequest, slug: str, member_id: int) -> HttpResponse:
    """End another's membership."""
    with transaction.atomic():
        own = access.membership(request, slug, Action.MANAGE_MEMBERS, for_change=True)
        other = _member(own.organisation, member_id)
        try:
            joining.remove(other)
        except joining.LastSteward:
            messages.error(request, LAST_STEWARD)
            return redirect("member", slug, member_id)
    messages.success(request, f"{other.user} does not belong to {own.organisation} any more.")
    return redirect("members", slug)


@require_POST
def revoke(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    with transaction.atomic():
        own = access.membership(request, slug, Action.MANAGE_MEMBERS, for_change=True)
        invitation = _invitation(own.organisation, invitation_id)
        joining.revoke(invitation, at=timezone.now())
    messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect("members", slug)


@require_POST
def invite_again(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Send another mail to somebody whose invitation waits; it lasts anew."""
    at = timezone.now()
    own = access.membership(request, slug, Action.MANAGE_MEMBERS)
    invitation = _invitation(own.organisation, invitation_id)
    if not ratelimit.consume(request, action="invite"):
        return limits.too_many(request)
    try:
        with transaction.atomic():
            access.membership(request, slug, Action.MANAGE_MEMBERS, for_change=True)
            token = joining.renew(invitation, at=at)
            _send(request, invitation, token)
    except joining.InvitationNotValid:
        messages.error(request, f"{invitation.email} is not invited any more. Invite them anew.")
    except OSError:
        messages.error(request, "The mail could not be sent. Try again later.")
    else:
        messages.success(request, f"Another mail is on its way to {invitation.email}.")
    return redirect("members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave an organisation; the page asks before it is done."""
    own = access.membership(request, slug, Action.LEAVE)
    is_refused = False
    if request.method == "POST":
        try:
            joining.leave(own)
        except joining.LastSteward:
            is_refused = True
        else:
            messages.success(request, f"You have left {own.organisation}.")
            return redirect("desk")
    context = {
        "organisation": own.organisation,
        "is_refused": is_refused,
        "is_last": is_refused or joining.is_last_steward(own),
        "is_alone": own.organisation.memberships.count() == 1,
    }
    return render(request, "orgs/leave.html", context)


def _invitation(organisation: Organisation, invitation_id: int) -> Invitation:
    found = Invitation.objects.filter(organisation=organisation, pk=invitation_id).first()
    if found is None:
        raise Http404
    return found


def _member(organisation: Organisation, member_id: int) -> Membership:
    found = Membership.objects.filter(organisation=organisation, pk=member_id)
    member = found.select_related("user", "organisation").first()
    if member is None:
        raise Http404
    return member
