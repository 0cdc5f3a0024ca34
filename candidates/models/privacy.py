"""How long people's data are kept, who must be kept longer, and the runs that erase the rest."""

from datetime import date, datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from candidates.models.candidates import Candidate
from smarter.accounts.models import User

SHORTEST, LONGEST = 12, 120


class RetentionRule(models.Model):
    """The one rule of this installation: after how many months without a running application a person is erased."""

    months = models.PositiveSmallIntegerField(
        "months to keep a candidate", null=True, validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="retention_rule_is_one"),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gte=SHORTEST, months__lte=LONGEST), name="retention_rule_floor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.months} months" if self.months else "no period"

    @classmethod
    def current(cls) -> "RetentionRule":
        """The rule in force; without a period until an admin sets one."""
        return cls.objects.select_related("changed_by").first() or cls(pk=1)

    def cutoff(self, now: datetime) -> datetime | None:
        """Whatever ended before this instant has been kept long enough; None without a period."""
        return months_after(now, -self.months) if self.months else None

    def kept_until(self, ended_at: datetime) -> datetime | None:
        """How long something that ended then is kept; None without a period."""
        return months_after(ended_at, self.months) if self.months else None


def months_after(instant: datetime, months: int) -> datetime:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(instant.year * 12 + instant.month - 1 + months, 12)
    for day in (instant.day, 30, 29, 28):
        try:
            return instant.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Questions about many holds."""

    def in_force(self) -> Self:
        """Neither lifted nor past their day."""
        return self.filter(lifted_at=None).filter(Q(until=None) | Q(until__gte=timezone.localdate()))


class LegalHold(models.Model):
    """A reason why a candidate's data must not be erased yet, such as a claim. Kept after it ends."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="holds")
    reason = models.TextField()
    until: "models.DateField[date | None, date | None]" = models.DateField("until and including", null=True, blank=True)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="legal_hold_has_reason")]

    def __str__(self) -> str:
        return f"Hold on {self.candidate_id}"


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    """Questions about many requests."""

    def open(self) -> Self:
        """Neither carried out nor withdrawn."""
        return self.filter(closed_at=None)


class ErasureRequest(models.Model):
    """A recruiter asks for a candidate to be erased; an admin carries it out. Holds no text, so it outlives both."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="erasure_requests")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate"], condition=Q(closed_at=None), name="erasure_request_one_open")
        ]

    def __str__(self) -> str:
        return f"Request to erase {self.candidate_id}"


class RetentionRun(models.Model):
    """One erasing of all who were kept long enough; it goes on step by step, so that it may be interrupted."""

    candidates = models.JSONField(help_text="The numbers of those that were shown and confirmed.")
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"Run of {self.started_at:%Y-%m-%d}"
