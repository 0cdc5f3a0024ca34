"""Notifications: who is told what, and that they obey the seal when they are read."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.debriefing import open_debrief
from candidates.models import Application, Interview, Notification, Opening, Scorecard
from candidates.panels import Seat, cancel_interview, change_interview, plan_interview
from candidates.scoring import decline_card, hand_back_card, submit_card
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_scorecard

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    """Who may read which, by first name."""
    people = User.objects.order_by("name")
    return [(person.name.split()[0], row.kind) for person in people for row in Notification.objects.visible_to(person)]


def submit(card: Scorecard) -> None:
    """Submit a card with every dimension rated."""
    Scorecard.objects.filter(pk=card.pk).update(recommendation=3)
    card.refresh_from_db()
    read = Scorecard.objects.with_context().with_typed().get(pk=card.pk)
    submit_card(user=card.interviewer, card=read, version=read.version, key=uuid.uuid4())


def test_seats_given_and_taken_are_told(opening: Opening, recruiter: User, interviewer: User, colleague: User) -> None:
    interview = Interview(application=make_application(opening=opening), title="First")
    plan_interview(user=recruiter, interview=interview, seats=[Seat(interviewer.pk), Seat(recruiter.pk)])
    first = told()
    change_interview(
        user=recruiter, interview=interview, seats=[Seat(colleague.pk)], removed=[interviewer.pk], is_confirmed=True
    )

    assert first == [("Daniel", "seat_given")]
    assert told() == [("Daniel", "seat_taken"), ("Olivier", "seat_given")]


def test_the_team_hears_that_a_panel_is_complete_while_it_is_so(
    opening: Opening, recruiter: User, manager: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    first = make_scorecard(interview=interview, interviewer=interviewer, values=[3] * 5)
    last = make_scorecard(interview=interview, interviewer=colleague, values=[3] * 5)

    submit(first)
    before = told()
    submit(last)
    complete = told()
    Notification.objects.unread().update(read_at=first.created_at)
    hand_back_card(user=recruiter, card=last)
    handed_back = told()
    submit(last)

    assert (before, complete) == ([], [("Maya", "panel_complete"), ("Priya", "panel_complete")])
    assert handed_back == [("Olivier", "handed_back")]
    assert told() == [("Maya", "panel_complete"), ("Olivier", "handed_back"), ("Priya", "panel_complete")]
    assert Notification.objects.unread().filter(kind="panel_complete").count() == 2


@pytest.mark.parametrize("end", ["decline", "cancel", "take_off"])
def test_a_panel_is_complete_as_well_when_nobody_is_waited_for_any_more(
    opening: Opening, recruiter: User, interviewer: User, colleague: User, end: str
) -> None:
    application = make_application(opening=opening)
    make_scorecard(interview=make_interview(application=application), interviewer=interviewer, submitted=True)
    interview = make_interview(application=application)
    card = make_scorecard(interview=interview, interviewer=colleague)

    if end == "decline":
        decline_card(user=colleague, card=card, reason="could_not_attend")
    elif end == "cancel":
        cancel_interview(user=recruiter, interview=interview)
    else:
        change_interview(user=recruiter, interview=interview, seats=[], removed=[colleague.pk], is_confirmed=True)

    assert ("Priya", "panel_complete") in told()


def test_a_sealed_member_of_the_team_learns_it_once_their_own_card_is_in(
    opening: Opening, manager: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    card = make_scorecard(interview=interview, interviewer=interviewer, values=[3] * 5)
    own = make_scorecard(interview=interview, interviewer=manager, values=[3] * 5, is_shadow=True)

    submit(card)
    sealed = told()
    submit(own)

    assert sealed == [("Maya", "panel_complete")]
    assert told() == [("Maya", "panel_complete"), ("Priya", "panel_complete")]


def test_a_debrief_is_told_to_the_team_and_the_panels(
    opening: Opening, recruiter: User, manager: User, interviewer: User, colleague: User, stranger: User
) -> None:
    application = make_application(opening=opening, stage=Application.Stage.DEBRIEF)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, interviewer=interviewer, submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, state=Scorecard.State.DECLINED)

    open_debrief(user=recruiter, opening=opening)

    assert told() == [("Daniel", "debrief_opened"), ("Priya", "debrief_opened")]


def test_who_left_the_team_is_told_no_more(opening: Opening, manager: User, interviewer: User) -> None:
    interview = make_interview(application=make_application(opening=opening))
    submit(make_scorecard(interview=interview, interviewer=interviewer, values=[3] * 5))
    opening.members.filter(user=manager).delete()

    assert told() == [("Maya", "panel_complete")]


def test_each_kind_is_told_of_what_it_is_about_only(
    opening: Opening, manager: User, interviewer: User, colleague: User, stranger: User
) -> None:
    """Rows that no act writes: they point to everything, and to cards of others."""
    card = make_scorecard(
        interview=make_interview(application=make_application(opening=opening)), interviewer=colleague
    )
    make_scorecard(interview=card.interview, interviewer=interviewer)
    context = {"scorecard": card, "interview": card.interview, "application": card.interview.application}
    for person in (manager, interviewer, colleague, stranger):
        for kind in Notification.Kind.values:
            Notification.objects.create(user=person, kind=kind, opening=opening, **context)

    always = [
        ("Daniel", "debrief_opened"),
        ("Daniel", "seat_taken"),
        ("Olivier", "debrief_opened"),
        ("Olivier", "handed_back"),
        ("Olivier", "seat_given"),
        ("Olivier", "seat_taken"),
        ("Priya", "debrief_opened"),
        ("Priya", "seat_taken"),
        ("Sanna", "seat_taken"),
    ]
    assert sorted(told()) == always

    Scorecard.objects.update(state="submitted", submitted_at=timezone.now())

    assert sorted(told()) == sorted([*always, ("Priya", "panel_complete")])


def test_what_was_told_long_ago_is_told_no_more(opening: Opening, interviewer: User) -> None:
    now = timezone.now()
    for days in (59, 61):
        Notification.objects.create(
            user=interviewer, kind="seat_taken", opening=opening, created_at=now - timedelta(days=days)
        )
    Notification.objects.filter(created_at__lt=now - timedelta(days=60)).update(read_at=now)

    assert told() == [("Daniel", "seat_taken")]
    assert Notification.objects.unread().count() == 1
