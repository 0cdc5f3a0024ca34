"""Taking candidates into an opening, moving them from stage to stage, looking early."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from candidates.models import Application, Candidate, EarlyLook, Opening, StageChange
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.candidates.documents import PDF, upload
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user

NEW = {
    "name": "Elif Şahin",
    "email": "Elif.Sahin@Example.com",
    "phone": "",
    "current_role": "Sales Director at Boğaz Lojistik",
    "location": "Istanbul",
    "note": "Met at a fair.",
    "source": "Referral",
    "stage": "interviewing",
    "consent": "on",
}


def outsider(who: str, opening: Opening, request: Any) -> User:
    """Somebody who is not on the opening's team, by persona."""
    if who == "other_recruiter":
        return make_user(is_recruiter=True)
    person: User = request.getfixturevalue(who)
    if who == "interviewer":
        make_scorecard(application=make_application(opening=opening), interviewer=person)
    return person


OUTSIDERS = ["admin", "interviewer", "stranger", "other_recruiter"]


def said(client: Client, response: Any) -> list[str]:
    """The messages on the page that a redirect leads to."""
    return [str(message) for message in client.get(response.url).context["messages"]]


# A new candidate


def test_application_create_takes_in_candidate_and_cv(client: Client, opening: Opening, recruiter: User) -> None:
    client.force_login(recruiter)
    url = reverse("candidates:application_create", args=[opening.pk])
    extra = {"created_by": make_user().pk, "erased_at": "2026-01-01", "cv_name": "x", "opening": make_opening().pk}

    response = client.post(url, NEW | extra | {"cv_file": upload("Elif CV.pdf", PDF)})

    application = Application.objects.get()
    candidate = application.candidate
    assert response.url == reverse("candidates:candidate_detail", args=[candidate.pk])
    assert (candidate.name, candidate.email, candidate.location) == ("Elif Şahin", "elif.sahin@example.com", "Istanbul")
    assert (candidate.created_by, candidate.erased_at, candidate.cv_name) == (recruiter, None, "Elif CV.pdf")
    assert candidate.consented_at is not None
    assert candidate.cv.name.startswith("cv/")
    assert "Elif" not in candidate.cv.name
    with candidate.cv.open() as kept:
        assert kept.read() == PDF
    assert (application.opening, application.stage, application.source) == (opening, "interviewing", "Referral")
    assert set(AuditEvent.objects.values_list("act", flat=True)) == {"candidate.create", "application.create"}


def test_application_create_says_what_is_wrong_and_keeps_nothing(
    client: Client, opening: Opening, recruiter: User
) -> None:
    client.force_login(recruiter)
    url = reverse("candidates:application_create", args=[opening.pk])

    response = client.post(
        url, {"email": "elif@", "stage": "hired", "source": "Moon", "cv_file": upload("cv.exe", b"MZ")}
    )

    assert response.context["form"].errors == {
        "name": ["Give the candidate's name."],
        "email": ["This is no e-mail address. Write it as in name@example.com."],
        "source": ["Select a valid choice. Moon is not one of the available choices."],
        "stage": ["Select a valid choice. hired is not one of the available choices."],
        "consent": ["Without consent the details cannot be stored. Ask for it, then tick the box."],
        "cv_file": ["Only PDF and Word (.docx) files can be kept. Save the CV as one of these."],
    }
    assert not Candidate.objects.exists()


def test_application_create_offers_the_person_who_is_here_already(
    client: Client, opening: Opening, recruiter: User
) -> None:
    known = make_candidate(name="Elif Sahin", email="elif.sahin@example.com", created_by=recruiter)
    client.force_login(recruiter)

    response = client.post(reverse("candidates:application_create", args=[opening.pk]), NEW)

    assert response.context["form"].errors == {
        "email": ["Elif Sahin has this e-mail address already. Use the record that is here, or change the address."]
    }
    assert reverse("candidates:application_add", args=[opening.pk, known.pk]) in response.content.decode()
    assert not Application.objects.exists()


def test_application_create_says_nothing_of_people_one_may_not_see(
    client: Client, opening: Opening, recruiter: User
) -> None:
    make_candidate(name="Hidden", email="elif.sahin@example.com")
    client.force_login(recruiter)

    response = client.post(reverse("candidates:application_create", args=[opening.pk]), NEW)

    assert response.status_code == 302
    assert Candidate.objects.filter(email="elif.sahin@example.com").count() == 2


@pytest.mark.parametrize("who", OUTSIDERS)
def test_application_create_is_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    client.force_login(outsider(who, opening, request))
    url = reverse("candidates:application_create", args=[opening.pk])

    assert [client.get(url).status_code, client.post(url, NEW).status_code] == [404, 404]


def test_application_create_is_closed_with_the_opening(client: Client, recruiter: User) -> None:
    opening = make_opening(recruiter=recruiter, state=Opening.State.CLOSED)
    client.force_login(recruiter)

    assert client.get(reverse("candidates:application_create", args=[opening.pk])).status_code == 404


# Somebody who is here already


