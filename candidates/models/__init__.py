"""Whom we met and what we heard: one aggregate a file."""

from candidates.models.candidates import Application, Candidate, CandidateErased, StageChange
from candidates.models.decisions import ERASED, Debrief, DebriefItem, Decision, Shortlist, ShortlistEntry
from candidates.models.interviews import Interview
from candidates.models.notifications import Notification
from candidates.models.openings import Opening, OpeningMember, OpeningWeight, WeightChange
from candidates.models.practice import PracticeRating
from candidates.models.privacy import ErasureRequest, LegalHold, RetentionRule, RetentionRun
from candidates.models.scorecards import (
    NO_REASON_YET,
    EarlyLook,
    NotObserved,
    QuestionNote,
    Recommendation,
    Revision,
    Score,
    Scorecard,
    Sight,
)

__all__ = [
    "ERASED",
    "NO_REASON_YET",
    "Application",
    "Candidate",
    "CandidateErased",
    "Debrief",
    "DebriefItem",
    "Decision",
    "EarlyLook",
    "ErasureRequest",
    "Interview",
    "LegalHold",
    "NotObserved",
    "Notification",
    "Opening",
    "OpeningMember",
    "OpeningWeight",
    "PracticeRating",
    "QuestionNote",
    "Recommendation",
    "RetentionRule",
    "RetentionRun",
    "Revision",
    "Score",
    "Scorecard",
    "Shortlist",
    "ShortlistEntry",
    "Sight",
    "StageChange",
    "WeightChange",
]
