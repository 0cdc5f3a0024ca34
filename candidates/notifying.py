"""Write notifications: in the transaction of the act they tell of, to everybody but whoever did it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from candidates.models import Application, Debrief, Notification, Opening, OpeningMember, Scorecard
from smarter.accounts.models import User
from smarter.compiled_queries import compiled

Kind = Notification.Kind


def notify_of_seats(kind: str, cards: Iterable[Scorecard], *, by: User) -> None:
    """Tell the holders of these cards that they are on or off a panel, or that a card came back to them."""
    Notification.objects.bulk_create(
        Notification(
            user_id=card.interviewer_id,
            kind=kind,
            scorecard=None if kind == Kind.SEAT_TAKEN else card,
            interview=card.interview,
            application=card.interview.application,
            opening_id=card.interview.application.opening_id,
            by=by,
        )
        for card in cards
        if card.interviewer_id != by.pk
    )


def notify_if_complete(application: Application, *, by: User) -> None:
    """Tell the team when the last scorecard is in. Who has a card open for the candidate learns it once that is in.

    A panel that was complete, and is so again after a card was handed back, is told anew.
    """
    team = set(_team_of_complete(application.pk, by.pk))
    if not team:
        return
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=person,
                kind=Kind.PANEL_COMPLETE,
                application=application,
                opening_id=application.opening_id,
                created_at=now,
            )
            for person in team
        ],
        ignore_conflicts=True,
    )
    again = Notification.objects.filter(kind=Kind.PANEL_COMPLETE, application=application, user__in=team)
    again.filter(created_at__lt=now).update(created_at=now, read_at=None)


@compiled
def _team_of_complete(application: int, by: int) -> QuerySet[OpeningMember, int]:
    """The active members of its opening's team but one; nobody where a counted scorecard is still to come."""
    complete = Application.objects.complete().filter(pk=application).order_by()
    team = OpeningMember.objects.filter(opening__in=complete.values("opening"), user__is_active=True)
    return team.exclude(user=by).order_by().values_list("user", flat=True)


def notify_of_debrief(debrief: Debrief, *, by: User) -> None:
    """Tell the team and the panels of the opening that its debrief is open."""
    opening: Opening = debrief.opening
    sits = Q(
        scorecards__interview__application__opening=opening,
        scorecards__interview__cancelled_at=None,
        scorecards__state__in=("waiting", "draft", "submitted"),
    )
    people = User.objects.filter(Q(opening_memberships__opening=opening) | sits, is_active=True)
    Notification.objects.bulk_create(
        Notification(user=person, kind=Kind.DEBRIEF_OPENED, opening=opening, by=by)
        for person in people.exclude(pk=by.pk).distinct()
    )


def place_of(row: Notification) -> str:
    """The page that a notification tells of; the list itself where there is none to see any more."""
    if row.kind == Kind.HANDED_BACK and row.scorecard:
        page = "scorecard_edit" if row.scorecard.is_open else "scorecard_detail"
        return reverse(f"candidates:{page}", args=[row.scorecard.pk])
    if row.kind == Kind.SEAT_GIVEN and row.interview:
        return reverse("candidates:interview_detail", args=[row.interview.pk])
    if row.kind == Kind.PANEL_COMPLETE and row.application:
        return reverse("candidates:candidate_detail", args=[row.application.candidate_id])
    if row.kind == Kind.DEBRIEF_OPENED:
        return reverse("candidates:opening_debrief", args=[row.opening_id])
    return reverse("candidates:notification_list")
