"""The act of deciding where its page can't show it."""

import pytest
from django.utils import timezone

from candidates.deciding import DecisionRefused, OrderReasonNeeded, record_decision
from candidates.models import Candidate, Decision, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_scorecard


@pytest.fixture
def offers_go_against_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the scores say."""
    monkeypatch.setattr("candidates.deciding.conflicts", lambda *_args, **_options: {"offer": "Against it."})


def test_nothing_is_decided_about_an_erased_candidate(opening: Opening, manager: User) -> None:
    application = make_application(opening=opening)
    Candidate.objects.filter(pk=application.candidate_id).update(email="", erased_at=timezone.now())

    with pytest.raises(DecisionRefused):
        record_decision(user=manager, application=application, outcome="hold", rationale="Waits.")

    assert not Decision.objects.exists()


def test_a_decision_on_one_waits_for_its_own_cards_whatever_is_known_of_others(opening: Opening, manager: User) -> None:
    make_scorecard(application=make_application(opening=opening), submitted=True)
    application = make_application(opening=opening)
    make_scorecard(application=application, submitted=True)
    make_scorecard(application=application)

    with pytest.raises(DecisionRefused):
        record_decision(user=manager, application=application, outcome="hold", rationale="Waits.")

    assert not Decision.objects.exists()


def test_only_the_team_decides(opening: Opening, stranger: User) -> None:
    with pytest.raises(DecisionRefused):
        record_decision(
            user=stranger, application=make_application(opening=opening), outcome="hold", rationale="Waits."
        )


def test_a_reason_is_asked_for_and_kept_exactly_where_the_decision_goes_against_the_order(
    opening: Opening, manager: User, offers_go_against_the_order: None
) -> None:
    application = make_application(opening=opening)

    def decide(outcome: str, reason: str) -> str:
        decision = record_decision(
            user=manager, application=application, outcome=outcome, rationale="R.", against_order_reason=reason
        )
        return decision.against_order_reason

    with pytest.raises(OrderReasonNeeded):
        decide("offer", "  ")
    assert not Decision.objects.exists()
    assert decide("offer", "The references.") == "The references."
    assert (decide("hold", ""), decide("hold", "Typed.")) == ("", "")
