"""Legal holds: set with a reason, lifted when it is over, both recorded."""

from django.db import transaction
from django.utils import timezone

from candidates.models import Candidate, CandidateErased, LegalHold
from smarter.accounts.models import User
from smarter.audit.recording import record


@transaction.atomic
def set_hold(*, user: User, candidate: Candidate, hold: LegalHold) -> LegalHold:
    """Keep a candidate's data from being erased. Raises CandidateErased."""
    if Candidate.objects.select_for_update().get(pk=candidate.pk).erased_at is not None:
        raise CandidateErased
    hold.candidate, hold.set_by = candidate, user
    hold.save()
    until = hold.until.isoformat() if hold.until else None
    record(actor=user, act="candidate.hold", subject=candidate, candidate_id=candidate.pk, hold=hold.pk, until=until)
    return hold


@transaction.atomic
def lift_hold(*, user: User, hold: LegalHold) -> None:
    """End a hold; it stays on record. Lifting again changes nothing."""
    now = timezone.now()
    if LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=now, lifted_by=user):
        record(
            actor=user, act="candidate.lift_hold", subject=hold.candidate, candidate_id=hold.candidate_id, hold=hold.pk
        )
