"""Two organisations side by side: the verdict, its reasons, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import comparison, contact, drafts
from assessments.comparison import Pair, Side
from assessments.compatibility import explanation
from assessments.compatibility.explanation import DealBreaker, Direction, Part
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.scoring import answers, policy
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Criterion, Effective, Role, State, Why
from assessments.templatetags.ways import ALL_AT_ONCE
from assessments.views import gone, way
from assessments.views.changes import Changes
from assessments.views.directory import described
from assessments.views.shown import criterion_url, unasked
from assessments.views.side_by_side import SideBySide
from assessments.wording import Wording
from orgs import access, acting
from orgs.access import Action
from orgs.models import Organisation
from orgs.models.membership import Membership


@require_safe
@gone.where_withdrawn
def pair(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """The pair of two organisations that have published."""
    first, second = get_object_or_404(listed(), slug=slug), get_object_or_404(listed(), slug=other)
    edition = Edition.objects.current()
    if edition is None or first == second:
        raise Http404
    found = comparison.compare(first, second, edition)
    member = _member(request, found)
    if member is None:
        return render(request, "assessments/pair.html", Shown(found).context())
    answers = access.may(member.role, Action.ANSWER)
    shown = Shown(found, member.organisation if answers else None)
    context = {**shown.context(), **_own_side(found, member)}
    return render(request, "assessments/pair.html", context)


def _member(request: HttpRequest, pair: Pair) -> Membership | None:
    """The membership in one side with which the asker reads the page; None without any."""
    sides = {side.organisation.pk for side in (pair.first, pair.second)}
    mine = [one for one in acting.memberships(request) if one.organisation_id in sides]
    acts = acting.membership(request)
    return acts if acts in mine else next(iter(mine), None)


def _own_side(pair: Pair, member: Membership) -> dict[str, Any]:
    """For a member of one side: what to ask the other, and the ways to ask and to write."""
    asked = pair if pair.first.organisation.pk == member.organisation_id else pair.turned()
    own, other = asked.first, asked.second
    words = Wording.of(pair.edition)
    is_open = pair.reasons.verdict is Verdict.UNKNOWN
    to_ask = [
        {
            "question": words.of_criterion(pair.edition.by_slug[slug]),
            "url": criterion_url(slug),
            "why": other.sheet[slug].why.value,
            "unasked": unasked(other.published, pair.edition.by_slug[slug]),
        }
        for slug in (comparison.open_to(asked) if is_open else ())
    ]
    own_open = comparison.open_to(asked.turned()) if is_open else ()
    may_answer = access.may(member.role, Action.ANSWER)
    # What is answered in the draft is still open here, until it is published.
    to_answer: tuple[str, ...] = ()
    if own_open and may_answer:
        _, draft = drafts.said(own.organisation)
        to_answer = way.still_open(pair.edition, draft, own_open)
    may_write = access.may(member.role, Action.WRITE_TO_OTHERS)
    asked_at = None
    if to_ask and may_write:
        asked_at = contact.last_ask(own.organisation, other.organisation, at=timezone.now())
    parts = [own.organisation.slug, other.organisation.slug]
    return {
        "other": other.organisation.name,
        "may_write": may_write,
        "ask_url": reverse("ask", args=parts),
        "write_url": reverse("write", args=parts),
        "asked_at": asked_at and asked_at.message.sent_at,
        "own_open": len(own_open) if may_answer else 0,
        "to_answer": len(to_answer),
        "answer_url": way.address(own.organisation.slug, to_answer[0], other.organisation.slug)
        if to_answer
        else "",
        "publish_url": reverse("publish", args=[own.organisation.slug])
        if access.may(member.role, Action.PUBLISH)
        else "",
        "to_ask": to_ask,
        "asks_for": own.organisation.name,
    }


@dataclass(frozen=True)
class Shown:
    """A pair in words; `answers_for` is the organisation whose questions the reader answers."""

    pair: Pair
    answers_for: Organisation | None = None

    @cached_property
    def said(self) -> SideBySide:
        """What both say."""
        return SideBySide(self.pair, self.answers_for)

    @cached_property
    def _standard(self) -> Policy:
        """What is asked by those who say nothing themselves."""
        return policy.standard(self.pair.edition)

    @property
    def words(self) -> Wording:
        """The words of the edition that both are seen through."""
        return self.said.words

    def context(self) -> dict[str, Any]:
        """The whole page, as its template takes it."""
        pair, reasons = self.pair, self.pair.reasons
        there = self._deal_breakers(reasons.forward, pair.first, pair.second)
        back = self._deal_breakers(reasons.backward, pair.second, pair.first)
        breakers = [*there, *back]
        directions = [
            self._direction(reasons.forward, pair.first, pair.second),
            self._direction(reasons.backward, pair.second, pair.first),
        ]
        fewer, more = sorted(one["change"]["length"] for one in directions)
        return {
            "organisations_url": reverse("organisations"),
            "first": self._side(pair.first),
            "second": self._side(pair.second),
            "verdict": reasons.verdict.value,
            "low": reasons.low,
            "high": reasons.high,
            "deal_breakers": {
                state.value: [one for one in breakers if one["status"] == state.value]
                for state in DealBreaker
            },
            "excused": sum(one["is_excused"] for one in breakers),
            "directions": directions,
            "is_all_known": not any(one["open"] for one in directions),
            "below": [one for one in directions if one["falls_short"]],
            "not_below": sorted(
                (one for one in directions if not one["falls_short"]), key=_is_reached
            ),
            # A short list beside a long one would leave half of the page blank.
            "is_abreast": 2 * fewer >= min(more, ALL_AT_ONCE),
            "buts": list(self.said.buts()),
            "differs": self.said.differences(),
            "joins": list(self.said.joins()),
        }

    def refusal(self) -> dict[str, Any] | None:
        """Why the two are not compatible, in one reason; None where they may be."""
        pair = self.pair
        first = explanation.refusal(pair.reasons)
        if first is None:
            return None
        asking, answering = pair.first, pair.second
        direction = pair.reasons.forward
        if not first.by_first:
            asking, answering = answering, asking
            direction = pair.reasons.backward
        shown: dict[str, Any] = {
            "others": first.others,
            "asker": asking.organisation.name,
            "answerer": answering.organisation.name,
            "low": direction.low,
            "high": direction.high,
            "threshold": direction.threshold,
            "open": sum(part.is_open for part in direction.parts),
            "falls_short": direction.falls_short,
        }
        for part in direction.parts:
            if part.criterion == first.criterion:
                shown["deal_breaker"] = self._deal_breaker(part, asking, answering)
        return shown

    def _side(self, side: Side) -> dict[str, Any]:
        offers, needs = self.said.exchange(side)
        return {
            **described(side.organisation),
            "matches_url": reverse("matches", args=[side.organisation.slug]),
            "offers": offers,
            "needs": needs,
        }

    def _deal_breakers(
        self, direction: Direction, asking: Side, answering: Side
    ) -> list[dict[str, Any]]:
        return [
            self._deal_breaker(part, asking, answering)
            for part in direction.parts
            if part.deal_breaker is not None
        ]

    def _deal_breaker(self, part: Part, asking: Side, answering: Side) -> dict[str, Any]:
        criterion = self.pair.edition.by_slug[part.criterion]
        effective = answering.sheet[part.criterion]
        own = asking.sheet[part.criterion]
        required = asking.published.policy(self.pair.edition).must_reach[part.criterion]
        asked = self.words.must_reach(criterion, required)
        if criterion.role is Role.SIMILARITY and own.position is not None:
            asked = f"{asked}, {self.words.quoted(criterion, own.position)}"
        why = _why(criterion, own, effective)
        status = part.deal_breaker.value if part.deal_breaker else ""
        does_not_apply = why in {"not-applicable", "own-not-applicable"}
        return {
            "status": status,
            "is_excused": part.deal_breaker is DealBreaker.MET and does_not_apply,
            "asker": asking.organisation.name,
            "answerer": answering.organisation.name,
            **self.said.asked(part.criterion, asking, answering),
            "asked": asked,
            "said": self.said.said(answering, criterion).rstrip("."),
            "why": why,
            "is_less": self._claims_less(answering, criterion, required),
            "unasked": unasked(
                (asking if why == "own-unknown" else answering).published, criterion
            ),
            "reservation": self.said.reservation(answering, criterion),
            "na_reason": self.said.na_reason(
                asking if why == "own-not-applicable" else answering, criterion
            ).rstrip("."),
        }

    def _claims_less(self, side: Side, criterion: Criterion, required: str) -> bool:
        """Whether a side claims, without showing it, what would not be enough either if it did."""
        answer = side.published.said(criterion)
        if answer is None or side.sheet[criterion.slug].why is not Why.NOT_SHOWN:
            return False
        claimed = answers.position(criterion, answer)
        if claimed is None or criterion.role is not Role.STANDARD:
            return False
        return criterion.credit(claimed) < criterion.credit(criterion.positions[required])

    def _direction(self, direction: Direction, asking: Side, answering: Side) -> dict[str, Any]:
        parts = [
            self._part(part, asking, answering)
            for part in direction.parts
            if part.possible or part.deal_breaker
        ]
        own = sum(part["is_own"] for part in parts)
        return {
            "asker": asking.organisation.name,
            "answerer": answering.organisation.name,
            "low": direction.low,
            "high": direction.high,
            "threshold": direction.threshold,
            "points": direction.points,
            "could_have": direction.could_have,
            "possible": direction.possible,
            "reaches": direction.reaches,
            "falls_short": direction.falls_short,
            "evaded": direction.evaded,
            "asks_nothing": direction.asked == 0,
            "open": sum(part.is_open for part in direction.parts),
            "change": Changes(self.said, direction, asking, answering).context(),
            "parts": parts,
            "weighed_by": "itself" if own == len(parts) else "both" if own else "standard",
        }

    def _part(self, part: Part, asking: Side, answering: Side) -> dict[str, Any]:
        criterion = self.pair.edition.by_slug[part.criterion]
        is_alike = criterion.role is Role.SIMILARITY
        return {
            **self.said.asked(part.criterion, asking, answering),
            "importance": part.importance,
            "is_own": part.importance != self._standard.importances[part.criterion],
            "said": self.said.cell(answering, criterion)["text"].rstrip("."),
            "is_alike": is_alike,
            "own": self.said.cell(asking, criterion)["text"].rstrip(".") if is_alike else "",
            "acceptance": part.acceptance,
            "points": part.points,
            "possible": part.possible,
            "is_open": part.is_open,
            "deal_breaker": part.deal_breaker.value if part.deal_breaker else "",
        }


def _is_reached(direction: dict[str, Any]) -> bool:
    """Whether the bar is reached, and by enough of what is asked."""
    return bool(direction["reaches"] and not direction["evaded"])


def _why(criterion: Criterion, own: Effective, other: Effective) -> str:
    """Which rule decides how a deal-breaker stands, in the order of the model."""
    if criterion.role is Role.SIMILARITY and own.state is State.NOT_APPLICABLE:
        return "own-not-applicable"
    is_measured = other.state is State.NOT_APPLICABLE or own.state is not State.UNKNOWN
    if criterion.role is Role.SIMILARITY and not is_measured:
        return "own-unknown"
    return other.why.value
