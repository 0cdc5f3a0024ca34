"""Panels: seats come and go, text that somebody wrote never does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Candidate, CandidateErased, Interview, Notification, Opening, Scorecard
from candidates.panels import (
    InterviewChanged,
    Seat,
    Unconfirmed,
    cancel_interview,
    change_interview,
    copy_panel,
    plan_interview,
)
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.factories import make_application, make_candidate, make_interview, make_scorecard


def panel(interview: Interview) -> list[tuple[User, str, list[str], bool]]:
    """Who sits there, in which state, with which focus, as a shadow or not."""
    cards = Scorecard.objects.filter(interview=interview).order_by("interviewer__name")
    return [(card.interviewer, card.state, card.focus, card.is_shadow) for card in cards]


def acts() -> list[str]:
    """What the audit holds, the oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("act", flat=True))


def test_plan_interview_seats_the_panel(opening: Opening, recruiter: User, interviewer: User, colleague: User) -> None:
    interview = Interview(application=make_application(opening=opening), title="Interview 1")

    plan_interview(
        user=recruiter,
        interview=interview,
        seats=[Seat(interviewer.pk, ("strategic",)), Seat(colleague.pk, is_shadow=True)],
    )

    assert panel(interview) == [(interviewer, "waiting", ["strategic"], False), (colleague, "waiting", [], True)]
    assert interview.created_by == recruiter
    assert acts() == ["interview.create"]


def test_waiting_seat_goes_and_a_submitted_one_stays(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)

    change_interview(
        user=recruiter,
        interview=interview,
        seats=[],
        removed=[interviewer.pk, colleague.pk],
        is_confirmed=False,
    )

    assert panel(interview) == [(colleague, "submitted", [], False)]
    assert interview.calendar_sequence == 1
    assert acts() == ["interview.take_off", "interview.edit"]


