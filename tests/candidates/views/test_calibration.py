"""The calibration page through its real address."""

import re
from typing import Any

import pytest
from django.urls import reverse

from candidates.models import Opening, Scorecard, Sight
from smarter.accounts.models import User
from tests.factories import make_application, make_interview, make_opening, make_scorecard

URL = reverse("candidates:calibration")
ROWS = [[2, 3, 3, 4, 3], [4, 4, 5, 3, 4], [1, 2, 2, 3, 2], [5, 4, 4, 4, 5], [3, 3, 4, 3, 3]]


def rate(opening: Opening, rows: list[list[int]], *raters: User) -> None:
    """A candidate for each row, all raters giving the same."""
    for values in rows:
        interview = make_interview(application=make_application(opening=opening))
        for rater in raters:
            make_scorecard(interview=interview, interviewer=rater, values=values, submitted=True)


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_calibration_names_interviewers_to_the_team_of_their_opening(
    client, recruiter, manager, opening, interviewer, colleague
):
    rate(opening, ROWS, interviewer, colleague)
    for user in (recruiter, manager):
        client.force_login(user)

        said = text_of(client.get(URL))

        assert "Nobody rates off the panel" in said
        assert "Panels agree on every dimension" in said
        assert f"{colleague.name} 5 scorecards" in said
        assert "You see names as one of the team of this opening" in said


def test_calibration_shows_others_their_mirror_and_no_name(client, opening, interviewer, colleague, admin, stranger):
    rate(opening, ROWS, interviewer, colleague)

    for user in (interviewer, admin, stranger):
        client.force_login(user)
        response = client.get(URL)
        assert response.context["page"].team is None
        assert colleague.name not in text_of(response)

    client.force_login(interviewer)
    said = text_of(client.get(URL))
    assert "You rate like the others on the same candidates" in said
    assert "25 ratings of 5 candidates whom others rated too" in said
    client.force_login(stranger)
    assert "You have no submitted scorecard in this period." in text_of(client.get(URL))


def test_calibration_notes_the_sight_of_what_it_shows_and_of_nothing_else(client, opening, interviewer, colleague):
    rate(opening, ROWS[:4], interviewer, colleague)
    client.force_login(interviewer)
    client.get(URL)
    assert Sight.objects.count() == 0
    assert Scorecard.objects.exclude(first_seen_at=None).count() == 0

    rate(opening, ROWS[4:], interviewer, colleague)
    client.get(URL)

    assert Sight.objects.filter(viewer=interviewer).count() == 5
    assert set(Scorecard.objects.exclude(first_seen_at=None).values_list("interviewer", flat=True)) == {colleague.pk}


def test_calibration_of_a_team_without_scorecards_says_what_to_do(client, recruiter, opening):
    client.force_login(recruiter)

    said = text_of(client.get(URL))

    assert "No scorecards to read yet" in said
    assert "See what is still open" in said


def test_calibration_takes_a_period_and_an_opening_from_its_address(client, recruiter, opening, interviewer, colleague):
    rate(opening, ROWS, interviewer, colleague)
    other = make_opening(recruiter=recruiter, title="Head of Channel Sales")
    client.force_login(recruiter)

    assert "Your 2 openings" in text_of(client.get(URL))
    page = text_of(client.get(URL, {"opening": other.pk, "period": "all"}))
    assert "Head of Channel Sales All time" in page
    assert "No scorecards to read yet" in page


@pytest.mark.parametrize("query", [{"period": "7"}, {"opening": "0"}, {"opening": "x"}])
def test_calibration_says_what_is_wrong_with_its_address(client, recruiter, opening, query):
    client.force_login(recruiter)

    response = client.get(URL, query)

    assert response.status_code == 200
    assert "The address asks for something that can’t be shown" in text_of(response)


def test_calibration_hides_openings_of_other_teams(client, recruiter, opening, interviewer):
    other = make_opening(title="Somebody else’s")
    client.force_login(recruiter)

    page = client.get(URL, {"opening": other.pk})

    assert "Somebody else’s" not in text_of(page)
    assert text_of(page) == text_of(client.get(URL, {"opening": 987654})).replace("987654", str(other.pk))


@pytest.mark.parametrize("openings", [1, 3])
def test_calibration_query_count_is_flat(
    client, recruiter, interviewer, colleague, django_assert_num_queries, openings
):
    for number in range(openings):
        rate(make_opening(recruiter=recruiter, title=f"Opening {number}"), ROWS, interviewer, colleague)
    client.force_login(recruiter)
    client.get(URL)

    with django_assert_num_queries(10):
        response = client.get(URL)

    assert len(response.context["page"].team.cards) == 10 * openings
