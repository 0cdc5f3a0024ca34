from django.db import migrations

from candidates.append_only import DECISIONS_WITHOUT_DOOR


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_shortlist_entry_removed_at")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: DECISIONS_WITHOUT_DOOR.refuse_changes(editor.connection),
            lambda _apps, editor: DECISIONS_WITHOUT_DOOR.allow_changes(editor.connection),
        )
    ]
