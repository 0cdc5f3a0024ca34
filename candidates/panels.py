"""Planning interviews: a time, a place and the seats of the panel, changed together and never under somebody's text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from candidates.letters import CANCELLED, CHANGED, INVITED, TAKEN_OFF, write_to_panel
from candidates.models import Application, Interview, Notification, Scorecard
from candidates.notifying import notify_if_complete, notify_of_seats
from smarter.accounts.models import User
from smarter.audit.recording import record

COULD_NOT_ATTEND = Scorecard.DeclineReason.COULD_NOT_ATTEND
TOLD_OF = ("starts_at", "minutes", "time_zone", "place", "title")
"""What a panel is told of by mail when it changes."""


@dataclass(frozen=True)
class Seat:
    """Somebody on a panel: the dimensions to cover (none means all), and whether they score along as a shadow."""

    interviewer_id: int
    focus: tuple[str, ...] = ()
    is_shadow: bool = False


class Unconfirmed(Exception):
    """A scorecard that was begun would be closed, and nobody has confirmed it."""

    def __init__(self, cards: Sequence[Scorecard]) -> None:
        self.cards = cards


class InterviewChanged(Exception):
    """Somebody else changed the interview at the same moment."""


@transaction.atomic
def plan_interview(*, user: User, interview: Interview, seats: Iterable[Seat]) -> Interview:
    """Save a new interview with its panel, and invite the panel once there is a time; the interview as it is now.

    Planning one of the same calendar number again, as a second click does, changes nothing. Raises CandidateErased.
    """
    application = Application.objects.hold(interview.application_id)
    if planned := application.interviews.filter(calendar_uid=interview.calendar_uid).first():
        return planned
    interview.created_by = user
    interview.save()
    added = _add_seats(interview, seats)
    _record("interview.create", user, interview)
    notify_of_seats(Notification.Kind.SEAT_GIVEN, added, by=user)
    if interview.starts_at:
        write_to_panel(INVITED, interview, added, by=user)
    return interview


@transaction.atomic
def change_interview(
    *, user: User, interview: Interview, seats: Sequence[Seat], removed: Iterable[int], is_confirmed: bool
) -> None:
    """Save an interview and the seats given; a seat not mentioned stays as it is.

    Of the `removed` interviewers a seat that was not begun goes, a draft is closed as "could not attend" with its text
    kept, and a submitted one stays. Raises Unconfirmed where a draft would be closed without `is_confirmed`,
    InterviewChanged where `interview` is not as it was read, CandidateErased where nothing is planned any more.
    """
    Application.objects.hold(interview.application_id)
    before = Interview.objects.select_for_update().get(pk=interview.pk)
    if before.calendar_sequence != interview.calendar_sequence:
        raise InterviewChanged
    cards = {card.interviewer_id: card for card in interview.scorecards.select_for_update()}
    leaving = [cards[key] for key in removed if key in cards]
    begun = [card for card in leaving if card.state == Scorecard.State.DRAFT]
    if begun and not is_confirmed:
        raise Unconfirmed(begun)
    interview.calendar_sequence += 1
    interview.save()
    gone = [card for card in leaving if card.is_open]
    staying = {key: card for key, card in cards.items() if card.is_open and card not in gone}
    for card in gone:
        _take_off(user, interview, card, is_begun=card in begun)
    added = _add_seats(interview, [seat for seat in seats if seat.interviewer_id not in cards])
    _change_seats([(staying[seat.interviewer_id], seat) for seat in seats if seat.interviewer_id in staying])
    _record("interview.edit", user, interview)
    _tell_of_change(user, before, interview, added=added, staying=list(staying.values()), gone=gone)


@transaction.atomic
def cancel_interview(*, user: User, interview: Interview) -> None:
    """Cancel: open scorecards of it are no longer waited for, submitted ones stay and count.

    Cancelling again, as a second click does, changes nothing and tells nobody.
    """
    going_on = Interview.objects.active().filter(pk=interview.pk)
    if not going_on.update(cancelled_at=timezone.now(), calendar_sequence=F("calendar_sequence") + 1):
        return
    interview.refresh_from_db(fields=["cancelled_at", "calendar_sequence"])
    _record("interview.cancel", user, interview)
    if interview.starts_at:
        write_to_panel(CANCELLED, interview, _open_seats(interview), by=user)
    notify_if_complete(interview.application, by=user)


@transaction.atomic
def copy_panel(*, user: User, source: Interview, applications: Iterable[Application]) -> list[Interview]:
    """Plan the same interview with the same interviewers for other candidates; the time is still to be set."""
    seats = [
        Seat(card.interviewer_id, tuple(card.focus), card.is_shadow)
        for card in source.scorecards.exclude(state=Scorecard.State.DECLINED)
    ]
    return [
        plan_interview(
            user=user,
            interview=Interview(
                application=application,
                title=source.title,
                minutes=source.minutes,
                time_zone=source.time_zone,
                place=source.place,
            ),
            seats=seats,
        )
        for application in applications
    ]


def _tell_of_change(
    user: User,
    before: Interview,
    interview: Interview,
    *,
    added: Sequence[Scorecard],
    staying: Sequence[Scorecard],
    gone: Sequence[Scorecard],
) -> None:
    """Tell each of the panel what is new to them; an interview is announced only once it has a time."""
    notify_of_seats(Notification.Kind.SEAT_GIVEN, added, by=user)
    notify_of_seats(Notification.Kind.SEAT_TAKEN, gone, by=user)
    if gone:
        notify_if_complete(interview.application, by=user)
    if before.starts_at:
        write_to_panel(TAKEN_OFF, before if interview.starts_at is None else interview, gone, by=user)
    if before.starts_at and interview.starts_at is None:
        before.calendar_sequence = interview.calendar_sequence
        write_to_panel(CANCELLED, before, staying, by=user)
    elif interview.starts_at:
        is_new = before.starts_at is None
        write_to_panel(INVITED, interview, [*added, *(staying if is_new else [])], by=user)
        if not is_new and any(getattr(before, name) != getattr(interview, name) for name in TOLD_OF):
            write_to_panel(CHANGED, interview, staying, by=user)


def _open_seats(interview: Interview) -> list[Scorecard]:
    """Those who were to come, with what a mail to them needs."""
    open_states = (Scorecard.State.WAITING, Scorecard.State.DRAFT)
    return list(interview.scorecards.filter(state__in=open_states).select_related("interviewer"))


def _add_seats(interview: Interview, seats: Iterable[Seat]) -> list[Scorecard]:
    cards = [
        Scorecard(
            interview=interview, interviewer_id=seat.interviewer_id, focus=list(seat.focus), is_shadow=seat.is_shadow
        )
        for seat in seats
    ]
    return Scorecard.objects.bulk_create(cards)


def _change_seats(changes: Iterable[tuple[Scorecard, Seat]]) -> None:
    """Focus and shadow; given open cards only, as what is in stays what it was."""
    for card, seat in changes:
        Scorecard.objects.filter(pk=card.pk).update(focus=list(seat.focus), is_shadow=seat.is_shadow)


def _take_off(user: User, interview: Interview, card: Scorecard, *, is_begun: bool) -> None:
    if is_begun:
        card.state = Scorecard.State.DECLINED
        card.declined_at = timezone.now()
        card.decline_reason = COULD_NOT_ATTEND
        card.save(update_fields=["state", "declined_at", "decline_reason"])
    else:
        card.delete()
    _record("interview.take_off", user, interview, interviewer=card.interviewer_id, was_begun=is_begun)


def _record(act: str, user: User, interview: Interview, **detail: int | bool) -> None:
    application = interview.application
    record(
        actor=user,
        act=act,
        subject=interview,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        **detail,
    )
