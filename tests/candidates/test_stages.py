"""Moving applications from stage to stage, and back."""

from candidates.models import Application, Opening, StageChange
from candidates.privacy.erasing import erase_candidate
from candidates.stages import move_applications, undo_moves
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application


def stages() -> list[str]:
    """The stages of all applications, the oldest first."""
    return list(Application.objects.order_by("pk").values_list("stage", flat=True))


def test_move_leaves_those_already_there(opening: Opening, recruiter: User) -> None:
    rows = [make_application(opening=opening), make_application(opening=opening, stage="debrief")]

    changes = move_applications(user=recruiter, applications=rows, to_stage="debrief")

    assert stages() == ["debrief", "debrief"]
    assert [(change.application, change.from_stage, change.to_stage) for change in changes] == [
        (rows[0], "interviewing", "debrief")
    ]
    assert [(event.act, event.candidate_id, event.detail) for event in AuditEvent.objects.all()] == [
        (
            "application.move",
            rows[0].candidate_id,
            {"from_stage": "interviewing", "to_stage": "debrief", "is_undo": False},
        )
    ]


def test_undo_moves_back_and_keeps_both_moves(opening: Opening, recruiter: User) -> None:
    rows = [make_application(opening=opening), make_application(opening=opening, stage="screening")]
    changes = move_applications(user=recruiter, applications=rows, to_stage="rejected")

    undone = undo_moves(user=recruiter, changes=changes)

    assert stages() == ["interviewing", "screening"]
    assert len(undone) == 2
    assert StageChange.objects.count() == 4
    assert undo_moves(user=recruiter, changes=changes) == []


def test_undo_leaves_what_has_moved_since(opening: Opening, recruiter: User, manager: User) -> None:
    row = make_application(opening=opening)
    changes = move_applications(user=recruiter, applications=[row], to_stage="debrief")
    move_applications(user=manager, applications=[row], to_stage="offer")

    assert undo_moves(user=recruiter, changes=changes) == []
    assert stages() == ["offer"]


def test_undo_is_for_those_who_moved(opening: Opening, recruiter: User, manager: User) -> None:
    changes = move_applications(user=recruiter, applications=[make_application(opening=opening)], to_stage="offer")

    assert undo_moves(user=manager, changes=changes) == []
    assert stages() == ["offer"]


def test_undo_leaves_an_erased_candidate_where_they_ended(opening: Opening, recruiter: User, admin: User) -> None:
    gone, here = make_application(opening=opening), make_application(opening=opening)
    changes = move_applications(user=recruiter, applications=[gone, here], to_stage="rejected")
    erase_candidate(actor=admin, candidate=gone.candidate)

    assert [change.application for change in undo_moves(user=recruiter, changes=changes)] == [here]
    assert stages() == ["rejected", "interviewing"]
