"""On PostgreSQL: keep stored results as they are. Packing them costs more than all the rest."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SET = "ALTER TABLE assessments_matchresult ALTER COLUMN best SET STORAGE {}"


def keep_as_they_are(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(_SET.format("EXTERNAL"))


def pack(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(_SET.format("EXTENDED"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessments", "0006_description_mark")]
    operations: ClassVar = [migrations.RunPython(keep_as_they_are, pack)]
