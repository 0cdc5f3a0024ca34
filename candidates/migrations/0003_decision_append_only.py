from django.db import migrations

from candidates.append_only import DECISIONS


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_shortlist_entry_removed_at")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: DECISIONS.refuse_changes(editor.connection),
            lambda _apps, editor: DECISIONS.allow_changes(editor.connection),
        )
    ]
