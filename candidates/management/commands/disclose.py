"""Write everything held about one candidate."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from candidates.models import Candidate
from candidates.privacy.disclosure import disclose
from candidates.privacy.files import pack


class Command(BaseCommand):
    """`manage.py disclose NUMBER FILE.zip [--masked]`: of all openings, drafts and notes included."""

    help = "Writes everything held about a candidate to an archive: data, a page to read, and the CV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, where to, and whether colleagues are named."""
        parser.add_argument("number", type=int)
        parser.add_argument("file", type=Path)
        parser.add_argument("--masked", action="store_true", help="leave out colleagues' names")

    @transaction.atomic
    def handle(self, *_args: Any, number: int, file: Path, masked: bool, **_options: Any) -> None:
        """The operator reads all; it is recorded like any disclosure."""
        candidate = Candidate.objects.filter(pk=number).first()
        if candidate is None:
            raise CommandError(f"There is no candidate {number}.")
        content = pack(disclose(user=None, candidate=candidate, kind="file", is_masked=masked))
        try:
            with file.open("xb") as stream:
                stream.write(content)
        except OSError as error:
            raise CommandError(f"The file could not be written: {error}") from error
        self.stdout.write(f"Everything about candidate {number} is in {file}.")
