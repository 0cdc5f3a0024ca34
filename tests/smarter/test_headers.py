"""What every response carries, measured on real answers, error pages among them."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from smarter.accounts.models import User
from smarter.middleware import DENIED_FEATURES
from smarter.urls import urlpatterns as real_patterns
from tests.factories import PASSWORD

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
}


def broken(_request: HttpRequest) -> HttpResponse:
    """A page with a mistake in it."""
    raise RuntimeError("broken on purpose")


urlpatterns = [*real_patterns, path("broken/", broken)]


def carried(response: Any) -> dict[str, str | None]:
    """The headers in question, as sent."""
    return {name: response.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("path", ["/account/two-factor/", "/account/login/", "/profile/", "/nowhere/", "/people/0/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_carries_the_headers(client: Client, manager: User, path: str, signed_in: bool) -> None:
    if signed_in:
        client.force_login(manager)

    response = client.get(path)

    assert carried(response) == HEADERS
    assert "no-store" in response.headers["Cache-Control"]


@override_settings(ROOT_URLCONF="tests.smarter.test_headers")
def test_a_crash_carries_the_headers_and_says_nothing_of_the_cause(client: Client, manager: User) -> None:
    client.force_login(manager)
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert carried(response) == HEADERS
    assert "no-store" in response.headers["Cache-Control"]
    assert "on purpose" not in response.content.decode()


def test_a_forged_form_carries_the_headers(manager: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)

    response = client.post(reverse("accounts:profile"), {"name": "Forged"})

    assert response.status_code == 403
    assert carried(response) == HEADERS


def test_a_forged_host_carries_the_headers(client: Client, db: None) -> None:
    response = client.get("/", HTTP_HOST="evil.example.com")

    assert response.status_code == 400
    assert carried(response) == HEADERS


def test_cookies_in_production_are_bound_to_the_host(client: Client, manager: User, settings: Any) -> None:
    """As smarter/settings.py sets them without DEBUG; the test settings undo it for plain HTTP."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

    client.get(reverse("account_login"), secure=True)
    response = client.post(
        reverse("account_login"), {"login": manager.email, "password": PASSWORD}, secure=True, follow=False
    )

    assert set(response.cookies) | set(client.cookies) == {"__Host-session", "__Host-csrf"}
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
            True,
            True,
            "Lax",
            "/",
            "",
        )
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_plain_http_is_sent_to_https_in_production(client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/profile/")

    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/profile/")
