"""Whose cards are late, as far as one may know it."""

from datetime import datetime, timedelta

from django.utils import timezone

from candidates.models import Application, Interview, Opening, Scorecard
from candidates.nudging import late_seats
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

NOW = timezone.now()
HOUR = timedelta(hours=1)


def seat(
    application: Application, *, ended: timedelta | None, cancelled_at: datetime | None = None, **card: object
) -> Scorecard:
    """A seat of an interview that ended so long ago, or has no time."""
    interview = make_interview(application=application, minutes=60, cancelled_at=cancelled_at)
    Interview.objects.filter(pk=interview.pk).update(starts_at=None if ended is None else NOW - ended - HOUR)
    return make_scorecard(interview=Interview.objects.get(pk=interview.pk), **card)


def test_the_late_are_those_whose_interview_is_over_and_whose_card_is_open_the_longest_first(
    opening: Opening, recruiter: User, manager: User, stranger: User
) -> None:
    application = make_application(opening=opening)
    just_over, draft, longest = (
        seat(application, ended=timedelta()),
        seat(application, ended=2 * HOUR, values=[3]),
        seat(application, ended=72 * HOUR),
    )
    seat(application, ended=-HOUR)
    seat(application, ended=None)
    seat(application, ended=HOUR, cancelled_at=NOW)
    seat(application, ended=HOUR, interviewer=make_user(is_active=False))
    for state in ("submitted", "declined"):
        seat(application, ended=HOUR, state=state)
    seat(make_application(opening=opening, stage="rejected"), ended=HOUR)
    seat(make_application(opening=make_opening(recruiter=recruiter)), ended=HOUR)
    sealed = make_application(opening=opening)
    for person in (make_user(), recruiter):
        seat(sealed, ended=HOUR, interviewer=person)

    found = late_seats(recruiter, opening, NOW)

    assert [(late.card, late.is_late, late.waits) for late in found] == [
        (longest, True, "2 days overdue"),
        (draft, False, "Not due yet"),
        (just_over, False, "Not due yet"),
    ]
    assert all({"recommendation", "summary"} <= late.card.get_deferred_fields() for late in found)
    assert len(late_seats(manager, opening, NOW)) == 5
    assert late_seats(stranger, opening, NOW) == []
