"""Reading others' scores leaves a trace: early looks are announced and recorded, first sights are noted."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from candidates.models import Application, EarlyLook, Scorecard, Sight
from smarter.accounts.models import User
from smarter.audit.recording import record


class LookRefused(Exception):
    """An early look is not open to this person now."""


@transaction.atomic
def look_early(*, user: User, application_id: int) -> EarlyLook:
    """Record that `user` looks before all cards are in; those in become readable to them.

    Raises LookRefused where the person is sealed, not on the team, can read the cards anyway, or there is none to read.
    """
    application = Application.objects.open_to_early_look(user).filter(pk=application_id).first()
    if application is None:
        raise LookRefused
    look = EarlyLook.objects.create(
        application=application,
        viewer=user,
        cards_in=application.cards_in,
        cards_expected=application.cards_expected,
    )
    record(
        actor=user,
        act="application.look_early",
        subject=application,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        cards_in=look.cards_in,
        cards_expected=look.cards_expected,
    )
    return look


def note_sight(*, user: User, cards: Iterable[Scorecard]) -> None:
    """Note that others' submitted `cards` were shown to `user`; the first time only, so mostly it writes nothing.

    Call it with every card whose scores a page, an export or a figure on it stands on. Each needs `interview` loaded.
    Outside a first time it takes one query and no lock.
    """
    shown = [card for card in cards if card.interviewer_id != user.pk and card.state == Scorecard.State.SUBMITTED]
    applications = {card.interview.application_id for card in shown}
    known = set(Sight.objects.filter(viewer=user, application__in=applications).values_list("application", flat=True))
    unseen = [card.pk for card in shown if card.first_seen_at is None]
    if applications <= known and not unseen:
        return
    with transaction.atomic():
        Sight.objects.bulk_create(
            [Sight(application_id=pk, viewer=user) for pk in sorted(applications)], ignore_conflicts=True
        )
        Scorecard.objects.filter(pk__in=unseen, first_seen_at=None).update(first_seen_at=timezone.now())
