"""The outbox: every mail is a row, written in the transaction of the act that it tells of, and sent afterwards."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

KEPT_FOR = timedelta(days=14)
"""How long what a mail said is kept after it was sent or given up; the row itself stays as a trace."""


class MailMessageQuerySet(models.QuerySet["MailMessage"]):
    """Questions about many mails."""

    def waiting(self) -> Self:
        """Still to be sent."""
        return self.filter(sent_at=None, failed_at=None, withdrawn_at=None)

    def due(self, now: datetime) -> Self:
        """To be sent now, the most urgent first; none that somebody is sending already."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.waiting().filter(free, next_attempt_at__lte=now).order_by("priority", "next_attempt_at", "pk")

    def sent(self) -> Self:
        """Taken by the mail server."""
        return self.filter(sent_at__isnull=False)

    def failed(self) -> Self:
        """Given up, the latest first."""
        return self.filter(failed_at__isnull=False).order_by("-failed_at", "-pk")

    def troubled(self) -> Self:
        """Given up, or waiting after a failure; the latest first."""
        return self.filter(Q(failed_at__isnull=False) | Q(attempts__gt=0, sent_at=None, withdrawn_at=None)).order_by(
            "-created_at", "-pk"
        )

    def about(self, candidate_id: int) -> Self:
        """Those that tell of this candidate."""
        return self.filter(candidate_id=candidate_id)

    def outside(self, candidate_ids: Collection[int]) -> Self:
        """Those that tell of none of these candidates."""
        other = Q(candidate_id=None) | ~Q(candidate_id__in=candidate_ids)
        return self.filter(other) if candidate_ids else self

    def withdraw(self, now: datetime) -> int:
        """Stop those that still wait and that nobody is sending at this moment; how many."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now)
        return self.waiting().filter(free).update(withdrawn_at=now, error="")

    def erase(self, now: datetime) -> int:
        """Take away what these mails say, and stop those that still wait; the rows stay as a trace."""
        self.waiting().update(withdrawn_at=now)
        return self.filter(emptied_at=None).update(emptied_at=now, **EMPTY)

    def empty_old(self, now: datetime) -> int:
        """Take away what was said in mails that are long done, and links that have ended."""
        before = now - KEPT_FOR
        done = Q(sent_at__lt=before) | Q(failed_at__lt=before) | Q(withdrawn_at__lt=before)
        return self.filter(done | Q(failed_at__isnull=False, expires_at__lt=now)).erase(now)


KINDS = {
    "interview.invite": "Invitation to an interview",
    "interview.change": "Change of an interview",
    "interview.cancel": "Interview cancelled",
    "interview.take_off": "Taken off a panel",
    "interview.decline": "Scorecard declined",
    "scorecard.hand_back": "Scorecard handed back",
    "scorecard.remind": "Reminder",
    "scorecard.nudge": "Nudge",
    "invitation": "Invitation to Smarter",
    "password_reset_key": "New password",
}
ERRORS = {
    "recipient": "The mail server refuses this address. Check it, or ask the person for another.",
    "content": "The mail server refuses the mail itself.",
    "sender": "The mail server refuses our sender address. Check DEFAULT_FROM_EMAIL.",
    "sign_in": "The mail server refuses our password. Check EMAIL_URL.",
    "server": "The mail server is not willing just now.",
    "cut_off": "The mail server broke off.",
    "timeout": "The mail server did not answer in time.",
    "tls": "The mail server could not be reached safely. Check EMAIL_URL.",
    "unreachable": "The mail server could not be reached. Check EMAIL_URL.",
    "out_of_date": "It was too late to be of use.",
    "broken": "The mail could not be put together.",
}
EMPTY: dict[str, Any] = {"subject": "", "text": "", "html": "", "attachments": []}


class MailMessage(models.Model):
    """One mail to one address. `candidate_id` and `opening_id` are numbers without a key, as in the audit."""

    kind = models.CharField(max_length=40, help_text="What it is, such as invitation or reminder.")
    key = models.CharField(
        max_length=150, unique=True, null=True, help_text="At most one mail is ever queued under a key."
    )
    message_id = models.CharField(max_length=255, unique=True, help_text="Its Message-ID, the same at every attempt.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    address = models.EmailField(max_length=254)
    reply_to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, help_text="Of each its name, its type and its text.")
    is_essential = models.BooleanField(default=True, help_text="Sent even to those who want no reminders.")
    is_secret = models.BooleanField(default=False, help_text="Holds a link that lets in; emptied once sent.")
    priority = models.PositiveSmallIntegerField(default=5, help_text="The lowest goes first.")
    row_id = models.BigIntegerField(null=True, help_text="The row that mails of its kind are about.")
    candidate_id = models.BigIntegerField(null=True, db_index=True)
    opening_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, help_text="Of no use after this, so not sent any more.")
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    error = models.CharField(max_length=40, blank=True, help_text="A code of the last failure; no text of the server.")
    sent_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    emptied_at = models.DateTimeField(null=True, editable=False)

    objects = MailMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(sent_at=None, failed_at=None)
                    | Q(sent_at=None, withdrawn_at=None)
                    | Q(failed_at=None, withdrawn_at=None)
                ),
                name="mail_ends_one_way",
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at"],
                condition=Q(sent_at=None, failed_at=None, withdrawn_at=None),
                name="mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def kind_words(self) -> str:
        """What it is, to be read."""
        return KINDS.get(self.kind, "Account")

    @property
    def error_words(self) -> str:
        """Why it was not sent, and what to do."""
        name, _, code = self.error.rpartition("_")
        words = ERRORS.get(name) or ERRORS.get(self.error, "It could not be sent.")
        return f"{words} (reply {code})" if name in ERRORS and code.isdecimal() else words

    @property
    def is_worth_retrying(self) -> bool:
        """Whether it was given up, still says something and is still of use."""
        is_over = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.failed_at is not None and bool(self.text) and not is_over

    def retry(self, now: datetime) -> bool:
        """Let it be tried again from the start; False where that is of no use."""
        if not self.is_worth_retrying:
            return False
        MailMessage.objects.filter(pk=self.pk).update(failed_at=None, attempts=0, next_attempt_at=now)
        return True

    def claim_until(self, until: datetime) -> bool:
        """Take it for sending; False where somebody else was faster."""
        self.claim = uuid.uuid4()
        mine = MailMessage.objects.waiting().filter(pk=self.pk, attempts=self.attempts)
        if not mine.update(claim=self.claim, claimed_until=until, attempts=F("attempts") + 1):
            return False
        self.attempts += 1
        return True

    def mark_sent(self, now: datetime) -> bool:
        """The server has it, even if it was withdrawn meanwhile. False where the claim has passed to somebody else."""
        emptied = {"emptied_at": now, **EMPTY} if self.is_secret else {}
        return self._settle(sent_at=now, withdrawn_at=None, error="", **emptied)

    def mark_unsent(self, *, error: str, next_attempt_at: datetime | None, now: datetime) -> bool:
        """The server does not have it: try again then, or with no time given never."""
        if next_attempt_at is None:
            return self._settle(error=error, failed_at=Case(When(withdrawn_at=None, then=Value(now))))
        return self._settle(error=error, next_attempt_at=next_attempt_at)

    def mark_unwanted(self, now: datetime) -> bool:
        """What it says no longer holds."""
        return self._settle(withdrawn_at=now)

    def _settle(self, **fields: Any) -> bool:
        """Write down how the attempt ended, and let go."""
        mine = MailMessage.objects.filter(pk=self.pk, claim=self.claim)
        return bool(mine.update(claim=None, claimed_until=None, **fields))


def new_message_id() -> str:
    """A Message-ID of this site that nobody has used."""
    return f"<{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}>"
