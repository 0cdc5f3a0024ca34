"""Practice: what is kept, how near one comes, and from when on a kappa is told."""

import pytest
from django.db import IntegrityError
from statsmodels.stats.inter_rater import cohens_kappa

from candidates.models import PracticeRating
from candidates.practising import (
    Nearness,
    distance_words,
    measure,
    offer_practice,
    rate_answer,
    read_practice,
)
from candidates.statistics.agreement import kappa_words
from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import read_document
from rubrics.models import RubricVersion, SampleAnswer
from rubrics.versioning import copy_to_draft, publish_version, save_draft
from smarter.audit.models import AuditEvent
from smarter.marks import figure
from tests.factories import make_rubric_version, make_sample_answer, make_scorecard

pytestmark = pytest.mark.django_db

OWN = [4, 2, 3, 5, 1, 4, 3, 2, 5, 3]
AGREED = [4, 3, 3, 4, 1, 5, 1, 2, 5, 4]


def rate_all(user, own, agreed):
    """Answers with these agreed ratings, rated so."""
    version = make_rubric_version()
    answers = [make_sample_answer(version=version, rating=rating) for rating in agreed]
    return [rate_answer(user=user, answer=answer, value=value) for answer, value in zip(answers, own, strict=True)]


@pytest.fixture
def built_in():
    """The built-in rubric, published."""
    return publish_rubric(document=read_document(BUILT_IN.read_bytes()), user=None).version


def test_built_in_rubric_ships_five_answers_to_practise_on(built_in, interviewer):
    (exercise,) = read_practice(interviewer).exercises

    assert (exercise.rubric, exercise.number, exercise.done, len(exercise.tries)) == ("SMART sales leadership", 1, 0, 5)
    assert [row.answer.question.dimension.letter for row in exercise.tries] == list("SMART")
    assert sorted(row.answer.rating for row in exercise.tries) == [1, 2, 3, 4, 5]
    assert {row.words for row in exercise.tries} == {"To rate"}


def test_rating_is_kept_once_with_an_audit_event_that_does_not_tell_it(interviewer):
    answer = make_sample_answer(rating=4)

    first = rate_answer(user=interviewer, answer=answer, value=3)
    second = rate_answer(user=interviewer, answer=answer, value=4)

    assert second == first
    assert (first.value, first.distance) == (3, -1)
    event = AuditEvent.objects.get()
    assert (event.act, event.actor, event.subject_id, event.detail) == (
        "practice.rate",
        interviewer,
        answer.version_id,
        {"number": 1},
    )


def test_kappa_from_ten_answers_on_is_that_of_statsmodels(interviewer):
    rate_all(interviewer, OWN, AGREED)
    table = [[0] * 5 for _ in range(5)]
    for own, agreed in zip(OWN, AGREED, strict=True):
        table[own - 1][agreed - 1] += 1

    nearness = read_practice(interviewer).nearness

    expected = cohens_kappa(table, wt="quadratic", return_results=False)
    assert nearness == Nearness(
        rated=10, exact=5, within_one=9, kappa=figure(float(expected), 2), words=kappa_words(expected)
    )
    assert nearness.kappa == "0.77"


def test_below_ten_answers_there_is_no_kappa_and_the_page_says_what_is_missing(interviewer):
    ratings = rate_all(interviewer, OWN[:9], AGREED[:9])

    assert measure(ratings) == Nearness(
        rated=9, exact=5, within_one=8, kappa="", words="A single figure for it needs 10 rated answers; you have 9."
    )
    assert measure([]) is None


def test_kappa_of_one_rating_throughout_is_not_told(interviewer):
    assert measure(rate_all(interviewer, [3] * 10, [3] * 10)).words == (
        "Every rating is the same, so there is nothing to tell apart."
    )


@pytest.mark.parametrize(
    ("kappa", "start"), [(1.0, "You rate as"), (0.8, "You rate as"), (0.79, "You are close"), (0.59, "Not close yet")]
)
def test_kappa_in_words(kappa, start):
    assert kappa_words(kappa).startswith(start)


@pytest.mark.parametrize(("distance", "words"), [(0, "as agreed"), (-1, "1 lower"), (2, "2 higher")])
def test_distance_in_words(distance, words):
    assert distance_words(distance) == words


def test_answer_taken_over_word_for_word_is_not_asked_again_and_a_changed_one_is(built_in, interviewer, admin):
    for answer in built_in.sample_answers.all():
        rate_answer(user=interviewer, answer=answer, value=3)
    draft = copy_to_draft(version=built_in, user=admin)
    document = document_of(draft)
    document["exercises"][0]["answer"] += " It took a year."
    document["exercises"][1]["rating"] = 3
    save_draft(version=draft, document=document, revision=0, user=admin)
    publish_version(version=RubricVersion.objects.get(pk=draft.pk), user=admin, note="Two answers sharper.")

    practice = read_practice(interviewer)

    (exercise,) = practice.exercises
    assert (exercise.number, exercise.done) == (2, 3)
    assert [row.rating is None for row in exercise.tries] == [True, True, False, False, False]
    assert practice.next.number == 1
    assert len(practice.history) == 5


def test_one_answer_of_two_versions_counts_once(built_in, interviewer, admin):
    draft = copy_to_draft(version=built_in, user=admin)
    publish_version(version=draft, user=admin, note="The same.")
    for answer in SampleAnswer.objects.filter(key="exercise-action"):
        rate_answer(user=interviewer, answer=answer, value=answer.version.number)

    nearness = read_practice(interviewer).nearness

    assert (nearness.rated, nearness.exact) == (1, 0)


def test_only_own_ratings_are_ever_read(interviewer, colleague):
    rate_all(interviewer, OWN, AGREED)

    practice = read_practice(colleague)

    assert (practice.history, practice.nearness) == ((), None)
    assert not PracticeRating.objects.held_by(colleague).exists()


def test_drafts_and_retired_versions_are_not_practised_on(interviewer):
    make_sample_answer(version=make_rubric_version(state=RubricVersion.State.DRAFT))
    make_sample_answer(version=make_rubric_version(state=RubricVersion.State.RETIRED))

    assert read_practice(interviewer).exercises == ()


def test_practice_is_offered_until_the_first_scorecard_is_in_or_all_is_rated(built_in, interviewer, colleague):
    rubrics = [built_in.rubric_id]
    assert offer_practice(interviewer, rubrics, None) == "5 sample answers"
    assert offer_practice(interviewer, [], None) == ""
    first, *rest = built_in.sample_answers.all()
    rate_answer(user=interviewer, answer=first, value=3)
    assert offer_practice(interviewer, rubrics, None) == "4 sample answers"
    for answer in rest:
        rate_answer(user=interviewer, answer=answer, value=3)

    assert offer_practice(interviewer, rubrics, None) == ""
    assert offer_practice(colleague, rubrics, None) == "5 sample answers"
    make_scorecard(interviewer=colleague, submitted=True)
    assert offer_practice(colleague, rubrics, None) == ""


@pytest.mark.parametrize("value", [0, 6])
def test_ratings_stay_on_the_scale(interviewer, value):
    with pytest.raises(IntegrityError):
        rate_answer(user=interviewer, answer=make_sample_answer(), value=value)


def test_rating_that_cannot_be_recorded_is_not_kept(interviewer, monkeypatch):
    def refuse(**_event):
        raise RuntimeError("the audit is full")

    monkeypatch.setattr("candidates.practising.record", refuse)

    with pytest.raises(RuntimeError, match="the audit is full"):
        rate_answer(user=interviewer, answer=make_sample_answer(), value=3)

    assert PracticeRating.objects.count() == 0
