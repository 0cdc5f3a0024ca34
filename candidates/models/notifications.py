"""Notifications: what a person may want to know and can read in the app."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from candidates.models.candidates import Application
from candidates.models.interviews import Interview
from candidates.models.openings import Opening
from candidates.models.scorecards import Scorecard
from smarter.accounts.models import User

SHOWN_FOR = timedelta(days=60)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Questions about many notifications."""

    def visible_to(self, user: User) -> Self:
        """One's own of late, as far as they may be told at this moment, whatever held when they were written.

        That a panel is complete is told to the team while it is so, and to nobody with a card open for the candidate.
        This asks which kinds and candidates these are first: the bell asks on every page, and most people need no
        more than their own seats; the seal of a few candidates is found much faster than that of all.
        """
        kinds = Notification.Kind
        mine = self.filter(user=user, created_at__gte=timezone.now() - SHOWN_FOR)
        found = set(mine.order_by().values_list("kind", flat=True))
        told = Q(kind=kinds.SEAT_TAKEN)
        told |= Q(kind__in=(kinds.HANDED_BACK, kinds.SEAT_GIVEN), scorecard__interviewer=user)
        if kinds.PANEL_COMPLETE in found:
            named = set(mine.filter(kind=kinds.PANEL_COMPLETE).values_list("application", flat=True))
            panels = Application.objects.filter(pk__in=named).managed_by(user).complete_to(user)
            told |= Q(kind=kinds.PANEL_COMPLETE, application__in=panels.values("pk"))
        if kinds.DEBRIEF_OPENED in found:
            told |= Q(kind=kinds.DEBRIEF_OPENED, opening__in=Opening.objects.visible_to(user).values("pk"))
        return mine.filter(told)

    def with_context(self) -> Self:
        """Each with the rows it points to."""
        return self.select_related("scorecard", "interview", "application__candidate", "opening", "by")

    def unread(self) -> Self:
        """Those not marked as read."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing told to one person. It points to rows and holds no text, so that it says nothing they may not see."""

    class Kind(models.TextChoices):
        """What it tells."""

        HANDED_BACK = "handed_back", "Scorecard handed back"
        SEAT_GIVEN = "seat_given", "On a panel"
        SEAT_TAKEN = "seat_taken", "Off a panel"
        PANEL_COMPLETE = "panel_complete", "Panel complete"
        DEBRIEF_OPENED = "debrief_opened", "Debrief open"

    user = models.ForeignKey(User, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=16, choices=Kind)
    scorecard = models.ForeignKey(Scorecard, models.CASCADE, null=True, related_name="+")
    interview = models.ForeignKey(Interview, models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"], name="notification_user_read")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "application"],
                condition=Q(kind="panel_complete"),
                name="notification_panel_complete_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.user_id}"
