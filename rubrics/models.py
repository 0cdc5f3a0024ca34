"""What good looks like: rubrics, their versions, and what a version is made of.

A version is a document: drafted, published, frozen, at last retired. Everything that a score hangs on is kept.
"""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from smarter.accounts.models import User

RATINGS = (1, 2, 3, 4, 5)


class FrozenVersion(Exception):
    """A published or retired version, or a part of one, was about to change."""


class Rubric(models.Model):
    """A named set of dimensions, such as SMART, through all its versions."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    """Questions about many versions."""

    def published(self) -> Self:
        """Those that are neither drafts nor retired."""
        return self.filter(state=RubricVersion.State.PUBLISHED)

    def offered(self) -> Self:
        """Those that openings may take up: published, of a rubric that is not archived."""
        return self.published().filter(rubric__archived_at=None)

    def visible_to(self, user: User) -> Self:
        """Everybody reads what was published; drafts are for admins."""
        return self if user.is_admin else self.exclude(state=RubricVersion.State.DRAFT)

    def editable_by(self, user: User) -> Self:
        """Drafts, for admins."""
        return self.filter(state=RubricVersion.State.DRAFT) if user.is_admin else self.none()

    def with_content(self) -> Self:
        """Everything that an interviewer reads, in four queries whatever the number."""
        return self.select_related("rubric").prefetch_related("dimensions__anchors", "dimensions__questions")


class RubricVersion(models.Model):
    """One state of a rubric. At most one draft; once published, nothing in it changes."""

    class State(models.TextChoices):
        """draft → published → retired."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    note = models.TextField("what changed", blank=True)
    revision = models.PositiveIntegerField(
        default=0, help_text="Counts the saves of a draft, so that two editors notice."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        ordering = ["rubric", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="rubric_version_number_unique"),
            models.UniqueConstraint(fields=["rubric"], condition=Q(state="draft"), name="rubric_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None) | Q(~Q(state="draft"), published_at__isnull=False),
                name="rubric_version_published_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} v{self.number}"

    @property
    def is_frozen(self) -> bool:
        """Only a draft may change."""
        return self.state != self.State.DRAFT

    def before(self) -> "RubricVersion | None":
        """The last version published before this one, to compare it with."""
        published = self.rubric.versions.exclude(state=self.State.DRAFT).filter(number__lt=self.number)
        return published.order_by("-number").first()

    def refuse_if_frozen(self) -> None:
        """Raise FrozenVersion unless this is a draft."""
        if self.is_frozen:
            raise FrozenVersion(f"{self} is published and can't change. Edit its draft instead.")


class VersionPart(models.Model):
    """What a version is made of: refuses to be saved or deleted once the version is published."""

    class Meta:
        abstract = True

    @property
    def owning_version(self) -> RubricVersion:
        """The version that this is a part of."""
        raise NotImplementedError

    def refuse_if_frozen(self) -> None:
        """Raise FrozenVersion unless the version is a draft."""
        self.owning_version.refuse_if_frozen()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, in a draft only."""
        self.refuse_if_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, in a draft only."""
        self.refuse_if_frozen()
        return super().delete(*args, **kwargs)


class Dimension(VersionPart):
    """One thing to judge, with its meaning and suggested weight. `key` is the same in every version."""

    version = models.ForeignKey(RubricVersion, models.CASCADE, related_name="dimensions")
    key = models.SlugField(max_length=64)
    letter = models.CharField(
        max_length=1, validators=[RegexValidator(r"^[A-Z0-9]$", "Use one capital letter or digit.")]
    )
    name = models.CharField(max_length=60)
    meaning = models.TextField(blank=True)
    weight = models.PositiveSmallIntegerField(default=20, validators=[MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="dimension_key_unique"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=100), name="dimension_weight_range"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owning_version(self) -> RubricVersion:
        """The version that this is a part of."""
        return self.version

    def anchor_text(self, value: int) -> str:
        """What an answer worth `value` sounds like; empty where the draft has none yet."""
        return next((anchor.text for anchor in self.anchors.all() if anchor.value == value), "")


class Question(VersionPart):
    """Something to ask, with probes and what to listen for. `key` is the same in every version."""

    class Kind(models.TextChoices):
        """What the candidate is asked for."""

        PAST_BEHAVIOUR = "past_behaviour", "Past behaviour"
        SITUATIONAL = "situational", "Situational"

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=64)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PAST_BEHAVIOUR)
    text = models.TextField()
    probes = models.JSONField(default=list, blank=True, help_text="A list of follow-up questions.")
    listen_for = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["dimension", "key"], name="question_key_unique")]

    def __str__(self) -> str:
        return self.text

    @property
    def owning_version(self) -> RubricVersion:
        """The version that this is a part of."""
        return self.dimension.version


class Anchor(VersionPart):
    """What an answer worth 1, 2, 3, 4 or 5 on a dimension sounds like."""

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="anchors")
    value = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "value"], name="anchor_value_unique"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="anchor_value_range"),
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.text}"

    @property
    def owning_version(self) -> RubricVersion:
        """The version that this is a part of."""
        return self.dimension.version


class SampleAnswerQuerySet(models.QuerySet["SampleAnswer"]):
    """Questions about many sample answers."""

    def open_to_practice(self) -> Self:
        """Of versions that no longer change: what is rated must stay what it was."""
        return self.exclude(version__state=RubricVersion.State.DRAFT)

    def newest(self) -> Self:
        """Of each rubric's newest published version."""
        later = RubricVersion.objects.published().filter(
            rubric=OuterRef("version__rubric"), number__gt=OuterRef("version__number")
        )
        return self.filter(~Exists(later), version__state=RubricVersion.State.PUBLISHED)

    def with_place(self) -> Self:
        """Each with its question, dimension and rubric, rubric by rubric."""
        rows = self.select_related("version__rubric", "question__dimension")
        return rows.order_by("version__rubric__name", "version", "position", "pk")


class SampleAnswer(VersionPart):
    """A practice answer with the rating agreed on, for interviewers to try themselves on before their first card."""

    version = models.ForeignKey(RubricVersion, models.CASCADE, related_name="sample_answers")
    key = models.SlugField(max_length=64)
    question = models.ForeignKey(Question, models.CASCADE, related_name="sample_answers")
    answer = models.TextField()
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    reason = models.TextField("why this rating")
    position = models.PositiveSmallIntegerField(default=0)

    objects = SampleAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="sample_answer_key_unique"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="sample_answer_rating_range"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.rating}"

    @property
    def owning_version(self) -> RubricVersion:
        """The version that this is a part of."""
        return self.version


class Removal(models.Model):
    """A dimension or question that somebody took out of a draft, with all that went with it, to be put back.

    It is no part of the version and goes with the draft: published or discarded, nothing is left to undo.
    """

    version = models.ForeignKey(RubricVersion, models.CASCADE, related_name="removals")
    dimension_key = models.SlugField(max_length=64)
    question_key = models.SlugField(max_length=64, blank=True)
    content = models.JSONField(help_text="The row as in a rubric file, its place, and its practice answers.")
    removed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-removed_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What was removed: the name of a dimension, the text of a question."""
        row = self.content["row"]
        return str(row["text"] or "A question without text" if self.question_key else row["name"])
