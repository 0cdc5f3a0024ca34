"""The severity check: its verdict, its figures, and what it refuses to say."""

import pytest

from candidates.comparison.levelling import level
from candidates.comparison.naming import name_candidates
from candidates.comparison.standings import standings
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
    found = standings(user, opening)
    return level(found, [row.application.pk for row in found.rows], name_candidates(found.reading))


def test_levelling_of_a_complete_panel_changes_nothing(recruiter, opening, raters):
    for name, ratings in {"Amara": (3, 5, 4), "Jonas": (2, 4, 4), "Beatriz": (2, 3, 2)}.items():
        rate(opening, name, dict(zip(raters.values(), ratings, strict=True)))

    found = check(recruiter, opening)

    assert found.verdict == "No. Everybody was rated by the same interviewers, so levelling them changes no score."
    assert [(row.name, row.official, row.adjusted, row.difference) for row in found.rows] == [
        ("Amara", "4.00", "4.00", "0.00"),
        ("Jonas", "3.33", "3.33", "0.00"),
        ("Beatriz", "2.33", "2.33", "0.00"),
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

    assert found.verdict.startswith("Yes. Levelled, Met the strict would come before Met the lenient.")
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
