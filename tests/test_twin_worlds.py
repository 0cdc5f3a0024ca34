"""Before you submit, nothing the server sends depends on anyone else's score.

Every GET route of the URLconf is asked by every viewer in two worlds that differ only in what that viewer must not
learn, with every kind of sort, filter, search, page and format. The answers must be the same, byte for byte.
"""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db.models import Q
from django.test import Client

from candidates import access
from smarter.accounts.models import User
from tests.routes import urls
from tests.worlds import (
    Answer,
    World,
    answer,
    change_what_is_hidden,
    make_world,
    remember,
    stop_the_clock,
    undone,
)

VIEWERS = [
    "interviewer", "manager", "shadow", "decliner", "panel_admin", "recruiter", "other", "admin", "stranger",
]  # fmt: skip
QUERIES = [
    "sort=total&page=2", "sort=-total&q=Xenia", "stage=interviewing&q=Planted", "format=csv", "format=xlsx&view=table",
    "scores=after_debrief&middle=both&names=masked&anchors=together",
]  # fmt: skip


def differences(world: World, viewer: str, queries: list[str]) -> tuple[list[str], int]:
    """The URLs that answer otherwise in the two worlds, and how many pairs were compared."""
    client = Client()
    client.force_login(world.viewers[viewer])
    with undone():
        remember(world)
        first = {url: answer(client, url) for url in urls(world)}
        first |= {url: _ask(client, url) for url in _variants(first, queries)}
    with undone():
        change_what_is_hidden(world, viewer)
        remember(world)
        second = {url: _ask(client, url) for url in first}
    return [url for url in first if first[url] != second[url]], len(first)


def _variants(answers: dict[str, Answer], queries: list[str]) -> list[str]:
    """One page of each kind that this viewer was shown, with every query and as a fragment."""
    shown = [url for url, (status, _, _) in answers.items() if status == 200 and not url.startswith("/account/")]
    of_a_kind = {re.sub(r"\d+", "", url): url for url in reversed(shown)}
    return [
        *(f"{url}?{query}" for url in of_a_kind.values() for query in queries),
        *(f"fragment {url}" for url in of_a_kind.values()),
    ]


def _ask(client: Client, url: str) -> Answer:
    return answer(client, url.removeprefix("fragment "), htmx=url.startswith("fragment "))


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    stop_the_clock(monkeypatch)
    return make_world()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_answers_do_not_depend_on_what_is_hidden(world: World, viewer: str) -> None:
    different, compared = differences(world, viewer, QUERIES)

    assert different == []
    assert compared >= 120
    assert mail.outbox == []


def test_hidden_and_absent_scorecards_answer_alike(world: World) -> None:
    client = Client()
    for viewer in VIEWERS:
        client.force_login(world.viewers[viewer])
        for suffix in ["", "edit/", "review/", "decline/"]:
            hidden = answer(client, f"/scorecards/{world.in_hidden.pk}/{suffix}")
            absent = answer(client, f"/scorecards/987654/{suffix}")
            assert hidden[0] == 404
            assert hidden == absent


@pytest.mark.parametrize("leak", ["everything_readable", "sealed_ignored"])
def test_a_planted_leak_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
    honest = access.sealable

    def leaky(user: User | AnonymousUser) -> dict[str, Any]:
        flags = honest(user)
        if leak == "everything_readable":
            return flags | {"is_readable": access._flag(Q(pk__gt=0))}
        return flags | {"is_sealed": access._flag(Q(pk__lt=0))}

    monkeypatch.setattr("candidates.models.candidates.sealable", leaky)
    different, _ = differences(world, "manager", [])

    assert f"/openings/{world.opening.pk}/" in different
    assert f"/openings/{world.opening.pk}/compare/" in different
