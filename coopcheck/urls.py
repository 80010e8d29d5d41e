"""Every address: pages first, then the API, then what watches over the app."""

from django.urls import include, path

from coopcheck import health

urlpatterns = [
    path("", include("assessments.urls")),
    path("", include("orgs.urls")),
    path("account/", include("orgs.account_urls")),
    path("api/v1/", include("coopcheck.api")),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
]

handler404 = "coopcheck.api.not_there"
handler429 = "orgs.views.limits.too_many"
