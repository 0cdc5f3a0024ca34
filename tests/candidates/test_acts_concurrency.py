"""The acts of a team met by themselves, on PostgreSQL: whoever comes second finds what the first has done."""

from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from candidates.adopting import MoveRefused, move_opening
from candidates.debriefing import DebriefRefused, ItemChanged, close_debrief, open_debrief, settle_item
from candidates.exchange import candidate_import
from candidates.exchange.panel import Panel
from candidates.models import (
    Application,
    Debrief,
    DebriefItem,
    Interview,
    Opening,
    Scorecard,
    StageChange,
    WeightChange,
)
from candidates.panels import cancel_interview, change_interview
from candidates.scoring import CardChanged, save_draft
from candidates.sheet import load_sheet
from candidates.stages import move_applications, undo_moves
from candidates.views import applications
from candidates.weighing import change_weights
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.candidates.exchange.files import csv_of, load
from tests.candidates.test_scoring_concurrency import at_once
from tests.factories import make_application, make_candidate, make_interview, make_rubric_version, make_scorecard

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: set DATABASE_URL"),
]
MANY = 6


def test_many_who_move_and_undo_move_and_undo_once(opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)

    moved = at_once(MANY, lambda _: move_applications(user=recruiter, applications=[application], to_stage="offer"))
    changes = [change for made in moved for change in made]
    undone = at_once(MANY, lambda _: undo_moves(user=recruiter, changes=changes))

    assert (len(changes), sum(map(len, undone))) == (1, 1)
    stages = StageChange.objects.order_by("pk").values_list("from_stage", "to_stage")
    assert list(stages) == [("interviewing", "offer"), ("offer", "interviewing")]


