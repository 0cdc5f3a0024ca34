"""What the first release stored is there after an upgrade, and holds together."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.integrity import check_integrity
from candidates.models import Scorecard
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.readiness import not_ready

pytestmark = pytest.mark.django_db(transaction=True)
# The last migration of each app in release 0.1; None for apps that it did not have.
FIRST_RELEASE = {
    "accounts": "0003_cache_table",
    "audit": "0002_append_only",
    "candidates": "0003_decision_append_only",
    "rubrics": "0002_sample_answers",
}
OWN_APPS = ("smarter", "rubrics", "candidates")


def own_labels() -> set[str]:
    """Our apps that have tables."""
    own = [config for config in apps.get_app_configs() if config.name.startswith(OWN_APPS)]
    return {config.label for config in own if any(True for _ in config.get_models())}


@pytest.fixture
def first_release() -> Iterator[Any]:
    """The database as the first release left it, with its models; afterwards it is up to date whatever happened."""
    executor = MigrationExecutor(connection)
    targets = [(label, FIRST_RELEASE.get(label)) for label in sorted(own_labels())]
    before = executor.loader.graph.leaf_nodes()
    try:
        executor.migrate(targets)
        kept = [target for target in targets if target[1]]
        others = [node for node in before if node[0] not in own_labels()]
        yield MigrationExecutor(connection).loader.project_state([*kept, *others]).apps
    finally:
        upgrade()


def upgrade() -> None:
    """What `migrate` does."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def fill(models: Any) -> tuple[int, int]:
    """A round as the first release stored it; the numbers of its interviewer and its scorecard."""

    def make(label: str, /, **fields: Any) -> Any:
        return models.get_model(label)._base_manager.create(**fields)

    people = [make("accounts.User", email=f"{name}@example.com", name=name, password="!") for name in ("ada", "bea")]
    rubric = make("rubrics.Rubric", key="old", name="Old")
    version = make("rubrics.RubricVersion", rubric=rubric, number=1, state="published", published_at=timezone.now())
    dimensions = [
        make(
            "rubrics.Dimension", version=version, key=key, letter=key[0], name=key, meaning=key, weight=50, position=at
        )
        for at, key in enumerate(("one", "two"))
    ]
    for dimension in dimensions:
        for value in range(1, 6):
            make("rubrics.Anchor", dimension=dimension, value=value, text=f"worth {value}")
    opening = make("candidates.Opening", title="Old opening", rubric_version=version, created_by=people[0])
    make("candidates.OpeningMember", opening=opening, user=people[0], role="recruiter")
    for dimension in dimensions:
        make("candidates.OpeningWeight", opening=opening, dimension_key=dimension.key, points=50)
    candidate = make("candidates.Candidate", name="Cara “ö” Candidate", created_by=people[0])
    application = make("candidates.Application", candidate=candidate, opening=opening, stage="interviewing")
    now = timezone.now()
    interview = make(
        "candidates.Interview",
        application=application,
        starts_at=now - timedelta(hours=2),
        rubric_version=version,
        created_by=people[0],
    )
    card = make(
        "candidates.Scorecard",
        interview=interview,
        interviewer=people[1],
        state="submitted",
        recommendation=3,
        opened_at=now,
        submitted_at=now,
        focus=[],
    )
    for value, dimension in enumerate(dimensions, 3):
        make(
            "candidates.Score", scorecard=card, dimension=dimension, value=value, evidence="Heard then.", is_final=True
        )
    make(
        "candidates.Decision",
        application=application,
        outcome="hold",
        rationale="Then.",
        snapshot={},
        decided_by=people[0],
    )
    make("audit.AuditEvent", actor=people[0], act="opening.create", subject="opening", subject_id=opening.pk)
    return people[1].pk, card.pk


def test_what_the_first_release_stored_holds_after_an_upgrade(first_release):
    interviewer, card = fill(first_release)
    was_ready = not_ready()

    upgrade()

    assert was_ready.endswith("migrations are not applied. Run manage.py migrate.")
    assert not_ready() == ""
    assert check_integrity() == []
    scores = Scorecard.objects.get(pk=card).scores.order_by("dimension__position")
    assert list(scores.values_list("dimension__key", "value", "evidence")) == [
        ("one", 3, "Heard then."),
        ("two", 4, "Heard then."),
    ]
    client = Client()
    client.force_login(User.objects.get(pk=interviewer))
    page = client.get(reverse("candidates:scorecard_detail", args=[card]))
    assert page.status_code == 200
    assert "Heard then." in page.content.decode()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(act="x")


def test_every_app_of_the_first_release_is_still_there():
    assert FIRST_RELEASE.keys() - own_labels() == set()
