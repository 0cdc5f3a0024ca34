"""A decision never changes: refused by the model, and by the database itself."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from candidates.models import Application, Decision
from candidates.models.decisions import DecisionsAreKept
from smarter.accounts.models import User
from tests.factories import make_application


@pytest.fixture
def decision(opening: Any, manager: User) -> Decision:
    """Something decided."""
    application = make_application(opening=opening)
    return Decision.objects.create(
        application=application, outcome="hold", rationale="Waits for a reference.", snapshot={}, decided_by=manager
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda decision: decision.save(),
        lambda decision: decision.delete(),
        lambda _decision: Decision.objects.update(outcome="offer"),
        lambda _decision: Decision.objects.all().delete(),
        lambda decision: Decision.objects.bulk_update([decision], ["outcome"]),
    ],
)
def test_a_decision_is_never_changed(decision: Decision, change: Any) -> None:
    with pytest.raises(DecisionsAreKept), transaction.atomic():
        change(decision)

    assert Decision.objects.get().outcome == "hold"


@pytest.mark.parametrize(
    "statement", ["UPDATE candidates_decision SET rationale = 'Another.'", "DELETE FROM candidates_decision"]
)
def test_nor_past_the_model(decision: Decision, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match="decisions never change")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Decision.objects.get().rationale == "Waits for a reference."


def test_its_application_stays_too(decision: Decision) -> None:
    with pytest.raises(Exception, match="protected"):
        decision.application.delete()

    assert Application.objects.count() == 1
