"""Write an audit event."""

from django.db import models

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent


def record(
    *,
    actor: User | None,
    act: str,
    subject: models.Model | None = None,
    opening_id: int | None = None,
    candidate_id: int | None = None,
    **detail: str | int | bool | list[str] | list[int] | dict[str, int] | None,
) -> AuditEvent:
    """Record that `actor` did `act` (such as "scorecard.submit") to `subject`.

    Call it inside the act's own transaction. `detail` holds codes, counts and row numbers only: never evidence, notes,
    ratings, names or addresses, because the audit is read by people who may not see those and outlives erasure.
    """
    return AuditEvent.objects.create(
        actor=actor,
        act=act,
        subject=subject._meta.label_lower.split(".")[1] if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        opening_id=opening_id,
        candidate_id=candidate_id,
        detail=detail,
    )
