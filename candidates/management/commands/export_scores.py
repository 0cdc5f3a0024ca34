"""`manage.py export_scores OPENING`: every submitted score as CSV that imports again to the same state."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.exchange.openings import OpeningNotFound, find_opening
from candidates.exchange.score_export import score_rows, scores_of
from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.tables import write_csv


class Command(BaseCommand):
    """Export raw scores as the operator of the installation, who reads all."""

    help = "Write every submitted score of an opening as CSV. Reads all: the seal binds pages, not the operator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the opening."""
        parser.add_argument("opening", metavar="OPENING", help="number or title of the opening")

    def handle(self, *, opening: str, **_options: Any) -> None:
        """Write the file to standard output."""
        try:
            scores = scores_of(find_opening(opening), user=None)
        except OpeningNotFound as error:
            raise CommandError(str(error)) from None
        self.stdout.write(write_csv(COLUMNS, score_rows(scores)), ending="")
