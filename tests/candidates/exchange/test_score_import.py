"""Scorecards come in whole and submitted, or not at all; what is in never changes."""

import pytest
from django.utils import timezone

from candidates.exchange.score_export import score_rows, scores_of
from candidates.exchange.score_rows import COLUMNS
from candidates.exchange.tables import write_csv
from candidates.models import Application, Candidate, Interview, NotObserved, Revision, Score, Scorecard, Sight
from rubrics.models import RubricVersion
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.candidates.exchange.files import NOBODY, csv_of, faults_of, load, state_of
from tests.factories import (
    make_application,
    make_candidate,
    make_interview,
    make_opening,
    make_rubric_version,
    make_scorecard,
    make_user,
)

HEADING = "candidate,interviewer,dimension,rating"
NO_MORE = "what is in never changes."


@pytest.fixture
def small(recruiter):
    """An opening that rates two dimensions."""
    return make_opening(recruiter=recruiter, dimensions=2)


def test_scorecard_comes_in_submitted_with_all_it_says(small):
    anna = make_application(opening=small, name="Anna Berg")
    priya = make_user(name="Priya Raman", email="priya@example.com")

    imported = load(
        small,
        csv_of(
            "candidate;interviewer;dimension;rating;evidence;interview;recommendation;not_observed;shadow;summary",
            'anna berg;PRIYA@example.com;s;4;"Said ""no""; twice";First call;Strong yes;;yes;Good.',
            "Anna Berg;Priya Raman;MEASURABLE;;;First call;;Ran out of time;;",
        ),
        creating=NOBODY,
    )

    card = Scorecard.objects.get()
    assert (imported.new_cards, imported.rows, imported.new_candidates, imported.new_interviewers) == (1, 2, [], [])
    assert (card.interview.application, card.interview.title, card.interviewer) == (anna, "First call", priya)
    assert (card.state, card.recommendation, card.is_shadow, card.is_independent, card.summary, card.focus) == (
        "submitted",
        4,
        True,
        True,
        "Good.",
        [],
    )
    assert card.opened_at == card.saved_at == card.submitted_at <= timezone.now()
    assert card.interview.rubric_version == small.rubric_version
    assert [(each.dimension.letter, each.value, each.not_observed, each.evidence) for each in card.scores.all()] == [
        ("S", 4, "", 'Said "no"; twice'),
        ("M", None, NotObserved.RAN_OUT_OF_TIME, ""),
    ]
    assert set(card.scores.values_list("is_final", flat=True)) == {True}


def test_unknown_people_are_made_where_that_is_asked_for(small):
    imported = load(
        small,
        csv_of(
            HEADING,
            "Anna Berg,Interviewer 1,S,4",
            "Anna Berg,Interviewer 1,M,3",
            "bo.lind@example.com,x@example.com,S,2",
            "bo.lind@example.com,x@example.com,M,1",
        ),
    )

    assert (imported.new_candidates, imported.new_interviewers) == (["Anna Berg", "Bo Lind"], ["Interviewer 1", "X"])
    assert set(Candidate.objects.values_list("name", "email")) == {
        ("Anna Berg", ""),
        ("Bo Lind", "bo.lind@example.com"),
    }
    people = User.objects.filter(scorecards__isnull=False)
    assert {(person.email, person.has_usable_password()) for person in people} == {
        ("interviewer-1@people.invalid", False),
        ("x@example.com", False),
    }
    assert set(Application.objects.values_list("stage", flat=True)) == {"interviewing"}


def test_person_entered_elsewhere_is_recognised_by_address(small):
    anna = make_candidate(name="Anna Berg", email="anna@example.com")

    load(
        small,
        csv_of("candidate,candidate_email,interviewer,dimension,rating", "A. Berg,Anna@Example.com,x@example.com,S,4"),
    )

    assert list(Candidate.objects.all()) == [anna]
    assert Application.objects.get().candidate == anna


