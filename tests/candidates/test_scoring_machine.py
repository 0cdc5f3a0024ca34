"""Acts on a panel in any order: the first submission stays the record, whatever people try."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from candidates.looking import note_sight
from candidates.models import Scorecard
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
from tests.factories import make_application, make_opening, make_scorecard, make_user

REFUSALS = (CardChanged, CardHasGaps, HandBackRefused, RevisionRefused)
NAMES = ("strategic", "measurable")
RATINGS = st.sampled_from(["1", "3", "5", "no", ""])
ACTS = st.sampled_from(["submit", "submit", "read_others", "read_others", "hand_back", "revise", "decline", "save"])
SEATS = st.integers(0, 1)


class PanelMachine(RuleBasedStateMachine):
    """Two raters of one candidate and their recruiter, who do what they like."""

    @initialize()
    def panel(self) -> None:
        """Two drafts on two dimensions, all ready to submit."""
        self.recruiter = make_user(is_recruiter=True)
        opening = make_opening(recruiter=self.recruiter, dimensions=2)
        application = make_application(opening=opening)
        self.cards = [make_scorecard(application=application, values=[3, 4], recommendation=3).pk for _ in range(2)]
        self.keys: dict[int, UUID] = {}
        self.read: dict[int, dict[str, Any]] = {}

    def card(self, seat: int) -> Scorecard:
        """The card of a seat as the database has it."""
        return Scorecard.objects.with_context().with_typed().get(pk=self.cards[seat])

    def frozen(self, card: Scorecard) -> dict[str, Any]:
        """What must never change once somebody has read it."""
        return {"fields": load_sheet(card).fields, "state": card.state, "at": card.submitted_at}

    @rule(act=ACTS, seat=SEATS, ratings=st.tuples(RATINGS, RATINGS), flag=st.booleans(), value=st.integers(1, 5))
    def step(self, act: str, seat: int, ratings: tuple[str, str], flag: bool, value: int) -> None:
        """One act of one rater. One rule for all, so that the long way to a reader is walked often enough."""
        if act == "save":
            self.save(seat, ratings, late=flag)
        elif act == "submit":
            self.submit(seat, again=flag)
        elif act == "revise":
            self.revise(seat, value)
        else:
            getattr(self, act)(seat)

    def save(self, seat: int, ratings: tuple[str, str], late: bool) -> None:
        """Type something, from this version or a past one."""
        card = self.card(seat)
        open_card(user=card.interviewer, card=card)
        sheet = load_sheet(card)
        fields = sheet.fields | {"recommendation": "3"}
        for name, rating in zip(NAMES, ratings, strict=True):
            fields |= {
                f"rating.{name}": rating,
                f"reason.{name}": "no_example" if rating == "no" else "",
                f"evidence.{name}": "Heard." if rating else "",
            }
        version = card.version - late
        try:
            answer = save_draft(user=card.interviewer, sheet=sheet, version=version, fields=fields)
        except CardChanged:
            assert late or not card.is_open
            assert load_sheet(self.card(seat)).fields == sheet.fields
        else:
            assert answer == card.version + 1
            assert load_sheet(self.card(seat)).fields == fields

    def submit(self, seat: int, again: bool) -> None:
        """Submit, with a new key or the last one."""
        card = self.card(seat)
        key = self.keys.get(seat, uuid4()) if again else uuid4()
        try:
            submit_card(user=card.interviewer, card=card, version=card.version, key=key)
        except (CardHasGaps, CardChanged):
            assert self.card(seat).state == card.state
        else:
            self.keys[seat] = key
            assert self.card(seat).state == "submitted"

    def decline(self, seat: int) -> None:
        """Give up the seat."""
        card = self.card(seat)
        try:
            decline_card(user=card.interviewer, card=card, reason="could_not_attend")
        except CardChanged:
            assert not card.is_open

    def read_others(self, seat: int) -> None:
        """Read what is open to this rater, which leaves its trace."""
        reader = self.card(seat).interviewer
        cards = Scorecard.objects.visible_to(reader).exclude(interviewer=reader).with_context().with_typed()
        note_sight(user=reader, cards=cards)
        for card in cards:
            self.read.setdefault(card.pk, self.frozen(card))
            assert card.state == "submitted"

    def hand_back(self, seat: int) -> None:
        """Ask for the card as a draft again."""
        try:
            hand_back_card(user=self.recruiter, card=self.card(seat))
        except HandBackRefused:
            return
        assert self.cards[seat] not in self.read

    def revise(self, seat: int, value: int) -> None:
        """File a second score."""
        card = self.card(seat)
        score = card.scores.first()
        if score is None:
            return
        try:
            revise_score(user=card.interviewer, score=score, value=value, reason="slip", text="Slip.")
        except RevisionRefused:
            return
        assert card.state == "submitted"

    @invariant()
    def what_was_read_stands(self) -> None:
        """Whatever anybody has read is as it was."""
        for pk, frozen in getattr(self, "read", {}).items():
            assert self.frozen(Scorecard.objects.with_context().with_typed().get(pk=pk)) == frozen

    @invariant()
    def who_read_first_is_not_independent(self) -> None:
        """Nobody reads others' scores and then counts as independent."""
        for seat in range(len(getattr(self, "cards", []))):
            card = self.card(seat)
            sight = card.interview.application.sights.filter(viewer=card.interviewer).first()
            if card.submitted_at and sight and sight.first_at < card.submitted_at:
                assert not card.is_independent


@pytest.mark.django_db
def test_first_submissions_stand_whatever_people_do() -> None:
    limits = settings(
        max_examples=30,
        stateful_step_count=15,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(PanelMachine, settings=limits)  # type: ignore[no-untyped-call]
