"""Send what waits in the outbox: each mail once, as far as SMTP lets one know (docs/adr/0013-outbox.md)."""

import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from smarter.mail.models import MailMessage
from smarter.mail.stopping import stop_url

logger = logging.getLogger(__name__)

BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440)]
"""How long to wait after each failure; after the last of them the mail is given up, about two days on."""
CLAIMED_FOR = timedelta(minutes=5)
LONGEST_TRANSFER = timedelta(minutes=1)
MOST_TROUBLES = 3
"""After so many in a row it is the server, not the mails."""
MARKING_TRIES = 5


@dataclass
class Tally:
    """What one pass over the outbox did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    withdrawn: int = 0

    def __str__(self) -> str:
        counts = [f"{getattr(self, name)} {name}" for name in ("sent", "postponed", "failed", "withdrawn")]
        return ", ".join(count for count in counts if not count.startswith("0 ")) or "nothing to send"


@dataclass(frozen=True)
class Fault:
    """Why an attempt failed: a code, whether trying again is of no use, and whether it is about this mail alone."""

    code: str
    is_final: bool = False
    is_of_server: bool = True


def deliver(clock: Callable[[], datetime] | None = None) -> Tally:
    """Send all that is due, over one connection; stop where the mail server is out of reach."""
    clock = clock or timezone.now
    tally, troubles = Tally(), 0
    with _line() as line:
        while troubles < MOST_TROUBLES and (message := claim(clock())):
            fault = _attempt(line, message, clock, tally)
            if fault is None:
                troubles = 0
                continue
            _drop(line)
            logger.warning("Mail %s (%s) was not sent: %s", message.pk, message.kind, fault.code)
            if fault.is_of_server:
                troubles += 1
    MailMessage.objects.empty_old(clock())
    return tally


def claim(now: datetime) -> MailMessage | None:
    """The next mail that is due, taken so that nobody else sends it; None where there is none."""
    if not MailMessage.objects.due(now).exists():  # so that a look at an empty outbox takes no lock
        return None
    with transaction.atomic():
        for message in MailMessage.objects.due(now).select_for_update(skip_locked=True)[:1]:
            if message.claim_until(now + CLAIMED_FOR):
                return message
    return None


def _attempt(line: Any, message: MailMessage, clock: Callable[[], datetime], tally: Tally) -> Fault | None:
    """Send one claimed mail and write down what came of it."""
    now = clock()
    if not _is_wanted(message):
        message.mark_unwanted(now)
        tally.withdrawn += 1
        return None
    fault = _out_of_date(message, now) or _transfer(line, message)
    if fault is None:
        _surely(lambda: message.mark_sent(clock()))
        tally.sent += 1
        return None
    is_last = fault.is_final or message.attempts > len(BACK_OFF)
    again_at = None if is_last else clock() + BACK_OFF[message.attempts - 1]
    message.mark_unsent(error=fault.code, next_attempt_at=again_at, now=clock())
    tally.failed += is_last
    tally.postponed += not is_last
    return fault


def _is_wanted(message: MailMessage) -> bool:
    """Whether the person still is here and wants such mails, and what it says still holds."""
    if message.user and not message.user.is_active:
        return False
    if message.user and not message.is_essential and not message.user.mail_reminders:
        return False
    still_holds = settings.MAIL_STILL_HOLDS.get(message.kind)
    return still_holds is None or bool(import_string(still_holds)(message))


def _out_of_date(message: MailMessage, now: datetime) -> Fault | None:
    is_over = message.expires_at is not None and message.expires_at <= now
    return Fault("out_of_date", is_final=True, is_of_server=False) if is_over else None


def _transfer(line: Any, message: MailMessage) -> Fault | None:
    """Hand one mail to the server; None where the server has said that it has it."""
    try:
        line.open()
        with _deadline(line):
            line.send_messages([compose(message)])
    except Exception as error:  # whatever it is, the mail must stay and the others must go on
        return fault_of(error)
    return None


def compose(message: MailMessage) -> EmailMultiAlternatives:
    """The mail as it is sent; a repeat of it has the same Message-ID, by which mailboxes recognise it."""
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if message.user_id and not message.is_essential:
        headers |= {
            "List-Unsubscribe": f"<{stop_url(message.user_id)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    answers = [message.reply_to] if message.reply_to else None
    letter = EmailMultiAlternatives(
        message.subject, message.text, to=[message.address], reply_to=answers, headers=headers
    )
    if message.html:
        letter.attach_alternative(message.html, "text/html")
    for file in message.attachments:
        letter.attach(file["name"], file["text"], file["type"])
    return letter


BY_REPLY = (
    (smtplib.SMTPAuthenticationError, "sign_in"),
    (smtplib.SMTPSenderRefused, "sender"),
    (smtplib.SMTPResponseException, "server"),
)
BY_KIND: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPServerDisconnected, "cut_off"),
    (smtplib.SMTPException, "server"),
    (TimeoutError, "timeout"),
    (ssl.SSLError, "tls"),
    (OSError, "unreachable"),
)


def fault_of(error: Exception) -> Fault:
    """What an exception of a transfer means."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((reply[0] for reply in error.recipients.values()), default=0)
        return Fault(f"recipient_{code}", is_final=code >= 500, is_of_server=code == 421)
    if isinstance(error, smtplib.SMTPDataError):
        return Fault(f"content_{error.smtp_code}", is_final=error.smtp_code >= 500, is_of_server=False)
    for kind, name in BY_REPLY:
        if isinstance(error, kind):
            return Fault(f"{name}_{error.smtp_code}")
    for other, name in BY_KIND:
        if isinstance(error, other):
            return Fault(name)
    return Fault("broken", is_final=True, is_of_server=False)


@contextmanager
def _line() -> Iterator[Any]:
    """The way to the mail server, opened when the first mail goes."""
    line = mail.mailers["default"] if hasattr(mail, "mailers") else mail.get_connection()
    try:
        yield line
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.close()


def _drop(line: Any) -> None:
    """Hang up without a goodbye, for which a server that hangs would let us wait."""
    connection = getattr(line, "connection", None)
    if connection is not None:
        connection.close()
        line.connection = None


@contextmanager
def _deadline(line: Any) -> Iterator[None]:
    """Cut a transfer that takes too long as a whole; the timeout alone begins anew with every byte."""

    def cut() -> None:
        with suppress(AttributeError, OSError):
            line.connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(LONGEST_TRANSFER.total_seconds(), cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _surely(mark: Callable[[], bool]) -> None:
    """Write down that a mail was sent, even where the database goes away for a moment: else it would go twice."""
    for attempt in range(MARKING_TRIES):
        try:
            mark()
        except DatabaseError:
            if attempt == MARKING_TRIES - 1:
                raise
            close_old_connections()
            threading.Event().wait(1)
        else:
            return
