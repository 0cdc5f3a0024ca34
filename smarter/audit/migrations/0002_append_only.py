from django.db import migrations

from smarter.audit.triggers import AUDIT


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: AUDIT.refuse_changes(editor.connection),
            lambda _apps, editor: AUDIT.allow_changes(editor.connection),
        )
    ]