def test_application_add_puts_a_known_candidate_in_once(client: Client, opening: Opening, recruiter: User) -> None:
    known = make_candidate(name="Elif Sahin", created_by=recruiter)
    client.force_login(recruiter)
    url = reverse("candidates:application_add", args=[opening.pk, known.pk])

    first = client.post(url, {"stage": "screening", "source": ""})
    first_said = said(client, first)
    second = client.post(url, {"stage": "debrief", "source": ""})

    assert first_said == ["Elif Sahin is in Regional VP of Sales."]
    assert said(client, second) == ["Elif Sahin was in Regional VP of Sales already."]
    assert list(Application.objects.values_list("candidate", "opening", "stage")) == [
        (known.pk, opening.pk, "screening")
    ]


def test_application_add_is_for_candidates_one_looks_after(client: Client, opening: Opening, recruiter: User) -> None:
    only_interviewed = make_scorecard(interviewer=recruiter).interview.application.candidate
    client.force_login(recruiter)

    for candidate in (make_candidate(), only_interviewed):
        url = reverse("candidates:application_add", args=[opening.pk, candidate.pk])
        assert [client.get(url).status_code, client.post(url, {"stage": "screening"}).status_code] == [404, 404]


# Stages


def test_application_move_moves_and_can_be_undone(client: Client, opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening, name="Ingrid Solheim")
    client.force_login(recruiter)

    response = client.post(reverse("candidates:application_move", args=[application.pk]), {"stage": "debrief"})
    message = next(iter(client.get(response.url).context["messages"]))
    undo = message.extra_tags.removeprefix("undo:")
    back = client.post(undo)

    application.refresh_from_db()
    assert str(message) == "Moved Ingrid Solheim to debrief."
    assert said(client, back) == ["Moved Ingrid Solheim back."]
    assert application.stage == "interviewing"
    assert StageChange.objects.count() == 2
    assert said(client, client.post(undo)) == ["Nothing could be moved back: the stage has changed since."]


def test_application_move_wants_a_stage(client: Client, opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    client.force_login(recruiter)

    response = client.post(reverse("candidates:application_move", args=[application.pk]), {"stage": "nowhere"})

    assert said(client, response) == ["Choose the stage to move to."]
    assert not StageChange.objects.exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_application_move_is_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    application = make_application(opening=opening)
    person = outsider(who, opening, request)
    make_scorecard(application=application, interviewer=person if who == "interviewer" else None)
    client.force_login(person)

    url = reverse("candidates:application_move", args=[application.pk])

    assert client.post(url, {"stage": "hired"}).status_code == 404
    assert Application.objects.get(pk=application.pk).stage == "interviewing"


def test_opening_choose_moves_many_at_once(client: Client, opening: Opening, recruiter: User) -> None:
    rows = [make_application(opening=opening) for _ in range(3)]
    client.force_login(recruiter)
    data = {"act": "move", "stage": "rejected", "c": [rows[0].pk, rows[2].pk]}

    response = client.post(reverse("candidates:opening_choose", args=[opening.pk]), data)

    assert said(client, response) == ["Moved 2 candidates to rejected."]
    assert list(Application.objects.order_by("pk").values_list("stage", flat=True)) == [
        "rejected",
        "interviewing",
        "rejected",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"act": "move", "stage": "offer"}, "Choose at least one candidate first."),
        ({"act": "move", "stage": "", "c": "own"}, "Choose the stage to move to."),
        (
            {"act": "move", "stage": "offer", "c": "foreign"},
            "One of the chosen candidates is not in this opening any more. Choose again.",
        ),
        (
            {"act": "move", "stage": "offer", "c": "abc"},
            "One of the chosen candidates is not in this opening any more. Choose again.",
        ),
    ],
)
def test_opening_choose_says_what_is_missing(
    client: Client, opening: Opening, recruiter: User, data: dict[str, str], message: str
) -> None:
    keys = {"own": make_application(opening=opening).pk, "foreign": make_application().pk}
    client.force_login(recruiter)
    data = data | ({"c": keys.get(data["c"], data["c"])} if "c" in data else {})

    response = client.post(reverse("candidates:opening_choose", args=[opening.pk]), data)

    assert said(client, response) == [message]
    assert not StageChange.objects.exists()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_opening_choose_and_undo_are_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    client.force_login(outsider(who, opening, request))

    for name in ("opening_choose", "application_move_undo"):
        assert client.post(reverse(f"candidates:{name}", args=[opening.pk]), {}).status_code == 404


# An early look


def test_early_look_is_announced_then_recorded(client: Client, opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, submitted=True)
    make_scorecard(interview=interview)
    client.force_login(recruiter)
    url = reverse("candidates:application_look_early", args=[application.pk])

    announced = client.get(url)
    assert not EarlyLook.objects.exists()
    assert '<span class="strong num">1 of 2</span> scorecards are in' in announced.content.decode()

    response = client.post(url)
    assert response.url == reverse("candidates:candidate_detail", args=[application.candidate_id])
    assert list(EarlyLook.objects.values_list("application", "viewer", "cards_in", "cards_expected")) == [
        (application.pk, recruiter.pk, 1, 2)
    ]
    assert client.get(url).status_code == 404


def test_early_look_is_not_open_to_the_sealed_nor_to_others(
    client: Client, opening: Opening, manager: User, request: Any
) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, submitted=True)
    make_scorecard(interview=interview, interviewer=manager)
    url = reverse("candidates:application_look_early", args=[application.pk])

    for person in (manager, *(outsider(who, opening, request) for who in OUTSIDERS)):
        client.force_login(person)
        assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    assert not EarlyLook.objects.exists()
