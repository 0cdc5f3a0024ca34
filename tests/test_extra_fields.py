"""What a form does not ask for changes nothing, whatever else is sent along: roles, states, other people's numbers."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client

from tests.rules import RULES, Rule, World
from tests.test_bad_values import HIDDEN_NAMES, opens_to, page_fields
from tests.twins import number_alike

pytestmark = pytest.mark.django_db
CHANCE = ("token_hash", "message_id", "password", "text", "html", "attachments")
Stored = dict[str, list[dict[str, Any]]]


def extras(world: World) -> dict[str, str]:
    """Every field of our models by its name, with what somebody would like it to be."""
    wanted = {
        "state": "submitted", "submitted_at": "2026-01-01 10:00", "roles": "admin", "role": "recruiter",
        "is_admin": "on", "is_recruiter": "on", "is_active": "", "is_independent": "on", "is_final": "on",
        "is_shadow": "on", "first_seen_at": "", "handed_back_at": "", "version": "0", "erased_at": "2026-01-01",
        "user_id": str(world.stranger.pk), "stage": "hired", "weight": "100", "is_demo": "on",
    }  # fmt: skip
    people = ("user", "interviewer", "interviewer_id", "actor", "created_by", "created_by_id", "decided_by", "viewer")
    rows = {"scorecard": world.own_in, "interview": world.interview, "opening": world.opening, "id": world.own_in}
    return (
        wanted
        | dict.fromkeys(people, str(world.stranger.pk))
        | {name: str(row.pk) for name, row in rows.items()}
        | {"pk": str(world.stranger.pk), "candidate": str(world.application.candidate_id)}
    )


def stored() -> Stored:
    """Everything, without what is made by chance or by the clock."""
    found = {}
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("candidates", "rubrics", "smarter"):
            clock = (models.DateTimeField, models.UUIDField)
            names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, clock)]
            names = [name for name in names if name not in CHANCE]
            found[model._meta.label] = list(model._default_manager.order_by("pk").values(*names))
    return found


def after(world: World, role: str, address: str, body: dict[str, Any]) -> tuple[int, Stored]:
    """What one request answers and leaves behind, undone afterwards."""
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.cookies["session"] = world.session_keys[role]
    with transaction.atomic():
        number_alike()
        status = client.post(address, body).status_code
        left = stored()
        transaction.set_rollback(True)
    return status, left


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if opens_to(rule, "POST") and not rule.sends_autosave], ids=str
)
def test_fields_that_a_form_does_not_have_change_nothing(rule: Rule) -> None:
    world = World()
    address, role = rule.address(world), opens_to(rule, "POST")
    assert role
    asked = page_fields(world, role, address) if rule.get else {}
    body = {name: value.decode() for name, value in asked.items()} | rule.body(world, role, address)
    meant = body if rule.get else {*body, *HIDDEN_NAMES}
    more = {name: value for name, value in extras(world).items() if name not in meant}

    assert after(world, role, address, body | more) == after(world, role, address, body)
