"""The act of deciding where its page can't show it."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from candidates import deciding
from candidates.deciding import DecisionRefused, OrderReasonNeeded, conflicts, record_decision
from candidates.models import Candidate, Decision, Opening
from candidates.statistics.ranking import CLEARLY
from candidates.statistics.severity import PanelFit, Refusal
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


# What goes against the order

FIT: Any = PanelFit.__new__(PanelFit)
ROWS = {
    "Ann": (1, "debrief"), "Bo": (2, "debrief"), "Cy": (3, "offer"), "Di": (3, "interviewing"), "Ed": (1, "hired"),
    "Flo": (None, "debrief"), "Gil": (None, "withdrawn"), "Hal": (9, "hired"),
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked of standings in which Ann, Ed and Bo are clearly ahead of others, and Di as nearly as can be."""
    asked: list[Any] = []
    rows = {
        name: SimpleNamespace(
            application=SimpleNamespace(pk=name, stage=stage, candidate=SimpleNamespace(name=name)),
            tier=tier,
            interval=None if name == "Flo" else (2.0, 3.0),
        )
        for name, (tier, stage) in ROWS.items()
    }

    def place(reading: Any, **options: Any) -> Any:
        asked.append(options)
        return SimpleNamespace(rows=tuple(rows.values()), by_application=rows, fit=FIT)

    def ahead(fit: Any, names: list[str]) -> Any:
        asked.append((fit, names))
        shares = {"Ann": 1.0, "Bo": 0.99, "Ed": 1.0, "Di": CLEARLY}
        return np.array([[np.nan]] + [[shares.get(name, 0.0)] for name in names[1:]])

    monkeypatch.setattr(deciding, "place", place)
    monkeypatch.setattr(deciding, "probability_ahead", ahead)
    return asked


def against(name: str, **options: Any) -> dict[str, str]:
    """What goes against the order, on somebody."""
    return conflicts(SimpleNamespace(), name, **options)


def test_offers_go_against_those_ahead_and_rejections_against_those_in_a_lower_tier(asked: list[Any]) -> None:
    assert against("Bo") == {
        "offer": "Ann is clearly ahead of Bo, and still in play.",
        "reject": "Bo is in a tier above Cy and Di, who are still in play.",
    }
    assert against("Cy", together=True) == {"offer": "Ann and Bo are clearly ahead of Cy, and still in play."}
    assert asked == [
        {"after_debrief": True, "together": False},
        (FIT, ["Bo", "Ann", "Cy", "Di"]),
        {"after_debrief": True, "together": True},
        (FIT, ["Cy", "Ann", "Bo", "Di"]),
    ]


def test_nothing_goes_against_the_order_of_who_has_no_interval(asked: list[Any]) -> None:
    assert against("Flo") == {}


def test_an_offer_to_somebody_out_of_the_running_is_held_against_the_others(asked: list[Any]) -> None:
    assert against("Gil") == {"offer": "Ann and Bo are clearly ahead of Gil, and still in play."}


def test_nothing_goes_against_an_order_that_there_is_not(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.FIT", Refusal("disconnected"))

    assert against("Gil") == {}
