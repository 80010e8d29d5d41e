"""What of one organisation is in the way of most: answers that others refuse, and what it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.urls import reverse
from numpy.typing import NDArray

from assessments.compatibility import overview
from assessments.scoring.terms import Criterion
from assessments.views.shown import criterion_url
from assessments.wording import Wording
from assessments.world import World
from orgs.models import Organisation

MOST = 4
"""So many are named."""


@dataclass(frozen=True)
class InTheWay:
    """By published sheets alone; `is_own`: the reader is of the organisation, and may change it."""

    world: World
    organisation: Organisation
    is_own: bool

    def most(self) -> dict[str, Any] | None:
        """What is in the way of most, as `_in_the_way.html` takes it; None if nothing is."""
        answers = list(self._answers(self._refused(), lambda count: count > 0))[:MOST]
        asked = list(self._asked(self._shut_out(), lambda count: count > 0))[:1]
        return {"answers": answers, "asked": asked} if answers or asked else None

    def of_most(self, refused: int) -> dict[str, Any] | None:
        """The first answer and the first deal-breaker by which more than half are refused."""

        def is_most(count: int) -> bool:
            return count > 1 and 2 * count > refused

        answers = list(self._answers(self._refused(), is_most))[:1]
        asked = list(self._asked(self._shut_out(), is_most))[:1]
        return {"answers": answers, "asked": asked} if answers or asked else None

    @property
    def _place(self) -> int:
        return self.world.place(self.organisation)

    def _refused(self) -> NDArray[np.int64]:
        """(C,) by how many others each answer is refused."""
        found = overview.refused_by(self.world.frame, self.world.rows, self._place)
        return np.asarray(found.sum(axis=0, dtype=np.int64))

    def _shut_out(self) -> NDArray[np.int64]:
        """(C,) how many others each deal-breaker of its own shuts out."""
        own = self.world.rows.take([self._place])
        found = overview.shut_out(self.world.frame, own, self.world.rows)
        found[self._place] = False
        return np.asarray(found.sum(axis=0, dtype=np.int64))

    def _first(
        self, counts: NDArray[np.int64], is_told: Callable[[int], bool]
    ) -> Iterator[tuple[int, Criterion, int]]:
        """The criteria that are told with their counts, the most first, then as in the edition."""
        for place in np.argsort(-counts, kind="stable").tolist():
            if is_told(int(counts[place])):
                yield place, self.world.frame.criteria[place], int(counts[place])

    def _answers(
        self, counts: NDArray[np.int64], is_told: Callable[[int], bool]
    ) -> Iterator[dict[str, Any]]:
        words = Wording.of(self.world.edition)
        levels = self.world.rows.levels[self._place]
        for place, criterion, count in self._first(counts, is_told):
            yield {
                "question": words.of_criterion(criterion),
                "url": reverse("question", args=[self.organisation.slug, criterion.slug])
                if self.is_own
                else criterion_url(criterion.slug),
                "counts_as": words.short(criterion, int(levels[place])).rstrip("."),
                "others": count,
            }

    def _asked(
        self, counts: NDArray[np.int64], is_told: Callable[[int], bool]
    ) -> Iterator[dict[str, Any]]:
        words = Wording.of(self.world.edition)
        for _, criterion, count in self._first(counts, is_told):
            asked = reverse("requirements", args=[self.organisation.slug])
            yield {
                "question": words.of_criterion(criterion),
                "url": f"{asked}#asked-{criterion.slug}"
                if self.is_own
                else criterion_url(criterion.slug),
                "others": count,
            }
