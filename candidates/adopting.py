"""Openings and versions of a rubric: how much a version is used, and openings that take up another one.

An interview pins its version when its first scorecard is opened (PRODUCT.md). So an opening may take up another
version of its rubric until then, and no longer: its candidates are to be rated on one.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from candidates.models import Opening, Scorecard
from candidates.models.openings import OpeningQuerySet
from candidates.weighing import change_weights, weights_of
from rubrics.models import RubricVersion
from rubrics.usage import Usage
from smarter.accounts.models import User
from smarter.audit.recording import record


class MoveRefused(Exception):
    """The opening has a scorecard that somebody opened, or the version is not one that it could take up."""


def count_usage(versions: list[int]) -> dict[int, Usage]:
    """Scorecards that somebody has opened on these versions, and in how many openings."""
    version = Coalesce("interview__rubric_version", "interview__application__opening__rubric_version")
    cards = Scorecard.objects.exclude(opened_at=None).annotate(version_id_used=version)
    rows = cards.filter(version_id_used__in=versions).values("version_id_used")
    counted = {
        row["version_id_used"]: row
        for row in rows.annotate(cards=Count("pk"), openings=Count("interview__application__opening", distinct=True))
    }
    return {number: Usage(scorecards=row["cards"], openings=row["openings"]) for number, row in counted.items()}


def count_movable(version: int) -> int:
    """How many openings could take up a version; none where it is not offered."""
    found = RubricVersion.objects.offered().filter(pk=version).first()
    return Opening.objects.movable_to(found).count() if found else 0


@transaction.atomic
def move_openings(*, user: User, openings: OpeningQuerySet, version: RubricVersion) -> list[Opening]:
    """Let openings without an opened scorecard take up another version of their rubric; answers those that did."""
    if not RubricVersion.objects.offered().filter(pk=version.pk).exists():
        return []
    held = [row.pk for row in openings.movable_to(version).select_for_update(of=("self",))]
    # Somebody may have opened a card while we waited for the rows: ask again, now that they are ours.
    moved = list(Opening.objects.filter(pk__in=held).movable_to(version).select_related("rubric_version"))
    for opening in moved:
        _move(user, opening, version)
    return moved


def move_opening(*, user: User, opening: Opening, version: RubricVersion) -> None:
    """The same for one opening. Raises MoveRefused."""
    if not move_openings(user=user, openings=Opening.objects.filter(pk=opening.pk), version=version):
        raise MoveRefused


def _move(user: User, opening: Opening, version: RubricVersion) -> None:
    before = opening.rubric_version.number
    suggested = {row.key: row.weight for row in version.dimensions.all()}
    Opening.objects.filter(pk=opening.pk).update(rubric_version=version)
    if weights_of(opening).keys() != suggested.keys():
        change_weights(user=user, opening=opening, points=suggested)
    _keep_focus(opening, suggested)
    record(
        actor=user,
        act="opening.rubric",
        subject=opening,
        opening_id=opening.pk,
        from_number=before,
        to_number=version.number,
    )


def _keep_focus(opening: Opening, keys: Collection[str]) -> None:
    """Seats keep the dimensions that are still there; without any, they cover all."""
    for card in Scorecard.objects.filter(interview__application__opening=opening):
        Scorecard.objects.filter(pk=card.pk).update(focus=[key for key in card.focus if key in keys])
