"""Many writers on one card, on PostgreSQL: SQLite has one writer at a time and would hide what goes wrong."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from candidates import panels
from candidates.models import Opening, Scorecard
from candidates.scoring import CardChanged, submit_card
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_scorecard

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: set DATABASE_URL"),
]


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads, each with a database connection of its own."""
    start = Barrier(number)

    def run(which: int) -> Any:
        start.wait()
        try:
            return act(which)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_eight_writers_lose_no_acknowledged_save(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer)
    url = reverse("candidates:scorecard_autosave", args=[card.pk])
    browser = Client()
    browser.force_login(interviewer)

    def write(which: int) -> tuple[list[int], set[int]]:
        """25 saves, each adding a word to the text as the last answer showed it."""
        client = Client()
        client.cookies = browser.cookies
        version, text, acknowledged, others = 0, "", [], set()
        while len(acknowledged) < 25:
            longer = f"{text} {which}-{len(acknowledged)}"
            body = {
                "card": card.pk, "user": interviewer.pk, "sequence": 1, "version": version,
                "fields": {"evidence.teams": longer},
            }  # fmt: skip
            answer = client.post(url, json.dumps(body), content_type="application/json")
            if answer.status_code == 200:
                version, text = answer.json()["version"], longer
                acknowledged.append(version)
            else:
                others.add(answer.status_code)
                version, text = answer.json()["version"], answer.json()["fields"]["evidence.teams"]
        return acknowledged, others

    results = at_once(8, write)

    saved = Scorecard.objects.with_context().with_typed().get(pk=card.pk)
    words = load_sheet(saved).fields["evidence.teams"].split()
    assert sorted(version for versions, _ in results for version in versions) == list(range(1, 201))
    assert sorted(words) == sorted(f"{which}-{number}" for which in range(8) for number in range(25))
    assert set.union(*(others for _, others in results)) == {409}
    assert saved.version == 200


def test_twenty_submits_with_one_key_are_one(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[4, 3, 2, None, 3], recommendation=3)
    url = reverse("candidates:scorecard_review", args=[card.pk])
    browser = Client()
    browser.force_login(interviewer)
    data = {"version": "0", "submission_key": str(uuid4())}

    def submit(_which: int) -> tuple[int, str]:
        client = Client()
        client.cookies = browser.cookies
        answer = client.post(url, data)
        return answer.status_code, answer["Location"]

    answers = at_once(20, submit)

    assert set(answers) == {(302, reverse("candidates:scorecard_detail", args=[card.pk]))}
    assert Scorecard.objects.get(pk=card.pk).version == 1
    assert AuditEvent.objects.filter(act="scorecard.submit").count() == 1


def test_twenty_submits_with_keys_of_their_own_are_one(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[4, 3, 2, None, 3], recommendation=3)
    url = reverse("candidates:scorecard_review", args=[card.pk])
    browser = Client()
    browser.force_login(interviewer)

    def submit(_which: int) -> int:
        client = Client()
        client.cookies = browser.cookies
        return client.post(url, {"version": "0", "submission_key": str(uuid4())}).status_code

    assert set(at_once(20, submit)) == {302}
    assert AuditEvent.objects.filter(act="scorecard.submit").count() == 1


def test_a_card_goes_in_or_is_taken_off_and_never_both(
    opening: Opening, recruiter: User, interviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[4, 3, 2, None, 3], recommendation=3)
    chosen, submitted = Event(), Event()
    take_off = panels._take_off

    def wait_and_take_off(*args: Any, **options: Any) -> None:
        chosen.set()
        submitted.wait(1)  # in vain, because the card's row is held
        take_off(*args, **options)

    def act(which: int) -> str:
        if which == 0:
            panels.change_interview(
                user=recruiter, interview=card.interview, seats=[], removed=[interviewer.pk], is_confirmed=True
            )
            return "taken off"
        chosen.wait(10)
        try:
            submit_card(user=interviewer, card=card, version=0, key=uuid4())
        except CardChanged:
            return "refused"
        submitted.set()
        return "in"

    monkeypatch.setattr(panels, "_take_off", wait_and_take_off)

    assert at_once(2, act) == ["taken off", "refused"]
    assert Scorecard.objects.get(pk=card.pk).state == "declined"
    assert not AuditEvent.objects.filter(act="scorecard.submit").exists()
