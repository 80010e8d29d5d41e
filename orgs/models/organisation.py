"""Organisations: co-operatives, collectives, commons projects, whatever their legal form."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


def plain(text: str) -> str:
    """A text as it is searched: without case and accents, on every database alike."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


class Organisation(models.Model):
    """An organisation and how it describes itself."""

    slug = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    website = models.CharField(max_length=2000, blank=True)
    summary = models.TextField(blank=True)
    sectors = models.JSONField(default=list, blank=True)
    legal_form = models.CharField(max_length=200, blank=True)
    size_class = models.CharField(max_length=50, blank=True)
    languages = models.JSONField(default=list, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(name=""), name="organisation_has_slug_and_name"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="organisation_place_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it with the text by which it is found."""
        self.renew_search_text()
        super().save(*args, **kwargs)

    def renew_search_text(self) -> None:
        """Write anew the text by which it is found."""
        texts = [self.name, self.place, self.legal_form, self.summary, *self.sectors]
        self.search_text = plain("\n".join(texts))