def test_draft_is_closed_only_when_confirmed_and_keeps_its_text(
    opening: Opening, recruiter: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    card = make_scorecard(interview=interview, interviewer=interviewer, values=[4, 2])

    with pytest.raises(Unconfirmed) as refusal:
        change_interview(user=recruiter, interview=interview, seats=[], removed=[interviewer.pk], is_confirmed=False)
    assert refusal.value.cards == [card]
    assert panel(interview) == [(interviewer, "draft", [], False)]

    change_interview(user=recruiter, interview=interview, seats=[], removed=[interviewer.pk], is_confirmed=True)
    card.refresh_from_db()
    assert (card.state, card.decline_reason) == ("declined", "could_not_attend")
    assert [score.value for score in card.scores.all()] == [4, 2]


def test_draft_without_a_rating_is_not_closed_unconfirmed_either(
    opening: Opening, recruiter: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    card = make_scorecard(interview=interview, interviewer=interviewer, state="draft", summary="A first thought.")

    with pytest.raises(Unconfirmed) as refusal:
        change_interview(user=recruiter, interview=interview, seats=[], removed=[interviewer.pk], is_confirmed=False)

    assert refusal.value.cards == [card]
    assert panel(interview) == [(interviewer, "draft", [], False)]


def test_who_is_not_on_the_panel_can_be_left_off(
    opening: Opening, recruiter: User, interviewer: User, stranger: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer)

    change_interview(user=recruiter, interview=interview, seats=[], removed=[stranger.pk], is_confirmed=False)

    assert panel(interview) == [(interviewer, "waiting", [], False)]
    assert acts() == ["interview.edit"]


def test_who_is_taken_off_is_told_that_and_nothing_else(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    in_two_days = timezone.now() + timedelta(days=2)
    interview = make_interview(application=make_application(opening=opening), starts_at=in_two_days)
    for person in (interviewer, colleague):
        make_scorecard(interview=interview, interviewer=person)
    interview.place = "Room 4"

    change_interview(
        user=recruiter,
        interview=interview,
        seats=[Seat(interviewer.pk, is_shadow=True)],
        removed=[interviewer.pk],
        is_confirmed=False,
    )

    assert panel(interview) == [(colleague, "waiting", [], False)]
    assert set(MailMessage.objects.values_list("user", "kind")) == {
        (interviewer.pk, "interview.take_off"),
        (colleague.pk, "interview.change"),
    }


def test_who_is_taken_off_as_the_time_is_lost_is_told_of_the_time_it_had(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    in_two_days = timezone.now() + timedelta(days=2)
    interview = make_interview(application=make_application(opening=opening), starts_at=in_two_days)
    for person in (interviewer, colleague):
        make_scorecard(interview=interview, interviewer=person)
    interview.starts_at = None

    change_interview(user=recruiter, interview=interview, seats=[], removed=[interviewer.pk], is_confirmed=False)

    mails = {mail.kind: mail for mail in MailMessage.objects.all()}
    assert {kind: mail.user for kind, mail in mails.items()} == {
        "interview.take_off": interviewer,
        "interview.cancel": colleague,
    }
    assert [len(mail.attachments) for mail in mails.values()] == [1, 1]


def test_no_mail_tells_of_a_seat_taken_in_an_interview_that_never_had_a_time(
    opening: Opening, recruiter: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    Interview.objects.filter(pk=interview.pk).update(starts_at=None)
    interview.refresh_from_db()
    make_scorecard(interview=interview, interviewer=interviewer)

    change_interview(user=recruiter, interview=interview, seats=[], removed=[interviewer.pk], is_confirmed=False)

    assert panel(interview) == []
    assert not MailMessage.objects.exists()
    assert [(row.user, row.kind) for row in Notification.objects.all()] == [(interviewer, "seat_taken")]


def test_a_complete_panel_is_not_told_again_by_a_change_of_place(opening: Opening, recruiter: User) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, submitted=True)
    interview.place = "Room 4"

    change_interview(user=recruiter, interview=interview, seats=[], removed=[], is_confirmed=False)

    assert not Notification.objects.exists()


def test_nothing_is_planned_about_an_erased_candidate(opening: Opening, recruiter: User, interviewer: User) -> None:
    application = make_application(opening=opening, candidate=make_candidate(email=""))
    interview = make_interview(application=application)
    Candidate.objects.filter(pk=application.candidate_id).update(erased_at=timezone.now())
    seats = [Seat(interviewer.pk)]

    with pytest.raises(CandidateErased):
        plan_interview(user=recruiter, interview=Interview(application=application), seats=seats)
    with pytest.raises(CandidateErased):
        change_interview(user=recruiter, interview=interview, seats=seats, removed=[], is_confirmed=True)

    assert list(Interview.objects.all()) == [interview]
    assert not Scorecard.objects.exists()


def test_focus_changes_on_open_cards_only(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    seats = [Seat(person.pk, ("teams",), is_shadow=True) for person in (interviewer, colleague)]

    change_interview(user=recruiter, interview=interview, seats=seats, removed=[], is_confirmed=False)

    assert panel(interview) == [
        (interviewer, "waiting", ["teams"], True),
        (colleague, "submitted", [], False),
    ]


def test_cancel_keeps_cards_and_unseals_those_who_waited(opening: Opening, recruiter: User, interviewer: User) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer)

    cancel_interview(user=recruiter, interview=interview)

    assert Interview.objects.get().cancelled_at <= timezone.now()
    assert not Scorecard.objects.editable_by(interviewer).exists()
    assert panel(interview) == [(interviewer, "waiting", [], False)]
    assert acts() == ["interview.cancel"]


def test_cancelling_twice_tells_the_panel_once(opening: Opening, recruiter: User, interviewer: User) -> None:
    starts_at = timezone.now() + timedelta(days=1)
    interview = make_interview(application=make_application(opening=opening), starts_at=starts_at)
    make_scorecard(interview=interview, interviewer=interviewer)
    first, second = Interview.objects.get(), Interview.objects.get()

    cancel_interview(user=recruiter, interview=first)
    cancel_interview(user=recruiter, interview=second)

    assert MailMessage.objects.filter(kind="interview.cancel").count() == 1
    assert Interview.objects.get().calendar_sequence == 1
    assert acts() == ["interview.cancel"]


def test_two_changes_at_once_write_over_nothing(opening: Opening, recruiter: User) -> None:
    make_interview(application=make_application(opening=opening))
    first, second, third = (Interview.objects.get() for _ in range(3))
    unchanged = {"user": recruiter, "seats": [], "removed": [], "is_confirmed": False}
    first.place, second.minutes = "Room 2", 90
    change_interview(interview=first, **unchanged)

    with pytest.raises(InterviewChanged):
        change_interview(interview=second, **unchanged)
    cancel_interview(user=recruiter, interview=Interview.objects.get())
    with pytest.raises(InterviewChanged):
        change_interview(interview=third, **unchanged)

    interview = Interview.objects.get()
    assert (interview.place, interview.minutes, interview.calendar_sequence) == ("Room 2", 60, 2)
    assert interview.cancelled_at is not None


def test_copy_panel_seats_the_same_people_but_those_who_declined(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    source = make_interview(application=make_application(opening=opening), title="Clients", minutes=45)
    make_scorecard(interview=source, interviewer=interviewer, focus=["action"], submitted=True)
    make_scorecard(interview=source, interviewer=colleague, state="declined")
    others = [make_application(opening=opening) for _ in range(2)]

    made = copy_panel(user=recruiter, source=source, applications=others)

    assert [(row.application, row.title, row.minutes, row.starts_at) for row in made] == [
        (application, "Clients", 45, None) for application in others
    ]
    assert [panel(row) for row in made] == [[(interviewer, "waiting", ["action"], False)]] * 2
    assert acts() == ["interview.create"] * 2


def test_copy_panel_plans_for_all_or_for_nobody(opening: Opening, recruiter: User, interviewer: User) -> None:
    source = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=source, interviewer=interviewer)
    here, gone = make_application(opening=opening), make_application(candidate=make_candidate(email=""))
    Candidate.objects.filter(pk=gone.candidate_id).update(erased_at=timezone.now())

    with pytest.raises(CandidateErased):
        copy_panel(user=recruiter, source=source, applications=[here, gone])

    assert list(Interview.objects.all()) == [source]
