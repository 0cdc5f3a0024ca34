"""Before you submit, nothing the server sends depends on anyone else's score.

Every GET route of the URLconf is asked by every viewer in two worlds that differ only in what that viewer must not
learn, with every kind of sort, filter, search, page and format. The answers must be the same, byte for byte.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from candidates import access
from smarter.accounts.models import User
from tests.worlds import (
    DECISION,
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
    "scores=after_debrief&middle=both&names=masked",
]  # fmt: skip


def patterns(resolver: URLResolver, namespace: str = "", prefix: str = "") -> Iterator[tuple[str, URLPattern, str]]:
    """Every pattern with its full name and route."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, route)
        else:
            yield namespace + (entry.name or route), entry, route


def targets(world: World) -> dict[str, list[Any]]:
    """What may stand after each word of a URL: rows of every kind of visibility."""
    applications = [world.hidden, world.closed, world.visible]
    interviews = [interview for application in applications for interview in application.interviews.all()]
    cards = [world.in_hidden, world.waiting_in_hidden, *world.own_cards.values()]
    cards += [interview.scorecards.all()[0] for interview in interviews if interview.scorecards.exists()]
    return {
        "openings": [world.opening.pk, world.elsewhere.pk],
        "applications": [application.pk for application in applications],
        "candidates": [application.candidate_id for application in applications],
        "interviews": [interviews[0].pk, interviews[1].pk],
        "scorecards": [card.pk for card in cards],
        "scores": [score.pk for card in cards[:3] for score in card.scores.all()[:1]],
        "versions": [world.opening.rubric_version_id],
        "rubrics": [world.opening.rubric_version.rubric_id],
        "people": [world.viewers["stranger"].pk],
        "invitations": [1],
        "passkeys": [1],
        "debriefs": [world.debrief.pk],
        "items": [world.closed.pk],
        "decisions": [DECISION],
        "shortlists": [world.shortlisted.shortlist_id],
        "entries": [world.shortlisted.pk],
        "edit": ["action"],
        "stop": ["made-up"],
    }


def urls(world: World) -> list[str]:
    """Every GET route with every row it may be asked for; a parameter after a word not in `targets` fails."""
    rows = targets(world)
    found = []
    for _, pattern, route in patterns(get_resolver()):
        names = list(pattern.pattern.converters or {})
        words = [re.search(rf"(\w+)/(?:<\w+:\w+>/)*<\w+:{name}>", route) for name in names]
        for values in product(*(rows[word[1]] for word in words if word)):
            found.append("/" + _fill(route, dict(zip(names, values, strict=True))))
    return found


def _fill(route: str, values: dict[str, Any]) -> str:
    """A route with its parameters filled in."""
    for parameter, value in values.items():
        start = route.index("<")
        end = route.index(">", start)
        assert parameter in route[start:end]
        route = route[:start] + str(value) + route[end + 1 :]
    return route.removeprefix("^").removesuffix("$")


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
