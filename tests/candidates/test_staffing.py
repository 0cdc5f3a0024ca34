"""Starting an opening and changing its facts, team and weights together."""

from datetime import datetime

import pytest

from candidates.models import Opening, OpeningMember
from candidates.staffing import create_opening, edit_opening
from candidates.weighing import ReasonNeeded, weights_of
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_rubric_version, make_scorecard

POINTS = {"strategic": 60, "measurable": 40}


def team_of(opening: Opening) -> set[tuple[User, str]]:
    """Everybody on the team with their role."""
    return {(member.user, member.role) for member in OpeningMember.objects.filter(opening=opening)}


def test_create_opening_puts_its_creator_on_the_team(recruiter: User, manager: User) -> None:
    opening = Opening(title="Head of Sales", rubric_version=make_rubric_version(dimensions=2))

    create_opening(user=recruiter, opening=opening, hiring_managers=[manager], recruiters=[], points=POINTS)

    assert team_of(opening) == {(manager, "hiring_manager"), (recruiter, "recruiter")}
    assert weights_of(opening) == POINTS
    assert opening.created_by == recruiter
    assert list(AuditEvent.objects.values_list("act", "actor", "opening_id")) == [
        ("opening.create", recruiter.pk, opening.pk)
    ]


def test_edit_opening_moves_team_and_state(opening: Opening, recruiter: User, manager: User, colleague: User) -> None:
    opening.state = Opening.State.CLOSED

    edit_opening(
        user=recruiter,
        opening=opening,
        hiring_managers=[colleague],
        recruiters=[recruiter],
        points=weights_of(opening),
    )

    opening.refresh_from_db()
    assert team_of(opening) == {(colleague, "hiring_manager"), (recruiter, "recruiter")}
    assert opening.state == Opening.State.CLOSED
    assert opening.closed_at is not None
    assert AuditEvent.objects.get().detail == {"state": "closed", "joined": [colleague.pk], "left": [manager.pk]}


def test_edit_opening_keeps_when_it_was_closed_until_it_is_open_again(opening: Opening, recruiter: User) -> None:
    def edit(state: str) -> datetime | None:
        opening.state = state
        edit_opening(
            user=recruiter, opening=opening, hiring_managers=[], recruiters=[recruiter], points=weights_of(opening)
        )
        opening.refresh_from_db()
        return opening.closed_at

    closed_at = edit("closed")

    assert closed_at is not None
    assert edit("closed") == closed_at
    assert edit("draft") is None


def test_edit_opening_changes_nothing_where_a_reason_is_missing(
    opening: Opening, recruiter: User, manager: User, colleague: User
) -> None:
    make_scorecard(application=make_application(opening=opening), submitted=True)
    before = team_of(opening)
    opening.title = "Another title"

    with pytest.raises(ReasonNeeded):
        edit_opening(
            user=recruiter, opening=opening, hiring_managers=[colleague], recruiters=[recruiter], points=POINTS
        )

    assert team_of(opening) == before
    assert Opening.objects.get().title == "Regional VP of Sales"
    assert not AuditEvent.objects.exists()
