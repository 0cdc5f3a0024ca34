"""The practice pages through their real addresses."""

import pytest
from django.urls import reverse

from candidates.models import PracticeRating
from rubrics.models import RubricVersion
from tests.factories import make_application, make_opening, make_rubric_version, make_sample_answer, make_scorecard

URL = reverse("candidates:practice")
pytestmark = pytest.mark.django_db


def answer_url(answer):
    """The page of one answer."""
    return reverse("candidates:practice_answer", args=[answer.pk])


def test_answer_is_rated_over_the_anchors_before_the_agreed_rating_is_shown(client, interviewer):
    answer = make_sample_answer(rating=4, answer="We grew it together.")
    client.force_login(interviewer)

    before = client.get(answer_url(answer)).content.decode()
    response = client.post(answer_url(answer), {"value": "3"})
    after = client.get(answer_url(answer)).content.decode()

    assert "We grew it together." in before
    assert [f"Strategic worth {value}" in before for value in range(1, 6)] == [True] * 5
    assert "Why it is a 4." not in before
    assert (response.status_code, response.url) == (302, answer_url(answer))
    assert "You gave 3, 1 lower than agreed" in after
    assert "Why it is a 4." in after


def test_list_tells_the_agreed_rating_only_of_what_was_rated(client, interviewer):
    version = make_rubric_version()
    first, second = (make_sample_answer(version=version, rating=rating) for rating in (2, 5))
    client.force_login(interviewer)

    page = client.get(URL).content.decode()
    assert "Rate the first answer" in page
    assert "agreed" not in page.replace("was agreed", "")
    client.post(answer_url(first), {"value": "2"})
    page = client.get(URL).content.decode()

    assert "You 2, agreed 2: as agreed" in page
    assert "agreed 5" not in page
    assert "As agreed on 1 of 1, within one on 1" in page
    assert "A single figure for it needs 10 rated answers; you have 1." in page
    assert f'href="{answer_url(second)}">Rate the next answer' in page


def test_second_rating_changes_nothing(client, interviewer):
    answer = make_sample_answer(rating=4)
    client.force_login(interviewer)
    for value in ("1", "4"):
        client.post(answer_url(answer), {"value": value})

    assert PracticeRating.objects.get().value == 1


@pytest.mark.parametrize("value", ["", "0", "6", "x", "3.5"])
def test_rating_that_is_none_is_refused_with_what_to_do(client, interviewer, value):
    answer = make_sample_answer()
    client.force_login(interviewer)

    response = client.post(answer_url(answer), {"value": value})

    assert response.status_code == 200
    assert "Not rated yet" in response.content.decode()
    assert PracticeRating.objects.count() == 0


def test_nobody_sees_what_somebody_else_rated(client, interviewer, recruiter, manager, admin):
    answer = make_sample_answer(rating=4)
    client.force_login(interviewer)
    client.post(answer_url(answer), {"value": "1"})

    for user in (recruiter, manager, admin):
        client.force_login(user)
        page = client.get(answer_url(answer)).content.decode()
        assert "Why it is a 4." not in page
        assert client.get(URL).context["practice"].history == ()


def test_answers_of_a_draft_are_not_found(client, admin):
    answer = make_sample_answer(version=make_rubric_version(state=RubricVersion.State.DRAFT))
    client.force_login(admin)

    assert client.get(answer_url(answer)).status_code == 404
    assert client.post(answer_url(answer), {"value": "3"}).status_code == 404


def test_practice_without_answers_says_where_they_come_from(client, interviewer):
    client.force_login(interviewer)

    assert "Nothing to practise on yet" in client.get(URL).content.decode()


def test_home_and_scorecard_offer_practice_before_the_first_scorecard_only(client, interviewer):
    opening = make_opening()
    make_sample_answer(version=opening.rubric_version)
    card = make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    pages = [reverse("candidates:home"), reverse("candidates:scorecard_edit", args=[card.pk])]
    client.force_login(interviewer)

    first = ["Rate 1 sample answer and see" in client.get(page).content.decode() for page in pages]
    make_scorecard(interviewer=interviewer, submitted=True)
    later = ["sample answer" in client.get(page).content.decode() for page in pages]

    assert (first, later) == ([True, True], [False, False])


@pytest.mark.parametrize("answers", [1, 3])
def test_practice_query_count_is_flat(client, interviewer, django_assert_num_queries, answers):
    version = make_rubric_version()
    for number in range(answers):
        answer = make_sample_answer(version=version)
        if number != 1:
            PracticeRating.objects.create(user=interviewer, answer=answer, value=3)
    client.force_login(interviewer)
    client.get(URL)

    with django_assert_num_queries(4):
        client.get(URL)
    with django_assert_num_queries(6):
        client.get(answer_url(answer))
