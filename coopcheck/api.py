"""Where the API is mounted, and what it says of an address that is none."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views import defaults
from drf_spectacular.views import SpectacularAPIView

from assessments import api

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("editions/", api.Editions.as_view(), name="api-editions"),
    path("editions/<slug:slug>/", api.OneEdition.as_view(), name="api-edition"),
    path("organisations/", api.Organisations.as_view(), name="api-organisations"),
    path("organisations/<slug:slug>/", api.OneOrganisation.as_view(), name="api-organisation"),
    path("organisations/<slug:slug>/profile/", api.Profile.as_view(), name="api-profile"),
    path("organisations/<slug:slug>/matches/", api.Matches.as_view(), name="api-matches"),
    path("organisations/<slug:slug>/with/<slug:other>/", api.OnePair.as_view(), name="api-pair"),
]


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: programs are told in JSON, people on a page."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "There is no such address."}, status=404)
    return defaults.page_not_found(request, exception)
