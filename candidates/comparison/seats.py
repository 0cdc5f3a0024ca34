"""Who sits on the panels of some applications, as far as one person may know, and what is hidden from that person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from candidates.models import Application, Scorecard
from smarter.accounts.models import User

STATES = {Scorecard.State.SUBMITTED: "done", Scorecard.State.DRAFT: "draft", Scorecard.State.WAITING: "none"}


@dataclass(frozen=True)
class Seat:
    """An interviewer on a panel and how far the card is."""

    name: str
    initials: str
    state: str  # done, draft or none, as the drawing tag takes it


@dataclass(frozen=True)
class Closed:
    """A column without scores: why, how many cards are in, and what one can do about it."""

    reason: str
    progress: str
    href: str = ""
    action: str = ""
    word: str = "Hidden"  # for the cells below the one that says why


def read_seats(user: User, applications: Sequence[Application]) -> list[Scorecard]:
    """The seats that `user` may know of, in one query: those of open panels of one's openings, and one's own.

    While sealed for a candidate, others' seats are left out. Cards come without their content.
    """
    known = [row.pk for row in applications if row.is_on_team and not row.is_sealed]
    candidates = [row.candidate_id for row in applications]
    managed = Scorecard.objects.managed_by(user).filter(interview__application__in=known).order_by().values("pk")
    own = Scorecard.objects.held_by(user).filter(interview__application__candidate__in=candidates).order_by()
    return list(
        Scorecard.objects.filter(pk__in=managed.union(own.values("pk")))
        .filter(interview__cancelled_at=None)
        .select_related("interview__application", "interviewer")
        .defer("recommendation", "summary")
        .order_by("pk")
    )


def closed(application: Application, seats: Sequence[Scorecard]) -> Closed | None:
    """What stands in the place of scores; None where they may be read."""
    if application.is_readable:
        return None
    progress = f"{application.cards_in} of {application.cards_expected} scorecards in"
    if not application.is_sealed:
        return _not_open(application, progress)
    same_person = (card for card in seats if card.interview.application.candidate_id == application.candidate_id)
    own_open = next((card for card in same_person if card.is_open), None)
    if own_open is None:
        return Closed("Hidden until all scorecards are in, because you declined yours.", progress)
    href = reverse("candidates:scorecard_edit", args=[own_open.pk])
    return Closed("Hidden until you submit your scorecard.", progress, href, "Finish it")


def _not_open(application: Application, progress: str) -> Closed:
    """For somebody who is not sealed, and whom nothing may be shown yet."""
    if application.may_look_early:
        href = reverse("candidates:application_look_early", args=[application.pk])
        return Closed("Open when all scorecards are in.", progress, href, "Look early")
    if not application.cards_in:
        return Closed("No scorecard is in yet.", progress, word="Nothing yet")
    if application.is_on_team:
        return Closed("Open when all scorecards are in.", progress)
    return Closed("Open to those who submitted a scorecard, and to the opening’s team.", progress)
