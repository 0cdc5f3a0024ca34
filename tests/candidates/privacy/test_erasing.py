"""Erasing a person: nothing of their words is found anywhere, and the numbers stay."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from candidates.exchange.score_export import score_rows, scores_of
from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.tables import write_csv
from candidates.integrity import check_integrity
from candidates.letters import INVITED, write_to_panel
from candidates.models import (
    ERASED,
    Application,
    Candidate,
    Decision,
    ErasureRequest,
    LegalHold,
    Opening,
    Score,
    Scorecard,
    Shortlist,
    WeightChange,
)
from candidates.privacy import erasing, mentions
from candidates.privacy.erasing import ErasureRefused, erase_candidate
from candidates.privacy.holdings import BLANKED, DECIDED, DELETED, MAILED, PERSON, SHARED, Holding
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.candidates.exchange.files import csv_of, faults_of, load, state_of
from tests.candidates.privacy.people import (
    EMAIL,
    NAME,
    PHONE,
    Person,
    make_person,
    survivors,
    text_fields,
    with_waiting_message,
)
from tests.factories import make_application, make_candidate, make_interview, make_scorecard, make_user

pytestmark = pytest.mark.django_db

# Fields that can hold text and hold none about candidates, and why.
OF_NO_CANDIDATE = {
    "codes that the app writes": (
        "application.stage stagechange.from_stage stagechange.to_stage scorecard.state scorecard.decline_reason "
        "score.not_observed revision.reason debriefitem.outcome debriefitem.dimension_key decision.outcome "
        "opening.state openingmember.role openingweight.dimension_key interview.time_zone scorecard.focus "
        "notification.kind mailmessage.kind mailmessage.key mailmessage.message_id mailmessage.error "
        "auditevent.act auditevent.subject auditevent.detail retentionrun.candidates weightchange.before "
        "weightchange.after"
    ),
    "numbers, and sentences that the app writes without names": "decision.snapshot",
    "said of the job": "opening.location",
    "said of the people who work here": (
        "mailmessage.address mailmessage.reply_to user.email user.name user.job_title user.time_zone user.password "
        "invitation.email invitation.name invitation.token_hash"
    ),
    "the rubric, which is published and about nobody": (
        "rubric.key rubric.name rubric.description rubricversion.state rubricversion.note "
        "dimension.key dimension.letter dimension.name dimension.meaning question.key question.text "
        "question.probes question.listen_for question.kind anchor.text "
        "sampleanswer.key sampleanswer.answer sampleanswer.reason removal.content "
        "removal.dimension_key removal.question_key"
    ),
}


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def erased(person: Person, django_capture_on_commit_callbacks: object) -> Person:
    """The person after the act, with the file gone as it goes at the commit."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert erase_candidate(actor=person.recruiter, candidate=person.candidate)
    return person


def handled() -> set[str]:
    """The fields that the lists of erasing name."""
    found = {f"{h.model._meta.model_name}.{field}" for h in (*BLANKED, *DELETED, DECIDED) for field in h.texts}
    found |= {f"{model._meta.model_name}.{field}" for model, fields in SHARED.items() for field in fields}
    found |= {f"mailmessage.{field}" for field in MAILED}
    return found | {"candidate.name"} | {f"candidate.{field}" for field in PERSON if field != "consented_at"}


def test_every_field_that_can_hold_text_is_erased_or_said_to_hold_none():
    explained = {field for fields in OF_NO_CANDIDATE.values() for field in fields.split()}

    assert handled() | explained == text_fields()
    assert handled() & explained == set()


def test_erasing_leaves_nothing_that_was_planted(person: Person, django_capture_on_commit_callbacks):
    with_waiting_message(person)
    strings = [*person.planted.values(), "planted-in-the-file"]
    not_found = {place for place, text in person.planted.items() if not survivors(text)}
    assert not_found == set()
    assert survivors("planted-in-the-file") != []
    assert "django_session messages" in survivors(NAME)

    with django_capture_on_commit_callbacks(execute=True):
        erase_candidate(actor=person.recruiter, candidate=person.candidate)

    assert survivors(*strings, NAME, EMAIL, PHONE) == []


