"""A person about whom something is written in every place there is, and a search that leaves no place out."""

import json
import pickle
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from candidates.deciding import record_decision
from candidates.looking import look_early
from candidates.models import (
    Application,
    Candidate,
    Debrief,
    DebriefItem,
    Decision,
    LegalHold,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    Shortlist,
    ShortlistEntry,
    StageChange,
    WeightChange,
)
from candidates.privacy.holdings import BLANKED, DECIDED, DELETED, MAILED, PERSON, SHARED, Holding
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.factories import (
    make_application,
    make_candidate,
    make_interview,
    make_opening,
    make_scorecard,
    make_user,
)

NAME, EMAIL, PHONE = "Zerlina Quastenflosser", "zerlina@quasten.example", "+44 20 7946 0958"
CV_TEXT = b"%PDF-1.4 planted-in-the-file %%EOF"


@dataclass
class Person:
    """A rejected candidate with one of everything, the team, and what was planted where."""

    candidate: Candidate
    application: Application
    recruiter: User
    rater: User
    draft: Scorecard
    card: Scorecard
    other: Score  # on somebody else, naming this person
    planted: dict[str, str]  # "model.field" → the string that stands in it


def make_person(*, name: str = NAME) -> Person:
    """Everything there can be about a person, with a string of its own in every text."""
    recruiter, rater = make_user(name="Rita Recruiter", is_recruiter=True), make_user(name="Rob Rater")
    opening = make_opening(recruiter=recruiter, hiring_manager=make_user(name="Max Manager"))
    candidate = make_candidate(name=name, created_by=recruiter, consented_at=timezone.now())
    application = make_application(opening=opening, candidate=candidate)
    interview = make_interview(application=application)
    card = make_scorecard(interview=interview, interviewer=rater, submitted=True, values=[5, 4, 2, None, 3])
    score = card.scores.first()
    Revision.objects.create(score=score, value=3, reason="slip", text="Meant three")
    QuestionNote.objects.create(
        scorecard=card, question=interview.pinned_version().dimensions.first().questions.first(), text="Note"
    )
    draft = make_scorecard(interview=interview, values=[1, 2])
    _surround(opening, application, score.dimension.key, recruiter)
    StageChange.objects.create(application=application, from_stage="debrief", to_stage="rejected", changed_by=recruiter)
    Application.objects.filter(pk=application.pk).update(stage="rejected")
    other = make_scorecard(application=make_application(opening=opening), submitted=True).scores.first()
    person = Person(candidate, application, recruiter, rater, draft, card, other, {})
    _plant(person)
    return person


def _surround(opening: Any, application: Application, dimension: str, recruiter: User) -> None:
    """What an opening has beside its interviews."""
    shortlist = Shortlist.objects.create(opening=opening, name="To present", created_by=recruiter)
    ShortlistEntry.objects.create(shortlist=shortlist, application=application, note="Good")
    debrief = Debrief.objects.create(opening=opening, opened_by=recruiter)
    DebriefItem.objects.create(
        debrief=debrief,
        application=application,
        dimension_key=dimension,
        outcome="stays",
        note="n",
        settled_by=recruiter,
    )
    WeightChange.objects.create(opening=opening, before={}, after={}, reason="r", changed_by=recruiter)
    LegalHold.objects.create(
        candidate=application.candidate,
        reason="claim",
        set_by=recruiter,
        until=timezone.localdate() - timedelta(days=1),
    )


