"""A question with its form, as the members of an organisation see it in their draft."""

from __future__ import annotations

from typing import Any

from assessments import drafting
from assessments.forms.answers import AnswerForm
from assessments.forms.choices import best, counted_as_but
from assessments.scoring import answers
from assessments.scoring.terms import (
    Answer,
    Criterion,
    Evidence,
    Kind,
    Role,
    State,
    Why,
)
from assessments.views.changed_question import is_alike, other_words, told
from assessments.views.draft import Desk, edited
from assessments.waiting import Past, Wait
from assessments.wording import Wording
from orgs.models import User


def counts(criterion: Criterion, words: Wording, answer: Answer | None) -> str:
    """What an answer counts as, and why, in one sentence; nothing where it is not scored."""
    if answer is None or criterion.kind is Kind.OFFERS or criterion.role is Role.NONE:
        return ""
    found = answers.effective(criterion, answer)
    position = answers.position(criterion, answer)
    if found.why is Why.RESERVATION and found.position is not None:
        return f"It counts as {words.short(criterion, found.position)} until the but is gone."
    if found.why is Why.NOT_SHOWN:
        return "It counts as not yet known until a link shows it."
    if found.why is Why.WITHHELD:
        return "Kept private, so it counts as not yet known."
    if found.state is State.UNKNOWN:
        return "It counts as not yet known."
    if found.state is State.NOT_APPLICABLE:
        return "It is left out of what is counted."
    if position is not None and criterion.kind in (Kind.SHARE, Kind.LICENCES):
        return f"It counts as “{words.level(criterion, position).rstrip('.')}”."
    return ""


def asked(desk: Desk, criterion: Criterion, form: AnswerForm, person: User) -> dict[str, Any]:
    """One question with its form, as the templates take it."""
    words, slug = desk.words, criterion.slug
    stored = desk.draft.answers.get(slug)
    chosen = form["answer"].value()
    texts = ("question", "why", "example", "counter_example", "shows", "reason")
    beside = [name for name in ("note", "withheld") if name in form.fields]
    needs_link = criterion.evidence is Evidence.REQUIRED and criterion.role is Role.STANDARD
    return {
        **{name: words.of_criterion(criterion, name) for name in texts},
        "slug": slug,
        "url": desk.url("question", slug),
        "form": form,
        "language": words.language,
        "kind": criterion.kind.value,
        "unit": criterion.unit,
        "bands": [words.level(criterion, place) for place, _ in enumerate(criterion.levels)]
        if criterion.kind is Kind.SHARE
        else [],
        "seen": desk.draft.mark(slug),
        "choices": [
            {
                "value": one.value,
                "sentence": one.sentence,
                "is_but": one.is_but,
                "is_said": one.is_said,
                "is_na": one.is_na,
                "is_checked": one.value == chosen,
                "id": form["answer"].auto_id if not place else f"{form['answer'].auto_id}_{place}",
            }
            for place, one in enumerate(form.choices)
        ],
        "counts_as_but": counted_as_but(criterion, words),
        "good": words.level(criterion, criterion.positions[best(criterion).slug])
        if criterion.kind is Kind.PRACTICE
        else "",
        "good_word": words.short(criterion, criterion.positions[best(criterion).slug])
        if criterion.kind is Kind.PRACTICE
        else "",
        "must_reach": words.must_reach(criterion, criterion.must_reach),
        "headline": criterion.headline,
        "needs_link": needs_link,
        "is_beside_open": any(form[name].value() or form[name].errors for name in beside),
        "is_answered": stored is not None,
        "is_private": stored is not None and stored.withheld,
        "counts": counts(criterion, words, stored),
        "edit": edited(desk.draft.edits[slug], person) if slug in desk.draft.edits else None,
        **_since(desk, criterion),
        "conflict": None,
    }


def _since(desk: Desk, criterion: Criterion) -> dict[str, Any]:
    """What the criteria have changed about a question since it was answered, or not asked yet."""
    waits, reworded = desk.waits(criterion), desk.reworded(criterion)
    return {
        "is_new": waits is not None and waits.why is Wait.NEW,
        "before": None if waits is None else _before(desk, criterion, waits.past),
        "reworded": []
        if reworded is None or desk.earlier is None
        else other_words(Wording.of(desk.earlier), reworded, criterion),
    }


def _before(desk: Desk, criterion: Criterion, past: Past | None) -> dict[str, Any] | None:
    """What was asked under the same name and answered before the criteria changed."""
    if past is None:
        return None
    words, earlier = Wording.of(past.edition), past.edition.by_slug[criterion.slug]
    question = words.of_criterion(earlier)
    is_same = is_alike(question, desk.words.of_criterion(criterion))
    return {
        "question": "" if is_same else question,
        "changes": told(words, earlier, desk.words, criterion) if is_same else [],
        # A quotation inside a sentence, which has a full stop of its own.
        "said": _once_said(words, earlier, past.answers[criterion.slug]).rstrip("."),
    }


def _once_said(words: Wording, criterion: Criterion, answer: Answer) -> str:
    """An earlier answer in words, as those who gave it know it: a number as the number it was."""
    if answer.na:
        return f"Does not apply: {answer.na}"
    if answer.value is not None:
        return f"{answer.value:f} {criterion.unit}".rstrip()
    if listed := (*answer.licences, *answer.offers, *answer.needs):
        return ", ".join(listed)
    but = f", but {answer.reservation}" if answer.reservation else ""
    return f"{_said(words, criterion, answer)}{but}"


def theirs(desk: Desk, conflict: drafting.Conflict, person: User) -> dict[str, Any]:
    """What stands there now instead of what a person saw, as the templates take it."""
    criterion, answer = conflict.criterion, conflict.theirs
    return {
        **edited(conflict.edit, person),
        "mark": conflict.mark,
        "is_taken_back": answer is None,
        "has_beside": answer is not None and bool(answer.evidence or answer.note),
        "said": "" if answer is None else _said(desk.words, criterion, answer),
        "unit": criterion.unit,
        "answer": answer,
    }


def _said(words: Wording, criterion: Criterion, answer: Answer) -> str:
    """An answer in words, without what is said beside it."""
    if answer.unknown:
        return "We don’t know."
    position = None if criterion.kind is Kind.OFFERS else answers.position(criterion, answer)
    if position is None:
        return ""
    if answer.reservation:
        return words.short(criterion, position)
    return words.level(criterion, position)
