"""What organisations say to each other: ask for answers, write, read what was written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import comparison, contact
from assessments.contact import Question, Ways
from assessments.forms.messages import MessageForm
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.views.directory import described
from assessments.views.profile import criterion_url
from assessments.wording import Wording
from orgs import access
from orgs.access import Action
from orgs.models import Message, Organisation
from orgs.models.membership import Membership

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """Ask another organisation for the answers that keep a pair from being known."""
    access.membership(request, slug, Action.WRITE_TO_OTHERS)
    both = listed().select_related("sheet__edition")
    found = {one.slug: one for one in both.filter(slug__in=(slug, other))}
    if slug == other or not {slug, other} <= found.keys():
        raise Http404
    own, receiver = found[slug], found[other]
    questions = open_questions(comparison.compare(own, receiver, own.sheet.edition))
    if request.method == "POST" and questions:
        try:
            contact.ask(
                own,
                receiver,
                questions,
                by=access.person(request),
                at=timezone.now(),
                ways=_ways(request, own, receiver),
            )
        except contact.Refused as refused:
            notes.warning(request, str(refused))
        else:
            notes.success(request, f"{receiver.name} has been asked.")
        return redirect("pair", slug, other)
    context = {
        **_sides(own, receiver),
        "questions": questions,
        "text": contact.words_of_ask(own, receiver, questions),
        "asked_at": contact.last_ask(own, receiver, at=timezone.now()),
    }
    return render(request, "assessments/ask.html", context)


def open_questions(pair: comparison.Pair) -> list[Question]:
    """What the first of a pair asks and the second has not said or shown; deal-breakers first."""
    words = Wording.of(pair.edition)
    return [
        Question(slug, words.of_criterion(pair.edition.by_slug[slug]))
        for slug in comparison.open_to(pair)
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
    context = {
        **_sides(own, receiver),
        "form": form,
        "has_stewards": bool(access.stewards(receiver)),
        "section": "desk",
    }
    return render(request, "assessments/message.html", context)


@require_safe
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation has received and sent."""
    member = access.membership(request, slug, Action.WRITE_TO_OTHERS)
    page = Paginator(contact.messages_of(member.organisation), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    edition = Edition.objects.current()
    words = Wording.of(edition.as_terms()) if edition else None
    rows = [_row(one, member, words) for one in page.object_list]
    context = {
        "organisation": member.organisation,
        "page": page,
        "rows": rows,
        "section": "desk",
    }
    return render(request, "assessments/messages.html", context)


def _row(message: Message, member: Membership, words: Wording | None) -> dict[str, Any]:
    is_received = message.receiver_id == member.organisation_id
    other = message.sender if is_received else message.receiver
    ask = getattr(message, "ask", None)
    asked = [] if ask is None or words is None else ask.criteria
    known = words.edition.by_slug if words else {}
    return {
        "id": message.pk,
        "is_received": is_received,
        "other": other.name,
        "text": message.text,
        "at": message.sent_at,
        "is_ask": ask is not None,
        "questions": [
            {"question": words.of_criterion(known[slug]), "url": criterion_url(slug)}
            for slug in asked
            if words and slug in known
        ],
        "answer_url": reverse("write", args=[member.organisation.slug, other.slug]),
    }


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
    return Ways(
        answer=request.build_absolute_uri(reverse("write", args=[receiver.slug, sender.slug])),
        messages=request.build_absolute_uri(reverse("messages", args=[receiver.slug])),
    )
