"""`manage.py backup FILE`: everything stored, in one file, while people go on working."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smarter.backup.making import make_backup
from smarter.backup.refusals import ArchiveRefused
from smarter.management.passphrase import read_passphrase
from smarter.management.progress import ProgressBar


class Command(BaseCommand):
    """Make a backup."""

    help = "Write the database and the files to one new FILE, consistent while in use. Everything in it is personal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether to encrypt it."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--encrypt", action="store_true", help="ask for a passphrase and encrypt the file with it")
        parser.add_argument("--passphrase-file", type=Path, help="encrypt with the first line of this file")

    def handle(self, *, file: Path, encrypt: bool, passphrase_file: Path | None, **_options: Any) -> None:
        """Make it, and say what it holds."""
        passphrase = read_passphrase(passphrase_file, ask=encrypt, twice=True)
        try:
            made = make_backup(path=file, passphrase=passphrase, progress=ProgressBar(self.stderr))
        except ArchiveRefused as refusal:
            raise CommandError(str(refusal)) from None
        for name in made.missing:
            self.stderr.write(f"Missing in the file store, so not in the backup: {name}")
        self.stdout.write(
            f"Wrote {file}: {sum(made.rows.values()):,} rows and {len(made.files):,} files, "
            f"{'encrypted' if passphrase else 'not encrypted'}."
        )
