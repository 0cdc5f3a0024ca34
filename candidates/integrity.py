"""What must hold of everything stored, beyond what the database itself refuses; read by `manage.py check_integrity`.

Run it after a restore, a fault or an upgrade. It changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Now

from candidates.append_only import DECISIONS
from candidates.models import (
    ERASED,
    Application,
    DebriefItem,
    Decision,
    Interview,
    Opening,
    OpeningWeight,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    ShortlistEntry,
    Sight,
    StageChange,
)
from candidates.privacy.holdings import BLANKED
from rubrics.models import Dimension, RubricVersion
from smarter.audit.triggers import AUDIT, AppendOnly

Keys = Iterable[int | None]
SUBMITTED = Scorecard.State.SUBMITTED
DRAFT_VERSION = RubricVersion.State.DRAFT


@dataclass(frozen=True)
class Violation:
    """One row that breaks one invariant; without a number, the table itself does."""

    invariant: str
    subject: str
    pk: int | None

    def __str__(self) -> str:
        return f"{self.subject}{'' if self.pk is None else f' {self.pk}'}: {self.invariant}"


@dataclass(frozen=True)
class Invariant:
    """A sentence that must be true, and how to find the rows of which it is not, or None for the table itself."""

    statement: str
    subject: str
    find: Callable[[], Keys]


def check_integrity() -> list[Violation]:
    """Every row that breaks an invariant, in the order of INVARIANTS."""
    return [
        Violation(invariant.statement, invariant.subject, pk)
        for invariant in INVARIANTS
        for pk in sorted(invariant.find(), key=lambda pk: pk or 0)
    ]


def _unguarded(kept: AppendOnly) -> Keys:
    return [] if kept.is_refusing(connection) else [None]


def _dimension_keys() -> dict[int, set[str]]:
    """The keys of the dimensions of each version."""
    keys: dict[int, set[str]] = defaultdict(set)
    for version, key in Dimension.objects.values_list("version", "key"):
        keys[version].add(key)
    return keys


def _unfinished_cards() -> Keys:
    """A dimension that the focus covers, or any where there is no focus, has no final score."""
    keys = _dimension_keys()
    scored: dict[int, set[str]] = defaultdict(set)
    for card, key in Score.objects.filter(is_final=True).values_list("scorecard", "dimension__key"):
        scored[card].add(key)
    cards = Scorecard.objects.filter(state=SUBMITTED).values_list("pk", "focus", "interview__rubric_version")
    return [pk for pk, focus, version in cards if not (set(focus) or keys[version]) <= scored[pk]]


def _lost_focus() -> Keys:
    keys = _dimension_keys()
    cards = Scorecard.objects.exclude(interview__rubric_version=None)
    return [
        pk
        for pk, focus, version in cards.values_list("pk", "focus", "interview__rubric_version")
        if not set(focus) <= keys[version]
    ]


def _wrong_weights() -> Keys:
    """Weights for the very dimensions of the opening's version, 100 points in all."""
    keys = _dimension_keys()
    points: dict[int, dict[str, int]] = defaultdict(dict)
    for opening, key, value in OpeningWeight.objects.values_list("opening", "dimension_key", "points"):
        points[opening][key] = value
    openings = Opening.objects.values_list("pk", "rubric_version")
    return [pk for pk, version in openings if points[pk].keys() != keys[version] or sum(points[pk].values()) != 100]


def _unfinished_versions() -> Keys:
    frozen = RubricVersion.objects.exclude(state=DRAFT_VERSION)
    weights = frozen.annotate(total=Sum("dimensions__weight")).exclude(total=100).values_list("pk", flat=True)
    anchors = Dimension.objects.exclude(version__state=DRAFT_VERSION).annotate(
        whole=Count("anchors", filter=~Q(anchors__text=""))
    )
    return {*weights, *anchors.exclude(whole=5).values_list("version", flat=True)}


def _moved_without_record() -> Keys:
    last = StageChange.objects.filter(application=OuterRef("pk")).order_by("-changed_at", "-pk").values("to_stage")
    moved = Application.objects.annotate(last=Subquery(last[:1])).exclude(last=None)
    return moved.exclude(stage=F("last")).values_list("pk", flat=True)


def _claimed_independent() -> Keys:
    """Submitted after a sight of others' scores of the same candidate."""
    seen = Sight.objects.filter(
        viewer=OuterRef("interviewer"),
        application__candidate=OuterRef("interview__application__candidate"),
        first_at__lt=OuterRef("submitted_at"),
    )
    cards = Scorecard.objects.filter(Exists(seen), state=SUBMITTED, is_independent=True)
    return cards.values_list("pk", flat=True)


