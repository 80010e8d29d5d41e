"""The pages of criteria, profiles, matches and pairs."""

from django.urls import path

from assessments.views import comparison, criteria, directory, matches, profile, styleguide

urlpatterns = [
    path("", directory.home, name="home"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("organisations/", directory.organisations, name="organisations"),
    path("organisations/<slug:slug>/", profile.profile, name="organisation"),
    path("organisations/<slug:slug>/matches/", matches.matches, name="matches"),
    path("organisations/<slug:slug>/with/<slug:other>/", comparison.pair, name="pair"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
