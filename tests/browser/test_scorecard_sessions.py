"""Nothing typed on a scorecard is lost or shown: ended sessions, other people, other tabs, signing out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import close_offline, evidence, give_session, kept, says, stored, visit, visit_as
from tests.factories import PASSWORD, make_scorecard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat."""
    return make_scorecard(opening=opening, interviewer=interviewer)


@pytest.fixture
def page_of(sign_in: SignIn, live_server: Any, card: Scorecard) -> Page:
    """The page of the card, signed in as its holder."""
    return visit(sign_in(card.interviewer), live_server, card)


def test_text_left_offline_meets_what_another_device_saved(
    page_of: Page, card: Scorecard, context: BrowserContext, browser: Browser, live_server: Any
) -> None:
    context.set_offline(True)
    evidence(page_of).press_sequentially("From the train.")
    says(page_of, "Offline")
    close_offline(page_of)
    desk = browser.new_context()
    page = visit_as(desk, live_server, card.interviewer, card)
    evidence(page).fill("From the desk.")
    evidence(page, "teams").fill("Desk too.")
    says(page, "Saved ")
    desk.close()
    context.set_offline(False)
    again = visit(context.new_page(), live_server, card)

    dialog = again.get_by_role("dialog", name="Changed in another tab")
    expect(dialog).to_contain_text("From the train.")
    expect(dialog).to_contain_text("From the desk.")
    again.reload()
    expect(dialog).to_contain_text("From the desk.")
    dialog.get_by_text("One after the other").click()
    dialog.get_by_role("button", name="Keep what I chose").click()
    says(again, "Saved ")
    assert stored(card) == {
        "evidence.strategic": "From the desk.\n\nFrom the train.",
        "evidence.teams": "Desk too.",
    }


def test_another_person_on_the_browser_sees_nothing(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any, sign_in: SignIn, colleague: User
) -> None:
    theirs = make_scorecard(interview=card.interview, interviewer=colleague)
    context.set_offline(True)
    evidence(page_of).press_sequentially("Only mine.")
    says(page_of, "Offline")
    close_offline(page_of)
    context.set_offline(False)
    context.clear_cookies()
    other = visit_as(context, live_server, colleague, theirs)
    expect(evidence(other)).to_have_value("")
    assert "Only mine." not in other.content()
    other.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    assert "Only mine." not in other.content()
    other.close()

    context.clear_cookies()
    again = visit_as(context, live_server, card.interviewer, card)
    expect(evidence(again)).to_have_value("Only mine.")
    says(again, "Saved ")
    assert (stored(card), stored(theirs)) == ({"evidence.strategic": "Only mine."}, {})


def test_open_tab_is_covered_when_somebody_else_signs_in(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any, colleague: User
) -> None:
    theirs = make_scorecard(interview=card.interview, interviewer=colleague)
    visit_as(context, live_server, colleague, theirs)
    evidence(page_of).press_sequentially("Too late.")

    expect(page_of.get_by_role("dialog", name="Somebody else is signed in on this browser")).to_be_visible()
    expect(page_of.locator("main")).to_be_hidden()
    page_of.keyboard.press("Escape")
    expect(page_of.locator("main")).to_be_hidden()
    assert stored(card) == {}


def test_session_ended_mid_sentence_goes_on_after_signing_in_here(page_of: Page, card: Scorecard) -> None:
    evidence(page_of).press_sequentially("Before, ")
    says(page_of, "Saved ")
    Session.objects.all().delete()
    evidence(page_of).press_sequentially("and after the session ended.")
    says(page_of, "Signed out, kept on this device.")
    address = page_of.url

    page_of.get_by_role("button", name="Sign in here and go on").click()
    dialog = page_of.get_by_role("dialog", name="Sign in and go on")
    dialog.get_by_role("button", name="Not now").click()
    expect(dialog).to_be_hidden()
    page_of.get_by_role("button", name="Sign in here and go on").click()
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    says(page_of, "Saved ")

    assert page_of.url == address
    expect(evidence(page_of)).to_have_value("Before, and after the session ended.")
    assert stored(card) == {"evidence.strategic": "Before, and after the session ended."}


def test_signing_in_elsewhere_is_noticed_on_return(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any
) -> None:
    Session.objects.all().delete()
    evidence(page_of).press_sequentially("Kept.")
    says(page_of, "Signed out")
    give_session(context, live_server, card.interviewer)
    page_of.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    says(page_of, "Saved ")

    assert stored(card) == {"evidence.strategic": "Kept."}


