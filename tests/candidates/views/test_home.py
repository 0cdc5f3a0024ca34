"""Home: what waits for a person, by role."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, QuestionNote, Sight
from rubrics.models import Question
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

HOUR = timedelta(hours=1)


def agenda_of(client: Client, user: User) -> Any:
    """What `user` finds on the home page."""
    client.force_login(user)
    return client.get(reverse("candidates:home")).context["agenda"]


def test_home_sorts_own_scorecards_by_what_is_due(client: Client, opening: Opening, interviewer: User) -> None:
    now = timezone.now()
    times = {"overdue": now - 30 * HOUR, "ended": now - 2 * HOUR, "running": now - HOUR / 2, "ahead": now + 24 * HOUR}
    cards = {
        name: make_scorecard(
            interview=make_interview(application=make_application(opening=opening), starts_at=starts_at),
            interviewer=interviewer,
        )
        for name, starts_at in times.items()
    }

    agenda = agenda_of(client, interviewer)

    assert agenda.heading == "Three scorecards to write"
    assert [(task.card, task.is_running) for task in agenda.now] == [(cards["ended"], False), (cards["running"], True)]
    assert [(task.card, task.overdue) for task in agenda.overdue] == [(cards["overdue"], "5 hours overdue")]
    assert [task.card for task in agenda.upcoming] == [cards["ahead"]]
    assert agenda.roles == "Interviewer"


def test_home_says_how_far_a_card_is(client: Client, opening: Opening, interviewer: User) -> None:
    draft = make_scorecard(
        application=make_application(opening=opening),
        interviewer=interviewer,
        values=[4, None],
        focus=["strategic", "measurable", "teams"],
    )
    kept = make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    question = Question.objects.filter(dimension__version=opening.rubric_version).first()
    QuestionNote.objects.create(scorecard=kept, question=question, text="Spoke of churn.")

    tasks = {task.card: task for task in agenda_of(client, interviewer).now}

    assert tasks[draft].progress == "2 of 3 focus dimensions scored"
    assert [(mark.letter, mark.value, mark.state) for mark in tasks[draft].marks] == [
        ("S", 4, ""),
        ("M", None, "na"),
        ("T", None, "todo"),
    ]
    assert tasks[kept].progress == "Not started; 1 note kept"


def test_home_leaves_out_cards_of_cancelled_interviews(client: Client, opening: Opening, interviewer: User) -> None:
    make_scorecard(
        interview=make_interview(application=make_application(opening=opening), cancelled_at=timezone.now()),
        interviewer=interviewer,
    )

    assert agenda_of(client, interviewer).heading == "Nothing to score now"


def test_home_shows_what_just_opened_without_a_sight(client: Client, opening: Opening, recruiter: User) -> None:
    opened, old, sealed = (make_application(opening=opening) for _ in range(3))
    make_scorecard(application=opened, submitted=True)
    make_scorecard(application=old, submitted=True, submitted_at=timezone.now() - timedelta(days=8))
    make_scorecard(application=sealed, submitted=True)
    make_scorecard(application=sealed, interviewer=recruiter)

    agenda = agenda_of(client, recruiter)

    assert agenda.opened == [opened]
    assert not Sight.objects.exists()


def test_home_draws_the_openings_one_follows(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening), starts_at=timezone.now() - 40 * HOUR)
    make_scorecard(interview=interview, submitted=True)
    make_scorecard(interview=interview, values=[3])
    make_scorecard(interview=interview)
    make_scorecard(interview=interview, is_shadow=True)
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer, submitted=True)

    team, panel = agenda_of(client, recruiter).follows[0], agenda_of(client, interviewer).follows[0]

    assert (team.role, team.candidates, team.cards_in, team.cards_expected, team.overdue) == ("recruiter", 2, 2, 4, 2)
    assert [box.state for box in team.boxes.boxes] == ["d", "h", "o", "d"]
    assert (panel.role, panel.candidates, panel.cards_in, panel.cards_expected) == ("interviewer", 1, 1, 1)


def test_home_tells_a_sealed_person_of_no_drafts(client: Client, opening: Opening, manager: User) -> None:
    interview = make_interview(application=make_application(opening=opening), starts_at=timezone.now() - 40 * HOUR)
    make_scorecard(interview=interview, interviewer=manager)
    make_scorecard(interview=interview, values=[3])
    make_scorecard(interview=interview, submitted=True)

    follow = agenda_of(client, manager).follows[0]

    assert [box.state for box in follow.boxes.boxes] == ["d", "o", "o"]
    assert (follow.cards_in, follow.overdue) == (1, 0)


def test_home_names_late_scorecards_of_others_to_the_team(
    client: Client, opening: Opening, recruiter: User, manager: User, interviewer: User
) -> None:
    times = {name: timezone.now() - hours * HOUR for name, hours in (("Ingrid", 30), ("Jonas", 80), ("Leila", 2))}
    for name, starts_at in times.items():
        interview = make_interview(application=make_application(opening=opening, name=name), starts_at=starts_at)
        make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=opening.applications.get(candidate__name="Jonas").interviews.get(), interviewer=manager)

    def late(user: User) -> list[tuple[str, str, str]]:
        rows = [(row.card, row.overdue) for row in agenda_of(client, user).late]
        return [(card.interviewer.name, str(card.interview.application.candidate), words) for card, words in rows]

    assert late(recruiter) == [
        (interviewer.name, "Jonas", "2 days overdue"),
        (manager.name, "Jonas", "2 days overdue"),
        (interviewer.name, "Ingrid", "5 hours overdue"),
    ]
    assert late(manager) == [(interviewer.name, "Ingrid", "5 hours overdue")]
    assert late(interviewer) == []


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ({"is_recruiter": True}, "Create opening</a>"),
        ({"is_admin": True}, "Invite a person</a>"),
        ({}, "When a recruiter puts you on a panel"),
    ],
)
def test_home_says_what_to_do_when_nothing_waits(client: Client, db: None, roles: dict[str, bool], words: str) -> None:
    client.force_login(make_user(**roles))

    response = client.get(reverse("candidates:home"))

    assert response.context["agenda"].is_empty
    assert response.content.decode().count(words) == 1


@pytest.mark.parametrize("count", [1, 3, 30])
def test_home_query_count_is_flat(client: Client, recruiter: User, django_assert_num_queries: Any, count: int) -> None:
    opening = make_opening(recruiter=recruiter)
    for _ in range(count):
        application = make_application(opening=opening)
        make_scorecard(application=application, submitted=True)
        own = make_application(opening=opening)
        make_scorecard(application=own, interviewer=recruiter, values=[3])
    client.force_login(recruiter)

    for number in (16, 5):  # the first time, and while nothing has moved
        with django_assert_num_queries(number):
            client.get(reverse("candidates:home"))