def _plant(person: Person) -> None:
    """A string of its own into every text of the list, and the name into every text that is shared."""
    candidate = person.candidate
    for field in PERSON:
        if field not in ("cv", "consented_at"):
            person.planted[f"candidate.{field}"] = text = {"email": EMAIL, "phone": PHONE}.get(
                field, f"planted-{field}"
            )
            Candidate.objects.filter(pk=candidate.pk).update(**{field: text})
    candidate.refresh_from_db()
    candidate.cv.save("cv.pdf", ContentFile(CV_TEXT))
    person.planted["candidate.name"] = candidate.name
    for holding in (*BLANKED, *DELETED):
        rows = holding.rows(candidate)
        assert rows.exists(), f"there is no {holding.model._meta.model_name} to plant in"
        rows.update(**{field: _planted(person, holding, field) for field in holding.texts})
    _plant_decision(person)
    for model, fields in SHARED.items():
        for field in fields:
            model._default_manager.all().update(**{field: f"As {candidate.name} said in {field}"})
    _plant_mail(person)
    Score.objects.filter(pk=person.other.pk).update(
        evidence=f"Better than {candidate.name.upper()}, write to {candidate.email}."
    )
    theirs = person.other.scorecard.interview.application
    Decision.objects.create(
        application=theirs, outcome="offer", rationale=f"Not {candidate.name}", snapshot={}, decided_by=person.recruiter
    )


def _planted(person: Person, holding: Holding, field: str) -> str:
    """A string for one field, noted."""
    place = f"{holding.model._meta.model_name}.{field}"
    person.planted[place] = f"planted-{place}"
    return person.planted[place]


def _plant_decision(person: Person) -> None:
    """A decision as it is recorded over planted texts, and one like it with planted texts of its own."""
    known = look_early(user=person.recruiter, application_id=person.application.pk).application
    recorded = record_decision(user=person.recruiter, application=known, outcome="reject", rationale="No")
    texts = {field: _planted(person, DECIDED, field) for field in DECIDED.texts}
    Decision.objects.create(
        application=known, outcome="reject", snapshot=recorded.snapshot, decided_by=person.recruiter, **texts
    )


def _plant_mail(person: Person) -> None:
    """One about the person, and one that names them beside others."""
    texts = {}
    for field in MAILED:
        texts[field] = person.planted[f"mailmessage.{field}"] = f"planted-mail-{field}"
    texts["attachments"] = [{"name": "a.ics", "text": texts["attachments"]}]
    MailMessage.objects.create(
        kind="invitation", message_id="<1@test>", address="a@example.com", candidate_id=person.candidate.pk, **texts
    )
    html = f"<p>{person.candidate.name}</p>"
    MailMessage.objects.create(kind="digest", message_id="<2@test>", address="a@example.com", subject="All", html=html)


def everything_stored() -> Iterator[tuple[str, str]]:
    """Every column of every table as text, sessions and cache unpacked, and every file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", _as_text(value)
        if "cache" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT value FROM cache")
            for (value,) in cursor.fetchall():
                yield "cache.value", repr(pickle.loads(b64decode(value)))  # noqa: S301 - written by the app under test
    for session in Session.objects.all():
        yield "django_session unpacked", json.dumps(session.get_decoded(), ensure_ascii=False)
        yield "django_session messages", json.dumps(session.get_decoded().get("_messages", ""))
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            yield str(path), path.name + path.read_bytes().decode("latin-1")


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        # JSON escapes what is not ASCII.
        return f"{value} {json.dumps(json.loads(value), ensure_ascii=False)}" if _is_json(value) else value
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_json(value: str) -> bool:
    if value[:1] not in "[{":
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def survivors(*strings: str) -> list[str]:
    """Where any of these still stands, whatever its case."""
    wanted = [string.casefold() for string in strings]
    return sorted({place for place, text in everything_stored() if any(one in text.casefold() for one in wanted)})


def with_waiting_message(person: Person) -> Client:
    """A signed-in recruiter whose next page would name the person."""
    client = Client()
    client.force_login(person.recruiter)
    client.post(f"/applications/{person.application.pk}/stage/", {"stage": "rejected"})
    client.post(f"/applications/{person.application.pk}/stage/", {"stage": "withdrawn"})
    return client


def text_fields() -> set[str]:
    """Every field of our own models that can hold text, as "model.field"."""
    kinds = {"CharField", "TextField", "EmailField", "SlugField", "FileField", "JSONField", "URLField"}
    own = ("accounts", "audit", "rubrics", "candidates", "mail", "smarter")
    return {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in own
        for field in model._meta.get_fields()
        if field.concrete and field.get_internal_type() in kinds
    }
