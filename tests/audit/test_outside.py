"""What a sealed admin still reads in the audit: all that cannot tell of the candidate, and no less."""

from typing import Any

import pytest

from candidates.views.events import _readable
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_opening, make_scorecard

EVENTS: list[tuple[str, dict[str, Any], bool]] = [
    ("of the candidate", {"candidate_id": 1, "opening_id": 10}, False),
    ("of the candidate alone", {"candidate_id": 1}, False),
    ("of an opening the candidate is in", {"opening_id": 10}, False),
    ("of nothing named", {"subject": "scorecard"}, False),
    ("of a person", {"subject": "user"}, True),
    ("of another candidate alone", {"candidate_id": 2}, True),
    ("of another candidate there", {"candidate_id": 2, "opening_id": 10}, True),
    ("of another opening", {"opening_id": 11}, True),
]


@pytest.mark.parametrize(("what", "where", "is_read"), EVENTS, ids=lambda given: str(given))
def test_what_is_left_out(admin: User, what: str, where: dict[str, Any], is_read: bool) -> None:
    others, own = (AuditEvent.objects.create(act="x", actor=who, **where) for who in (None, admin))
    sealed = AuditEvent.objects.outside(candidate_ids=[1], opening_ids=[10], reader=admin)

    assert set(sealed) == ({others, own} if is_read else {own})
    assert AuditEvent.objects.outside(candidate_ids=[], opening_ids=[], reader=admin).count() == 2


def test_a_sealed_admin_reads_of_openings_that_the_candidate_is_not_in(admin: User) -> None:
    card = make_scorecard(interviewer=admin)
    elsewhere = make_application(opening=make_opening())
    here, there = (
        AuditEvent.objects.create(act="opening.edit", opening_id=application.opening_id)
        for application in (card.interview.application, elsewhere)
    )

    sealed, events = _readable(admin)

    assert sealed == [card.interview.application.candidate_id]
    assert (here in events, there in events) == (False, True)
