"""Weights of an opening: kept before and after, with a reason once a card is in."""

import pytest

from candidates.models import Opening, WeightChange
from candidates.weighing import ReasonNeeded, change_weights, needs_reason, weights_of
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_opening, make_scorecard

OTHER = {"strategic": 30, "measurable": 10, "action": 20, "relationships": 20, "teams": 20}


def test_change_weights_keeps_before_and_after(opening: Opening, recruiter: User) -> None:
    before = weights_of(opening)

    changed = change_weights(user=recruiter, opening=opening, points=OTHER)

    change = WeightChange.objects.get()
    assert changed
    assert weights_of(opening) == OTHER
    assert (change.before, change.after, change.reason, change.changed_by) == (before, OTHER, "", recruiter)
    assert list(AuditEvent.objects.values_list("act", "subject", "subject_id", "opening_id", "detail")) == [
        ("opening.weights", "opening", opening.pk, opening.pk, {"after_first_card": False})
    ]


def test_change_weights_to_the_same_leaves_no_trace(opening: Opening, recruiter: User) -> None:
    changed = change_weights(user=recruiter, opening=opening, points=weights_of(opening))

    assert not changed
    assert not WeightChange.objects.exists()
    assert not AuditEvent.objects.exists()


def test_change_weights_needs_a_reason_once_a_card_is_in(opening: Opening, recruiter: User) -> None:
    before = weights_of(opening)
    make_scorecard(application=make_application(opening=opening), submitted=True)

    assert needs_reason(recruiter, opening)
    with pytest.raises(ReasonNeeded):
        change_weights(user=recruiter, opening=opening, points=OTHER, reason="  ")
    assert weights_of(opening) == before
    change_weights(user=recruiter, opening=opening, points=OTHER, reason=" The role changed. ")
    assert weights_of(opening) == OTHER
    assert WeightChange.objects.get().reason == "The role changed."


def test_weights_of_dimensions_that_went_go_and_the_others_keep_their_place(opening: Opening, recruiter: User) -> None:
    change_weights(user=recruiter, opening=opening, points={"teams": 70, "action": 30})

    assert list(opening.weights.values_list("dimension_key", "points")) == [("action", 30), ("teams", 70)]


def test_a_card_of_another_opening_asks_for_no_reason_nor_one_that_others_know_of(
    opening: Opening, recruiter: User, stranger: User
) -> None:
    make_scorecard(application=make_application(opening=make_opening(recruiter=recruiter)), submitted=True)
    assert not needs_reason(recruiter, opening)

    make_scorecard(application=make_application(opening=opening), submitted=True)
    assert needs_reason(recruiter, opening)
    assert not needs_reason(stranger, opening)


def test_draft_needs_no_reason(opening: Opening, recruiter: User) -> None:
    make_scorecard(application=make_application(opening=opening), values=[3])

    assert not needs_reason(recruiter, opening)
