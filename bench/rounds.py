"""What the benchmark of pages reads and writes: rounds of every size, and scorecards to write."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import F
from django.utils import timezone

from bench.serving import Answer, Server
from candidates.models import Application, Candidate, Interview, Opening, Score, Scorecard
from candidates.sheet import load_sheet
from candidates.synthetic import make_round
from smarter.accounts.models import User
from smarter.autosave import fingerprint

CARDS_EACH, INTERVIEWERS = 5, 40
SMARTERS_BACKEND = settings.AUTHENTICATION_BACKENDS[0]
DJANGOS_BACKEND = "django.contrib.auth.backends.ModelBackend"
CSRF = "0" * 32


def cookies_of(user: User, *, bare: bool = False) -> dict[str, str]:
    """Cookies of a session in which this person is signed in, at Smarter or at the bare project."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = DJANGOS_BACKEND if bare else SMARTERS_BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    names = ("sessionid", "csrftoken") if bare else (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return {names[0]: session.session_key or "", names[1]: CSRF}


def person(name: str) -> User:
    """Somebody who interviews."""
    email = f"bench.{name}@example.com"
    return User.objects.filter(email=email).first() or User.objects.create_user(email, "a long password", name=name)


@cache
def recruiter() -> User:
    """On the team of every synthetic round."""
    opening_of(30)
    return User.objects.filter(is_recruiter=True, is_active=True).order_by("pk")[0]


@cache
def opening_of(candidates: int) -> Opening:
    """The round of this size."""
    title = f"Bench of {candidates}"
    found = Opening.objects.filter(title=title).first()
    if found is None:
        print(f"Making a round of {candidates:,} candidates ...", flush=True)
        people = min(INTERVIEWERS, max(8, candidates // 4))
        found = make_round(
            candidates=candidates, interviewers=people, per_candidate=CARDS_EACH, seed=candidates, title=title
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does soon after
    return found


@cache
def desk() -> Scorecard:
    """A card that is being written, its every field filled."""
    held = Scorecard.objects.held_by(person("desk")).filter(state=Scorecard.State.DRAFT)
    if not held.exists():
        give_cards(person("desk"), 1)
    return held.with_context().with_typed().order_by("pk")[0]


@cache
def home() -> User:
    """Somebody with 20 open cards, half of them begun."""
    holder = person("home")
    missing = 20 - Scorecard.objects.held_by(holder).open().count()
    for place, card in enumerate(give_cards(holder, missing)):
        if place % 2:
            card.scores.all().delete()
            Scorecard.objects.filter(pk=card.pk).update(state=Scorecard.State.WAITING, opened_at=None)
    return holder


def give_cards(holder: User, number: int) -> list[Scorecard]:
    """Drafts that could be submitted, each on a candidate of its own."""
    opening = opening_of(30)
    now = timezone.now()
    found = []
    for place in range(number):
        candidate = Candidate.objects.create(name=f"Desk candidate {place}", created_by=opening.created_by)
        application = Application.objects.create(candidate=candidate, opening=_desk_opening(), stage="interviewing")
        starts_at = now + timedelta(hours=place - 10)
        interview = Interview.objects.create(
            application=application,
            starts_at=starts_at,
            rubric_version=opening.rubric_version,
            created_by=opening.created_by,
        )
        found.append(
            Scorecard.objects.create(
                interview=interview,
                interviewer=holder,
                state=Scorecard.State.DRAFT,
                version=1,
                opened_at=now,
                saved_at=now,
                recommendation=3,
                summary="Made up.",
            )
        )
    dimensions = list(opening.rubric_version.dimensions.all())
    evidence = "Made up: what was said about a deal that had stalled, in the words of the candidate. " * 3
    Score.objects.bulk_create(
        Score(scorecard=card, dimension=dimension, value=2 + place % 3, evidence=evidence)
        for card in found
        for place, dimension in enumerate(dimensions)
    )
    return found


@cache
def _desk_opening() -> Opening:
    """Where candidates stand on whom cards are written, apart from the rounds that are read."""
    other = opening_of(30)
    found = Opening.objects.filter(title="Bench desk").first()
    return found or Opening.objects.create(
        title="Bench desk", rubric_version=other.rubric_version, created_by=other.created_by
    )


def autosave(card: Scorecard) -> Callable[[Server], Answer]:
    """Save one changed text of the card, from the version before, as the browser sends it."""
    typed = count(1)
    fields = load_sheet(card).fields
    name = next(key for key in fields if key.startswith("evidence."))
    headers = {"Content-Type": "application/json", "X-CSRFToken": CSRF}
    state: dict[str, Any] = {"version": card.version}

    def save(server: Server) -> Answer:
        number = next(typed)
        changed = {name: f"{fields[name]} {number}"}
        body = {"card": card.pk, "user": card.interviewer_id, "sequence": number, "fields": changed}
        data = json.dumps({**body, "version": state["version"]}).encode()
        answer = server.ask(f"/scorecards/{card.pk}/autosave/", data=data, headers=headers)
        found = json.loads(answer.body)
        if found.get("sha256") != fingerprint(fields | changed):
            raise RuntimeError(found)
        state["version"] = found["version"]
        return answer

    return save


def submit(times: int) -> Callable[[Server], Answer]:
    """Submit another whole card each time."""
    cards = iter(give_cards(person("desk"), times))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}

    def send(server: Server) -> Answer:
        card = next(cards)
        data = urlencode({"version": card.version, "submission_key": uuid4()}).encode()
        return server.ask(f"/scorecards/{card.pk}/review/", data=data, headers=headers)

    return send


def change(opening: Opening) -> Callable[[], object]:
    """Have the numbers of an opening change: a weight goes one way, then back."""
    steps = count()

    def step() -> None:
        one, other = opening.weights.all()[:2]
        by = 1 if next(steps) % 2 else -1
        opening.weights.filter(pk=one.pk).update(points=F("points") + by)
        opening.weights.filter(pk=other.pk).update(points=F("points") - by)

    return step
