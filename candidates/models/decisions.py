"""Shortlists, debriefs and decisions: what people conclude from the scores."""

from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Case, Count, Max, Q, Value, When
from django.utils import timezone

from candidates.models.candidates import Application
from candidates.models.openings import Opening
from smarter.accounts.models import User


class ShortlistQuerySet(models.QuerySet["Shortlist"]):
    """Questions about many shortlists."""

    def managed_by(self, user: User) -> Self:
        """Of openings whose team one is on."""
        return self.filter(opening__in=Opening.objects.managed_by(user))

    def with_numbers(self) -> Self:
        """Each with the `number` of candidates on it."""
        return self.annotate(number=Count("entries", filter=Q(entries__removed_at=None)))


class Shortlist(models.Model):
    """A named list of applications of one opening, ordered by hand."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="shortlists")
    name = models.CharField(max_length=80)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["opening", "name"], name="shortlist_name_unique")]

    def __str__(self) -> str:
        return self.name


class ShortlistEntryQuerySet(models.QuerySet["ShortlistEntry"]):
    """Questions about many entries."""

    def managed_by(self, user: User) -> Self:
        """Of openings whose team one is on."""
        return self.filter(shortlist__in=Shortlist.objects.managed_by(user))

    def noted_to(self, user: User) -> Self:
        """Those whose note this user may read: not while sealed for the candidate, because it may tell of scores."""
        sealed = Application.objects.managed_by(user).sealed_for(user)
        return self.managed_by(user).exclude(application__in=sealed.order_by().values("pk"))

    def by_application(self, applications: Iterable[int]) -> "dict[int, list[Shortlist]]":
        """The lists on which these applications are, by application, in one query."""
        found: dict[int, list[Shortlist]] = {}
        for entry in self.on_it().filter(application__in=list(applications)).select_related("shortlist"):
            found.setdefault(entry.application_id, []).append(entry.shortlist)
        return found

    def on_it(self) -> Self:
        """Those that were not taken off."""
        return self.filter(removed_at=None)

    def next_position(self) -> int:
        """After the last of these."""
        last: int | None = self.aggregate(last=Max("position"))["last"]
        return 0 if last is None else last + 1


class ShortlistEntry(models.Model):
    """An application on a shortlist."""

    shortlist = models.ForeignKey(Shortlist, models.CASCADE, related_name="entries")
    application = models.ForeignKey(Application, models.PROTECT, related_name="shortlist_entries")
    position = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)
    removed_at = models.DateTimeField(
        null=True, editable=False, help_text="Taken off; kept with its note, so that an undo brings it back."
    )

    objects = ShortlistEntryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["shortlist", "application"], name="shortlist_entry_unique")]

    def __str__(self) -> str:
        return f"{self.application} on {self.shortlist}"


class DebriefQuerySet(models.QuerySet["Debrief"]):
    """Questions about many debriefs."""

    def visible_to(self, user: User) -> Self:
        """Of openings one sees; what they settled shows only as far as one may read the scores."""
        return self.filter(opening__in=Opening.objects.visible_to(user))

    def managed_by(self, user: User) -> Self:
        """Of openings whose team one is on."""
        return self.filter(opening__in=Opening.objects.managed_by(user))

    def open(self) -> Self:
        """Those going on."""
        return self.filter(closed_at=None)


class Debrief(models.Model):
    """The panel's talk about an opening's candidates, opened by the team."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="debriefs")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = DebriefQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening"], condition=Q(closed_at=None), name="debrief_one_open")
        ]

    def __str__(self) -> str:
        return f"Debrief of {self.opening}"


class DebriefItemQuerySet(models.QuerySet["DebriefItem"]):
    """Questions about many items."""

    def visible_to(self, user: User) -> Self:
        """Of candidates whose scores this user may read, because a note tells of them."""
        readable = Application.objects.visible_to(user).unsealed_for(user).values("pk")
        return self.filter(application__in=readable)


class DebriefItem(models.Model):
    """What the panel settled on one dimension of one candidate."""

    class Outcome(models.TextChoices):
        """How an item ends."""

        STAYS = "stays", "Both stand"
        REVISED = "revised", "A rater revises"
        ASK_AGAIN = "ask_again", "Ask again"

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="debrief_items")
    dimension_key = models.SlugField(max_length=64)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    note = models.TextField(blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = DebriefItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["debrief", "application", "dimension_key"], name="debrief_item_unique")
        ]

    def __str__(self) -> str:
        return f"{self.dimension_key} of {self.application_id}"


ERASED = "[erased]"
"""What stands where somebody's words or name stood."""


class DecisionsAreKept(Exception):
    """A decision was about to be changed or deleted; a later one is a new one."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about many decisions, which are only ever added."""

    def visible_to(self, user: User) -> Self:
        """Of candidates on whom one may decide now, because a record holds what was known of the scores."""
        return self.filter(application__in=Application.objects.open_to_decision(user).values("pk"))

    def update(self, **_changes: Any) -> NoReturn:
        """Refused."""
        raise DecisionsAreKept

    def delete(self) -> NoReturn:
        """Refused."""
        raise DecisionsAreKept

    def erase_text(self) -> int:
        """Take the words out, and say when; outcome and numbers stay. The one change that the database lets through."""
        gone = Value(ERASED)
        reason = Case(When(against_order_reason="", then=Value("")), default=gone)
        return super().update(rationale=gone, against_order_reason=reason, erased_at=timezone.now())

    def erase_words(self, *, rationale: str, against_order_reason: str) -> int:
        """Write these texts, from which somebody's name was taken, and say when."""
        return super().update(rationale=rationale, against_order_reason=against_order_reason, erased_at=timezone.now())


LONG_REASONS = 1_500
"""Letters of the reasons of a decision above which they are set small on paper."""


class Decision(models.Model):
    """What people decided on an application, and what they knew. A later decision is a new one; only erasing the
    candidate takes the words out (ADR 14)."""

    class Outcome(models.TextChoices):
        """What was decided."""

        OFFER = "offer", "Offer"
        REJECT = "reject", "Reject"
        HOLD = "hold", "Hold"

    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome)
    rationale = models.TextField()
    against_order_reason = models.TextField(blank=True)
    snapshot = models.JSONField(
        help_text="Scores before and after, weights, versions, coverage and early looks, as known."
    )
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(
        null=True, editable=False, help_text="When words were last taken out, because a person was erased."
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(rationale=""), name="decision_has_rationale")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.application}"

    @property
    def is_long(self) -> bool:
        """Whether its words have to be set small to fit on one page of paper."""
        return len(self.rationale) + len(self.against_order_reason) > LONG_REASONS

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once."""
        if not self._state.adding:
            raise DecisionsAreKept
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise DecisionsAreKept
