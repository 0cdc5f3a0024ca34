"""Which URLs answer somebody who has not signed in: exactly these."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

PUBLIC = [
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accounts:invitation_accept",
    "demo_sign_in",
    "healthz",
    "mail:mail_stop",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "readyz",
]
ARGUMENTS = {IntConverter: 1, UUIDConverter: "00000000-0000-4000-8000-000000000000"}


def named_urls(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    """The name of every URL with one address that matches it."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            converters = entry.pattern.converters
            names = set(entry.pattern.regex.groupindex) | set(converters)
            arguments = {name: ARGUMENTS.get(type(converters.get(name)), "x") for name in names}
            yield namespace + entry.name, reverse(namespace + entry.name, kwargs=arguments)


@pytest.mark.django_db
def test_urls_that_answer_without_signing_in_are_these():
    sign_in = reverse(settings.LOGIN_URL)

    answering = set()
    for name, address in named_urls(get_resolver()):
        for ask in (Client().get, Client().post):
            response = ask(address)
            turned_away = response.status_code == 401 or response.headers.get("Location", "").startswith(sign_in + "?")
            if not turned_away:
                answering.add(name)

    assert sorted(answering) == PUBLIC


def test_every_url_has_a_name():
    def nameless(resolver: URLResolver) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from nameless(entry)
            elif not entry.name:
                yield str(entry.pattern)

    assert list(nameless(get_resolver())) == []
