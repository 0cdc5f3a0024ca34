"""Password reset by mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.factories import make_user

NEW = {"password1": "battery-staple-horse", "password2": "battery-staple-horse"}


def ask(client: Client, email: str, **extra: Any) -> Any:
    """Ask for a link."""
    return client.post(reverse("account_reset_password"), {"email": email}, **extra)


def follow(client: Client, path: str) -> Any:
    """Open a link as a browser does, and answer the page that it leads to."""
    page = client.get(path, follow=True)
    target = page.redirect_chain[-1][0] if page.redirect_chain else path
    return client.post(target, NEW)


def test_known_unknown_and_deactivated_get_the_same_answer_and_as_many_mails(
    client: Client, manager: User, post_mails: Any
) -> None:
    make_user(email="gone@example.com", is_active=False)

    answers = [ask(client, email) for email in ("manager@example.com", "nobody@example.com", "gone@example.com")]

    assert {(a.status_code, a.headers["Location"], a.content) for a in answers} == {
        (302, reverse("account_reset_password_done"), b"")
    }
    sent = post_mails()
    assert [(m.to[0], m.subject) for m in sent] == [
        ("manager@example.com", "Set a new password for Smarter"),
        ("nobody@example.com", "Set a new password for Smarter"),
        ("gone@example.com", "Set a new password for Smarter"),
    ]
    assert ["/key/" in m.body for m in sent] == [True, False, False]


def test_the_link_starts_at_the_site_and_works_once(client: Client, manager: User, post_mails: Any) -> None:
    elsewhere = Client()
    elsewhere.force_login(manager)
    ask(client, "Manager@Example.com", HTTP_HOST="localhost:666")
    (message,) = post_mails()
    html, _ = message.alternatives[0]
    (path,) = set(re.findall(r"http://localhost:8000(/account/password/reset/key/\S+/)", message.body))

    assert f'href="http://localhost:8000{path}"' in html
    assert "666" not in message.body + html
    assert follow(client, path).headers["Location"] == reverse("account_reset_password_from_key_done")
    manager.refresh_from_db()
    assert manager.check_password(NEW["password1"])
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert "token_fail" in Client().get(path).context
    assert AuditEvent.objects.values_list("actor", "act").get() == (manager.pk, "person.set_password")


def test_the_link_lives_an_hour(client: Client, manager: User, post_mails: Any, monkeypatch: Any) -> None:
    ask(client, manager.email)
    (path,) = re.findall(r"http://localhost:8000(\S+/key/\S+/)", post_mails()[0].body)
    later = timezone.now().replace(tzinfo=None) + timedelta(hours=1, minutes=1)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda _self: later)

    assert "token_fail" in client.get(path).context


def test_the_sixth_mail_to_an_account_waits(client: Client, post_mails: Any) -> None:
    statuses = [ask(client, "nobody@example.com", REMOTE_ADDR=f"10.0.0.{i}").status_code for i in range(6)]

    assert statuses == [302] * 5 + [429]
    assert len(post_mails()) == 5


def test_a_mail_server_that_is_down_breaks_nothing_and_loses_nothing(
    client: Client, manager: User, post_mails: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def refuse(*_arguments: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as down:
        down.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        answer = ask(client, manager.email)
        assert post_mails() == []
    MailMessage.objects.update(next_attempt_at=timezone.now())

    assert answer.status_code == 302
    assert [message.to for message in post_mails()] == [[manager.email]]
    assert "manager@example.com" not in caplog.text


def test_nothing_of_the_link_stays_in_the_outbox_once_it_is_sent(
    client: Client, manager: User, post_mails: Any
) -> None:
    ask(client, manager.email)
    before = MailMessage.objects.values_list("text", "expires_at").get()
    post_mails()

    row = MailMessage.objects.get()
    assert "/key/" in before[0]
    assert before[1] <= timezone.now() + timedelta(hours=1)
    assert (row.subject, row.text, row.html, row.sent_at == row.emptied_at) == ("", "", "", True)


@pytest.mark.parametrize("email", ["", "x", "\0@example.com", "a@" + "b" * 5000 + ".com", "a@b.cd\r\nBcc: x@y.z"])
def test_bad_addresses_are_told_so(client: Client, db: None, email: str) -> None:
    response = ask(client, email)

    assert list(response.context["form"].errors) == ["email"]


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzzzzzz-abc", "1-set-password", "0-%00", "1-%ED%A0%80"])
def test_made_up_links_are_told_so(client: Client, db: None, key: str) -> None:
    response = client.get(f"/account/password/reset/key/{key}/")

    assert response.status_code == 200
    assert response.context["token_fail"] is True
