"""The form of what an organisation asks of others: it checks, it never saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.scoring import policy, terms
from assessments.scoring.terms import GREATEST_IMPORTANCE, Criterion, Edition, Role
from assessments.wording import Wording

NO_DEAL_BREAKER = "no deal-breaker"
"""The choice that asks nothing; no level can be called so, since it has a blank."""

_IMPORTANCES = [(number, str(number)) for number in range(GREATEST_IMPORTANCE + 1)]


class RequirementsForm(forms.Form):
    """The threshold, and for each criterion with a role its importance and its deal-breaker."""

    threshold = forms.IntegerField(
        min_value=0,
        max_value=100,
        label="The bar",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "The bar: write a whole number from 0 to 100.",
        ),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
    )

    def __init__(
        self, edition: Edition, asked: policy.Policy, data: Mapping[str, Any] | None = None
    ) -> None:
        self.edition = edition
        super().__init__(data, initial=_initial(asked), auto_id="id_%s")
        self.fields["threshold"].widget.attrs["aria-describedby"] = "about-the-bar"
        words = Wording.of(edition)
        for criterion in edition.criteria:
            if criterion.role is Role.NONE:
                continue
            question = words.of_criterion(criterion)
            self.fields[importance_of(criterion.slug)] = forms.TypedChoiceField(
                choices=_IMPORTANCES,
                coerce=int,
                label="Importance",
                error_messages=_choose(f"“{question}”: choose an importance from 0 to 10."),
            )
            self.fields[must_reach_of(criterion.slug)] = forms.ChoiceField(
                choices=[
                    (NO_DEAL_BREAKER, "No deal-breaker"),
                    *((word, _asked(words, criterion, word)) for word in _words(criterion)),
                ],
                label="Deal-breaker",
                error_messages=_choose(f"“{question}”: choose a deal-breaker, or none."),
            )

    def policy(self) -> policy.Policy:
        """What is chosen; only of a form that is valid."""
        given = self.cleaned_data
        judged = [one.slug for one in self.edition.criteria if one.role is not Role.NONE]
        return policy.Policy(
            given["threshold"],
            {slug: given[importance_of(slug)] for slug in judged},
            {
                slug: must
                for slug in judged
                if (must := given[must_reach_of(slug)]) != NO_DEAL_BREAKER
            },
        )


def importance_of(slug: str) -> str:
    """The name of the field of a criterion's importance."""
    return f"importance.{slug}"


def must_reach_of(slug: str) -> str:
    """The name of the field of a criterion's deal-breaker."""
    return f"must-reach.{slug}"


def _initial(asked: policy.Policy) -> dict[str, Any]:
    return {
        "threshold": asked.threshold,
        **{importance_of(slug): number for slug, number in asked.importances.items()},
        **{
            must_reach_of(slug): asked.must_reach.get(slug, NO_DEAL_BREAKER)
            for slug in asked.importances
        },
    }


def _words(criterion: Criterion) -> tuple[str, ...]:
    if criterion.role is Role.SIMILARITY:
        return (terms.SAME,)
    return tuple(criterion.positions)


def _asked(words: Wording, criterion: Criterion, word: str) -> str:
    if criterion.role is Role.SIMILARITY:
        return "The same answer as ours"
    level = words.level(criterion, criterion.positions[word]).rstrip(".")
    credit = criterion.credit(criterion.positions[word])
    if credit == 100:
        return level
    is_worst = credit == min(criterion.credit(place) for place, _ in enumerate(criterion.levels))
    return f"{level} – or better{': any answer that is known' if is_worst else ''}"


def _choose(message: str) -> dict[str, str]:
    return dict.fromkeys(("required", "invalid_choice"), message)
