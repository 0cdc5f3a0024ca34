"""Candidates, and their applications to openings."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from candidates.access import completeness, sealable
from candidates.generations import stamp_of
from candidates.models.openings import Opening, OpeningMember
from smarter.accounts.models import User


def cv_path(_candidate: "Candidate", filename: str) -> str:
    """A random name that says nothing of the person, under a folder that is never served."""
    return f"cv/{secrets.token_hex(16)}{Path(filename).suffix.lower()}"


class CandidateErased(Exception):
    """Nothing is written about a candidate any more once their data were erased."""


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Questions about many candidates."""

    def not_erased(self) -> Self:
        """Those whose data are here."""
        return self.filter(erased_at=None)

    def hold(self, keys: Iterable[int]) -> None:
        """Lock these for writing about them; raises CandidateErased where the data of one are gone."""
        people = set(keys)
        if len(self.not_erased().select_for_update().filter(pk__in=people).order_by("pk")) < len(people):
            raise CandidateErased

    def with_end(self) -> Self:
        """Each with `is_running` and, for those who are not, `ended_at`: since when nothing is going on with them."""
        of_this = Application.objects.filter(candidate=OuterRef("pk"))
        last: models.QuerySet[Application, Any] = of_this.latest_first().values("ended_at")  # type: ignore[misc]
        return self.annotate(
            is_running=Exists(of_this.going_on()), ended_at=Coalesce(Subquery(last[:1]), F("created_at"))
        )

    def ended_before(self, instant: datetime) -> Self:
        """Those with whom nothing has been going on since then."""
        return self.with_end().filter(is_running=False, ended_at__lte=instant)

    def longest_ended_first(self) -> Self:
        """In the order in which their time is over."""
        return self.with_end().order_by("ended_at", "pk")

    def recruited_by(self, user: User) -> Self:
        """Who apply to an opening whose recruiter one is, or whom one entered and who apply to none."""
        mine = Application.objects.recruited_by(user).filter(candidate=OuterRef("pk"))
        alone = Q(created_by=user, applications=None)
        return self.filter(Q(Exists(mine)) | alone).distinct()

    def with_applications(self, user: User) -> Self:
        """Each with the applications this user may see, in one more query, as `applications_seen`."""
        seen = Application.objects.visible_to(user).select_related("opening")
        return self.prefetch_related(Prefetch("applications", seen, to_attr="applications_seen"))

    def not_in(self, opening: Opening) -> Self:
        """Those without an application to this opening."""
        return self.exclude(applications__opening=opening)

    def search(self, user: User, q: str) -> Self:
        """Those whose name or role holds every word; by e-mail only where this user may read it."""
        found = self
        managed = Q(pk__in=Candidate.objects.managed_by(user).values("pk"))
        for word in q.split():
            by_email = Q(email__icontains=word) & managed
            found = found.filter(Q(name__icontains=word) | Q(current_role__icontains=word) | by_email)
        return found

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

    # Annotated by `with_end`.
    is_running: bool
    ended_at: datetime

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(email="", phone="", current_role="", location="", cv="", cv_name="", note="", consented_at=None),
                name="candidate_erased_is_empty",
            )
        ]

    def __str__(self) -> str:
        return self.name


ENDED = ("hired", "rejected", "withdrawn")


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

    def recruited_by(self, user: User) -> Self:
        """Of openings whose recruiter one is."""
        role = OpeningMember.Role.RECRUITER
        return self.filter(Exists(OpeningMember.objects.filter(opening=OuterRef("opening"), user=user, role=role)))

    def not_erased(self) -> Self:
        """Those of candidates whose data are here: of the others nothing is written any more."""
        return self.filter(candidate__erased_at=None)

    def hold(self, pk: int) -> "Application":
        """Lock one for writing about it; raises CandidateErased. Asked after the lock, because erasing takes it too."""
        application = self.select_for_update().get(pk=pk)
        if not Application.objects.not_erased().filter(pk=pk).exists():
            raise CandidateErased
        return application

    def with_end(self) -> Self:
        """Each with when it ended as `ended_at`: by its stage, or with its opening; None while it is going on."""
        moves = StageChange.objects.filter(application=OuterRef("pk"))  # the latest first
        by_stage = Coalesce(Subquery(moves.values("changed_at")[:1]), F("created_at"))
        return self.annotate(ended_at=Case(When(stage__in=ENDED, then=by_stage), default=F("opening__closed_at")))

    def latest_first(self) -> Self:
        """Of those that ended, by their stage or with their opening, whatever ended last comes first."""
        return self.with_end().order_by("-ended_at")

    def going_on(self) -> Self:
        """Those that did not end."""
        return self.with_end().filter(ended_at=None)

    def running(self) -> Self:
        """Neither hired, rejected nor withdrawn."""
        return self.exclude(stage__in=ENDED)

    def count_by_opening(self) -> dict[int, int]:
        """How many of them each opening has."""
        return dict(self.order_by().values_list("opening").annotate(Count("pk")))

    def with_seal(self, user: User) -> Self:
        """Each with what this user may know of its panel; see `candidates.access.sealable`."""
        return self.annotate(**sealable(user))

    def with_stamp(self) -> Self:
        """Each with the stamp of its opening's generation (see `candidates.generations`)."""
        return self.annotate(stamp=stamp_of('"candidates_application"."opening_id"'))

    def complete(self) -> Self:
        """Those of which all counted scorecards are in."""
        return self.filter(completeness())

    def unsealed_for(self, user: User) -> Self:
        """Those whose submitted scorecards this user may read."""
        return self.with_seal(user).filter(is_readable=True)

    def sealed_for(self, user: User) -> Self:
        """Those of whose submitted scorecards this user must know no more than how many there are."""
        return self.with_seal(user).filter(is_sealed=True)

    def not_sealed_for(self, user: User) -> Self:
        """Those of which this user may know whose cards are still to come."""
        return self.with_seal(user).filter(is_sealed=False)

    def complete_to(self, user: User) -> Self:
        """Those whose counted scorecards are all in; none for whom this user is sealed."""
        return self.with_seal(user).filter(is_complete=True, is_sealed=False)

    def with_a_card(self, user: User) -> Self:
        """Those of which a counted scorecard is in; how many are, all who see the application may know."""
        return self.with_seal(user).filter(cards_in__gt=0)

    def open_to_decision(self, user: User) -> Self:
        """Those of one's openings whose scores one may read, or of which no scorecard is in and one is not sealed."""
        known = Q(is_readable=True) | Q(is_sealed=False, cards_in=0)
        return self.with_seal(user).filter(known, is_on_team=True)

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
    stamp: str | None  # annotated by `with_stamp`

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