@pytest.mark.parametrize("spared", [*BLANKED, *DELETED], ids=lambda holding: holding.model.__name__)
def test_one_survivor_is_noticed(person: Person, monkeypatch: pytest.MonkeyPatch, spared: Holding):
    for module, name in ((erasing, "BLANKED"), (erasing, "DELETED"), (mentions, "BLANKED"), (mentions, "DELETED")):
        monkeypatch.setattr(module, name, tuple(h for h in getattr(module, name) if h is not spared))

    erase_candidate(actor=person.recruiter, candidate=person.candidate)

    places = [f"{spared.model._meta.model_name}.{field}" for field in spared.texts]
    assert all(survivors(person.planted[place]) for place in places)


def test_erasing_keeps_the_numbers(erased: Person):
    candidate = Candidate.objects.get(pk=erased.candidate.pk)
    card = Scorecard.objects.get(pk=erased.card.pk)

    assert (candidate.name, candidate.consented_at) == (f"Erased candidate {candidate.pk}", None)
    assert candidate.erased_at is not None
    assert [score.value for score in card.scores.all()] == [5, 4, 2, None, 3]
    assert (card.state, card.recommendation, card.scores.first().revisions.get().value) == ("submitted", 3, 3)
    assert Application.objects.get(pk=erased.application.pk).stage == "rejected"
    assert check_integrity() == []


def test_erasing_closes_open_cards_and_drops_drafts(erased: Person):
    draft = Scorecard.objects.get(pk=erased.draft.pk)

    assert (draft.state, draft.decline_reason, draft.version) == ("declined", "candidate_erased", 1)
    assert (draft.scores.count(), draft.recommendation) == (0, None)


def test_erasing_keeps_decisions_as_numbers_and_says_that_words_went(erased: Person):
    for decision in Decision.objects.filter(application=erased.application):
        assert decision.rationale == ERASED
        assert decision.against_order_reason in ("", ERASED)
        assert decision.erased_at is not None
        assert (decision.outcome, decision.snapshot["cards_in"]) == ("reject", 1)


def test_erasing_leaves_everybody_else_as_they_were(person: Person):
    others = make_application(opening=person.application.opening)
    interview = make_interview(application=others)
    for state in ("waiting", "draft", "submitted", "declined"):
        make_scorecard(interview=interview, state=state, values=[4, 3], recommendation=3)
    write_to_panel(INVITED, interview, interview.scorecards.all(), by=person.recruiter)
    Decision.objects.create(
        application=others, outcome="hold", rationale="Waits.", snapshot={}, decided_by=person.recruiter
    )
    for candidate in (person.candidate, others.candidate):
        ErasureRequest.objects.create(candidate=candidate, asked_by=person.recruiter)
    long_ago = timezone.now() - timezone.timedelta(days=9)
    past = ErasureRequest.objects.create(candidate=person.candidate, asked_by=person.recruiter, closed_at=long_ago)

    def of_others() -> list[dict[str, object]]:
        cards = Scorecard.objects.filter(interview=interview)
        scores, mails = Score.objects.filter(scorecard__in=cards), MailMessage.objects.about(others.candidate_id)
        requests = others.candidate.erasure_requests.all()
        return [row for rows in (cards, scores, mails, requests, others.decisions.all()) for row in rows.values()]

    before = of_others()
    erase_candidate(actor=None, candidate=person.candidate)

    assert (of_others(), len(before)) == (before, 4 + 8 + 4 + 1 + 1)
    assert Candidate.objects.get(erased_at__isnull=False) == person.candidate
    requests = person.candidate.erasure_requests.exclude(pk=past.pk)
    assert [request.closed_at is not None for request in requests] == [True]
    assert ErasureRequest.objects.get(pk=past.pk).closed_at == long_ago


