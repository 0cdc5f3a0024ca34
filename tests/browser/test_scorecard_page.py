"""The scorecard under hands: by key alone, by touch, without a script, in words; light and dark."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from candidates.models import Opening, Scorecard
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.browser.scorecard_steps import stored
from tests.factories import make_application, make_interview, make_scorecard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = "Saved "


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat with three dimensions in focus."""
    return make_scorecard(opening=opening, interviewer=interviewer, focus=["strategic", "measurable", "action"])


@pytest.fixture
def at_card(sign_in: SignIn, live_server: Any, card: Scorecard) -> Page:
    """The page of the card, ready, signed in as its holder."""
    page = sign_in(card.interviewer)
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    return page


def test_whole_card_by_keyboard_alone(at_card: Page, card: Scorecard) -> None:
    page = at_card
    for keys in ("4", "j", "3", "j", "0"):
        page.keyboard.press(keys)
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("Escape")
        page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#progress-done")).to_have_text("3")
    expect(page.locator("#save-slot")).to_contain_text(SAVED)
    while page.evaluate("document.activeElement.value") != "review":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="your scorecard as it will stand")).to_be_visible()
    while page.evaluate("document.activeElement.textContent.trim()") != "Submit scorecard":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your scorecard")).to_be_visible()

    assert stored(card) == {
        "rating.strategic": "4",
        "rating.measurable": "3",
        "rating.action": "no",
        "reason.action": "did_not_come_up",
        "recommendation": "3",
    }


def test_keys_do_nothing_while_typing_or_when_switched_off(at_card: Page, card: Scorecard) -> None:
    page = at_card
    page.keyboard.press("e")
    page.keyboard.type("1 2 3 jen 0?")
    expect(page.get_by_label("Evidence", exact=True).first).to_have_value("1 2 3 jen 0?")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(0)

    with page.expect_response("**/scorecards/keys/"):
        page.get_by_label("Keys on", exact=True).uncheck()
    page.get_by_label("Keys on", exact=True).blur()
    page.keyboard.press("5")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    card.interviewer.refresh_from_db()
    assert card.interviewer.keys_enabled is False


def test_help_opens_on_question_mark_and_from_its_button(at_card: Page) -> None:
    page = at_card
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on the scorecard")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)

    page.get_by_role("button", name="All keys").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_notes_key_and_copy_in_my_notes(at_card: Page, card: Scorecard) -> None:
    page = at_card
    page.keyboard.press("n")
    page.keyboard.type("Airline, 2024.")
    copy = page.get_by_role("button", name="Copy in my notes").first
    copy.click()
    copy.click()

    expect(page.get_by_label("Evidence", exact=True).first).to_have_value("Airline, 2024.")
    expect(page.locator("#save-slot")).to_contain_text(SAVED)
    assert stored(card)["evidence.strategic"] == "Airline, 2024."


def test_progress_follows_each_rating(at_card: Page) -> None:
    page = at_card
    rail = page.locator("[data-rail=strategic]")
    page.get_by_text("Strategic worth 5").click()
    expect(rail).to_contain_text("Evidence missing")
    expect(page.get_by_text("A 5 needs what you heard that earned it, before you submit.")).to_be_visible()
    page.get_by_label("Evidence", exact=True).first.fill("Heard it.")
    expect(rail).to_contain_text("Scored 5")
    expect(page.locator("#progress-done")).to_have_text("1")
    page.get_by_text("Not observed.").first.click()
    expect(rail).to_contain_text("Reason missing")
    page.get_by_label("Why not?").first.select_option("Ran out of time")
    expect(rail).to_contain_text("Not observed")


def test_screen_reader_hears_anchors_with_their_rating_and_the_state(at_card: Page) -> None:
    page = at_card
    expect(page.get_by_role("group", name="Strategic: Score which line is closest to what you heard?")).to_be_visible()
    expect(page.get_by_role("radio", name="4 Strategic worth 4")).to_be_visible()
    page.get_by_role("radio", name="4 Strategic worth 4").press("Space")
    expect(page.locator("#save-live[role=status]")).to_contain_text(SAVED)


def test_by_touch_on_a_phone(
    browser: Any, live_server: Any, settings: Any, card: Scorecard, sideways: Callable[[Page], int]
) -> None:
    client = Client()
    client.force_login(card.interviewer)
    context = browser.new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    expect(page.locator("form[data-autosaving]")).to_be_visible()

    for name in ("Strategic", "Measurable", "Action"):
        page.get_by_text(f"{name} worth 4").tap()
    page.get_by_text("Strong yes").tap()
    page.get_by_label("Evidence", exact=True).nth(1).tap()
    page.keyboard.type("Said so.")
    assert sideways(page) == 0
    page.get_by_role("button", name="Review & submit").tap()
    expect(page.get_by_role("heading", name="your scorecard as it will stand")).to_be_visible()
    assert sideways(page) == 0
    page.get_by_role("button", name="Submit scorecard").tap()
    expect(page.get_by_role("heading", name="Your scorecard")).to_be_visible()
    context.close()

    assert Scorecard.objects.get(pk=card.pk).state == "submitted"
    assert stored(card)["evidence.measurable"] == "Said so."


