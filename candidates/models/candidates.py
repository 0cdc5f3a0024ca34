"""Candidates, and their applications to openings."""

import secrets
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from candidates.access import sealable
from candidates.models.openings import Opening, OpeningMember
from smarter.accounts.models import User


def cv_path(_candidate: "Candidate", filename: str) -> str:
    """A random name that says nothing of the person, under a folder that is never served."""
    return f"cv/{secrets.token_hex(16)}{Path(filename).suffix.lower()}"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Questions about many candidates."""

    def visible_to(self, user: User) -> Self:
        """People one entered, who apply to an opening of one's team, or whom one interviews."""
        mine = Application.objects.visible_to(user).filter(candidate=OuterRef("pk"))
        return self.filter(Q(created_by=user) | Exists(mine))

    def managed_by(self, user: User) -> Self:
        """People one entered, or who apply to an opening of one's team."""
        return self.filter(
            Q(created_by=user) | Exists(Application.objects.managed_by(user).filter(candidate=OuterRef("pk")))
        )


class Candidate(models.Model):
    """A person who may be hired. Archived or erased, never deleted while scores hang on them."""

    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail", max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    current_role = models.CharField(max_length=200, blank=True)
    location = models.CharField("based in", max_length=150, blank=True)
    cv = models.FileField("CV", upload_to=cv_path, blank=True)
    cv_name = models.CharField(max_length=200, blank=True, editable=False)
    note = models.TextField("note for the recruiter", blank=True)
    consented_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    legal_hold = models.BooleanField(default=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Questions about many applications."""

    def visible_to(self, user: User) -> Self:
        """Of openings whose team one is on, and of own interviews."""
        on_team = Exists(OpeningMember.objects.filter(opening=OuterRef("opening"), user=user))
        seat = Exists(Application.objects.filter(pk=OuterRef("pk"), interviews__scorecards__interviewer=user))
        return self.filter(Q(on_team) | Q(seat))

    def managed_by(self, user: User) -> Self:
        """Of openings whose team one is on."""
        return self.filter(Exists(OpeningMember.objects.filter(opening=OuterRef("opening"), user=user)))

    def with_seal(self, user: User) -> Self:
        """Each with what this user may know of its panel; see `candidates.access.sealable`."""
        return self.annotate(**sealable(user))

    def unsealed_for(self, user: User) -> Self:
        """Those whose submitted scorecards this user may read."""
        return self.with_seal(user).filter(is_readable=True)

    def sealed_for(self, user: User) -> Self:
        """Those of whose submitted scorecards this user must know no more than how many there are."""
        return self.with_seal(user).filter(is_sealed=True)

    def open_to_early_look(self, user: User) -> Self:
        """Those that this user may look at before all cards are in, if they have it recorded."""
        return self.with_seal(user).filter(may_look_early=True)


class Application(models.Model):
    """A candidate in an opening, with a stage."""

    class Stage(models.TextChoices):
        """How far the application has come. People move it; the app never does."""

        SCREENING = "screening", "Screening"
        INTERVIEWING = "interviewing", "Interviewing"
        DEBRIEF = "debrief", "Debrief"
        OFFER = "offer", "Offer"
        HIRED = "hired", "Hired"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="applications")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="applications")
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.SCREENING)
    source = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # Annotated by `with_seal`: what one user may know of the panel.
    is_on_team: bool
    has_submitted: bool
    has_looked: bool
    is_complete: bool
    is_sealed: bool
    is_readable: bool
    may_look_early: bool
    cards_in: int
    cards_expected: int

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["candidate", "opening"], name="application_unique")]
        indexes = [models.Index(fields=["opening", "stage"], name="application_stage")]

    def __str__(self) -> str:
        return f"{self.candidate} for {self.opening}"


class StageChange(models.Model):
    """One move of an application; kept, so that it can be undone and read later."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="stage_changes")
    from_stage = models.CharField(max_length=12, choices=Application.Stage)
    to_stage = models.CharField(max_length=12, choices=Application.Stage)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