def test_revisions_come_in_beside_the_first_score(small):
    card = make_scorecard(opening=small, submitted=True)
    Revision.objects.create(score=card.scores.first(), value=5, reason="slip", text="Meant five.")
    other = make_opening(rubric_version=small.rubric_version)

    load(other, write_csv(COLUMNS, score_rows(scores_of(small, None))).encode())

    assert state_of(other) == state_of(small)
    found = Revision.objects.exclude(score__scorecard=card).values_list("score__value", "value", "reason", "text")
    assert list(found) == [(3, 5, "slip", "Meant five.")]


def test_importing_twice_changes_nothing(small):
    content = csv_of(HEADING, "Anna,x@example.com,S,4", "Anna,x@example.com,M,3", "Bo,x@example.com,S,1")
    load(small, content)
    before, events = state_of(small), AuditEvent.objects.count()

    again = load(small, content)

    assert (again.new_cards, again.same_cards, again.new_candidates) == (0, 2, [])
    assert (state_of(small), AuditEvent.objects.count()) == (before, events)
    assert [Interview.objects.count(), Scorecard.objects.count(), Score.objects.count()] == [2, 2, 3]


def test_submitted_scores_never_change(small):
    load(small, csv_of(HEADING + ",evidence", "Anna,x@example.com,S,4,He said so.", "Anna,x@example.com,M,3,"))
    before = state_of(small)

    faults = faults_of(
        small,
        csv_of(
            HEADING + ",evidence,recommendation",
            "Anna,x@example.com,S,4,He did not.,no",
            "Anna,x@example.com,M,2,,no",
        ),
    )

    assert faults == [
        "Row 2, evidence: differs from the score that is in, and a submitted score never changes.",
        "Row 2, recommendation: differs from the scorecard that is in, and what is in never changes.",
        "Row 3, rating: differs from the score that is in, and a submitted score never changes.",
    ]
    assert state_of(small) == before


def test_one_wrong_row_stops_all(small):
    faults = faults_of(small, csv_of(HEADING, "Anna,x@example.com,S,4", "Bo,x@example.com,S,6"))

    assert faults == ["Row 3, rating: “6” is no rating. Give a whole number from 1 to 5."]
    assert [Candidate.objects.count(), Scorecard.objects.count(), AuditEvent.objects.count()] == [0, 0, 0]


