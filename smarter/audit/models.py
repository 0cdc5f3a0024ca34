"""The audit: every act that changes something, written in the act's own transaction."""

from django.conf import settings
from django.db import models
from django.utils import timezone


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
