"""The questionnaire: one question a page, or all of a dimension on one.

Everything works with plain forms: post, be redirected, read. With scripts htmx posts each change
of one question at once to the same address, and is answered with a status instead of a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from assessments import drafting, drafts
from assessments.drafting import Change
from assessments.forms import numbers
from assessments.forms.answers import AnswerForm
from assessments.scoring.terms import Answer, Criterion
from assessments.views import way
from assessments.views.asked import asked, counts, theirs
from assessments.views.draft import Desk
from orgs import access
from orgs.access import Action
from orgs.models import User

PAGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED, CONFLICT = 422, 409
SAVED_HEADER = "Answer-Saved"
SHORT = 60
"""So many letters of a question are enough to know it again."""


@PAGE
def question(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    """One question: read it, answer it, take the answer back."""
    if request.method == "POST":
        return _post_question(request, slug, criterion)
    desk = _desk(request, slug)
    asked_here = desk.criterion(criterion)
    stored = desk.draft.answers.get(criterion)
    form = AnswerForm(asked_here, desk.words, stored=stored)
    return _question_page(request, desk, asked_here, form)


@PAGE
def dimension(request: HttpRequest, slug: str, dimension: str) -> HttpResponse:
    """All questions of a dimension on one page; each is saved for itself."""
    if request.method == "POST":
        return _post_dimension(request, slug, dimension)
    desk = _desk(request, slug)
    forms = {
        one.slug: AnswerForm(one, desk.words, stored=desk.draft.answers.get(one.slug))
        for one in desk.of_dimension(dimension)
    }
    return _dimension_page(request, desk, dimension, forms)


def _desk(request: HttpRequest, slug: str) -> Desk:
    return Desk.read(access.membership(request, slug, Action.SEE_DRAFT))


def _hold(request: HttpRequest, slug: str) -> Desk:
    """The draft for one who may change it; inside a transaction."""
    membership = access.membership(request, slug, Action.ANSWER)
    try:
        return Desk.of(membership, drafts.hold(membership.organisation))
    except drafts.NoEdition:
        raise Http404 from None


def _put(request: HttpRequest, desk: Desk, forms: Iterable[AnswerForm]) -> drafting.Saved:
    """Save what can be saved of some forms; where nothing is filled in, nothing is to be saved."""
    changes: dict[str, Change] = {}
    empty: dict[str, str] = {}
    for form in forms:
        if form.is_taken_back:
            changes[form.criterion.slug] = Change(None, form.seen)
        elif form.is_valid() and form.said is None:
            empty[form.criterion.slug] = form.seen
        elif form.is_valid():
            # Who was shown that it has new words, and saves the same answer, says that it holds.
            is_affirmed = f"{form.criterion.slug}-reworded" in request.POST
            changes[form.criterion.slug] = Change(form.said, form.seen, is_affirmed)
    saved = drafting.put(desk.draft, changes, by=access.person(request), at=timezone.now())
    return drafting.Saved({**saved.marks, **empty}, saved.conflicts)


def _bound(request: HttpRequest, desk: Desk, criterion: Criterion) -> AnswerForm:
    stored = desk.draft.answers.get(criterion.slug)
    return AnswerForm(criterion, desk.words, stored=stored, data=request.POST)


def _post_question(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    with transaction.atomic():
        desk = _hold(request, slug)
        asked_here = desk.criterion(criterion)
        before = desk.draft.answers.get(criterion)
        form = _bound(request, desk, asked_here)
        saved = _put(request, desk, [form])
    if criterion in saved.conflicts:
        return _collided(request, desk, asked_here, form, saved.conflicts[criterion])
    if criterion not in saved.marks:
        return _refused(request, desk, asked_here, form)
    said = None if form.is_taken_back else form.said
    if _by_script(request):
        context = {
            **_part(desk, asked_here, form),
            "mark": saved.marks[criterion],
            "at": timezone.now(),
            "counts": counts(asked_here, desk.words, said),
            "answered": _answered(desk, asked_here, said),
        }
        return _status(request, "assessments/_saved.html", context)
    asked_on = way.of(request, desk, criterion)
    url = asked_on.url(criterion) if asked_on else desk.url("question", criterion)
    if form.is_taken_back:
        messages.info(request, f"The answer was taken back. {_it_was(desk, asked_here, before)}")
        return redirect(url)
    text = desk.words.of_criterion(asked_here)
    if said is None:
        messages.info(request, _which("Left open", text, url))
    else:
        because = counts(asked_here, desk.words, said)
        messages.success(request, _which("Saved", text, url, because))
    if asked_on is not None:
        return redirect(asked_on.onwards(criterion, desk, go=request.POST.get("go", "")))
    goes_on = request.POST.get("go", "next") == "next"
    if said is not None and goes_on and _completes_core(request, desk, asked_here):
        messages.success(
            request,
            "The first questions are answered, and here is your first result. You can publish it "
            "as it is; the others make it surer, whenever you have time for them.",
        )
        return redirect(desk.url("review"))
    return redirect(_onwards(request, desk, asked_here))


def _answered(desk: Desk, criterion: Criterion, said: Answer | None) -> int:
    """How many questions are answered once one is answered with this; None leaves it as it was."""
    answered = set(desk.draft.answers) if said is None else {*desk.draft.answers, criterion.slug}
    return sum(one.slug in answered for one in desk.draft.edition.criteria)


def _is_last_of_core(desk: Desk, criterion: Criterion) -> bool:
    """Whether it is the only one of those that are asked first that is not answered yet."""
    return len(_core(desk)) > 1 and _core(desk) - desk.draft.answers.keys() == {criterion.slug}


def _completes_core(request: HttpRequest, desk: Desk, criterion: Criterion) -> bool:
    """Whether it was the last of them as its page was opened; a script may have saved it since."""
    was_last = "last-of-core" in request.POST
    return was_last and not _core(desk) - desk.draft.answers.keys() - {criterion.slug}


def _core(desk: Desk) -> set[str]:
    return {one.slug for one in desk.draft.edition.criteria if one.core}


def _which(what: str, text: str, url: str, because: str = "") -> str:
    """What became of which answers, with the way back to them: the next page asks another thing."""
    short = text if len(text) <= SHORT else f"{text[:SHORT].rpartition(' ')[0]}…"
    return format_html('{}: <a href="{}">{}</a> {}', what, url, short, because)


def _it_was(desk: Desk, criterion: Criterion, before: Answer | None) -> str:
    """What an answer was that is not there any more, for whoever has taken back the wrong one."""
    if before is None:
        return ""
    was = ", ".join(before.licences)
    if before.value is not None:
        was = f"{numbers.write(before.value)} {criterion.unit}".strip()
    elif before.level is not None:
        was = desk.words.short(criterion, criterion.positions[before.level]).rstrip(".")
    return f"It was “{was}”." if was else ""


def _without_news(request: HttpRequest) -> dict[str, Any]:
    """Drop what was to be said of an earlier save: beside a conflict it would be read as of this.

    Read messages are not shown on a later page, and a page that is silent does not show them.
    """
    list(messages.get_messages(request))
    return {"is_silent": True}


def _by_script(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]  # By its middleware.


def _onwards(request: HttpRequest, desk: Desk, criterion: Criterion) -> str:
    """Where a person goes after saving: on, or back to where they came from."""
    match request.POST.get("go", "next"):
        case "tasks":
            return desk.url("tasks")
        case "review":
            return f"{desk.url('review')}#answer-{criterion.slug}"
        case _:
            return desk.next_url(after=criterion.slug)


def _part(desk: Desk, criterion: Criterion, form: AnswerForm) -> dict[str, Any]:
    """What a status says of its question."""
    return {
        "slug": criterion.slug,
        "form": form,
        "question_url": desk.url("question", criterion.slug),
    }


def _status(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The answer to a script, which knows by its header that it is one, and not a log-in page."""
    response = render(request, template, context, status=status)
    response[SAVED_HEADER] = "yes" if status == HttpResponse.status_code else "no"
    return response


