"""Who they are: people and organisations."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The app of people and organisations."""

    name = "orgs"
