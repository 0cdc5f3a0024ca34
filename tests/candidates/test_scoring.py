"""What becomes of a scorecard: every act in every state, by every person, alone and in any order."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from candidates.models import NO_REASON_YET, Candidate, EarlyLook, Interview, Opening, QuestionNote, Scorecard, Sight
from candidates.scoring import (
    CardChanged,
    CardHasGaps,
    HandBackRefused,
    RevisionRefused,
    decline_card,
    hand_back_card,
    open_card,
    revise_score,
    save_draft,
    submit_card,
)
from candidates.sheet import load_sheet
from rubrics.models import RubricVersion
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_opening, make_rubric_version, make_scorecard

WHOLE = [4, 3, 2, None, 3]


def fresh(card: Scorecard) -> Scorecard:
    """The card as the database has it, with its surroundings."""
    return Scorecard.objects.with_context().with_typed().get(pk=card.pk)


def save(card: Scorecard, version: int | None = None, **fields: str) -> int:
    """Save some fields; dots of their names are written as two underscores."""
    sheet = load_sheet(fresh(card))
    changes = {name.replace("__", "."): value for name, value in fields.items()}
    began = sheet.card.version if version is None else version
    return save_draft(user=card.interviewer, sheet=sheet, version=began, fields=sheet.fields | changes)


def submit(card: Scorecard, **changes: Any) -> None:
    """Submit the card as it is now."""
    now = fresh(card)
    submit_card(user=card.interviewer, card=now, **({"version": now.version, "key": uuid4()} | changes))


def erase(candidate: Candidate) -> None:
    """As if their data had been erased this moment."""
    Candidate.objects.filter(pk=candidate.pk).update(erased_at=timezone.now(), email="")


@pytest.fixture
def card(opening: Opening, interviewer: User) -> Scorecard:
    """A seat on a panel of `opening`, not begun."""
    return fresh(make_scorecard(opening=opening, interviewer=interviewer))


def test_opening_pins_the_wording_once_and_is_audited(card: Scorecard, opening: Opening) -> None:
    first = opening.rubric_version
    open_card(user=card.interviewer, card=card)
    opened_at = fresh(card).opened_at
    opening.rubric_version = make_rubric_version(rubric=first.rubric, number=2)
    opening.save()
    open_card(user=card.interviewer, card=fresh(card))
    other = make_scorecard(interview=card.interview)
    open_card(user=other.interviewer, card=fresh(other))

    assert opened_at is not None
    assert fresh(card).opened_at == opened_at
    assert fresh(card).interview.rubric_version == fresh(other).interview.rubric_version == first
    assert list(AuditEvent.objects.values_list("act", "actor", "subject_id").order_by("pk")) == [
        ("scorecard.open", card.interviewer_id, card.pk),
        ("scorecard.open", other.interviewer_id, other.pk),
    ]
    assert RubricVersion.objects.count() == 2


def test_first_save_makes_a_draft_and_later_ones_move_its_version(card: Scorecard) -> None:
    versions = [save(card, evidence__teams="a"), save(card, evidence__teams="ab", note__teams__x="")]

    saved = fresh(card)
    assert versions == [1, 2]
    assert (saved.state, saved.version, saved.saved_at is not None) == ("draft", 2, True)
    assert list(AuditEvent.objects.values_list("act", flat=True)) == ["scorecard.draft"]


def test_save_keeps_rating_reason_notes_and_recommendation(card: Scorecard) -> None:
    sheet = load_sheet(card)
    note = sheet.parts[0].asked[0].name
    typed = {
        "rating.strategic": "5",
        "rating.measurable": "no",
        "reason.measurable": NO_REASON_YET,
        note: "quick",
        "recommendation": "4",
        "summary": "Strong.",
    }
    save_draft(user=card.interviewer, sheet=sheet, version=0, fields=sheet.fields | typed)

    assert {k: v for k, v in load_sheet(fresh(card)).fields.items() if v} == typed
    assert list(card.scores.values_list("dimension__key", "value", "not_observed", "is_final")) == [
        ("strategic", 5, "", False),
        ("measurable", None, NO_REASON_YET, False),
    ]
    assert QuestionNote.objects.get().text == "quick"

    save(card, **{note.replace(".", "__"): "quicker"})
    assert QuestionNote.objects.get().text == "quicker"
    save(card, rating__measurable="2", reason__measurable="", recommendation="")
    assert list(card.scores.values_list("value", "not_observed")) == [(5, ""), (2, "")]
    assert fresh(card).recommendation is None


@pytest.mark.parametrize("version", [0, 2, 99])
def test_save_from_another_version_changes_nothing(card: Scorecard, version: int) -> None:
    save(card, evidence__teams="first")

    with pytest.raises(CardChanged):
        save(card, version, evidence__teams="second", evidence__action="new")
    assert (fresh(card).version, load_sheet(fresh(card)).fields["evidence.teams"]) == (1, "first")
    assert card.scores.count() == 1


def test_submission_freezes_the_card_and_drops_empty_optional_rows(opening: Opening, interviewer: User) -> None:
    card = fresh(make_scorecard(opening=opening, interviewer=interviewer, focus=["strategic"], recommendation=2))
    save(card, rating__strategic="4", rating__action="no", reason__action="no_example", evidence__teams="Gone later.")
    save(card, evidence__teams="")
    submit(card)

    saved = fresh(card)
    assert (saved.state, saved.is_independent, saved.submitted_at is not None) == ("submitted", True, True)
    assert list(card.scores.values_list("dimension__key", "value", "is_final")) == [
        ("strategic", 4, True),
        ("action", None, True),
    ]
    event = AuditEvent.objects.get(act="scorecard.submit")
    application = card.interview.application
    assert (event.actor, event.opening_id, event.candidate_id, event.detail) == (
        interviewer,
        application.opening_id,
        application.candidate_id,
        {},
    )


def test_submission_with_gaps_changes_nothing(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=[5], evidence="", recommendation=4)

    with pytest.raises(CardHasGaps) as refusal:
        submit(card)

    assert [gap.status for gap in refusal.value.gaps] == ["Evidence missing", *["To score"] * 4]
    assert (fresh(card).state, fresh(card).version, fresh(card).submission_key) == ("draft", 0, None)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("version", [0, 2])
def test_submission_from_another_version_changes_nothing(opening: Opening, interviewer: User, version: int) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    save(card, summary="Saved elsewhere.")

    with pytest.raises(CardChanged):
        submit(card, version=version)
    assert (fresh(card).state, fresh(card).version) == ("draft", 1)


def test_same_key_submits_once_and_another_one_is_refused(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    key = uuid4()
    began = fresh(card)
    for _ in range(3):
        submit_card(user=interviewer, card=began, version=began.version, key=key)
    with pytest.raises(CardChanged):
        submit(card, key=uuid4())

    assert fresh(card).submission_key == key
    assert AuditEvent.objects.filter(act="scorecard.submit").count() == 1


def test_another_fault_of_the_data_is_not_taken_for_a_change(
    opening: Opening, interviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_detail: object) -> None:
        raise IntegrityError("Something else.")

    card = make_scorecard(opening=opening, interviewer=interviewer, values=[3] * 5, recommendation=3)
    monkeypatch.setattr("candidates.scoring._record", refuse)

    with pytest.raises(IntegrityError):
        submit(card)


def test_key_of_another_card_is_refused(opening: Opening, interviewer: User) -> None:
    key = uuid4()
    cards = [make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3) for _ in "ab"]
    submit(cards[0], key=key)

    with pytest.raises(CardChanged):
        submit(cards[1], key=key)
    with pytest.raises(CardChanged):
        submit(cards[1], key=key, version=fresh(cards[1]).version + 1)


def test_card_of_a_cancelled_interview_is_not_submitted(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    Interview.objects.filter(pk=card.interview_id).update(cancelled_at=timezone.now())

    with pytest.raises(CardChanged):
        submit(card)

    assert fresh(card).state == "draft"


@pytest.mark.parametrize("trace", [Sight, EarlyLook])
def test_who_has_read_of_others_and_others_who_have_read_leave_it_independent(
    opening: Opening, interviewer: User, colleague: User, trace: type[Sight] | type[EarlyLook]
) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE, recommendation=3)
    numbers = {"cards_in": 1, "cards_expected": 2} if trace is EarlyLook else {}
    trace.objects.create(application=card.interview.application, viewer=colleague, **numbers)
    trace.objects.create(application=make_application(opening=opening), viewer=interviewer, **numbers)
    submit(card)

    assert fresh(card).is_independent is True


@pytest.mark.parametrize("trace", ["sight", "early look"])
@pytest.mark.parametrize("where", ["here", "other opening"])
def test_who_has_read_others_before_is_not_independent(
    opening: Opening, interviewer: User, trace: str, where: str
) -> None:
    application = make_application(opening=opening)
    card = make_scorecard(application=application, interviewer=interviewer, values=WHOLE, recommendation=3)
    seen = application if where == "here" else make_application(candidate=application.candidate)
    if trace == "sight":
        Sight.objects.create(application=seen, viewer=interviewer)
    else:
        EarlyLook.objects.create(application=seen, viewer=interviewer, cards_in=1, cards_expected=2)
    submit(card)

    assert fresh(card).is_independent is False


def test_declining_keeps_the_text_and_the_reason(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, values=WHOLE)
    decline_card(user=interviewer, card=fresh(card), reason="conflict_of_interest")

    saved = fresh(card)
    assert (saved.state, saved.decline_reason, saved.declined_at is not None) == (
        "declined",
        "conflict_of_interest",
        True,
    )
    assert card.scores.count() == 5
    assert AuditEvent.objects.get().detail == {"reason": "conflict_of_interest"}


def test_recruiter_hands_back_a_card_nobody_has_read(opening: Opening, recruiter: User, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True, submission_key=uuid4())
    beside = make_scorecard(opening=opening, submitted=True)
    revise_score(user=beside.interviewer, score=beside.scores.first(), value=5, reason="slip", text="Slip.")
    hand_back_card(user=recruiter, card=fresh(card))

    saved = fresh(card)
    assert (saved.state, saved.submitted_at, saved.submission_key) == ("draft", None, None)
    assert saved.handed_back_at is not None
    assert set(card.scores.values_list("is_final", flat=True)) == {False}
    submit(card)
    assert fresh(card).state == "submitted"


@pytest.mark.parametrize(
    "reason",
    [
        *("read", "has read", "has looked early", "revised", "erased", "cancelled"),
        *("hiring manager", "interviewer", "recruiter elsewhere"),
    ],
)
def test_hand_back_is_refused(opening: Opening, recruiter: User, manager: User, interviewer: User, reason: str) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    application = card.interview.application
    if reason == "read":
        Scorecard.objects.filter(pk=card.pk).update(first_seen_at=timezone.now())
    elif reason == "has read":
        Sight.objects.create(application=application, viewer=interviewer)
    elif reason == "has looked early":
        EarlyLook.objects.create(application=application, viewer=interviewer, cards_in=1, cards_expected=2)
    elif reason == "revised":
        revise_score(user=interviewer, score=card.scores.first(), value=5, reason="slip", text="Slip.")
    elif reason == "erased":
        erase(application.candidate)
    elif reason == "cancelled":
        Interview.objects.filter(pk=card.interview_id).update(cancelled_at=timezone.now())
    elsewhere = make_opening().created_by
    who = {"hiring manager": manager, "interviewer": interviewer, "recruiter elsewhere": elsewhere}.get(
        reason, recruiter
    )

    with pytest.raises(HandBackRefused):
        hand_back_card(user=who, card=fresh(card))
    assert fresh(card).state == "submitted"


def test_revisions_stand_beside_the_first_score(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    score = card.scores.first()
    for value in (4, 3):
        revise_score(user=interviewer, score=score, value=value, reason="debrief", text="Heard more.")
    with pytest.raises(RevisionRefused):
        revise_score(user=interviewer, score=score, value=3, reason="slip", text="As it stands.")

    score.refresh_from_db()
    assert (score.value, score.is_final) == (3, True)
    assert list(score.revisions.values_list("value", "reason", "text")) == [
        (4, "debrief", "Heard more."),
        (3, "debrief", "Heard more."),
    ]
    assert [event.detail for event in AuditEvent.objects.all()] == [{"score": score.pk, "reason": "debrief"}] * 2


def test_revision_to_the_standing_value_is_refused(opening: Opening, interviewer: User) -> None:
    score = make_scorecard(opening=opening, interviewer=interviewer, submitted=True).scores.first()

    with pytest.raises(RevisionRefused):
        revise_score(user=interviewer, score=score, value=3, reason="slip", text="Same.")


def test_nothing_is_revised_about_an_erased_candidate(opening: Opening, interviewer: User) -> None:
    card = make_scorecard(opening=opening, interviewer=interviewer, submitted=True)
    erase(card.interview.application.candidate)

    with pytest.raises(RevisionRefused):
        revise_score(user=interviewer, score=card.scores.first(), value=5, reason="slip", text="Slip.")
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("who", ["recruiter", "manager", "colleague", "stranger", "admin"])
def test_nobody_revises_anothers_score(
    request: pytest.FixtureRequest, opening: Opening, interviewer: User, who: str
) -> None:
    score = make_scorecard(opening=opening, interviewer=interviewer, submitted=True).scores.first()

    with pytest.raises(RevisionRefused):
        revise_score(user=request.getfixturevalue(who), score=score, value=5, reason="slip", text="Not mine.")


ALLOWED = {
    ("waiting", "open"): "waiting",
    ("waiting", "save"): "draft",
    ("waiting", "submit"): "waiting",
    ("waiting", "decline"): "declined",
    ("draft", "open"): "draft",
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "decline"): "declined",
    ("submitted", "open"): "submitted",
    ("submitted", "hand back"): "draft",
    ("submitted", "revise"): "submitted",
    ("declined", "open"): "declined",
}


STATES = ("waiting", "draft", "submitted", "declined")
ACTS = ("open", "save", "submit", "decline", "hand back", "revise")
# A waiting card has no score that could be revised.
PAIRS = [(state, act) for state in STATES for act in ACTS if (state, act) != ("waiting", "revise")]


@pytest.mark.parametrize(("state", "act"), PAIRS)
def test_every_act_in_every_state(opening: Opening, recruiter: User, interviewer: User, state: str, act: str) -> None:
    values = None if state == "waiting" else WHOLE
    card = make_scorecard(opening=opening, interviewer=interviewer, values=values, state=state, recommendation=3)
    if state == "submitted":
        card.scores.update(is_final=True)
    acts = {
        "open": lambda: open_card(user=interviewer, card=fresh(card)),
        "save": lambda: save(card, summary="More."),
        "submit": lambda: submit(card),
        "decline": lambda: decline_card(user=interviewer, card=fresh(card), reason="could_not_attend"),
        "hand back": lambda: hand_back_card(user=recruiter, card=fresh(card)),
        "revise": lambda: revise_score(
            user=interviewer, score=card.scores.first(), value=5, reason="slip", text="Slip."
        ),
    }
    before = load_sheet(fresh(card)).fields
    try:
        acts[act]()
    except (CardChanged, CardHasGaps, HandBackRefused, RevisionRefused):
        assert (state, act) not in ALLOWED or (state, act) == ("waiting", "submit")
        assert fresh(card).state == state
        assert load_sheet(fresh(card)).fields == before
    else:
        assert fresh(card).state == ALLOWED[state, act]
