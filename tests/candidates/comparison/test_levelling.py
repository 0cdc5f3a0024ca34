"""The severity check: its verdict, its figures, and what it refuses to say."""

import pytest

from candidates.comparison import place, read_opening
from candidates.comparison.levelling import level
from candidates.comparison.naming import name_candidates
from candidates.models import Opening
from smarter.accounts.models import User
from tests.factories import make_application, make_scorecard, make_user


@pytest.fixture
def raters(db: None) -> dict[str, User]:
    """A strict, a lenient and an even interviewer."""
    return {name: make_user(name=name) for name in ("Strict", "Lenient", "Even")}


def rate(opening: Opening, name: str, cards: dict[User, int]) -> None:
    """A candidate with one rating throughout each card."""
    application = make_application(opening=opening, name=name)
    for rater, value in cards.items():
        make_scorecard(application=application, interviewer=rater, values=[value] * 5, submitted=True)


def check(user: User, opening: Opening):
    """The check of all candidates of the opening."""
    found = place(read_opening(user, opening))
    return level(found, [row.application.pk for row in found.rows], name_candidates(found.reading))


def test_levelling_of_a_complete_panel_changes_nothing(recruiter, opening, raters):
    for name, ratings in {"Amara": (3, 5, 4), "Jonas": (2, 4, 4), "Beatriz": (2, 3, 2)}.items():
        rate(opening, name, dict(zip(raters.values(), ratings, strict=True)))

    found = check(recruiter, opening)

    assert found.verdict == "No. Everybody was rated by the same interviewers, so levelling them changes no score."
    assert [(row.name, row.official, row.adjusted, row.difference, row.span) for row in found.rows] == [
        ("Amara", "4.00", "4.00", "0.00", "3.1–4.9"),
        ("Jonas", "3.33", "3.33", "0.00", "2.4–4.3"),
        ("Beatriz", "2.33", "2.33", "0.00", "1.4–3.3"),
    ]
    assert [lean.name for lean in found.leans] == ["Even", "Lenient", "Strict"]
    assert all(lean.words.endswith(", on 3 candidates") for lean in found.leans)


def test_levelling_names_who_would_come_first_and_leaves_the_official_score(recruiter, opening, raters):
    strict, lenient, even = raters.values()
    for number in range(9):
        rate(opening, f"Chain {number}", {strict: 1, lenient: 5, even: 3})
    rate(opening, "Met the strict", {strict: 3, even: 3})
    rate(opening, "Met the lenient", {lenient: 4, even: 3})

    found = check(recruiter, opening)

    assert found.verdict == (
        "Yes. Levelled, Met the strict would come before Met the lenient. The panel does not clearly separate the two. "
        "The official scores stay as they are; take it as a question for the debrief."
    )
    official = {row.name: row.official for row in found.rows}
    assert (official["Met the lenient"], official["Met the strict"]) == ("3.50", "3.00")
    words = {lean.name: lean.words.split(",")[0] for lean in found.leans}
    assert words == {
        "Strict": "rates below the others",
        "Lenient": "rates above the others",
        "Even": "no clear lean",
    }


def test_levelling_of_unconnected_panels_is_refused_with_what_would_mend_it(recruiter, opening, raters):
    strict, lenient, even = raters.values()
    rate(opening, "Amara", {strict: 3, even: 4})
    rate(opening, "Jonas", {lenient: 5})

    found = check(recruiter, opening)

    assert (found.rows, found.leans) == ((), ())
    assert "The panels fall into 2 groups" in found.verdict
    assert "an interview of Jonas with" in found.verdict


def test_levelling_of_different_panels_that_rate_alike_does_not_say_they_were_the_same(recruiter, opening, raters):
    strict, lenient, even = raters.values()
    rate(opening, "Amara", {strict: 4, even: 4})
    rate(opening, "Jonas", {lenient: 3, even: 3})
    rate(opening, "Beatriz", {strict: 2, lenient: 2})

    assert check(recruiter, opening).verdict == "No. The interviewers rate alike, so levelling them changes no score."


@pytest.mark.parametrize("first", ["Met the strict", "Met the lenient"])
def test_levelling_of_a_tie_says_who_would_come_first(recruiter, opening, raters, first):
    strict, lenient, even = raters.values()
    for number in range(9):
        rate(opening, f"Chain {number}", {strict: 1, lenient: 5, even: 3})
    panels = {"Met the strict": {strict: 4, even: 3}, "Met the lenient": {lenient: 4, even: 3}}
    for name in sorted(panels, key=lambda name: name != first):  # whoever applied first
        rate(opening, name, panels[name])

    assert check(recruiter, opening).verdict.startswith(
        f"Yes. Officially {first} and {next(name for name in panels if name != first)} are level. "
        "Levelled, Met the strict would come before Met the lenient."
    )


def test_levelling_claims_nothing_about_one_scorecard(recruiter, opening, raters):
    strict, lenient, even = raters.values()
    for number in range(3):
        rate(opening, f"Chain {number}", {strict: 1, lenient: 5, even: 3})
    rate(opening, "Once", {strict: 3})

    found = check(recruiter, opening)

    assert (len(found.rows), found.left_out) == (3, "Once")
    assert "Once" not in found.verdict


def test_levelling_of_one_candidate_has_no_order_to_change(recruiter, opening, raters):
    rate(opening, "Amara", dict(zip([*raters.values(), make_user()], (3, 4, 4, 5), strict=True)))

    assert check(recruiter, opening).verdict == (
        "Only Amara has two complete scorecards to level, so there is no order to change."
    )
