"""What browser tests share: a signed-in page, and the automated accessibility rules."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from smarter.accounts.models import User

SignIn = Callable[[User], Page]


@pytest.fixture
def sign_in(page: Page, live_server: Any, settings: Any) -> SignIn:
    """Give the browser the session of a person: `page = sign_in(interviewer)`."""

    def use(user: User) -> Page:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return use


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """The rules of WCAG 2.2 AA and good practice that a page breaks, with where: `assert violations(page) == []`."""

    def found(page: Page) -> list[str]:
        results = Axe().run(page).response["violations"]
        return [f"{rule['id']}: {node['target']}" for rule in results for node in rule["nodes"]]

    return found


@pytest.fixture
def sideways() -> Callable[[Page], int]:
    """By how many pixels a page scrolls sideways."""

    def measured(page: Page) -> int:
        return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    return measured
