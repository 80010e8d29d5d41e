"""What would open doors: which change of one's own would make most others compatible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments import evaluation
from assessments.compatibility import bars
from assessments.compatibility import doors as opening
from assessments.compatibility.doors import Barrier, Door, Doors, KeptShut
from assessments.evaluation import Published
from assessments.models import Edition, Sheet
from assessments.scoring import answers, terms
from assessments.scoring.terms import SAME, Criterion, Role, State, Why
from assessments.wording import Wording
from assessments.world import NoSheet, World, read_world
from orgs import access
from orgs.access import Action
from orgs.models import Organisation

TEMPLATE = "assessments/doors.html"
SHOWN = 10
"""So many answers are shown at once; the others are folded away."""
MOST_BARRIERS = 5
MOST_BARS = 4


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
    return Shown(organisation, published, world.edition, found, _named(organisation, world, found))


def _named(organisation: Organisation, world: World, found: Doors) -> dict[int, dict[str, str]]:
    """Those whom a page of doors names, by their place: one query, if there are any."""
    every = [one.few for one in found.answers] + [one.few for one in found.deal_breakers]
    every += [one.few for one in found.bars]
    places = set[int]().union(*every)
    by_id = {int(world.ids[place]): place for place in places}
    names = Organisation.objects.filter(pk__in=by_id).values_list("pk", "slug", "name")
    return {
        by_id[pk]: {"name": name, "url": reverse("pair", args=[organisation.slug, slug])}
        for pk, slug, name in names
    }


@dataclass(frozen=True)
class Shown:
    """What would open doors to an organisation, in words; `named`: the others by their place."""

    organisation: Organisation
    published: Published
    edition: terms.Edition
    found: Doors
    named: Mapping[int, Mapping[str, str]]

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
        rows = list(self._answers())
        shut = [
            self._deal_breaker(kept, policy.must_reach.get(kept.criterion, ""))
            for kept in self.found.deal_breakers
        ]
        shut += self._bars(policy.threshold)
        return {
            "others": self.found.others,
            "compatible": self.found.compatible,
            "as_of": timezone.now(),
            "answers": rows[:SHOWN],
            "more_answers": rows[SHOWN:],
            "more_count": sum(len(row.get("answers", [row])) for row in rows[SHOWN:]),
            "asked": shut,
            "barriers": self._barriers(
                one for one in self.found.barriers if not self._is_alike(one)
            ),
            "differences": list(self._differences()),
        }

    def _differences(self) -> Iterator[dict[str, Any]]:
        """Where partners should be alike: what opens doors, and what else is in the way of most."""
        doors = [door for door in self.found.answers if self._is_alike(door)]
        yield from map(self._answer, doors)
        told = {door.criterion for door in doors}
        yield from self._barriers(
            one for one in self.found.barriers if self._is_alike(one) and one.criterion not in told
        )

    def _is_alike(self, one: Door | Barrier) -> bool:
        """Whether partners should be alike there: no answer is better, so none can be advised."""
        return self.edition.by_slug[one.criterion].role is Role.SIMILARITY

    def _answers(self) -> Iterator[dict[str, Any]]:
        """The answers that more is shown by; those that each open the same few doors as one row."""
        doors = [door for door in self.found.answers if not self._is_alike(door)]
        same: dict[tuple[int, ...], list[Door]] = {}
        for door in doors:
            if door.few:
                same.setdefault(door.few, []).append(door)
        for door in doors:
            together = same.get(door.few, [])
            if len(together) < 2:
                yield self._answer(door)
            elif door is together[0]:
                yield {
                    "kind": "any",
                    "answers": [self._answer(one) for one in together],
                    **self._opened(door.opens, door.few),
                }

    def _barriers(self, among: Iterable[Barrier]) -> list[dict[str, Any]]:
        """What is in the way of most; none where each of several is in the way of one only."""
        barriers = list(among)
        if len(barriers) > 1 and barriers[0].others < 2:
            return []
        return [self._barrier(one) for one in barriers[:MOST_BARRIERS]]

    def _bars(self, now: int) -> Iterator[dict[str, Any]]:
        """The lower bars of one's own that would open doors, the highest first."""
        for place, bar in enumerate(bars.shortened(self.found.bars, MOST_BARS)):
            yield {
                "kind": "threshold",
                "url": reverse("requirements", args=[self.organisation.slug]),
                "threshold": now,
                "bar": bar.threshold,
                "is_first": place == 0,
                **self._opened(bar.more, bar.few),
                "net": bar.opens,
            }

    def _answer(self, door: Door) -> dict[str, Any]:
        criterion = self.edition.by_slug[door.criterion]
        level = criterion.positions[door.level]
        why, said = self.sheet[criterion.slug].why, self._said(criterion)
        return {
            "kind": "alike" if self._is_alike(door) else _kind(criterion, level, why, said),
            "answer": self._quoted(criterion, level),
            **self._now(criterion),
            **self._opened(door.opens, door.few, closes=door.closes),
        }

    def _barrier(self, barrier: Barrier) -> dict[str, Any]:
        now = self._now(self.edition.by_slug[barrier.criterion])
        is_known = self.sheet[barrier.criterion].state is State.KNOWN
        kind = "alike-barrier" if self._is_alike(barrier) else "barrier"
        return {"kind": kind, "others": barrier.others, "is_known": is_known, **now}

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
            **self._opened(kept.opens, kept.few),
        }

    def _opened(self, opens: int, few: tuple[int, ...], *, closes: int = 0) -> dict[str, Any]:
        """How many doors a change opens and closes; to whom it opens them, if to few."""
        names = sorted(
            (self.named[place] for place in few if place in self.named),
            key=lambda one: one["name"].casefold(),
        )
        return {
            "opens": opens,
            "closes": closes,
            "net": opens - closes,
            "who": names if len(names) == opens else [],
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
