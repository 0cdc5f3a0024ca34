"""Twin worlds: one database state, and the same with everything changed that a sealed viewer must not learn."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import F, Q, Sum
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from candidates.comparison import read_opening
from candidates.models import (
    Application,
    Debrief,
    DebriefItem,
    Decision,
    EarlyLook,
    Interview,
    Notification,
    Opening,
    OpeningMember,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    Shortlist,
    ShortlistEntry,
)
from candidates.snapshot import take_snapshot
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.factories import (
    make_application,
    make_candidate,
    make_interview,
    make_opening,
    make_sample_answer,
    make_scorecard,
    make_user,
)

NOW = datetime(2026, 6, 11, 14, 2, tzinfo=UTC)
RANDOM_PARTS = [
    re.compile(rb'(name="csrfmiddlewaretoken"[^>]*value=")[^"]+'),
    re.compile(rb'("token": ")[^"]+'),
    re.compile(rb"()[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
]
DECISION = 900_001
# Of what is masked below, and of a clock that can't be stopped.
CLOCK_AND_LENGTH = ("Content-Length", "Expires")
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


@dataclass
class World:
    """An opening in the middle of its interviews, and the people who look at it.

    `hidden` is the application whose scores only their raters may know yet. `closed` is complete: the team reads it,
    those outside the team who still have a card open for it do not.
    """

    opening: Opening
    elsewhere: Opening
    hidden: Application
    closed: Application
    visible: Application
    viewers: dict[str, User]
    in_hidden: Scorecard
    waiting_in_hidden: Scorecard
    debrief: Debrief
    shortlisted: ShortlistEntry
    own_cards: dict[str, Scorecard] = field(default_factory=dict)


def make_world() -> World:
    """Build the world at the instant NOW."""
    people = {
        name: make_user(name=f"{name.title()} Person", email=f"{name}@example.com")
        for name in ["interviewer", "manager", "shadow", "decliner", "stranger", "first", "second", "third", "looker"]
    }
    recruiter = make_user(name="Rita Recruiter", email="recruiter@example.com", is_recruiter=True)
    other = make_user(name="Otto Recruiter", email="other@example.com", is_recruiter=True)
    admin = make_user(name="Ada Admin", email="admin@example.com", is_admin=True)
    panel_admin = make_user(name="Pia Admin", email="panel.admin@example.com", is_admin=True)
    opening = make_opening(recruiter=recruiter, hiring_manager=people["manager"], title="Regional VP of Sales")
    make_sample_answer(version=opening.rubric_version)
    elsewhere = make_opening(recruiter=other, rubric_version=opening.rubric_version, title="Head of Channel Sales")

    def apply_for(name: str) -> tuple[Application, Interview]:
        candidate = make_candidate(name=name, email=f"{name.split()[0].lower()}@example.org", created_by=recruiter)
        application = make_application(opening=opening, candidate=candidate)
        starts_at = NOW - timedelta(days=2)
        return application, make_interview(application=application, starts_at=starts_at, title="First interview")

    hidden, hidden_interview = apply_for("Xenia Hidden")
    closed, closed_interview = apply_for("Zoe Closed")
    visible, visible_interview = apply_for("Yara Visible")
    in_hidden = make_scorecard(
        interview=hidden_interview, interviewer=people["first"], submitted=True, values=[5, 4, 2, 1, None], summary="Up"
    )
    make_scorecard(interview=hidden_interview, interviewer=people["second"], submitted=True, values=[4, 4, 3, 2, 3])
    waiting = make_scorecard(interview=hidden_interview, interviewer=people["third"])
    own = {
        "interviewer": make_scorecard(
            interview=hidden_interview, interviewer=people["interviewer"], values=[3, 3], focus=["strategic", "action"]
        ),
        "manager": make_scorecard(interview=hidden_interview, interviewer=people["manager"]),
        "shadow": make_scorecard(interview=hidden_interview, interviewer=people["shadow"], is_shadow=True),
        "decliner": make_scorecard(interview=hidden_interview, interviewer=people["decliner"], state="declined"),
        "panel_admin": make_scorecard(interview=hidden_interview, interviewer=panel_admin),
    }
    for rater, values in {"first": [4, 4, 4, 3, 5], "second": [2, 3, 4, 3, 4]}.items():
        make_scorecard(interview=closed_interview, interviewer=people[rater], submitted=True, values=values)
    for name in ["shadow", "decliner", "interviewer"]:
        later = make_interview(application=closed, starts_at=NOW + timedelta(days=1), title="Second interview")
        make_scorecard(interview=later, interviewer=people[name], is_shadow=True)
    for rater in ["first", "second", "interviewer", "manager", "shadow", "decliner"]:
        make_scorecard(interview=visible_interview, interviewer=people[rater], submitted=True, values=[3, 2, 4, 5, 3])
    draft = make_scorecard(interview=hidden_interview, values=[1, 5, 1, 5, 1])
    question = hidden_interview.pinned_version().dimensions.get(key="action").questions.first()
    QuestionNote.objects.create(scorecard=draft, question=question, text="A quick note")
    Scorecard.objects.update(created_at=NOW - timedelta(days=3))
    for user, kind, application in [
        (people["manager"], Notification.Kind.PANEL_COMPLETE, hidden),
        (recruiter, Notification.Kind.PANEL_COMPLETE, closed),
        (people["interviewer"], Notification.Kind.DEBRIEF_OPENED, None),
    ]:
        Notification.objects.create(user=user, kind=kind, application=application, opening=opening, created_at=NOW)
    OpeningMember.objects.create(opening=opening, user=people["looker"], role=OpeningMember.Role.HIRING_MANAGER)
    EarlyLook.objects.create(application=hidden, viewer=people["looker"], cards_in=2, cards_expected=6)
    viewers = {name: people[name] for name in ["interviewer", "manager", "shadow", "decliner", "stranger"]}
    viewers |= {"recruiter": recruiter, "other": other, "admin": admin, "panel_admin": panel_admin}
    debrief = Debrief.objects.create(opening=opening, opened_by=recruiter)
    shortlist = Shortlist.objects.create(opening=opening, name="First round", created_by=recruiter)
    entry = ShortlistEntry.objects.create(shortlist=shortlist, application=hidden)
    return World(opening, elsewhere, hidden, closed, visible, viewers, in_hidden, waiting, debrief, entry, own)


def hidden_cards(world: World, viewer: str) -> Q:
    """The cards whose content this viewer must not learn, written down here and not asked of the code under test."""
    applications = [world.hidden.pk]
    if viewer not in ("recruiter", "manager"):
        applications.append(world.closed.pk)
    if viewer in ("stranger", "other", "admin", "panel_admin"):
        applications.append(world.visible.pk)
    user = world.viewers[viewer]
    return Q(scorecard__interview__application__in=applications) & ~Q(scorecard__interviewer=user)


def change_what_is_hidden(world: World, viewer: str) -> None:
    """Turn every hidden rating round, and change evidence, summaries, recommendations, times, marks and revisions."""
    scores = Score.objects.filter(hidden_cards(world, viewer))
    cards = Scorecard.objects.filter(pk__in=scores.values("scorecard"))
    Revision.objects.bulk_create(
        Revision(score=score, value=1 + score.value % 5, reason="slip", text="Planted revision")
        for score in scores.filter(value__isnull=False, is_final=True)
    )
    scores.update(value=6 - F("value"), evidence="Planted evidence")
    QuestionNote.objects.filter(scorecard__in=cards).update(text="Planted note")
    cards.filter(recommendation__isnull=False).update(recommendation=5 - F("recommendation"))
    cards.update(summary="Planted summary", is_independent=False)
    if viewer not in ("recruiter", "admin"):  # who is not sealed may know whose cards are in, and when
        cards.update(saved_at=NOW, first_seen_at=NOW, version=F("version") + 3)
        cards.filter(submitted_at__isnull=False).update(submitted_at=F("submitted_at") - timedelta(hours=5))
        _swap(world.in_hidden, world.waiting_in_hidden)


def _swap(submitted: Scorecard, waiting: Scorecard) -> None:
    """Let the other of the two have submitted: the same number in, by somebody else."""
    Score.objects.filter(scorecard=submitted).update(scorecard=waiting)
    when = Scorecard.objects.values_list("submitted_at", flat=True).get(pk=submitted.pk)
    Scorecard.objects.filter(pk=submitted.pk).update(state="waiting", submitted_at=None, recommendation=None)
    Scorecard.objects.filter(pk=waiting.pk).update(state="submitted", submitted_at=when, recommendation=4)


def remember(world: World) -> None:
    """What each world keeps of its own scores in rows that never change: the audit, a settled item, a decision."""
    total = Score.objects.filter(scorecard__interview__application=world.closed).aggregate(Sum("value"))["value__sum"]
    DebriefItem.objects.create(
        debrief=world.debrief,
        application=world.closed,
        dimension_key="action",
        outcome=DebriefItem.Outcome.STAYS,
        note=f"The sum is {total}.",
        settled_by=world.viewers["recruiter"],
        settled_at=NOW,
    )
    recruiter = world.viewers["recruiter"]
    closed = Application.objects.with_seal(recruiter).get(pk=world.closed.pk)
    Decision.objects.create(
        pk=DECISION,
        application=world.closed,
        outcome=Decision.Outcome.HOLD,
        rationale=f"The sum is {total}.",
        snapshot=take_snapshot(read_opening(recruiter, world.opening), closed),
        decided_by=recruiter,
        decided_at=NOW,
    )
    looker = User.objects.get(email="looker@example.com")
    visible = Application.objects.with_seal(looker).get(pk=world.visible.pk)
    Decision.objects.create(
        pk=DECISION + 1,
        application=world.visible,
        outcome=Decision.Outcome.HOLD,
        rationale="Decided by somebody who has read more.",
        against_order_reason=f"The sum is {total}.",
        snapshot=take_snapshot(read_opening(looker, world.opening), visible),
        decided_by=looker,
        decided_at=NOW,
    )
    card = Scorecard.objects.filter(pk__in=[world.in_hidden.pk, world.waiting_in_hidden.pk], state="submitted").get()
    AuditEvent.objects.create(
        pk=900_001,
        actor=card.interviewer,
        act="scorecard.submit",
        subject="scorecard",
        subject_id=card.pk,
        opening_id=world.opening.pk,
        candidate_id=world.hidden.candidate_id,
        recorded_at=NOW,
    )


@contextmanager
def undone() -> Iterator[None]:
    """Everything written inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is NOW, and stays so; rows that take their time by themselves take this."""
    for model in apps.get_models():
        for row in model._meta.concrete_fields:
            if row.default is timezone.now:
                monkeypatch.setattr(row, "_get_default", lambda: NOW)
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def answer(client: Client, url: str, *, htmx: bool = False) -> Answer:
    """Status, headers and body of a GET, with what is random masked; it queues no mail, and nothing it wrote stays."""
    queued = MailMessage.objects.count()
    with undone():
        response = client.get(url, headers={"HX-Request": "true"} if htmx else {})
        assert MailMessage.objects.count() == queued
        headers = sorted(item for item in response.headers.items() if item[0] not in CLOCK_AND_LENGTH)
        return response.status_code, tuple(headers), _masked(response)


def _masked(response: HttpResponse) -> bytes:
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            names = [name for name in book.namelist() if name != "docProps/core.xml"]
            body = b"".join(name.encode() + book.read(name) for name in names)
    for part in RANDOM_PARTS:
        body = part.sub(rb"\1masked", body)
    return body
