"""Writers who meet an erasure half-way: whoever comes first, nothing of theirs is left."""

import json
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from candidates.exchange.candidate_import import guess_columns, import_candidates, read_sheet
from candidates.exchange.panel import Creating
from candidates.exchange.score_import import ImportRefused
from candidates.intake import edit_candidate
from candidates.models import Application, Candidate, CandidateErased, Interview
from candidates.panels import plan_interview
from candidates.privacy import erasing
from candidates.privacy.erasing import erase_candidate
from tests.candidates.exchange.files import csv_of, load
from tests.candidates.privacy.people import EMAIL, NAME, make_person, survivors
from tests.candidates.test_scoring_concurrency import at_once
from tests.factories import make_opening, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: set DATABASE_URL"),
]
LATE = "words that come late"


def signed_in(user: Any) -> Client:
    """A browser of somebody."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize("turn", range(4))
def test_no_writer_leaves_a_word_behind(turn: int) -> None:
    person = make_person()
    holder = person.draft.interviewer
    recruiter, rater, drafter = (signed_in(user) for user in (person.recruiter, person.rater, holder))
    entry, application = person.application.shortlist_entries.get().pk, person.application.pk
    saved = {"card": person.draft.pk, "user": holder.pk, "sequence": 1, "version": 0, "fields": {"summary": LATE}}
    item = reverse(
        "candidates:debrief_item_settle",
        args=[person.application.debrief_items.get().debrief_id, application, "strategic"],
    )

    def url(name: str, number: int) -> str:
        return reverse(f"candidates:{name}", args=[number])

    def autosave(_turn: int) -> Any:
        return drafter.post(
            url("scorecard_autosave", person.draft.pk), json.dumps(saved), content_type="application/json"
        )

    acts = [
        lambda: erase_candidate(actor=None, candidate=person.candidate),
        lambda: autosave(turn).status_code,
        lambda: (
            rater.post(
                url("score_revise", person.card.scores.first().pk), {"value": "1", "reason": "slip", "text": LATE}
            ).status_code
        ),
        lambda: recruiter.post(url("shortlist_entry_note", entry), {"note": LATE}).status_code,
        lambda: recruiter.post(url("candidate_edit", person.candidate.pk), {"name": LATE, "note": LATE}).status_code,
        lambda: recruiter.post(item, {"outcome": "stays", "note": LATE, "seen": ""}).status_code,
        lambda: recruiter.post(url("decision_create", application), {"outcome": "hold", "rationale": LATE}).status_code,
    ]
    acts = acts[turn:] + acts[:turn]

    answers = at_once(len(acts), lambda which: acts[which]())

    assert Candidate.objects.get(pk=person.candidate.pk).erased_at is not None
    assert [answer for answer in answers if answer is not True and answer >= 500] == []
    assert survivors(LATE) == []


@pytest.mark.parametrize("act", ["plan", "edit"])
def test_who_comes_while_somebody_is_erased_waits_and_is_refused(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person()
    erasing_now, written = Event(), Event()
    words_for = erasing.words_for

    def wait_for_the_writer(candidate: Candidate) -> list[str]:
        erasing_now.set()
        written.wait(1)  # in vain, because the rows are held
        return words_for(candidate)

    def write() -> None:
        if act == "plan":
            plan_interview(user=person.recruiter, interview=Interview(application=person.application), seats=[])
        else:
            edit_candidate(user=person.recruiter, candidate=person.candidate, cv=None, changed=["note"])

    def run(which: int) -> str:
        if which == 0:
            erase_candidate(actor=None, candidate=person.candidate)
            return "erased"
        erasing_now.wait(10)
        try:
            write()
        except CandidateErased:
            return "refused"
        written.set()
        return "written"

    monkeypatch.setattr(erasing, "words_for", wait_for_the_writer)

    assert at_once(2, run) == ["erased", "refused"]


@pytest.mark.parametrize("way", ["add", "import"])
def test_nobody_comes_into_an_opening_while_they_are_erased(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person()
    opening = make_opening(recruiter=person.recruiter)
    recruiter = signed_in(person.recruiter)
    erasing_now, written = Event(), Event()
    empty = erasing._empty

    def wait_for_the_recruiter(candidate: Candidate) -> None:
        erasing_now.set()
        written.wait(1)  # in vain, because the candidate's row is held
        empty(candidate)

    def come_in() -> int:
        if way == "add":
            url = reverse("candidates:application_add", args=[opening.pk, person.candidate.pk])
            return recruiter.post(url, {"stage": "screening", "source": ""}).status_code
        sheet = read_sheet(f"name,email\n{NAME},{EMAIL}\n".encode(), "people.csv")
        columns = guess_columns(sheet.heading)
        intake = import_candidates(opening=opening, sheet=sheet, columns=columns, user=person.recruiter)
        return len(intake.new) - len(intake.known)

    def act(which: int) -> bool | int:
        if which == 0:
            return erase_candidate(actor=None, candidate=person.candidate)
        erasing_now.wait(10)
        came = come_in()
        written.set()
        return came

    monkeypatch.setattr(erasing, "_empty", wait_for_the_recruiter)

    assert at_once(2, act) == [True, 404 if way == "add" else 1]
    came_in = Application.objects.filter(opening=opening).values_list("candidate__erased_at", flat=True)
    assert list(came_in) == ([] if way == "add" else [None])


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_a_file_of_scores_leaves_no_word_about_who_is_being_erased(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person()
    opening = person.application.opening if where == "here" else make_opening(recruiter=person.recruiter)
    interviewer = make_user()
    rows = csv_of(
        "candidate,candidate_email,interviewer,dimension,rating,evidence",
        f"{person.candidate.name},{person.candidate.email},{interviewer.email},S,4,{LATE}",
    )
    erasing_now, written = Event(), Event()
    empty = erasing._empty

    def wait_for_the_file(candidate: Candidate) -> None:
        erasing_now.set()
        written.wait(1)  # in vain, because the candidate's row is held
        empty(candidate)

    def act(which: int) -> bool:
        if which == 0:
            return erase_candidate(actor=None, candidate=person.candidate)
        erasing_now.wait(10)
        try:
            load(opening, rows, creating=Creating(candidates=where == "elsewhere"))
        except ImportRefused:
            return False
        written.set()
        return True

    monkeypatch.setattr(erasing, "_empty", wait_for_the_file)

    assert at_once(2, act) == [True, False]
    assert survivors(LATE) == []
