"""Published answers seen through an edition, in words: what a profile says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse

from assessments.catalogue import edition_changes
from assessments.compatibility import explanation
from assessments.compatibility.encoding import Frame
from assessments.evaluation import Published
from assessments.scoring import policy, profiles, terms
from assessments.scoring.terms import Answer, Criterion, Effective, Kind, Role, State, Why
from assessments.wording import PRINCIPLES, Wording
from orgs.models import Organisation

MOST_GAINS = 5
ASKED_ANEW = "Asked anew since the criteria changed, and not answered yet"
NEW = "Asked only since the criteria changed, and not answered yet"


def criterion_url(slug: str) -> str:
    """Where a criterion is explained."""
    return f"{reverse('criteria')}#criterion-{slug}"


def unasked(published: Published, criterion: Criterion) -> str:
    """Why nothing is said on a question, where the criteria have changed since; else nothing."""
    if criterion.slug not in published.edition.by_slug:
        return NEW
    is_lost = criterion.slug in published.answers and published.said(criterion) is None
    return ASKED_ANEW if is_lost else ""


@dataclass(frozen=True)
class Shown:
    """A published assessment seen through the current edition, in words."""

    published: Published
    words: Wording
    sheet: dict[str, Effective]
    found: profiles.Profile

    @classmethod
    def of(cls, published: Published, edition: terms.Edition) -> Shown:
        """See an assessment through an edition."""
        sheet = dict(published.sheet(edition))
        return cls(published, Wording.of(edition), sheet, profiles.profile(edition, sheet))

    def profile(self, organisation: Organisation) -> dict[str, Any]:
        """The whole profile, as its template takes it."""
        edition, found = self.words.edition, self.found
        offers, needs = exchange(edition.criteria, self.published)
        return {
            "published": {
                "number": self.published.assessment.number,
                "on": self.published.assessment.published_at,
                "edition": self.words.of_edition("title"),
                "is_loaded": self._is_loaded(),
            },
            "matches_url": reverse("matches", args=[organisation.slug]),
            "headline": {
                "answer": found.headline.answer.value,
                "deciding": [self._deciding(slug) for slug in found.headline.decided_by],
            },
            "dimensions": [
                {
                    "title": self.words.of_dimension(slug),
                    "url": f"#answers-{slug}",
                    **_score(score),
                }
                for slug, score in found.dimensions.items()
                if score.applicable or not score.has_basis
            ],
            "total": _score(found.total),
            "unscored": len(edition.criteria) - found.total.applicable,
            "form_function": self._form_function(),
            "buts": [
                {**self.answer(criterion), "url": criterion_url(criterion.slug)}
                for criterion in edition.criteria
                if criterion.slug in self.sheet and self.sheet[criterion.slug].reserved
            ],
            "groups": [
                {
                    "slug": dimension.slug,
                    "title": self.words.of_dimension(dimension.slug),
                    "scored": found.dimensions[dimension.slug].applicable,
                    "answers": [
                        self.answer(criterion)
                        for criterion in edition.criteria
                        if criterion.dimension == dimension.slug
                    ],
                }
                for dimension in edition.dimensions
            ],
            "requirements": self._requirements(),
            "offers": offers,
            "needs": needs,
            "gains": [
                {
                    **self._named(line.criterion),
                    "points": of_hundred(line.to_gain, found.total),
                    "is_open": line.state is State.UNKNOWN,
                }
                for line in found.would_add_most[:MOST_GAINS]
            ],
            "account": {
                "points": found.total.points,
                "could_have": found.total.points + found.total.open_points,
                "possible": found.total.possible,
                "rows": [self._entry(line) for line in found.account],
            },
        }

    def _is_loaded(self) -> bool:
        """Whether it is public without that anybody has published it here: it came from a file."""
        assessment = self.published.assessment
        return assessment.pk is not None and not hasattr(assessment, "publication")

    def _named(self, slug: str) -> dict[str, Any]:
        criterion = self.words.edition.by_slug[slug]
        return {"question": self.words.of_criterion(criterion), "url": criterion_url(slug)}

    def _deciding(self, slug: str) -> dict[str, Any]:
        status = {
            profiles.Headline.YES: "holds",
            profiles.Headline.NO: "fails",
            profiles.Headline.NOT_YET_KNOWN: "open",
        }[self.found.headline.answer]
        criterion = self.words.edition.by_slug[slug]
        answer, effective = self._answered(criterion)
        said = self.words.said(criterion, answer, effective)
        if effective.why is Why.RESERVATION and answer is not None:
            said = f"{said}, but {answer.reservation}"
        elif effective.why is Why.NOT_SHOWN:
            said = f"{said} (claimed, not shown)"
        elif effective.why is Why.WITHHELD:
            said = "Kept private"
        elif effective.why is Why.NOT_KNOWN:
            said = "We don’t know"
        return {"status": status, **self._named(slug), "said": said}

    def _answered(self, criterion: Criterion) -> tuple[Answer | None, Effective]:
        """What was said under the same meaning of a criterion, and what of it counts."""
        answer = self.published.said(criterion)
        if criterion.kind is Kind.OFFERS:
            why = Why.NOT_ANSWERED if answer is None else Why.ANSWERED
            if answer is not None and answer.unknown:
                why = Why.NOT_KNOWN
            elif answer is not None and answer.na:
                why = Why.NOT_APPLICABLE
            return answer, Effective(State.UNKNOWN, why=why)
        return answer, self.sheet[criterion.slug]

    def answer(self, criterion: Criterion) -> dict[str, Any]:
        """One answer in words, as its component takes it."""
        answer, effective = self._answered(criterion)
        # What is kept private is not even handed to the template.
        open_answer = Answer() if answer is None or answer.withheld else answer
        position = effective.position
        is_standard = criterion.role is Role.STANDARD
        return {
            "slug": criterion.slug,
            **self._named(criterion.slug),
            "role": criterion.role.value,
            "why": effective.why.value,
            "unasked": unasked(self.published, criterion),
            "earlier": None if answer is None else self._earlier(criterion),
            "state": effective.state.value,
            "said": self.words.said(criterion, answer, effective),
            "counts_as": self.words.short(criterion, position)
            if effective.reserved and position is not None
            else "",
            "credit": criterion.credit(position) if is_standard and position is not None else None,
            "reservation": open_answer.reservation,
            "na_reason": open_answer.na,
            "note": open_answer.note,
            "licences": open_answer.licences,
            "offers": open_answer.offers,
            "needs": open_answer.needs,
            "evidence": open_answer.evidence,
        }

    def _earlier(self, criterion: Criterion) -> dict[str, str] | None:
        """The question as it was when it was answered, where it was put in other words."""
        edition = self.published.edition
        before = edition.by_slug.get(criterion.slug)
        if before is None or before is criterion:
            return None
        if not any(one.is_of_asking for one in edition_changes.differences(before, criterion)):
            return None
        question = Wording.of(edition).of_criterion(before)
        is_same = question == self.words.of_criterion(criterion)
        address = reverse("criteria-edition", args=[edition.slug])
        return {
            "question": "" if is_same else question,
            "url": f"{address}#criterion-{before.slug}",
        }

    def _form_function(self) -> dict[str, Any]:
        measured = self.found.form_and_function
        return {
            "quadrant": measured.quadrant.value if measured.quadrant else None,
            "form": measured.form,
            "function": measured.function,
            "nominality": measured.nominality,
            "hidden": measured.hidden,
            "both": sum(
                one.form is not None and one.function is not None for one in measured.principles
            ),
            "rows": [
                {
                    "label": PRINCIPLES[one.principle],
                    "form": one.form,
                    "function": one.function,
                }
                for one in measured.principles
                if one.form is not None or one.function is not None
            ],
        }

    def _requirements(self) -> dict[str, Any]:
        edition = self.words.edition
        own, standard = self.published.policy(edition), policy.standard(edition)
        overreach = {
            one.criterion: "lacks" if one.is_known else "unknown"
            for one in explanation.asks_more_than_it_gives(Frame.of(edition), self.sheet, own)
        }
        rows = [
            self._asked(edition.by_slug[slug], own, standard, overreach.get(slug, ""))
            for slug in own.importances
        ]
        return {
            "threshold": own.threshold,
            "standard_threshold": standard.threshold,
            "threshold_differs": own.threshold != standard.threshold,
            "differs": sum(row["differs"] for row in rows),
            "leading": [row for row in rows if _leads(row)],
            "others": sorted(
                (row for row in rows if not _leads(row)), key=lambda row: -row["importance"]
            ),
        }

    def _asked(
        self, criterion: Criterion, own: policy.Policy, standard: policy.Policy, lacks: str
    ) -> dict[str, Any]:
        slug = criterion.slug
        must, usual = own.must_reach.get(slug), standard.must_reach.get(slug)
        importance, usual_importance = own.importances[slug], standard.importances[slug]
        return {
            **self._named(slug),
            "importance": importance,
            "standard_importance": usual_importance,
            "must_reach": self.words.must_reach(criterion, must),
            "standard_must_reach": self.words.must_reach(criterion, usual),
            "differs": (importance, must) != (usual_importance, usual),
            "own": lacks,
        }

    def _entry(self, line: profiles.Entry) -> dict[str, Any]:
        applies = line.state is not State.NOT_APPLICABLE
        return {
            **self._named(line.criterion),
            "importance": line.importance,
            "state": line.state.value,
            "points": line.points,
            "could_have": line.points + line.open_points,
            "possible": line.importance * 100 if applies else 0,
        }


def exchange(criteria: Iterable[Criterion], published: Published) -> tuple[list[str], list[str]]:
    """What an organisation offers and needs, over all criteria that ask for it."""
    answers = [
        answer
        for criterion in criteria
        if criterion.kind is Kind.OFFERS and (answer := published.said(criterion)) is not None
    ]
    offers = [offer for answer in answers for offer in answer.offers]
    return offers, [need for answer in answers for need in answer.needs]


def _leads(asked: dict[str, Any]) -> bool:
    """Whether it shuts somebody out, or is asked otherwise than by the standard policy."""
    return bool(asked["must_reach"] or asked["differs"])


def of_hundred(points: int, total: profiles.Score) -> str:
    """How much of the total of 100 some points of the account are, to a tenth."""
    share = Fraction(points * 100, total.possible) if total.possible else Fraction(0)
    return f"{float(share):.1f}".removesuffix(".0")


def _score(score: profiles.Score) -> dict[str, Any]:
    share: Fraction | None = score.evidence_share
    return {
        "low": score.low,
        "high": score.high,
        "known": score.known,
        "applicable": score.applicable,
        "has_basis": score.has_basis,
        "buts": score.buts,
        "evidence": None if share is None else int(share * 100 + Fraction(1, 2)),
    }
