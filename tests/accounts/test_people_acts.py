"""Who may change people, and that nobody locks themselves or everybody out."""

from collections.abc import Callable
from typing import Any

import pytest

from smarter.accounts.models import User
from smarter.accounts.people import ChangeRefused, change_person, deactivate
from smarter.audit.models import AuditEvent
from tests.factories import make_user

ACTS = [change_person, deactivate]


def test_roles_given_and_taken_are_recorded(admin: User, recruiter: User) -> None:
    recruiter.is_admin, recruiter.is_recruiter = True, False
    change_person(actor=admin, person=recruiter)
    recruiter.job_title = "Lead"
    change_person(actor=admin, person=recruiter)

    assert [event.detail for event in AuditEvent.objects.order_by("pk")] == [
        {"roles": ["+admin", "-recruiter"]},
        {"roles": []},
    ]


def test_an_admin_changes_themselves_but_for_the_admin_role(admin: User) -> None:
    admin.job_title = "Head"
    change_person(actor=admin, person=admin)
    admin.is_admin = False

    with pytest.raises(ChangeRefused):
        change_person(actor=admin, person=admin)
    stored = User.objects.get(pk=admin.pk)
    assert (stored.job_title, stored.is_admin) == ("Head", True)


def test_nobody_deactivates_themselves(admin: User) -> None:
    with pytest.raises(ChangeRefused):
        deactivate(actor=admin, person=admin)
    assert User.objects.get(pk=admin.pk).is_active


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("kind", [{"is_recruiter": True}, {"is_admin": True, "is_active": False}], ids=str)
def test_only_active_admins_change_people(
    db: None, stranger: User, act: Callable[..., Any], kind: dict[str, bool]
) -> None:
    with pytest.raises(ChangeRefused):
        act(actor=make_user(**kind), person=stranger)
    assert not AuditEvent.objects.exists()
