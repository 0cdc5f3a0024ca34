"""Every form and every query takes whatever is sent: an answer, never a crash."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client

from tests.rules import RULES, Rule, World

VALUES = [
    b"",
    b"\0",
    b"\xed\xa0\x80",  # half of a surrogate pair
    b"\xff\xfe",
    b"-1",
    b"0",
    b"9" * 5000,
    b"1e400",
    b"NaN",
    b"a" * 70_000,
    b"2026-13-45",
    b"9999-12-31T23:59",
    b"0001-01-01",
    "١٢٣ \u202e💥 =1+1 <script>alert(1)</script> {{ 7 }} %s ' OR 1=1 --".encode(),
    b"[]",
    b'{"a": [null]}',
]
QUERY_VALUES = [value[:300] for value in VALUES[:8] + VALUES[-3:]]
NASTY = [b"\0", b"9" * 30, "٣".encode()]
# What addresses without a page of their own read, and what lists may read from the query.
HIDDEN_NAMES = ["stage", "act", "c", "change", "version", "email", "enabled", "next", "answer", "credential"]
QUERY_NAMES = ["page", "sort", "q", "c", "state", "stage", "view", "format", "change", "gaps", "next", "names", "w"]
pytestmark = pytest.mark.django_db


def opens_to(rule: Rule, method: str) -> str | None:
    """Somebody who is let in."""
    return next((role for role in reversed(rule_roles(rule, method)) if role != "gone"), None)


def rule_roles(rule: Rule, method: str) -> tuple[str, ...]:
    """Those let in by a method."""
    return {"GET": rule.get, "POST": rule.post}[method] or ()


def encoded(pairs: list[tuple[str, bytes]]) -> str:
    """A form's body, or a query, byte for byte."""
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)


def send(world: World, role: str, method: str, address: str, body: str) -> int:
    """The status of one request, undone afterwards."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.cookies["session"] = world.session_keys[role]
    with transaction.atomic():
        if method == "GET":
            response = client.get(f"{address}?{body}")
        else:
            kind = "application/json" if body.startswith(("{", "[")) else "application/x-www-form-urlencoded"
            response = client.generic("POST", address, body, content_type=kind)
        transaction.set_rollback(True)
    return response.status_code


def page_fields(world: World, role: str, address: str) -> dict[str, bytes]:
    """The fields of a page's forms as the browser would send them, more or less."""
    client = Client()
    if role != "anonymous":
        client.cookies["session"] = world.session_keys[role]
    page = client.get(address).content.decode()
    fields: dict[str, bytes] = {}
    for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*\bname=\"[^>]*>", page):
        name = re.search(r'\bname="([^"]*)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            fields.setdefault(unescape(name[1]), unescape(value[1]).encode() if value else b"x")
    return fields


@pytest.mark.parametrize("rule", [rule for rule in RULES if opens_to(rule, "POST")], ids=str)
def test_forms_answer_whatever_is_sent(rule: Rule) -> None:
    world = World()
    address, role = rule.address(world), opens_to(rule, "POST")
    assert role
    fields = page_fields(world, role, address) if rule.get else {}
    names = [*fields, *HIDDEN_NAMES] if len(fields) < 3 else list(fields)
    bodies = [encoded([(name, value) for name in names]) for value in VALUES]
    bodies += [encoded([(name, value) for name in names for _ in range(3)]) for value in NASTY]
    one_of_each = {re.sub(r"\d+", "#", name): name for name in fields}.values()
    bodies += [encoded([*(fields | {name: NASTY[i % 3]}).items()]) for i, name in enumerate(one_of_each)]

    crashes = [body[:200] for body in bodies if send(world, role, "POST", address, body) >= 500]

    assert crashes == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if opens_to(rule, "GET")], ids=str)
def test_pages_answer_whatever_is_asked(rule: Rule) -> None:
    world = World()
    address, role = rule.address(world), opens_to(rule, "GET")
    assert role
    names = [*QUERY_NAMES, *page_fields(world, role, address)][:40]
    queries = [encoded([(name, value) for name in names]) for value in QUERY_VALUES]

    crashes = [query[:200] for query in queries if send(world, role, "GET", address, query) >= 500]

    assert crashes == []


def nested(depth: int) -> str:
    """Lists in lists."""
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.sends_autosave], ids=str)
def test_scripts_get_an_answer_whatever_they_send(rule: Rule) -> None:
    world = World()
    address, role = rule.address(world), opens_to(rule, "POST")
    assert role
    good = rule.body(world, role, address)
    values: list[Any] = [None, True, -1, 10**40, 1.5, "x", "\0", [], {}, {"a": "\0"}, {"x": 1}, "\ud800", {"\0": "\0"}]
    bodies = [json.dumps(good | {name: value}) for name in good for value in values]
    bodies += ["{", "[]", "[1]", nested(100_000), '{"card": ' + "9" * 5000 + "}", '{"card": NaN}', json.dumps({})]

    crashes = [body[:200] for body in bodies if send(world, role, "POST", address, body) >= 500]

    assert crashes == []
