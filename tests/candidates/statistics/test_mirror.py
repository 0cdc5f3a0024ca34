from dataclasses import replace

import pytest
from scipy import stats

from candidates.statistics.mirror import Gap, Mirror, MirrorRefusal, ScaleUse, interviewer_mirror, scale_use
from tests.candidates.statistics.panels import card


def shared_panel(candidates):
    """Interviewer 1 beside 2 and 3, who meets every other candidate; two dimensions."""
    rows = []
    for i in range(candidates):
        rows += card(i, 1, {"S": 2 + i % 3, "M": 3})
        rows += card(i, 2, {"S": 3, "M": 4})
        rows += card(i, 3, {"S": 5}) if i % 2 else []
    return rows


def gap(values):
    """The expected mean and 90% interval of one value for each candidate."""
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    mean = sum(values) / len(values)
    return Gap(pytest.approx(mean), pytest.approx(interval.low), pytest.approx(interval.high), len(values))


def test_mirror_holds_own_ratings_against_the_others_as_one_group():
    mirror = interviewer_mirror(shared_panel(6), 1)

    strategic = [2 - 3, 3 - 4, 4 - 3, 2 - 4, 3 - 3, 4 - 4]
    assert mirror == Mirror(
        shared=6,
        cards=6,
        own={2: 2, 3: 8, 4: 2},
        others={3: 6, 4: 6, 5: 3},
        gap=gap([(value - 1) / 2 for value in strategic]),
        dimensions={"S": gap(strategic), "M": Gap(-1, -1, -1, 6)},
        cards_alike=None,
        narrow=None,
    )


def test_order_of_rows_makes_no_difference():
    assert interviewer_mirror(shared_panel(6)[::-1], 1) == interviewer_mirror(shared_panel(6), 1)


def test_ratings_nobody_else_gave_are_not_held_against_anything():
    alone = [*card("own", 1, {"S": 5, "M": 5}), *card(0, 1, {"T": 1})]

    mirror = interviewer_mirror([*shared_panel(6), *alone], 1)

    plain = interviewer_mirror(shared_panel(6), 1)
    assert mirror == replace(plain, cards=7, dimensions={**plain.dimensions, "T": None})


def test_co_rater_with_two_interviews_has_one_voice():
    again = [row for row in shared_panel(6) if row.interviewer_id == 2]

    assert interviewer_mirror([*shared_panel(6), *again], 1).gap == interviewer_mirror(shared_panel(6), 1).gap


def test_mirror_needs_five_shared_candidates():
    assert interviewer_mirror(shared_panel(4), 1) == MirrorRefusal(shared=4)
    assert interviewer_mirror(shared_panel(6), 9) == MirrorRefusal(shared=0)


def test_remarks_on_the_use_of_the_scale_need_ten_cards():
    rows = []
    for i in range(10):
        rows += card(i, 1, {"S": 3, "M": 3, "A": 3 if i < 4 else 4})
        rows += card(i, 2, {"S": 3})

    assert interviewer_mirror([row for row in rows if row.candidate_id < 9], 1).cards_alike is None
    mirror = interviewer_mirror(rows, 1)
    assert (mirror.cards_alike, mirror.narrow) == (4, True)
    wide = [row._replace(value=1 + row.candidate_id % 5) if row.dimension_id == "M" else row for row in rows]
    assert interviewer_mirror(wide, 1).narrow is False


def test_use_of_the_scale_is_told_for_everybody_whoever_else_rated():
    rows = shared_panel(10)

    uses = scale_use(rows)

    assert uses == {
        1: ScaleUse({2: 4, 3: 13, 4: 3}, cards=10, cards_alike=0, narrow=False),
        2: ScaleUse({3: 10, 4: 10}, cards=10, cards_alike=0, narrow=False),
        3: ScaleUse({5: 5}, cards=5, cards_alike=None, narrow=None),
    }
    assert [use.ratings for use in uses.values()] == [20, 20, 5]
