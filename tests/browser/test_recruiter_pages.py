"""The recruiter's and interviewer's pages in a browser: accessibility, widths, and the script-free paths."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from candidates.models import Opening
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.factories import make_application, make_interview, make_scorecard

pytestmark = pytest.mark.browser

PAGES = [
    "home",
    "opening_list",
    "opening_create",
    "opening_detail",
    "opening_edit",
    "opening_plan",
    "application_create",
    "application_look_early",
    "candidate_list",
    "candidate_detail",
    "candidate_edit",
    "interview_create",
    "interview_detail",
    "interview_edit",
    "panel_copy",
    "nudge_create",
    "notification_list",
]


@pytest.fixture
def addresses(opening: Opening, recruiter: User, interviewer: User, colleague: User) -> dict[str, str]:
    """Every page of an opening with a complete, a half complete and a bare candidate, for its recruiter."""
    done, half = (make_application(opening=opening, name=name) for name in ("Ingrid Solheim", "Jonas Keller"))
    make_application(opening=opening, name="Leila Haddad", stage="screening")
    make_application(opening=opening, name="Clara Nyström", stage="rejected")
    interview = make_interview(application=done, title="Strategy and measures")
    make_scorecard(interview=interview, interviewer=interviewer, values=[5, 4, 4, None, 3], submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, values=[3, 4, 4, 2, 3], submitted=True)
    late = make_interview(application=half, starts_at=timezone.now() - timedelta(days=2))
    make_scorecard(interview=late, interviewer=interviewer, submitted=True)
    make_scorecard(interview=late, interviewer=colleague, focus=["strategic", "teams"], values=[2])
    ahead = make_interview(application=half, starts_at=timezone.now() + timedelta(days=2))
    make_scorecard(interview=ahead, interviewer=recruiter, is_shadow=True, focus=["action"])
    rows = {
        "opening": opening.pk,
        "application": done.pk,
        "candidate": done.candidate_id,
        "interview": interview.pk,
        "panel": interview.pk,
        "nudge": opening.pk,
    }
    half_open = make_application(opening=opening, name="Henrik Aalto")
    early = make_interview(application=half_open)
    make_scorecard(interview=early, submitted=True)
    make_scorecard(interview=early)
    found = {}
    for name in PAGES:
        subject = name.split("_")[0]
        arguments = [rows[subject]] if subject in rows and name not in ("opening_list", "candidate_list") else []
        if name == "opening_create":
            arguments = []
        if name == "application_create":
            arguments = [opening.pk]
        if name == "application_look_early":
            arguments = [half_open.pk]
        if name == "interview_create":
            arguments = [done.pk]
        found[name] = reverse(f"candidates:{name}", args=arguments)
    return found


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_break_no_accessibility_rule(
    live_server: Any,
    sign_in: SignIn,
    recruiter: User,
    addresses: dict[str, str],
    violations: Callable[[Page], list[str]],
    theme: str,
    width: int,
) -> None:
    page = sign_in(recruiter)
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    broken = {}
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => (fold.open = true))")
        broken[name] = violations(page)

    assert {name: found for name, found in broken.items() if found} == {}


def test_pages_do_not_scroll_sideways_at_320(
    live_server: Any,
    sign_in: SignIn,
    recruiter: User,
    addresses: dict[str, str],
    sideways: Callable[[Page], int],
) -> None:
    page = sign_in(recruiter)
    page.set_viewport_size({"width": 320, "height": 900})
    wide = {}
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        wide[name] = sideways(page)

    assert {name: pixels for name, pixels in wide.items() if pixels} == {}


@pytest.mark.parametrize("name", ["opening_plan", "interview_create", "interview_edit"])
def test_nothing_of_plan_and_panel_lies_beside_the_phone(
    live_server: Any, sign_in: SignIn, recruiter: User, addresses: dict[str, str], name: str
) -> None:
    page = sign_in(recruiter)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(live_server.url + addresses[name])

    region = page.get_by_role("region").first
    assert region.evaluate("region => region.scrollWidth - region.clientWidth") == 0
    if name == "opening_plan":
        plan = page.get_by_role("link", name="Plan interview").first
        assert plan.evaluate("link => link.getBoundingClientRect().left") < 40
    else:
        assert page.get_by_text("Shadow", exact=True).last.evaluate("word => word.offsetHeight") > 1


def test_cards_on_home_stand_apart(live_server: Any, sign_in: SignIn, interviewer: User) -> None:
    page = sign_in(interviewer)
    for hours in (1, 2):
        interview = make_interview(starts_at=timezone.now() - timedelta(hours=hours))
        make_scorecard(interview=interview, interviewer=interviewer)

    page.goto(live_server.url + reverse("candidates:home"))

    gap = page.locator("article.task").evaluate_all(
        "([first, second]) => second.getBoundingClientRect().top - first.getBoundingClientRect().bottom"
    )
    assert gap >= 8


def test_move_of_several_is_undone_from_the_toast(
    live_server: Any, sign_in: SignIn, recruiter: User, addresses: dict[str, str]
) -> None:
    page = sign_in(recruiter)
    page.goto(live_server.url + addresses["opening_detail"])
    page.get_by_label("Choose Ingrid Solheim").check()
    page.get_by_label("Choose Leila Haddad").check()
    page.get_by_label("Stage to move the chosen to").select_option("rejected")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_role("status")).to_contain_text("Moved 2 candidates to rejected.")
    expect(page.get_by_text("3 rejected or withdrawn")).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Moved 2 candidates back.")).to_be_visible()
    expect(page.get_by_label("Choose Leila Haddad")).to_be_visible()
