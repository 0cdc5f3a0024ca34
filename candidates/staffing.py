"""Starting an opening and changing it: its facts, its team and its weights move together."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from candidates.models import Opening, OpeningMember, OpeningWeight
from candidates.weighing import change_weights
from smarter.accounts.models import User
from smarter.audit.recording import record

Role = OpeningMember.Role


@transaction.atomic
def create_opening(
    *,
    user: User,
    opening: Opening,
    hiring_managers: Iterable[User],
    recruiters: Iterable[User],
    points: Mapping[str, int],
) -> Opening:
    """Save a new opening with its team and weights; whoever creates it is a recruiter of it."""
    opening.created_by = user
    opening.save()
    _set_team(opening=opening, hiring_managers=hiring_managers, recruiters=[user, *recruiters])
    OpeningWeight.objects.bulk_create(
        OpeningWeight(opening=opening, dimension_key=key, points=value) for key, value in points.items()
    )
    record(actor=user, act="opening.create", subject=opening, opening_id=opening.pk)
    return opening


@transaction.atomic
def edit_opening(
    *,
    user: User,
    opening: Opening,
    hiring_managers: Iterable[User],
    recruiters: Iterable[User],
    points: Mapping[str, int],
    reason: str = "",
) -> None:
    """Save an opening's facts, team and weights; raises ReasonNeeded as `change_weights` does."""
    if opening.state == Opening.State.CLOSED:
        opening.closed_at = opening.closed_at or timezone.now()
    else:
        opening.closed_at = None
    opening.save()
    joined, left = _set_team(opening=opening, hiring_managers=hiring_managers, recruiters=recruiters)
    change_weights(user=user, opening=opening, points=points, reason=reason)
    record(
        actor=user,
        act="opening.edit",
        subject=opening,
        opening_id=opening.pk,
        state=opening.state,
        joined=joined,
        left=left,
    )


def _set_team(
    *, opening: Opening, hiring_managers: Iterable[User], recruiters: Iterable[User]
) -> tuple[list[int], list[int]]:
    """Make these people the team; the ids of those who joined and left in any role.

    The opening was saved before, so whoever sets its team at the same time waits for its row.
    """
    wanted = {(person.pk, Role.HIRING_MANAGER.value) for person in hiring_managers}
    wanted |= {(person.pk, Role.RECRUITER.value) for person in recruiters}
    present = {(member.user_id, member.role): member for member in OpeningMember.objects.filter(opening=opening)}
    for key in present.keys() - wanted:
        present[key].delete()
    OpeningMember.objects.bulk_create(
        OpeningMember(opening=opening, user_id=user_id, role=role)
        for user_id, role in sorted(wanted - present.keys(), key=lambda seat: (seat[1], seat[0]))
    )
    joined = sorted({user_id for user_id, _ in wanted - present.keys()})
    left = sorted({user_id for user_id, _ in present.keys() - wanted})
    return joined, left
