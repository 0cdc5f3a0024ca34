"""Erasing a person: name, contact, CV and every text go, numbers stay. It can't be undone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from candidates.access import OPEN_STATES
from candidates.models import (
    Application,
    Candidate,
    CandidateErased,
    Decision,
    ErasureRequest,
    Interview,
    LegalHold,
    Opening,
    Score,
    Scorecard,
)
from candidates.privacy.holdings import BLANKED, DECIDED, DELETED, PERSON
from candidates.privacy.mentions import take_out, words_for
from smarter.accounts.models import User
from smarter.audit.recording import record
from smarter.mail.models import MailMessage

REQUEST, RETENTION = "request", "retention"


class ErasureRefused(Exception):
    """Something stands in the way; the message says what, and what to do."""


@dataclass(frozen=True)
class Extent:
    """How much is held about a person: rows that all who see the candidate may count, never what is in them."""

    applications: int
    interviews: int
    scorecards: int
    decisions: int
    has_cv: bool


def measure(candidate: Candidate) -> Extent:
    """How much an erasure takes the words from."""
    return Extent(
        applications=candidate.applications.count(),
        interviews=Interview.objects.filter(application__candidate=candidate).count(),
        scorecards=Scorecard.objects.filter(interview__application__candidate=candidate).count(),
        decisions=Decision.objects.filter(application__candidate=candidate).count(),
        has_cv=bool(candidate.cv),
    )


def obstacle(candidate: Candidate) -> str:
    """Why this person can't be erased now, and what to do about it; empty where nothing stands in the way."""
    current = Candidate.objects.with_end().get(pk=candidate.pk)
    if LegalHold.objects.in_force().filter(candidate=candidate).exists():
        return "A legal hold keeps these data. Lift it first, if its reason is over."
    if current.is_running:
        return "An application is still running. Move it to rejected, withdrawn or hired first."
    if Interview.objects.active().filter(application__candidate=candidate, starts_at__gt=timezone.now()).exists():
        return "An interview is still to come. Cancel it first, so that the panel knows."
    return ""


@transaction.atomic
def erase_candidate(*, actor: User | None, candidate: Candidate, why: str = REQUEST) -> bool:
    """Erase for good; False where that was done already. Raises ErasureRefused.

    What stays is the row as "Erased candidate 12", its applications with their stages, the times of interviews, and
    ratings, reasons and recommendations as numbers and codes.
    """
    # Before the candidate, as imports do; notifications of these openings may still be written meanwhile.
    list(Opening.objects.select_for_update(no_key=True).filter(applications__candidate=candidate).order_by("pk"))
    person = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if person.erased_at is not None:
        return False
    if reason := obstacle(person):
        raise ErasureRefused(reason)
    # Locked in their order everywhere, so that whoever is writing finishes first and whoever comes later is refused.
    list(Application.objects.select_for_update().filter(candidate=person))
    words, name = words_for(person), person.name
    extent = measure(person)
    _close_seats(person)
    for holding in DELETED:
        holding.rows(person).delete()
    for holding in BLANKED:
        holding.rows(person).update(**holding.texts)
    Decision.objects.filter(**{DECIDED.path: person}).erase_text()
    MailMessage.objects.about(person.pk).erase(timezone.now())
    _empty(person)
    take_out(person, words)
    _forget_messages([name, *words])
    ErasureRequest.objects.open().filter(candidate=person).update(closed_at=timezone.now())
    record(
        actor=actor,
        act="candidate.erase",
        subject=person,
        candidate_id=person.pk,
        why=why,
        applications=extent.applications,
        scorecards=extent.scorecards,
        had_cv=extent.has_cv,
    )
    return True


@transaction.atomic
def ask_for_erasure(*, user: User, candidate: Candidate) -> None:
    """Lay it before the admins; asking again changes nothing. Raises CandidateErased."""
    if Candidate.objects.select_for_update().get(pk=candidate.pk).erased_at is not None:
        raise CandidateErased
    if not ErasureRequest.objects.open().filter(candidate=candidate).exists():
        ErasureRequest.objects.create(candidate=candidate, asked_by=user)
        record(actor=user, act="candidate.ask_erasure", subject=candidate, candidate_id=candidate.pk)


@transaction.atomic
def withdraw_request(*, user: User, request: ErasureRequest) -> None:
    """The candidate stays; withdrawing again changes nothing."""
    if ErasureRequest.objects.open().filter(pk=request.pk).update(closed_at=timezone.now()):
        candidate = request.candidate
        record(actor=user, act="candidate.keep", subject=candidate, candidate_id=candidate.pk)


def _close_seats(person: Candidate) -> None:
    """Nobody scores this person any more; a draft is no rating and goes whole."""
    cards = Scorecard.objects.filter(interview__application__candidate=person)
    list(cards.select_for_update().order_by("pk"))
    Score.objects.filter(scorecard__in=cards.exclude(state=Scorecard.State.SUBMITTED)).delete()
    cards.exclude(state=Scorecard.State.SUBMITTED).update(recommendation=None)
    cards.filter(state__in=OPEN_STATES).update(
        state=Scorecard.State.DECLINED,
        declined_at=timezone.now(),
        decline_reason=Scorecard.DeclineReason.CANDIDATE_ERASED,
        version=F("version") + 1,
    )


def _empty(person: Candidate) -> None:
    """The row itself, and the file, which goes once this is committed."""
    if person.cv.name:
        transaction.on_commit(partial(person.cv.storage.delete, person.cv.name))
    Candidate.objects.filter(pk=person.pk).update(
        name=f"Erased candidate {person.pk}", erased_at=timezone.now(), **PERSON
    )


def _forget_messages(words: Sequence[str]) -> None:
    """Messages that wait for somebody's next page may name the person."""
    spellings = {spelling for word in words for spelling in (word, json.dumps(word)[1:-1])}
    for session in Session.objects.select_for_update().order_by("pk"):
        kept = session.get_decoded()
        # A message is kept as JSON inside of JSON.
        waiting = str(kept.get("_messages", ""))
        if any(spelling in waiting for spelling in spellings):
            del kept["_messages"]
            Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))
