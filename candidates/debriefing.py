"""Opening a debrief, settling its items one by one, closing it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.models import Application, CandidateErased, Debrief, DebriefItem, Opening
from candidates.notifying import notify_of_debrief
from smarter.accounts.models import User
from smarter.audit.recording import record

FRONT = (Application.Stage.DEBRIEF, Application.Stage.OFFER)


class DebriefRefused(Exception):
    """A debrief is open already, or the one meant is closed."""


class CardsMissing(Exception):
    """Not all scorecards are in, and nobody has confirmed that the debrief opens without them."""


class ItemChanged(Exception):
    """Somebody else settled the item in between."""

    def __init__(self, item: DebriefItem) -> None:
        self.item = item


def to_debrief(applications: Iterable[Application], also: Collection[int] = ()) -> list[Application]:
    """Whom a debrief is about: those in debrief or offer and those in `also`; where there are none, in interviewing."""
    rows = list(applications)
    front = [row for row in rows if row.stage in FRONT or row.pk in also]
    return front or [row for row in rows if row.stage == Application.Stage.INTERVIEWING]


def incomplete(discussed: Iterable[Application]) -> list[Application]:
    """Those of whom a scorecard is still expected; each with what one may know of its panel."""
    return [row for row in discussed if row.cards_in < row.cards_expected]


def known_applications(user: User, opening: Opening) -> list[Application]:
    """All applications of an opening of one's team, with what one may know of their panels."""
    rows = Application.objects.managed_by(user).filter(opening=opening).with_seal(user)
    return list(rows.select_related("candidate"))


@transaction.atomic
def open_debrief(*, user: User, opening: Opening, is_confirmed: bool = False) -> Debrief:
    """Open the debrief of an opening for its panel.

    Raises DebriefRefused where one is open, CardsMissing where cards are expected and that is not confirmed.
    """
    Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.debriefs.open().exists():
        raise DebriefRefused
    missing = incomplete(to_debrief(known_applications(user, opening)))
    if missing and not is_confirmed:
        raise CardsMissing
    debrief = Debrief.objects.create(opening=opening, opened_by=user)
    _record(user, "debrief.open", debrief, cards_missing=sum(row.cards_expected - row.cards_in for row in missing))
    notify_of_debrief(debrief, by=user)
    return debrief


@transaction.atomic
def settle_item(
    *,
    user: User,
    debrief: Debrief,
    application: Application,
    dimension_key: str,
    outcome: str,
    note: str,
    seen_at: datetime | None,
) -> DebriefItem:
    """Keep what the panel settled; `seen_at` is when the item was settled before, as far as its author knew.

    Raises DebriefRefused where the debrief is closed or the candidate erased, ItemChanged where somebody else settled
    it in between.
    """
    current = Debrief.objects.select_for_update().get(pk=debrief.pk)
    if current.closed_at is not None:
        raise DebriefRefused
    try:
        Application.objects.hold(application.pk)
    except CandidateErased as error:
        raise DebriefRefused from error
    item = DebriefItem.objects.filter(debrief=current, application=application, dimension_key=dimension_key).first()
    if item is None:
        item = DebriefItem(debrief=current, application=application, dimension_key=dimension_key)
    if item.settled_at != seen_at:
        raise ItemChanged(item)
    item.outcome, item.note, item.settled_by, item.settled_at = outcome, note, user, timezone.now()
    item.save()
    _record(user, "debrief.settle", debrief, application=application, item=item.pk, outcome=outcome)
    return item


@transaction.atomic
def close_debrief(*, user: User, debrief: Debrief) -> None:
    """Close it; what was settled stays to be read. Raises DebriefRefused where it is closed already."""
    if not Debrief.objects.open().filter(pk=debrief.pk).update(closed_at=timezone.now()):
        raise DebriefRefused
    _record(user, "debrief.close", debrief)


def _record(
    user: User, act: str, debrief: Debrief, *, application: Application | None = None, **detail: str | int
) -> None:
    record(
        actor=user,
        act=act,
        subject=debrief,
        opening_id=debrief.opening_id,
        candidate_id=application.candidate_id if application else None,
        **detail,
    )
