"""`manage.py send_mail_queue`: send the mails that wait, once or again and again."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from smarter.mail.sending import Tally, deliver


class Command(BaseCommand):
    """Send the outbox; several may run at once, each mail goes out by one of them."""

    help = "Send the mails that wait in the outbox. With --watch go on doing so until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how often to look again."""
        parser.add_argument("--watch", type=int, metavar="SECONDS", help="look again every so many seconds")

    def handle(self, *, watch: int | None, **_options: Any) -> None:
        """One pass, or passes without end."""
        if not watch:
            self.stdout.write(str(deliver()))
            return
        try:
            while True:
                self._pass()
                time.sleep(max(1, watch))
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _pass(self) -> None:
        """One pass; a database that is away for a while does not end the watch."""
        close_old_connections()
        try:
            tally = deliver()
        except DatabaseError as error:
            self.stderr.write(f"The database did not answer ({type(error).__name__}); trying again.")
            return
        if tally != Tally():
            self.stdout.write(str(tally))
            self.stdout.flush()
