"""People who type on scorecards, as static/js/autosave.js does: what is not acknowledged exactly is sent again.

Each writer knows what the server has said it has. A later answer, or the rows at the end, that know less are a loss;
that know more than was sent once are a doubling.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

TOKEN = "b" * 32
# Closed for a moment where nobody may be in the middle of a save.
GATE = threading.Event()
GATE.set()
HEADERS = {
    "Host": "localhost",
    "Origin": "https://localhost",
    "X-Forwarded-Proto": "https",
    "X-CSRFToken": TOKEN,
    "Accept": "application/json",
}


class Desk:
    """A card as its writer knows it."""

    def __init__(self, card: Any, fields: dict[str, str]) -> None:
        self.pk = int(card.pk)
        self.version = int(card.version)
        self.fields = fields
        self.saves = 0
        self.is_submitted = False


class Writer(threading.Thread):
    """One person with some cards, who saves in a rhythm, or as fast as answers come where `pause` is 0."""

    def __init__(self, port: int, user: Any, desks: list[Desk], *, pause: float, saves_a_card: int) -> None:
        super().__init__(daemon=True)
        self.port, self.user, self.desks = port, int(user.pk), desks
        self.cookie = f"__Host-session={session_of(user)}; __Host-csrf={TOKEN}"
        self.pause, self.saves_a_card = pause, saves_a_card
        self.stopping = threading.Event()
        self.counts: Counter[str] = Counter()
        self.times: list[float] = []
        self.problems: list[str] = []
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Fill the cards one after the other, until told to stop; ends with nothing under way."""
        time.sleep(random.uniform(0, self.pause))
        for desk in self.desks:
            while desk.saves < self.saves_a_card:
                if self.stopping.is_set():
                    return
                GATE.wait()
                began = time.perf_counter()
                self._save(desk)
                time.sleep(max(0, self.pause * random.uniform(0.8, 1.2) - (time.perf_counter() - began)))
            if self.pause == 0:
                self._submit(desk)

    def _save(self, desk: Desk) -> None:
        """One change, sent until it is there."""
        from smarter.autosave import fingerprint

        desk.saves += 1
        names = [name for name in desk.fields if name.startswith(("evidence.", "note.", "summary"))]
        name = names[desk.saves % len(names)]
        changes = {name: f"Save {desk.saves} of card {desk.pk}: “what was said”. " * random.randint(1, 12)}
        if desk.saves == 1:
            ratings = [name for name in desk.fields if name.startswith("rating.")]
            changes |= dict.fromkeys(ratings, "3") | {"recommendation": "3"}
        wanted = desk.fields | changes
        body = {"card": desk.pk, "version": desk.version, "sequence": desk.saves, "user": self.user, "fields": changes}
        while True:
            began = time.perf_counter()
            status, answer = self._post(f"/scorecards/{desk.pk}/autosave/", json.dumps(body), "application/json")
            self.times.append(time.perf_counter() - began)
            if status == 200:
                exact = {"version": desk.version + 1, "sequence": desk.saves, "sha256": fingerprint(wanted)}
                if answer != exact:
                    self.problems.append(f"card {desk.pk}: answered {answer}, not {exact}")
                self.counts["acknowledged"] += 1
                break
            if status == 409 and answer.get("version") == desk.version + 1 and answer.get("fields") == wanted:
                self.counts["arrived, its answer lost"] += 1
                break
            if status == 409:
                self.problems.append(f"card {desk.pk}: version {answer.get('version')}, not {desk.version}")
                desk.version = int(answer.get("version", desk.version))
                body["version"] = desk.version
                continue
            self._wait(status)
        desk.version += 1
        desk.fields = wanted

    def _submit(self, desk: Desk) -> None:
        """Submit with one key, sent until it is there."""
        key = str(uuid4())
        form = urlencode({"version": desk.version, "submission_key": key, "csrfmiddlewaretoken": TOKEN})
        while True:
            status, answer = self._post(f"/scorecards/{desk.pk}/review/", form, "application/x-www-form-urlencoded")
            if status == 302:
                break
            if status < 500 and status:
                self.problems.append(f"card {desk.pk}: submit answered {status} {answer}")
                return
            self._wait(status)
        self.counts["submitted"] += 1
        desk.version += 1
        desk.is_submitted = True

    def _wait(self, status: int) -> None:
        self.counts[str(status) if status else "no answer"] += 1
        time.sleep(random.uniform(0.05, 0.2))

    def _post(self, path: str, body: str, kind: str) -> tuple[int, dict[str, Any]]:
        """Status and answer; 0 where none came."""
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = HEADERS | {"Cookie": self.cookie, "Content-Type": kind}
            self._connection.request("POST", path, body.encode(), headers)
            response = self._connection.getresponse()
            content = response.read()
            is_json = response.headers.get_content_type() == "application/json"
            return response.status, json.loads(content) if is_json else {"to": response.headers.get("Location")}
        except (OSError, http.client.HTTPException):
            if self._connection:
                self._connection.close()
            self._connection = None
            return 0, {}


