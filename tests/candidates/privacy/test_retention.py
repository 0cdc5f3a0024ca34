"""Nobody is kept longer than the rule says, nobody shorter, and whoever is on hold stays."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import (
    Application,
    Candidate,
    ErasureRequest,
    LegalHold,
    RetentionRule,
    RetentionRun,
    StageChange,
)
from candidates.models.privacy import months_after
from candidates.privacy import files
from candidates.privacy.erasing import ErasureRefused, erase_candidate
from candidates.privacy.retention import RunRefused, due, go_on, held_back, start_run
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 12, tzinfo=timezone.get_default_timezone())


def make_ended(*, days: int, stage: str = "rejected", name: str = "", **fields: object) -> Candidate:
    """Somebody whose only application ended so many days ago."""
    application = make_application(stage=stage, name=name, **fields)  # type: ignore[arg-type]
    change = StageChange.objects.create(
        application=application,
        from_stage="debrief",
        to_stage=stage,
        changed_by=application.opening.created_by,
        changed_at=timezone.now() - timedelta(days=days),
    )
    assert change.pk
    return application.candidate


def keep_for(months: int | None) -> None:
    """Set the rule."""
    RetentionRule(pk=1, months=months).save()


def names(people: object) -> list[str]:
    """Who they are, in order."""
    return [person.name for person in people]  # type: ignore[attr-defined]


def test_without_a_rule_nobody_is_due():
    make_ended(days=9000)

    assert names(due(timezone.now())) == []


@pytest.mark.parametrize("stage", ["rejected", "withdrawn", "hired"])
def test_the_time_counts_from_the_end_of_the_application(stage: str):
    keep_for(12)
    make_ended(days=360, stage=stage, name="Kept")
    make_ended(days=370, stage=stage, name="Due")
    make_ended(days=800, stage=stage, name="Long due")

    assert names(due(timezone.now())) == ["Long due", "Due"]


def test_an_opening_that_closed_ends_its_applications():
    keep_for(12)
    closed = make_opening(state="closed", closed_at=timezone.now() - timedelta(days=400))
    make_application(opening=closed, stage="interviewing", name="Left over")
    make_application(opening=make_opening(), stage="interviewing", name="Running")

    assert names(due(timezone.now())) == ["Left over"]


def test_one_running_or_younger_application_keeps_a_person():
    keep_for(12)
    again, twice = make_ended(days=500, name="Again"), make_ended(days=500, name="Twice")
    make_application(candidate=again, stage="screening")
    other = make_application(candidate=twice, stage="rejected")
    assert names(due(timezone.now())) == []

    Application.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert names(due(timezone.now())) == ["Twice"]


def test_who_never_applied_is_kept_from_the_day_of_entry():
    keep_for(12)
    make_candidate(name="New")
    make_candidate(name="Old", created_at=timezone.now() - timedelta(days=400))

    assert names(due(timezone.now())) == ["Old"]


def test_a_hold_keeps_until_its_day_is_over_or_it_is_lifted():
    keep_for(12)
    person, user = make_ended(days=500, name="Held"), make_user()
    hold = LegalHold.objects.create(candidate=person, reason="Claim", set_by=user, until=timezone.localdate())
    assert (names(due(timezone.now())), [each.pk for each in held_back(timezone.now())]) == ([], [hold.pk])

    LegalHold.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert names(due(timezone.now())) == ["Held"]

    LegalHold.objects.update(until=None, lifted_at=timezone.now())
    assert names(due(timezone.now())) == ["Held"]


def test_an_interview_to_come_keeps_a_person():
    keep_for(12)
    person = make_ended(days=500)
    make_interview(application=person.applications.get(), starts_at=timezone.now() + timedelta(days=1))

    assert names(due(timezone.now())) == []


@pytest.mark.parametrize("months", [0, 11, 121])
def test_the_database_holds_the_floor(months: int):
    with pytest.raises(IntegrityError), transaction.atomic():
        keep_for(months)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-08-31", 18, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-31", -11, "2025-02-28"),
        ("2026-05-31", -12, "2025-05-31"),
    ],
)
def test_months_are_those_of_the_calendar(start: str, months: int, end: str):
    assert months_after(datetime.fromisoformat(start), months) == datetime.fromisoformat(end)


def test_a_run_erases_step_by_step_and_may_be_interrupted(admin: User):
    keep_for(12)
    people = [make_ended(days=500 + i) for i in range(5)]
    run = start_run(user=admin, number=5)

    go_on(user=admin, run=run, most=2)
    assert (Candidate.objects.not_erased().count(), run.finished_at) == (3, None)
    go_on(user=admin, run=run, most=2)
    go_on(user=admin, run=run, most=2)
    go_on(user=admin, run=run, most=2)

    assert Candidate.objects.filter(pk__in=[p.pk for p in people], erased_at=None).count() == 0
    assert RetentionRun.objects.get().finished_at is not None
    events = AuditEvent.objects.filter(act="candidate.erase")
    assert [(event.actor, event.detail["why"]) for event in events] == [(admin, "retention")] * 5


def test_a_run_leaves_alone_whom_a_hold_has_come_to_keep(admin: User):
    keep_for(12)
    kept = make_ended(days=600, name="Kept after all")
    make_ended(days=500)
    run = start_run(user=admin, number=2)
    LegalHold.objects.create(candidate=kept, reason="Claim", set_by=admin)

    go_on(user=admin, run=run)

    assert names(Candidate.objects.not_erased()) == ["Kept after all"]
    assert RetentionRun.objects.get().finished_at is not None


def test_a_run_erases_nobody_who_was_not_shown(admin: User):
    keep_for(12)
    make_ended(days=500)

    with pytest.raises(RunRefused):
        start_run(user=admin, number=2)
    run = start_run(user=admin, number=1)
    make_ended(days=500, name="Due since")
    go_on(user=admin, run=run)

    assert names(Candidate.objects.not_erased()) == ["Due since"]


def test_the_page_shows_numbers_and_names_only_to_who_works_with_them(client: Client, admin: User):
    keep_for(12)
    hidden = make_ended(days=500, name="Hidden Name")
    seen = make_ended(days=500, name="Seen Name")
    make_scorecard(application=seen.applications.get(), interviewer=admin, submitted=True)
    client.force_login(admin)

    page = client.get(reverse("candidates:retention")).content.decode()

    assert ("Hidden Name" in page, f"Candidate {hidden.pk}" in page, "Seen Name" in page) == (False, True, True)
    assert "1 application, 1 interview, 1 scorecard" in page


@pytest.mark.parametrize("count", [1, 3])
def test_retention_query_count_is_flat(client: Client, admin: User, django_assert_num_queries, count: int):
    keep_for(12)
    for _ in range(count):
        person = make_ended(days=500)
        LegalHold.objects.create(candidate=make_ended(days=500), reason="Claim", set_by=admin)
        ErasureRequest.objects.create(candidate=person, asked_by=admin)
    client.force_login(admin)

    with django_assert_num_queries(11):
        client.get(reverse("candidates:retention"))


def test_the_rule_is_set_and_recorded(client: Client, admin: User):
    client.force_login(admin)
    url = reverse("candidates:retention")

    answers = [client.post(url, {"months": months}).status_code for months in ("11", "121", "x", "9" * 500, "-3")]
    client.post(url, {"months": "24"})
    assert (answers, RetentionRule.current().months) == ([200] * 5, 24)
    client.post(url, {"months": ""})

    assert RetentionRule.current().months is None
    details = list(AuditEvent.objects.filter(act="retention.change").order_by("pk").values_list("detail", flat=True))
    assert details == [{"before": None, "after": 24}, {"before": 24, "after": None}]


def test_erasing_all_who_are_due_asks_for_the_words(client: Client, admin: User):
    keep_for(12)
    make_ended(days=500)
    make_ended(days=501)
    client.force_login(admin)
    url = reverse("candidates:retention_start")

    wrong = client.post(url, {"typed": "erase 3"})
    assert "This is not the same. Nothing was erased." in wrong.content.decode()
    assert Candidate.objects.not_erased().count() == 2
    started = client.post(url, {"typed": " Erase  2 "})
    run = RetentionRun.objects.get()
    assert started.url == reverse("candidates:retention_run", args=[run.pk])
    assert "0 of 2 erased" in client.get(started.url).content.decode()
    client.post(started.url)

    assert "Erased 2 of 2 candidates" in client.get(started.url).content.decode()
    assert client.post(started.url).status_code == 302


def test_a_recruiter_asks_and_an_admin_erases(client: Client, admin: User, recruiter: User, opening):
    candidate = make_application(opening=opening, stage="withdrawn", name="Elif Ask").candidate
    client.force_login(recruiter)
    ask = reverse("candidates:candidate_erase_ask", args=[candidate.pk])
    assert "Nothing is erased yet" in client.post(ask, follow=True).content.decode()
    client.post(ask)
    assert ErasureRequest.objects.open().count() == 1

    client.force_login(admin)
    erase = reverse("candidates:candidate_erase", args=[candidate.pk])
    assert "Elif Ask" not in client.get(reverse("candidates:retention")).content.decode()
    assert "Elif Ask" not in client.get(erase).content.decode()
    client.post(erase, {"typed": "Elif Ask"})
    assert Candidate.objects.get().erased_at is None
    client.post(erase, {"typed": str(candidate.pk)})

    assert Candidate.objects.get().name == f"Erased candidate {candidate.pk}"
    assert ErasureRequest.objects.open().count() == 0
    assert client.get(erase).status_code == 404


def test_a_request_is_withdrawn_by_either(client: Client, admin: User, recruiter: User, opening):
    candidate = make_application(opening=opening, stage="withdrawn").candidate
    for user in (recruiter, admin):
        asked = ErasureRequest.objects.create(candidate=candidate, asked_by=recruiter)
        client.force_login(user)
        client.post(reverse("candidates:erasure_withdraw", args=[asked.pk]))
        assert ErasureRequest.objects.open().count() == 0

    assert AuditEvent.objects.filter(act="candidate.keep").count() == 2


def test_what_stands_in_the_way_is_said_and_nothing_is_erased(client: Client, admin: User, opening):
    candidate = make_application(opening=opening, stage="offer").candidate
    client.force_login(admin)
    url = reverse("candidates:candidate_erase", args=[candidate.pk])

    assert "An application is still running." in client.get(url).content.decode()
    answer = client.post(url, {"typed": str(candidate.pk)}, follow=True)

    assert "Nothing was erased. An application is still running." in answer.content.decode()
    with pytest.raises(ErasureRefused):
        erase_candidate(actor=admin, candidate=candidate)


def test_holds_are_set_with_a_reason_and_lifted(client: Client, recruiter: User, opening):
    candidate = make_application(opening=opening, stage="rejected").candidate
    client.force_login(recruiter)
    url = reverse("candidates:candidate_hold", args=[candidate.pk])

    refused = client.post(url, {"reason": "", "until": "2020-01-01"}).content.decode()
    assert ("Say why the data must be kept." in refused, "This day is past." in refused) == (True, True)
    page = client.post(url, {"reason": "A claim", "until": "2099-12-31"}, follow=True).content.decode()
    hold = LegalHold.objects.get()
    assert ("A claim" in page, hold.set_by, str(hold.until)) == (True, recruiter, "2099-12-31")
    client.post(reverse("candidates:hold_lift", args=[hold.pk]))
    client.post(reverse("candidates:hold_lift", args=[hold.pk]))

    assert LegalHold.objects.in_force().count() == 0
    acts = AuditEvent.objects.filter(act__in=["candidate.hold", "candidate.lift_hold"]).order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["candidate.hold", "candidate.lift_hold"]


def test_the_page_of_a_candidate_says_how_long_the_data_stay(client: Client, recruiter: User, opening):
    keep_for(12)
    running = make_application(opening=opening, stage="debrief").candidate
    ended = make_ended(days=30, opening=opening)
    client.force_login(recruiter)

    pages = [
        client.get(reverse("candidates:candidate_detail", args=[person.pk])).content.decode()
        for person in (running, ended)
    ]

    assert "12 months after the last application ends" in pages[0]
    assert "then due to be erased" in pages[1]


def test_an_erased_candidate_is_shown_as_such(client: Client, recruiter: User, opening):
    candidate = make_ended(days=30, opening=opening, name="Gone Person")
    erase_candidate(actor=None, candidate=candidate)
    client.force_login(recruiter)

    page = client.get(reverse("candidates:candidate_detail", args=[candidate.pk])).content.decode()
    listed = client.get(reverse("candidates:candidate_list")).content.decode()
    opened = client.get(reverse("candidates:opening_detail", args=[opening.pk])).content.decode()

    assert (f"Erased candidate {candidate.pk}" in page, "Correct details" in page) == (True, False)
    assert f"Erased candidate {candidate.pk}" not in listed
    assert f"Erased candidate {candidate.pk}" in opened


def run_command(name: str, *arguments: object, **options: object) -> str:
    """What a command says."""
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def test_apply_retention_tells_and_erases(django_capture_on_commit_callbacks):
    assert "No period is set" in run_command("apply_retention")
    keep_for(12)
    person = make_ended(days=500)
    LegalHold.objects.create(candidate=make_ended(days=500), reason="Claim", set_by=make_user())

    shown = run_command("apply_retention", dry_run=True)
    assert (f"candidate {person.pk}, ended" in shown, "1 to erase after 12 months, 1 kept by a hold" in shown) == (
        True,
        True,
    )
    assert Candidate.objects.not_erased().count() == 2
    done = run_command("apply_retention")
    again = run_command("apply_retention")

    assert (f"1 of 1: candidate {person.pk} erased" in done, "0 erased, 1 kept" in again) == (True, True)
    assert AuditEvent.objects.get(act="candidate.erase").actor is None


def test_apply_retention_sweeps_files_that_nobody_has(monkeypatch: pytest.MonkeyPatch):
    keep_for(12)
    candidate = make_candidate()
    candidate.cv.save("cv.pdf", ContentFile(b"%PDF-1.4"))
    lost = default_storage.save("cv/lost.pdf", ContentFile(b"left by a crash"))
    assert files.sweep_files() == 0

    monkeypatch.setattr(files, "SETTLED", timedelta(seconds=-1))
    assert "1 file that belonged to nobody deleted" in run_command("apply_retention")

    assert (default_storage.exists(lost), default_storage.exists(candidate.cv.name)) == (False, True)


def test_erase_candidate_wants_a_yes_and_says_what_it_did():
    person, running = make_ended(days=1), make_application(stage="offer").candidate

    with pytest.raises(CommandError, match="1 would be erased for good"):
        run_command("erase_candidate", person.pk)
    with pytest.raises(CommandError, match="There is no candidate 987654"):
        run_command("erase_candidate", person.pk, 987654, yes=True)
    assert "erased" in run_command("erase_candidate", person.pk, yes=True)
    assert "was erased before" in run_command("erase_candidate", person.pk, yes=True)
    with pytest.raises(CommandError, match=f"Not erased: {running.pk}"):
        run_command("erase_candidate", running.pk, yes=True)


@pytest.mark.parametrize("name", ["retention", "retention_start"])
def test_only_admins_see_retention(client: Client, recruiter: User, name: str):
    client.force_login(recruiter)

    assert client.get(reverse(f"candidates:{name}")).status_code == 404


def test_consent_is_asked_for_the_period_that_is_set(client: Client, recruiter: User, opening):
    client.force_login(recruiter)
    words = "agreed to the storage of these details until 24 months after their last application ended"
    urls = [reverse(f"candidates:{name}", args=[opening.pk]) for name in ("application_create", "candidate_import")]

    before = [words in client.get(url).content.decode() for url in urls]
    keep_for(24)

    assert (before, [words in client.get(url).content.decode() for url in urls]) == ([False] * 2, [True] * 2)
