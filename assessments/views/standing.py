"""How far one's organisations are, for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from assessments import publishing
from assessments.publishing import Standing
from orgs import acting


def in_templates(request: HttpRequest) -> dict[str, Callable[[], dict[int, Standing]]]:
    """How far each organisation of the reader is; costs a query only where it is used."""

    def standings() -> dict[int, Standing]:
        return publishing.standings(one.organisation_id for one in acting.memberships(request))

    return {"standings": standings}
