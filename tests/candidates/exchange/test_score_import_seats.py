"""Scores that come in for a seat on a panel: what was planned and what somebody began is kept."""

import pytest
from django.utils import timezone

from candidates.exchange.panel import Panel
from candidates.models import Interview, Score, Scorecard
from tests.candidates.exchange.files import csv_of, faults_of, load
from tests.factories import make_application, make_interview, make_opening, make_scorecard

HEADING = "candidate,interviewer,dimension,rating"


@pytest.fixture
def small(recruiter):
    """An opening that rates two dimensions."""
    return make_opening(recruiter=recruiter, dimensions=2)


def test_waiting_seat_is_filled(small):
    interview = make_interview(application=make_application(opening=small, name="Anna"), title="First call")
    seat = make_scorecard(interview=interview, focus=["strategic"])

    load(small, csv_of(HEADING, f"Anna,{seat.interviewer.email},S,4"))

    seat.refresh_from_db()
    assert (seat.state, seat.focus, seat.scores.get().value) == ("submitted", ["strategic"], 4)
    assert Interview.objects.get().rubric_version == small.rubric_version


def test_seat_that_was_opened_keeps_when_and_no_other_seat_is_touched(small):
    opened_at = timezone.now() - timezone.timedelta(days=1)
    interview = make_interview(application=make_application(opening=small, name="Anna"), title="First call")
    seat = make_scorecard(interview=interview, is_shadow=True, opened_at=opened_at)
    other = make_scorecard(interview=interview)
    theirs = make_scorecard(interview=interview, submitted=True)
    heading = HEADING + ",submitted_at,independent"

    load(small, csv_of(heading, *(f"Anna,{seat.interviewer.email},{letter},4,,no" for letter in "SM")))

    cards = {card.pk: card for card in Scorecard.objects.all()}
    found = cards[seat.pk]
    assert (found.state, found.is_shadow, found.is_independent, found.version) == ("submitted", True, False, 1)
    assert (found.opened_at, found.focus, found.summary, found.saved_at) == (opened_at, [], "", found.submitted_at)
    assert timezone.now() - found.submitted_at < timezone.timedelta(minutes=10)
    assert (cards[other.pk].state, cards[theirs.pk].submitted_at) == ("waiting", theirs.submitted_at)
    assert [score.value for score in theirs.scores.all()] == [3, 3]
    assert [score.value for score in seat.scores.all()] == [4, 4]


def test_seat_that_somebody_begins_meanwhile_is_left_to_them(small, monkeypatch):
    interview = make_interview(application=make_application(opening=small, name="Anna"))
    seat = make_scorecard(interview=interview)
    make_scorecard(interview=interview)
    refusal = Panel.refusal

    def begin(panel, card):
        found = refusal(panel, card)
        Scorecard.objects.filter(pk=seat.pk).update(state="draft", opened_at=timezone.now())
        return found

    monkeypatch.setattr(Panel, "refusal", begin)

    assert faults_of(small, csv_of(HEADING, f"Anna,{seat.interviewer.email},S,4")) == [
        "Row 2: somebody began a scorecard of this file just now. Import it again."
    ]
    assert not Score.objects.exists()


def test_planned_focus_must_be_covered(small):
    interview = make_interview(application=make_application(opening=small, name="Anna"))
    seat = make_scorecard(interview=interview, focus=["strategic", "measurable"])

    assert faults_of(small, csv_of(HEADING, f"Anna,{seat.interviewer.email},S,4")) == [
        "Row 2, dimension: the scorecard has no row for Measurable. Add a rating or a reason in not_observed."
    ]


def test_focus_of_the_file_takes_the_place_of_the_planned_one(small):
    interview = make_interview(application=make_application(opening=small, name="Anna"))
    seats = [make_scorecard(interview=interview, focus=["strategic"]) for _ in range(2)]
    both = [(seats[0], letter, "M") for letter in "SM"] + [(seats[1], letter, "") for letter in "SM"]

    load(
        small,
        csv_of(HEADING + ",focus", *(f"Anna,{s.interviewer.email},{letter},4,{focus}" for s, letter, focus in both)),
    )

    assert list(Scorecard.objects.order_by("pk").values_list("focus", flat=True)) == [["measurable"], []]


def test_partial_scorecard_without_a_plan_is_focused_on_what_it_rates(small):
    load(small, csv_of(HEADING, "Anna,x@example.com,M,4"))

    assert Scorecard.objects.get().focus == ["measurable"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"values": [3]}, "has begun this scorecard. It is theirs to submit, so leave these rows out."),
        ({"state": "declined"}, "declined this scorecard, so leave these rows out."),
    ],
)
def test_seat_that_is_begun_or_declined_is_left_alone(small, fields, fault):
    seat = make_scorecard(application=make_application(opening=small, name="Anna"), **fields)

    assert faults_of(small, csv_of(HEADING, f"Anna,{seat.interviewer.email},S,4")) == [f"Row 2, interviewer: {fault}"]
