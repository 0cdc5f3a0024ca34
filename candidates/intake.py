"""Taking candidates in: a person with their consent and CV, and their application to an opening."""

import unicodedata
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.models import Application, Candidate, CandidateErased, Opening
from smarter.accounts.models import User
from smarter.audit.recording import record

CV_NAME_LENGTH = 200
UNSEEN = ("Cc", "Cf")
"""Signs that show nothing and may turn a name round, so that another ending shows."""


class AlreadyApplied(Exception):
    """The candidate has an application to this opening already."""


@transaction.atomic
def add_candidate(*, user: User, candidate: Candidate, cv: "UploadedFile[Any] | None") -> Candidate:
    """Save a new candidate who has consented to it, with a CV if there is one."""
    candidate.created_by = user
    candidate.consented_at = timezone.now()
    _attach(candidate, cv)
    candidate.save()
    record(actor=user, act="candidate.create", subject=candidate, candidate_id=candidate.pk, has_cv=cv is not None)
    return candidate


@transaction.atomic
def add_application(
    *, user: User, opening: Opening, candidate: Candidate, stage: str = Application.Stage.SCREENING, source: str = ""
) -> Application:
    """Put a candidate into an opening; raises AlreadyApplied where they are in it."""
    try:
        with transaction.atomic():
            application = Application.objects.create(opening=opening, candidate=candidate, stage=stage, source=source)
    except IntegrityError as error:
        raise AlreadyApplied from error
    record(
        actor=user,
        act="application.create",
        subject=application,
        opening_id=opening.pk,
        candidate_id=candidate.pk,
        stage=stage,
    )
    return application


@transaction.atomic
def edit_candidate(*, user: User, candidate: Candidate, cv: "UploadedFile[Any] | None", changed: list[str]) -> None:
    """Save corrected details; a new CV takes the place of the old one, whose file goes once this is committed.

    Raises CandidateErased where there are no details any more.
    """
    before = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if before.erased_at is not None:
        raise CandidateErased
    old_cv = before.cv
    _attach(candidate, cv)
    candidate.save()
    if cv is not None and old_cv.name:
        transaction.on_commit(partial(old_cv.storage.delete, old_cv.name))
    record(actor=user, act="candidate.edit", subject=candidate, candidate_id=candidate.pk, fields=changed)


def note_cv_read(*, user: User, candidate: Candidate) -> None:
    """Leave a trace that somebody took the CV."""
    record(actor=user, act="candidate.cv", subject=candidate, candidate_id=candidate.pk)


def _attach(candidate: Candidate, cv: "UploadedFile[Any] | None") -> None:
    if cv is not None:
        name = "".join(sign for sign in cv.name or "cv" if unicodedata.category(sign) not in UNSEEN)
        candidate.cv_name = name[-CV_NAME_LENGTH:]
        candidate.cv.save(name, cv, save=False)