def test_without_script_it_saves_and_submits(browser: Any, live_server: Any, settings: Any, card: Scorecard) -> None:
    client = Client()
    client.force_login(card.interviewer)
    context = browser.new_context(java_script_enabled=False)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    expect(page.get_by_label("Keys on", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Copy in my notes").first).to_be_hidden()

    page.get_by_text("Strategic worth 5").click()
    page.get_by_text("Measurable worth 2").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#save-slot")).to_contain_text(SAVED)
    assert stored(card) == {"rating.strategic": "5", "rating.measurable": "2"}

    page.get_by_role("button", name="Review & submit").click()
    page.get_by_role("link", name="Go to the first gap").click()
    expect(page.get_by_label("Evidence", exact=True).first).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Evidence", exact=True).first.fill("Heard it.")
    page.get_by_text("Action worth 3").click()
    page.get_by_text("No", exact=True).click()
    page.get_by_role("button", name="Review & submit").click()
    page.get_by_role("button", name="Submit scorecard").click()
    expect(page.get_by_role("heading", name="Your scorecard")).to_be_visible()
    context.close()

    assert Scorecard.objects.get(pk=card.pk).state == "submitted"


def test_rail_follows_the_dimension_in_view(at_card: Page) -> None:
    page = at_card
    expect(page.locator("[data-rail=strategic]")).to_have_attribute("aria-current", "step")
    page.locator("[data-rail=action]").click()
    expect(page.locator("[data-rail=action]")).to_have_attribute("aria-current", "step")
    expect(page.locator("[data-rail][aria-current]")).to_have_count(1)


@pytest.mark.parametrize(("started", "words"), [(30, "30 minutes left, until "), (90, "Due "), (-30, "Due ")])
def test_time_left_while_the_interview_runs(
    sign_in: SignIn, live_server: Any, opening: Opening, interviewer: User, started: int, words: str
) -> None:
    begun = timezone.now() - timedelta(minutes=started)
    interview = make_interview(application=make_application(opening=opening), starts_at=begun)
    card = make_scorecard(interview=interview, interviewer=interviewer)
    page = sign_in(interviewer)
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))

    expect(page.locator(".time-left")).to_contain_text(words)


def test_keys_in_overall_move_and_nothing_else(at_card: Page) -> None:
    page = at_card
    page.locator("#id_recommendation_2").focus()
    page.keyboard.press("5")
    page.keyboard.press("e")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    expect(page.locator("#id_recommendation_2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[name='rating.teams']").first).to_be_focused()


def test_gap_link_leads_into_its_control_and_its_message_goes_when_filled(at_card: Page, card: Scorecard) -> None:
    page = at_card
    page.get_by_text("Strategic worth 3").click()
    page.get_by_role("button", name="Review & submit").click()
    page.get_by_role("link", name="Go to the first gap").click()
    expect(page.get_by_role("radio", name="1 Measurable worth 1")).to_be_focused()
    message = page.locator("#measurable .error")
    expect(message).to_have_text("Choose the line closest to what you heard, or not observed.")
    page.keyboard.press("2")
    expect(message).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_break_no_accessibility_rule(
    at_card: Page, card: Scorecard, live_server: Any, theme: str, violations: Callable[[Page], list[str]]
) -> None:
    page = at_card
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.reload()
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    page.get_by_text("Strategic worth 5").click()
    page.get_by_text("Not observed.").nth(1).click()
    for name in ("relationships", "teams"):
        page.locator(f"#{name} > summary").click()
    assert violations(page) == []
    for opener in ("keys-help", "sign-in-dialog", "other-user-dialog"):
        page.evaluate(f"document.getElementById('{opener}').showModal()")
        assert violations(page) == [], opener
        page.evaluate(f"document.getElementById('{opener}').close()")

    for name in ("scorecard_review", "scorecard_decline"):
        page.goto(live_server.url + reverse(f"candidates:{name}", args=[card.pk]))
        assert violations(page) == [], name
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]) + "?gaps=1")
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_read_and_revise_break_no_accessibility_rule(
    sign_in: SignIn,
    live_server: Any,
    opening: Opening,
    interviewer: User,
    theme: str,
    violations: Callable[[Page], list[str]],
    sideways: Callable[[Page], int],
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[4, None, 2], submitted=True)
    page = sign_in(interviewer)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(live_server.url + reverse("candidates:scorecard_detail", args=[card.pk]))
        assert (violations(page), sideways(page)) == ([], 0)
        with page.expect_navigation():
            page.get_by_role("link", name="Revise Strategic").click()
        assert (violations(page), sideways(page)) == ([], 0)
