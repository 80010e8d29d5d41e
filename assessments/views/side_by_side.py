"""What two organisations say, side by side: where they differ, their buts, what joins up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.comparison import Pair, Side
from assessments.scoring.terms import Criterion, Kind, Role, State, Why
from assessments.views import way
from assessments.views.shown import criterion_url, exchange, unasked
from assessments.wording import Wording
from orgs.models import Organisation
from orgs.models.organisation import plain

_SAID = frozenset({Why.ANSWERED, Why.RESERVATION, Why.NOT_SHOWN, Why.NOT_APPLICABLE})
"""Where others can read what an organisation says, whether or not it counts."""


@dataclass(frozen=True)
class SideBySide:
    """The words of a pair; `answers_for` is the organisation whose questions the reader answers."""

    pair: Pair
    answers_for: Organisation | None = None

    @cached_property
    def words(self) -> Wording:
        """The words of the edition that both are seen through."""
        return Wording.of(self.pair.edition)

    def named(self, slug: str, *sides: Side) -> dict[str, Any]:
        """A question with where it leads: to its explanation, or to where the reader answers it.

        `sides` are those whose answer is spoken of. By what is published alone: an answer that is
        only in the draft is still open here.
        """
        url = criterion_url(slug)
        for side in sides:
            is_open = side.sheet[slug].state is State.UNKNOWN
            if is_open and side.organisation == self.answers_for:
                url = way.address(side.organisation.slug, slug, self._other(side).slug)
        return {"question": self.words.of_criterion(self.pair.edition.by_slug[slug]), "url": url}

    def asked(self, slug: str, asking: Side, answering: Side) -> dict[str, Any]:
        """A question that one puts to the other; likeness needs the answers of both."""
        is_similarity = self.pair.edition.by_slug[slug].role is Role.SIMILARITY
        return self.named(slug, *((answering, asking) if is_similarity else (answering,)))

    def _other(self, side: Side) -> Organisation:
        both = (self.pair.first, self.pair.second)
        return next(one.organisation for one in both if one is not side)

    def said(self, side: Side, criterion: Criterion) -> str:
        """What a side said, in words; nothing where there is nothing to quote."""
        answer, effective = side.published.said(criterion), side.sheet[criterion.slug]
        return self.words.said(criterion, answer, effective)

    def cell(self, side: Side, criterion: Criterion) -> dict[str, str]:
        """What a side said on a criterion, and beside it what of it counts."""
        effective = side.sheet[criterion.slug]
        text, aside = self.said(side, criterion), ""
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
        elif found := unasked(side.published, criterion):
            text = found
        return {"text": text, "aside": aside}

    def reservation(self, side: Side, criterion: Criterion) -> str:
        """The "but" of what a side said, where it counts; else nothing."""
        answer, effective = side.published.said(criterion), side.sheet.get(criterion.slug)
        if answer is None or effective is None or not effective.reserved:
            return ""
        return answer.reservation

    def na_reason(self, side: Side, criterion: Criterion) -> str:
        """Why a criterion does not apply to a side, as it has published it; else nothing."""
        answer, effective = side.published.said(criterion), side.sheet[criterion.slug]
        if answer is None or answer.withheld or effective.state is not State.NOT_APPLICABLE:
            return ""
        return answer.na

    def differences(self) -> dict[str, list[dict[str, Any]]]:
        """Where the two differ: `said` both, and not alike; only `one` says anything; both say it
        alike, but one has not `shown` it.
        """
        found: dict[str, list[dict[str, Any]]] = {"said": [], "one": [], "shown": []}
        first, second = self.pair.first, self.pair.second
        for criterion in self.pair.edition.criteria:
            if criterion.kind is Kind.OFFERS:
                continue
            cells = self.cell(first, criterion), self.cell(second, criterion)
            speak = [side.sheet[criterion.slug].why in _SAID for side in (first, second)]
            if cells[0] == cells[1] or not any(speak):
                continue
            how = "shown" if cells[0]["text"] == cells[1]["text"] else "said"
            found[how if all(speak) else "one"].append(
                {**self.named(criterion.slug), "first": cells[0], "second": cells[1]}
            )
        return found

    def buts(self) -> Iterator[dict[str, Any]]:
        """Every "Yes, but" of the first, then of the second."""
        for side in (self.pair.first, self.pair.second):
            for criterion in self.pair.edition.criteria:
                if reservation := self.reservation(side, criterion):
                    counts_as = side.sheet[criterion.slug].position or 0
                    yield {
                        "reservation": reservation,
                        "said": self.said(side, criterion),
                        "counts_as": self.words.short(criterion, counts_as),
                        "organisation": side.organisation.name,
                        **self.named(criterion.slug),
                    }

    def joins(self) -> Iterator[dict[str, str]]:
        """What one needs and the other offers, in whatever letters and however exactly put."""
        first, second = self.pair.first, self.pair.second
        for needing, offering in ((first, second), (second, first)):
            _, needs = self.exchange(needing)
            offers, _ = self.exchange(offering)
            for need in needs:
                found = [offer for offer in offers if _is_the_same(need, offer)]
                if found:
                    yield {
                        "needer": needing.organisation.name,
                        "need": need,
                        "offerer": offering.organisation.name,
                        "offer": "; ".join(found),
                    }

    def exchange(self, side: Side) -> tuple[list[str], list[str]]:
        """What a side offers, and what it needs."""
        return exchange(self.pair.edition.criteria, side.published)


_WORD = re.compile(r"\w+")
_DASH = re.compile(r"(?<=\w)[-‐‑](?=\w)")


def _things(text: str) -> list[frozenset[str]]:
    """The words of a thing itself, without what follows a comma: how much of it, and when.

    In each way in which its parts may be written: together, with a hyphen, alone.
    """
    thing = plain(text).split(",")[0]
    apart = _WORD.findall(_DASH.sub(" ", thing))
    together = _WORD.findall(_DASH.sub("", thing))
    return [frozenset(words) for words in (apart, together, ["".join(apart)]) if any(words)]


def _is_the_same(need: str, offer: str) -> bool:
    """Whether one names the other, perhaps more exactly: bookkeeping, help with book-keeping."""
    return any(
        needed <= offered or offered <= needed
        for needed in _things(need)
        for offered in _things(offer)
    )
