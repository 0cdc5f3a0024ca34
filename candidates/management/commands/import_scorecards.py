"""`manage.py import_scorecards OPENING FILE.csv`: take scorecards over (docs/score-files.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.exchange.openings import OpeningNotFound, find_opening
from candidates.exchange.panel import Creating
from candidates.exchange.score_import import Imported, ImportRefused, import_scores, read_scores
from candidates.exchange.tables import TableRefused


class Command(BaseCommand):
    """Import submitted scorecards."""

    help = "Import submitted scorecards into an opening from CSV: all rows, or none and a list of what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the opening, the file and what may be created."""
        parser.add_argument("opening", metavar="OPENING", help="number or title of the opening")
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--create-people", action="store_true", help="add candidates and interviewers not yet here")
        parser.add_argument("--dry-run", action="store_true", help="check everything, import nothing")

    def handle(self, *, opening: str, file: Path, create_people: bool, dry_run: bool, **_options: Any) -> None:
        """Import, and say what came of it."""
        try:
            imported = import_scores(
                opening=find_opening(opening),
                table=read_scores(file.read_bytes()),
                user=None,
                creating=Creating(candidates=create_people, interviewers=create_people),
                dry_run=dry_run,
            )
        except OSError as error:
            raise CommandError(f"Can't read {file}: {error.strerror}.") from None
        except (OpeningNotFound, TableRefused) as error:
            raise CommandError(f"Nothing was imported. {error}") from None
        except ImportRefused as error:
            raise CommandError(f"Nothing was imported.\n{error}") from None
        self._tell(imported, dry_run=dry_run)

    def _tell(self, imported: Imported, *, dry_run: bool) -> None:
        if imported.ignored_columns:
            self.stdout.write(f"Columns that were ignored: {', '.join(imported.ignored_columns)}.")
        if not imported.new_cards:
            self.stdout.write(f"All {imported.same_cards} scorecards are in already; nothing changed.")
            return
        self.stdout.write(
            f"{'Would import' if dry_run else 'Imported'} {imported.new_cards} scorecards from {imported.rows} rows; "
            f"{imported.same_cards} were in already. New: {len(imported.new_candidates)} candidates, "
            f"{len(imported.new_interviewers)} interviewers."
        )
