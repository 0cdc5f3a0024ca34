"""Limits by account and by address, counted in the database before a password is hashed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from smarter.accounts.adapter import UNKNOWN_ADDRESS, client_address
from smarter.accounts.models import User
from tests.factories import PASSWORD, make_invitation, make_user

TOO_MANY = "Too many failed login attempts. Try again later."
MISMATCH = "The email address and/or password you specified are not correct."


@pytest.fixture
def hashes(monkeypatch: Any) -> list[str]:
    """The passwords hashed."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def noted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", noted)
    return hashed


def attempt(client: Client, email: str, typed: str = "wrong", **extra: Any) -> str | None:
    """What the sign-in page says to a try; None where it lets in."""
    response = client.post(reverse("account_login"), {"login": email, "password": typed}, **extra)
    if response.status_code == 302:
        return None
    page = response.content.decode()
    return next(answer for answer in (TOO_MANY, MISMATCH) if answer in page)


def test_five_failures_pause_an_account_before_hashing(client: Client, manager: User, hashes: list[str]) -> None:
    spellings = ["manager@example.com", "Manager@example.com", " MANAGER@EXAMPLE.COM"]
    for i in range(5):
        host = {"HTTP_HOST": f"localhost:{i + 1}"}
        assert attempt(client, spellings[i % 3], REMOTE_ADDR=f"10.0.0.{i}", **host) == MISMATCH
    hashes.clear()

    assert attempt(client, manager.email, PASSWORD, REMOTE_ADDR="10.9.9.9", HTTP_HOST="localhost:99") == TOO_MANY
    assert hashes == []
    other = make_user()
    assert attempt(client, other.email, PASSWORD, REMOTE_ADDR="10.9.9.9") is None


def test_unknown_accounts_are_paused_alike(client: Client, db: None, hashes: list[str]) -> None:
    answers = [attempt(client, "nobody@example.com", REMOTE_ADDR=f"10.0.0.{i}") for i in range(6)]

    assert answers == [MISMATCH] * 5 + [TOO_MANY]
    assert len(hashes) == 5


def test_twenty_failures_pause_an_address(client: Client, manager: User, hashes: list[str]) -> None:
    for i in range(20):
        assert attempt(client, f"nobody{i}@example.com") == MISMATCH
    hashes.clear()

    assert attempt(client, manager.email, PASSWORD) == TOO_MANY
    assert hashes == []
    assert attempt(client, manager.email, PASSWORD, REMOTE_ADDR="10.9.9.9") is None


def test_signing_in_does_not_wipe_failures(client: Client, manager: User) -> None:
    for i in range(4):
        attempt(client, manager.email, REMOTE_ADDR=f"10.0.0.{i}")
    assert attempt(client, manager.email, PASSWORD) is None
    client.logout()

    assert attempt(client, manager.email) == MISMATCH
    assert attempt(client, manager.email, PASSWORD) == TOO_MANY


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_over_many_workers(hashes: list[str]) -> None:
    def worker(number: int) -> str | None:
        try:
            return attempt(Client(), "manager@example.com", REMOTE_ADDR=f"10.0.0.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(worker, range(24)))

    assert answers.count(MISMATCH) == len(hashes) == 5


def test_invitations_are_limited_by_address_with_a_page_that_says_what_to_do(client: Client, admin: User) -> None:
    _, path = make_invitation(invited_by=admin)

    responses = [client.post(path, {}) for _ in range(31)]

    assert [response.status_code for response in responses] == [200] * 30 + [429]
    assert "Wait ten minutes, then try again." in responses[-1].content.decode()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.1.1.1"),
        (0, "6.6.6.6", "10.1.1.1"),
        (1, None, "10.1.1.1"),
        (1, "6.6.6.6, 7.7.7.7", "7.7.7.7"),
        (2, "6.6.6.6, 7.7.7.7, 8.8.8.8", "7.7.7.7"),
        (2, "7.7.7.7", "10.1.1.1"),
        (1, "6.6.6.6, [2001:db8::1]:443", "2001:db8::1"),
        (1, "<script>", UNKNOWN_ADDRESS),
        (1, "", UNKNOWN_ADDRESS),
    ],
)
def test_forwarded_addresses_count_from_our_own_proxies_only(
    settings: Any, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    assert client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.1.1.1")) == address
