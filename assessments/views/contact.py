"""What organisations say to each other: ask for answers, write, read what was written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import comparison, contact
from assessments.contact import Question, Ways
from assessments.forms.messages import AskForm, MessageForm
from assessments.models.sheet import listed
from assessments.views import way
from assessments.views.directory import described
from assessments.views.letters import Letters, asked
from assessments.wording import Wording
from orgs import access
from orgs.access import Action
from orgs.models import Message, Organisation
from orgs.models.membership import Membership

PAGE_SIZE = 20
TICKED = 8
"""So many open questions are ticked at most unless one chooses others; the rest is folded away."""


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """Ask another organisation for answers that keep a pair from being known."""
    access.membership(request, slug, Action.WRITE_TO_OTHERS)
    both = listed().select_related("sheet__edition")
    found = {one.slug: one for one in both.filter(slug__in=(slug, other))}
    if slug == other or not {slug, other} <= found.keys():
        raise Http404
    own, receiver = found[slug], found[other]
    pair = comparison.compare(own, receiver, own.sheet.edition)
    found_enough = comparison.enough_of(pair)
    questions = open_questions(pair, first=found_enough.criteria)
    form = AskForm(
        [(one.slug, one.text) for one in questions],
        request.POST if request.method == "POST" and questions else None,
        ticked=(found_enough.criteria or [one.slug for one in questions])[:TICKED],
    )
    if form.is_valid() and _ask(request, own, receiver, questions, form):
        return redirect("pair", slug, other)
    context = {
        **_sides(own, receiver),
        "form": form,
        "questions": questions,
        "enough": found_enough,
        "ticked_of_enough": min(TICKED, len(found_enough.criteria)),
        "boxes": form["questions"][:TICKED],
        "more_boxes": form["questions"][TICKED:],
        "is_unfolded": not {one.slug for one in questions[TICKED:]}.isdisjoint(
            form["questions"].value() or ()
        ),
        "frame": contact.letter(
            contact.words_of_ask(own, questions), [one.slug for one in questions]
        ),
        "has_stewards": bool(access.stewards(receiver)),
        "asked": None if form.is_bound else _asked(own, receiver, at=timezone.now()),
    }
    return render(request, "assessments/ask.html", context)


def _ask(
    request: HttpRequest,
    own: Organisation,
    receiver: Organisation,
    questions: list[Question],
    form: AskForm,
) -> bool:
    """Ask what is chosen; where it is refused, say in the form why."""
    chosen = [one for one in questions if one.slug in form.cleaned_data["questions"]]
    now = timezone.now()
    try:
        contact.ask(
            own,
            receiver,
            chosen,
            text=form.cleaned_data["text"],
            by=access.person(request),
            at=now,
            ways=_ways(request, own, receiver),
        )
    except contact.Refused as refused:
        form.add_error(None, str(refused))
        return False
    count = "one question" if len(chosen) == 1 else f"{len(chosen)} questions"
    said = f"{receiver.name} was asked {count} on {contact.day(now)}. {contact.ask_again(now)}."
    if not access.stewards(receiver):
        said += " It waits until somebody joins for them."
    notes.success(request, said)
    return True


def _asked(own: Organisation, receiver: Organisation, *, at: datetime) -> dict[str, Any] | None:
    """What was asked within a week, and when; None if nothing was."""
    found = contact.last_ask(own, receiver, at=at)
    if found is None:
        return None
    asked_at = found.message.sent_at
    return {
        "at": asked_at,
        "again": contact.ask_again(asked_at),
        "letter": Letters.of(own, [found.message]).shown(found.message),
    }


def open_questions(pair: comparison.Pair, first: Collection[str] = ()) -> list[Question]:
    """What the first of a pair asks and the second has not said or shown.

    Deal-breakers first, but for some others that come before all.
    """
    words = Wording.of(pair.edition)
    return [
        # Of one line, whatever the edition has, since a letter has one line for each.
        Question(slug, " ".join(words.of_criterion(pair.edition.by_slug[slug]).split()))
        for slug in sorted(comparison.open_to(pair), key=lambda slug: slug not in first)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """Write to the stewards of another organisation."""
    member = access.membership(request, slug, Action.WRITE_TO_OTHERS)
    own, receiver = member.organisation, get_object_or_404(Organisation, slug=other)
    if own == receiver or not contact.is_known_to(receiver, own):
        raise Http404
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            contact.write(
                own,
                receiver,
                form.cleaned_data["text"],
                by=access.person(request),
                at=timezone.now(),
                ways=_ways(request, own, receiver),
            )
        except contact.Refused as refused:
            form.add_error(None, str(refused))
        else:
            notes.success(request, f"Your message to {receiver.name} is on its way.")
            return redirect("messages", slug)
    answered = contact.to_answer(own, receiver, request.GET.get("to", ""))
    context = {
        **_sides(own, receiver),
        "form": form,
        "has_stewards": bool(access.stewards(receiver)),
        "answered": answered
        and {"at": answered.sent_at, **Letters.of(own, [answered]).shown(answered)},
        "section": "desk",
    }
    return render(request, "assessments/message.html", context)


@require_safe
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has received and sent; what one sees here is new no more."""
    member = access.membership(request, slug, Action.WRITE_TO_OTHERS)
    page: Page[Message] = Paginator(contact.messages_of(member.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    letters = Letters.of(member.organisation, page.object_list)
    context = {
        "organisation": member.organisation,
        "page": page,
        "rows": [_row(one, member, letters) for one in page.object_list],
        "publish_url": reverse("publish", args=[slug])
        if access.may(member.role, Action.PUBLISH)
        else "",
        "section": "desk",
    }
    received = [one.pk for one in page.object_list if one.receiver_id == member.organisation_id]
    # The latest are on the first page: whoever leafs back has seen no later ones by that.
    if request.method == "GET" and page.number == 1:
        contact.see(member, max(received, default=0))
    return render(request, "assessments/messages.html", context)


def _row(message: Message, member: Membership, letters: Letters) -> dict[str, Any]:
    own = member.organisation
    is_received = message.receiver_id == own.pk
    other = message.sender if is_received else message.receiver
    write_url = reverse("write", args=[own.slug, other.slug])
    return {
        "id": message.pk,
        "is_received": is_received,
        "is_new": is_received and message.pk > member.messages_seen,
        "other": other.name,
        "other_url": _way_to(own, other, letters),
        "at": message.sent_at,
        "is_ask": bool(asked(message)),
        "waits": not is_received and message.waits,  # type: ignore[attr-defined]  # Annotated.
        "letter": letters.shown(message),
        "write_url": f"{write_url}?to={message.pk}" if is_received else write_url,
    }


def _way_to(own: Organisation, other: Organisation, letters: Letters) -> str:
    """Where one sees another: the pair where both have published, else the profile."""
    if not letters.can_be_seen(other):
        return ""
    if letters.can_be_seen(own):
        return reverse("pair", args=[own.slug, other.slug])
    return reverse("organisation", args=[other.slug])


def _sides(own: Organisation, receiver: Organisation) -> dict[str, Any]:
    return {
        "own": own,
        "receiver": described(receiver),
        "pair_url": reverse("pair", args=[own.slug, receiver.slug]),
        "write_url": reverse("write", args=[own.slug, receiver.slug]),
        "messages_url": reverse("messages", args=[own.slug]),
        "organisations_url": reverse("organisations"),
    }


def _ways(request: HttpRequest, sender: Organisation, receiver: Organisation) -> Ways:
    def question(message: Message, slug: str) -> str:
        asked_here = way.address(receiver.slug, slug, sender.slug, message.pk)
        return request.build_absolute_uri(asked_here)

    return Ways(
        write=request.build_absolute_uri(reverse("write", args=[receiver.slug, sender.slug])),
        messages=request.build_absolute_uri(reverse("messages", args=[receiver.slug])),
        question=question,
    )
