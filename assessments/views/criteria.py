"""The criteria for everybody to read: of any edition that ever counted, and what it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.catalogue import edition_changes
from assessments.catalogue.edition_changes import Weight
from assessments.models import Criterion, Edition
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from assessments.views import edition_words
from assessments.views.explained import explained
from assessments.wording import Wording
from orgs import access, places


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """The current edition, dimension by dimension, with the way to those before it."""
    editions = _ever_published()
    if not editions or editions[0].state != EditionState.PUBLISHED:
        return render(request, "assessments/criteria.html", {"edition": None})
    return _page(request, editions[0], editions)


@require_safe
def edition(request: HttpRequest, slug: str) -> HttpResponse:
    """Any edition as everybody reads it; a draft is only there for curators."""
    editions = _ever_published()
    row = next((one for one in editions if one.slug == slug), None)
    if row is None:
        row = get_object_or_404(Edition, slug=slug)
        if not access.is_curator(request):
            raise Http404
    return _page(request, row, editions)


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What an edition that was published changed in the one before it, for everybody to read."""
    editions = _ever_published()
    row = next((one for one in editions if one.slug == slug), None)
    if row is None:
        raise Http404
    context: dict[str, Any] = {"edition": row}
    if earlier := editions[editions.index(row) + 1 :]:
        context["earlier"] = earlier[0]
        # Read as a whole only where it is compared, however many there were.
        used = Criterion.objects.filter(edition__in=earlier).values_list("slug", "meaning")
        meanings: defaultdict[str, set[int]] = defaultdict(set)
        for of, meaning in used:
            meanings[of].add(meaning)
        before, after = earlier[0].as_terms(), row.as_terms()
        context["changes"] = edition_words.compared(before, after, meanings)
    return render(request, "assessments/criteria_changes.html", context)


def _ever_published() -> list[Edition]:
    """Every edition that was ever published, the last one first: the current one, if any is."""
    published = Edition.objects.exclude(state=EditionState.DRAFT)
    return list(published.order_by("-published_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Marks:
    """What each criterion of a draft is beside the current edition, by slug, and how many are."""

    of: Mapping[str, str]
    dropped: int

    @property
    def new(self) -> int:
        """How many are not in the current edition."""
        return self._count(NEW)

    @property
    def anew(self) -> int:
        """How many ask something else than there."""
        return self._count(ANEW)

    @property
    def changed(self) -> int:
        """How many are changed otherwise."""
        return self._count(CHANGED)

    def within(self, draft: terms.Edition, dimension: str) -> str:
        """How many of one dimension are new, asked anew or changed, in words; nothing if none."""
        found = [self.of.get(one.slug) for one in draft.criteria if one.dimension == dimension]
        counts = ((found.count(mark), mark) for mark in (NEW, ANEW, CHANGED))
        return ", ".join(f"{count} {mark}" for count, mark in counts if count)

    def _count(self, mark: str) -> int:
        return list(self.of.values()).count(mark)


NEW, ANEW, CHANGED = "new", "asked anew", "changed"


def _marks(draft: terms.Edition, editions: Sequence[Edition]) -> Marks | None:
    """What is marked in a draft; None where there is no edition with which to compare it."""
    if not editions or editions[0].state != EditionState.PUBLISHED:
        return None
    found = edition_changes.compare(editions[0].as_terms(), draft)
    marks = {
        one.criterion.slug: ANEW if one.weight is Weight.MEANING else CHANGED
        for one in found.changed
    }
    marks |= {one.criterion.slug: NEW for one in found.added}
    return Marks(marks, len(found.removed))


def _page(request: HttpRequest, row: Edition, editions: Sequence[Edition]) -> HttpResponse:
    edition = row.as_terms()
    words = Wording.of(edition, request.GET.get("lang"))
    numbered = {criterion.slug: number for number, criterion in enumerate(edition.criteria, 1)}
    before = editions[editions.index(row) + 1 :] if row in editions else ()
    is_open = request.GET.get("open") == "all"
    marks = _marks(edition, editions) if row.state == EditionState.DRAFT else None
    context = {
        "edition": {
            "slug": row.slug,
            "state": row.state,
            "title": words.of_edition("title"),
            "description": words.of_edition("description"),
            "licence": edition.licence,
            "language": words.language,
            "threshold": edition.threshold,
            "published_on": row.published_at,
        },
        "before": before[0] if before else None,
        "editions": editions if len(editions) > 1 else (),
        "first": editions[-1] if editions else None,
        "languages": [
            {
                "tag": tag,
                "name": places.language_itself(tag),
                "url": f"{request.path}?lang={tag}",
                "is_current": tag == words.language,
            }
            for tag in (edition.language, *edition.translations)
        ],
        "count": len(edition.criteria),
        "is_open": is_open,
        "open_url": f"?lang={words.language}" if is_open else f"?lang={words.language}&open=all",
        "marks": marks,
        "dimensions": [
            {
                "slug": dimension.slug,
                "title": words.of_dimension(dimension.slug),
                "question": words.of_dimension(dimension.slug, "question"),
                "marked": marks.within(edition, dimension.slug) if marks else "",
                "criteria": [
                    {
                        **explained(criterion, numbered[criterion.slug], words),
                        "mark": marks.of.get(criterion.slug, "") if marks else "",
                    }
                    for criterion in edition.criteria
                    if criterion.dimension == dimension.slug
                ],
            }
            for dimension in edition.dimensions
        ],
    }
    return render(request, "assessments/criteria.html", context)
