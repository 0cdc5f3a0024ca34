"""What becomes of a scorecard: opened, saved, submitted, declined, handed back, revised. Each act is one transaction.

Writers are kept apart by the card's version: whoever saves or submits names the version they began from, and a plain
`UPDATE … WHERE version = …` lets exactly one through. The condition stands on the row itself and on nothing joined to
it, because PostgreSQL checks a row again after waiting for it, but not what a subquery said about it before.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Q
from django.utils import timezone

from candidates.access import OPEN_STATES
from candidates.letters import write_declined, write_handed_back
from candidates.models import (
    Application,
    CandidateErased,
    EarlyLook,
    Notification,
    OpeningMember,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    Sight,
)
from candidates.notifying import notify_if_complete, notify_of_seats
from candidates.sheet import Fields, Gap, Part, Sheet, load_sheet
from smarter.accounts.models import User
from smarter.audit.recording import record


class CardChanged(Exception):
    """The card is no longer as it was when the person began: saved elsewhere, submitted, declined or handed back."""


class CardHasGaps(Exception):
    """The card can't be submitted yet."""

    def __init__(self, gaps: list[Gap]) -> None:
        super().__init__(gaps)
        self.gaps = gaps


class HandBackRefused(Exception):
    """The card can't be a draft again: it is not submitted, its interview was cancelled, somebody has read it, or its
    holder has read others'."""


class RevisionRefused(Exception):
    """The score can't be revised by this person to this value."""


@transaction.atomic
def open_card(*, user: User, card: Scorecard) -> None:
    """Note when its holder first opened it, and pin the wording that the interview's cards use from now on."""
    now = timezone.now()
    if Scorecard.objects.filter(pk=card.pk, state__in=OPEN_STATES, opened_at=None).update(opened_at=now):
        card.opened_at = now
        _record(user, "scorecard.open", card)
    card.interview.pin_version()


@transaction.atomic
def save_draft(*, user: User, sheet: Sheet, version: int, fields: Fields) -> int:
    """Keep what is typed on an open card and answer its new version; raises CardChanged where `version` is past.

    `sheet` is the card as it was read at that version, `fields` are all of its fields, cleaned. A draft may be
    incomplete in every way. The first save is audited, since the card becomes a draft; later ones move its version.
    """
    card = sheet.card
    moved = Scorecard.objects.filter(pk=card.pk, version=version, state__in=OPEN_STATES).update(
        state=Scorecard.State.DRAFT,
        version=version + 1,
        saved_at=timezone.now(),
        recommendation=int(fields["recommendation"]) if fields["recommendation"] else None,
        summary=fields["summary"],
    )
    if not moved:
        raise CardChanged
    _write_scores(sheet, fields)
    _write_notes(sheet, fields)
    if card.state == Scorecard.State.WAITING:
        _record(user, "scorecard.draft", card)
    return version + 1


def submit_card(*, user: User, card: Scorecard, version: int, key: UUID) -> None:
    """Submit an open card as it stood at `version`: from then on it is frozen and counts. It comes `with_typed`.

    The same `key` again changes nothing and is no error, however often and at whatever moment it comes. Raises
    CardHasGaps where something is missing and CardChanged where the card is not as the person read it, or its interview
    was cancelled.
    """
    try:
        _submit(user, card, version, key)
    except IntegrityError as error:
        if "submission_key" not in str(error):
            raise
        raise CardChanged from error  # the key is that of another card


@transaction.atomic
def _submit(user: User, card: Scorecard, version: int, key: UUID) -> None:
    moved = Scorecard.objects.filter(pk=card.pk, version=version, state__in=OPEN_STATES).update(
        state=Scorecard.State.SUBMITTED,
        submitted_at=timezone.now(),
        submission_key=key,
        version=F("version") + 1,
        is_independent=~_has_read_others(user, card),
    )
    if not moved:
        if Scorecard.objects.filter(pk=card.pk, submission_key=key).exists():
            return
        raise CardChanged
    if card.interview.cancelled_at is not None:
        raise CardChanged
    if card.version != version:
        card = Scorecard.objects.with_context().with_typed().get(pk=card.pk)
    sheet = load_sheet(card)
    if sheet.gaps:
        raise CardHasGaps(sheet.gaps)
    if not all(part.rating for part in sheet.parts):
        card.scores.filter(value=None, not_observed="").delete()
    card.scores.update(is_final=True)
    _record(user, "scorecard.submit", card)
    notify_if_complete(card.interview.application, by=user)


