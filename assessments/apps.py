"""What is asked, answered, scored, matched, and browsed by fit."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AssessmentsConfig(AppConfig):
    """The app of criteria, assessments and matches."""

    name = "assessments"

    def ready(self) -> None:
        """Have the database guard what is published, whatever a migration did to its tables."""
        from assessments.models import triggers

        pre_migrate.connect(triggers.take_down_before_migrate, sender=self)
        post_migrate.connect(triggers.put_up_after_migrate, sender=self)
