"""Calendar files: what they hold, in every zone and across both changes of the clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from candidates.exchange.calendar import CANCEL, PUBLISH, REQUEST, calendar_file
from candidates.models import Application, Candidate, Interview, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_scorecard

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


def interview_at(starts_at: datetime, zone: str = "Europe/London", **fields: Any) -> Interview:
    """An interview that is not in the database."""
    opening = Opening(title="Regional VP of Sales")
    application = Application(candidate=Candidate(name="Ann Lee"), opening=opening)
    return Interview(pk=7, application=application, title="First", starts_at=starts_at, time_zone=zone, **fields)


def event_of(text: str) -> Any:
    """The one event of a file."""
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_a_file_holds_when_where_who_and_a_link() -> None:
    interview = interview_at(datetime(2026, 6, 11, 13, 0, tzinfo=UTC), place="Room 3; left, then “up”", minutes=45)
    guest = User(name="Daniel, the Interviewer", email="daniel@example.com")

    text = calendar_file(interview, method=REQUEST, now=NOW, guest=guest, notes="You cover Strategic.")

    calendar, event = Calendar.from_ical(text), event_of(text)
    assert calendar["method"] == "REQUEST"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert event["uid"] == f"{interview.calendar_uid}@localhost"
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert event["dtstart"].dt == datetime(2026, 6, 11, 14, 0, tzinfo=ZoneInfo("Europe/London"))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=45)
    assert event["summary"] == "First with Ann Lee (Regional VP of Sales)"
    assert event["location"] == "Room 3; left, then “up”"
    assert event["description"] == "You cover Strategic.\n\nhttp://localhost:8000/interviews/7/"
    assert event["organizer"] == "mailto:smarter@localhost"
    assert (event["attendee"], event["attendee"].params["cn"]) == (
        "mailto:daniel@example.com",
        "Daniel, the Interviewer",
    )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize(("method", "status"), [(CANCEL, "CANCELLED"), (PUBLISH, "CONFIRMED")])
def test_a_cancellation_says_so_under_the_same_uid(method: str, status: str) -> None:
    interview = interview_at(datetime(2026, 6, 11, 13, 0, tzinfo=UTC), calendar_sequence=3)

    event = event_of(calendar_file(interview, method=method, now=NOW))

    assert (event["uid"], event["sequence"], event["status"]) == (f"{interview.calendar_uid}@localhost", 3, status)
    assert "attendee" not in event


def test_an_interview_without_a_time_has_no_file() -> None:
    with pytest.raises(ValueError, match="no place in a calendar"):
        calendar_file(interview_at(None), method=PUBLISH, now=NOW)  # type: ignore[arg-type]


def changes_of_the_clock(zone: str) -> list[datetime]:
    """The instants of 2026 at which the clocks there jump, to the hour."""
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(365 * 24)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return [hours[i] for i in range(1, len(hours)) if offsets[i] != offsets[i - 1]]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_times_hold_across_both_changes_of_the_clock(zone: str) -> None:
    """Every quarter of an hour around them: read back, each interview begins and ends at the instant meant."""
    quarters = [timedelta(minutes=15 * step) for step in range(-12, 13)]
    starts = [change + quarter for change in changes_of_the_clock(zone) for quarter in quarters]

    read = []
    for starts_at in starts:
        event = event_of(calendar_file(interview_at(starts_at, zone), method=PUBLISH, now=NOW))
        read.append((event["dtstart"].dt.astimezone(UTC), event["dtend"].dt.astimezone(UTC)))

    assert len(starts) == 50
    assert read == [(starts_at, starts_at + timedelta(hours=1)) for starts_at in starts]


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=120),
)
def test_any_instant_and_title_is_read_back(at: datetime, zone: str, title: str) -> None:
    starts_at = at.replace(second=0, microsecond=0, tzinfo=UTC)
    interview = interview_at(starts_at, zone, place=title)
    interview.title = title

    event = event_of(calendar_file(interview, method=PUBLISH, now=NOW))

    assert event["dtstart"].dt.astimezone(UTC) == starts_at
    assert event["summary"].startswith(title)


def test_who_sees_the_interview_gets_its_file(
    client: Client, opening: Opening, recruiter: User, interviewer: User, stranger: User
) -> None:
    interview = make_interview(application=make_application(opening=opening, name="Ann Lee"))
    make_scorecard(interview=interview, interviewer=interviewer, values=[5, 1], evidence="Planted evidence")
    untimed = make_interview(application=interview.application)
    Interview.objects.filter(pk=untimed.pk).update(starts_at=None)
    url = reverse("candidates:interview_calendar", args=[interview.pk])
    answers = {}
    for person in (recruiter, interviewer, stranger):
        client.force_login(person)
        answers[person] = client.get(url)
    client.force_login(recruiter)

    assert [answers[person].status_code for person in answers] == [200, 200, 404]
    assert answers[recruiter].content.decode().count("Ann Lee") == 1
    assert answers[recruiter].headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answers[recruiter].headers["Content-Disposition"] == 'attachment; filename="interview.ics"'
    assert b"Planted" not in answers[interviewer].content
    assert client.get(reverse("candidates:interview_calendar", args=[untimed.pk])).status_code == 404
