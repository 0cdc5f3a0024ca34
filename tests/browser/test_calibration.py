"""The calibration page in a browser: readable to everybody, at any width, by keyboard and without a script."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from candidates.models import Opening, Scorecard
from candidates.synthetic import make_round
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Violations = Callable[[Page], list[str]]
Sideways = Callable[[Page], int]
URL = reverse("candidates:calibration")


@pytest.fixture
def opening(recruiter: User) -> Opening:
    """Forty candidates rated by six people; the recruiter of the opening is one of them."""
    made = make_round(candidates=40, interviewers=6, per_candidate=3, seed=11)
    rater = User.objects.get(name="Synthetic interviewer 1")
    cards = Scorecard.objects.filter(interviewer=rater)
    cards.update(interviewer=recruiter)
    return made


@pytest.fixture
def heard(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; nothing, in the end."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_team_page_and_mirror_read_well(
    sign_in: SignIn,
    live_server: Any,
    violations: Violations,
    sideways: Sideways,
    recruiter: User,
    opening: Opening,
    heard: list[str],
    width: int,
    theme: str,
) -> None:
    page = sign_in(recruiter)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + URL)

    expect(page.get_by_role("heading", name="Your own mirror")).to_be_visible()
    expect(page.get_by_role("table", name="off the panel")).to_be_visible()
    names = page.locator("#sev tbody th").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == sorted(name.split("\n")[0] for name in names)
    for fold in page.locator("details.how > summary").all():
        fold.press("Enter")
    expect(page.get_by_text("A stricter interviewer harms no one")).to_be_visible()
    assert (violations(page), sideways(page)) == ([], 0)
    page.set_viewport_size({"width": 320, "height": 900})
    assert sideways(page) == 0


def test_period_and_opening_are_chosen_by_keyboard(
    sign_in: SignIn, live_server: Any, recruiter: User, opening: Opening, heard: list[str]
) -> None:
    page = sign_in(recruiter)
    page.goto(live_server.url + URL)

    page.get_by_label("Period").focus()
    page.keyboard.press("End")
    page.get_by_label("Opening", exact=True).focus()
    page.keyboard.press("End")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{URL}?period=all&opening={opening.pk}")
    expect(page.locator("main .meta").first).to_contain_text("All time")


def test_findings_lead_to_their_proof_without_script(
    browser: Browser, live_server: Any, recruiter: User, opening: Opening
) -> None:
    context = browser.new_context(java_script_enabled=False)
    give_session(context, live_server, recruiter)
    page = context.new_page()
    page.goto(live_server.url + URL)

    page.get_by_role("link", name="differently").click()

    assert page.url.endswith("#alpha")
    page.get_by_label("Period").select_option("3 months")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main .meta").first).to_contain_text("3 months to")
    context.close()


def test_interviewer_finds_the_mirror_alone(
    sign_in: SignIn, live_server: Any, violations: Violations, opening: Opening, heard: list[str]
) -> None:
    page = sign_in(User.objects.get(name="Synthetic interviewer 2"))
    page.goto(live_server.url + URL)

    expect(page.get_by_text("Only you see this")).to_be_visible()
    expect(page.get_by_text("Synthetic interviewer 3")).to_have_count(0)
    assert violations(page) == []


def test_who_has_too_little_is_told_what_is_needed(
    sign_in: SignIn, live_server: Any, violations: Violations, stranger: User, heard: list[str]
) -> None:
    page = sign_in(stranger)
    page.goto(live_server.url + URL)

    expect(page.get_by_role("heading", name="Too few to say yet")).to_be_visible()
    assert violations(page) == []