@transaction.atomic
def decline_card(*, user: User, card: Scorecard, reason: str) -> None:
    """Give up an open seat, with the reason. What was typed is kept and never counts; the seal stays."""
    moved = Scorecard.objects.filter(pk=card.pk, state__in=OPEN_STATES).update(
        state=Scorecard.State.DECLINED,
        declined_at=timezone.now(),
        decline_reason=reason,
        version=F("version") + 1,
    )
    if not moved:
        raise CardChanged
    _record(user, "scorecard.decline", card, reason=reason)
    write_declined(card)
    notify_if_complete(card.interview.application, by=user)


@transaction.atomic
def hand_back_card(*, user: User, card: Scorecard) -> None:
    """Make a submitted card a draft again. Only a recruiter of the opening may, and only while nobody has read it."""
    application = card.interview.application
    try:
        Application.objects.hold(application.pk)
    except CandidateErased as error:
        raise HandBackRefused from error
    recruiters = OpeningMember.objects.filter(opening=application.opening_id, role=OpeningMember.Role.RECRUITER)
    holder = card.interviewer
    if not recruiters.filter(~_has_read_others(holder, card), user=user).exists():
        raise HandBackRefused
    if card.interview.cancelled_at is not None:  # nobody could submit it again
        raise HandBackRefused
    if Revision.objects.filter(score__scorecard=card.pk).exists():
        raise HandBackRefused
    moved = Scorecard.objects.filter(pk=card.pk, state=Scorecard.State.SUBMITTED, first_seen_at=None).update(
        state=Scorecard.State.DRAFT,
        submitted_at=None,
        submission_key=None,
        handed_back_at=timezone.now(),
        version=F("version") + 1,
    )
    if not moved:
        raise HandBackRefused
    card.scores.update(is_final=False)
    _record(user, "scorecard.hand_back", card)
    notify_of_seats(Notification.Kind.HANDED_BACK, [card], by=user)
    write_handed_back(card, by=user)


@transaction.atomic
def revise_score(*, user: User, score: Score, value: int, reason: str, text: str) -> Revision:
    """File a second, reasoned rating beside a submitted one, which stays. Raises RevisionRefused.

    Only the rater may, only once the card is in, and only to another value than the one that stands.
    """
    try:
        Application.objects.hold(score.scorecard.interview.application_id)
    except CandidateErased as error:
        raise RevisionRefused from error
    card = Scorecard.objects.get(pk=score.scorecard_id)  # held with its application
    if card.interviewer_id != user.pk or card.state != Scorecard.State.SUBMITTED:
        raise RevisionRefused
    latest = score.revisions.order_by("-revised_at", "-pk").first()
    if value == (latest.value if latest else score.value):
        raise RevisionRefused
    revision = Revision.objects.create(score=score, value=value, reason=reason, text=text)
    _record(user, "score.revise", card, score=score.pk, reason=reason)
    return revision


def _record(user: User, act: str, card: Scorecard, **detail: str | int) -> None:
    application = card.interview.application
    record(
        actor=user,
        act=act,
        subject=card,
        opening_id=application.opening_id,
        candidate_id=application.candidate_id,
        **detail,
    )


def _has_read_others(user: User, card: Scorecard) -> Q:
    """Whether they have read anybody's scores of this candidate, early or after an earlier card of theirs."""
    mine = {"viewer": user, "application__candidate": card.interview.application.candidate_id}
    return Q(Exists(Sight.objects.filter(**mine))) | Q(Exists(EarlyLook.objects.filter(**mine)))


def _write_scores(sheet: Sheet, fields: Fields) -> None:
    changed = [part for part in sheet.parts if _differs(part, sheet.fields, fields)]
    rows = [
        Score(
            scorecard=sheet.card,
            dimension=part.dimension,
            value=int(fields[part.rating_name]) if fields[part.rating_name].isdigit() else None,
            not_observed=fields[part.reason_name],
            evidence=fields[part.evidence_name],
        )
        for part in changed
    ]
    Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["scorecard", "dimension"],
        update_fields=["value", "not_observed", "evidence"],
    )


def _differs(part: Part, before: Fields, after: Fields) -> bool:
    names = (part.rating_name, part.reason_name, part.evidence_name)
    return any(before[name] != after[name] for name in names)


def _write_notes(sheet: Sheet, fields: Fields) -> None:
    rows = [
        QuestionNote(scorecard=sheet.card, question=asked.question, text=fields[asked.name])
        for part in sheet.parts
        for asked in part.asked
        if asked.note != fields[asked.name]
    ]
    QuestionNote.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["scorecard", "question"], update_fields=["text"]
    )
