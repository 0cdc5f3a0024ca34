"""Logs tell an operator all they need, and nobody what was typed."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse

from candidates import scoring
from candidates.views import autosave
from smarter.accounts.models import User
from smarter.logs import JsonFormatter, TextFormatter
from tests.factories import make_scorecard, make_user

SECRET = "Zyzzyva told me about the merger"
FORMATTERS = {"json": JsonFormatter, "text": TextFormatter}


@pytest.fixture
def log() -> Iterator[dict[str, io.StringIO]]:
    """Everything that is logged, in both formats."""
    streams = {name: io.StringIO() for name in FORMATTERS}
    handlers = []
    for name, formatter in FORMATTERS.items():
        handlers.append(logging.StreamHandler(streams[name]))
        handlers[-1].setFormatter(formatter())
    root = logging.getLogger()
    before = root.level
    root.handlers += handlers
    root.setLevel(logging.DEBUG)
    yield streams
    root.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


def lines(log: dict[str, io.StringIO], logger: str) -> list[dict[str, Any]]:
    """The JSON lines of one logger."""
    found = [json.loads(line) for line in log["json"].getvalue().splitlines()]
    return [line for line in found if line["logger"] == logger]


def save(user: User, card_id: int, text: str) -> Any:
    """An autosave of evidence, as a server answers it."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    body = {"card": card_id, "version": 0, "sequence": 1, "user": user.pk, "fields": {"evidence.strategic": text}}
    return client.post(
        reverse("candidates:scorecard_autosave", args=[card_id]), json.dumps(body), content_type="application/json"
    )


@pytest.mark.django_db
def test_a_request_is_one_line_without_what_was_asked_or_typed(log):
    user = make_user(name="Zyzzyva Merger")
    card = make_scorecard(interviewer=user)

    save(user, card.pk, SECRET)
    Client().get(f"/openings/?q={SECRET}")
    Client().get(f"/{SECRET}/")

    found = lines(log, "smarter.requests")
    assert [{name: line[name] for name in ("message", "method", "route", "status", "user")} for line in found] == [
        {
            "message": "request",
            "method": "POST",
            "route": "scorecards/<int:pk>/autosave/",
            "status": 200,
            "user": user.pk,
        },
        {"message": "request", "method": "GET", "route": "openings/", "status": 302, "user": None},
        {"message": "request", "method": "GET", "route": "(no page)", "status": 404, "user": None},
    ]
    assert len({line["request"] for line in found}) == 3
    assert all(line["milliseconds"] >= 0 and line["time"].endswith("+00:00") for line in found)
    assert [name for name, stream in log.items() if "Zyzzyva" in stream.getvalue()] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "told", "reason"),
    [
        (ValueError(SECRET), 500, "ValueError", None),
        (IntegrityError(f"Key (email)=({SECRET}) already exists."), 500, "IntegrityError", None),
        (OperationalError(f"server closed the connection\nDETAIL: {SECRET}"), 503, "OperationalError", "server closed"),
    ],
)
def test_an_error_is_told_by_class_and_place_without_its_values(log, monkeypatch, error, status, told, reason):
    user = make_user()
    card = make_scorecard(interviewer=user)

    def fail(**_arguments: Any) -> int:
        evidence = SECRET  # a local that a debug page would show
        raise error from KeyError(evidence)

    monkeypatch.setattr(autosave, "save_draft", fail)

    answer = save(user, card.pk, SECRET)

    (line,) = [line for line in lines(log, "django.request") if "error" in line]
    (request,) = lines(log, "smarter.requests")
    assert (answer.status_code, request["status"]) == (status, status)
    assert line["error"] == f"{told} from KeyError"
    assert line["message"] == f"{status if status == 500 else 503} POST scorecards/<int:pk>/autosave/"
    assert line["request"] == request["request"]
    assert line["places"][-1].endswith(" fail")
    assert any("candidates/views/autosave.py" in place for place in line["places"])
    assert line.get("reason", "").startswith(reason or "")
    assert [name for name, stream in log.items() if SECRET in stream.getvalue()] == []


@pytest.mark.django_db
def test_acts_write_no_log_of_their_own(log, interviewer):
    card = make_scorecard(interviewer=interviewer, values=[3, 3, 3, 3, 3], evidence=SECRET)

    scoring.decline_card(user=interviewer, card=card, reason="conflict")

    assert [name for name, stream in log.items() if SECRET in stream.getvalue()] == []


def test_text_tells_the_same_in_a_line(log):
    facts = {"method": "GET", "route": "", "status": 200, "milliseconds": 1.5, "user": None}

    logging.getLogger("smarter.requests").info("request", extra=facts)

    assert log["text"].getvalue().endswith("INFO smarter.requests request GET  200 1.5\n")
