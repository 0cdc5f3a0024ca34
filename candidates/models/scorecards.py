"""Scorecards: a panel seat, its scores with evidence, notes and revisions. Frozen once submitted."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.access import OPEN_STATES, QuestionNoteQuerySet, RevisionQuerySet, ScorecardQuerySet, ScoreQuerySet
from candidates.models.candidates import Application
from candidates.models.interviews import Interview
from rubrics.models import RATINGS, Dimension, Question
from smarter.accounts.models import User


class NotObserved(models.TextChoices):
    """Why a dimension has no rating. Never zero, never blank-as-zero."""

    DID_NOT_COME_UP = "did_not_come_up", "Did not come up"
    RAN_OUT_OF_TIME = "ran_out_of_time", "Ran out of time"
    NO_EXAMPLE = "no_example", "Asked, no example given"


# In drafts only: "not observed" is chosen and its reason is still to come.
NO_REASON_YET = "no_reason_yet"


class Recommendation(models.IntegerChoices):
    """Would you hire this person for this role? Comes last on the card, never pre-filled."""

    STRONG_NO = 1, "Strong no"
    NO = 2, "No"
    YES = 3, "Yes"
    STRONG_YES = 4, "Strong yes"


class Scorecard(models.Model):
    """One interviewer's seat on a panel and the ratings given from it."""

    class State(models.TextChoices):
        """waiting → draft → submitted, or declined."""

        WAITING = "waiting", "Waiting"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        DECLINED = "declined", "Declined"

    class DeclineReason(models.TextChoices):
        """Why somebody does not score."""

        COULD_NOT_ATTEND = "could_not_attend", "Could not attend"
        CONFLICT_OF_INTEREST = "conflict_of_interest", "Conflict of interest"
        CANDIDATE_ERASED = "candidate_erased", "Candidate erased"

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="scorecards")
    interviewer = models.ForeignKey(User, models.PROTECT, related_name="scorecards")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    focus = models.JSONField(default=list, blank=True, help_text="Keys of the dimensions to cover; empty means all.")
    is_shadow = models.BooleanField("shadow", default=False)
    is_independent = models.BooleanField(
        default=True, help_text="False where the rater had seen others' scores of this candidate before submitting."
    )
    recommendation = models.PositiveSmallIntegerField(choices=Recommendation, null=True, blank=True)
    summary = models.TextField("why, in two sentences", blank=True)
    version = models.PositiveIntegerField(default=0, editable=False, help_text="Moves with every save of the draft.")
    submission_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    declined_at = models.DateTimeField(null=True, editable=False)
    decline_reason = models.CharField(max_length=24, choices=DeclineReason, blank=True)
    handed_back_at = models.DateTimeField(null=True, editable=False)
    first_seen_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody else first read it; after that it can't be handed back."
    )

    rubrics_stamp: str | None = None  # annotated by `with_interview`
    # Annotated by `with_typed`: [dimension, value, not observed, evidence] and [question, text] of each row.
    typed_scores: list[tuple[int, int | None, str, str]] | None
    typed_notes: list[tuple[int, str]] | None
    # Annotated by `with_progress`: [dimension, value, not observed] of each row, and how many questions have notes.
    given: list[tuple[int, int | None, str]] | None
    notes_kept: int

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        ordering = ["interview", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "interviewer"], name="scorecard_seat_unique"),
            models.CheckConstraint(
                condition=(
                    Q(state="submitted", submitted_at__isnull=False) | (~Q(state="submitted") & Q(submitted_at=None))
                ),
                name="scorecard_submitted_when",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(state="declined", declined_at__isnull=False) & ~Q(decline_reason=""))
                    | (~Q(state="declined") & Q(declined_at=None, decline_reason=""))
                ),
                name="scorecard_declined_why",
            ),
            models.CheckConstraint(
                condition=Q(recommendation=None) | Q(recommendation__gte=1, recommendation__lte=4),
                name="scorecard_recommendation_range",
            ),
        ]
        indexes = [
            models.Index(fields=["interviewer", "state"], name="scorecard_interviewer_state"),
            models.Index(fields=["interview", "state"], name="scorecard_interview_state"),
            # The few that are still open among all there ever were: the seal asks for them on every page.
            models.Index(fields=["interview", "is_shadow"], condition=Q(state__in=OPEN_STATES), name="scorecard_open"),
        ]

    def __str__(self) -> str:
        return f"{self.interviewer} on {self.interview}"

    @property
    def is_open(self) -> bool:
        """Still to be scored: its holder is sealed."""
        return self.state in OPEN_STATES

    @property
    def is_editable(self) -> bool:
        """Still to be scored, and its interview takes place."""
        return self.is_open and self.interview.cancelled_at is None

    @property
    def delay(self) -> timedelta | None:
        """How long after the interview's planned end it was submitted; negative where it was before."""
        ends_at = self.interview.ends_at
        return self.submitted_at - ends_at if self.submitted_at and ends_at else None

    def covers(self, dimension_key: str) -> bool:
        """Whether the dimension is in this card's focus."""
        return not self.focus or dimension_key in self.focus


