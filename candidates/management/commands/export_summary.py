"""`manage.py export_summary OPENING --format csv|json`: the figures that compare shows."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.comparison.reading import read_everything
from candidates.exchange.openings import OpeningNotFound, find_opening
from candidates.exchange.summary import summary_of, summary_table
from candidates.exchange.tables import write_csv


class Command(BaseCommand):
    """Export the figures of an opening as the operator of the installation, who reads all."""

    help = "Write the figures of every candidate. Reads all: the seal binds pages, not the operator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the opening and the format."""
        parser.add_argument("opening", metavar="OPENING", help="number or title of the opening")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *, opening: str, format: str, **_options: Any) -> None:  # noqa: A002  the option's name
        """Write the file to standard output."""
        try:
            reading = read_everything(find_opening(opening))
        except OpeningNotFound as error:
            raise CommandError(str(error)) from None
        entries = summary_of(reading)
        if format == "json":
            self.stdout.write(json.dumps(entries, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(write_csv(*summary_table(entries, reading)), ending="")
