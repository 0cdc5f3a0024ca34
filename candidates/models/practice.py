"""Practice: what interviewers gave sample answers before they score candidates. Nobody else reads it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.models import RATINGS, SampleAnswer
from smarter.accounts.models import User


class PracticeRatingQuerySet(models.QuerySet[Any]):
    """Questions about many practice ratings."""

    def held_by(self, user: User) -> Self:
        """One's own, the only ones anybody sees."""
        return self.filter(user=user)

    def with_answer(self) -> Self:
        """Each with the answer it was given and where that stands in its rubric."""
        return self.select_related("answer__version__rubric", "answer__question__dimension")


class PracticeRating(models.Model):
    """What one person gave a sample answer before the agreed rating was shown. Once given, it stays."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.ForeignKey(SampleAnswer, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(choices=[(value, str(value)) for value in RATINGS])
    rated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PracticeRatingQuerySet.as_manager()

    class Meta:
        ordering = ["-rated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "answer"], name="practice_rating_unique"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="practice_rating_range"),
        ]

    def __str__(self) -> str:
        return f"Practice: {self.value}"

    @property
    def distance(self) -> int:
        """Points above the agreed rating; below zero where it is stricter."""
        return self.value - self.answer.rating