def test_what_concerns_others_or_is_over_is_no_obstacle(person: Person):
    others = make_application(stage="rejected")
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    for candidate, lifted_at in ((others.candidate, None), (person.candidate, timezone.now())):
        LegalHold.objects.create(candidate=candidate, reason="Claim", set_by=person.recruiter, lifted_at=lifted_at)
    make_interview(application=others, starts_at=tomorrow)
    make_interview(application=person.application, starts_at=tomorrow, cancelled_at=timezone.now())

    assert erasing.obstacle(person.candidate) == ""


def test_erasing_keeps_a_card_that_was_declined_as_it_was_declined(person: Person):
    declined = make_scorecard(application=person.application, state="declined", values=[2], recommendation=1)

    erase_candidate(actor=None, candidate=person.candidate)

    found = Scorecard.objects.get(pk=declined.pk)
    assert (found.decline_reason, found.declined_at, found.version) == ("could_not_attend", declined.declined_at, 0)
    assert (found.recommendation, found.scores.count()) == (None, 0)


def test_erasing_takes_the_name_out_of_texts_about_others(erased: Person):
    assert Score.objects.get(pk=erased.other.pk).evidence == "Better than [erased], write to [erased]."
    opening = Opening.objects.get(pk=erased.application.opening_id)
    assert (opening.title, opening.brief) == ("As [erased] said in title", "As [erased] said in brief")
    shortlist = Shortlist.objects.get()
    assert shortlist.name == f"As [erased] said in name {shortlist.pk}"
    assert WeightChange.objects.get().reason == "As [erased] said in reason"
    theirs = Decision.objects.get(application=erased.other.scorecard.interview.application)
    assert (theirs.rationale, theirs.erased_at is None) == ("Not [erased]", False)


@pytest.mark.parametrize("is_colleague", [True, False])
def test_a_name_that_somebody_else_bears_stays_in_texts_about_others(person: Person, is_colleague: bool):
    make_user(name=NAME.upper()) if is_colleague else make_candidate(name=NAME)

    erase_candidate(actor=None, candidate=person.candidate)

    evidence = Score.objects.get(pk=person.other.pk).evidence
    assert evidence == f"Better than {NAME.upper()}, write to [erased]."


def test_erasing_is_recorded_without_words(erased: Person):
    event = AuditEvent.objects.get(act="candidate.erase")

    assert (event.actor, event.candidate_id, event.opening_id) == (erased.recruiter, erased.candidate.pk, None)
    assert event.detail == {"why": "request", "applications": 1, "scorecards": 2, "had_cv": True}


def test_erasing_twice_changes_nothing(erased: Person):
    before = Candidate.objects.get(pk=erased.candidate.pk).erased_at

    assert erase_candidate(actor=erased.recruiter, candidate=erased.candidate) is False
    assert Candidate.objects.get(pk=erased.candidate.pk).erased_at == before
    assert AuditEvent.objects.filter(act="candidate.erase").count() == 1


def test_a_legal_hold_keeps_the_data(person: Person, recruiter: User):
    LegalHold.objects.create(candidate=person.candidate, reason="Claim", set_by=recruiter)

    with pytest.raises(ErasureRefused, match="A legal hold keeps these data"):
        erase_candidate(actor=recruiter, candidate=person.candidate)

    assert survivors(NAME) != []


def test_a_running_application_is_not_erased(person: Person):
    Application.objects.update(stage="offer")

    with pytest.raises(ErasureRefused, match="An application is still running"):
        erase_candidate(actor=None, candidate=person.candidate)


def test_an_interview_to_come_is_not_erased(person: Person):
    make_interview(application=person.application, starts_at=timezone.now() + timezone.timedelta(days=1))

    with pytest.raises(ErasureRefused, match="An interview is still to come"):
        erase_candidate(actor=None, candidate=person.candidate)


