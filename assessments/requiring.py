"""What an organisation asks of others: as it stands in the draft, and changed unseen by nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from assessments import drafting, drafts
from assessments.scoring import policy, terms
from orgs.models import Organisation

THRESHOLD = "threshold"
"""Stands among what goes back to the standard policy for the threshold; a criterion's has a dot."""


class Conflict(Exception):
    """Somebody changed the requirements after they were read; `theirs` is what they saved."""

    def __init__(self, theirs: drafts.Draft) -> None:
        self.theirs = theirs
        super().__init__()


@dataclass(frozen=True)
class Chosen:
    """What is asked from now on, on everything.

    `as_standard` names what goes back to the standard policy, whatever is chosen beside it:
    THRESHOLD, or a criterion as `of_criterion` writes it.
    """

    policy: policy.Policy
    as_standard: Collection[str] = ()


def of_criterion(slug: str) -> str:
    """How a criterion is named among what goes back to the standard policy."""
    return f"criterion.{slug}"


def version(draft: drafts.Draft) -> str:
    """What one sees of the requirements, as a short word that differs where they differ."""
    asked = draft.requirements
    said = [
        (slug, one.importance, one.says_must_reach, one.must_reach)
        for slug, one in sorted(asked.criteria.items())
    ]
    seen = repr((draft.edition.slug, asked.threshold, said))
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


@transaction.atomic
def save(organisation: Organisation, chosen: Chosen, *, seen: str) -> None:
    """Save what is asked; Conflict, with nothing changed, where it is not what was seen.

    What stays as it was stays said or unsaid; what becomes as the standard policy is unsaid.
    """
    # Whoever saves waits here for whoever came before, and then sees what they saved.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    draft = drafts.read(organisation)
    if version(draft) != seen:
        raise Conflict(draft)
    drafting.save_requirements(organisation, said(draft, chosen))


def said(draft: drafts.Draft, chosen: Chosen) -> terms.Requirements:
    """What of a choice an organisation says itself, key by key."""
    edition, before = draft.edition, draft.requirements
    was, standard = policy.of(edition, before), policy.standard(edition)
    threshold: int | None = chosen.policy.threshold
    if THRESHOLD in chosen.as_standard:
        threshold = None
    elif threshold == was.threshold:
        threshold = before.threshold
    elif threshold == standard.threshold:
        threshold = None
    return terms.Requirements(
        threshold,
        {
            slug: terms.Asked()
            if of_criterion(slug) in chosen.as_standard
            else _said(slug, before.criteria.get(slug, terms.Asked()), chosen.policy, was, standard)
            for slug in standard.importances
        },
    )


def _said(
    slug: str,
    before: terms.Asked,
    chosen: policy.Policy,
    was: policy.Policy,
    standard: policy.Policy,
) -> terms.Asked:
    importance: int | None = chosen.importances[slug]
    if importance == was.importances[slug]:
        importance = before.importance
    elif importance == standard.importances[slug]:
        importance = None
    must = chosen.must_reach.get(slug)
    says = must != standard.must_reach.get(slug)
    if must == was.must_reach.get(slug):
        must, says = before.must_reach, before.says_must_reach
    return terms.Asked(importance, must if says else None, says)
