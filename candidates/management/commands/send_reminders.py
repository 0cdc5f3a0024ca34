"""`manage.py send_reminders`: queue the reminders that are due."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from candidates.reminding import send_reminders


class Command(BaseCommand):
    """Queue reminders of late scorecards; for cron or a timer, every quarter of an hour or so."""

    help = "Queue reminders of scorecards still open after their interview. Running it often or twice changes nothing."

    def handle(self, **_options: Any) -> None:
        """Queue and say how many."""
        count = send_reminders(timezone.now())
        self.stdout.write(f"{count} reminder{'' if count == 1 else 's'} queued")
