"""Erase candidates by number."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.models import Candidate
from candidates.privacy.erasing import ErasureRefused, erase_candidate


class Command(BaseCommand):
    """`manage.py erase_candidate NUMBER … --yes`: for good; those erased already stay so."""

    help = "Erases candidates for good: name, contact, CV and everything written about them. Ratings stay as numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Numbers, and a word that it is meant."""
        parser.add_argument("numbers", nargs="+", type=int, metavar="NUMBER")
        parser.add_argument("--yes", action="store_true", help="erase; without it nothing is changed")

    def handle(self, *_args: Any, numbers: list[int], yes: bool, **_options: Any) -> None:
        """One line for each; a hold or a running application fails the command, the others are erased all the same."""
        people = Candidate.objects.in_bulk(numbers)
        missing = [number for number in numbers if number not in people]
        if missing:
            raise CommandError(f"There is no candidate {', '.join(map(str, missing))}. Nothing was changed.")
        if not yes:
            raise CommandError(f"{len(people)} would be erased for good. Add --yes to do it.")
        refused = [number for number in numbers if not self._erase(people[number])]
        if refused:
            raise CommandError(f"Not erased: {', '.join(map(str, refused))}.")

    def _erase(self, candidate: Candidate) -> bool:
        try:
            is_new = erase_candidate(actor=None, candidate=candidate)
        except ErasureRefused as refusal:
            self.stderr.write(f"candidate {candidate.pk}: {refusal}")
            return False
        self.stdout.write(f"candidate {candidate.pk}: {'erased' if is_new else 'was erased before'}")
        return True
