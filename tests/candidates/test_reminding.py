"""Reminders: the clock across zones and changes of it, exactly the late ones, each once, and never too late."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from candidates.models import Application, Interview, Opening, Scorecard
from candidates.reminding import reminder_times, send_reminders
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from smarter.mail.sending import deliver
from tests.factories import make_application, make_interview, make_scorecard

ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
LONDON = ZoneInfo("Europe/London")
THURSDAY = datetime(2026, 6, 11, 14, 0, tzinfo=UTC)  # 15:00 in London


def local(since: datetime, zone: str, **options: Any) -> list[str]:
    """The reminders of a card as the clock there shows them."""
    return [
        f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"
        for moment in reminder_times(since, ZoneInfo(zone), **options)
    ]


def test_reminders_come_an_hour_after_the_end_then_on_ten_working_days_at_nine() -> None:
    assert local(THURSDAY, "Europe/London") == [
        "Thu 11 Jun 16:00",
        "Fri 12 Jun 09:00",
        "Mon 15 Jun 09:00",
        "Tue 16 Jun 09:00",
        "Wed 17 Jun 09:00",
        "Thu 18 Jun 09:00",
        "Fri 19 Jun 09:00",
        "Mon 22 Jun 09:00",
        "Tue 23 Jun 09:00",
        "Wed 24 Jun 09:00",
        "Thu 25 Jun 09:00",
    ]


def test_the_same_interview_is_another_day_elsewhere() -> None:
    late = datetime(2026, 6, 12, 22, 30, tzinfo=UTC)  # Friday night in London, Saturday morning in Tokyo

    assert local(late, "Asia/Tokyo")[:2] == ["Sat 13 Jun 08:30", "Mon 15 Jun 09:00"]
    assert local(late, "America/Los_Angeles")[:2] == ["Fri 12 Jun 16:30", "Mon 15 Jun 09:00"]


def test_a_card_handed_back_is_left_alone_until_the_next_working_day() -> None:
    assert local(THURSDAY, "Europe/London", is_handed_back=True)[:2] == ["Fri 12 Jun 09:00", "Mon 15 Jun 09:00"]
    assert len(local(THURSDAY, "Europe/London", is_handed_back=True)) == 10


@pytest.mark.parametrize(
    ("zone", "friday", "gaps"),
    [
        ("Europe/London", datetime(2026, 3, 27, 12, tzinfo=UTC), [71, 24, 24]),  # clocks go forward on the 29th
        ("Europe/London", datetime(2026, 10, 23, 12, tzinfo=UTC), [73, 24, 24]),  # and back on 25 October
        ("America/New_York", datetime(2026, 3, 6, 15, tzinfo=UTC), [71, 24, 24]),
        ("America/New_York", datetime(2026, 10, 30, 15, tzinfo=UTC), [73, 24, 24]),
        ("Australia/Lord_Howe", datetime(2026, 4, 3, 1, tzinfo=UTC), [72.5, 24, 24]),  # by half an hour
        ("Asia/Tokyo", datetime(2026, 3, 27, 3, tzinfo=UTC), [72, 24, 24]),
    ],
)
def test_it_is_nine_on_the_wall_before_and_after_the_clocks_change(
    zone: str, friday: datetime, gaps: list[float]
) -> None:
    eve = friday - timedelta(days=1)
    moments = list(reminder_times(eve, ZoneInfo(zone)))[1:5]

    assert {f"{moment.astimezone(ZoneInfo(zone)):%H:%M}" for moment in moments} == {"09:00"}
    assert [(b - a).total_seconds() / 3600 for a, b in pairwise(moments)] == gaps


def test_a_day_that_never_was_has_no_reminder() -> None:
    """Samoa skipped Friday 30 December 2011."""
    since = datetime(2011, 12, 29, 2, 0, tzinfo=UTC)  # Wednesday there

    assert local(since, "Pacific/Apia")[:3] == ["Wed 28 Dec 17:00", "Thu 29 Dec 09:00", "Mon 02 Jan 09:00"]


@given(
    since=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
)
def test_reminders_hold_their_hours_in_any_zone(since: datetime, zone: str) -> None:
    there = ZoneInfo(zone)
    first, *daily = reminder_times(since, there)
    clock = [moment.astimezone(there) for moment in daily]

    assert first == since + timedelta(hours=1)
    assert len(daily) == 10
    assert sorted({first, *daily}) == [first, *daily]
    assert {(at.hour, at.minute) for at in clock} == {(9, 0)}
    assert all(at.weekday() < 5 for at in clock)
    assert len({at.date() for at in clock}) == 10
    assert clock[0].date() > first.astimezone(there).date()


@pytest.fixture
def late(opening: Opening, interviewer: User, monkeypatch: pytest.MonkeyPatch) -> Scorecard:
    """A card whose interview ended on Thursday at 15:00 in London; the clock is set by `at`."""
    at(THURSDAY, monkeypatch)
    interview = make_interview(
        application=make_application(opening=opening, name="Ann Lee"), starts_at=THURSDAY - timedelta(hours=1)
    )
    return make_scorecard(interview=interview, interviewer=interviewer)


def at(now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Set the clock."""
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def sent_over(days: float, monkeypatch: pytest.MonkeyPatch, *, every: timedelta = timedelta(hours=1)) -> list[str]:
    """Run the timer for so many days; when mails went, on London's clock."""
    sent: list[str] = []
    now = THURSDAY
    while now < THURSDAY + timedelta(days=days):
        now += every
        at(now, monkeypatch)
        send_reminders(now)
        sent += [f"{now.astimezone(LONDON):%a %d %H:%M}"] * deliver().sent
    return sent


