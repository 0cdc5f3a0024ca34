"""Interviews as iCalendar files (RFC 5545 and 5546): one event, with a UID that stays and a sequence that grows."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event, vCalAddress, vText

from candidates.models import Interview
from smarter.accounts.models import User

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
FILE_NAME = "interview.ics"
YEAR = timedelta(days=366)
"""How far around the interview the rules of its time zone are spelled out."""


def calendar_file(
    interview: Interview, *, method: str, now: datetime, notes: str = "", guest: User | None = None
) -> str:
    """The file of an interview that has a time; `guest` is whom it goes to by mail.

    It holds when, where, who applies for what and a link: nothing that anybody scored.
    """
    starts_at, ends_at = interview.starts_at, interview.ends_at
    if starts_at is None or ends_at is None:
        raise ValueError("An interview without a time has no place in a calendar.")
    zone = _zone(interview.time_zone, starts_at, ends_at)
    is_off = method == CANCEL or interview.cancelled_at is not None
    event = Event()
    event.add("uid", f"{interview.calendar_uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", interview.calendar_sequence)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at.astimezone(zone))
    event.add("dtend", ends_at.astimezone(zone))
    event.add("summary", f"{interview} ({interview.application.opening})")
    event.add("location", interview.place)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    address = f"{settings.SITE_URL}{reverse('candidates:interview_detail', args=[interview.pk])}"
    event.add("description", f"{notes}\n\n{address}".strip())
    event.add("url", address)
    if guest is not None:
        _invite(event, guest)
    calendar = Calendar()
    calendar.add("prodid", "-//Smarter//Interviews//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones(first_date=starts_at.date() - YEAR, last_date=ends_at.date() + YEAR)
    return str(calendar.to_ical().decode())


def _zone(name: str, *moments: datetime) -> ZoneInfo:
    """The zone to write times in: the interview's, or UTC for an hour that the clocks there run through twice."""
    zone = ZoneInfo(name)
    local = [moment.astimezone(zone) for moment in moments]
    is_twice = any(time.replace(fold=0).utcoffset() != time.replace(fold=1).utcoffset() for time in local)
    return ZoneInfo("UTC") if is_twice else zone


def _invite(event: Event, guest: User) -> None:
    """Who asks and who is asked: answers go nowhere, the seat on the panel is what counts."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["cn"] = vText("Smarter")
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{guest.email}")
    attendee.params["cn"] = vText(guest.name)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
