"""Two organisations side by side: the verdict, its reasons, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import comparison
from assessments.comparison import Pair, Side
from assessments.compatibility import explanation
from assessments.compatibility.explanation import DealBreaker, Direction, Part
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.scoring.terms import Answer, Criterion, Effective, Kind, Role, State, Why
from assessments.views import gone
from assessments.views.directory import described
from assessments.views.profile import criterion_url, exchange
from assessments.wording import Wording
from orgs import access, acting
from orgs.access import Action
from orgs.models.organisation import plain


@require_safe
@gone.where_withdrawn
def pair(request: HttpRequest, slug: str, other: str) -> HttpResponse:
    """The pair of two organisations that have published."""
    first, second = get_object_or_404(listed(), slug=slug), get_object_or_404(listed(), slug=other)
    edition = Edition.objects.current()
    if edition is None or first == second:
        raise Http404
    found = comparison.compare(first, second, edition)
    context = {**Shown(found).context(), **_own_side(request, found)}
    return render(request, "assessments/pair.html", context)


def _own_side(request: HttpRequest, pair: Pair) -> dict[str, Any]:
    """For a member of one side: what to ask the other, and the ways to ask and to write."""
    sides = {side.organisation.pk: side for side in (pair.first, pair.second)}
    mine = [one for one in acting.memberships(request) if one.organisation_id in sides]
    if not mine:
        return {}
    acts = acting.membership(request)
    member = acts if acts in mine else mine[0]
    own = sides.pop(member.organisation_id)
    (other,) = sides.values()
    asked = pair if own is pair.first else pair.turned()
    words = Wording.of(pair.edition)
    parts = [own.organisation.slug, other.organisation.slug]
    return {
        "own": own.organisation.name,
        "other": other.organisation.name,
        "may_write": access.may(member.role, Action.WRITE_TO_OTHERS),
        "ask_url": reverse("ask", args=parts),
        "write_url": reverse("write", args=parts),
        "to_ask": [
            {
                "question": words.of_criterion(pair.edition.by_slug[slug]),
                "url": criterion_url(slug),
                "why": other.sheet[slug].why.value,
            }
            for slug in comparison.open_to(asked)
        ]
        if pair.reasons.verdict is Verdict.UNKNOWN
        else [],
    }


@dataclass(frozen=True)
class Shown:
    """A pair in words."""

    pair: Pair

    @property
    def words(self) -> Wording:
        """The words of the edition that both are seen through."""
        return Wording.of(self.pair.edition)

    def context(self) -> dict[str, Any]:
        """The whole page, as its template takes it."""
        pair, reasons = self.pair, self.pair.reasons
        there = self._deal_breakers(reasons.forward, pair.first, pair.second)
        back = self._deal_breakers(reasons.backward, pair.second, pair.first)
        breakers = [*there, *back]
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
            "directions": [
                self._direction(reasons.forward, pair.first, pair.second),
                self._direction(reasons.backward, pair.second, pair.first),
            ],
            "buts": [*self._buts(pair.first), *self._buts(pair.second)],
            "differs": list(self._differs()),
            "joins": [*self._joins(pair.first, pair.second), *self._joins(pair.second, pair.first)],
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
            "high": direction.high,
            "threshold": direction.threshold,
        }
        for part in direction.parts:
            if part.criterion == first.criterion:
                shown["deal_breaker"] = self._deal_breaker(part, asking, answering)
        return shown

    def _side(self, side: Side) -> dict[str, Any]:
        offers, needs = exchange(self.pair.edition.criteria, side.published)
        return {
            **described(side.organisation),
            "matches_url": reverse("matches", args=[side.organisation.slug]),
            "offers": offers,
            "needs": needs,
        }

    def _named(self, slug: str) -> dict[str, Any]:
        criterion = self.pair.edition.by_slug[slug]
        return {"question": self.words.of_criterion(criterion), "url": criterion_url(slug)}

    def _said(self, side: Side, criterion: Criterion) -> str:
        """What a side said, in words; a short sign where there is nothing to quote."""
        answer, effective = side.published.said(criterion), side.sheet[criterion.slug]
        return self.words.said(criterion, answer, effective)

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
        is_similarity = criterion.role is Role.SIMILARITY
        required = asking.published.policy(self.pair.edition).must_reach[part.criterion]
        asked = self.words.must_reach(criterion, required)
        if is_similarity and own.position is not None:
            asked = f"{asked}, “{self.words.level(criterion, own.position).rstrip('.')}”"
        why = effective.why.value
        if is_similarity and own.state is State.UNKNOWN:
            why = "own-unknown"
        answer = answering.published.said(criterion)
        return {
            "status": part.deal_breaker.value if part.deal_breaker else "",
            "asker": asking.organisation.name,
            "answerer": answering.organisation.name,
            **self._named(part.criterion),
            "asked": asked,
            "said": self._said(answering, criterion).rstrip("."),
            "why": why,
            "reservation": _but(answer, effective),
        }

    def _direction(self, direction: Direction, asking: Side, answering: Side) -> dict[str, Any]:
        change = direction.change
        by_slug = {part.criterion: part for part in direction.parts}
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
            "change": {
                "outcome": change.outcome.value,
                "obstacle": change.obstacle.value if change.obstacle else "",
                "answers": [
                    {
                        **self._named(slug),
                        "answer": self._answer_that_would_do(by_slug[slug], asking),
                        "is_deal_breaker": by_slug[slug].deal_breaker is not None,
                    }
                    for slug in change.criteria
                ],
            },
            "parts": [
                self._part(part, answering)
                for part in direction.parts
                if part.possible or part.deal_breaker
            ],
        }

    def _answer_that_would_do(self, part: Part, asking: Side) -> str:
        """The best answer of the other, or one's own where partners should be alike."""
        criterion = self.pair.edition.by_slug[part.criterion]
        own = asking.sheet[part.criterion].position
        if criterion.role is Role.SIMILARITY:
            return "" if own is None else self.words.level(criterion, own)
        best = max(range(len(criterion.levels)), key=criterion.credit)
        return self.words.level(criterion, best)

    def _part(self, part: Part, answering: Side) -> dict[str, Any]:
        criterion = self.pair.edition.by_slug[part.criterion]
        return {
            **self._named(part.criterion),
            "importance": part.importance,
            "said": self._cell(answering, criterion)["text"],
            "acceptance": part.acceptance,
            "points": part.points,
            "possible": part.possible,
            "is_open": part.is_open,
            "deal_breaker": part.deal_breaker.value if part.deal_breaker else "",
        }

    def _cell(self, side: Side, criterion: Criterion) -> dict[str, str]:
        """What a side said on a criterion, and beside it what of it counts."""
        effective = side.sheet[criterion.slug]
        text, aside = self._said(side, criterion), ""
        if effective.reserved and effective.position is not None:
            counts = self.words.short(criterion, effective.position)
            text, aside = f"{text}, but…", f"counts as {counts}"
        elif effective.why is Why.NOT_SHOWN:
            aside = "claimed, not shown"
        elif effective.why is Why.WITHHELD:
            text = "Kept private"
        elif effective.why is Why.NOT_APPLICABLE:
            text = "Does not apply"
        elif effective.why is Why.NOT_KNOWN:
            text = "We don’t know"
        return {"text": text, "aside": aside}

    def _buts(self, side: Side) -> Iterator[dict[str, Any]]:
        for criterion in self.pair.edition.criteria:
            effective = side.sheet.get(criterion.slug)
            answer = side.published.said(criterion)
            if effective is None or answer is None or not effective.reserved:
                continue
            position = effective.position or 0
            yield {
                "reservation": answer.reservation,
                "said": self.words.said(criterion, answer, effective),
                "counts_as": self.words.short(criterion, position),
                "organisation": side.organisation.name,
                **self._named(criterion.slug),
            }

    def _differs(self) -> Iterator[dict[str, Any]]:
        first, second = self.pair.first, self.pair.second
        for criterion in self.pair.edition.criteria:
            if criterion.kind is Kind.OFFERS:
                continue
            mine, theirs = first.sheet[criterion.slug], second.sheet[criterion.slug]
            if (mine.state, mine.position) != (theirs.state, theirs.position):
                yield {
                    **self._named(criterion.slug),
                    "first": self._cell(first, criterion),
                    "second": self._cell(second, criterion),
                }

    def _joins(self, needing: Side, offering: Side) -> Iterator[dict[str, str]]:
        _, needs = exchange(self.pair.edition.criteria, needing.published)
        offers, _ = exchange(self.pair.edition.criteria, offering.published)
        offered = {plain(offer).strip(): offer for offer in offers}
        for need in needs:
            if offer := offered.get(plain(need).strip()):
                yield {
                    "needer": needing.organisation.name,
                    "need": need,
                    "offerer": offering.organisation.name,
                    "offer": offer,
                }


def _but(answer: Answer | None, effective: Effective) -> str:
    return answer.reservation if answer is not None and effective.reserved else ""
