"""The list of openings, a new one, its settings, and its page of candidates."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Opening, OpeningMember, Scorecard, Sight, WeightChange
from candidates.weighing import weights_of
from rubrics.models import RubricVersion
from smarter.accounts.models import User
from tests.factories import (
    make_application,
    make_interview,
    make_opening,
    make_rubric_version,
    make_scorecard,
    make_user,
)


def names(response: Any) -> list[str]:
    """The titles in the list of openings."""
    return [opening.title for opening, _ in response.context["rows"]]


def settings_of(opening: Opening, **changed: Any) -> dict[str, Any]:
    """What the settings form posts when nothing but `changed` differs."""
    members = list(opening.members.all())
    weights = {f"weight_{key}": points for key, points in weights_of(opening).items()}
    return {
        "title": opening.title,
        "location": opening.location,
        "brief": opening.brief,
        "state": opening.state,
        "hiring_managers": [m.user_id for m in members if m.role == OpeningMember.Role.HIRING_MANAGER],
        "recruiters": [m.user_id for m in members if m.role == OpeningMember.Role.RECRUITER],
        **weights,
        **changed,
    }


# The list


def test_opening_list_shows_own_openings_only(client: Client, opening: Opening, recruiter: User) -> None:
    make_opening(title="Somebody else's")
    make_application(opening=opening)
    make_application(opening=opening, stage="rejected")
    client.force_login(recruiter)

    response = client.get(reverse("candidates:opening_list"))

    assert response.context["rows"] == [(opening, 1)]


def test_opening_list_counts_for_interviewers_only_whom_they_interview(
    client: Client, opening: Opening, interviewer: User
) -> None:
    make_application(opening=opening)
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    client.force_login(interviewer)

    assert client.get(reverse("candidates:opening_list")).context["rows"] == [(opening, 1)]


def test_opening_list_searches_title_place_and_state(client: Client, recruiter: User) -> None:
    make_opening(recruiter=recruiter, title="Head of Sales", location="Oslo")
    make_opening(recruiter=recruiter, title="Head of Channel", location="Bern")
    make_opening(recruiter=recruiter, title="Closed one", state="closed")
    client.force_login(recruiter)
    url = reverse("candidates:opening_list")

    assert names(client.get(url)) == ["Head of Channel", "Head of Sales"]
    assert names(client.get(url, {"q": "head oslo"})) == ["Head of Sales"]
    assert names(client.get(url, {"state": "closed"})) == ["Closed one"]
    assert names(client.get(url, {"state": "all", "q": "o"})) == ["Closed one", "Head of Channel", "Head of Sales"]
    assert names(client.get(url, {"state": "nonsense"})) == []


@pytest.mark.parametrize(
    ("is_recruiter", "words"),
    [
        (True, "Create the first one: its title, its team and what each dimension counts."),
        (False, "A recruiter creates"),
    ],
)
def test_opening_list_says_what_to_do_when_empty(client: Client, db: None, is_recruiter: bool, words: str) -> None:
    client.force_login(make_user(is_recruiter=is_recruiter))

    response = client.get(reverse("candidates:opening_list"))

    assert words in response.content.decode()
    assert (reverse("candidates:opening_create") in response.content.decode()) == is_recruiter


@pytest.mark.parametrize("count", [1, 3])
def test_opening_list_query_count_is_flat(
    client: Client, recruiter: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_application(opening=make_opening(recruiter=recruiter))
    client.force_login(recruiter)

    with django_assert_num_queries(7):
        client.get(reverse("candidates:opening_list"))


# A new opening


def test_opening_create_makes_opening_team_and_weights(client: Client, recruiter: User, manager: User) -> None:
    version = make_rubric_version(dimensions=2)
    client.force_login(recruiter)
    data = {
        "title": "Head of Sales",
        "location": "Oslo",
        "brief": "Grow the region.",
        "hiring_managers": [manager.pk],
        "recruiters": [recruiter.pk],
        "weight_strategic": 70,
        "weight_measurable": 30,
        "state": "closed",
        "created_by": manager.pk,
    }

    response = client.post(reverse("candidates:opening_create"), data)

    opening = Opening.objects.get()
    assert response.url == reverse("candidates:opening_detail", args=[opening.pk])
    assert (opening.title, opening.location, opening.brief) == ("Head of Sales", "Oslo", "Grow the region.")
    assert (opening.rubric_version, opening.state, opening.created_by) == (version, "open", recruiter)
    assert (opening.hiring_managers, opening.recruiters) == ([manager], [recruiter])
    assert weights_of(opening) == {"strategic": 70, "measurable": 30}


def test_opening_create_starts_from_the_suggestion_of_the_chosen_version(client: Client, recruiter: User) -> None:
    older = make_rubric_version(dimensions=2, weights=[80, 20])
    make_rubric_version(dimensions=4)
    make_rubric_version(dimensions=3, state=RubricVersion.State.DRAFT)
    client.force_login(recruiter)
    url = reverse("candidates:opening_create")

    newest, chosen = client.get(url), client.get(url, {"version": older.pk})

    assert len(newest.context["form"].dimensions) == 4
    assert [chosen.context["form"][name].value() for name in chosen.context["form"].weight_names()] == [80, 20]


def test_opening_create_says_what_is_wrong(client: Client, recruiter: User) -> None:
    make_rubric_version(dimensions=2)
    client.force_login(recruiter)

    response = client.post(
        reverse("candidates:opening_create"), {"weight_strategic": 60, "weight_measurable": 35, "recruiters": ["x"]}
    )

    assert response.context["form"].errors == {
        "title": ["Give the opening a title."],
        "hiring_managers": ["Choose at least one hiring manager."],
        "recruiters": ["“x” is not a valid value."],
        "__all__": ["The weights add up to 95. Change them so that they total 100."],
    }
    assert not Opening.objects.exists()


@pytest.mark.parametrize("points", ["", "abc", "-1", "101", "33.5"])
def test_opening_create_wants_whole_points(client: Client, recruiter: User, points: str) -> None:
    make_rubric_version(dimensions=2)
    client.force_login(recruiter)

    response = client.post(reverse("candidates:opening_create"), {"weight_strategic": points, "weight_measurable": 50})

    assert response.context["form"].errors["weight_strategic"] == ["Give whole points from 0 to 100."]


def test_opening_create_says_so_where_no_rubric_is_published(client: Client, recruiter: User) -> None:
    client.force_login(recruiter)

    response = client.get(reverse("candidates:opening_create"))

    assert "No rubric is published yet" in response.content.decode()


@pytest.mark.parametrize("who", ["admin", "manager", "interviewer"])
def test_opening_create_is_for_recruiters(client: Client, opening: Opening, who: str, request: Any) -> None:
    client.force_login(request.getfixturevalue(who))
    url = reverse("candidates:opening_create")

    assert [client.get(url).status_code, client.post(url, {}).status_code] == [404, 404]


# Settings


def test_opening_edit_saves_facts_team_and_weights(
    client: Client, opening: Opening, manager: User, colleague: User
) -> None:
    client.force_login(manager)
    url = reverse("candidates:opening_edit", args=[opening.pk])
    data = settings_of(
        opening,
        title="VP of Sales",
        state="closed",
        hiring_managers=[manager.pk, colleague.pk],
        weight_strategic=30,
        weight_teams=10,
        rubric_version=make_rubric_version().pk,
    )

    response = client.post(url, data)

    version = opening.rubric_version
    opening.refresh_from_db()
    assert response.url == url
    assert (opening.title, opening.state, opening.rubric_version) == ("VP of Sales", "closed", version)
    assert opening.hiring_managers == [manager, colleague]
    assert weights_of(opening)["strategic"] == 30
    assert WeightChange.objects.get().changed_by == manager


def test_opening_edit_asks_why_weights_change_once_a_card_is_in(
    client: Client, opening: Opening, recruiter: User
) -> None:
    make_scorecard(application=make_application(opening=opening), submitted=True)
    client.force_login(recruiter)
    url = reverse("candidates:opening_edit", args=[opening.pk])
    data = settings_of(opening, weight_strategic=30, weight_teams=10)

    refused = client.post(url, data)
    accepted = client.post(url, data | {"reason": "The region changed."})

    assert refused.context["form"].errors == {"reason": ["Say why the weights change: a scorecard is already in."]}
    assert accepted.url == url
    assert WeightChange.objects.get().reason == "The region changed."


def test_opening_edit_refuses_to_lose_oneself(client: Client, opening: Opening, recruiter: User, manager: User) -> None:
    other = make_user(is_recruiter=True)
    client.force_login(recruiter)

    response = client.post(
        reverse("candidates:opening_edit", args=[opening.pk]), settings_of(opening, recruiters=[other.pk])
    )

    assert response.context["form"].non_field_errors() == [
        "You would lose this opening yourself. Ask somebody else on its team to take you off."
    ]


@pytest.mark.parametrize("who", ["admin", "interviewer", "stranger", "other_recruiter"])
def test_opening_edit_is_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    interviewer = request.getfixturevalue("interviewer")
    make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    client.force_login(make_user(is_recruiter=True) if who == "other_recruiter" else request.getfixturevalue(who))
    url = reverse("candidates:opening_edit", args=[opening.pk])

    assert [client.get(url).status_code, client.post(url, settings_of(opening)).status_code] == [404, 404]


# The page of candidates


def page(client: Client, opening: Opening, **query: Any) -> Any:
    """The opening's page, which must be there."""
    response = client.get(reverse("candidates:opening_detail", args=[opening.pk]), query)
    assert response.status_code == 200
    return response


