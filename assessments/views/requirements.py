"""What an organisation asks of those it works with: seen by its members, set by its stewards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from assessments import drafts, outlook, publishing, requiring
from assessments.compatibility import explanation, overview
from assessments.compatibility.encoding import Frame
from assessments.evaluation import Published
from assessments.forms.requirements import RequirementsForm, importance_of, must_reach_of
from assessments.requiring import THRESHOLD, Chosen, of_criterion
from assessments.scoring import answers, policy
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Criterion, Edition, Role
from assessments.views import outdated_form, standing
from assessments.views.changed_criteria import (
    changed_criteria,
    is_other,
    standard_bar_was,
    standard_was,
)
from assessments.views.shown import criterion_url
from assessments.wording import Wording
from assessments.world import World, read_world
from orgs import access
from orgs.access import Action
from orgs.models import Organisation
from orgs.models.membership import Membership

ALL = "all"


@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: HttpRequest, slug: str) -> HttpResponse:
    """What an organisation asks, for its members to see and its stewards to change."""
    if request.method == "POST":
        return _save(request, slug)
    member = access.membership(request, slug, Action.SEE_DRAFT)
    try:
        draft = drafts.read(member.organisation, with_edits=False)
    except drafts.NoEdition:
        return render(request, TEMPLATE, {"organisation": member.organisation, "edition": None})
    shown = Shown(member, draft, RequirementsForm(draft.edition, _policy(draft)))
    return render(request, TEMPLATE, shown.context())


TEMPLATE = "assessments/requirements.html"


def _save(request: HttpRequest, slug: str) -> HttpResponse:
    member = access.membership(request, slug, Action.SET_REQUIREMENTS)
    try:
        draft = drafts.read(member.organisation)
    except drafts.NoEdition:
        return redirect("requirements", slug)
    earlier = outdated_form.opened_under(request.POST.get("edition", ""), draft)
    if earlier is not None:
        return _again(request, member, draft, earlier)
    form = RequirementsForm(draft.edition, _policy(draft), request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, Shown(member, draft, form, _seen(request)).context())
    back = request.POST.get("as_standard", "")
    chosen = Chosen(form.policy(), _as_standard(back, draft))
    try:
        requiring.save(member.organisation, chosen, seen=_seen(request))
    except requiring.Conflict as conflict:
        if conflict.theirs.edition != draft.edition:
            return _again(request, member, conflict.theirs, draft.edition)
        shown = Shown(member, conflict.theirs, form, mine=chosen)
        return render(request, TEMPLATE, shown.context(), status=409)
    messages.success(
        request, f"Saved. Others see it, and it counts, once you publish.{_then(draft, chosen)}"
    )
    where = back.removeprefix("criterion.") if back.startswith("criterion.") else ""
    anchor = f"#asked-{where}" if where in draft.edition.by_slug else ""
    return redirect(reverse("requirements", args=[slug]) + anchor)


def _again(
    request: HttpRequest, member: Membership, draft: drafts.Draft, earlier: Edition
) -> HttpResponse:
    """What was chosen under earlier criteria, on the page of those that count now; not saved."""
    as_standard = _as_standard(request.POST.get("as_standard", ""), draft)
    sent = outdated_form.kept(request.POST, draft, earlier, as_standard)
    form = RequirementsForm(draft.edition, _policy(draft), sent)
    mine = Chosen(form.policy(), as_standard) if form.is_valid() else None
    shown = Shown(member, draft, form, mine=mine, is_outdated=True)
    return render(request, TEMPLATE, shown.context(), status=409)


def _then(draft: drafts.Draft, chosen: Chosen) -> str:
    """How many would be compatible with what was just saved, as one more sentence."""
    saved = replace(draft, requirements=requiring.said(draft, chosen))
    found = foreseen(saved, read_world(draft.row))
    if found is None:
        return ""
    now, then = found["now"], found["then"]
    said = f" Then {then['compatible']} will be compatible with you"
    if now is None:
        return f"{said}."
    if now["compatible"] == then["compatible"]:
        return f"{said} (as now)."
    return f"{said} (now {now['compatible']})."


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _policy(draft: drafts.Draft) -> Policy:
    return policy.of(draft.edition, draft.requirements)


def _as_standard(asked: str, draft: drafts.Draft) -> tuple[str, ...]:
    """What the button that was pressed sends back to the standard policy."""
    if asked == ALL:
        return (THRESHOLD, *(of_criterion(slug) for slug in draft.edition.by_slug))
    return (asked,) if asked else ()


@dataclass(frozen=True)
class Shown:
    """The page in words: the draft's requirements, or what somebody is just setting.

    `seen` is the version that the form was made from; empty: the draft's own. `mine` is what
    somebody chose who did not see what is saved now; `is_outdated`: since the criteria changed
    while they had the page open.
    """

    member: Membership
    draft: drafts.Draft
    form: RequirementsForm
    seen: str = ""
    mine: Chosen | None = None
    is_outdated: bool = False

    @property
    def organisation(self) -> Organisation:
        """Whose requirements these are."""
        return self.member.organisation

    @cached_property
    def words(self) -> Wording:
        """The words of the draft's edition."""
        return Wording.of(self.draft.edition)

    @cached_property
    def own(self) -> Policy:
        """What is asked as it is saved."""
        return _policy(self.draft)

    @cached_property
    def standard(self) -> Policy:
        """What is asked by those who say nothing themselves."""
        return policy.standard(self.draft.edition)

    @cached_property
    def shut_out(self) -> tuple[dict[str, int], int, int]:
        """How many listed others each deal-breaker shuts out, any of them, and how many there are.

        As of now: by what they have published, and by what is saved here.
        """
        frame = Frame.of(self.draft.edition)
        own = frame.rows([frame.row(self._sheet, self.own).tobytes()])
        world = self._world
        others = world.rows.take(np.flatnonzero(world.ids != self.organisation.pk))
        failed = overview.shut_out(frame, own, others)
        by_criterion = zip(frame.criteria, failed.sum(axis=0).tolist(), strict=True)
        counts = {criterion.slug: count for criterion, count in by_criterion}
        return counts, int(np.count_nonzero(failed.any(axis=1))), len(others)

    @cached_property
    def _before(self) -> Published | None:
        """What was published last, where that was under other criteria."""
        return publishing.last_under_others(self.organisation, self.draft.edition)

    @cached_property
    def _world(self) -> World:
        return read_world(self.draft.row)

    @cached_property
    def _sheet(self) -> Any:
        return answers.sheet(self.draft.edition, self.draft.answers)

    def context(self) -> dict[str, Any]:
        """The whole page, as its template takes it."""
        edition = self.draft.edition
        _, any_of_them, others = self.shut_out
        rows = {slug: self._row(edition.by_slug[slug]) for slug in self.own.importances}
        return {
            "section": "desk",
            "organisation": self.organisation,
            "edition": edition,
            "form": self.form,
            "may_change": access.may(self.member.role, Action.SET_REQUIREMENTS),
            "may_publish": access.may(self.member.role, Action.PUBLISH),
            "publish_url": _address("publish", self.organisation.slug),
            "seen": self.seen or requiring.version(self.draft),
            "threshold": self.own.threshold,
            "standard_threshold": self.standard.threshold,
            "threshold_differs": self.own.threshold != self.standard.threshold,
            "differs": sum(row["differs"] for row in rows.values()),
            "lacking": [row for row in rows.values() if row["lacks"]],
            "shut_out": any_of_them,
            "others": others,
            "outlook": foreseen(self.draft, self._world),
            "deal_breakers": sorted(
                (row for row in rows.values() if row["has_deal_breaker"]),
                key=lambda row: -row["shut_out"],
            ),
            "groups": [
                self._group(
                    dimension.slug,
                    [one for one in rows.values() if one["dimension"] == dimension.slug],
                )
                for dimension in edition.dimensions
            ],
            **changed_criteria(self._before, self.draft),
            "standard_bar_was": standard_bar_was(self._before, self.draft),
            "moved": sum(bool(row["standard_was"]) for row in rows.values()),
            "is_outdated": self.is_outdated,
            "conflicts": [
                {"what": what, "theirs": theirs, "mine": mine}
                for _, what, theirs, mine in self._conflicts
            ],
        }

    def _group(self, dimension: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """A dimension; open where there is something to mend."""
        conflicting = {slug for slug, *_ in self._conflicts}
        return {
            "slug": dimension,
            "title": self.words.of_dimension(dimension),
            "rows": rows,
            "deal_breakers": sum(row["has_deal_breaker"] for row in rows),
            "differs": sum(row["differs"] for row in rows),
            "moved": sum(bool(row["standard_was"]) for row in rows),
            "others": sum(row["is_other"] and not row["standard_was"] for row in rows),
            "is_open": any(
                row["slug"] in conflicting
                or row["importance_field"].errors
                or row["must_reach_field"].errors
                for row in rows
            ),
        }

    def _row(self, criterion: Criterion) -> dict[str, Any]:
        slug = criterion.slug
        must, usual = self.own.must_reach.get(slug), self.standard.must_reach.get(slug)
        importance, standard = self.own.importances[slug], self.standard.importances[slug]
        return {
            "slug": slug,
            "dimension": criterion.dimension,
            "question": self.words.of_criterion(criterion),
            "url": criterion_url(slug),
            "is_similarity": criterion.role is Role.SIMILARITY,
            "importance_field": self.form[importance_of(slug)],
            "must_reach_field": self.form[must_reach_of(slug)],
            "importance": importance,
            "standard_importance": standard,
            "must_reach": self.words.must_reach(criterion, must),
            "standard_must_reach": self.words.must_reach(criterion, usual),
            "differs": (importance, must) != (standard, usual),
            "standard_was": standard_was(self._before, self.draft, criterion),
            "is_new": self._before is not None and slug not in self._before.edition.by_slug,
            "is_other": is_other(self._before, criterion),
            "back": of_criterion(slug),
            "lacks": self._lacks.get(slug, ""),
            "has_deal_breaker": must is not None,
            "shut_out": self.shut_out[0].get(slug, 0),
        }

    @cached_property
    def _lacks(self) -> dict[str, str]:
        frame = Frame.of(self.draft.edition)
        found = explanation.asks_more_than_it_gives(frame, self._sheet, self.own)
        return {one.criterion: "lacks" if one.is_known else "unknown" for one in found}

    @cached_property
    def _conflicts(self) -> list[tuple[str, str, str, str]]:
        """Where what is saved and what was just chosen differ: slug, what, theirs, mine."""
        if self.mine is None:
            return []
        mine = policy.of(self.draft.edition, _kept(self.draft, self.mine))
        return list(differing(self.words, self.own, mine))


def foreseen(draft: drafts.Draft, world: World) -> dict[str, Any] | None:
    """What publishing a draft would make of the matches, as its template takes it."""
    found = outlook.of_draft(draft, world)
    if found is None:
        return None
    return {
        "now": None if found.now is None else standing.in_words(found.now),
        "then": standing.in_words(found.then),
        "says_otherwise": found.says_otherwise,
        "asks_otherwise": found.asks_otherwise,
    }


def differing(words: Wording, one: Policy, another: Policy) -> Iterator[tuple[str, str, str, str]]:
    """What two policies ask otherwise: its slug, its name, and how each asks it, in words."""
    if one.threshold != another.threshold:
        yield THRESHOLD, "The bar", str(one.threshold), str(another.threshold)
    for slug in one.importances:
        criterion = words.edition.by_slug[slug]
        here, there = (_asked(words, criterion, policy) for policy in (one, another))
        if here != there:
            yield slug, words.of_criterion(criterion), here, there


def _asked(words: Wording, criterion: Criterion, asked: Policy) -> str:
    must = words.must_reach(criterion, asked.must_reach.get(criterion.slug))
    breaker = f"deal-breaker: {must}" if must else "no deal-breaker"
    return f"Importance {asked.importances[criterion.slug]}, {breaker}"


def _kept(draft: drafts.Draft, mine: Chosen) -> Any:
    return requiring.said(draft, mine)


def _address(name: str, slug: str) -> str:
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""
