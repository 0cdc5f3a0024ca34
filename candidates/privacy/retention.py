"""Not keeping people longer than agreed: who is due, the rule, and the runs that erase them step by step."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from candidates.models import Candidate, ErasureRequest, Interview, LegalHold, RetentionRule, RetentionRun
from candidates.models.candidates import CandidateQuerySet
from candidates.privacy.erasing import RETENTION, ErasureRefused, erase_candidate
from smarter.accounts.models import User
from smarter.audit.recording import record

STEP = 20
"""How many people one request erases."""


class RunRefused(Exception):
    """Others are due by now than those that were shown; look again."""


def past_their_time(now: datetime) -> CandidateQuerySet:
    """All whose time is over, those on hold included; nobody without a rule."""
    cutoff = RetentionRule.current().cutoff(now)
    people = Candidate.objects.not_erased()
    return people.ended_before(cutoff) if cutoff else people.none()


def due(now: datetime) -> CandidateQuerySet:
    """Those who would be erased: no hold keeps them, and no interview is to come."""
    of_this = Q(application__candidate=OuterRef("pk"))
    to_come = Interview.objects.active().filter(of_this, starts_at__gt=now)
    held = LegalHold.objects.in_force().filter(candidate=OuterRef("pk"))
    return past_their_time(now).filter(~Exists(held), ~Exists(to_come)).longest_ended_first()


def held_back(now: datetime) -> "QuerySet[LegalHold]":
    """The holds that keep people whose time is over."""
    holds = LegalHold.objects.in_force().filter(candidate__in=past_their_time(now).order_by().values("pk"))
    return holds.select_related("candidate", "set_by")


def asked_for(reader: User) -> "QuerySet[Candidate]":
    """Those whose erasure somebody asked for, the oldest first, each with how much would go."""
    asked = ErasureRequest.objects.open()
    people = Candidate.objects.filter(erasure_requests__in=asked).order_by("erasure_requests__asked_at", "pk")
    request = asked.filter(candidate=OuterRef("pk"))
    return with_extent(people.with_end(), reader).annotate(
        asked_at=Subquery(request.values("asked_at")[:1]),
        asked_by=Subquery(request.values("asked_by__name")[:1]),
        request_number=Subquery(request.values("pk")[:1]),
    )


def with_extent(people: "QuerySet[Candidate]", reader: User) -> "QuerySet[Candidate]":
    """Each with how much would go, counted without looking into it, and whether `reader` may see who it is.

    `applications_held`, `interviews_held`, `seats_held`, `has_cv`, `is_seen`.
    """
    seen = Candidate.objects.visible_to(reader).filter(pk=OuterRef("pk"))
    interviews = "applications__interviews"
    return people.annotate(
        applications_held=Count("applications", distinct=True),
        interviews_held=Count(interviews, distinct=True),
        seats_held=Count(f"{interviews}__scorecards", distinct=True),
        has_cv=ExpressionWrapper(~Q(cv=""), output_field=BooleanField()),
        is_seen=Exists(seen),
    )


@transaction.atomic
def change_rule(*, user: User, months: int | None) -> RetentionRule:
    """Set the period, or none; what is due changes at once, and nothing is erased by it."""
    before = RetentionRule.current().months
    rule = RetentionRule(pk=1, months=months, changed_by=user, changed_at=timezone.now())
    rule.save()
    record(actor=user, act="retention.change", subject=rule, before=before, after=months)
    return rule


@transaction.atomic
def start_run(*, user: User, number: int) -> RetentionRun:
    """Take down who is due now; raises RunRefused where they are not as many as the person confirmed."""
    people = list(due(timezone.now()).values_list("pk", flat=True))
    if not people or len(people) != number:
        raise RunRefused
    run = RetentionRun.objects.create(candidates=people, started_by=user)
    record(actor=user, act="retention.run", subject=run, candidates=len(people))
    return run


def go_on(*, user: User, run: RetentionRun, most: int = 0) -> None:
    """Erase the next few of a run; who is no longer due is left alone. Going on twice at a time does no harm."""
    waiting = due(timezone.now()).filter(pk__in=run.candidates)
    for _done in erase_each(actor=user, people=waiting[: most or STEP]):
        pass
    if run.finished_at is None and not waiting.exists():
        run.finished_at = timezone.now()
        run.save(update_fields=["finished_at"])


def erased_of(run: RetentionRun) -> int:
    """How many of a run's people are erased by now."""
    return Candidate.objects.filter(pk__in=run.candidates).exclude(erased_at=None).count()


def erase_each(*, actor: User | None, people: "QuerySet[Candidate]") -> Iterator[int]:
    """Erase one after the other, each in a transaction of its own; the numbers of those that are done."""
    for candidate in list(people):
        try:
            if erase_candidate(actor=actor, candidate=candidate, why=RETENTION):
                yield candidate.pk
        except ErasureRefused:  # a hold was set, or an application moved, since they were listed
            continue
