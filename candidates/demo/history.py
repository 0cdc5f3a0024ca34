"""What the people of the demo round would have done, as the audit tells it; each event is marked as demo."""

from collections.abc import Iterator
from datetime import datetime

from django.db import models

from candidates.models import Application, Interview, Opening, Scorecard
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent


def write_history(openings: list[Opening]) -> None:
    """Record the acts that led to these openings as they are, in the order of their time."""
    events = [event for opening in openings for event in _events(opening)]
    AuditEvent.objects.bulk_create(sorted(events, key=lambda event: event.recorded_at))


def _events(opening: Opening) -> Iterator[AuditEvent]:
    recruiter = opening.created_by
    for application in Application.objects.filter(opening=opening).select_related("candidate"):
        candidate = application.candidate
        yield _event("candidate.create", recruiter, candidate.created_at, candidate, candidate.pk, None)
        yield _event("application.create", recruiter, application.created_at, application, candidate.pk, opening.pk)
    for interview in Interview.objects.filter(application__opening=opening).select_related("application"):
        person = interview.application.candidate_id
        yield _event("interview.create", recruiter, interview.created_at, interview, person, opening.pk)
    cards = Scorecard.objects.managed_by(recruiter).filter(interview__application__opening=opening)
    for card in cards.select_related("interview__application", "interviewer"):
        person = card.interview.application.candidate_id
        for act, at in {"open": card.opened_at, "submit": card.submitted_at, "decline": card.declined_at}.items():
            if at is not None:
                yield _event(f"scorecard.{act}", card.interviewer, at, card, person, opening.pk)


def _event(
    act: str, actor: User, at: datetime, subject: models.Model, candidate_id: int, opening_id: int | None
) -> AuditEvent:
    return AuditEvent(
        recorded_at=at,
        actor=actor,
        act=act,
        subject=subject._meta.label_lower.split(".")[1],
        subject_id=subject.pk,
        candidate_id=candidate_id,
        opening_id=opening_id,
        detail={"demo": True},
    )
