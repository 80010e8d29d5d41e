"""The shell: settings, addresses, the Celery app. No other room imports it."""

from coopcheck.celery import app as celery_app

__all__ = ["celery_app"]