def test_second_factor_goes_through_a_new_tab(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any
) -> None:
    page_of.route(
        "**/account/login/",
        lambda route: route.fulfill(json={"location": "/account/2fa/authenticate/"}),
    )
    Session.objects.all().delete()
    evidence(page_of).press_sequentially("Kept.")
    says(page_of, "Signed out")
    page_of.get_by_role("button", name="Sign in here and go on").click()
    dialog = page_of.get_by_role("dialog", name="Sign in and go on")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    link = dialog.get_by_role("link", name="Open the sign-in page in a new tab")
    expect(link).to_have_attribute("target", "_blank")

    give_session(context, live_server, card.interviewer)
    dialog.get_by_role("button", name="I have signed in, go on").click()
    expect(dialog).to_be_hidden()
    says(page_of, "Saved ")
    assert stored(card) == {"evidence.strategic": "Kept."}


def test_two_tabs_show_both_texts_and_overwrite_nothing(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any, violations: Callable[[Page], list[str]]
) -> None:
    second = visit(context.new_page(), live_server, card)
    evidence(second).press_sequentially("Second tab.")
    evidence(second, "teams").press_sequentially("Only there.")
    second.get_by_text("Action worth 2").click()
    says(second, "Saved ")
    page_of.get_by_text("Action worth 4").click()
    evidence(page_of).fill("First tab.")

    dialog = page_of.get_by_role("dialog", name="Changed in another tab")
    expect(dialog).to_contain_text("Evidence on Strategic")
    expect(dialog).to_contain_text("First tab.")
    expect(dialog).to_contain_text("Second tab.")
    expect(dialog).to_contain_text("Score on Action")
    assert stored(card)["evidence.strategic"] == "Second tab."
    for theme in ("light", "dark"):
        page_of.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert violations(page_of) == []

    dialog.get_by_role("button", name="Decide later").click()
    says(page_of, "Changed in another tab")
    evidence(page_of).press_sequentially(" And more.")
    page_of.get_by_role("button", name="Compare the two").click()
    expect(dialog).to_contain_text("First tab. And more.")
    dialog.get_by_text("One after the other").click()
    dialog.get_by_role("button", name="Keep what I chose").click()
    says(page_of, "Saved ")
    expect(evidence(page_of, "teams")).to_have_value("Only there.")
    assert stored(card) == {
        "evidence.strategic": "Second tab.\n\nFirst tab. And more.",
        "evidence.teams": "Only there.",
        "rating.action": "4",
    }


def test_ones_own_save_whose_answer_got_lost_is_no_conflict(page_of: Page, card: Scorecard) -> None:
    lost: list[bool] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        route.fetch()
        lost.append(True)
        route.abort()

    page_of.route("**/autosave/", lose_the_answer)
    evidence(page_of).press_sequentially("Saved, not heard of.")
    says(page_of, "Offline")
    evidence(page_of).press_sequentially(" And more.")
    says(page_of, "saved ")

    expect(page_of.locator("dialog[open]")).to_have_count(0)
    assert stored(card) == {"evidence.strategic": "Saved, not heard of. And more."}


def leave_unsent(page: Page, live_server: Any, context: BrowserContext) -> None:
    """Type with the server out of reach, then go home with the text still on the device."""
    page.route("**/autosave/", lambda route: route.abort())
    evidence(page).press_sequentially("Not sent.")
    says(page, "Offline")
    page.get_by_role("link", name="Home").last.click()
    expect(page).to_have_url(live_server.url + "/")


@pytest.mark.parametrize(("choice", "left"), [("Keep it here and sign out", 1), ("Erase it and sign out", 0)])
def test_signing_out_with_unsent_text_asks_first(
    page_of: Page, live_server: Any, context: BrowserContext, choice: str, left: int
) -> None:
    leave_unsent(page_of, live_server, context)
    page_of.locator("summary.me").click()
    page_of.get_by_role("button", name="Sign out").click()
    dialog = page_of.get_by_role("dialog", name="Some text on this device is not saved yet")
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(page_of).to_have_url(live_server.url + "/")

    page_of.locator("summary.me").click()
    page_of.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name=choice).click()
    expect(page_of.locator("[name=password]")).to_be_visible()
    assert kept(page_of) == left


def test_way_back_from_signing_out_sends_the_text(
    page_of: Page, card: Scorecard, live_server: Any, context: BrowserContext
) -> None:
    leave_unsent(page_of, live_server, context)
    page_of.unroute("**/autosave/")
    page_of.locator("summary.me").click()
    page_of.get_by_role("button", name="Sign out").click()
    page_of.get_by_role("link", name="Open it").click()
    says(page_of, "Saved ")

    assert stored(card) == {"evidence.strategic": "Not sent."}


def test_going_home_waits_for_the_last_save(page_of: Page, card: Scorecard, live_server: Any) -> None:
    evidence(page_of).press_sequentially("Just typed.")
    page_of.get_by_role("link", name="Home").last.click()
    expect(page_of).to_have_url(live_server.url + "/")

    assert stored(card) == {"evidence.strategic": "Just typed."}
    assert kept(page_of) == 0
