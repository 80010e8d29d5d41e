"""Where the API is mounted."""

from django.urls import path
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
