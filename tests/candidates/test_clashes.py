"""Two texts of one card: named in words, settled by a person."""

import pytest

from candidates.clashes import find_clashes, settle
from candidates.models import Scorecard
from candidates.sheet import load_sheet
from smarter.accounts.models import User
from tests.factories import make_scorecard

EVIDENCE = "Said what happened, what was done about it, and what came of it."


@pytest.fixture
def card(db: None, interviewer: User) -> Scorecard:
    """An open card."""
    return make_scorecard(interviewer=interviewer)


def test_clashes_name_both_texts_in_words(card: Scorecard) -> None:
    saved = load_sheet(
        card,
        {
            "recommendation": "3",
            "rating.strategic": "4",
            "evidence.strategic": EVIDENCE,
            "rating.action": "no",
            "reason.action": "no_example",
        },
    )
    typed = saved.fields | {
        "rating.strategic": "2",
        "evidence.strategic": "",
        "reason.action": "ran_out_of_time",
        "recommendation": "1",
        "note.teams.teams-0": "quick",
    }

    clashes = [(c.label, c.mine, c.theirs, c.is_text, c.keeps_mine) for c in find_clashes(saved, typed)]

    assert clashes == [
        ("Recommendation", "Strong no", "Yes", False, True),
        ("Score on Strategic", "2", "4", False, True),
        ("Evidence on Strategic", "", EVIDENCE, True, False),
        ("Reason on Action", "Ran out of time", "Asked, no example given", False, True),
        ("Notes on Teams, question 1", "quick", "", True, True),
    ]


def test_settling_keeps_mine_theirs_or_both(card: Scorecard) -> None:
    saved = load_sheet(card, {"evidence.strategic": "one", "evidence.teams": "two", "summary": "three"})
    typed = {"evidence.strategic": "a", "evidence.teams": "b", "summary": "c", "rating.teams": "4"}
    choices = {
        "keep.evidence.strategic": "theirs",
        "keep.evidence.teams": "both",
        "keep.summary": "mine",
        "keep.rating.teams": "both",
    }

    assert settle(saved, typed, choices) == {
        "evidence.strategic": "one",
        "evidence.teams": "two\n\nb",
        "summary": "c",
        "rating.teams": "4",
    }
