"""Files for import tests."""

from typing import Any

from candidates.exchange.panel import Creating
from candidates.exchange.score_import import Imported, ImportRefused, import_scores, read_scores
from candidates.models import Opening, Score, Scorecard
from smarter.accounts.models import User

EVERYBODY = Creating(candidates=True, interviewers=True)
NOBODY = Creating()


def csv_of(*rows: str) -> bytes:
    """Lines as a CSV file."""
    return "\n".join(rows).encode() + b"\n"


def load(
    opening: Opening, content: bytes, *, user: User | None = None, creating: Creating = EVERYBODY, **options: Any
) -> Imported:
    """Import a file as the command and the page do."""
    return import_scores(opening=opening, table=read_scores(content), user=user, creating=creating, **options)


def faults_of(opening: Opening, content: bytes, **options: Any) -> list[str]:
    """What an import of the file is refused for."""
    try:
        load(opening, content, **options)
    except ImportRefused as refused:
        return [str(fault) for fault in refused.faults]
    return []


def state_of(opening: Opening) -> set[tuple[Any, ...]]:
    """Everything that a scores file carries, for every submitted score of an opening."""
    scores = Score.objects.filter(
        scorecard__interview__application__opening=opening, scorecard__state="submitted"
    ).select_related("scorecard__interviewer", "scorecard__interview__application__candidate")
    return {(*_card(score.scorecard), *_score(score)) for score in scores.prefetch_related("revisions")}


def _card(card: Scorecard) -> tuple[Any, ...]:
    interview, candidate = card.interview, card.interview.application.candidate
    return (
        (candidate.name, candidate.email),
        (card.interviewer.email, interview.title, interview.starts_at, interview.rubric_version_id),
        (card.recommendation, card.summary, tuple(card.focus), card.is_shadow, card.is_independent),
        card.submitted_at,
    )


def _score(score: Score) -> tuple[Any, ...]:
    revisions = tuple((each.value, each.reason, each.text, each.revised_at) for each in score.revisions.all())
    return (score.dimension_id, score.value, score.not_observed, score.evidence, score.is_final, revisions)
