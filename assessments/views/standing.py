"""How far one's organisations are, and how many fit them, for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.http import HttpRequest

from assessments import matching, publishing, waiting
from assessments.compatibility.pairs import Verdict
from assessments.models import Assessment, Edition
from assessments.publishing import Standing
from assessments.world import World, read_world
from orgs import acting


def in_templates(request: HttpRequest) -> dict[str, Callable[[], Mapping[int, object]]]:
    """How each organisation of the reader stands; costs queries only where it is used."""

    @cache
    def latest() -> list[Assessment]:
        return publishing.latest(one.organisation_id for one in acting.memberships(request))

    def standings() -> dict[int, Standing]:
        return publishing.standings(latest())

    def waiting_counts() -> dict[int, int]:
        """How many questions wait for each since the criteria have changed."""
        edition = current_edition(request) if latest() else None
        return {} if edition is None else waiting.counts(latest(), edition.as_terms())

    def match_counts() -> dict[int, dict[str, int]]:
        """How many others have each verdict with those that have published, as of now."""
        ids = [one.organisation_id for one in acting.memberships(request)]
        edition = current_edition(request) if ids else None
        if edition is None:
            return {}
        found = matching.counts(ids, edition, world=current_world(request))
        return {pk: in_words(counts) for pk, counts in found.items()}

    return {
        "standings": standings,
        "waiting_counts": waiting_counts,
        "match_counts": match_counts,
    }


def current_edition(request: HttpRequest) -> Edition | None:
    """The current edition, read once a request for all that is counted on a page."""
    if not hasattr(request, "_current_edition"):
        request._current_edition = Edition.objects.current()  # type: ignore[attr-defined]  # Ours.
    found: Edition | None = request._current_edition  # type: ignore[attr-defined]
    return found


def current_world(request: HttpRequest) -> World | None:
    """All that is published, read once a request for all that is counted on a page."""
    if not hasattr(request, "_current_world"):
        edition = current_edition(request)
        world = None if edition is None else read_world(edition)
        request._current_world = world  # type: ignore[attr-defined]  # Ours.
    found: World | None = request._current_world  # type: ignore[attr-defined]
    return found


def in_words(counts: Mapping[Verdict, int]) -> dict[str, int]:
    """How many have each verdict, under the names by which templates know them."""
    return {verdict.value.replace("-", "_"): count for verdict, count in counts.items()}
