"""Reminders of scorecards: when they come, to whom, and that each comes once.

The first comes one hour after the interview's end, wherever the clock stands; then one on each working day at nine in
the morning where the interviewer is, ten at most. A time that has passed by more than half a day is left to the next.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from candidates.letters import write_reminder
from candidates.models import Application, Opening, Scorecard
from candidates.models.candidates import ENDED
from smarter.accounts.models import User
from smarter.audit.recording import record
from smarter.mail.models import MailMessage

FIRST_AFTER = timedelta(hours=1)
MOST_DAILY = 10
AT = time(9, 0)
FRIDAY = 4
FRESH_FOR = timedelta(hours=12)
"""Who was not reminded by then, because nothing ran, is reminded at the next time instead."""


def reminder_times(since: datetime, zone: ZoneInfo, *, is_handed_back: bool = False) -> Iterator[datetime]:
    """The instants of all reminders of a card that was to be written `since` then, the earliest first.

    A card that was handed back has been told of by a mail already, so it is left alone until the next working day.
    """
    first = since + FIRST_AFTER
    if not is_handed_back:
        yield first
    day, left = first.astimezone(zone).date(), MOST_DAILY
    while left:
        day += timedelta(days=1)
        moment = _at_nine(day, zone)
        if day.weekday() <= FRIDAY and moment is not None:
            yield moment
            left -= 1


def _at_nine(day: date, zone: ZoneInfo) -> datetime | None:
    """Nine in the morning there, or None on a day that the calendar there has skipped."""
    moment = datetime.combine(day, AT, tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).date() == day else None


def reminder_due(card: Scorecard, now: datetime) -> datetime | None:
    """The time whose reminder is to be sent now; None where there is none."""
    since = card.handed_back_at or card.interview.ends_at
    if since is None:
        return None
    zone = ZoneInfo(card.interviewer.time_zone)
    passed = None
    for moment in reminder_times(since, zone, is_handed_back=card.handed_back_at is not None):
        if moment > now:
            break
        passed = moment
    return passed if passed is not None and now - passed < FRESH_FOR else None


def open_after_their_interview(now: datetime) -> list[Scorecard]:
    """Cards to be reminded of: open, the interview over, its panel still waited for, the holder here and willing."""
    cards = Scorecard.objects.open().filter(
        ~Q(interview__application__stage__in=ENDED),
        ~Q(interview__application__opening__state=Opening.State.CLOSED),
        interview__starts_at__lt=now,
        interviewer__is_active=True,
        interviewer__mail_reminders=True,
    )
    cards = cards.with_context().order_by("pk")
    return [card for card in cards if card.interview.ends_at and card.interview.ends_at <= now]


def send_reminders(now: datetime) -> int:
    """Queue every reminder that is due, each once however often this runs; how many were new."""
    found = [(card, due) for card in open_after_their_interview(now) if (due := reminder_due(card, now))]
    return sum(_remind(card, due) for card, due in found)


@transaction.atomic
def _remind(card: Scorecard, due: datetime) -> bool:
    """Queue one; the key holds the card and the time, so that two runs at once queue it once."""
    if write_reminder(card, key=f"remind:{card.pk}:{due.astimezone(UTC):%Y%m%d%H%M}") is None:
        return False
    application: Application = card.interview.application
    record(
        actor=None,
        act="scorecard.remind",
        subject=card,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
    )
    return True


def still_waits(message: MailMessage) -> bool:
    """Whether the card that a queued reminder or nudge asks for is still to be written, and its interview over."""
    user: User | None = message.user
    if user is None:
        return False
    cards = Scorecard.objects.editable_by(user).filter(pk=message.row_id).select_related("interview__application")
    card: Scorecard | None = cards.first()
    if card is None or card.interview.application.stage in ENDED:
        return False
    ends_at = card.interview.ends_at
    return ends_at is not None and ends_at <= message.created_at
