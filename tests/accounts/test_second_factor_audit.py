"""What a person changes in their ways to sign in is recorded with the change, and every refused try leaves a trace."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import PASSWORD


@pytest.fixture
def at_home(client: Client, manager: User) -> Client:
    """Signed in, and asked for the password a moment ago."""
    client.force_login(manager)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def events() -> list[tuple[str | None, str, int | None]]:
    """Who did what to whom, the oldest first."""
    rows = AuditEvent.objects.order_by("pk").select_related("actor")
    return [(row.actor.name if row.actor else None, row.act, row.subject_id) for row in rows]


def passkey(user: User, name: str = "Laptop") -> Authenticator:
    """A key as the browser would have left it."""
    data = {"name": name, "passwordless": True, "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_app(client: Client, _user: User) -> None:
    """Set up an app."""
    page = client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": code(page.context["form"].secret)})


def remove_app(client: Client, user: User) -> None:
    """Take away the app, and with it the recovery codes."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client.post(reverse("mfa_deactivate_totp"))


def new_codes(client: Client, user: User) -> None:
    """Take new recovery codes in place of the old."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    client.post(reverse("mfa_generate_recovery_codes"))


def rename_key(client: Client, user: User) -> None:
    """Call a passkey otherwise; another person's key stays out of it."""
    client.post(reverse("mfa_edit_webauthn", args=[passkey(user).pk]), {"name": "Phone"})


def remove_key(client: Client, user: User) -> None:
    """Take away a passkey of two."""
    passkey(user)
    client.post(reverse("mfa_remove_webauthn", args=[passkey(user).pk]))


def end_sessions(client: Client, user: User) -> None:
    """End the session of another device."""
    UserSession.objects.create(user=user, session_key="elsewhere", ip="127.0.0.1", user_agent="x")
    client.get(reverse("accounts:profile"))
    client.post(reverse("usersessions_list"))


CHANGES = [
    (add_app, ["person.add_totp", "person.make_recovery_codes"]),
    (remove_app, ["person.remove_recovery_codes", "person.remove_totp"]),
    (new_codes, ["person.make_recovery_codes"]),
    (rename_key, ["person.rename_passkey"]),
    (remove_key, ["person.remove_passkey"]),
    (end_sessions, ["session.end_others"]),
]


@pytest.mark.parametrize(("change", "acts"), CHANGES, ids=lambda given: getattr(given, "__name__", ""))
def test_changes_are_recorded(
    at_home: Client, manager: User, change: Callable[[Client, User], None], acts: list[str]
) -> None:
    change(at_home, manager)

    assert events() == [(manager.name, act, manager.pk) for act in acts]


@pytest.mark.parametrize("change", [change for change, _ in CHANGES], ids=lambda change: change.__name__)
def test_changes_that_cannot_be_recorded_have_not_happened(
    at_home: Client, manager: User, change: Callable[[Client, User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_event: Any) -> None:
        raise RuntimeError("the audit is full")

    seen: list[Any] = []
    monkeypatch.setattr("smarter.accounts.second_factor.record", refuse)
    post = at_home.post

    def watched(*args: Any, **kwargs: Any) -> Any:
        seen.append(stored())
        return post(*args, **kwargs)

    monkeypatch.setattr(at_home, "post", watched)

    with pytest.raises(RuntimeError, match="the audit is full"):
        change(at_home, manager)

    assert seen == [stored()]


def stored() -> list[Any]:
    """All ways to sign in, and all sessions."""
    return [*Authenticator.objects.order_by("pk").values(), *UserSession.objects.order_by("pk").values("session_key")]


def test_a_refused_second_step_is_told_of_the_person_and_of_nobodys_doing(client: Client, manager: User) -> None:
    TOTP.activate(manager, generate_totp_secret())
    client.post(reverse("account_login"), {"login": manager.email, "password": PASSWORD})

    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"credential": '{"id": "AA"}'})
    client.post(reverse("mfa_authenticate"), {"code": ""})

    assert events() == [(None, "session.refuse_second_step", manager.pk)] * 2
    assert [event.detail for event in AuditEvent.objects.all()] == [{}, {}]


def test_tries_beyond_the_limit_are_told_too(client: Client, manager: User) -> None:
    TOTP.activate(manager, generate_totp_secret())
    client.post(reverse("account_login"), {"login": manager.email, "password": PASSWORD})

    for _ in range(7):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert events() == [(None, "session.refuse_second_step", manager.pk)] * 7


def test_a_refused_passkey_without_a_name_is_told_of_nobody(client: Client, db: None) -> None:
    client.post(reverse("mfa_login_webauthn"), {"credential": '{"id": "AA"}'})

    assert events() == [(None, "session.refuse_second_step", None)]


def test_a_refused_reauthentication_is_told(client: Client, manager: User) -> None:
    TOTP.activate(manager, generate_totp_secret())
    client.force_login(manager)

    client.post(reverse("mfa_reauthenticate"), {"code": "000000"})

    assert events() == [(None, "session.refuse_second_step", manager.pk)]


def test_a_code_that_is_taken_is_a_sign_in(client: Client, manager: User) -> None:
    TOTP.activate(manager, generate_totp_secret())
    recovery = RecoveryCodes.activate(manager).get_unused_codes()[0]
    client.post(reverse("account_login"), {"login": manager.email, "password": PASSWORD})

    client.post(reverse("mfa_authenticate"), {"code": recovery})

    assert events() == [(manager.name, "session.sign_in", manager.pk)]