def test_two_clicks_at_once_take_in_one_person(
    opening: Opening, recruiter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    browser.force_login(recruiter)
    checked, taken = Event(), Event()
    add_candidate = applications.add_candidate
    typed = {"name": "Anna", "email": "anna@example.com", "stage": "screening", "source": "", "consent": "on"}

    def wait_and_add(**options: Any) -> Any:
        checked.set()
        taken.wait(1)  # in vain, because the opening's row is held
        return add_candidate(**options)

    def click(which: int) -> int:
        client = Client()
        client.cookies = browser.cookies
        if which == 1:
            checked.wait(10)
        status = client.post(reverse("candidates:application_create", args=[opening.pk]), typed).status_code
        taken.set()
        return status

    monkeypatch.setattr(applications, "add_candidate", wait_and_add)

    assert at_once(2, click) == [302, 200]
    assert Application.objects.filter(candidate__email="anna@example.com").count() == 1


def test_who_is_added_while_a_file_names_them_comes_in_once(
    opening: Opening, recruiter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_candidate(name="Anna", email="anna@example.com", created_by=recruiter)
    browser = Client(raise_request_exception=False)
    browser.force_login(recruiter)
    planned, adding = Event(), Event()
    plan, add = candidate_import.plan_intake, applications.add_application

    def plan_and_wait(**options: Any) -> Any:
        intake = plan(**options)
        planned.set()
        adding.wait(1)  # in vain, because the opening's row is held
        return intake

    def tell_and_add(**options: Any) -> Any:
        adding.set()
        return add(**options)

    def act(which: int) -> int:
        if which == 1:
            planned.wait(10)
            url = reverse("candidates:application_add", args=[opening.pk, person.pk])
            return browser.post(url, {"stage": "screening", "source": ""}).status_code
        sheet = candidate_import.read_sheet(b"name,email\nAnna,anna@example.com\n", "people.csv")
        columns = candidate_import.guess_columns(sheet.heading)
        intake = candidate_import.import_candidates(opening=opening, sheet=sheet, columns=columns, user=recruiter)
        return intake.number

    monkeypatch.setattr(candidate_import, "plan_intake", plan_and_wait)
    monkeypatch.setattr(applications, "add_application", tell_and_add)

    assert at_once(2, act) == [1, 302]
    assert Application.objects.filter(opening=opening, candidate=person).count() == 1


def test_who_cancels_an_interview_waits_for_its_change(
    opening: Opening, recruiter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    read, cancelled, save = Event(), Event(), Interview.save

    def wait_and_save(self: Interview, *args: Any, **options: Any) -> None:
        read.set()
        cancelled.wait(1)  # in vain, because the interview's row is held
        save(self, *args, **options)

    def act(which: int) -> None:
        meant = Interview.objects.select_related("application__opening").get(pk=interview.pk)
        if which == 0:
            change_interview(user=recruiter, interview=meant, seats=[], removed=[], is_confirmed=False)
            return
        read.wait(10)
        cancel_interview(user=recruiter, interview=meant)
        cancelled.set()

    monkeypatch.setattr(Interview, "save", wait_and_save)
    at_once(2, act)

    interview.refresh_from_db()
    assert (interview.cancelled_at is not None, interview.calendar_sequence) == (True, 2)


def test_many_who_open_a_debrief_open_one_and_settle_an_item_once(opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)

    def begin(_which: int) -> bool:
        try:
            open_debrief(user=recruiter, opening=opening)
        except DebriefRefused:
            return False
        return True

    def settle(_which: int) -> bool:
        try:
            settle_item(
                user=recruiter,
                debrief=debrief,
                application=application,
                dimension_key="action",
                outcome="stays",
                note="",
                seen_at=None,
            )
        except ItemChanged:
            return False
        return True

    assert sum(at_once(MANY, begin)) == 1
    debrief = Debrief.objects.get()
    assert sum(at_once(MANY, settle)) == 1
    assert debrief.items.count() == 1


def test_a_debrief_closes_after_the_item_that_is_being_settled(
    opening: Opening, recruiter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = make_application(opening=opening)
    debrief = Debrief.objects.create(opening=opening, opened_by=recruiter)
    settling, closed = Event(), Event()
    was_closed = []
    save = DebriefItem.save

    def wait_and_save(item: DebriefItem) -> None:
        settling.set()
        was_closed.append(closed.wait(1))  # in vain, because the debrief's row is held
        save(item)

    def act(which: int) -> None:
        if which == 0:
            settle_item(
                user=recruiter,
                debrief=debrief,
                application=application,
                dimension_key="action",
                outcome="stays",
                note="",
                seen_at=None,
            )
        else:
            settling.wait(10)
            close_debrief(user=recruiter, debrief=debrief)
            closed.set()

    monkeypatch.setattr(DebriefItem, "save", wait_and_save)
    at_once(2, act)

    assert (was_closed, closed.is_set()) == ([False], True)
    assert list(AuditEvent.objects.order_by("pk").values_list("act", flat=True)) == ["debrief.settle", "debrief.close"]


def test_many_who_change_weights_alike_change_them_once(opening: Opening, recruiter: User) -> None:
    changed = at_once(MANY, lambda _: change_weights(user=recruiter, opening=opening, points={"action": 100}))

    assert sum(changed) == 1
    assert WeightChange.objects.count() == 1


def test_many_who_move_an_opening_to_a_version_move_it_once(opening: Opening, recruiter: User) -> None:
    version = make_rubric_version(rubric=opening.rubric_version.rubric, number=2)

    def move(_which: int) -> bool:
        try:
            move_opening(user=recruiter, opening=opening, version=version)
        except MoveRefused:
            return False
        return True

    assert sum(at_once(MANY, move)) == 1
    assert AuditEvent.objects.filter(act="opening.rubric").count() == 1


def test_many_who_import_a_file_import_it_once(opening: Opening, interviewer: User) -> None:
    make_application(opening=opening, name="Anna")
    rows = csv_of("candidate,interviewer,dimension,rating", f"Anna,{interviewer.email},S,4")

    imported = at_once(MANY, lambda _: load(opening, rows))

    assert sorted(found.new_cards for found in imported) == [0] * (MANY - 1) + [1]
    assert Scorecard.objects.get().scores.get().value == 4


def test_a_seat_is_filled_by_an_import_or_begun_and_never_both(
    opening: Opening, interviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = make_scorecard(application=make_application(opening=opening, name="Anna"), interviewer=interviewer)
    rows = csv_of("candidate,interviewer,dimension,rating", f"Anna,{interviewer.email},S,4")
    sheet = load_sheet(Scorecard.objects.with_context().with_typed().get(pk=seat.pk))
    planned, saved = Event(), Event()
    save_new = Panel.save_new

    def wait_and_save(panel: Panel) -> None:
        planned.set()
        saved.wait(1)  # in vain, because the seat's row is held
        save_new(panel)

    def act(which: int) -> bool:
        if which == 0:
            return load(opening, rows).new_cards == 1
        planned.wait(10)
        try:
            save_draft(user=interviewer, sheet=sheet, version=0, fields=sheet.fields)
        except CardChanged:
            return False
        saved.set()
        return True

    monkeypatch.setattr(Panel, "save_new", wait_and_save)

    assert at_once(2, act) == [True, False]
    assert Scorecard.objects.get().state == "submitted"
