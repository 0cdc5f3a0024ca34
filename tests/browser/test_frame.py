"""The frame in a real browser: theme, menus, dialog, error summary, toasts, widths and accessibility."""

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from playwright.sync_api import Page, expect

from tests.smarter.urls_with_styles import urlpatterns as site

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__)]


def toast(request: HttpRequest) -> HttpResponse:
    """A page after an act that can be undone."""
    messages.success(request, "Archived.", extra_tags="undo:/undo/")
    messages.error(request, "The mail could not be sent.")
    return render(request, "404.html")


urlpatterns = [*site, path("toast/", toast)]


def open_page(page: Page, live_server, name: str, theme: str = "light", width: int = 1440) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.goto(live_server.url + reverse(name))
    return page


@pytest.mark.parametrize("name", ["styles", "account_login"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_page_breaks_no_accessibility_rule(page, live_server, violations, name, theme, width):
    open_page(page, live_server, name, theme, width)
    for menu in page.locator("main details.menu").all():
        menu.locator("summary").click()

    assert violations(page) == []


@pytest.mark.parametrize("name", ["styles", "account_login"])
def test_page_does_not_scroll_sideways_at_320(page, live_server, sideways, name):
    open_page(page, live_server, name, width=320)

    assert sideways(page) == 0


def test_page_is_drawn_without_breaking_its_policy(page, live_server):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    open_page(page, live_server, "styles")

    # Which features the Permissions-Policy may name differs from one Chromium to the next.
    assert [text for text in said if "Permissions-Policy" not in text] == []


def test_theme_changes_at_once_and_stays(page, live_server):
    open_page(page, live_server, "styles")

    page.get_by_label("Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[data-theme-choice=dark]")).to_have_attribute("aria-pressed", "true")


def test_menu_closes_on_escape_and_on_a_click_elsewhere(page, live_server):
    open_page(page, live_server, "styles")
    menu = page.locator("main details.menu")

    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()

    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_dialog_opens_in_place_and_gives_the_focus_back(page, live_server):
    open_page(page, live_server, "styles")
    opener = page.get_by_role("button", name="Open a dialog…")

    opener.click()
    expect(page.get_by_role("dialog", name="Erase Jonas Keller?")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_error_summary_takes_the_focus_and_leads_to_the_field(page, live_server):
    open_page(page, live_server, "styles")

    expect(page.locator("#fields .errors")).to_be_focused()
    page.get_by_role("link", name="With an error: The part after @").click()

    assert page.url.endswith("#id_email")


def test_toast_offers_undo_and_closes(sign_in, live_server, interviewer, violations):
    page = sign_in(interviewer)
    page.goto(f"{live_server.url}/toast/")
    toast_box = page.locator(".toast")

    expect(page.get_by_role("alert")).to_have_text("The mail could not be sent.")
    expect(toast_box.locator("form")).to_have_attribute("action", "/undo/")
    assert violations(page) == []

    page.get_by_role("button", name="Close this message").click()
    expect(toast_box).to_have_count(0)


def test_account_menu_signs_out(sign_in, live_server, interviewer):
    page = sign_in(interviewer)
    page.goto(f"{live_server.url}/toast/")

    page.get_by_label("Daniel Interviewer: profile and sign-out").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
