"""Submitted scorecards as rows of a table that imports again to the same state."""

import json
from collections.abc import Iterator

from django.db.models import QuerySet

from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.tables import Value
from candidates.models import Opening, Recommendation, Score, Scorecard
from smarter.accounts.models import User


def scores_of(opening: Opening, user: User | None) -> "QuerySet[Score]":
    """The submitted scores of an opening, as far as `user` may read them; None is the operator, who reads all."""
    scores = Score.objects.visible_to(user) if user else Score.objects.all()
    found: QuerySet[Score] = (
        scores.filter(scorecard__state=Scorecard.State.SUBMITTED, scorecard__interview__application__opening=opening)
        .select_related(
            "dimension__version",
            "scorecard__interviewer",
            "scorecard__interview__application__candidate",
        )
        .prefetch_related("revisions")
        .order_by("scorecard__interview__application", "scorecard__interview", "scorecard", "dimension__position", "pk")
    )
    return found


def score_rows(scores: "QuerySet[Score]", *, tells_addresses: bool = True) -> Iterator[list[Value]]:
    """One row for each score, in the order of COLUMNS. Candidates' addresses are told to those who look after them."""
    for score in scores:
        cells = {**_people(score.scorecard), **_card(score.scorecard), **_score(score)}
        if not tells_addresses:
            cells["candidate_email"] = ""
        yield [cells[column] for column in COLUMNS]


def _people(card: Scorecard) -> dict[str, Value]:
    candidate, interviewer = card.interview.application.candidate, card.interviewer
    return {
        "candidate": candidate.name,
        "candidate_email": candidate.email,
        "interviewer": interviewer.name,
        "interviewer_email": interviewer.email,
        "interview": card.interview.title,
        "interview_at": card.interview.starts_at.isoformat() if card.interview.starts_at else "",
    }


def _card(card: Scorecard) -> dict[str, Value]:
    return {
        "recommendation": Recommendation(card.recommendation).name.lower() if card.recommendation else "",
        "focus": " ".join(card.focus),
        "shadow": "yes" if card.is_shadow else "no",
        "independent": "yes" if card.is_independent else "no",
        "summary": card.summary,
        "submitted_at": card.submitted_at.isoformat() if card.submitted_at else "",
    }


def _score(score: Score) -> dict[str, Value]:
    revisions = [
        {"rating": each.value, "reason": each.reason, "text": each.text, "revised_at": each.revised_at.isoformat()}
        for each in score.revisions.all()
    ]
    return {
        "dimension": score.dimension.name,
        "rubric_version": score.dimension.version.number,
        "rating": score.value,
        "not_observed": score.not_observed,
        "evidence": score.evidence,
        "revisions": json.dumps(revisions, ensure_ascii=False) if revisions else "",
    }
