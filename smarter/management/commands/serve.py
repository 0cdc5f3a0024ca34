"""`manage.py serve`: try Smarter on this machine, from an empty folder to a page one can sign in to."""

import socket
import threading
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.servers.basehttp import get_internal_wsgi_application, run
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from candidates.demo.loading import PASSWORD, PERSONAS
from smarter.accounts.models import User
from smarter.checks import unsafe_settings
from smarter.mail.sending import deliver

HOST = "127.0.0.1"
MAILS_EVERY = 2  # seconds


def how_to_sign_in() -> str:
    """One sentence for whoever looks at the sign-in page next."""
    if not User.objects.exists():
        return "Nobody can sign in yet. Make the first admin: python3 manage.py createsuperuser"
    if User.objects.filter(email__in=PERSONAS).exists():
        return f"Sign in as {', '.join(PERSONAS)} with the password {PASSWORD}."
    return "Sign in with your e-mail address."


class Command(BaseCommand):
    """Prepare the database, fill an empty one with the demo round, and serve."""

    help = "Prepare the database, add a demo round if it is empty, and serve Smarter on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port, and whether to leave an empty database empty."""
        parser.add_argument("--port", type=int, default=8000, help="the port to serve at (8000)")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database without the demo round")

    def handle(self, *, port: int, no_demo: bool, **_options: Any) -> None:
        """Do everything up to serving, which ends with Ctrl+C."""
        self._refuse_what_cannot_work(port)
        self._prepare(wants_demo=not no_demo)
        address = f"http://localhost:{port}"
        if urlsplit(settings.SITE_URL).hostname == "localhost":
            settings.SITE_URL = address  # links in the mails shown here lead to this port
        ready = f"\nSmarter is at {address}/  (stop it with Ctrl+C)\n{how_to_sign_in()}"
        stop = threading.Event()
        mails = threading.Thread(target=self._send_mails, args=(stop,), daemon=True)
        mails.start()
        try:
            run(HOST, port, get_internal_wsgi_application(), threading=True, on_bind=lambda _port: self._say(ready))
        except KeyboardInterrupt:
            self._say("\nStopped.")
        finally:
            stop.set()
            mails.join(MAILS_EVERY)

    def _refuse_what_cannot_work(self, port: int) -> None:
        if not settings.DEBUG:
            raise CommandError("serve is for trying Smarter out with DEBUG on; docs/operations.md tells how to run it.")
        if findings := unsafe_settings():
            raise CommandError(" ".join(str(finding.msg) for finding in findings))
        try:
            socket.create_server((HOST, port)).close()
        except (OSError, OverflowError):
            raise CommandError(f"Can't serve at port {port}: it is in use or not allowed. Try another.") from None

    def _prepare(self, *, wants_demo: bool) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._say("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_rubric", stdout=StringIO())
        if wants_demo and not User.objects.exists():
            self._say("Adding a demo round ...")
            call_command("demo", stdout=StringIO())

    def _send_mails(self, stop: threading.Event) -> None:
        """What `send_mail_queue --watch` does on a server; without EMAIL_URL the mails are printed here."""
        while not stop.wait(MAILS_EVERY):
            try:
                deliver()
            except DatabaseError as error:
                self._say(f"Mails wait: the database did not answer ({type(error).__name__}).")
            connection.close()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
