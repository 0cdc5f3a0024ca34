"""Sign-in and one's own account stand in our frame, speak our words and work without a script."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path, reverse

from smarter import views
from smarter.urls import urlpatterns as site
from tests.factories import PASSWORD

ENTRANCE = ["account_login", "account_reset_password", "account_reset_password_done"]
MANAGE = ["account_change_password", "mfa_index", "usersessions_list"]


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_shows_the_form_beside_the_story(client, db, name):
    html = client.get(reverse(name)).content.decode()

    assert html.count('<main class="signin" id="main">') == 1
    assert 'aria-label="The SMART rubric"' in html
    assert 'class="topbar"' not in html
    assert "css/signin.css" in html


@pytest.mark.parametrize("name", MANAGE)
def test_account_pages_stand_under_their_tabs(client, interviewer, name):
    client.force_login(interviewer)

    html = client.get(reverse(name)).content.decode()

    assert '<nav class="tabs" aria-label="Your account">' in html
    assert 'class="topbar"' in html


def test_sign_in_with_a_wrong_password_says_so_on_top_and_keeps_the_address(client, interviewer):
    response = client.post(reverse("account_login"), {"login": interviewer.email, "password": "wrong"})

    html = visible(response.content.decode())
    assert response.status_code == 200
    assert 'role="alert" tabindex="-1"' in html
    assert '<p class="strong">One thing to put right</p>' in html
    assert f'value="{interviewer.email}"' in html


def test_sign_in_has_no_placeholders_and_names_the_reset_link_as_help(client, db):
    html = visible(client.get(reverse("account_login")).content.decode())

    assert "placeholder=" not in html
    assert 'aria-describedby="id_password_helptext"' in html
    assert f'id="id_password_helptext" href="{reverse("account_reset_password")}">Send a reset link</a>' in html


def test_sign_in_leads_home_without_a_greeting(client, interviewer):
    response = client.post(reverse("account_login"), {"login": interviewer.email, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, "/")
    assert 'class="toast"' not in client.get("/nothing-here/").content.decode()


def test_sign_out_ends_the_session(client, interviewer):
    client.force_login(interviewer)

    client.post(reverse("account_logout"))

    assert "_auth_user_id" not in client.session


def test_authenticator_app_is_set_up_from_a_code_drawn_in_the_page(client, interviewer):
    client.force_login(interviewer)
    asked = client.get(reverse("mfa_activate_totp"))

    html = client.post(asked.url, {"password": PASSWORD}, follow=True).content.decode()

    assert re.search(r'<span class="qr above-s" role="img" aria-label="[^"]+"><svg ', html)
    assert "data:" not in html


urlpatterns = [*site, path("demo/", views.healthz, name="demo_sign_in")]


@pytest.mark.urls(__name__)
def test_demo_personas_are_one_button_each(interviewer):
    html = render_to_string("account/_demo_personas.html", {"demo_personas": [interviewer]}, RequestFactory().get("/"))

    assert html.count("<form ") == html.count('name="csrfmiddlewaretoken"') == 1
    assert '<button class="button demo-button" type="submit" name="email" value="interviewer@example.com">' in html


def test_demo_personas_are_not_offered_otherwise(client, db):
    assert "Look round the demo" not in client.get(reverse("account_login")).content.decode()
