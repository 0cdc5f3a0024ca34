"""Autosave: exact acknowledgements, and an answer in JSON for everything that is none."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Candidate, Opening, Scorecard
from candidates.scoring import CardChanged, decline_card
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from smarter.autosave import fingerprint
from tests.factories import make_scorecard


def fresh(card: Scorecard) -> Scorecard:
    """The card as the database has it."""
    return Scorecard.objects.with_context().with_typed().get(pk=card.pk)


def url(card: Scorecard) -> str:
    """Where the card saves itself."""
    return reverse("candidates:scorecard_autosave", args=[card.pk])


def autosave(client: Client, card: Scorecard, fields: Any, **envelope: Any) -> Any:
    """POST an autosave as the page does."""
    body = {"card": card.pk, "version": 0, "sequence": 7, "user": card.interviewer_id, "fields": fields}
    text = json.dumps(body | envelope)
    return client.post(url(card), text, content_type="application/json", headers={"Accept": "application/json"})


@pytest.fixture
def card(client: Client, opening: Opening, interviewer: User) -> Scorecard:
    """An unbegun seat of the person who is signed in."""
    client.force_login(interviewer)
    return fresh(make_scorecard(opening=opening, interviewer=interviewer))


def test_save_is_acknowledged_by_version_sequence_and_hash_of_the_whole_card(client: Client, card: Scorecard) -> None:
    first = autosave(client, card, {"evidence.teams": "  a\n“b” "})
    second = autosave(client, card, {"rating.teams": "4"}, version=1, sequence=8)

    fields = load_sheet(fresh(card)).fields
    assert {name: value for name, value in fields.items() if value} == {
        "evidence.teams": "  a\n“b” ",
        "rating.teams": "4",
    }
    assert first.json() == {
        "version": 1,
        "sequence": 7,
        "sha256": fingerprint({**fields, "rating.teams": ""}),
    }
    assert second.json() == {"version": 2, "sequence": 8, "sha256": fingerprint(fields)}
    assert (fresh(card).state, fresh(card).opened_at is not None) == ("draft", True)


def test_stale_version_is_answered_with_the_card_as_it_is(client: Client, card: Scorecard) -> None:
    autosave(client, card, {"summary": "Other tab."})
    answer = autosave(client, card, {"summary": "This tab."})

    assert answer.status_code == 409
    assert answer.json() == {"error": "stale", "version": 1, "fields": load_sheet(fresh(card)).fields}
    assert answer.json()["fields"]["summary"] == "Other tab."


def test_every_field_of_the_card_can_be_saved_at_once(client: Client, card: Scorecard) -> None:
    fields = load_sheet(card).fields | {"summary": "All of it."}
    answer = autosave(client, card, fields)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert load_sheet(fresh(card)).fields == fields


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_card_that_closes_while_it_is_saved_says_so(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch, is_erased: bool
) -> None:
    def too_late(**_save: Any) -> int:
        decline_card(user=card.interviewer, card=card, reason="could_not_attend")
        if is_erased:
            Candidate.objects.update(email="", erased_at=timezone.now())
        raise CardChanged

    monkeypatch.setattr("candidates.views.autosave.save_draft", too_late)
    answer = autosave(client, card, {"summary": "Too late."})

    assert (answer.status_code, answer.json()) == (409, {"error": "erased" if is_erased else "closed"})


def test_get_tells_whether_this_card_of_ones_own_was_erased(
    client: Client, card: Scorecard, opening: Opening, interviewer: User, colleague: User
) -> None:
    erased = make_scorecard(opening=opening, interviewer=interviewer, state="declined")
    Candidate.objects.filter(applications__interviews__scorecards=erased).update(email="", erased_at=timezone.now())

    assert [client.get(url(one)).json()["erased"] for one in (card, erased)] == [False, True]
    client.force_login(colleague)
    assert [client.get(url(one)).json()["erased"] for one in (card, erased)] == [False, False]


def test_another_person_on_the_browser_saves_nothing(client: Client, card: Scorecard, colleague: User) -> None:
    client.force_login(colleague)
    answer = autosave(client, card, {"summary": "Left behind."})

    assert (answer.status_code, answer.json()) == (409, {"error": "user"})
    assert autosave(client, card, {"summary": "x"}, user=colleague.pk).status_code == 404
    assert fresh(card).version == 0


def test_signed_out_is_401_with_a_token_to_sign_in_with(client: Client, card: Scorecard) -> None:
    client.logout()
    answers = [autosave(client, card, {"summary": "x"}), client.get(url(card))]

    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
        assert answer.json()["user"] is None
        assert len(answer.json()["token"]) == 64


def test_get_answers_who_is_signed_in_and_a_token_that_works(opening: Opening, interviewer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    card = make_scorecard(opening=opening, interviewer=interviewer)
    client.force_login(interviewer)
    refused = autosave(client, card, {"summary": "x"})
    answer = client.get(url(card)).json()
    client.defaults["HTTP_X_CSRFTOKEN"] = answer["token"]

    assert refused.status_code == 403
    assert answer["user"] == interviewer.pk
    assert autosave(client, card, {"summary": "x"}).status_code == 200


@pytest.mark.parametrize("state", ["submitted", "declined", "cancelled"])
def test_closed_card_says_so(client: Client, card: Scorecard, state: str) -> None:
    now = timezone.now()
    if state == "submitted":
        Scorecard.objects.filter(pk=card.pk).update(state=state, submitted_at=now)
    elif state == "declined":
        Scorecard.objects.filter(pk=card.pk).update(state=state, declined_at=now, decline_reason="could_not_attend")
    else:
        card.interview.cancelled_at = now
        card.interview.save()
    answer = autosave(client, card, {"summary": "Too late."})

    assert (answer.status_code, answer.json()) == (409, {"error": "closed"})


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"nonsense", b"{" * 100, b"[" * 100_000, b'"\xff"', b"null", b'{"card": 1}',
        json.dumps({"card": 1, "version": 0, "sequence": 1, "user": 1, "fields": ["a"]}).encode(),
        json.dumps({"card": 1, "version": 0, "sequence": 1, "user": 1, "fields": {"summary": 5}}).encode(),
        json.dumps({"card": 1, "version": 10**40, "sequence": 1, "user": 1, "fields": {}}).encode(),
        json.dumps({"card": "x", "version": -1, "sequence": None, "user": [], "fields": {}}).encode(),
    ],
)  # fmt: skip
def test_unreadable_body_is_400(client: Client, card: Scorecard, body: bytes) -> None:
    answer = client.post(url(card), body, content_type="application/json")

    assert (answer.status_code, answer.json()) == (400, {"error": "unreadable"})


@pytest.mark.parametrize(
    "fields",
    [
        {"rating.teams": "6"},
        {"rating.teams": "\ud800"},
        {"evidence.teams": "broken \ud800 half"},
        {"evidence.teams": "nul \x00"},
        {"evidence.teams": "x" * 8001},
        {"summary": "fine", "unknown": "field"},
        {"recommendation": "5"},
    ],
)
def test_refused_input_is_400_and_saves_nothing(client: Client, card: Scorecard, fields: dict[str, str]) -> None:
    answer = autosave(client, card, fields)

    assert (answer.status_code, answer.json()["error"]) == (400, "refused")
    assert fresh(card).version == 0


@pytest.mark.parametrize("where", ["candidates.views.autosave.save_draft", "candidates.views.autosave.load_sheet"])
def test_database_out_of_reach_is_503_as_json(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def gone(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(where, gone)
    client.raise_request_exception = False
    answer = autosave(client, card, {"summary": "x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json() == {"error": "busy"}


def test_page_without_database_is_a_503_with_words(
    client: Client, card: Scorecard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("candidates.views.scorecards.load_sheet", gone)
    client.raise_request_exception = False
    answer = client.get(reverse("candidates:scorecard_edit", args=[card.pk]))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer" in answer.content.decode()


@pytest.mark.parametrize(("posted", "expected"), [({"enabled": "on"}, True), ({}, False), ({"enabled": ""}, False)])
def test_keys_are_switched_for_the_person(
    client: Client, interviewer: User, colleague: User, posted: dict[str, str], expected: bool
) -> None:
    User.objects.update(keys_enabled=not expected)
    client.force_login(interviewer)

    assert client.post(reverse("candidates:scorecard_keys"), posted).status_code == 204
    assert dict(User.objects.values_list("pk", "keys_enabled")) == {
        interviewer.pk: expected,
        colleague.pk: not expected,
    }
    assert client.get(reverse("candidates:scorecard_keys")).status_code == 405


@pytest.mark.parametrize("cards", [1, 3])
def test_query_count_of_an_autosave_is_flat(
    client: Client, opening: Opening, interviewer: User, django_assert_num_queries: Any, cards: int
) -> None:
    seats = [make_scorecard(opening=opening, interviewer=interviewer, values=[1, 2, 3, 4, 5]) for _ in range(cards)]
    client.force_login(interviewer)

    # session, person; card, version, dimensions, anchors, questions, scores, notes; savepoint, guard, scores, release
    with django_assert_num_queries(11):
        assert autosave(client, seats[0], {"evidence.teams": "More."}).status_code == 200
