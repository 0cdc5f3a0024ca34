"""What the dimensions count in an opening: whole points that total 100, changed with a reason once a card is in."""

from collections.abc import Mapping

from django.db import transaction

from candidates.models import Application, Opening, OpeningWeight, WeightChange
from smarter.accounts.models import User
from smarter.audit.recording import record

TOTAL_POINTS = 100


class ReasonNeeded(Exception):
    """Weights were about to change without a reason although a scorecard is in."""


def weights_of(opening: Opening) -> dict[str, int]:
    """The points of each dimension by its stable key."""
    return dict(opening.weights.values_list("dimension_key", "points"))


def needs_reason(user: User, opening: Opening) -> bool:
    """Whether a scorecard of the opening is in, so that `user` has to say why the weights change."""
    return Application.objects.managed_by(user).filter(opening=opening).with_a_card(user).exists()


@transaction.atomic
def change_weights(*, user: User, opening: Opening, points: Mapping[str, int], reason: str = "") -> bool:
    """Give the opening these weights and keep what they were; True where anything changed.

    Raises ReasonNeeded where a scorecard is in and no reason is given.
    """
    Opening.objects.select_for_update().get(pk=opening.pk)
    before, after = weights_of(opening), dict(points)
    if before == after:
        return False
    late = needs_reason(user, opening)
    if late and not reason.strip():
        raise ReasonNeeded
    opening.weights.exclude(dimension_key__in=after).delete()
    for key, value in after.items():
        OpeningWeight.objects.update_or_create(opening=opening, dimension_key=key, defaults={"points": value})
    WeightChange.objects.create(opening=opening, before=before, after=after, reason=reason.strip(), changed_by=user)
    record(actor=user, act="opening.weights", subject=opening, opening_id=opening.pk, after_first_card=late)
    return True
