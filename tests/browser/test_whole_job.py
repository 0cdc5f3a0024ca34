"""The whole job in a browser: an opening, a candidate, an interview, two scorecards, and the right numbers compared."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from candidates.models import Opening
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.factories import make_rubric_version

pytestmark = pytest.mark.browser

WEIGHTS = {"Strategic": 40, "Measurable": 15, "Action": 15, "Relationships": 15, "Teams": 15}
DANIEL = {"strategic": 5, "measurable": 4, "action": 3, "relationships": 4, "teams": 2}
OLIVIER = {"strategic": 4, "measurable": 2, "action": 3, "relationships": 5, "teams": 3}
# Strategic (5 + 4) / 2 = 4.5 · Measurable (4 + 2) / 2 = 3.0 · Action 3.0 · Relationships 4.5 · Teams 2.5
MEANS = ["4.5", "3.0", "3.0", "4.5", "2.5"]
# 0.40 × 4.5 + 0.15 × (3.0 + 3.0 + 4.5 + 2.5) = 1.80 + 1.95 = 3.75; with no interval it is shown to one place
TOTAL = "3.8"


def create_opening(page: Page, base: str) -> None:
    """The recruiter opens a job with Priya as its hiring manager and weights of its own."""
    page.goto(base + reverse("candidates:home"))
    page.get_by_role("link", name="Create opening").first.click()
    page.get_by_label("Title").fill("Regional VP of Sales, Nordics")
    page.get_by_label("Location").fill("Oslo")
    page.get_by_role("group", name=re.compile("Hiring managers")).get_by_label("Priya Manager").check()
    for dimension, points in WEIGHTS.items():
        page.get_by_label(dimension).fill(str(points))
    page.get_by_role("button", name="Create opening").click()
    expect(page.get_by_role("heading", name="No candidates yet")).to_be_visible()


def add_candidate(page: Page) -> None:
    """A candidate enters; the first try is without consent, and nothing typed is lost."""
    page.get_by_role("link", name="Add candidate").first.click()
    page.get_by_label("Full name").fill("Ingrid Solheim")
    page.get_by_label("Interviewing").check()
    page.get_by_role("button", name="Add candidate").click()
    expect(page.get_by_role("alert")).to_contain_text("Without consent the details cannot be stored.")
    page.get_by_label(re.compile("The candidate has agreed")).check()
    page.get_by_role("button", name="Add candidate").click()
    expect(page.get_by_role("heading", name="Ingrid Solheim")).to_be_visible()


def plan_interview(page: Page) -> None:
    """An interview of two hours ago with two interviewers."""
    started = timezone.localtime() - timedelta(hours=2)
    page.get_by_role("link", name="Plan interview").click()
    page.get_by_label("Date").fill(started.strftime("%Y-%m-%d"))
    page.get_by_label("Time", exact=True).fill(started.strftime("%H:%M"))
    seats = page.get_by_role("combobox", name="Interviewer")
    seats.nth(0).select_option(label="Daniel Interviewer")
    seats.nth(1).select_option(label="Olivier Colleague")
    page.get_by_role("button", name="Plan interview").click()
    expect(page.get_by_text("0 of 2 scorecards on Ingrid Solheim in")).to_be_visible()


def score(page: Page, base: str, values: dict[str, int]) -> None:
    """An interviewer goes from home to the card, scores every dimension, and submits."""
    page.goto(base + reverse("candidates:home"))
    expect(page.get_by_role("heading", name="One scorecard to write")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Start scorecard for Ingrid Solheim").click()
    for key, value in values.items():
        part = page.locator(f"#{key}")
        part.locator(f"input[type=radio][value='{value}']").press("Space")
        part.get_by_label("Evidence", exact=True).fill(f"What was said about {key}.")
    page.get_by_label("Yes", exact=True).press("Space")
    page.get_by_role("button", name=re.compile("Review")).click()
    page.get_by_role("button", name="Submit scorecard").click()
    expect(page.get_by_role("button", name="Submit scorecard")).to_have_count(0)


def test_whole_job_from_an_empty_opening_to_the_right_numbers(
    live_server, sign_in: SignIn, recruiter: User, manager: User, interviewer: User, colleague: User
):
    make_rubric_version()

    page = sign_in(recruiter)
    create_opening(page, live_server.url)
    add_candidate(page)
    plan_interview(page)
    compare = live_server.url + reverse("candidates:opening_compare", args=[Opening.objects.get().pk])

    score(sign_in(interviewer), live_server.url, DANIEL)
    sign_in(colleague).goto(compare)
    expect(page.locator(".compare-scroll .chip")).to_have_count(0)
    score(page, live_server.url, OLIVIER)

    sign_in(recruiter).goto(compare)
    expect(page.locator(".compare tbody:not(.compare-foot) .cell-top .chip")).to_have_text(MEANS)
    expect(page.locator(".compare-foot .total")).to_have_text([TOTAL])
    page.goto(live_server.url + reverse("candidates:opening_detail", args=[Opening.objects.get().pk]))
    expect(page.locator(".people-table .mean-tile b")).to_have_text(MEANS)
    expect(page.locator(".people-table td[data-l=Score] .strong")).to_have_text([TOTAL])
