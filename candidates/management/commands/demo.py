"""`manage.py demo`: load the demo round into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from candidates.demo.loading import PASSWORD, PERSONAS, DemoRefused, load_demo


class Command(BaseCommand):
    """Load the demo round."""

    help = "Load invented openings, people and scores for trying Smarter out. Refuses in production."

    def handle(self, **_options: Any) -> None:
        """Load, and say how to sign in."""
        try:
            openings = load_demo()
        except DemoRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("Loaded the demo round: " + " and ".join(opening.title for opening in openings) + ".")
        self.stdout.write(f"Sign in as {', '.join(PERSONAS)} with the password {PASSWORD}.")