def _refused(
    request: HttpRequest, desk: Desk, criterion: Criterion, form: AnswerForm
) -> HttpResponse:
    if _by_script(request):
        context = _part(desk, criterion, form)
        return _status(request, "assessments/_refused.html", context, REFUSED)
    return _question_page(request, _whole(desk), criterion, form, status=REFUSED)


def _collided(
    request: HttpRequest,
    desk: Desk,
    criterion: Criterion,
    form: AnswerForm,
    conflict: drafting.Conflict,
) -> HttpResponse:
    other = theirs(desk, conflict, access.person(request))
    if _by_script(request):
        context = {**_part(desk, criterion, form), "conflict": other}
        if (asked_on := way.of(request, desk, criterion.slug)) is not None:
            context["question_url"] = asked_on.url(criterion.slug)
        return _status(request, "assessments/_conflict.html", context, CONFLICT)
    return _question_page(request, _whole(desk), criterion, form, other, status=CONFLICT)


def _whole(desk: Desk) -> Desk:
    """The same draft as a page shows it, with who changed what."""
    return Desk.read(desk.membership)


def _question_page(
    request: HttpRequest,
    desk: Desk,
    criterion: Criterion,
    form: AnswerForm,
    conflict: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    siblings = desk.of_dimension(criterion.dimension)
    place = siblings.index(criterion)
    sequence = desk.sequence()
    at = sequence.index(criterion)
    came_from = request.POST.get("go", request.GET.get("from", ""))
    asked_on = way.of(request, desk, criterion.slug)
    q = _with_conflict(asked(desk, criterion, form, _person(request)), form, conflict)
    context = {
        **desk.context(),
        "q": q,
        "keep_url": q["url"],
        "dimension": desk.words.of_dimension(criterion.dimension),
        "dimension_url": desk.url("answers-dimension", criterion.dimension),
        "place": place + 1,
        "places": len(siblings),
        "answered": _answered(desk, criterion, None),
        "count": len(sequence),
        "core": sum(one.core for one in sequence) if criterion.core else 0,
        "core_place": at + 1,
        "is_last_of_core": "last-of-core" in request.POST or _is_last_of_core(desk, criterion),
        "previous_url": desk.url("question", sequence[at - 1].slug) if at else "",
        "following_url": desk.url("question", sequence[at + 1].slug)
        if at + 1 < len(sequence)
        else "",
        "go": came_from if came_from in ("review", "tasks") else "next",
        "is_last_open": desk.next_open(after=criterion.slug) is None,
        "error_form": form if form.is_bound and not conflict else None,
        **(_without_news(request) if form.is_bound else {}),
        **(asked_on.shown(criterion.slug, desk) if asked_on else {}),
    }
    return render(request, "assessments/question.html", context, status=status)


def _with_conflict(
    shown: dict[str, Any], form: AnswerForm, conflict: dict[str, Any] | None
) -> dict[str, Any]:
    # What the person saw stays what they saw: only the button that says so saves over it.
    seen = form.data.get(form.add_prefix("seen"), "") if form.is_bound else shown["seen"]
    return {**shown, "conflict": conflict, "seen": seen}


def _person(request: HttpRequest) -> User:
    return access.person(request)


def _post_dimension(request: HttpRequest, slug: str, dimension: str) -> HttpResponse:
    with transaction.atomic():
        desk = _hold(request, slug)
        forms = {
            one.slug: _bound(request, desk, one)
            for one in desk.of_dimension(dimension)
            # A question that was not on the page that was sent is left alone.
            if f"{one.slug}-seen" in request.POST
        }
        saved = _put(request, desk, forms.values())
    if len(saved.marks) == len(forms):
        text = desk.words.of_dimension(dimension)
        url = desk.url("answers-dimension", dimension)
        messages.success(request, _which("Saved", text, url))
        return redirect(_after_dimension(request, desk, dimension))
    return _dimension_page(request, _whole(desk), dimension, forms, saved)


def _after_dimension(request: HttpRequest, desk: Desk, dimension: str) -> str:
    """The next dimension, the list, or the same page."""
    if request.POST.get("go") != "next":
        return desk.url("answers-dimension", dimension)
    order = [one.slug for one in desk.draft.edition.dimensions]
    behind = order[order.index(dimension) + 1 :]
    filled = {one.dimension for one in desk.draft.edition.criteria}
    following = next((one for one in behind if one in filled), None)
    return desk.url("answers-dimension", following) if following else desk.url("tasks")


def _dimension_page(
    request: HttpRequest,
    desk: Desk,
    dimension: str,
    forms: dict[str, AnswerForm],
    saved: drafting.Saved | None = None,
) -> HttpResponse:
    conflicts = saved.conflicts if saved else {}
    marks = saved.marks if saved else {}
    person = _person(request)
    shown = []
    for criterion in desk.of_dimension(dimension):
        slug = criterion.slug
        form = forms.get(slug)
        if form is None or slug in marks:
            form = AnswerForm(criterion, desk.words, stored=desk.draft.answers.get(slug))
        other = theirs(desk, conflicts[slug], person) if slug in conflicts else None
        shown.append(_with_conflict(asked(desk, criterion, form, person), form, other))
    context = {
        **desk.context(),
        "questions": shown,
        "dimension": desk.words.of_dimension(dimension),
        "dimension_question": desk.words.of_dimension(dimension, "question"),
        "dimension_url": desk.url("answers-dimension", dimension),
        "answered": len(desk.draft.answers),
        "count": len(desk.draft.edition.criteria),
        "error_forms": [
            {"number": number, "form": q["form"]}
            for number, q in enumerate(shown, 1)
            if q["form"].is_bound and q["form"].errors
        ],
        "conflicts": [q for q in shown if q["conflict"]],
        **(_without_news(request) if saved else {}),
    }
    status = CONFLICT if conflicts else REFUSED if saved else HttpResponse.status_code
    return render(request, "assessments/dimension.html", context, status=status)
