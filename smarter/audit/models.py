"""The audit: every act that changes something, written in the act's own transaction."""

from collections.abc import Collection
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from smarter.accounts.models import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Questions about many events."""

    def outside(self, *, candidate_ids: Collection[int], opening_ids: Collection[int], reader: User) -> Self:
        """Own events, and those that say nothing of these candidates.

        Left out with them: events on these openings as a whole, and those that name no candidate, because they may be
        about one of these. Where there is nothing to keep from the reader, nothing is left out.
        """
        if not candidate_ids:
            return self
        nowhere = Q(candidate_id=None, opening_id=None)
        unplaced = nowhere & ~Q(subject__in=SITE_SUBJECTS)
        kept_out = Q(candidate_id__in=candidate_ids) | Q(candidate_id=None, opening_id__in=opening_ids) | unplaced
        return self.filter(Q(actor=reader) | ~kept_out)


# What events are about that never tell of a candidate.
SITE_SUBJECTS = ("user", "invitation", "rubric", "rubricversion")


class AuditEvent(models.Model):
    """One act. Free of note text, scores and names: it points to rows by number. The database refuses to change it."""

    recorded_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=64)
    subject = models.CharField(max_length=32, blank=True)
    subject_id = models.BigIntegerField(null=True)
    opening_id = models.BigIntegerField(null=True)
    candidate_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="audit_subject"),
            models.Index(fields=["candidate_id", "recorded_at"], name="audit_candidate"),
            models.Index(fields=["opening_id", "recorded_at"], name="audit_opening"),
            models.Index(fields=["act", "recorded_at"], name="audit_act"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject} {self.subject_id or ''}".strip()

    @property
    def detail_words(self) -> str:
        """The codes and counts in one line, to be read."""
        return ", ".join(f"{key.replace('_', ' ')} {_words(value)}" for key, value in self.detail.items() if value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {number}" for key, number in value.items())
    return " ".join(str(item) for item in value) if isinstance(value, list) else str(value)