def test_opening_detail_shows_scores_once_the_panel_is_complete(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    done = make_application(opening=opening, name="Ingrid Solheim")
    interview = make_interview(application=done)
    make_scorecard(interview=interview, interviewer=interviewer, values=[5, 4, 4, 4, 3], submitted=True)
    make_scorecard(interview=interview, interviewer=colleague, values=[3, 4, 4, 2, 3], submitted=True)
    waiting = make_application(opening=opening, name="Jonas Keller")
    half = make_interview(application=waiting)
    make_scorecard(interview=half, interviewer=interviewer, values=[1, 1, 1, 1, 1], submitted=True)
    make_scorecard(interview=half, interviewer=colleague, values=[5])
    client.force_login(recruiter)

    overview = page(client, opening).context["overview"]

    # (4 + 4 + 4 + 3 + 3) / 5 with 20 points each
    found = [(row.application, row.rung.total, row.closed and row.closed.reason) for row in overview.rows]
    assert found == [(done, pytest.approx(3.6), None), (waiting, None, "Open when all scorecards are in.")]
    assert [[(seat.name, seat.state) for seat in row.seats] for row in overview.rows] == [
        [(interviewer.name, "done"), (colleague.name, "done")],
        [(interviewer.name, "done"), (colleague.name, "draft")],
    ]
    assert [row.next_step for row in overview.rows] == ["move", "wait"]
    assert [(wait.application, wait.seat.name) for wait in overview.waits] == [(waiting, colleague.name)]


def test_opening_detail_hides_whose_cards_are_in_while_sealed(
    client: Client, opening: Opening, manager: User, interviewer: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    own = make_scorecard(interview=interview, interviewer=manager, values=[4])
    make_scorecard(interview=interview, interviewer=interviewer, values=[5, 5, 5, 5, 5], submitted=True)
    make_scorecard(interview=interview, interviewer=colleague)
    client.force_login(manager)

    response = page(client, opening)

    overview = response.context["overview"]
    row = overview.rows[0]
    assert (row.rung.total, row.own_card, row.next_step) == (None, own, "score")
    assert [seat.name for seat in row.seats] == [manager.name]
    assert [(wait.is_own, wait.number, wait.seat is None) for wait in overview.waits] == [
        (True, 1, False),
        (False, 1, True),
    ]
    assert interviewer.name not in response.content.decode()
    assert "1 of 3 in" in response.content.decode()
    assert not Sight.objects.exists()


def test_opening_detail_notes_that_scores_were_seen(client: Client, opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    card = make_scorecard(application=application, submitted=True)
    client.force_login(recruiter)

    page(client, opening)

    assert list(Sight.objects.values_list("application", "viewer")) == [(application.pk, recruiter.pk)]
    assert Scorecard.objects.get(pk=card.pk).first_seen_at is not None


def test_opening_detail_shows_interviewers_only_whom_they_interview(
    client: Client, opening: Opening, interviewer: User
) -> None:
    make_scorecard(application=make_application(opening=opening, name="Not Mine"), submitted=True)
    mine = make_scorecard(application=make_application(opening=opening, name="Mine"), interviewer=interviewer)
    client.force_login(interviewer)

    response = page(client, opening)

    assert [row.application for row in response.context["overview"].rows] == [mine.interview.application]
    assert response.context["overview"].coverage == ()
    assert "Not Mine" not in response.content.decode()
    assert reverse("candidates:opening_edit", args=[opening.pk]) not in response.content.decode()


def test_opening_detail_shows_an_interviewer_whose_card_is_in_the_cards_of_other_interviews(
    client: Client, opening: Opening, interviewer: User, colleague: User, stranger: User
) -> None:
    application = make_application(opening=opening)
    make_scorecard(application=application, interviewer=interviewer, submitted=True)
    make_scorecard(application=application, interviewer=colleague, submitted=True)
    make_scorecard(application=application, interviewer=stranger)
    client.force_login(interviewer)

    response = page(client, opening)

    row = response.context["overview"].rows[0]
    assert [(seat.name, seat.state) for seat in row.seats] == [(interviewer.name, "done"), (colleague.name, "done")]
    assert row.rung.total == pytest.approx(3)
    assert stranger.name not in response.content.decode()


def test_opening_detail_flags_dimensions_that_fewer_than_two_cover(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User, stranger: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer, focus=["strategic", "teams"])
    make_scorecard(interview=interview, interviewer=colleague, focus=["strategic", "action"])
    make_scorecard(interview=interview, interviewer=stranger, is_shadow=True)
    client.force_login(recruiter)

    overview = page(client, opening).context["overview"]

    assert [(cover.dimension.letter, cover.count, cover.only) for cover in overview.covers] == [
        ("S", 2, ""),
        ("M", 0, ""),
        ("A", 1, colleague.name),
        ("R", 0, ""),
        ("T", 1, interviewer.name),
    ]
    assert [cover.dimension.letter for cover in overview.thin] == ["M", "A", "R", "T"]
    assert [(row.interviewer, row.is_shadow) for row in overview.coverage] == [
        (interviewer, False),
        (colleague, False),
        (stranger, True),
    ]


def test_opening_detail_keeps_rejected_and_withdrawn_apart(client: Client, opening: Opening, recruiter: User) -> None:
    running = make_application(opening=opening)
    rejected = make_application(opening=opening, stage="rejected")
    withdrawn = make_application(opening=opening, stage="withdrawn")
    client.force_login(recruiter)

    plain, filtered = page(client, opening), page(client, opening, stage="rejected")

    assert [row.application for row in plain.context["overview"].rows] == [running]
    assert {rung.application for rung in plain.context["apart"]} == {rejected.pk, withdrawn.pk}
    assert [row.application for row in filtered.context["overview"].rows] == [rejected]
    assert {stage.value: stage.number for stage in plain.context["stages"] if stage.number} == {
        "interviewing": 1,
        "rejected": 1,
        "withdrawn": 1,
    }


def test_opening_detail_marks_late_scorecards(client: Client, opening: Opening, recruiter: User) -> None:
    interview = make_interview(
        application=make_application(opening=opening), starts_at=timezone.now() - timedelta(hours=30)
    )
    make_scorecard(interview=interview)
    client.force_login(recruiter)

    assert [is_late for _, is_late in page(client, opening).context["waits"]] == [True]


def test_opening_detail_asks_for_somebody_else_where_the_interviewer_was_deactivated(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague)
    User.objects.filter(pk=interviewer.pk).update(is_active=False)
    client.force_login(recruiter)

    response = page(client, opening)

    waits = {wait.seat.name: wait.is_orphaned for wait in response.context["overview"].waits}
    assert waits == {interviewer.name: True, colleague.name: False}
    edit = reverse("candidates:interview_edit", args=[interview.pk])
    assert response.content.decode().count(f'<a href="{edit}">Give the seat to somebody else') == 1


def test_opening_detail_pages_at_fifty(client: Client, opening: Opening, recruiter: User) -> None:
    for _ in range(51):
        make_application(opening=opening, candidate=None)
    client.force_login(recruiter)

    assert len(page(client, opening).context["overview"].rows) == 50
    assert len(page(client, opening, page=2).context["overview"].rows) == 1


def test_opening_detail_says_what_to_do_without_candidates(client: Client, opening: Opening, recruiter: User) -> None:
    client.force_login(recruiter)

    text = page(client, opening).content.decode()

    assert "No candidates yet" in text
    assert reverse("candidates:application_create", args=[opening.pk]) in text


@pytest.mark.parametrize("who", ["admin", "stranger", "other_recruiter"])
def test_opening_detail_is_for_team_and_panel(client: Client, opening: Opening, who: str, request: Any) -> None:
    client.force_login(make_user(is_recruiter=True) if who == "other_recruiter" else request.getfixturevalue(who))

    assert client.get(reverse("candidates:opening_detail", args=[opening.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_opening_detail_query_count_is_flat(
    client: Client, opening: Opening, recruiter: User, interviewer: User, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        interview = make_interview(application=make_application(opening=opening))
        make_scorecard(interview=interview, interviewer=interviewer, submitted=True)
    client.force_login(recruiter)
    page(client, opening)
    opening.applications.update(stage="debrief")

    with django_assert_num_queries(16):
        page(client, opening)
    with django_assert_num_queries(5):
        page(client, opening)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [([30, 300], ""), ([30, 300, 4000], "5 hours"), ([-20, -5, 0], "1 minute"), ([50, 60, 90, 20], "60 minutes")],
)
def test_opening_detail_tells_how_soon_scorecards_come_in(
    client: Client, opening: Opening, recruiter: User, minutes: list[int], words: str
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    for number in minutes:
        submitted_at = interview.ends_at + timedelta(minutes=number)
        make_scorecard(interview=interview, submitted=True, submitted_at=submitted_at)
    client.force_login(recruiter)

    assert page(client, opening).context["overview"].turnaround == words


def test_opening_detail_tells_the_sealed_nothing_of_when_scorecards_came_in(
    client: Client, opening: Opening, manager: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    for _ in range(3):
        make_scorecard(interview=interview, submitted=True)
    make_scorecard(interview=interview, interviewer=manager)
    client.force_login(manager)

    assert page(client, opening).context["overview"].turnaround == ""