def test_dry_run_checks_and_writes_nothing(small):
    imported = load(small, csv_of(HEADING, "Anna,x@example.com,S,4"), dry_run=True)

    assert (imported.new_cards, imported.new_candidates) == (1, ["Anna"])
    assert [Candidate.objects.count(), Scorecard.objects.count(), AuditEvent.objects.count()] == [0, 0, 0]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"candidate": ""}, "candidate: is empty. Give the candidate’s name or e-mail."),
        ({"candidate": "an@na@x"}, "candidate: “an@na@x” is no e-mail address."),
        ({"candidate": "x" * 151}, "candidate: has 151 characters; at most 150 fit."),
        ({"candidate_email": "anna"}, "candidate_email: “anna” is no e-mail address."),
        ({"interviewer": ""}, "interviewer: is empty. Give the interviewer’s e-mail or name."),
        ({"dimension": ""}, "dimension: is empty. Give the dimension’s letter or name."),
        ({"dimension": "Z"}, "dimension: “Z” is no dimension of this rubric. It has S Strategic, M Measurable."),
        ({"rating": ""}, "rating: is empty. Give 1 to 5, or a reason in not_observed."),
        ({"rating": "0"}, "rating: “0” is no rating. Give a whole number from 1 to 5."),
        ({"rating": "4.5"}, "rating: “4.5” is no rating. Give a whole number from 1 to 5."),
        ({"rating": "٤"}, "rating: “٤” is no rating. Give a whole number from 1 to 5."),
        ({"not_observed": "no_example"}, "not_observed: has a reason although there is a rating. Leave one of them"),
        ({"not_observed": "no time"}, "not_observed: “no time” is no reason. Give one of did_not_come_up, ran_out_of"),
        ({"recommendation": "maybe"}, "recommendation: “maybe” is no recommendation. Give one of strong_no, no, yes"),
        ({"shadow": "jein"}, "shadow: “jein” is neither “yes” nor “no”."),
        ({"interview": "x" * 121}, "interview: has 121 characters; at most 120 fit."),
        ({"interview_at": "soon"}, "interview_at: “soon” is no date and time. Write it as 2026-03-31T14:30+01:00."),
        ({"submitted_at": "2190-01-01T10:00Z"}, "submitted_at: “2190-01-01T10:00Z” is still to come."),
        ({"rubric_version": "9"}, "rubric_version: this rubric has no published version 9."),
        ({"rubric_version": "-1"}, "rubric_version: “-1” is no number of a version."),
        ({"focus": "S Q"}, "focus: “Q” is no dimension of this rubric. It has S Strategic, M Measurable."),
        ({"focus": "S M"}, "dimension: the scorecard has no row for Measurable. Add a rating or a reason in not_obs"),
        ({"revisions": "{}"}, "revisions: is not what an export writes. Leave it empty, or copy it unchanged."),
        ({"revisions": "[" * 9999}, "revisions: is not what an export writes. Leave it empty, or copy it unchanged."),
    ],
    ids=str,
)
def test_wrong_row_is_told_with_what_would_be_right(small, cells, fault):
    right = {"candidate": "Anna", "interviewer": "x@example.com", "dimension": "S", "rating": "4"}

    faults = faults_of(small, csv_of(",".join(right | cells), ",".join((right | cells).values())))

    assert len(faults) == 1
    assert faults[0].startswith(f"Row 2, {fault}")


def test_people_who_are_not_known_are_told_with_the_nearest_name(small):
    make_application(opening=small, name="Anna Berg")
    make_user(name="Priya Raman")

    faults = faults_of(
        small,
        csv_of(HEADING, "Anna Borg,Priya Raman,S,4", "Anna Berg,Prya Raman,S,4", "Zoe,Priya Raman,S,4"),
        creating=NOBODY,
    )

    assert faults == [
        "Row 2, candidate: nobody here is called “Anna Borg”. Do you mean “Anna Berg”?",
        "Row 3, interviewer: nobody here is called “Prya Raman”. Do you mean “Priya Raman”?",
        "Row 4, candidate: nobody here is called “Zoe”. Add the candidate first.",
    ]


def test_name_of_two_people_needs_the_address(small):
    make_application(opening=small, name="Anna Berg")
    make_application(opening=small, name="anna berg")

    assert faults_of(small, csv_of(HEADING, "Anna Berg,x@example.com,S,4")) == [
        "Row 2, candidate: “Anna Berg” are 2 people. Give the candidate_email."
    ]


def test_repeated_and_contradicting_rows_name_each_other(small):
    faults = faults_of(
        small,
        csv_of(
            HEADING + ",recommendation",
            "Anna,x@example.com,S,4,yes",
            "Anna,x@example.com,S,5,",
            "Anna,x@example.com,M,3,no",
        ),
    )

    assert faults == [
        "Row 3, dimension: repeats row 2. Keep one of them.",
        "Row 4, recommendation: differs from row 2 of the same scorecard.",
    ]


def test_interviewer_in_two_interviews_needs_to_say_which(small):
    application = make_application(opening=small, name="Anna")
    first = make_scorecard(interview=make_interview(application=application, title="First"))
    make_scorecard(interview=make_interview(application=application, title="Second"), interviewer=first.interviewer)

    assert faults_of(small, csv_of(HEADING, f"Anna,{first.interviewer.email},S,4")) == [
        "Row 2, interview: is empty, but this interviewer sits in “First”, “Second”. Say which."
    ]


