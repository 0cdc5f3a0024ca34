"""Interviews: one conversation of an application, with a time, a place and a panel."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from candidates.models.candidates import Application
from candidates.models.openings import OpeningMember
from rubrics.models import RubricVersion
from smarter.accounts.models import User, validate_time_zone

SCORECARD_DUE_AFTER = timedelta(hours=24)


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Questions about many interviews."""

    def visible_to(self, user: User) -> Self:
        """Of openings whose team one is on, and those in which one holds a scorecard."""
        on_team = Exists(OpeningMember.objects.filter(opening=OuterRef("application__opening"), user=user))
        seat = Exists(Interview.objects.filter(pk=OuterRef("pk"), scorecards__interviewer=user))
        return self.filter(Q(on_team) | Q(seat))

    def active(self) -> Self:
        """Those that take place or took place."""
        return self.filter(cancelled_at=None)

    def changeable_by(self, user: User) -> Self:
        """Of openings whose team one is on, not cancelled, and of a candidate whose data are here."""
        return self.managed_by(user).active().filter(application__candidate__erased_at=None)

    def with_application(self) -> Self:
        """Each with its candidate, opening and rubric version, for a page about one interview."""
        return self.select_related(
            "application__candidate", "application__opening__rubric_version__rubric", "rubric_version"
        )

    def managed_by(self, user: User) -> Self:
        """Of openings whose team one is on."""
        return self.filter(Exists(OpeningMember.objects.filter(opening=OuterRef("application__opening"), user=user)))


class Interview(models.Model):
    """One conversation. It pins the rubric version when its first scorecard is opened."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="interviews")
    title = models.CharField(max_length=120, default="Interview")
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("length in minutes", default=60)
    time_zone = models.CharField(max_length=64, default="Europe/London", validators=[validate_time_zone])
    place = models.CharField("place or link", max_length=300, blank=True)
    rubric_version = models.ForeignKey(RubricVersion, models.PROTECT, null=True, related_name="+", editable=False)
    calendar_uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=600), name="interview_minutes_range")
        ]

    def __str__(self) -> str:
        return f"{self.title} with {self.application.candidate}"

    @property
    def ends_at(self) -> datetime | None:
        """When it ends as planned."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def is_running(self) -> bool:
        """Whether the clock stands within its planned time."""
        return bool(self.starts_at and timedelta() <= timezone.now() - self.starts_at < timedelta(minutes=self.minutes))

    @property
    def due_at(self) -> datetime | None:
        """When its scorecards are due."""
        return self.ends_at + SCORECARD_DUE_AFTER if self.ends_at else None

    @property
    def pinned_version_id(self) -> int:
        """The number of the version its scorecards use."""
        return self.rubric_version_id or self.application.opening.rubric_version_id

    def pinned_version(self) -> RubricVersion:
        """The version its scorecards use: pinned, or still the opening's."""
        return self.rubric_version or self.application.opening.rubric_version

    def pin_version(self) -> None:
        """Hold on to the opening's version from now on, whatever the opening takes up later."""
        if self.rubric_version is None:
            version = self.application.opening.rubric_version
            # Two cards may be opened at once: the first pin stays.
            if not Interview.objects.filter(pk=self.pk, rubric_version=None).update(rubric_version=version):
                self.refresh_from_db(fields=["rubric_version"])
                return
            self.rubric_version = version