def test_only_who_is_late_is_reminded_with_a_link_to_the_card(
    late: Scorecard, opening: Opening, colleague: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = late.interview
    make_scorecard(interview=interview, interviewer=colleague, submitted=True, evidence="Planted evidence")
    ahead = make_interview(application=interview.application, starts_at=THURSDAY + timedelta(minutes=30))
    make_scorecard(interview=ahead, interviewer=stranger)

    before = sent_over(0.03, monkeypatch, every=timedelta(minutes=15))
    after = sent_over(0.06, monkeypatch, every=timedelta(minutes=15))

    (message,) = mail.outbox
    assert (before, after) == ([], ["Thu 11 16:00"])
    assert (message.to, message.subject) == (["interviewer@example.com"], "Your scorecard on Ann Lee is still open")
    assert f"http://localhost:8000/scorecards/{late.pk}/edit/" in message.body
    assert "List-Unsubscribe" in message.extra_headers
    assert "/mails/stop/" in message.body
    assert "Olivier" not in message.body
    assert "Planted" not in str(message.message())
    assert AuditEvent.objects.filter(act="scorecard.remind").values_list("actor", "subject_id").get() == (None, late.pk)


def test_the_timer_may_run_as_often_as_it_likes(late: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent_over(18, monkeypatch) == [
        "Thu 11 16:00", "Fri 12 09:00", "Mon 15 09:00", "Tue 16 09:00", "Wed 17 09:00", "Thu 18 09:00",
        "Fri 19 09:00", "Mon 22 09:00", "Tue 23 09:00", "Wed 24 09:00", "Thu 25 09:00",
    ]  # fmt: skip


def test_a_timer_that_stood_still_sends_one_reminder_not_many(late: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    late_in_the_day = at(datetime(2026, 6, 17, 15, 0, tzinfo=UTC), monkeypatch)
    first, second = send_reminders(late_in_the_day), send_reminders(late_in_the_day)
    at_night = at(datetime(2026, 6, 17, 21, 0, tzinfo=UTC), monkeypatch)

    assert (first, second, send_reminders(at_night)) == (1, 0, 0)
    assert send_reminders(THURSDAY + timedelta(days=90)) == 0


def end_by(card: Scorecard, how: str) -> None:
    """Let something happen by which nobody waits for the card any more."""
    interview, person = card.interview, User.objects.filter(pk=card.interviewer_id)
    cards, interviews = Scorecard.objects.filter(pk=card.pk), Interview.objects.filter(pk=interview.pk)
    now = timezone.now()
    {
        "submitted": lambda: cards.update(state="submitted", submitted_at=now),
        "declined": lambda: cards.update(state="declined", declined_at=now, decline_reason="could_not_attend"),
        "cancelled": lambda: interviews.update(cancelled_at=now),
        "moved": lambda: interviews.update(starts_at=THURSDAY + timedelta(days=30)),
        "time lost": lambda: interviews.update(starts_at=None),
        "deactivated": lambda: person.update(is_active=False),
        "opted out": lambda: person.update(mail_reminders=False),
        "rejected": lambda: Application.objects.update(stage="rejected"),
        "taken off": lambda: cards.delete(),
    }[how]()


ENDS = [
    "submitted", "declined", "cancelled", "moved", "time lost", "deactivated", "opted out", "rejected", "taken off",
]  # fmt: skip


@pytest.mark.parametrize("how", ENDS)
def test_nobody_is_reminded_of_what_is_over(late: Scorecard, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    end_by(late, how)

    assert sent_over(16, monkeypatch, every=timedelta(hours=6)) == []


@pytest.mark.parametrize("how", ENDS)
def test_a_reminder_overtaken_in_the_outbox_is_withdrawn(
    late: Scorecard, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    now = at(THURSDAY + timedelta(hours=1), monkeypatch)
    assert send_reminders(now) == 1

    end_by(late, how)

    assert (deliver().withdrawn, mail.outbox) == (1, [])


def test_nobody_is_reminded_in_a_closed_opening(late: Scorecard, opening: Opening) -> None:
    Opening.objects.update(state="closed")

    assert send_reminders(THURSDAY + timedelta(hours=1)) == 0


def test_an_interview_that_moves_begins_anew(late: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_over(0.1, monkeypatch)
    Interview.objects.update(starts_at=THURSDAY + timedelta(hours=2))

    assert sent_over(1, monkeypatch)[0] == "Thu 11 19:00"


def test_a_reminder_that_could_not_go_in_time_is_left_to_the_next(
    late: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_reminders(at(THURSDAY + timedelta(hours=1), monkeypatch))
    at(THURSDAY + timedelta(hours=14), monkeypatch)

    assert str(deliver()) == "1 failed"
    assert MailMessage.objects.get().error == "out_of_date"


def test_the_command_says_how_many(late: Scorecard, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    at(THURSDAY + timedelta(hours=1), monkeypatch)
    call_command("send_reminders")
    call_command("send_reminders")

    assert capsys.readouterr().out == "1 reminder queued\n0 reminders queued\n"