def session_of(user: Any) -> str:
    """The key of a session in which this person is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from smarter.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def hire_writers(port: int, *, people: int, cards_each: int, pause: float, saves_a_card: int) -> list[Writer]:
    """People with waiting cards on candidates of an opening of their own."""
    from django.utils import timezone

    from candidates.models import Application, Candidate, Interview, Scorecard
    from candidates.sheet import load_sheet
    from candidates.synthetic import make_round
    from smarter.accounts.models import User

    opening = make_round(candidates=1, interviewers=people, per_candidate=1, seed=1)
    users = list(User.objects.filter(email__startswith=f"synthetic.{opening.pk}.").order_by("pk"))
    starts_at = timezone.now() - timedelta(hours=2)
    made_by = opening.created_by
    number = people * cards_each
    candidates = Candidate.objects.bulk_create(
        Candidate(name=f"Synthetic {place}", created_by=made_by) for place in range(number)
    )
    applications = Application.objects.bulk_create(
        Application(candidate=candidate, opening=opening, stage="interviewing") for candidate in candidates
    )
    interviews = Interview.objects.bulk_create(
        Interview(
            application=application, starts_at=starts_at, rubric_version=opening.rubric_version, created_by=made_by
        )
        for application in applications
    )
    Scorecard.objects.bulk_create(
        Scorecard(interview=interview, interviewer=users[place % people]) for place, interview in enumerate(interviews)
    )
    writers = []
    for user in users:
        cards = list(
            Scorecard.objects.filter(interviewer=user, state="waiting").with_context().with_typed().order_by("pk")
        )
        fields = load_sheet(cards[0]).fields
        desks = [Desk(card, dict(fields)) for card in cards]
        writers.append(Writer(port, user, desks, pause=pause, saves_a_card=saves_a_card))
    return writers


def stop_writers(writers: list[Writer]) -> None:
    """Let everybody finish the save that is under way, and stop."""
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join(120)
        if writer.is_alive():
            writer.problems.append("still waits for an answer")


def counted(writers: list[Writer]) -> Counter[str]:
    """What all of them counted."""
    return sum((writer.counts for writer in writers), Counter())


def judge(writers: list[Writer]) -> list[str]:
    """Hold what the writers know against what is stored; each difference is a sentence, and none is what one wants."""
    from candidates.integrity import check_integrity
    from candidates.models import Scorecard
    from candidates.sheet import load_sheet
    from smarter.audit.models import AuditEvent

    found = [problem for writer in writers for problem in writer.problems]
    desks = {desk.pk: desk for writer in writers for desk in writer.desks if desk.saves}
    acts: dict[int, Counter[str]] = {}
    for card, act in AuditEvent.objects.filter(subject="scorecard").values_list("subject_id", "act"):
        acts.setdefault(int(card or 0), Counter())[act] += 1
    for card in Scorecard.objects.filter(pk__in=desks).with_context().with_typed():
        desk = desks[card.pk]
        fields = load_sheet(card).fields
        once = {"scorecard.open": 1, "scorecard.draft": 1} | ({"scorecard.submit": 1} if desk.is_submitted else {})
        if card.version != desk.version:
            found.append(f"card {card.pk}: stored version {card.version}, acknowledged {desk.version}")
        if fields != desk.fields:
            found.append(f"card {card.pk}: stored texts differ from acknowledged ones")
        if acts.get(card.pk) != once:
            found.append(f"card {card.pk}: acts {dict(acts.get(card.pk, {}))}")
    return found + [str(violation) for violation in check_integrity()]
