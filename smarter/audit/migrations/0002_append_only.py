from django.db import migrations

from smarter.audit.triggers import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: refuse_changes(editor.connection),
            lambda _apps, editor: allow_changes(editor.connection),
        )
    ]