def _erased_with_text() -> Keys:
    """Somebody wrote about a person after the erasure, or it left something out."""
    gone = {holding.path: f"{holding.path}__erased_at__isnull" for holding in BLANKED}
    found: set[int | None] = set()
    for holding in BLANKED:
        rows = holding.model._default_manager.filter(**{gone[holding.path]: False}).exclude(**holding.texts)
        found |= set(rows.values_list(holding.path, flat=True))
    notes = QuestionNote.objects.filter(scorecard__interview__application__candidate__erased_at__isnull=False)
    found |= set(notes.values_list("scorecard__interview__application__candidate", flat=True))
    words = Decision.objects.filter(application__candidate__erased_at__isnull=False).exclude(rationale=ERASED)
    return found | set(words.values_list("application__candidate", flat=True))


INVARIANTS = (
    Invariant("the database refuses to change audit events", "auditevent", lambda: _unguarded(AUDIT)),
    Invariant("the database refuses to change decisions", "decision", lambda: _unguarded(DECISIONS)),
    Invariant("a submitted scorecard has a final score for every dimension it covers", "scorecard", _unfinished_cards),
    Invariant(
        "scores are final exactly when their scorecard is submitted",
        "score",
        lambda: Score.objects.filter(
            Q(is_final=True) & ~Q(scorecard__state=SUBMITTED) | Q(is_final=False, scorecard__state=SUBMITTED)
        ).values_list("pk", flat=True),
    ),
    Invariant(
        "a scorecard that waits holds nothing",
        "scorecard",
        lambda: (
            Scorecard.objects.filter(state=Scorecard.State.WAITING)
            .filter(
                Q(Exists(Score.objects.filter(scorecard=OuterRef("pk"))))
                | Q(recommendation__isnull=False)
                | ~Q(summary="")
            )
            .values_list("pk", flat=True)
        ),
    ),
    Invariant(
        "a score is on a dimension of the version its interview has pinned",
        "score",
        lambda: (
            Score.objects.exclude(dimension__version=F("scorecard__interview__rubric_version")).values_list(
                "pk", flat=True
            )
            | Score.objects.filter(scorecard__interview__rubric_version=None).values_list("pk", flat=True)
        ),
    ),
    Invariant(
        "a note is on a question of the version its interview has pinned",
        "questionnote",
        lambda: QuestionNote.objects.exclude(
            question__dimension__version=F("scorecard__interview__rubric_version")
        ).values_list("pk", flat=True),
    ),
    Invariant("a focus names dimensions of the version", "scorecard", _lost_focus),
    Invariant(
        "an interview with an opened scorecard has pinned its version",
        "interview",
        lambda: (
            Interview.objects.filter(rubric_version=None, scorecards__opened_at__isnull=False)
            .values_list("pk", flat=True)
            .distinct()
        ),
    ),
    Invariant(
        "interviews are scored on a published version",
        "interview",
        lambda: Interview.objects.filter(rubric_version__state=DRAFT_VERSION).values_list("pk", flat=True),
    ),
    Invariant(
        "an opening uses a published version",
        "opening",
        lambda: Opening.objects.filter(rubric_version__state=DRAFT_VERSION).values_list("pk", flat=True),
    ),
    Invariant("an opening’s weights are for its dimensions and add up to 100", "opening", _wrong_weights),
    Invariant(
        "a published version has weights that add up to 100 and five anchors for each dimension",
        "rubricversion",
        _unfinished_versions,
    ),
    Invariant(
        "only submitted scores are revised, and after they were submitted",
        "revision",
        lambda: Revision.objects.filter(
            ~Q(score__scorecard__state=SUBMITTED) | Q(revised_at__lt=F("score__scorecard__submitted_at"))
        ).values_list("pk", flat=True),
    ),
    Invariant(
        "a scorecard is opened before it is submitted, submitted before it is seen, and nothing is yet to come",
        "scorecard",
        lambda: Scorecard.objects.filter(
            Q(submitted_at__lt=F("opened_at"))
            | Q(first_seen_at__lt=F("submitted_at"))
            | Q(submitted_at__gt=Now())
            | Q(declined_at__gt=Now())
        ).values_list("pk", flat=True),
    ),
    Invariant(
        "a rater who had seen others’ scores of the candidate is not called independent",
        "scorecard",
        _claimed_independent,
    ),
    Invariant("of an erased candidate nothing is written", "candidate", _erased_with_text),
    Invariant("an application’s stage is that of its last change", "application", _moved_without_record),
    Invariant(
        "a shortlist holds applications of its opening",
        "shortlistentry",
        lambda: ShortlistEntry.objects.exclude(application__opening=F("shortlist__opening")).values_list(
            "pk", flat=True
        ),
    ),
    Invariant(
        "a debrief is on applications of its opening",
        "debriefitem",
        lambda: DebriefItem.objects.exclude(application__opening=F("debrief__opening")).values_list("pk", flat=True),
    ),
)
