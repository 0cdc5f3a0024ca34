"""The list of candidates, one person's page, their details and CV."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.looking import look_early
from candidates.models import Candidate, Opening, Revision, Sight
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.audit.recording import record
from tests.candidates.documents import PDF, upload, word
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user


def detail(client: Client, candidate: Candidate) -> Any:
    """The candidate's page, which must be there."""
    response = client.get(reverse("candidates:candidate_detail", args=[candidate.pk]))
    assert response.status_code == 200
    return response


def found(client: Client, **query: Any) -> list[str]:
    """The names in the list of candidates."""
    response = client.get(reverse("candidates:candidate_list"), query)
    return [candidate.name for candidate in response.context["page"]]


# The list


def test_candidate_list_shows_whom_one_may_see(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    mine = make_application(opening=opening, name="Ingrid").candidate
    make_scorecard(application=make_application(opening=opening, name="Jonas"), interviewer=interviewer)
    make_application(name="Elsewhere")

    client.force_login(recruiter)
    assert found(client) == ["Ingrid", "Jonas"]
    client.force_login(interviewer)
    assert found(client) == ["Jonas"]
    client.force_login(make_user(is_admin=True))
    assert found(client) == []
    assert mine.name == "Ingrid"


def test_candidate_list_searches_name_role_and_own_candidates_e_mail(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    candidate = make_candidate(
        name="Ingrid Solheim", email="ingrid@kvistad.example", current_role="Director at Kvistad", created_by=recruiter
    )
    make_scorecard(application=make_application(opening=opening, candidate=candidate), interviewer=interviewer)
    make_application(opening=opening, name="Jonas Keller")

    client.force_login(recruiter)
    assert found(client, q="solheim director") == ["Ingrid Solheim"]
    assert found(client, q="kvistad.example") == ["Ingrid Solheim"]
    assert found(client, q="nobody") == []
    client.force_login(interviewer)
    assert found(client, q="ingrid") == ["Ingrid Solheim"]
    assert found(client, q="kvistad.example") == []


def test_candidate_list_offers_those_who_can_be_added(client: Client, opening: Opening, recruiter: User) -> None:
    other = make_opening(recruiter=recruiter)
    make_application(opening=opening, name="Here")
    make_application(opening=other, name="There")
    client.force_login(recruiter)

    assert found(client, opening=opening.pk) == ["There"]
    assert found(client, opening=make_opening().pk) == ["Here", "There"]


@pytest.mark.parametrize("count", [1, 3])
def test_candidate_list_query_count_is_flat(
    client: Client, opening: Opening, recruiter: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_application(opening=opening)
    client.force_login(recruiter)

    with django_assert_num_queries(5):
        found(client)


# One person's page


def test_candidate_detail_shows_scores_evidence_and_revisions(
    client: Client, opening: Opening, manager: User, interviewer: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    card = make_scorecard(interview=interview, interviewer=interviewer, values=[5, 4, 4, None, 3], submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, values=[3, 4, 4, 2, 3], submitted=True)
    Revision.objects.create(score=card.scores.first(), value=4, reason="slip", text="I meant a four.")
    client.force_login(manager)

    response = detail(client, application.candidate)

    chapter = response.context["chapters"][0]
    # Strategic 4, Measurable 4, Action 4, Relationships 2 of one rater, Teams 3, all 20 points
    assert chapter.standing.total == pytest.approx(3.4)
    assert [(row.dimension.letter, row.mean, row.spread) for row in chapter.dimensions] == [
        ("S", 4.0, 2),
        ("M", 4.0, 0),
        ("A", 4.0, 0),
        ("R", 2.0, 0),
        ("T", 3.0, 0),
    ]
    assert [[heard.score.value for heard in story.heard] for story in chapter.stories] == [
        [5, 4, 4, None, 3],
        [3, 4, 4, 2, 3],
    ]
    assert chapter.stories[0].heard[0].revisions == ((4, "Slip: I meant a four."),)
    assert chapter.stories[0].heard[3].missing == "Did not come up"
    assert "Strategic worth 5" in response.content.decode()
    assert Sight.objects.filter(viewer=manager, application=application).exists()


def test_candidate_detail_hides_the_panel_while_sealed(
    client: Client, opening: Opening, manager: User, interviewer: User
) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    theirs = make_scorecard(interview=interview, interviewer=interviewer, evidence="Told of Brno.", submitted=True)
    make_scorecard(interview=interview, interviewer=manager)
    for act, subject in (("scorecard.submit", theirs), ("interview.create", interview)):
        record(
            actor=interviewer,
            act=act,
            subject=subject,
            opening_id=opening.pk,
            candidate_id=application.candidate_id,
        )
    record(actor=interviewer, act="candidate.edit", subject=application, candidate_id=application.candidate_id)
    client.force_login(manager)

    response = detail(client, application.candidate)

    chapter = response.context["chapters"][0]
    assert (chapter.standing.total, chapter.stories, chapter.dimensions) == (None, (), ())
    assert {(seat.name, seat.state) for row in chapter.conversations for seat in row.seats} == {
        (interviewer.name, ""),
        (manager.name, "none"),
    }
    assert [entry.text for entry in response.context["history"]] == ["corrected the details", "planned an interview"]
    assert "Told of Brno" not in response.content.decode()
    assert not Sight.objects.exists()


def test_candidate_detail_keeps_contact_note_and_history_from_interviewers(
    client: Client, opening: Opening, interviewer: User
) -> None:
    candidate = make_candidate(email="ingrid@example.com", phone="+47 123", note="Asks too much.")
    make_scorecard(application=make_application(opening=opening, candidate=candidate), interviewer=interviewer)
    client.force_login(interviewer)

    text = detail(client, candidate).content.decode()

    assert [word for word in ("ingrid@example.com", "+47 123", "Asks too much", "History") if word in text] == []
    assert reverse("candidates:candidate_edit", args=[candidate.pk]) not in text


def test_candidate_detail_names_early_looks(client: Client, opening: Opening, recruiter: User, manager: User) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, submitted=True)
    make_scorecard(interview=interview)
    client.force_login(manager)
    before = detail(client, application.candidate).content.decode()

    look_early(user=recruiter, application_id=application.pk)
    after = detail(client, application.candidate).content.decode()

    assert "Seen before all cards were in: no one" in before
    assert f"Seen before all cards were in: {recruiter.name}" in after
    assert "looked at the scores early: 1 of 2 scorecards were in" in after


def test_candidate_detail_tells_the_history_of_own_openings_only(
    client: Client, opening: Opening, recruiter: User, manager: User
) -> None:
    application = make_application(opening=opening)
    elsewhere = make_application(candidate=application.candidate)
    for row in (application, elsewhere):
        record(
            actor=manager,
            act="application.move",
            subject=row,
            opening_id=row.opening_id,
            candidate_id=row.candidate_id,
            from_stage="screening",
            to_stage="offer" if row is elsewhere else "interviewing",
            is_undo=False,
        )
    client.force_login(recruiter)

    history = detail(client, application.candidate).context["history"]

    assert [(entry.actor, entry.text) for entry in history] == [
        (manager, "moved the application from screening to interviewing")
    ]


@pytest.mark.parametrize("who", ["admin", "stranger", "other_recruiter"])
def test_candidate_pages_are_for_those_who_have_to_do_with_them(
    client: Client, opening: Opening, who: str, request: Any
) -> None:
    candidate = make_application(opening=opening).candidate
    candidate.cv.save("cv.pdf", upload("cv.pdf", PDF))
    client.force_login(make_user(is_recruiter=True) if who == "other_recruiter" else request.getfixturevalue(who))

    for name in ("candidate_detail", "candidate_edit", "candidate_cv"):
        assert client.get(reverse(f"candidates:{name}", args=[candidate.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_candidate_detail_query_count_is_flat(
    client: Client, opening: Opening, recruiter: User, django_assert_num_queries: Any, count: int
) -> None:
    application = make_application(opening=opening)
    for _ in range(count):
        make_scorecard(interview=make_interview(application=application), submitted=True)
    client.force_login(recruiter)
    detail(client, application.candidate)

    with django_assert_num_queries(22):
        detail(client, application.candidate)


# Details and CV


def test_candidate_edit_corrects_details_and_replaces_the_cv(
    client: Client, opening: Opening, recruiter: User, django_capture_on_commit_callbacks: Any
) -> None:
    candidate = make_application(opening=opening, name="Ingrid").candidate
    candidate.cv.save("old.pdf", upload("old.pdf", PDF))
    old = candidate.cv.name
    client.force_login(recruiter)
    data = {"name": "Ingrid Solheim", "email": "", "created_by": 1, "erased_at": "2026-01-01"}

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("candidates:candidate_edit", args=[candidate.pk]), data | {"cv_file": upload("new.docx", word())}
        )

    candidate.refresh_from_db()
    assert response.url == reverse("candidates:candidate_detail", args=[candidate.pk])
    assert (candidate.name, candidate.email, candidate.cv_name) == ("Ingrid Solheim", "", "new.docx")
    assert candidate.erased_at is None
    assert not candidate.cv.storage.exists(old)
    assert AuditEvent.objects.get().detail == {"fields": ["name", "email", "cv_file"]}


def test_candidate_edit_keeps_the_cv_where_none_is_chosen(client: Client, opening: Opening, recruiter: User) -> None:
    candidate = make_application(opening=opening).candidate
    candidate.cv.save("old.pdf", upload("old.pdf", PDF))
    client.force_login(recruiter)

    client.post(reverse("candidates:candidate_edit", args=[candidate.pk]), {"name": "Ingrid"})

    candidate.refresh_from_db()
    with candidate.cv.open() as kept:
        assert kept.read() == PDF


def test_candidate_edit_says_what_is_wrong(client: Client, opening: Opening, recruiter: User) -> None:
    candidate = make_application(opening=opening).candidate
    client.force_login(recruiter)

    response = client.post(
        reverse("candidates:candidate_edit", args=[candidate.pk]),
        {"name": " ", "email": "x", "cv_file": upload("cv.pdf", b"<html>")},
    )

    assert response.context["form"].errors == {
        "name": ["Give the candidate's name."],
        "email": ["This is no e-mail address. Write it as in name@example.com."],
        "cv_file": ["The file is named .pdf but is no complete PDF. Save the CV as a PDF again."],
    }


def test_candidate_edit_recognises_another_by_e_mail(client: Client, opening: Opening, recruiter: User) -> None:
    candidate = make_application(opening=opening).candidate
    make_application(opening=opening, candidate=make_candidate(name="Ingrid", email="i@example.com"))
    make_candidate(email="unknown@example.com")
    client.force_login(recruiter)
    url = reverse("candidates:candidate_edit", args=[candidate.pk])

    same = client.post(url, {"name": "Ann", "email": "I@Example.com "})

    assert same.context["form"].errors == {
        "email": ["Ingrid has this e-mail address already. Use the record that is here, or change the address."]
    }
    assert client.post(url, {"name": "Ann", "email": candidate.email}).status_code == 302
    assert client.post(url, {"name": "Ann", "email": "unknown@example.com"}).status_code == 302


def test_candidate_edit_is_not_for_interviewers(client: Client, opening: Opening, interviewer: User) -> None:
    card = make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    client.force_login(interviewer)

    url = reverse("candidates:candidate_edit", args=[card.interview.application.candidate_id])

    assert [client.get(url).status_code, client.post(url, {"name": "X"}).status_code] == [404, 404]


def test_candidate_cv_is_a_download_that_no_browser_runs(client: Client, opening: Opening, interviewer: User) -> None:
    application = make_application(opening=opening, name="Ingrid Solheim")
    application.candidate.cv.save("cv.pdf", upload("cv.pdf", PDF))
    make_scorecard(application=application, interviewer=interviewer)
    client.force_login(interviewer)

    response = client.get(reverse("candidates:candidate_cv", args=[application.candidate_id]))

    assert response.getvalue() == PDF
    assert {
        name: response[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="CV Ingrid Solheim.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    assert AuditEvent.objects.get().act == "candidate.cv"


def test_candidate_cv_is_absent_where_there_is_none(client: Client, opening: Opening, recruiter: User) -> None:
    candidate = make_application(opening=opening).candidate
    client.force_login(recruiter)

    assert client.get(reverse("candidates:candidate_cv", args=[candidate.pk])).status_code == 404


def test_candidate_detail_says_when_consent_was_given(client: Client, opening: Opening, recruiter: User) -> None:
    candidate = make_application(opening=opening).candidate
    candidate.consented_at = timezone.now() - timedelta(days=1)
    candidate.save()
    client.force_login(recruiter)

    assert "given " in detail(client, candidate).content.decode()
