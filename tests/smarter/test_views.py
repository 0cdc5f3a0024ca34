"""The site's own pages: health, the styles page, and the pages that stop the reader."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import NoReverseMatch, path, reverse

from smarter.urls import urlpatterns as site


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """A view that goes wrong in the way asked for."""
    raise {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError}[kind]


urlpatterns = [*site, path("fail/<kind>/", fail)]


def test_healthz_answers_without_sign_in(client):
    response = client.get(reverse("healthz"))

    assert (response.status_code, response.content) == (200, b"ok")


def test_styles_is_not_there_in_production():
    with pytest.raises(NoReverseMatch):
        reverse("styles")


@pytest.mark.urls("tests.smarter.urls_with_styles")
def test_styles_shows_every_control_and_refuses_other_methods(client):
    response = client.get(reverse("styles"))

    html = response.content.decode()
    assert response.status_code == 200
    assert [f'name="{name}"' in html for name in response.context["form"].fields] == [True] * 12
    assert '<p class="strong">Two things to put right</p>' in html
    assert client.post(reverse("styles")).status_code == 405


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("400", "The request could not be read"),
        ("403", "This is not open to you"),
        ("500", "Something broke on our side"),
    ],
)
def test_error_pages_say_what_happened(interviewer, kind, heading):
    client = Client(raise_request_exception=False)
    client.force_login(interviewer)

    response = client.get(f"/fail/{kind}/")

    assert response.status_code == int(kind)
    assert f'<h1 id="error-heading">{heading}</h1>' in response.content.decode()
    assert f"Error {kind}" in response.content.decode()


def test_error_404_is_one_page_in_the_frame(client, interviewer):
    client.force_login(interviewer)

    response = client.get("/nothing-here/")

    html = response.content.decode()
    assert response.status_code == 404
    assert "This page is not here" in html
    assert 'aria-label="Daniel Interviewer: profile and sign-out"' in html
    assert "nothing-here" not in html


def test_error_403_csrf_says_what_to_do(interviewer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(interviewer)

    response = client.post(reverse("account_logout"))

    assert response.status_code == 403
    assert "This page has been open too long" in response.content.decode()


@pytest.mark.parametrize("page", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_error_pages_for_broken_times_need_nothing(page):
    html = render_to_string(page)

    assert 'data-theme="auto"' in html
    assert "/static/css/smarter.css" in html
    assert "<script" not in html


def test_frame_carries_theme_account_menu_and_no_inline_code(client, interviewer):
    client.force_login(interviewer)
    client.cookies["theme"] = "dark"

    html = client.get("/nothing-here/").content.decode()

    assert '<html lang="en-GB" data-theme="dark">' in html
    assert '<button type="button" data-theme-choice="dark" aria-pressed="true">Dark' in html
    assert f'<form method="post" action="{reverse("account_logout")}" data-sign-out data-user="' in html
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", html) == []
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.django_db
def test_readyz_is_ready_where_the_database_fits(client):
    response = client.get(reverse("readyz"))

    assert (response.status_code, response.content, response["Cache-Control"]) == (200, b"ready", "no-store")


@pytest.mark.django_db
def test_readyz_says_that_migrations_are_missing(client, monkeypatch):
    monkeypatch.setattr("smarter.migrations_state.known_migrations", lambda: frozenset({("candidates", "9999_new")}))

    response = client.get(reverse("readyz"))

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.content == b"1 migrations are not applied. Run manage.py migrate."


@pytest.mark.django_db
def test_readyz_says_that_the_database_does_not_answer(client, monkeypatch):
    def refuse() -> None:
        raise OperationalError("connection refused: user smarter, host 10.0.0.1")

    monkeypatch.setattr("smarter.readiness.connection.ensure_connection", refuse)

    response = client.get(reverse("readyz"))

    assert (response.status_code, response.content) == (503, b"The database does not answer.")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_health_is_told_without_tls_and_other_pages_are_not(settings, name):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(reverse(name)).status_code == 200
    assert Client().get(reverse("account_login")).status_code == 301
