"""Where the marks of charts stand, worked by hand."""

import pytest

from candidates.comparison.charts import (
    Line,
    Rater,
    extra_height,
    place_on_scale,
    recommendation_place,
    scale_x,
    score_chart,
    stack,
)


@pytest.mark.parametrize(("value", "x"), [(1, 5.0), (2, 27.5), (3, 50.0), (4.5, 83.75), (5, 95.0), (0, 5.0), (7, 95.0)])
def test_scale_runs_from_5_to_95_per_cent(value, x):
    assert place_on_scale(value) == x


def test_scale_x_is_text_for_svg():
    assert (scale_x(4.1625), Line.on_scale(2, 4)) == ("76.2%", Line("27.5%", "72.5%", "45.0%"))


def test_equal_ratings_sit_in_pairs_then_stack():
    raters = [Rater(50.0, str(number), "") for number in range(5)] + [Rater(5.0, "a", ""), Rater(95.0, "b", "")]

    dots = [(dot.x, dot.y, dot.shift, dot.rater.initials) for dot in stack(raters, 36)]

    assert dots == [
        ("5.0%", 36, 0.0, "a"),
        ("50.0%", 36, -9.8, "0"),
        ("50.0%", 36, 9.8, "1"),
        ("50.0%", 16, -9.8, "2"),
        ("50.0%", 16, 9.8, "3"),
        ("50.0%", -4, 0.0, "4"),
        ("95.0%", 36, 0.0, "b"),
    ]


@pytest.mark.parametrize(
    ("stacks", "extra"), [([], 0), ([[]], 0), ([[3, 3, 3, 3]], 0), ([[3] * 5], 20), ([[1, 2], [4] * 7], 40)]
)
def test_charts_grow_with_the_highest_stack(stacks, extra):
    assert extra_height(stacks) == extra


def test_recommendations_stand_in_the_middle_of_their_quarter():
    assert [recommendation_place(value) for value in (1, 2, 3, 4)] == [12.5, 37.5, 62.5, 87.5]


@pytest.mark.parametrize(
    ("interval", "possible", "title"),
    [
        ((3.87, 4.45), None, "Amara: 4.16, 90% interval 3.9 to 4.5"),
        (None, (2.35, 4.2), "Amara: 4.16, no interval; between 2.4 and 4.2 whatever the missing ratings"),
        (None, None, "Amara: 4.2, no interval"),
    ],
)
def test_score_chart_says_its_figures(interval, possible, title):
    assert score_chart(4.1625, interval, possible, name="Amara").title == title
