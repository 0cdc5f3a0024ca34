"""What the browser tests of the scorecard do again and again."""

from typing import Any

from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from candidates.models import Scorecard
from candidates.sheet import load_sheet
from smarter.accounts.models import User


def stored(card: Scorecard) -> dict[str, str]:
    """What the server has, without what is empty."""
    fields = load_sheet(Scorecard.objects.with_context().with_typed().get(pk=card.pk)).fields
    return {name: value for name, value in fields.items() if value}


def visit(page: Page, live_server: Any, card: Scorecard) -> Page:
    """Open the card and wait until it keeps itself."""
    page.goto(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    return page


def close_offline(page: Page) -> None:
    """Close a tab that is offline; the browser's offline mode would let through what it sends while it goes."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('offline')); }")
    page.close()


def evidence(page: Page, name: str = "strategic") -> Any:
    """The evidence box of a dimension."""
    return page.locator(f"[name='evidence.{name}']")


def says(page: Page, words: str) -> None:
    """Wait until the status says so."""
    expect(page.locator("#save-slot")).to_contain_text(words, timeout=15000)


def kept(page: Page) -> int:
    """How many records this browser keeps."""
    return int(
        page.evaluate(
            """() => new Promise((resolve) => {
              const opening = indexedDB.open("smarter-scorecards", 1);
              opening.onsuccess = () => {
                const all = opening.result.transaction("unsent").objectStore("unsent").count();
                all.onsuccess = () => { opening.result.close(); resolve(all.result); };
              };
            })"""
        )
    )


def keeps_nothing(page: Page) -> None:
    """Wait until the server has everything and this browser keeps no text."""
    for _ in range(100):
        if not kept(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError("text is still kept on this device")


def give_session(context: BrowserContext, live_server: Any, user: User) -> None:
    """Sign somebody in on the browser."""
    client = Client()
    client.force_login(user)
    cookie = next(iter(client.cookies.values()))
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def visit_as(context: BrowserContext, live_server: Any, user: User, card: Scorecard) -> Page:
    """A new tab of the browser, signed in as somebody."""
    give_session(context, live_server, user)
    return visit(context.new_page(), live_server, card)
