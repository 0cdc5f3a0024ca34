"""A recruiter's first hour in a browser: candidates, panels for all, calendar files, and the late reminded."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from candidates.models import Interview, Opening
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.test_files import choose
from tests.browser.test_whole_job import DANIEL
from tests.candidates.exchange.files import csv_of
from tests.factories import make_opening

pytestmark = pytest.mark.browser

NAMES = [
    "Anna Berg", "Bo Lind", "Carla Roy", "Dirk Voss", "Elsa Aho", "Femi Ade", "Gita Rao", "Hugo Pinto", "Ines Duarte",
    "Jan Kowal", "Kira Holm", "Liam Byrne",
]  # fmt: skip
GOOD = [f"{name};{name.split()[0].lower()}@example.org;Sales Director" for name in NAMES]
BAD = {3: ";carla@example.org;Sales Director", 6: "Femi Ade;femi@@example.org;VP", 9: "Ines Duarte;anna@example.org;VP"}


def import_candidates(page: Page, address: str) -> None:
    """Twelve rows of which three are bad; the file is mended and comes in whole."""
    page.goto(address)
    page.get_by_label("The candidates have agreed").check()
    rows = [BAD.get(number, row) for number, row in enumerate(GOOD, 1)]
    choose(page, "people.csv", csv_of("Name;E-mail;Current role", *rows))
    expect(page.get_by_role("heading", name="Nobody was imported: 3 things to put right")).to_be_visible()
    faults = page.locator("tbody tr")
    numbers = [re.findall(r"\d+", text)[0] for text in faults.all_inner_texts()]
    assert numbers == ["4", "7", "10"]  # the heading is row 1

    page.get_by_label("The candidates have agreed").check()
    choose(page, "people.csv", csv_of("Name;E-mail;Current role", *GOOD))
    page.get_by_role("button", name="Import 12 candidates").click()
    expect(page.get_by_role("status").filter(has_text="Imported 12 candidates.")).to_be_visible()


def set_time(page: Page, moment: Any) -> None:
    """Fill in when the interview is."""
    page.get_by_label("Date").fill(moment.strftime("%Y-%m-%d"))
    page.get_by_label("Time", exact=True).fill(moment.strftime("%H:%M"))


def plan_for_all(page: Page, plan: str, moment: Any) -> None:
    """A panel of two for the first candidate, then the same for the other eleven."""
    page.goto(plan)
    page.get_by_role("link", name="Plan interview with Anna Berg").click()
    set_time(page, moment)
    page.get_by_label("Place or link").fill("https://meet.example.com/anna")
    seats = page.get_by_role("combobox", name="Interviewer")
    seats.nth(0).select_option(label="Daniel Interviewer")
    seats.nth(1).select_option(label="Olivier Colleague")
    page.get_by_role("button", name="Plan interview").click()
    page.get_by_role("link", name="Use this panel for others").click()
    page.get_by_role("button", name="Plan these interviews").click()
    expect(page.get_by_role("status").filter(has_text="is planned for 11 more; set the times next.")).to_be_visible()


def covered(page: Page, name: str) -> Locator:
    """How many interviewers cover each dimension for a candidate."""
    return page.get_by_role("row").filter(has_text=name).locator(".cov")


def move(page: Page, plan: str, name: str, moment: Any) -> None:
    """Set the time of a candidate's interview from the plan."""
    page.goto(plan)
    page.get_by_role("row").filter(has_text=name).get_by_role("link", name="Interview 1").click()
    page.get_by_role("link", name="Change interview").click()
    set_time(page, moment)
    page.get_by_role("button", name=re.compile("Save")).click()
    expect(page.get_by_role("status").filter(has_text="Interview saved.")).to_be_visible()


def events() -> list[tuple[str, str, Any]]:
    """To whom a calendar file went, for whom and when, as another program reads it."""
    found = []
    for message in mail.outbox:
        for name, content, kind in message.attachments:
            assert (name, kind) == ("interview.ics", "text/calendar; method=REQUEST")
            (event,) = Calendar.from_ical(content).walk("VEVENT")
            found.append((message.to[0], str(event["summary"]), event["dtstart"].dt))
    return sorted(found)


def test_a_recruiters_first_hour(
    live_server: Any, sign_in: SignIn, recruiter: User, interviewer: User, colleague: User
) -> None:
    opening: Opening = make_opening(recruiter=recruiter)
    plan = live_server.url + reverse("candidates:opening_plan", args=[opening.pk])
    ahead = (timezone.localtime() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    past = timezone.localtime() - timedelta(hours=2, minutes=10)
    page = sign_in(recruiter)

    import_candidates(page, live_server.url + reverse("candidates:candidate_import", args=[opening.pk]))
    plan_for_all(page, plan, ahead)
    for name in NAMES:
        expect(covered(page, name)).to_have_text(["2: Daniel Interviewer, Olivier Colleague"] * 5)

    call_command("send_mail_queue")
    title = "Interview 1 with Anna Berg (Regional VP of Sales)"
    assert events() == [("colleague@example.com", title, ahead), ("interviewer@example.com", title, ahead)]
    timed = Interview.objects.get(starts_at__isnull=False)
    page.goto(live_server.url + reverse("candidates:interview_detail", args=[timed.pk]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    assert Calendar.from_ical(download.value.path().read_bytes())["method"] == "PUBLISH"

    for name in ("Bo Lind", "Carla Roy"):
        move(page, plan, name, past)
    page.goto(live_server.url + reverse("candidates:opening_detail", args=[opening.pk]))
    expect(page.locator(".wait li")).to_have_count(24)
    call_command("send_mail_queue")
    page = sign_in(interviewer)
    page.goto(live_server.url + reverse("candidates:home"))
    score_one(page, live_server.url, "Bo Lind")

    mail.outbox.clear()
    call_command("send_reminders")
    call_command("send_reminders")
    call_command("send_mail_queue")
    assert sorted((message.to[0], message.subject) for message in mail.outbox) == [
        ("colleague@example.com", "Your scorecard on Bo Lind is still open"),
        ("colleague@example.com", "Your scorecard on Carla Roy is still open"),
        ("interviewer@example.com", "Your scorecard on Carla Roy is still open"),
    ]
    (link,) = re.findall(r"http://localhost:8000(/scorecards/\d+/edit/)", str(mail.outbox[0].body))
    page = sign_in(User.objects.get(email=mail.outbox[0].to[0]))
    page.goto(live_server.url + link)
    expect(page.locator("form[data-autosaving]")).to_be_visible()


def score_one(page: Page, base: str, name: str) -> None:
    """Daniel writes one of the two cards that wait for him."""
    page.goto(base + reverse("candidates:home"))
    expect(page.get_by_role("heading", name="Two scorecards to write")).to_be_visible()
    page.get_by_role("link", name=f"Start scorecard for {name}").click()
    for key, value in DANIEL.items():
        part = page.locator(f"#{key}")
        part.locator(f"input[type=radio][value='{value}']").press("Space")
        part.get_by_label("Evidence", exact=True).fill(f"What was said about {key}.")
    page.get_by_label("Yes", exact=True).press("Space")
    page.get_by_role("button", name=re.compile("Review")).click()
    page.get_by_role("button", name="Submit scorecard").click()
    expect(page.get_by_role("button", name="Submit scorecard")).to_have_count(0)
