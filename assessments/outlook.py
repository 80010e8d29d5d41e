"""What publishing a draft would make of an organisation's matches, computed without storing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assessments.compatibility import listing
from assessments.compatibility.encoding import Encoded, Rows, encode
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.compatibility.splicing import pieces
from assessments.drafts import Draft
from assessments.scoring import answers, policy
from assessments.world import World


@dataclass(frozen=True)
class Outlook:
    """How many others have each verdict with one's own now, and would once a draft is published.

    `now` is None where one has published nothing. `says_otherwise` and `asks_otherwise`: whether
    something that counts of the draft's answers, or of what it asks, is not as it is published.
    """

    now: Mapping[Verdict, int] | None
    then: Mapping[Verdict, int]
    says_otherwise: bool
    asks_otherwise: bool


def of_draft(draft: Draft, world: World) -> Outlook | None:
    """What a draft would make of its organisation's matches, all others staying as they are.

    None where the criteria have just changed, so that the draft is not under those of the world.
    """
    if draft.edition.slug != world.edition.slug:
        return None
    sheet = answers.sheet(draft.edition, draft.answers)
    row = world.frame.row(sheet, policy.of(draft.edition, draft.requirements))
    drafted = world.frame.rows([row.tobytes()])
    own = encode(world.frame, drafted)
    place = world.places.get(draft.organisation.pk)
    if place is None:
        count = len(world)
        joined = world.encoded.spliced(own, pieces(np.arange(count + 1), count))
        return Outlook(None, _counts(joined, count), says_otherwise=True, asks_otherwise=True)
    published = world.rows.take([place])
    return Outlook(
        now=_counts(world.encoded, place),
        then=_counts(world.encoded.replaced([place], own), place),
        says_otherwise=not np.array_equal(drafted.levels, published.levels),
        asks_otherwise=_asks_otherwise(drafted, published),
    )


def _asks_otherwise(one: Rows, other: Rows) -> bool:
    return not (
        np.array_equal(one.importances, other.importances)
        and np.array_equal(one.required, other.required)
        and np.array_equal(one.thresholds, other.thresholds)
    )


def _counts(encoded: Encoded, place: int) -> Mapping[Verdict, int]:
    counts = listing.match_list(encoded, place, longest=0).counts
    return dict(zip(VERDICTS, counts.tolist(), strict=True))
