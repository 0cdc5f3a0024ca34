"""The database keeps audit events as they were written."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record

STATEMENTS = [
    "UPDATE audit_auditevent SET act = 'nothing.happened'",
    "UPDATE audit_auditevent SET act = 'nothing.happened' WHERE id = 0 OR act LIKE 'p%'",
    "DELETE FROM audit_auditevent",
]


@pytest.fixture
def event(stranger: User) -> AuditEvent:
    """Something that happened."""
    return record(actor=stranger, act="person.edit", subject=stranger)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_or_delete(event: AuditEvent, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="audit events are append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEvent.objects.get().act == "person.edit"


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda _event: AuditEvent.objects.update(detail={}),
        lambda _event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["act"]),
    ],
)
def test_so_the_orm_cannot_either(event: AuditEvent, change: Any) -> None:
    with pytest.raises(DatabaseError, match="audit events are append-only"), transaction.atomic():
        change(event)

    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_is_refused_too(event: AuditEvent) -> None:
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)

    assert list(AuditEvent.objects.all()) == [event]
    assert User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_changes_are_refused_again_after_the_database_was_emptied(event: AuditEvent) -> None:
    """The test before this one emptied it; nothing of that stays."""
    assert AuditEvent.objects.count() == 1
    with pytest.raises(DatabaseError):
        event.delete()
