"""Whom we met and what we heard: one aggregate a file."""

from candidates.models.candidates import Application, Candidate, StageChange
from candidates.models.decisions import Debrief, DebriefItem, Decision, Shortlist, ShortlistEntry
from candidates.models.interviews import Interview
from candidates.models.notifications import Notification
from candidates.models.openings import Opening, OpeningMember, OpeningWeight, WeightChange
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
    "NO_REASON_YET",
    "Application",
    "Candidate",
    "Debrief",
    "DebriefItem",
    "Decision",
    "EarlyLook",
    "Interview",
    "NotObserved",
    "Notification",
    "Opening",
    "OpeningMember",
    "OpeningWeight",
    "QuestionNote",
    "Recommendation",
    "Revision",
    "Score",
    "Scorecard",
    "Shortlist",
    "ShortlistEntry",
    "Sight",
    "StageChange",
    "WeightChange",
]
