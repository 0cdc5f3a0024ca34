"""Moving applications from stage to stage, one or many at once, and taking a move back."""

from collections.abc import Iterable

from django.db import transaction

from candidates.models import Application, CandidateErased, StageChange
from smarter.accounts.models import User
from smarter.audit.recording import record


@transaction.atomic
def move_applications(*, user: User, applications: Iterable[Application], to_stage: str) -> list[StageChange]:
    """Move these applications; those already there stay untouched. The changes made, for an undo."""
    keys = [application.pk for application in applications]
    changes = []
    here = Application.objects.not_erased().filter(pk__in=keys)  # in their own order, in which all lock them
    for application in here.select_for_update(of=("self",)):
        if application.stage != to_stage:
            changes.append(_move(user=user, application=application, to_stage=to_stage))
    return changes


@transaction.atomic
def undo_moves(*, user: User, changes: Iterable[StageChange]) -> list[StageChange]:
    """Move back what `user` moved, where nothing has moved it since. Both moves stay in the history.

    Erased candidates stay where they ended.
    """
    keys = [change.pk for change in changes if change.changed_by_id == user.pk]
    undone = []
    for change in StageChange.objects.filter(pk__in=keys).order_by("pk"):
        try:
            application = Application.objects.hold(change.application_id)
        except CandidateErased:
            continue
        if application.stage_changes.first() == change:
            undone.append(_move(user=user, application=application, to_stage=change.from_stage, is_undo=True))
    return undone


def _move(*, user: User, application: Application, to_stage: str, is_undo: bool = False) -> StageChange:
    change = StageChange.objects.create(
        application=application, from_stage=application.stage, to_stage=to_stage, changed_by=user
    )
    application.stage = to_stage
    application.save(update_fields=["stage"])
    record(
        actor=user,
        act="application.move",
        subject=application,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        from_stage=change.from_stage,
        to_stage=to_stage,
        is_undo=is_undo,
    )
    return change
