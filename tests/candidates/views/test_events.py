"""The audit page and its export."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Application, Opening, Scorecard
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record
from tests.factories import make_application, make_scorecard, make_user


def acts(client: Client, query: str = "") -> list[str]:
    """The acts listed, newest first."""
    return [event.act for event in client.get(reverse("candidates:event_list") + query).context["page"]]


def exported(client: Client, query: str = "") -> list[list[str]]:
    """The rows of the export, without its head."""
    response = client.post(reverse("candidates:event_export") + query)
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))[1:]


def happen(act: str, application: Application, actor: User, **where: Any) -> None:
    """Something happens to an application."""
    where.setdefault("candidate_id", application.candidate_id)
    record(actor=actor, act=act, subject=application, opening_id=application.opening_id, **where)


def test_event_list_filters(client: Client, admin: User, recruiter: User, opening: Opening) -> None:
    application = make_application(opening=opening)
    record(actor=admin, act="person.edit", subject=recruiter)
    happen("application.move", application, recruiter)
    old = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    AuditEvent.objects.create(actor=None, act="session.refuse", recorded_at=old)
    client.force_login(admin)

    assert acts(client) == ["application.move", "person.edit", "session.refuse"]
    assert acts(client, "?who=MAYA") == acts(client, "?who=recruiter%40") == ["application.move"]
    assert acts(client, "?act=person.edit") == ["person.edit"]
    assert acts(client, f"?subject=user&number={recruiter.pk}") == ["person.edit"]
    assert acts(client, f"?subject=candidate&number={application.candidate_id}") == ["application.move"]
    assert acts(client, f"?subject=opening&number={opening.pk}") == acts(client, "?subject=opening")
    assert acts(client, "?until=2026-03-01&since=2026-03-01") == ["session.refuse"]
    assert acts(client, "?until=2026-02-28") == []
    assert acts(client, "?who=nobody") == []


def test_dates_are_those_of_the_reader(client: Client, admin: User) -> None:
    admin.time_zone = "Asia/Tokyo"
    admin.save()
    AuditEvent.objects.create(actor=None, act="session.refuse", recorded_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    client.force_login(admin)

    assert acts(client, "?since=2026-03-02&until=2026-03-02") == ["session.refuse"]
    assert acts(client, "?until=2026-03-01") == []


@pytest.mark.parametrize(
    "query",
    [
        "?act=nothing.such",
        "?act=%00",
        "?subject=x",
        "?number=0",
        "?number=99999999999999999999",
        "?number=x",
        "?since=yesterday",
        "?until=9999-12-31",
        "?since=0001-01-01",
        "?who=%00",
        "?page=-3",
        "?number=1&number=2",
        "?since=2026-02-30",
    ],
)
def test_senseless_filters_break_nothing(client: Client, admin: User, query: str) -> None:
    record(actor=admin, act="person.edit", subject=admin)
    client.force_login(admin)

    assert client.get(reverse("candidates:event_list") + query).status_code == 200
    assert client.post(reverse("candidates:event_export") + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_event_list_query_count_is_flat(
    client: Client, admin: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        record(actor=make_user(), act="person.edit", subject=admin)
    client.force_login(admin)

    with django_assert_num_queries(7):
        client.get(reverse("candidates:event_list"))


def test_a_sealed_admin_learns_nothing_of_the_candidate_but_own_acts(
    client: Client, admin: User, opening: Opening, recruiter: User, colleague: User
) -> None:
    """Neither from the list nor from its filters, and not from the export; all is back once the card is in."""
    application = make_application(opening=opening)
    elsewhere = make_application(candidate=application.candidate)
    other = make_application()
    own = make_scorecard(application=application, interviewer=admin)
    theirs = make_scorecard(interview=own.interview, interviewer=colleague, submitted=True)
    happen("scorecard.submit", application, colleague)
    happen("interview.create", elsewhere, recruiter)
    record(actor=recruiter, act="score.export", subject=opening, opening_id=opening.pk, rows=5)
    record(actor=colleague, act="scorecard.revise", subject=theirs)
    record(actor=colleague, act="access.deny", page="candidates:scorecard_hand_back", row=theirs.pk)
    happen("scorecard.open", application, admin)
    happen("application.move", other, recruiter)
    record(actor=recruiter, act="person.edit_profile", subject=recruiter)
    record(actor=None, act="rubric.load")
    client.force_login(admin)
    shown = ["person.edit_profile", "application.move", "scorecard.open"]

    page = client.get(reverse("candidates:event_list"))
    assert [event.act for event in page.context["page"]] == shown
    assert page.context["is_sealed"] is True
    assert "scorecard.submit" not in page.content.decode()
    assert acts(client, f"?subject=candidate&number={application.candidate_id}") == ["scorecard.open"]
    assert [row[2] for row in exported(client)] == ["audit.export", *shown]

    Scorecard.objects.filter(pk=own.pk).update(state="submitted", submitted_at=timezone.now(), recommendation=3)
    assert len(acts(client)) == 10
    assert client.get(reverse("candidates:event_list")).context["is_sealed"] is False


def test_export_is_audited_and_opens_as_text(client: Client, admin: User) -> None:
    formula = make_user(name="=1+1", email="=cmd@example.com")
    at = timezone.now() - timedelta(minutes=1)
    event = AuditEvent.objects.create(actor=formula, act="person.edit", recorded_at=at, detail={"roles": ["+admin"]})
    client.force_login(admin)

    rows = exported(client, "?act=person.edit")

    assert rows == [
        [event.recorded_at.isoformat(), "'=cmd@example.com", "person.edit", "", "", "", "", '{"roles": ["+admin"]}']
    ]
    assert AuditEvent.objects.filter(act="audit.export").values_list("actor", "detail").get() == (
        admin.pk,
        {"rows": 1},
    )


@pytest.mark.parametrize("who", ["recruiter", "manager", "interviewer"])
def test_the_audit_is_not_there_for_others(request: Any, client: Client, db: None, who: str) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("candidates:event_list")).status_code == 404
    assert client.post(reverse("candidates:event_export")).status_code == 404
    assert client.get(reverse("candidates:event_export")).status_code == 405


def test_denied_access_is_kept(client: Client, stranger: User, opening: Opening) -> None:
    client.force_login(stranger)

    client.get(reverse("accounts:person_edit", args=[stranger.pk]))
    client.get("/favicon.ico")
    client.logout()
    client.get(reverse("accounts:person_list"))

    event = AuditEvent.objects.get()
    assert (event.actor, event.act, event.detail) == (
        stranger,
        "access.deny",
        {"page": "accounts:person_edit", "row": stranger.pk},
    )


def test_a_forged_form_is_kept_as_denied(stranger: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(stranger)

    assert client.post(reverse("accounts:profile"), {"name": "Forged"}).status_code == 403

    assert AuditEvent.objects.values_list("actor", "act", "detail").get() == (
        stranger.pk,
        "access.deny",
        {"page": "accounts:profile", "row": None},
    )
