"""Before you submit, nothing the server sends depends on anyone else's score.

Every GET route of the URLconf is asked by every viewer in two worlds that differ only in what that viewer must not
learn, with every kind of sort, filter, search, page and format; then the mails queued for them and what they are
notified of. The answers must be the same, byte for byte. Those with a card open are here, all others beside.
"""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db.models import Q
from django.test import Client

from candidates import access
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.twins import QUERIES, differences
from tests.worlds import World, answer, make_world, stop_the_clock


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    stop_the_clock(monkeypatch)
    return make_world()


@pytest.mark.parametrize("viewer", ["interviewer", "manager", "shadow", "panel_admin"])
def test_answers_to_the_sealed_do_not_depend_on_what_is_hidden(world: World, viewer: str) -> None:
    different, compared = differences(world, viewer, QUERIES)

    assert different == []
    assert compared >= 250
    assert mail.outbox == []


def test_hidden_and_absent_scorecards_answer_alike(world: World) -> None:
    client = Client()
    for user in world.viewers.values():
        client.force_login(user)
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
    monkeypatch.setattr("tests.twins.urls", lambda _: [f"/openings/{world.opening.pk}/{end}" for end in ENDS])
    different, _ = differences(world, "manager", [])

    assert {f"/openings/{world.opening.pk}/{end}" for end in ENDS} <= set(different)


ENDS = ["", "compare/"]


def test_a_mail_that_tells_of_others_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(**fields: Any) -> MailMessage:
        who = world.in_hidden.interview.scorecards.filter(state="submitted").order_by("pk").first()
        return honest(**fields | {"text": f"{fields['text']}{who.interviewer} has handed in."})

    honest = MailMessage.objects.create
    monkeypatch.setattr(MailMessage.objects, "create", leaky)
    monkeypatch.setattr("tests.twins.urls", lambda _: [])
    different, compared = differences(world, "interviewer", [])

    assert compared >= 5
    assert [name for name in different if name.startswith("mail")]
