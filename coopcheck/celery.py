"""The Celery app: workers find their tasks and their settings here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopcheck.settings")

app = Celery("coopcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
