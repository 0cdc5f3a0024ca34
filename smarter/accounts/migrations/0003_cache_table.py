"""The table in which limits are counted, so that `migrate` alone makes a database that works."""

from django.core.management import call_command
from django.db import migrations


def create_cache_table(_apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_is_demo")]

    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
