"""Every address: pages first, then the API, then what watches over the app."""

from django.urls import path

from coopcheck import health

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
]
