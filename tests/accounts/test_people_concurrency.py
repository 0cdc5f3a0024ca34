"""Two admins who act on each other at the same time, on PostgreSQL: the slower one is refused, and one stays."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import connection

from smarter.accounts import people
from smarter.accounts.models import User
from smarter.accounts.people import ChangeRefused, change_person, deactivate
from tests.candidates.test_scoring_concurrency import at_once
from tests.factories import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: set DATABASE_URL"),
]


def demote(*, actor: User, person: User) -> None:
    """Take the admin role from somebody."""
    person.is_admin = False
    change_person(actor=actor, person=person)


@pytest.mark.parametrize("first", [demote, deactivate])
@pytest.mark.parametrize("second", [demote, deactivate])
def test_two_admins_never_put_each_other_out(
    first: Callable[..., Any], second: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    admins = [make_user(is_admin=True), make_user(is_admin=True)]
    changed, answered = Event(), Event()
    record = people.record

    def wait_and_record(**options: Any) -> None:
        changed.set()
        answered.wait(1)  # in vain, because the admins' rows are held
        record(**options)

    def act(which: int) -> bool:
        actor, person = (User.objects.get(pk=admins[place].pk) for place in (which, 1 - which))
        if which == 1:
            changed.wait(10)
        try:
            (first, second)[which](actor=actor, person=person)
        except ChangeRefused:
            return False
        answered.set()
        return True

    monkeypatch.setattr(people, "record", wait_and_record)

    assert at_once(2, act) == [True, False]
    assert list(User.objects.filter(is_admin=True, is_active=True)) == admins[:1]
