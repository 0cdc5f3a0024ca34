"""Where text about a person is kept: the list that disclosing and erasing work from.

A test goes through the fields of all models and fails until each one that can hold text is either here or said to hold
none about candidates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from candidates.models import (
    ERASED,
    Application,
    Candidate,
    DebriefItem,
    Decision,
    Interview,
    LegalHold,
    Opening,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    Shortlist,
    ShortlistEntry,
    WeightChange,
)
from smarter.mail.models import EMPTY, MailMessage

Model = type[models.Model]


@dataclass(frozen=True)
class Holding:
    """One kind of row about a person: the way from it to the candidate, and what its texts become."""

    model: Model
    path: str
    texts: Mapping[str, Any]

    def rows(self, candidate: Candidate) -> models.QuerySet[Any]:
        """The rows about this candidate."""
        return self.model._default_manager.filter(**{self.path: candidate.pk})

    def others(self, candidate: Candidate) -> models.QuerySet[Any]:
        """The rows about anybody else."""
        return self.model._default_manager.exclude(**{self.path: candidate.pk})


PERSON = {
    "email": "",
    "phone": "",
    "current_role": "",
    "location": "",
    "cv": "",
    "cv_name": "",
    "note": "",
    "consented_at": None,
}
"""What becomes of a candidate's own row, beside the name."""

# A text that may not be empty says that it was erased.
BLANKED = (
    Holding(Application, "candidate", {"source": ""}),
    Holding(Interview, "application__candidate", {"title": "Interview", "place": ""}),
    Holding(Scorecard, "interview__application__candidate", {"summary": ""}),
    Holding(Score, "scorecard__interview__application__candidate", {"evidence": ""}),
    Holding(Revision, "score__scorecard__interview__application__candidate", {"text": ERASED}),
    Holding(ShortlistEntry, "application__candidate", {"note": ""}),
    Holding(DebriefItem, "application__candidate", {"note": ""}),
    Holding(LegalHold, "candidate", {"reason": ERASED}),
)
# Rows that are nothing but text, and go.
DELETED = (Holding(QuestionNote, "scorecard__interview__application__candidate", {"text": ""}),)
# The record that the database guards; it lets only these two texts go.
DECIDED = Holding(Decision, "application__candidate", {"rationale": ERASED, "against_order_reason": ERASED})

# Texts about an opening as a whole, which may name a candidate all the same.
SHARED: Mapping[Model, tuple[str, ...]] = {
    Opening: ("title", "brief"),
    WeightChange: ("reason",),
    Shortlist: ("name",),
    MailMessage: ("subject", "text", "html"),
}
# Mails about the person lose all of this; who had them, and when, stays.
MAILED = tuple(EMPTY)
