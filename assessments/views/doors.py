"""What would open doors: which change of one's own would make most others compatible."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import evaluation
from assessments.compatibility import doors as opening
from assessments.compatibility.doors import Barrier, Door, Doors, KeptShut
from assessments.evaluation import Published
from assessments.models import Edition, Sheet
from assessments.scoring import answers, terms
from assessments.scoring.terms import SAME, Criterion, Why
from assessments.wording import Wording
from assessments.world import NoSheet, read_world
from orgs import access
from orgs.access import Action
from orgs.models import Organisation

TEMPLATE = "assessments/doors.html"
SHOWN = 10
"""So many answers are shown at once; the others are folded away."""
MOST_BARRIERS = 5


@require_safe
def doors(request: HttpRequest, slug: str) -> HttpResponse:
    """Which answers and requirements of an organisation keep most doors shut, for its members.

    By published sheets only, its own too: what it keeps private counts as not yet known.
    """
    member = access.membership(request, slug, Action.SEE_DRAFT)
    organisation = member.organisation
    context = {
        "organisation": organisation,
        "matches_url": reverse("matches", args=[slug]),
        "tasks_url": reverse("tasks", args=[slug]),
        "section": "desk",
    }
    edition = Edition.objects.current()
    try:
        if edition is None:
            raise NoSheet(slug)
        found = _found(organisation, edition)
    except NoSheet:
        return render(request, TEMPLATE, {**context, "is_published": False})
    return render(request, TEMPLATE, {**context, "is_published": True, **found.context()})


def _found(organisation: Organisation, edition: Edition) -> Shown:
    """What would open doors to an organisation as of now; NoSheet if it has published nothing."""
    world = read_world(edition)
    found = opening.doors(world.frame, world.rows, world.place(organisation))
    sheets = Sheet.objects.select_related("assessment__edition")
    sheet = sheets.filter(organisation=organisation).first()
    if sheet is None:
        raise NoSheet(organisation.slug)
    (published,) = evaluation.read([sheet.assessment])
    return Shown(organisation, published, world.edition, found)


@dataclass(frozen=True)
class Shown:
    """What would open doors to an organisation, in words."""

    organisation: Organisation
    published: Published
    edition: terms.Edition
    found: Doors

    @cached_property
    def words(self) -> Wording:
        """The words of the edition through which all are seen."""
        return Wording.of(self.edition)

    @cached_property
    def sheet(self) -> terms.Sheet:
        """What counts of what the organisation has published."""
        return self.published.sheet(self.edition)

    def context(self) -> dict[str, Any]:
        """The page as its template takes it."""
        policy = self.published.policy(self.edition)
        rows = [self._answer(door) for door in self.found.answers]
        shut = [
            self._deal_breaker(kept, policy.must_reach.get(kept.criterion, ""))
            for kept in self.found.deal_breakers
        ]
        if self.found.threshold:
            shut.append(
                {
                    "kind": "threshold",
                    "url": reverse("requirements", args=[self.organisation.slug]),
                    "threshold": policy.threshold,
                    **_counts(self.found.threshold),
                }
            )
        return {
            "others": self.found.others,
            "compatible": self.found.compatible,
            "as_of": timezone.now(),
            "answers": rows[:SHOWN],
            "more_answers": rows[SHOWN:],
            "asked": shut,
            "barriers": [self._barrier(one) for one in self.found.barriers[:MOST_BARRIERS]],
        }

    def _answer(self, door: Door) -> dict[str, Any]:
        criterion = self.edition.by_slug[door.criterion]
        level = criterion.positions[door.level]
        return {
            "kind": _kind(criterion, level, self.sheet[criterion.slug].why, self._said(criterion)),
            "answer": self._quoted(criterion, level),
            **self._now(criterion),
            **_counts(door.opens, door.closes),
        }

    def _barrier(self, barrier: Barrier) -> dict[str, Any]:
        now = self._now(self.edition.by_slug[barrier.criterion])
        return {"kind": "barrier", "others": barrier.others, **now}

    def _now(self, criterion: Criterion) -> dict[str, Any]:
        """A question, and how it is answered now."""
        said = self._said(criterion)
        return {
            "question": self.words.of_criterion(criterion),
            "url": reverse("question", args=[self.organisation.slug, criterion.slug]),
            "now": "" if said is None else self._quoted(criterion, said),
            "why": self.sheet[criterion.slug].why.value,
        }

    def _said(self, criterion: Criterion) -> int | None:
        """The level that was said, whatever counts of it; what is kept private is not said."""
        answer = self.published.said(criterion)
        if answer is None or answer.withheld:
            return None
        return answers.position(criterion, answer)

    def _deal_breaker(self, kept: KeptShut, required: str) -> dict[str, Any]:
        criterion = self.edition.by_slug[kept.criterion]
        asked = self.words.must_reach(criterion, required or None)
        return {
            "kind": "deal-breaker",
            "question": self.words.of_criterion(criterion),
            "url": reverse("requirements", args=[self.organisation.slug])
            + f"#asked-{criterion.slug}",
            "asked": "the same answer as yours" if required == SAME else asked,
            **_counts(kept.opens),
        }

    def _quoted(self, criterion: Criterion, position: int) -> str:
        return self.words.short(criterion, position).rstrip(".")


def _kind(criterion: Criterion, level: int, why: Why, claimed: int | None) -> str:
    """What has to change: the but, what shows the answer, or the answer itself."""
    if why is Why.RESERVATION and claimed == level:
        return "but"
    if why is Why.NOT_SHOWN and claimed is not None:
        is_enough = criterion.credit(claimed) >= criterion.credit(level)
        return "link" if is_enough else "answer"
    return "answer"


def _counts(opens: int, closes: int = 0) -> dict[str, int]:
    return {"opens": opens, "closes": closes, "net": opens - closes}
