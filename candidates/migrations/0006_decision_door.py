from typing import Any

from django.db import migrations

from candidates.append_only import DECISIONS, DECISIONS_WITHOUT_DOOR


def open_the_door(_apps: Any, editor: Any) -> None:
    """Erasing a person may take words out of decisions; everything else stays refused."""
    DECISIONS_WITHOUT_DOOR.allow_changes(editor.connection)
    DECISIONS.refuse_changes(editor.connection)


def close_the_door(_apps: Any, editor: Any) -> None:
    """As it was."""
    DECISIONS.allow_changes(editor.connection)
    DECISIONS_WITHOUT_DOOR.refuse_changes(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_privacy")]

    operations = [migrations.RunPython(open_the_door, close_the_door)]
