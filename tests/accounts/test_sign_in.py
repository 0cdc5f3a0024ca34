"""Signing in and out."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import PASSWORD, make_user

CREDENTIALS = {"login": "manager@example.com", "password": PASSWORD}


def acts() -> list[tuple[int | None, str]]:
    """What the audit holds, oldest first."""
    return list(AuditEvent.objects.order_by("pk").values_list("actor", "act"))


def test_sign_in_leads_home_under_a_new_session_key(client: Client, manager: User) -> None:
    client.get(reverse("account_login"))
    session = client.session
    session["left"] = "behind"
    session.save()

    response = client.post(reverse("account_login"), CREDENTIALS)

    assert (response.status_code, response.headers["Location"]) == (302, reverse("candidates:home"))
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()
    assert acts() == [(manager.pk, "session.sign_in")]


def test_sign_in_does_not_mind_the_case_of_the_address(client: Client, manager: User) -> None:
    response = client.post(reverse("account_login"), {**CREDENTIALS, "login": " Manager@Example.COM "})

    assert response.status_code == 302


@pytest.mark.parametrize("kind", ["wrong password", "unknown", "deactivated"])
def test_refusals_are_alike_and_hash_once(client: Client, manager: User, monkeypatch: Any, kind: str) -> None:
    """The same body whatever is wrong, after one hash of the password typed, and a trace without the address."""
    make_user(email="gone@example.com", is_active=False)
    typed = {
        "wrong password": CREDENTIALS | {"password": "not-the-password"},
        "unknown": CREDENTIALS | {"login": "nobody@example.com"},
        "deactivated": CREDENTIALS | {"login": "gone@example.com"},
    }[kind]
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))

    response = client.post(reverse("account_login"), typed)

    assert response.status_code == 200
    assert response.context["form"].errors == {
        "__all__": ["The email address and/or password you specified are not correct."]
    }
    assert hashes == [1]
    assert acts() == [(None, "session.refuse")]
    assert AuditEvent.objects.get().detail == {}


def test_sign_out_takes_a_post(client: Client, manager: User) -> None:
    client.force_login(manager)
    old_key = client.session.session_key

    assert client.get(reverse("account_logout")).status_code == 405
    assert client.get(reverse("usersessions_list")).status_code == 200
    response = client.post(reverse("account_logout"))

    assert (response.status_code, response.headers["Location"]) == (302, reverse("account_login"))
    assert not Session.objects.filter(session_key=old_key).exists()
    assert acts() == [(manager.pk, "session.sign_out")]


def test_deactivation_ends_open_sessions_at_the_next_request(client: Client, manager: User) -> None:
    client.force_login(manager)
    User.objects.filter(pk=manager.pk).update(is_active=False)

    response = client.get(reverse("candidates:home"))

    assert response.headers["Location"] == f"{reverse('account_login')}?next=/"


def test_password_change_ends_the_other_sessions(client: Client, manager: User) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post(reverse("account_login"), CREDENTIALS)
    new = {"oldpassword": PASSWORD, "password1": "an-entirely-new-one", "password2": "an-entirely-new-one"}

    response = client.post(reverse("account_change_password"), new)

    assert response.headers["Location"] == reverse("accounts:profile")
    assert client.get(reverse("usersessions_list")).status_code == 200
    assert elsewhere.get(reverse("candidates:home")).status_code == 302
    assert acts()[-1] == (manager.pk, "person.set_password")


@pytest.mark.parametrize(
    "path",
    ["signup/", "signup/passkey/", "email/", "confirm-email/", "confirm-email/abc/", "inactive/", "login/code/"],
)
def test_what_allauth_has_and_we_do_not_offer_is_not_there(client: Client, manager: User, path: str) -> None:
    client.force_login(manager)

    for method in (client.get, client.post):
        assert method(f"/account/{path}").status_code == 404


def test_scripts_are_told_that_they_are_signed_out(client: Client, db: None) -> None:
    sent = client.post(reverse("candidates:home"), b"{}", content_type="application/json")
    asked = client.get(reverse("candidates:home"), headers={"Accept": "application/json"})

    for response in (sent, asked):
        assert (response.status_code, response.json()) == (401, {"error": "signed_out"})


def test_demo_sign_in_signs_in_in_debug(client: Client, db: None, settings: Any) -> None:
    settings.DEBUG = True
    recruiter = make_user(email="recruiter@example.com", is_demo=True)
    make_user(email="manager@example.com")

    page = client.get(reverse("account_login"))
    response = client.post(reverse("demo_sign_in"), {"email": recruiter.email})

    assert list(page.context["demo_personas"]) == [recruiter]
    assert response.headers["Location"] == reverse("candidates:home")
    assert client.session["_auth_user_id"] == str(recruiter.pk)
    assert acts() == [(recruiter.pk, "session.sign_in")]


def test_demo_sign_in_is_not_there_in_production(client: Client, db: None) -> None:
    recruiter = make_user(email="recruiter@example.com", is_demo=True)

    assert client.get(reverse("account_login")).context["demo_personas"] == []
    assert client.post(reverse("demo_sign_in"), {"email": recruiter.email}).status_code == 404


def test_demo_sign_in_knows_people_of_the_demo_only(client: Client, recruiter: User, settings: Any) -> None:
    settings.DEBUG = True
    make_user(email="interviewer@example.com", is_demo=True, is_active=False)

    for email in ("recruiter@example.com", "interviewer@example.com", "\0", ""):
        assert client.post(reverse("demo_sign_in"), {"email": email}).status_code == 404
    assert client.get(reverse("demo_sign_in")).status_code == 405


def test_session_ends_after_a_week() -> None:
    assert django_settings.SESSION_COOKIE_AGE == 604_800


def test_ending_other_sessions_keeps_this_one(client: Client, manager: User) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post(reverse("account_login"), CREDENTIALS)
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 2

    client.post(reverse("usersessions_list"))

    assert client.get(reverse("accounts:profile")).status_code == 200
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 1
