"""Figures of the 1-5 scale as people read them."""

from decimal import Decimal

import pytest

from smarter.marks import Mark, figure, rating_class, rating_text, sentence, signed


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (3.25, 1, "3.3"),
        (Decimal("3.25"), 1, "3.3"),
        (2.675, 2, "2.68"),
        (-0.44, 1, "−0.4"),
        (-0.04, 1, "0.0"),
        (4, 1, "4.0"),
        (None, 1, "–"),
    ],
)
def test_figure_rounds_half_up_with_a_true_minus(value, places, expected):
    assert figure(value, places) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.43, "+0.4"), (-0.43, "−0.4"), (0.04, "0.0"), (None, "–")])
def test_signed_shows_the_direction(value, expected):
    assert signed(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(1, "r1"), (1.49, "r1"), (2.5, "r3"), (4.5, "r5"), (5, "r5"), (0.2, "r1")]
)
def test_rating_class_is_that_of_the_nearest_rating(value, expected):
    assert rating_class(value) == expected


def test_rating_text_tells_ratings_from_means():
    assert (rating_text(4), rating_text(4.0)) == ("4", "4.0")


def test_sentence_names_scores_then_gaps():
    marks = [
        Mark("S", "Strategic", 4),
        Mark("M", "Measurable", 4.5),
        Mark("A", "Action", state="todo"),
        Mark("R", "Relationships", state="todo"),
        Mark("T", "Teams", state="na"),
    ]

    assert sentence(marks) == "Strategic 4, Measurable 4.5, Action and Relationships to score, Teams not observed"


def test_sentence_of_an_untouched_card_and_of_a_focus():
    todo = [Mark("S", "Strategic", state="todo"), Mark("A", "Action", state="todo")]
    focus = [Mark("S", "Strategic"), Mark("A", "Action"), Mark("T", "Teams")]

    assert (sentence(todo), sentence(focus)) == ("No dimension scored yet", "Strategic, Action and Teams")
