"""Two organisations side by side, with reasons; read only, from what both have published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessments import evaluation
from assessments.compatibility import explanation
from assessments.compatibility.encoding import Frame
from assessments.evaluation import Published
from assessments.models import Edition, Sheet
from assessments.scoring import terms
from assessments.world import NoSheet
from orgs.models import Organisation


@dataclass(frozen=True)
class Side:
    """One organisation of a pair: what it has published, and what of it counts."""

    organisation: Organisation
    published: Published
    sheet: terms.Sheet


@dataclass(frozen=True)
class Pair:
    """A pair with its reasons; `reasons.forward` is how the second meets what the first asks."""

    edition: terms.Edition
    first: Side
    second: Side
    reasons: explanation.Reasons

    def turned(self) -> Pair:
        """The same pair with the other one first."""
        there = self.reasons
        reasons = replace(there, forward=there.backward, backward=there.forward)
        return Pair(self.edition, self.second, self.first, reasons)


def compare(first: Organisation, second: Organisation, edition: Edition) -> Pair:
    """Compare two organisations; NoSheet names one that has nothing published."""
    current = edition.as_terms()
    frame = Frame.of(current)
    mine, theirs = _sheets(frame, edition, first, second)
    one, other = evaluation.read([mine.assessment, theirs.assessment])
    return Pair(
        edition=current,
        first=Side(first, one, one.sheet(current)),
        second=Side(second, other, other.sheet(current)),
        reasons=explanation.explain(frame, frame.rows([bytes(mine.row), bytes(theirs.row)])),
    )


def _sheets(
    frame: Frame, edition: Edition, first: Organisation, second: Organisation
) -> tuple[Sheet, Sheet]:
    """The sheets of both; one whose packed row does not fit the edition is made again."""
    found = _read_sheets(edition, first, second)
    if misfits := frame.misfits([bytes(sheet.row) for sheet in found]):
        evaluation.make_again([found[place].organisation_id for place in misfits], edition)
        found = _read_sheets(edition, first, second)
        for place in frame.misfits([bytes(sheet.row) for sheet in found]):
            raise NoSheet((first, second)[place].slug)
    mine, theirs = found
    return mine, theirs


def _read_sheets(edition: Edition, *organisations: Organisation) -> list[Sheet]:
    rows = Sheet.objects.filter(organisation__in=organisations, edition=edition)
    sheets = {row.organisation_id: row for row in rows.select_related("assessment__edition")}
    for organisation in organisations:
        if organisation.pk not in sheets:
            raise NoSheet(organisation.slug)
    return [sheets[organisation.pk] for organisation in organisations]


def open_to(pair: Pair) -> tuple[str, ...]:
    """What the first asks and the second has not said or shown, by slug: questions to ask it.

    Deal-breakers first, then by importance, then in the edition's order.
    """
    missing = [
        part
        for part in pair.reasons.forward.parts
        if (part.is_open or part.deal_breaker is explanation.DealBreaker.OPEN)
        and pair.second.sheet[part.criterion].state is terms.State.UNKNOWN
    ]
    missing.sort(key=lambda part: (part.deal_breaker is None, -part.importance))
    return tuple(part.criterion for part in missing)
