"""The acts of a debrief where the views can't show them."""

import pytest

from candidates.debriefing import CardsMissing, DebriefRefused, open_debrief, to_debrief
from candidates.models import Application, Debrief
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_scorecard


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
