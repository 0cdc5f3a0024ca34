"""Nudge several late interviewers at once: by mail, not twice within a day unless meant, and to be taken back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.following import overdue_words
from candidates.letters import NUDGE, write_nudge
from candidates.models import Application, Opening, Scorecard
from smarter.accounts.models import User
from smarter.audit.recording import record
from smarter.mail.models import MailMessage

WAITS_FOR = timedelta(minutes=2)
"""So long a nudge can be taken back before it goes."""
NOT_TWICE_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class LateSeat:
    """A card of somebody else whose interview is over."""

    card: Scorecard
    waits: str  # "3 days overdue", or "due in 5 hours" in other words
    is_late: bool
    nudged_at: datetime | None  # within the last day
    wants_no_mail: bool

    @property
    def is_proposed(self) -> bool:
        """Late, not nudged today, and willing."""
        return self.is_late and self.nudged_at is None and not self.wants_no_mail


class AllNudged(Exception):
    """Everybody chosen was nudged within a day, and nobody has said to do it again."""


def late_seats(user: User, opening: Opening, now: datetime) -> list[LateSeat]:
    """Whose cards are still open after their interview, as far as `user` may know it; the longest overdue first."""
    known = Application.objects.managed_by(user).running().filter(opening=opening).not_sealed_for(user)
    cards = Scorecard.objects.managed_by(user).open().filter(interview__application__in=known.values("pk"))
    cards = cards.filter(interviewer__is_active=True).with_context()  # one's own seals one, so it is not among them
    ends = {card: card.interview.ends_at for card in cards}
    over = sorted((ends_at, card.pk, card) for card, ends_at in ends.items() if ends_at and ends_at <= now)
    nudged = _nudged([card for _, _, card in over], now)
    return [_seat(card, nudged.get(card.pk), now) for _, _, card in over]


def _seat(card: Scorecard, nudged_at: datetime | None, now: datetime) -> LateSeat:
    due_at = card.interview.due_at or now
    is_late = due_at < now
    return LateSeat(
        card=card,
        waits=overdue_words(now - due_at) if is_late else "Not due yet",
        is_late=is_late,
        nudged_at=nudged_at,
        wants_no_mail=not card.interviewer.mail_reminders,
    )


def _nudged(cards: Iterable[Scorecard], now: datetime) -> dict[int, datetime]:
    """When each was last nudged within a day, by card."""
    rows = MailMessage.objects.filter(
        kind=NUDGE, row_id__in=[card.pk for card in cards], created_at__gt=now - NOT_TWICE_WITHIN, withdrawn_at=None
    )
    return {row.row_id: row.created_at for row in rows.order_by("created_at") if row.row_id}


@transaction.atomic
def nudge(*, user: User, opening: Opening, cards: Collection[int], is_again: bool) -> list[int]:
    """Queue a nudge for each of these cards that still waits; the numbers of the mails, to take them back.

    Raises AllNudged where all were nudged within a day and `is_again` does not say to do it once more.
    """
    Opening.objects.select_for_update().get(pk=opening.pk)  # two of the team at once nudge once
    now = timezone.now()
    chosen = [seat for seat in late_seats(user, opening, now) if seat.card.pk in cards and not seat.wants_no_mail]
    fresh = [seat for seat in chosen if is_again or seat.nudged_at is None]
    if chosen and not fresh:
        raise AllNudged
    return [_nudge_one(user, seat.card, now) for seat in fresh]


def _nudge_one(user: User, card: Scorecard, now: datetime) -> int:
    message = write_nudge(card, by=user, not_before=now + WAITS_FOR)
    _record("scorecard.nudge", user, card.pk, card.interview.application)
    return message.pk if message else 0


@transaction.atomic
def take_back(*, user: User, opening: Opening, mails: Collection[int]) -> int:
    """Withdraw nudges of this opening that have not gone yet; how many."""
    now = timezone.now()
    waiting = MailMessage.objects.filter(kind=NUDGE, opening_id=opening.pk, pk__in=mails).order_by("pk")
    taken = [row for row in waiting if MailMessage.objects.filter(pk=row.pk).withdraw(now)]
    applications = {row.candidate_id: row for row in opening.applications.all()} if taken else {}
    for row in taken:
        _record("scorecard.nudge_undo", user, row.row_id, applications[row.candidate_id or 0])
    return len(taken)


def _record(act: str, user: User, card: int | None, application: Application) -> None:
    record(
        actor=user,
        act=act,
        subject=application,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        scorecard=card,
    )
