"""Two-step sign-in by app and recovery codes. Passkeys are driven in a browser, in tests/browser/test_passkeys.py."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import PASSWORD


@pytest.fixture
def clock(monkeypatch: Any) -> Any:
    """A time that stands still in the middle of a code's half minute; `clock(30)` moves it."""
    now = [time.time() // 30 * 30 + 15]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now[0])

    def move(seconds: int) -> None:
        now[0] += seconds

    return move


def code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(auth.time.time()) // 30))


def enter_password(client: Client, person: User) -> str:
    """The first step; where it leads."""
    credentials = {"login": person.email, "password": PASSWORD}
    return client.post(reverse("account_login"), credentials).headers["Location"]


def test_setting_up_asks_for_the_password_again_and_is_told_by_mail(
    client: Client, manager: User, clock: Any, post_mails: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(manager)
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})

    assert response.headers["Location"] == reverse("mfa_view_recovery_codes")
    acts = list(AuditEvent.objects.filter(actor=manager).order_by("pk").values_list("act", flat=True))
    assert acts == ["person.add_totp", "person.make_recovery_codes"]
    (told,) = post_mails()
    assert told.to == [manager.email]
    assert "http://localhost:8000" in told.body
    assert "testserver" not in told.body


def test_reauthentication_needs_the_own_password(client: Client, manager: User) -> None:
    client.force_login(manager)

    response = client.post(reverse("account_reauthenticate"), {"password": "wrong"})

    assert response.context["form"].errors == {"password": ["Incorrect password."]}
    assert client.get(reverse("mfa_activate_totp")).status_code == 302


def test_the_password_alone_does_not_let_in_and_a_code_works_once(client: Client, manager: User, clock: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(manager, secret)
    shown = code(secret)

    assert enter_password(client, manager) == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:profile")).status_code == 302
    response = client.post(reverse("mfa_authenticate"), {"code": shown})
    assert response.headers["Location"] == reverse("candidates:home")

    again = Client()
    enter_password(again, manager)
    assert again.post(reverse("mfa_authenticate"), {"code": shown}).context["form"].errors == {
        "code": ["Incorrect code."]
    }
    clock(30)
    assert again.post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302


def test_a_recovery_code_works_once(client: Client, manager: User) -> None:
    TOTP.activate(manager, generate_totp_secret())
    recovery = RecoveryCodes.activate(manager).get_unused_codes()[0]

    statuses = []
    for browser in (client, Client()):
        enter_password(browser, manager)
        statuses.append(browser.post(reverse("mfa_authenticate"), {"code": recovery}).status_code)

    assert statuses == [302, 200]


def test_codes_are_limited_by_account(client: Client, manager: User, clock: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(manager, secret)
    enter_password(client, manager)
    for number in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"}, REMOTE_ADDR=f"10.0.0.{number}")

    response = client.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert response.context["form"].errors == {"code": ["Too many failed login attempts. Try again later."]}


def test_deactivated_between_the_two_steps_stays_out(client: Client, manager: User, clock: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(manager, secret)
    enter_password(client, manager)
    User.objects.update(is_active=False)

    client.post(reverse("mfa_authenticate"), {"code": code(secret)})

    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize("typed", ["", "\0", "x" * 10_000, "１２３４５６", "-1"])
def test_bad_codes_are_told_so(client: Client, manager: User, typed: str) -> None:
    TOTP.activate(manager, generate_totp_secret())
    enter_password(client, manager)

    response = client.post(reverse("mfa_authenticate"), {"code": typed})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["code"]


BAD_PASSKEYS = [
    "",
    "x",
    "null",
    "[]",
    "{}",
    '{"id": 1}',
    "\0",
    '{"rawId": "AA", "type": 7}',
    '{"response": []}',
    "1" * 5000,
]


@pytest.mark.parametrize("credential", BAD_PASSKEYS)
def test_bad_passkeys_break_no_other_form(client: Client, manager: User, credential: str) -> None:
    TOTP.activate(manager, generate_totp_secret())
    enter_password(client, manager)
    assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 200
    client.force_login(manager)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(reverse("mfa_add_webauthn"), {"credential": credential}).status_code < 400
    assert client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential}).status_code < 400


@pytest.mark.parametrize("credential", BAD_PASSKEYS)
def test_bad_passkeys_are_told_so(client: Client, manager: User, credential: str) -> None:
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert (response.status_code, response.headers["Location"]) == (302, reverse("account_login"))


def test_passkey_challenges_are_public_and_new_each_time(client: Client, db: None) -> None:
    headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}

    challenges = {
        client.get(reverse("mfa_login_webauthn"), headers=headers).json()["request_options"]["publicKey"]["challenge"]
        for _ in range(2)
    }

    assert len(challenges) == 2
    assert all(re.fullmatch(r"[\w-]{22,}", challenge) for challenge in challenges)
