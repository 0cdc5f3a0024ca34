"""What a candidate's page says about their data: how long they stay, what keeps them, and what one may do."""

from dataclasses import dataclass
from datetime import datetime

from candidates.models import Candidate, ErasureRequest, LegalHold, RetentionRule
from smarter.accounts.models import User


@dataclass(frozen=True)
class Privacy:
    """For those who look after the candidate."""

    months: int | None  # how long anybody is kept after the end; None where there is no period
    kept_until: datetime | None  # None while an application is running
    holds: tuple[LegalHold, ...]
    request: ErasureRequest | None
    may_disclose: bool


def read_privacy(user: User, candidate: Candidate) -> Privacy | None:
    """None for who does not look after the candidate."""
    current = Candidate.objects.managed_by(user).with_end().filter(pk=candidate.pk).first()
    if current is None:
        return None
    rule = RetentionRule.current()
    holds = LegalHold.objects.in_force().filter(candidate=candidate).select_related("set_by")
    return Privacy(
        months=rule.months,
        kept_until=None if current.is_running else rule.kept_until(current.ended_at),
        holds=tuple(holds),
        request=ErasureRequest.objects.open().filter(candidate=candidate).select_related("asked_by").first(),
        may_disclose=Candidate.objects.recruited_by(user).filter(pk=candidate.pk).exists(),
    )
