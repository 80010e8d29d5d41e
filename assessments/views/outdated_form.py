"""What somebody chose on a page that was opened before the criteria changed, kept for the new."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assessments import drafts
from assessments.forms.requirements import RequirementsForm, importance_of, must_reach_of
from assessments.models import Edition
from assessments.requiring import THRESHOLD, of_criterion
from assessments.scoring import policy, terms

_SLUG = re.compile(r"[a-z0-9-]{1,200}", re.ASCII)


def opened_under(slug: str, draft: drafts.Draft) -> terms.Edition | None:
    """The earlier edition that a page was made from; None where it is the draft's, or none."""
    if slug == draft.edition.slug or not _SLUG.fullmatch(slug):
        return None
    found = Edition.objects.filter(slug=slug, published_at__isnull=False).first()
    return None if found is None else found.as_terms()


def kept(
    sent: Mapping[str, str],
    draft: drafts.Draft,
    earlier: terms.Edition,
    as_standard: tuple[str, ...],
) -> dict[str, str]:
    """The form as it would be sent now: what was changed on that page, else what is saved.

    What was not touched there is as it stands under the new criteria; so is what asks something
    else by now, or is judged in another way.
    """
    source = drafts.source_of(draft.organisation)
    asked = drafts.requirements_under(source, earlier) if source else terms.Requirements()
    was = RequirementsForm(earlier, policy.of(earlier, asked)).initial
    form = RequirementsForm(draft.edition, policy.of(draft.edition, draft.requirements))
    found = {name: str(value) for name, value in form.initial.items()}
    standard = RequirementsForm(draft.edition, policy.standard(draft.edition)).initial
    for name, criterion in _fields(draft.edition).items():
        back = THRESHOLD if criterion is None else of_criterion(criterion.slug)
        if back in as_standard:
            found[name] = str(standard[name])
        elif (
            name in was
            and sent.get(name, str(was[name])) != str(was[name])
            and _is_the_same(criterion, earlier)
        ):
            found[name] = sent[name]
    return found


def _fields(edition: terms.Edition) -> dict[str, terms.Criterion | None]:
    """Each field of the form with its criterion; that of the threshold has none."""
    found: dict[str, terms.Criterion | None] = {THRESHOLD: None}
    for criterion in edition.criteria:
        if criterion.role is not terms.Role.NONE:
            found[importance_of(criterion.slug)] = criterion
            found[must_reach_of(criterion.slug)] = criterion
    return found


def _is_the_same(criterion: terms.Criterion | None, earlier: terms.Edition) -> bool:
    """Whether a field asks now what it asked under the earlier edition."""
    if criterion is None:
        return True
    before = earlier.by_slug[criterion.slug]
    return (before.meaning, before.role) == (criterion.meaning, criterion.role)