def test_erasing_is_whole_or_not_at_all(person: Person, monkeypatch: pytest.MonkeyPatch):
    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(erasing, "take_out", fail)
    with pytest.raises(RuntimeError):
        erase_candidate(actor=None, candidate=person.candidate)

    assert {place for place, text in person.planted.items() if not survivors(text)} == set()


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "offer"},
        {"snapshot": "{}"},
        {"rationale": "Better words"},
        {"rationale": ERASED, "decided_by_id": None},
        {"rationale": ERASED, "erased_at": None},
        {"rationale": ERASED, "decided_at": "2020-01-01 00:00+00:00"},
    ],
)
def test_the_database_lets_nothing_else_through(person: Person, change: dict[str, object]):
    decision = Decision.objects.filter(application=person.application).first()
    columns = {"erased_at": timezone.now(), **change}
    sql = ", ".join(f"{name} = %s" for name in columns)
    with (
        pytest.raises(DatabaseError, match="decisions never change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE candidates_decision SET {sql} WHERE id = %s", [*columns.values(), decision.pk])  # noqa: S608


def test_an_erased_candidate_is_not_filled_again(erased: Person):
    with pytest.raises(DatabaseError), transaction.atomic():
        Candidate.objects.filter(pk=erased.candidate.pk).update(email=EMAIL)


def test_nothing_is_written_about_an_erased_candidate(client, erased: Person):
    client.force_login(erased.recruiter)
    application, candidate = erased.application.pk, erased.candidate.pk
    interview = erased.card.interview_id
    entry = Application.objects.get(pk=application).shortlist_entries.get().pk
    opening = erased.application.opening_id
    gone = {
        "candidate_edit": [candidate],
        "candidate_cv": [candidate],
        "application_add": [opening, candidate],
        "application_move": [application],
        "interview_create": [application],
        "interview_edit": [interview],
        "interview_cancel": [interview],
        "panel_copy": [interview],
        "decision_create": [application],
    }

    answers = {}
    for name, numbers in gone.items():
        ask = client.get if name == "candidate_cv" else client.post
        answers[name] = ask(reverse(f"candidates:{name}", args=numbers), {"stage": "offer"}).status_code
    answers["note"] = client.post(reverse("candidates:shortlist_entry_note", args=[entry]), {"note": "New"}).status_code
    choose = reverse("candidates:opening_choose", args=[opening])
    client.post(choose, {"act": "move", "stage": "offer", "c": application})
    client.force_login(erased.rater)
    score = erased.card.scores.first()
    client.post(
        reverse("candidates:score_revise", args=[score.pk]), {"value": "1", "reason": "slip", "text": "New words"}
    )

    assert set(answers.values()) == {404}
    assert Application.objects.get(pk=application).stage == "rejected"
    assert score.revisions.count() == 1
    assert survivors("New words") == []


def test_autosave_tells_the_browser_to_erase_what_it_holds(client, erased: Person):
    holder = erased.draft.interviewer
    client.force_login(holder)
    url = reverse("candidates:scorecard_autosave", args=[erased.draft.pk])
    body = {"card": erased.draft.pk, "version": 0, "sequence": 1, "user": holder.pk, "fields": {}}

    assert client.get(url).json()["erased"] is True
    answer = client.post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (409, {"error": "erased"})
    client.force_login(erased.rater)
    assert client.get(url).json()["erased"] is False


def test_check_integrity_notices_what_is_written_after_an_erasure(erased: Person):
    assert check_integrity() == []
    Score.objects.filter(scorecard=erased.card.pk).update(evidence="Written later")

    assert [str(each) for each in check_integrity()] == [
        f"candidate {erased.candidate.pk}: of an erased candidate nothing is written"
    ]


def test_scores_are_not_imported_about_an_erased_candidate(erased: Person):
    opening = erased.application.opening
    before = state_of(opening)
    exported = write_csv(COLUMNS, score_rows(scores_of(opening, None))).encode()
    row = f"Erased candidate {erased.candidate.pk},new@example.com,Strategic,4,New words"

    assert load(opening, exported).new_cards == 0
    faults = faults_of(opening, csv_of("candidate,interviewer,dimension,rating,evidence", row))

    assert any("was erased, so nothing new is taken in about them." in fault for fault in faults)
    assert state_of(opening) == before
