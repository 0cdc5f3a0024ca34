"""Moving applications from stage to stage, and back."""

import pytest
from django.utils import timezone

from candidates.models import Application, Candidate, Opening, StageChange
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


def test_undo_leaves_what_has_moved_away_and_back_since(opening: Opening, recruiter: User, manager: User) -> None:
    row = make_application(opening=opening)
    changes = move_applications(user=recruiter, applications=[row], to_stage="debrief")
    for stage in ("offer", "debrief"):
        move_applications(user=manager, applications=[row], to_stage=stage)

    assert undo_moves(user=recruiter, changes=changes) == []
    assert stages() == ["debrief"]


def test_moves_of_many_are_made_and_undone_in_the_order_of_the_applications(opening: Opening, recruiter: User) -> None:
    rows = [make_application(opening=opening) for _ in range(3)]
    changes = move_applications(user=recruiter, applications=rows[::-1], to_stage="offer")

    undone = undo_moves(user=recruiter, changes=changes[::-1])

    assert [change.application for change in changes] == [change.application for change in undone] == rows
    assert [event.detail["is_undo"] for event in AuditEvent.objects.order_by("pk")] == [False] * 3 + [True] * 3


def test_only_those_named_move_and_the_erased_stay(opening: Opening, recruiter: User) -> None:
    named, _, erased = (make_application(opening=opening) for _ in range(3))
    Candidate.objects.filter(pk=erased.candidate_id).update(email="", erased_at=timezone.now())

    changes = move_applications(user=recruiter, applications=[named, erased], to_stage="offer")

    assert [change.application for change in changes] == [named]
    assert stages() == ["offer", "interviewing", "interviewing"]


def test_many_move_together_or_not_at_all(opening: Opening, recruiter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [make_application(opening=opening) for _ in range(2)]
    changes = move_applications(user=recruiter, applications=rows, to_stage="debrief")
    recorded: list[str] = []

    def refuse_every_second(*, act: str, **_event: object) -> None:
        recorded.append(act)
        if len(recorded) % 2 == 0:
            raise RuntimeError

    monkeypatch.setattr("candidates.stages.record", refuse_every_second)
    with pytest.raises(RuntimeError):
        move_applications(user=recruiter, applications=rows, to_stage="offer")
    with pytest.raises(RuntimeError):
        undo_moves(user=recruiter, changes=changes)

    assert len(recorded) == 4
    assert stages() == ["debrief", "debrief"]
    assert set(StageChange.objects.all()) == set(changes)


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
