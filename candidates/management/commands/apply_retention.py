"""Erase the candidates whose time is over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from candidates.models import RetentionRule
from candidates.privacy.files import sweep_files
from candidates.privacy.retention import due, erase_each, held_back


class Command(BaseCommand):
    """`manage.py apply_retention [--dry-run]`: erases for good; an interrupted run goes on where it stopped."""

    help = "Erases the candidates who have been kept longer than the period that an admin set. It can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` lists them by number and erases nobody."""
        parser.add_argument("--dry-run", action="store_true", help="list who would be erased, and stop")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """One line for each person, and one on all."""
        months = RetentionRule.current().months
        if months is None:
            self.stdout.write("No period is set, so nobody is erased. An admin sets it under People, Retention.")
            return
        people, held = due(timezone.now()), held_back(timezone.now()).count()
        number = people.count()
        if dry_run:
            for candidate in people:
                self.stdout.write(f"candidate {candidate.pk}, ended {candidate.ended_at:%Y-%m-%d}")
            self.stdout.write(f"{number} to erase after {months} months, {held} kept by a hold. Nothing was changed.")
            return
        done = 0
        for done, pk in enumerate(erase_each(actor=None, people=people), start=1):
            self.stdout.write(f"{done} of {number}: candidate {pk} erased")
        files = sweep_files()
        swept = f"{files} file{'' if files == 1 else 's'} that belonged to nobody deleted"
        self.stdout.write(f"{done} erased, {held} kept by a hold, {swept}.")
