"""Nothing typed on a scorecard is lost: pauses, lost networks, closed tabs, wrong answers."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import close_offline, evidence, keeps_nothing, kept, says, stored, visit
from tests.factories import make_scorecard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat."""
    return make_scorecard(opening=opening, interviewer=interviewer)


@pytest.fixture
def page_of(sign_in: SignIn, live_server: Any, card: Scorecard) -> Page:
    """The page of the card, signed in as its holder."""
    return visit(sign_in(card.interviewer), live_server, card)


def test_tab_closed_before_the_answer_leaves_nothing_behind(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any
) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page_of.route("**/autosave/", lose_the_answer, times=1)
    evidence(page_of).press_sequentially("Arrived.")
    says(page_of, "Offline")
    close_offline(page_of)
    again = visit(context.new_page(), live_server, card)
    expect(evidence(again)).to_have_value("Arrived.")
    keeps_nothing(again)
    expect(again.locator("dialog[open]")).to_have_count(0)

    assert stored(card) == {"evidence.strategic": "Arrived."}


def test_typing_is_saved_after_a_pause_and_forgotten_on_the_device(page_of: Page, card: Scorecard) -> None:
    evidence(page_of).press_sequentially("Told the airline “no”.\nThen yes.", delay=5)
    says(page_of, "Saved ")
    expect(page_of.locator("#save-slot")).to_contain_text("Saved ")

    assert stored(card) == {"evidence.strategic": "Told the airline “no”.\nThen yes."}
    assert kept(page_of) == 0


def test_long_typing_without_a_pause_is_saved_on_the_way(page_of: Page, card: Scorecard) -> None:
    text = "word " * 40
    with page_of.expect_response("**/autosave/", timeout=12000):
        evidence(page_of).press_sequentially(text, delay=60, timeout=30000)
    says(page_of, "Saved ")


def test_one_save_at_a_time(page_of: Page, card: Scorecard) -> None:
    running: list[int] = [0, 0]

    def slow(route: Route) -> None:
        running[0] += 1
        running[1] = max(running)
        page_of.wait_for_timeout(700)
        running[0] -= 1
        route.continue_()

    page_of.route("**/autosave/", slow)
    for letter in "abcd":
        evidence(page_of).press_sequentially(letter)
        page_of.wait_for_timeout(1100)
    says(page_of, "Saved ")

    assert running == [0, 1]
    expect(evidence(page_of)).to_have_value("abcd")


def test_offline_is_said_and_made_up_for(page_of: Page, card: Scorecard, context: BrowserContext) -> None:
    context.set_offline(True)
    evidence(page_of).press_sequentially("Typed on the train.")
    page_of.get_by_text("Strategic worth 4").click()
    says(page_of, "Offline, kept on this device (2 changes)")
    assert kept(page_of) == 1
    context.set_offline(False)
    says(page_of, "Back online, saved ")

    assert stored(card) == {"evidence.strategic": "Typed on the train.", "rating.strategic": "4"}
    assert kept(page_of) == 0


def test_tab_closed_while_offline_has_its_text_back(
    page_of: Page, card: Scorecard, context: BrowserContext, live_server: Any
) -> None:
    context.set_offline(True)
    evidence(page_of).press_sequentially("Closed the lid.")
    says(page_of, "Offline")
    close_offline(page_of)
    context.set_offline(False)
    again = visit(context.new_page(), live_server, card)

    expect(evidence(again)).to_have_value("Closed the lid.")
    says(again, "Saved ")
    assert stored(card) == {"evidence.strategic": "Closed the lid."}
    keeps_nothing(again)


def test_stale_csrf_token_is_renewed_once_and_unnoticed(
    page_of: Page, card: Scorecard, context: BrowserContext
) -> None:
    page_of.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'")
    context.add_cookies([{**cookie, "value": "a" * 32} for cookie in context.cookies() if "csrf" in cookie["name"]])
    evidence(page_of).press_sequentially("Still here.")
    says(page_of, "Saved ")

    assert stored(card) == {"evidence.strategic": "Still here."}


@pytest.mark.parametrize(
    "answer",
    [
        {"body": "<h1>Sign in</h1>", "content_type": "text/html"},
        {"json": {"version": 1, "sequence": 1, "sha256": "0" * 64}},
        {"json": {"version": 7, "sequence": 1}},
        {"status": 500, "body": "broken"},
        {"status": 503, "json": {"error": "busy"}, "headers": {"Retry-After": "1"}},
    ],
)
def test_anything_but_the_exact_acknowledgement_keeps_the_text(
    page_of: Page, card: Scorecard, answer: dict[str, Any]
) -> None:
    page_of.route("**/autosave/", lambda route: route.fulfill(**answer), times=1)
    evidence(page_of).press_sequentially("Kept.")
    says(page_of, "Server busy, trying again")
    assert kept(page_of) == 1
    says(page_of, "Saved ")

    assert stored(card) == {"evidence.strategic": "Kept."}
    assert kept(page_of) == 0


def test_card_submitted_elsewhere_keeps_the_text_and_says_so(page_of: Page, card: Scorecard) -> None:
    Scorecard.objects.filter(pk=card.pk).update(
        state="declined", declined_at="2026-01-01T00:00Z", decline_reason="could_not_attend"
    )
    evidence(page_of).press_sequentially("Too late.")
    says(page_of, "This scorecard takes no more changes.")

    assert kept(page_of) == 1


def test_review_waits_for_the_last_save(page_of: Page, card: Scorecard) -> None:
    evidence(page_of).press_sequentially("Just typed.")
    page_of.get_by_role("button", name="Review & submit").click()

    expect(page_of.get_by_role("heading", name="your scorecard as it will stand")).to_be_visible()
    expect(page_of.get_by_text("Just typed.")).to_be_visible()


def test_review_stays_here_while_offline(page_of: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    evidence(page_of).press_sequentially("Not sent yet.")
    page_of.get_by_role("button", name="Review & submit").click()
    says(page_of, "Offline")

    expect(evidence(page_of)).to_have_value("Not sent yet.")
