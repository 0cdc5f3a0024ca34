"""A candidate's history, told from the audit events that one person may know of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from candidates.models import Application, Candidate, EarlyLook
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent

MOST_ENTRIES = 30
TOLD = {
    "candidate.create": "added the candidate, who gave consent",
    "candidate.edit": "corrected the details",
    "candidate.cv": "read the CV",
    "candidate.disclose": "made a disclosure of everything held",
    "candidate.hold": "put the data on hold",
    "candidate.lift_hold": "lifted a hold",
    "candidate.ask_erasure": "asked for the data to be erased",
    "candidate.keep": "withdrew the request to erase the data",
    "candidate.erase": "erased the data",
    "application.create": "put the candidate into {opening}",
    "application.look_early": "looked at the scores early: {cards_in} of {cards_expected} scorecards were in",
    "application.move": "moved the application from {from_stage} to {to_stage}",
    "interview.create": "planned an interview",
    "interview.edit": "changed an interview",
    "interview.cancel": "cancelled an interview",
    "interview.take_off": "took somebody off a panel",
    "scorecard.submit": "submitted a scorecard",
    "scorecard.decline": "declined a scorecard",
    "scorecard.hand_back": "handed a scorecard back",
    "score.revise": "revised a score",
    "debrief.settle": "settled an item of the debrief",
    "decision.record": "recorded a decision: {outcome}",
    "shortlist.add": "put the candidate on a shortlist",
    "shortlist.remove": "took the candidate off a shortlist",
}
# What may be told of a candidate while the reader is sealed: nothing that depends on others' scorecards.
TOLD_WHILE_SEALED = (
    "candidate.create",
    "candidate.edit",
    "candidate.cv",
    "candidate.disclose",
    "candidate.hold",
    "candidate.lift_hold",
    "candidate.ask_erasure",
    "candidate.keep",
    "candidate.erase",
    "application.create",
    "application.move",
    "interview.create",
    "interview.edit",
    "interview.cancel",
)


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    at: datetime
    actor: User | None
    is_own: bool
    text: str


def read_history(user: User, candidate: Candidate, applications: Iterable[Application]) -> list[Entry]:
    """The newest entries, of the openings whose team `user` is on.

    `applications` are those of the candidate with the seal of `user`. Of a sealed one nothing is told that depends on
    others' scorecards.
    """
    managed = [row for row in applications if row.is_on_team]
    if not managed:
        return []
    titles = {row.opening_id: row.opening.title for row in managed}
    sealed = [row.opening_id for row in managed if row.is_sealed]
    events = (
        AuditEvent.objects.filter(candidate_id=candidate.pk, act__in=TOLD)
        .filter(Q(opening_id=None) | Q(opening_id__in=titles))
        .exclude(Q(opening_id__in=sealed) & ~Q(actor=user) & ~Q(act__in=TOLD_WHILE_SEALED))
        .select_related("actor")
    )
    return [
        Entry(event.recorded_at, event.actor, event.actor_id == user.pk, _tell(event, titles))
        for event in events[:MOST_ENTRIES]
    ]


def read_early_looks(applications: Iterable[Application]) -> list[EarlyLook]:
    """Who saw scores before all cards were in, of the applications on whose team one is."""
    managed = [row.pk for row in applications if row.is_on_team]
    return list(EarlyLook.objects.filter(application__in=managed).select_related("viewer"))


def _tell(event: AuditEvent, titles: dict[int, str]) -> str:
    words = {"opening": titles.get(event.opening_id or 0, "an opening"), **event.detail}
    try:
        text = TOLD[event.act].format(**words)
    except KeyError:
        return event.act
    return f"{text} (taken back)" if event.detail.get("is_undo") else text
