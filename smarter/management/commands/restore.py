"""`manage.py restore FILE`: fill an empty installation from a backup, all of it or nothing."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.integrity import check_integrity
from smarter.backup.encryption import is_encrypted
from smarter.backup.refusals import ArchiveRefused
from smarter.backup.restoring import restore_backup
from smarter.management.passphrase import read_passphrase
from smarter.management.progress import ProgressBar
from smarter.migrations_state import applied_migrations


class Command(BaseCommand):
    """Restore a backup."""

    help = "Fill an empty installation, on SQLite or PostgreSQL, from a backup of either: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and where its passphrase is."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--passphrase-file", type=Path, help="the passphrase is the first line of this file")

    def handle(self, *, file: Path, passphrase_file: Path | None, **_options: Any) -> None:
        """Restore, and say what came in."""
        passphrase = read_passphrase(passphrase_file, ask=_needs_passphrase(file), twice=False)
        if not applied_migrations():
            self.stderr.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        try:
            restored = restore_backup(
                path=file,
                passphrase=passphrase,
                find_faults=lambda: [str(violation) for violation in check_integrity()],
                progress=ProgressBar(self.stderr),
            )
        except ArchiveRefused as refusal:
            raise CommandError(f"Nothing was restored. {refusal}") from None
        for name in restored.missing:
            self.stderr.write(f"Was missing when the backup was made: {name}")
        self.stdout.write(
            f"Restored {sum(restored.rows.values()):,} rows and {len(restored.files):,} files, compared with the "
            "backup and found whole. Everybody signs in anew."
        )


def _needs_passphrase(file: Path) -> bool:
    try:
        with file.open("rb") as source:
            return is_encrypted(source)
    except OSError as error:
        raise CommandError(f"Can't read {file}: {error.strerror}.") from None