class Score(models.Model):
    """A rating on one dimension with its evidence, or "not observed" with its reason. Frozen with the card."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="scores")
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True, blank=True, choices=[(value, str(value)) for value in RATINGS])
    not_observed = models.CharField(max_length=16, choices=NotObserved, blank=True)
    evidence = models.TextField(blank=True)
    is_final = models.BooleanField(default=False, editable=False, help_text="True once its scorecard is submitted.")

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "dimension__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "dimension"], name="score_unique"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=1, value__lte=5), name="score_value_range"),
            models.CheckConstraint(condition=Q(value=None) | Q(not_observed=""), name="score_value_or_reason"),
            models.CheckConstraint(
                condition=Q(is_final=False) | Q(value__isnull=False) | ~Q(not_observed=""), name="score_final_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.value or self.get_not_observed_display() or 'to score'}"


class QuestionNote(models.Model):
    """Quick notes on one question. No page shows them to anybody but their writer; a disclosure holds them (ADR 14)."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="notes")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    objects = QuestionNoteQuerySet.as_manager()

    class Meta:
        ordering = ["scorecard", "question__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["scorecard", "question"], name="question_note_unique")]

    def __str__(self) -> str:
        return f"Note on {self.question_id}"


class Revision(models.Model):
    """A second, reasoned rating after the seal is broken. The first stays: 3 → 4."""

    class Reason(models.TextChoices):
        """Why a rater now rates otherwise."""

        NEW_EVIDENCE = "new_evidence", "New evidence"
        MISREAD_ANCHOR = "misread_anchor", "Misread the anchor"
        SLIP = "slip", "Slip"
        DEBRIEF = "debrief", "Debrief"

    score = models.ForeignKey(Score, models.PROTECT, related_name="revisions")
    value = models.PositiveSmallIntegerField(choices=[(value, str(value)) for value in RATINGS])
    reason = models.CharField(max_length=16, choices=Reason)
    text = models.TextField("what changed your mind")
    revised_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["revised_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="revision_value_range"),
            models.CheckConstraint(condition=~Q(text=""), name="revision_has_text"),
        ]

    def __str__(self) -> str:
        return f"Revision to {self.value}"


class EarlyLook(models.Model):
    """Somebody of the team read the scores before all cards were in. Announced before, recorded for good."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="early_looks")
    viewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(default=timezone.now, editable=False)
    cards_in = models.PositiveSmallIntegerField()
    cards_expected = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["looked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "viewer"], name="early_look_unique"),
            models.CheckConstraint(condition=Q(cards_in__lt=F("cards_expected")), name="early_look_is_early"),
        ]

    def __str__(self) -> str:
        return f"Early look of {self.viewer} at {self.application_id}"


class Sight(models.Model):
    """The first time somebody read others' scores of an application: a card they submit later is not independent."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="sights")
    viewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["first_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["application", "viewer"], name="sight_unique")]

    def __str__(self) -> str:
        return f"Sight of {self.application_id} by {self.viewer_id}"
