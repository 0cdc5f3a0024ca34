"""Initials are told apart over a group, the same whatever its order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarter.initials import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sanna Virtanen", "SV"),
        ("Olivier de la Fontaine", "OF"),
        ("élodie Ørsted", "ÉØ"),
        ("Cher", "Ch"),
        ("Priya Raman (she)", "PR"),
        ("  ", "?"),
        ("", "?"),
    ],
)
def test_initials_of_one_person(name, expected):
    assert initials([name]) == {name: expected}


def test_initials_shared_by_two_take_the_first_letter_that_differs():
    assert initials(["Daniel Achebe", "Dora Alvarez", "Sanna Virtanen"]) == {
        "Daniel Achebe": "Da",
        "Dora Alvarez": "Do",
        "Sanna Virtanen": "SV",
    }


def test_initials_shared_by_three_stay_distinct_in_any_order():
    names = ["Daniel Achebe", "Dan Abel", "Dora Alvarez"]

    answers = [initials(order) for order in itertools.permutations(names)]

    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == 3


def test_initials_of_a_name_that_begins_another_are_numbered():
    assert initials(["Jo Ash", "Jo Ashe"]) == {"Jo Ash": "J1", "Jo Ashe": "Je"}


@given(st.sets(st.text(alphabet="ABab çé", min_size=1, max_size=8), max_size=6))
def test_initials_are_short_and_given_to_everybody(names):
    answer = initials(names)

    assert set(answer) == names
    assert all(1 <= len(code) <= 2 for code in answer.values())
