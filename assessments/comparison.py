"""Two organisations side by side, with reasons; read only, from what both have published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from assessments import evaluation
from assessments.compatibility import explanation, missing
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
    found = compare_with_each(first, [second], edition)
    if second.pk not in found:
        raise NoSheet(second.slug)
    return found[second.pk]


def compare_with_each(
    organisation: Organisation, others: Iterable[Organisation], edition: Edition
) -> dict[int, Pair]:
    """The pairs of one organisation with some others, by the other's id, in four queries or so.

    NoSheet if it has nothing published itself; others that have not are left out.
    """
    by_id = {other.pk: other for other in others}
    current = edition.as_terms()
    frame = Frame.of(current)
    sheets = _sheets(frame, edition, [organisation.pk, *by_id])
    if organisation.pk not in sheets:
        raise NoSheet(organisation.slug)
    said = evaluation.read([sheet.assessment for sheet in sheets.values()])
    published = dict(zip(sheets, said, strict=True))
    own = Side(organisation, published[organisation.pk], published[organisation.pk].sheet(current))
    mine = bytes(sheets.pop(organisation.pk).row)
    return {
        pk: Pair(
            edition=current,
            first=own,
            second=Side(by_id[pk], published[pk], published[pk].sheet(current)),
            reasons=explanation.explain(frame, frame.rows([mine, bytes(theirs.row)])),
        )
        for pk, theirs in sheets.items()
    }


def _sheets(frame: Frame, edition: Edition, organisation_ids: Collection[int]) -> dict[int, Sheet]:
    """The sheets of those that have one; one whose packed row does not fit is made again."""
    found = _read_sheets(edition, organisation_ids)
    if misfits := _misfits(frame, found):
        evaluation.make_again(misfits, edition)
        found = _read_sheets(edition, organisation_ids)
        for pk in _misfits(frame, found):
            del found[pk]
    return found


def _read_sheets(edition: Edition, organisation_ids: Collection[int]) -> dict[int, Sheet]:
    rows = Sheet.objects.filter(organisation__in=organisation_ids, edition=edition)
    return {row.organisation_id: row for row in rows.select_related("assessment__edition")}


def _misfits(frame: Frame, sheets: Mapping[int, Sheet]) -> list[int]:
    ids = list(sheets)
    return [ids[place] for place in frame.misfits([bytes(row.row) for row in sheets.values()])]


def open_to(pair: Pair) -> tuple[str, ...]:
    """What the first asks and the second has not said or shown, by slug: questions to ask it.

    Deal-breakers first, then by importance, then in the edition's order. Nothing once the second
    meets what the first asks: no answer of its own could change the verdict then.
    """
    return _open(pair.reasons.forward, pair.second.sheet)


@dataclass(frozen=True)
class Enough:
    """Which of the open questions would do, by slug; none where no answers to them would.

    `is_each`: any one of them would do by itself; else all of them together.
    """

    criteria: tuple[str, ...] = ()
    is_each: bool = False


def enough_of(pair: Pair) -> Enough:
    """Which of the questions that are open to the second would bring it to what the first asks."""
    found = missing.missing(pair.reasons.forward)
    if found.change.outcome is not explanation.Outcome.THESE_ANSWERS:
        return Enough()
    is_each = len(found.each) > 1
    chosen = found.each if is_each else found.change.criteria
    return Enough(tuple(slug for slug in open_to(pair) if slug in chosen), is_each)


@dataclass(frozen=True)
class Asked:
    """What another organisation asks of one's own, by slug, as `open_to` has it."""

    asker: Organisation
    criteria: tuple[str, ...]


def asked_by(slug: str, own: Organisation, edition: terms.Edition) -> Asked | None:
    """What an organisation asks that one's own has not said or shown: one query.

    None unless both have published under this edition.
    """
    rows = Sheet.objects.filter(
        Q(organisation__slug=slug) | Q(organisation=own), edition__slug=edition.slug
    )
    sheets = {row.organisation.slug: row for row in rows.select_related("organisation")}
    if slug == own.slug or not {slug, own.slug} <= sheets.keys():
        return None
    frame, (asker, mine) = Frame.of(edition), (sheets[slug], sheets[own.slug])
    packed = [bytes(asker.row), bytes(mine.row)]
    if frame.misfits(packed):
        return None
    forward = explanation.explain(frame, frame.rows(packed)).forward
    return Asked(asker.organisation, _open(forward, frame.sheet(packed[1])))


def _open(direction: explanation.Direction, answering: terms.Sheet) -> tuple[str, ...]:
    if (
        direction.reaches
        and not direction.evaded
        and not direction.breakers(explanation.DealBreaker.OPEN)
    ):
        return ()
    missing = [
        part
        for part in direction.parts
        if (part.is_open or part.deal_breaker is explanation.DealBreaker.OPEN)
        and answering[part.criterion].state is terms.State.UNKNOWN
    ]
    missing.sort(key=lambda part: (part.deal_breaker is None, -part.importance))
    return tuple(part.criterion for part in missing)
