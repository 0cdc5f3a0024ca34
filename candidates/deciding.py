"""Deciding on an application: people decide, and the record keeps what they knew."""

from collections.abc import Iterable

from django.db import transaction

from candidates.comparison import Reading, Standing, Standings, place, read_opening
from candidates.models import Application, CandidateErased, Decision
from candidates.models.candidates import ENDED
from candidates.snapshot import take_snapshot
from candidates.statistics.ranking import CLEARLY, probability_ahead
from candidates.statistics.severity import PanelFit
from smarter.accounts.models import User
from smarter.audit.recording import record
from smarter.marks import listed

STAGE_AFTER = {Decision.Outcome.OFFER: Application.Stage.OFFER, Decision.Outcome.REJECT: Application.Stage.REJECTED}
"""The stage that follows from a decision; moving there stays an act of its own."""


SAME = ("outcome", "rationale", "against_order_reason", "snapshot", "decided_by_id")


class DecisionRefused(Exception):
    """This person can't decide on the application now."""


class OrderReasonNeeded(Exception):
    """The decision goes against the order, and nobody has said why."""


def conflicts(reading: Reading, application: int, *, together: bool = False) -> dict[str, str]:
    """For each outcome that goes against the order, a sentence on how; ratings count as they stand after the debrief.

    An offer does where somebody still in play is clearly ahead, a rejection where somebody in play is in a lower tier.
    Where the ratings allow no order, nothing goes against it. `together` is as for `place`.
    """
    found = place(reading, after_debrief=True, together=together)
    row = found.by_application[application]
    others = [other for other in found.rows if other is not row and other.tier]
    in_play = [other for other in others if other.application.stage not in ENDED]
    ahead = _clearly_ahead(found, row, in_play)
    behind = [other for other in in_play if row.tier is not None and (other.tier or 0) > row.tier]
    name = row.application.candidate.name
    sentences = {
        Decision.Outcome.OFFER: f"{_names(ahead)} {_is(ahead)} clearly ahead of {name}, and still in play.",
        Decision.Outcome.REJECT: f"{name} is in a tier above {_names(behind)}, who {_is(behind)} still in play.",
    }
    against = {Decision.Outcome.OFFER: ahead, Decision.Outcome.REJECT: behind}
    return {outcome.value: sentences[outcome] for outcome, rows in against.items() if rows}


def _clearly_ahead(found: Standings, row: Standing, others: Iterable[Standing]) -> list[Standing]:
    """Who is; an offer to somebody out of the running, who is in no tier, is held against the others all the same."""
    if not isinstance(found.fit, PanelFit) or row.interval is None:
        return []
    others = list(others)
    keys = [row.application.pk, *(other.application.pk for other in others)]
    ahead = probability_ahead(found.fit, keys)
    return [other for number, other in enumerate(others, 1) if ahead[number, 0] > CLEARLY]


def _names(rows: Iterable[Standing]) -> str:
    return listed([row.application.candidate.name for row in rows])


def _is(rows: list[Standing]) -> str:
    return "is" if len(rows) == 1 else "are"


@transaction.atomic
def record_decision(
    *,
    user: User,
    application: Application,
    outcome: str,
    rationale: str,
    against_order_reason: str = "",
    together: bool = False,
) -> Decision:
    """Keep a decision with what is known now. The stage stays as it is.

    `together` says that scores on changed anchors were confirmed to be compared; the record keeps it.

    The same decision again on the same knowledge, as after a second click, is the one that is there.

    Raises DecisionRefused where `user` can't decide now, OrderReasonNeeded where it goes against the order unexplained.
    """
    try:
        Application.objects.hold(application.pk)
    except CandidateErased as error:
        raise DecisionRefused from error
    current = Application.objects.open_to_decision(user).filter(pk=application.pk).first()
    if current is None:
        raise DecisionRefused
    reading = read_opening(user, application.opening)
    is_against = outcome in conflicts(reading, application.pk, together=together)
    if is_against and not against_order_reason.strip():
        raise OrderReasonNeeded
    decision = Decision(
        application=application,
        outcome=outcome,
        rationale=rationale,
        against_order_reason=against_order_reason if is_against else "",
        snapshot=take_snapshot(reading, current, together=together),
        decided_by=user,
    )
    latest = application.decisions.first()
    if latest and all(getattr(latest, name) == getattr(decision, name) for name in SAME):
        return latest
    decision.save()
    record(
        actor=user,
        act="decision.record",
        subject=decision,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        outcome=outcome,
    )
    return decision
