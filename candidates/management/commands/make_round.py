"""`manage.py make_round`: a synthetic opening of any size, for benchmarks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidates.synthetic import make_round


class Command(BaseCommand):
    """Make a synthetic round."""

    help = "Make an opening with made-up candidates and submitted scorecards; the same seed gives the same ratings."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size and the seed."""
        parser.add_argument("--candidates", type=int, default=30)
        parser.add_argument("--interviewers", type=int, default=8)
        parser.add_argument("--per-candidate", type=int, default=4)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--opening", default="", metavar="TITLE", help="its title")

    def handle(
        self, *, candidates: int, interviewers: int, per_candidate: int, seed: int, opening: str, **_options: Any
    ) -> None:
        """Make it, and say under which number."""
        try:
            made = make_round(
                candidates=candidates,
                interviewers=interviewers,
                per_candidate=per_candidate,
                seed=seed,
                title=opening,
            )
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Made opening {made.pk}, {made.title}: {candidates * per_candidate:,} scorecards.")
