"""What the ratings say, in sentences and rows."""

import pytest

from candidates.comparison import place, read_opening
from candidates.comparison.naming import name_candidates
from candidates.comparison.order import NOTHING_LEFT, describe_order, pair_sentence
from candidates.comparison.seats import read_seats
from candidates.models import Application, Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_candidate, make_opening, make_scorecard, make_user


def rate(opening: Opening, name: str, raters: list[User], *values: int | None) -> Application:
    """A candidate with one value throughout each card."""
    candidate = make_candidate(name=name, current_role=f"Sales Director at {name} Ltd", created_by=opening.created_by)
    application = make_application(opening=opening, candidate=candidate)
    for rater, value in zip(raters, values, strict=True):
        make_scorecard(application=application, interviewer=rater, values=[value] * 5, submitted=True)
    return application


def order_of(user: User, opening: Opening, *, masked: bool = False):
    """The panel for all candidates of the opening."""
    found = place(read_opening(user, opening))
    columns = [row.application.pk for row in found.rows]
    naming = name_candidates(found.reading, masked=masked)
    seats = read_seats(user, [row.application for row in found.rows])
    return describe_order(found, columns, naming, seats, official=found)


@pytest.fixture
def raters(db: None) -> list[User]:
    """Three people who sit on every panel."""
    return [make_user(name=name) for name in ("Daniel", "Dora", "Olivier")]


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (0.5, "No difference is seen between Amara and Jonas."),
        (0.7, "Amara is slightly ahead of Jonas (70 : 30)."),
        (0.854, "Amara is probably ahead of Jonas (85 : 15)."),
        (0.999, "Amara is clearly ahead of Jonas (95 : 5)."),
        (0.3, "Jonas is slightly ahead of Amara once interviewers are levelled."),
    ],
)
def test_pair_sentence_says_how_sure(ahead, sentence):
    assert pair_sentence("Amara", "Jonas", ahead) == sentence


def test_a_lead_that_only_levelling_gives_is_said_to_be_one():
    sentence = pair_sentence("Amara", "Jonas", 0.85, is_levelled=True)

    assert sentence == "Amara is probably ahead of Jonas once interviewers are levelled (85 : 15)."


def test_a_tier_against_the_official_scores_is_said_to_be_levelled(recruiter, opening):
    strict, lenient, even = (make_user(name=name) for name in ("Strict", "Lenient", "Even"))
    for number in range(9):
        rate(opening, f"Chain {number}", [strict, lenient, even], 1, 5, 3)
    rate(opening, "Met the strict", [strict, even], 3, 3)
    rate(opening, "Met the lenient", [lenient, even], 4, 3)
    found = place(read_opening(recruiter, opening))
    pks = [row.application.pk for row in found.rows if row.application.candidate.name.startswith("Met")]

    order = describe_order(found, pks, name_candidates(found.reading), [], official=found)

    assert order.lede.endswith("ahead of Met the lenient once interviewers are levelled.")


def test_order_names_those_who_share_a_tier(recruiter, opening, raters):
    for name in ("Amara", "Jonas"):
        rate(opening, name, raters, 5, 4, 4)
    rate(opening, "Beatriz", raters, 1, 2, 1)

    order = order_of(recruiter, opening)

    assert order.lede == "No difference is seen between Amara and Jonas."
    assert order.tiers == "The two share tier 1: the panel does not clearly separate them."
    assert [(row.name, row.employer, row.tier, row.starts_tier, row.chance) for row in order.rows] == [
        ("Amara", "Amara Ltd", 1, True, "50%"),
        ("Jonas", "Jonas Ltd", 1, False, "50%"),
        ("Beatriz", "Beatriz Ltd", 2, True, "under 5%"),
    ]
    assert order.pairs == (order.lede, "Jonas is clearly ahead of Beatriz (95 : 5).")
    assert order.notes == ()


def test_order_of_some_says_who_else_is_in_their_tier(recruiter, opening, raters):
    for name in ("Amara", "Jonas", "Leila"):
        rate(opening, name, raters, 5, 4, 4)
    rate(opening, "Beatriz", raters, 1, 2, 1)
    found = place(read_opening(recruiter, opening))
    pks = {row.application.candidate.name: row.application.pk for row in found.rows}

    def said(*names: str) -> str:
        return describe_order(
            found, [pks[name] for name in names], name_candidates(found.reading), [], official=found
        ).tiers

    assert said("Amara", "Beatriz") == "Amara shares tier 1 with 2 candidates not shown here."
    assert said("Amara", "Jonas") == (
        "The two share tier 1 with 1 candidate not shown here: the panel does not clearly separate them."
    )
    assert said("Amara", "Jonas", "Leila").startswith("Amara, Jonas and Leila share tier 1: ")


def test_order_of_one_card_each_refuses_intervals_and_says_what_would_allow_them(recruiter, opening, raters):
    rate(opening, "Amara", raters[:1], 4)
    rate(opening, "Jonas", raters[:1], 3)

    order = order_of(recruiter, opening)

    assert order.lede == (
        "Too few scorecards to say how sure the scores are. 3 more complete scorecards for these candidates would "
        "allow it."
    )
    assert [(row.name, row.tier, row.total, row.interval, row.chance) for row in order.rows] == [
        ("Amara", None, "4.0", "not stated", "not stated"),
        ("Jonas", None, "3.0", "not stated", "not stated"),
    ]


def test_order_notes_why_one_candidate_has_no_tier(recruiter, opening, raters):
    rate(opening, "Amara", raters, 5, 4, 4)
    rate(opening, "Beatriz", raters, 3, 3, 2)
    rate(opening, "Once", raters[:1], 5)
    partial = make_application(opening=opening, name="Partial")
    make_scorecard(application=partial, interviewer=raters[0], values=[4, 4, 4, 4, None], submitted=True)
    make_application(opening=opening, name="Empty")

    order = order_of(recruiter, opening)

    assert set(order.notes) == {
        "Once: one scorecard only, so nothing is said about how sure the score is. A second one would change that.",
        "Partial: 1 of 5 ratings was not observed, so there is a possible range instead of an interval, and no tier.",
    }
    assert [row.interval for row in order.rows if row.name == "Partial"] == ["3.4–4.2 possible"]
    assert [(row.name, row.closed.reason) for row in order.closed] == [("Empty", "No scorecard is in yet.")]


def test_order_of_a_panel_that_agrees_to_the_last_digit_is_not_called_certain(recruiter, opening, raters):
    rate(opening, "Amara", raters, 4, 4, 4)
    rate(opening, "Jonas", raters, 3, 3, 3)

    order = order_of(recruiter, opening)

    assert [row.interval for row in order.rows] == ["4.0–4.0", "3.0–3.0"]
    assert order.notes == (NOTHING_LEFT,)


def test_order_of_masked_names_links_to_nobody(recruiter, opening, raters):
    rate(opening, "Amara", raters, 1, 2, 2)
    rate(opening, "Jonas", raters, 5, 4, 4)

    order = order_of(recruiter, opening, masked=True)

    assert [(row.name, row.employer, row.candidate) for row in order.rows] == [
        ("Candidate B", "", None),
        ("Candidate A", "", None),
    ]
    assert order.lede == "Candidate B is clearly ahead of Candidate A (95 : 5)."


def test_order_of_an_opening_without_scores_says_so(recruiter):
    assert order_of(recruiter, make_opening(recruiter=recruiter)).lede == "No scores to compare yet."
