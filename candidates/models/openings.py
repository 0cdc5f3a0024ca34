"""Openings: the jobs being hired for, their team and their weights."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from candidates.generations import stamp_of
from rubrics.models import RubricVersion
from smarter.accounts.models import User


class OpeningQuerySet(models.QuerySet["Opening"]):
    """Questions about many openings."""

    def visible_to(self, user: User) -> Self:
        """Openings whose team one is on, or in which one holds a scorecard."""
        seats = Exists(
            Opening.objects.filter(pk=OuterRef("pk"), applications__interviews__scorecards__interviewer=user)
        )
        return self.filter(Q(Exists(OpeningMember.objects.filter(opening=OuterRef("pk"), user=user))) | Q(seats))

    def managed_by(self, user: User) -> Self:
        """Openings whose team one is on: hiring manager or recruiter of the opening."""
        return self.filter(Exists(OpeningMember.objects.filter(opening=OuterRef("pk"), user=user)))

    def not_closed(self) -> Self:
        """Those to which candidates can be added."""
        return self.exclude(state=Opening.State.CLOSED)

    def movable_to(self, version: RubricVersion) -> Self:
        """Those on an earlier version of the same rubric that may take up this one: nobody has opened a scorecard."""
        begun = Q(applications__interviews__scorecards__opened_at__isnull=False)
        pinned = Q(applications__interviews__rubric_version__isnull=False)
        earlier = self.not_closed().filter(
            rubric_version__rubric=version.rubric_id, rubric_version__number__lt=version.number
        )
        return earlier.exclude(Exists(Opening.objects.filter(begun | pinned, pk=OuterRef("pk"))))

    def staying_behind(self, version: RubricVersion) -> Self:
        """Those on an earlier version of the same rubric that have a scorecard begun, and so stay there."""
        earlier = Q(rubric_version__rubric=version.rubric_id, rubric_version__number__lt=version.number)
        return self.not_closed().filter(earlier).exclude(pk__in=self.movable_to(version).values("pk"))

    def search(self, *, q: str = "", state: str = "") -> Self:
        """Those whose title or place holds every word, in one state, in any ("all"), or not closed (none given)."""
        found = self if state == "all" else self.filter(state=state) if state else self.not_closed()
        for word in q.split():
            found = found.filter(Q(title__icontains=word) | Q(location__icontains=word))
        return found

    def with_team(self) -> Self:
        """With the people on their teams, in two more queries."""
        return self.prefetch_related("members__user")

    def with_stamp(self) -> Self:
        """With the stamp of its generation, under which what was worked out from its rows may be kept."""
        return self.annotate(stamp=stamp_of('"candidates_opening"."id"'))


class Opening(models.Model):
    """A job being hired for. It takes up one published version of a rubric and has weights of its own."""

    class State(models.TextChoices):
        """draft → open → closed."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    title = models.CharField(max_length=150)
    location = models.CharField(max_length=150, blank=True)
    brief = models.TextField("brief for interviewers", blank=True)
    rubric_version = models.ForeignKey(RubricVersion, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    team = models.ManyToManyField(User, through="OpeningMember", related_name="+")

    stamp: str | None  # annotated by `with_stamp`

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        """Nobody is added to it any more."""
        return self.state == self.State.CLOSED

    def people(self, role: str) -> list[User]:
        """Those on the team in one role."""
        return [member.user for member in self.members.all() if member.role == role]

    @property
    def hiring_managers(self) -> list[User]:
        """Who decides."""
        return self.people(OpeningMember.Role.HIRING_MANAGER)

    @property
    def recruiters(self) -> list[User]:
        """Who plans interviews and moves candidates."""
        return self.people(OpeningMember.Role.RECRUITER)


class OpeningMember(models.Model):
    """Somebody on an opening's team, in one role; one person may have both."""

    class Role(models.TextChoices):
        """Opening roles."""

        HIRING_MANAGER = "hiring_manager", "Hiring manager"
        RECRUITER = "recruiter", "Recruiter"

    opening = models.ForeignKey(Opening, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="opening_memberships")
    role = models.CharField(max_length=16, choices=Role)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [models.UniqueConstraint(fields=["opening", "user", "role"], name="opening_member_unique")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()}"


class OpeningWeight(models.Model):
    """What a dimension counts in this opening, in whole points. Keyed by the dimension's stable key."""

    opening = models.ForeignKey(Opening, models.CASCADE, related_name="weights")
    dimension_key = models.SlugField(max_length=64)
    points = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "dimension_key"], name="opening_weight_unique"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="opening_weight_range"),
        ]

    def __str__(self) -> str:
        return f"{self.dimension_key} {self.points}"


class WeightChange(models.Model):
    """A change of an opening's weights; needs a reason once a scorecard is in."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="weight_changes")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"Weights of {self.opening}, {self.changed_at:%Y-%m-%d}"
