"""The read-only API: what the pages show, for other programs. All of it is public."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments import browsing, comparison, evaluation, matching, publishing
from assessments.browsing import Wanted
from assessments.compatibility import explanation
from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.models.sheet import listed
from assessments.scoring import profiles
from assessments.shapes import (
    EditionLine,
    EditionWhole,
    MatchShape,
    OrganisationShape,
    PairShape,
    Problem,
    ProfileShape,
)
from assessments.world import NoSheet
from orgs.models import Organisation


def current() -> Edition:
    """The current edition; 404 before the first."""
    edition = Edition.objects.current()
    if edition is None:
        raise NotFound("There is no current edition yet.")
    return edition


NOT_THERE = {404: Problem}
OR_GONE = {**NOT_THERE, 410: Problem}


class Gone(APIException):
    """An organisation has withdrawn what it published."""

    status_code = 410
    default_detail = "This organisation has withdrawn what it had published."


class GoneWhereWithdrawn(APIView):
    """Says of what is not there whether it was withdrawn."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer 410 in the place of 404 for what was withdrawn."""
        if isinstance(exc, NoSheet):
            exc = NotFound()
        slugs = [str(self.kwargs[name]) for name in ("slug", "other") if name in self.kwargs]
        if isinstance(exc, Http404 | NotFound) and publishing.any_withdrawn(slugs):
            exc = Gone()
        return super().handle_exception(exc)


@extend_schema(responses={200: EditionLine(many=True), **NOT_THERE})
class Editions(generics.ListAPIView[Edition]):
    """The editions that were ever published, the newest first."""

    serializer_class = EditionLine
    queryset = Edition.objects.exclude(state=EditionState.DRAFT).order_by("-published_at")


@extend_schema(responses={200: EditionWhole, **NOT_THERE})
class OneEdition(generics.RetrieveAPIView[Edition]):
    """One edition that was published, whole."""

    serializer_class = EditionWhole
    queryset = Edition.objects.exclude(state=EditionState.DRAFT)
    lookup_field = "slug"


class Organisations(generics.GenericAPIView[Any]):
    """The organisations that have published, by name."""

    serializer_class = OrganisationShape

    @extend_schema(
        responses={200: OrganisationShape(many=True), **NOT_THERE},
        parameters=[
            OpenApiParameter("page", int),
            OpenApiParameter("search", str, description="Words that all have to occur."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Those in which every word of the search occurs."""
        text = request.query_params.get("search", "").replace("\x00", "")[:200]
        found = browsing.browse(Edition.objects.current(), Wanted(text), None)
        ids = [entry.organisation_id for entry in self.paginate_queryset(found.entries) or ()]
        there = Organisation.objects.in_bulk(ids)
        page = [there[pk] for pk in ids if pk in there]
        return self.get_paginated_response(OrganisationShape(page, many=True).data)


@extend_schema(responses={200: OrganisationShape, **OR_GONE})
class OneOrganisation(GoneWhereWithdrawn, generics.RetrieveAPIView[Organisation]):
    """One organisation that has published."""

    serializer_class = OrganisationShape
    queryset = Organisation.objects.none()
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Organisation]:
        """Those that anybody may see."""
        return listed()


class Profile(GoneWhereWithdrawn):
    """The profile of one organisation, seen through the current edition."""

    @extend_schema(responses={200: ProfileShape, **OR_GONE})
    def get(self, request: Request, slug: str) -> Response:
        """Compute it from the published sheet."""
        organisation = get_object_or_404(
            listed().select_related("sheet__assessment__edition"), slug=slug
        )
        edition = current().as_terms()
        (published,) = evaluation.read([organisation.sheet.assessment])
        sheet = published.sheet(edition)
        found = profiles.profile(edition, sheet)
        shape = {
            "organisation": slug,
            "edition": edition.slug,
            "number": published.assessment.number,
            "published_at": published.assessment.published_at,
            "headline": found.headline,
            "total": found.total,
            "dimensions": found.dimensions,
            "principles": {str(number): score for number, score in found.principles.items()},
            "form_and_function": found.form_and_function,
            "sheet": [
                {
                    "criterion": name,
                    "state": level.state,
                    "level": None
                    if level.position is None
                    else edition.by_slug[name].levels[level.position].slug,
                    "why": level.why,
                }
                for name, level in sheet.items()
            ],
        }
        return Response(ProfileShape(shape).data)


class Matches(GoneWhereWithdrawn, generics.GenericAPIView[Any]):
    """The match list of one organisation, as of this moment."""

    serializer_class = MatchShape

    @extend_schema(
        responses={200: MatchShape(many=True), **OR_GONE},
        parameters=[OpenApiParameter("page", int)],
    )
    def get(self, request: Request, slug: str) -> Response:
        """Compute it here and now."""
        organisation = get_object_or_404(listed(), slug=slug)
        found = matching.matches(organisation, current())
        page = self.paginate_queryset(found)
        return self.get_paginated_response(MatchShape(page, many=True).data)


class OnePair(GoneWhereWithdrawn):
    """Two organisations: the verdict, its reasons in both directions, what would change it."""

    @extend_schema(responses={200: PairShape, **OR_GONE})
    def get(self, request: Request, slug: str, other: str) -> Response:
        """Compute it from both published sheets."""
        first = get_object_or_404(listed(), slug=slug)
        second = get_object_or_404(listed(), slug=other)
        if first == second:
            raise NotFound("An organisation makes no pair with itself.")
        reasons: explanation.Reasons = comparison.compare(first, second, current()).reasons
        shape = {
            "first": slug,
            "second": other,
            "verdict": reasons.verdict,
            "low": reasons.low,
            "high": reasons.high,
            "forward": reasons.forward,
            "backward": reasons.backward,
        }
        return Response(PairShape(shape).data)
