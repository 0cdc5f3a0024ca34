"""Queue a mail: inside the transaction of the act that it tells of, so that both are kept or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from smarter.accounts.models import User
from smarter.mail.models import MailMessage, new_message_id

FIRST, USUAL = 0, 5
"""Priorities: somebody waits in front of the screen for the first."""
LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Letter:
    """What a mail says: a subject, plain text, and the same in HTML where there is any."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Attachment:
    """A text file that goes along, such as a calendar file; `type` is its media type with parameters."""

    name: str
    type: str
    text: str


def render_letter(stem: str, context: dict[str, Any]) -> Letter:
    """Write a mail from the templates `<stem>_subject.txt`, `<stem>.txt` and `<stem>.html`."""
    context = {**context, "site_url": settings.SITE_URL}
    return Letter(
        subject=" ".join(render_to_string(f"{stem}_subject.txt", context).split()),
        text=render_to_string(f"{stem}.txt", context).strip() + "\n",
        html=render_to_string(f"{stem}.html", context),
    )


def queue_mail(
    *,
    to: User | str,
    kind: str,
    letter: Letter,
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
    key: str | None = None,
    row_id: int | None = None,
    candidate_id: int | None = None,
    opening_id: int | None = None,
    is_essential: bool = True,
    is_secret: bool = False,
    priority: int = USUAL,
    not_before: datetime | None = None,
    useful_for: timedelta | None = None,
) -> MailMessage | None:
    """Put one mail to one person or address into the outbox; None where one was queued under this `key` before.

    A mail to a person goes to the address they had when it was queued, and never to somebody deactivated since. Mails
    that are not essential are held back from those who want no reminders. `candidate_id` says of whom it tells, so that
    it can be erased with them.
    """
    now = timezone.now()
    fields = {
        "kind": kind,
        "message_id": new_message_id(),
        "user": to if isinstance(to, User) else None,
        "address": to.email if isinstance(to, User) else to,
        "reply_to": reply_to,
        "subject": " ".join(letter.subject.split())[:LONGEST_SUBJECT],
        "text": letter.text,
        "html": letter.html,
        "attachments": [{"name": file.name, "type": file.type, "text": file.text} for file in attachments],
        "is_essential": is_essential,
        "is_secret": is_secret,
        "priority": priority,
        "row_id": row_id,
        "candidate_id": candidate_id,
        "opening_id": opening_id,
        "created_at": now,
        "next_attempt_at": not_before or now,
        "expires_at": now + useful_for if useful_for else None,
    }
    if key is None:
        return MailMessage.objects.create(**fields)
    message, is_new = MailMessage.objects.get_or_create(key=key, defaults=fields)
    return message if is_new else None
