"""The mails of the interview round: to whom, when, with which calendar file, and nothing of anybody's scores."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from icalendar import Calendar

from candidates.models import Interview, Opening, Scorecard
from candidates.panels import Seat, cancel_interview, change_interview, copy_panel, plan_interview
from candidates.scoring import decline_card, hand_back_card
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.factories import make_application, make_interview, make_scorecard

SOON = datetime(2030, 6, 11, 13, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def queued() -> list[tuple[str, str]]:
    """Who gets what, in the order of queueing; the outbox is empty afterwards."""
    rows = list(MailMessage.objects.order_by("pk").values_list("user__name", "kind"))
    MailMessage.objects.all().delete()
    return [(name.split()[0], kind.split(".")[1]) for name, kind in rows]


def file_of(message: MailMessage) -> tuple[str, str, int, str]:
    """Method, UID, sequence and guest of the calendar file that a mail brings."""
    (attached,) = message.attachments
    calendar = Calendar.from_ical(attached["text"])
    (event,) = calendar.walk("VEVENT")
    assert attached["type"] == f"text/calendar; method={calendar['method']}"
    return calendar["method"], str(event["uid"]), event["sequence"], str(event["attendee"])


def plan(opening: Opening, user: User, *people: User, starts_at: datetime | None = SOON, **fields: Any) -> Interview:
    """An interview with these people on its panel."""
    interview = Interview(
        application=make_application(opening=opening, name="Ann Lee"), title="First", starts_at=starts_at, **fields
    )
    return plan_interview(user=user, interview=interview, seats=[Seat(person.pk) for person in people])


def change(
    interview: Interview, user: User, *, seats: list[Seat] | None = None, removed: Any = (), **fields: Any
) -> None:
    """Change an interview as its page does."""
    interview = Interview.objects.get(pk=interview.pk)
    for name, value in fields.items():
        setattr(interview, name, value)
    change_interview(user=user, interview=interview, seats=seats or [], removed=removed, is_confirmed=True)


def test_a_panel_is_invited_with_a_calendar_file_each(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = plan(opening, recruiter, interviewer, colleague, place="Room 3")

    mails = list(MailMessage.objects.order_by("pk"))
    uid = f"{interview.calendar_uid}@localhost"
    assert [file_of(mail) for mail in mails] == [
        ("REQUEST", uid, 0, "mailto:interviewer@example.com"),
        ("REQUEST", uid, 0, "mailto:colleague@example.com"),
    ]
    assert {(m.reply_to, m.candidate_id, m.opening_id, m.is_essential) for m in mails} == {
        ("recruiter@example.com", interview.application.candidate_id, opening.pk, True)
    }
    card = interview.scorecards.get(interviewer=interviewer)
    assert mails[0].subject == "Interview with Ann Lee, Regional VP of Sales"
    assert mails[0].text == (
        "Maya Recruiter has put you on the panel for Ann Lee, Regional VP of Sales.\n\n"
        "First with Ann Lee\nTuesday 11 June 2030, 14:00–15:00 (Europe/London)\n"
        "Where: Room 3\nYou cover: all dimensions\nWith you: Olivier Colleague\n\n"
        f"Questions and your scorecard:\nhttp://localhost:8000/scorecards/{card.pk}/edit/\n\n"
        "Score on your own, within a day. What the others say opens to you once yours is in.\n\n"
        "Smarter\nhttp://localhost:8000\n"
    )


def test_each_reads_the_time_in_their_own_zone(opening: Opening, recruiter: User, interviewer: User) -> None:
    User.objects.update(time_zone="Asia/Tokyo")
    interviewer.refresh_from_db()
    plan(opening, recruiter, interviewer, starts_at=datetime(2030, 6, 11, 16, 30, tzinfo=UTC))

    text = MailMessage.objects.get().text
    assert "Wednesday 12 June 2030, 01:30–02:30 (Asia/Tokyo)\n17:30 in Europe/London\n" in text


def test_changes_go_to_those_they_concern_under_the_same_uid(
    opening: Opening, recruiter: User, manager: User, interviewer: User, colleague: User
) -> None:
    interview = plan(opening, recruiter, interviewer, colleague)
    MailMessage.objects.all().delete()

    change(interview, recruiter, starts_at=SOON + timedelta(days=1))
    moved = [file_of(mail) for mail in MailMessage.objects.order_by("user__name")]
    first = queued()
    change(interview, recruiter, seats=[Seat(manager.pk)], removed=[colleague.pk])
    swapped = {mail.user: file_of(mail) for mail in MailMessage.objects.all()}
    second = queued()
    change(interview, recruiter)
    third = queued()
    cancel_interview(user=recruiter, interview=Interview.objects.get(pk=interview.pk))
    cancelled = [file_of(mail)[::2] for mail in MailMessage.objects.all()]

    uid = f"{interview.calendar_uid}@localhost"
    assert (first, second, third) == (
        [("Daniel", "change"), ("Olivier", "change")],
        [("Olivier", "take_off"), ("Priya", "invite")],
        [],
    )
    assert moved == [
        ("REQUEST", uid, 1, "mailto:interviewer@example.com"),
        ("REQUEST", uid, 1, "mailto:colleague@example.com"),
    ]
    assert swapped == {
        colleague: ("CANCEL", uid, 2, "mailto:colleague@example.com"),
        manager: ("REQUEST", uid, 2, "mailto:manager@example.com"),
    }
    assert cancelled == [("CANCEL", 4)] * 2
    assert queued() == [("Daniel", "cancel"), ("Priya", "cancel")]


def test_who_declines_finds_it_off_the_calendar_and_nobody_else_hears(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = plan(opening, recruiter, interviewer, colleague)
    invited = file_of(MailMessage.objects.get(user=interviewer))
    queued()
    card = Scorecard.objects.with_context().with_typed().get(interviewer=interviewer)
    decline_card(user=interviewer, card=card, reason="conflict_of_interest")

    (message,) = MailMessage.objects.all()
    assert file_of(message) == ("CANCEL", invited[1], 1, "mailto:interviewer@example.com")
    assert "You declined the scorecard of this interview, so it is off your calendar." in message.text
    assert (message.user, message.reply_to) == (interviewer, "")
    assert message.subject == "Declined: interview with Ann Lee, Regional VP of Sales"
    assert Interview.objects.get(pk=interview.pk).calendar_sequence == 0
    queued()
    change(interview, recruiter, place="Room 3")
    assert queued() == [("Olivier", "change")]
    over = make_scorecard(interviewer=interviewer)
    decline_card(user=interviewer, card=over, reason="could_not_attend")
    assert queued() == []


def test_an_interview_is_announced_once_it_has_a_time_and_called_off_when_it_loses_it(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    source = plan(opening, recruiter, interviewer, starts_at=None)
    (copy,) = copy_panel(user=recruiter, source=source, applications=[make_application(opening=opening)])
    untimed = queued()
    change(copy, recruiter, seats=[Seat(colleague.pk)])
    still = queued()
    change(copy, recruiter, starts_at=SOON)
    timed = queued()
    change(copy, recruiter, starts_at=None)
    files = [file_of(mail)[::2] for mail in MailMessage.objects.all()]
    lost = queued()
    cancel_interview(user=recruiter, interview=Interview.objects.get(pk=copy.pk))

    assert (untimed, still, queued()) == ([], [], [])
    assert sorted(timed) == [("Daniel", "invite"), ("Olivier", "invite")]
    assert sorted(lost) == [("Daniel", "cancel"), ("Olivier", "cancel")]
    assert files == [("CANCEL", 3)] * 2


def test_who_is_done_hears_nothing_of_later_changes(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening), starts_at=SOON)
    make_scorecard(interview=interview, interviewer=interviewer, submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, state=Scorecard.State.DECLINED)

    change(interview, recruiter, place="Room 4", removed=[interviewer.pk])
    cancel_interview(user=recruiter, interview=interview)

    assert queued() == []


def test_a_past_interview_brings_no_calendar_file(opening: Opening, recruiter: User, interviewer: User) -> None:
    plan(opening, recruiter, interviewer, starts_at=timezone.now() - timedelta(days=2))

    assert [(mail.kind, mail.attachments) for mail in MailMessage.objects.all()] == [("interview.invite", [])]


def test_a_card_handed_back_is_told_to_its_holder(
    opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening, name="Ann Lee"))
    make_scorecard(interview=interview, interviewer=colleague, submitted=True, evidence="Planted evidence")
    card = make_scorecard(interview=interview, interviewer=interviewer, submitted=True)

    hand_back_card(user=recruiter, card=card)

    message = MailMessage.objects.get()
    assert (message.user, message.subject, message.is_essential) == (
        interviewer,
        "Handed back: your scorecard on Ann Lee",
        True,
    )
    assert f"http://localhost:8000/scorecards/{card.pk}/edit/" in message.text
    assert "Planted" not in message.text + message.html


def test_text_stays_text_in_mails(opening: Opening, recruiter: User, interviewer: User) -> None:
    script = "<script>alert(1)</script>"
    interview = plan(opening, recruiter, interviewer, place=script)
    interview.application.candidate.name = script
    interview.application.candidate.save()
    change(interview, recruiter, minutes=30)

    for message in MailMessage.objects.all():
        assert "<script>" not in message.html
        assert "&lt;script&gt;" in message.html
        assert script in message.text


def test_zones_of_interview_and_reader_meet_in_the_file(opening: Opening, recruiter: User, interviewer: User) -> None:
    plan(opening, recruiter, interviewer, time_zone="America/New_York")

    (attached,) = MailMessage.objects.get().attachments
    (event,) = Calendar.from_ical(attached["text"]).walk("VEVENT")
    assert event["dtstart"].dt == SOON
    assert event["dtstart"].dt.tzinfo == ZoneInfo("America/New_York")
