"""The table in which attempts at accounts are counted (see CACHES in the settings)."""

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """Make the table; where attempts are counted elsewhere, there is nothing to make."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_email_in_lower_case")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
