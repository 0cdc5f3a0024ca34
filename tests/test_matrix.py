"""Every address × every role × every method, derived from the URLconf and held to tests/rules.py."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.rules import METHODS, ROLES, RULES, Rule, World
from tests.test_public_urls import named_urls

ABSENT = 987_654_321
pytestmark = pytest.mark.django_db


def kind(response: Any) -> str:
    """What an answer amounts to."""
    status, location = response.status_code, response.headers.get("Location", "")
    if status == 401 or location.startswith(f"{reverse('account_login')}?next="):
        return "sign in"
    return {403: "refused", 404: "hidden", 405: "no such method", 429: "limited"}.get(
        status, "in" if status < 500 else "crash"
    )


def ask(rule: Rule, world: World, role: str, method: str, address: str) -> Any:
    """One request by one role, undone afterwards."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.cookies["session"] = world.session_keys[role]
    with transaction.atomic():
        body = rule.body(world, role, address)
        if method != "POST":
            response = client.generic(method, address)
        elif rule.sends_autosave:
            response = client.post(address, body, content_type="application/json")
        else:
            response = client.post(address, body)
        transaction.set_rollback(True)
    return response


def masked(response: Any) -> tuple[int, str]:
    """Status and body without what differs from page load to page load."""
    return response.status_code, re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert {rule.name for rule in RULES} == {name for name, _ in named_urls(get_resolver())}


def test_the_matrix_is_large_enough() -> None:
    assert len(RULES) * len(ROLES) * len(METHODS) >= 1_500


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_matrix(rule: Rule) -> None:
    world = World()
    address = rule.address(world)

    answers = {(role, method): ask(rule, world, role, method, address) for role in ROLES for method in METHODS}

    wrong = {
        cell: (rule.expected(*cell), kind(answer))
        for cell, answer in answers.items()
        if kind(answer) != rule.expected(*cell)
    }
    assert wrong == {}
    assert {cell for cell, answer in answers.items() if "no-store" not in answer.headers["Cache-Control"]} == set()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.on], ids=str)
def test_hidden_and_absent_look_alike(rule: Rule) -> None:
    world = World()
    address = rule.address(world)
    absent = re.sub(r"/\d+/", f"/{ABSENT}/", address, count=1)

    for method in ("GET", "POST"):
        for role in ROLES:
            if rule.expected(role, method) == "hidden":
                there, gone = (ask(rule, world, role, method, place) for place in (address, absent))
                assert masked(there) == masked(gone)
