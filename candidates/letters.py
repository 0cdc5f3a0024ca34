"""The mails of the interview round: queued in the transaction of the act they tell of, in the reader's own time zone.

A mail holds what its reader may know at that moment, and of others nothing but who sits on the same panel: no score, no
word on how far somebody else is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from candidates.exchange.calendar import CANCEL, FILE_NAME, REQUEST, calendar_file
from candidates.models import Interview, Scorecard
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from smarter.mail.queueing import Attachment, Letter, queue_mail, render_letter
from smarter.mail.stopping import stop_url

INVITED, CHANGED, CANCELLED, TAKEN_OFF, DECLINED = (
    "interview.invite",
    "interview.change",
    "interview.cancel",
    "interview.take_off",
    "interview.decline",
)
HANDED_BACK, REMINDER, NUDGE = "scorecard.hand_back", "scorecard.remind", "scorecard.nudge"
USEFUL_FOR = timedelta(hours=12)
"""A reminder that could not go by then is left to the next."""


def write_to_panel(kind: str, interview: Interview, cards: Iterable[Scorecard], *, by: User) -> None:
    """Tell those who hold `cards` of an interview that has a time, with a calendar file that follows the change."""
    now = timezone.now()
    is_off = kind in (CANCELLED, TAKEN_OFF, DECLINED)
    for card in cards:
        others = [] if is_off else _others(card)
        letter = _letter("interview", card, kind=kind, by=by, others=others, dimensions=_focus(card))
        files = []
        if interview.ends_at and interview.ends_at > now:
            method = CANCEL if is_off else REQUEST
            text = calendar_file(interview, method=method, now=now, guest=card.interviewer, notes=_notes(card))
            files = [Attachment(FILE_NAME, f"text/calendar; method={method}", text)]
        _queue(kind, card, letter, attachments=files, reply_to="" if by.pk == card.interviewer_id else by.email)


def write_declined(card: Scorecard) -> None:
    """Take an interview that is still to come out of the calendar of who has just declined its scorecard.

    The sequence grows in this file alone: in those of the others it would tell that somebody declined.
    """
    interview = card.interview
    if interview.ends_at is None or interview.ends_at <= timezone.now():
        return
    interview.calendar_sequence += 1
    write_to_panel(DECLINED, interview, [card], by=card.interviewer)


def write_handed_back(card: Scorecard, *, by: User) -> None:
    """Tell its holder that a card is a draft again."""
    _queue(HANDED_BACK, card, _letter("card", card, kind=HANDED_BACK, by=by), reply_to=by.email)


def write_reminder(card: Scorecard, *, key: str) -> MailMessage | None:
    """Remind its holder of a card; None where they were reminded under this key before."""
    letter = _letter("card", card, kind=REMINDER, stop=stop_url(card.interviewer_id))
    return _queue(REMINDER, card, letter, key=key, is_essential=False, useful_for=USEFUL_FOR)


def write_nudge(card: Scorecard, *, by: User, not_before: datetime) -> MailMessage | None:
    """Let somebody of the team ask for a card; it waits a moment, so that it can be taken back."""
    letter = _letter("card", card, kind=NUDGE, by=by, stop=stop_url(card.interviewer_id))
    return _queue(
        NUDGE, card, letter, not_before=not_before, is_essential=False, useful_for=USEFUL_FOR, reply_to=by.email
    )


def preview_nudge(card: Scorecard, *, by: User) -> Letter:
    """What a nudge says, without the link by which only its reader may turn reminders off."""
    return _letter("card", card, kind=NUDGE, by=by)


def _queue(kind: str, card: Scorecard, letter: Letter, **options: Any) -> MailMessage | None:
    application = card.interview.application
    return queue_mail(
        to=card.interviewer,
        kind=kind,
        letter=letter,
        row_id=card.pk,
        candidate_id=application.candidate_id,
        opening_id=application.opening_id,
        **options,
    )


def _letter(stem: str, card: Scorecard, *, kind: str, by: User | None = None, **more: Any) -> Letter:
    interview, person = card.interview, card.interviewer
    context = {
        "what": kind.split(".")[1],
        "card": card,
        "person": person,
        "interview": interview,
        "candidate": interview.application.candidate,
        "opening": interview.application.opening,
        "by": by,
        "zone": person.time_zone,
        "card_url": settings.SITE_URL + reverse("candidates:scorecard_edit", args=[card.pk]) if card.pk else "",
        "interview_url": settings.SITE_URL + reverse("candidates:interview_detail", args=[interview.pk]),
        "is_elsewhere": interview.time_zone != person.time_zone,
        **more,
    }
    with timezone.override(ZoneInfo(person.time_zone)):
        return render_letter(f"candidates/mail/{stem}", context)


def _others(card: Scorecard) -> list[str]:
    """Who else sits on the panel: their names, and nothing of how far they are."""
    seats = Scorecard.objects.seats_visible_to(card.interviewer).filter(interview=card.interview_id)
    others = seats.exclude(interviewer=card.interviewer_id).order_by("interviewer__name")
    return list(others.values_list("interviewer__name", flat=True))


def _focus(card: Scorecard) -> list[str]:
    """The dimensions to cover by name; none means all."""
    dimensions = card.interview.pinned_version().dimensions.all() if card.focus else []
    return [dimension.name for dimension in dimensions if dimension.key in card.focus]


def _notes(card: Scorecard) -> str:
    names = _focus(card)
    return f"You cover {', '.join(names)}." if names else "You cover all dimensions."