def test_older_version_is_pinned_where_the_file_says_so(small):
    old = small.rubric_version
    new = make_rubric_version(rubric=old.rubric, number=2, dimensions=3)
    small.rubric_version = new
    small.save()

    load(
        small,
        csv_of(
            HEADING + ",rubric_version,interview",
            "Anna,x@example.com,S,4,1,Old",
            "Anna,x@example.com,M,4,,Old",
            "Anna,x@example.com,A,4,,New",
        ),
    )

    assert {each.title: each.rubric_version for each in Interview.objects.all()} == {"Old": old, "New": new}
    assert {(score.dimension.version_id, score.dimension.letter) for score in Score.objects.all()} == {
        (old.pk, "S"),
        (old.pk, "M"),
        (new.pk, "A"),
    }
    assert RubricVersion.objects.count() == 2


def test_rater_who_has_seen_others_scores_is_not_independent(small, interviewer):
    theirs = make_scorecard(application=make_application(opening=small, name="Anna"), submitted=True)
    Sight.objects.create(application=theirs.interview.application, viewer=interviewer)

    load(small, csv_of(HEADING, f"Anna,{interviewer.email},S,4"))

    assert Scorecard.objects.get(interviewer=interviewer).is_independent is False


def test_import_is_recorded_without_names_or_ratings(small):
    load(small, csv_of(HEADING, "Anna,x@example.com,S,4"))

    event = AuditEvent.objects.get()
    assert (event.act, event.opening_id, event.actor, event.detail) == (
        "opening.import",
        small.pk,
        None,
        {"cards": 1, "scores": 1, "candidates": 1, "people": 1},
    )


@pytest.mark.parametrize("cards", [1, 30])
def test_number_of_queries_does_not_grow(small, django_assert_num_queries, cards):
    rows = [f"Candidate {number},x@example.com,S,4" for number in range(cards)]

    with django_assert_num_queries(20):
        load(small, csv_of(HEADING, *rows))


# What somebody on a page may find out: no more than they may read.


def test_importer_on_a_page_has_seen_what_came_in(small, recruiter):
    load(small, csv_of(HEADING, f"Anna,{make_user().email},S,4"), user=recruiter)

    card = Scorecard.objects.get()
    assert card.first_seen_at is not None
    assert Sight.objects.get().viewer == recruiter


@pytest.mark.parametrize("rating", [3, 4])
def test_hidden_scores_can_not_be_found_out_by_trying(small, recruiter, rating):
    application = make_application(opening=small, name="Anna")
    theirs = make_scorecard(application=application, values=[3, 3], submitted=True)
    make_scorecard(interview=theirs.interview)  # still open, so the recruiter may not read yet
    row = f"Anna,{theirs.interviewer.email},S,{rating}"

    assert faults_of(small, csv_of(HEADING, row), user=recruiter) == [
        "Row 2, interviewer: has a scorecard here already. What it says is hidden from you for now, "
        "so leave these rows out."
    ]


@pytest.mark.parametrize("state", ["submitted", "declined", "waiting", "draft"])
def test_sealed_importer_learns_nothing_of_the_panel(small, recruiter, state):
    application = make_application(opening=small, name="Anna")
    theirs = make_scorecard(
        application=application, state=state, **({"submitted_at": timezone.now()} if state == "submitted" else {})
    )
    make_scorecard(application=application, interviewer=recruiter)

    assert faults_of(small, csv_of(HEADING, f"Anna,{theirs.interviewer.email},S,3"), user=recruiter) == [
        "Row 2, candidate: is a candidate for whom your own scorecard is still open. Submit it first, then import."
    ]


def test_people_of_other_teams_are_not_recognised(small, recruiter):
    make_candidate(name="Anna Elsewhere", email="anna@example.com")
    interviewer = make_user()

    load(
        small,
        csv_of("candidate,candidate_email,interviewer,dimension,rating", f"A,anna@example.com,{interviewer.email},S,4"),
        user=recruiter,
    )

    assert Application.objects.get().candidate.name == "A"
