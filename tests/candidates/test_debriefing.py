"""The acts of a debrief where the views can't show them."""

import pytest
from django.utils import timezone

from candidates.debriefing import (
    CardsMissing,
    DebriefRefused,
    ItemChanged,
    close_debrief,
    known_applications,
    open_debrief,
    settle_item,
    to_debrief,
)
from candidates.models import Application, Candidate, Debrief, DebriefItem
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_opening, make_scorecard

NOW = timezone.now()


def test_whom_a_debrief_is_about(opening):
    stages = ["screening", "interviewing", "debrief", "offer", "rejected"]
    rows = {stage: make_application(opening=opening, stage=stage) for stage in stages}
    everybody = Application.objects.all()

    assert to_debrief(everybody) == [rows["debrief"], rows["offer"]]
    assert to_debrief(everybody, also=[rows["rejected"].pk]) == [rows["debrief"], rows["offer"], rows["rejected"]]
    assert to_debrief([rows["screening"], rows["interviewing"]]) == [rows["interviewing"]]


def test_opening_waits_for_cards_unless_confirmed_and_nothing_is_left_behind(manager, interviewer, opening):
    make_scorecard(application=make_application(opening=opening, stage="debrief"), interviewer=interviewer)

    with pytest.raises(CardsMissing):
        open_debrief(user=manager, opening=opening)
    assert not Debrief.objects.exists()
    assert not AuditEvent.objects.filter(act="debrief.open").exists()

    open_debrief(user=manager, opening=opening, is_confirmed=True)
    with pytest.raises(DebriefRefused):
        open_debrief(user=manager, opening=opening, is_confirmed=True)


def settle(debrief, application, dimension_key="action", **options):
    """Settle an item nobody has settled, unless told otherwise."""
    return settle_item(
        user=debrief.opened_by,
        debrief=debrief,
        application=application,
        dimension_key=dimension_key,
        outcome="stays",
        note="Both.",
        seen_at=options.get("seen_at"),
    )


def test_a_debrief_opens_whatever_is_missing_in_other_openings_and_of_others_on_their_team(manager, opening):
    make_scorecard(application=make_application(opening=opening, stage="debrief"), submitted=True)
    make_scorecard(application=make_application(opening=make_opening(hiring_manager=manager), stage="debrief"))

    debrief = open_debrief(user=manager, opening=opening)

    assert (debrief.opening, debrief.opened_by, debrief.closed_at) == (opening, manager, None)
    assert AuditEvent.objects.get(act="debrief.open").detail == {"cards_missing": 0}


def test_who_is_not_on_the_team_knows_of_no_application(stranger, manager, opening):
    application = make_application(opening=opening)

    assert known_applications(manager, opening) == [application]
    assert known_applications(stranger, opening) == []


def test_a_debrief_opens_again_once_the_last_is_closed(manager, opening):
    first = open_debrief(user=manager, opening=opening)
    other = open_debrief(user=manager, opening=make_opening(hiring_manager=manager))
    close_debrief(user=manager, debrief=first)

    with pytest.raises(DebriefRefused):
        close_debrief(user=manager, debrief=first)
    open_debrief(user=manager, opening=opening)

    assert Debrief.objects.get(pk=other.pk).closed_at is None
    assert [event.act for event in AuditEvent.objects.order_by("pk")] == [
        "debrief.open", "debrief.open", "debrief.close", "debrief.open",
    ]  # fmt: skip


def test_each_item_is_settled_for_itself(manager, opening):
    application, other = make_application(opening=opening), make_application(opening=opening)
    last, debrief = (Debrief.objects.create(opening=opening, opened_by=manager, closed_at=at) for at in (NOW, None))
    DebriefItem.objects.create(debrief=last, application=application, dimension_key="action", settled_at=NOW)

    items = [settle(debrief, application), settle(debrief, other), settle(debrief, application, "teams")]
    again = settle(debrief, application, seen_at=items[0].settled_at)

    assert len({item.pk for item in items}) == 3
    assert again.pk == items[0].pk
    assert [(item.application, item.dimension_key) for item in debrief.items.all()] == [
        (application, "action"), (other, "action"), (application, "teams"),
    ]  # fmt: skip
    for seen_at in (None, NOW):
        with pytest.raises(ItemChanged) as refusal:
            settle(debrief, other, seen_at=seen_at)
        assert refusal.value.item == items[1]


def test_nothing_is_settled_about_an_erased_candidate_or_in_a_closed_debrief(manager, opening):
    application, erased = make_application(opening=opening), make_application(opening=opening)
    Candidate.objects.filter(pk=erased.candidate_id).update(email="", erased_at=NOW)
    debrief = Debrief.objects.create(opening=opening, opened_by=manager)

    with pytest.raises(DebriefRefused):
        settle(debrief, erased)
    close_debrief(user=manager, debrief=debrief)
    with pytest.raises(DebriefRefused):
        settle(debrief, application)

    assert not DebriefItem.objects.exists()
