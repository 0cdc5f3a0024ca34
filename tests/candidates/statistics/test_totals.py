import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.statistics.totals import DimensionScore, PanelScore, panel_scores
from tests.candidates.statistics.panels import (
    SMART_WEIGHTS,
    card,
    composites,
    patient,
    published,
    rating_rows,
    smart_panel,
)

# Three interviewers, four ratings not observed: weights by letter as in the design of the compare page.
GAPPY_WEIGHTS = {"S": 25, "M": 20, "A": 20, "R": 20, "T": 15}
GAPPY_PANEL = [
    *card("Jonas", 1, {"S": 3, "M": 3, "A": 3, "R": 2, "T": 2}),
    *card("Jonas", 2, {"S": 3, "A": 3, "R": 3}),
    *card("Jonas", 3, {"M": 3, "A": 3, "T": 3}),
]


def test_panel_scores_reproduce_the_worked_example():
    case = published("smart-panel-worked")
    rows, weights = smart_panel()

    scores = panel_scores(rows, weights)

    assert list(scores) == case["expected"]["candidates"]
    totals = [score.total for score in scores.values()]
    assert totals == pytest.approx(case["expected"]["raw_mean"], abs=case["tolerance"]["exact"])
    assert all(score.complete and score.low == score.high == score.total for score in scores.values())
    assert [score.cards for score in scores.values()] == [3, 2, 2, 2, 2]


def test_panel_scores_tell_everything_about_a_candidate():
    rows = [*card("Ana", 7, {"S": 4, "M": 2}), *card("Ana", 3, {"S": 1, "M": 3}), *card("Ana", 9, {"S": 5, "M": 5})]

    assert panel_scores(rows, {"S": 3, "M": 1}) == {
        "Ana": PanelScore(
            total=pytest.approx((3 * 10 / 3 + 10 / 3) / 4),
            coverage=1.0,
            low=pytest.approx(10 / 3),
            high=pytest.approx(10 / 3),
            complete=True,
            cards=3,
            rated=6,
            asked=6,
            dimensions={
                "S": DimensionScore(pytest.approx(10 / 3), 4.0, (1.0, 4.0, 5.0), 4.0, (3, 7, 9)),
                "M": DimensionScore(pytest.approx(10 / 3), 3.0, (3.0, 2.0, 5.0), 3.0, (3, 7, 9)),
            },
        )
    }


def test_missing_rating_is_neither_zero_nor_guessed():
    score = panel_scores(GAPPY_PANEL, GAPPY_WEIGHTS)["Jonas"]

    assert score.total == pytest.approx(2.825)
    assert (score.low, score.high) == (pytest.approx(2.35), pytest.approx(3.416666666667))
    assert (score.complete, score.coverage, score.rated, score.asked) == (False, 1.0, 11, 15)
    assert score.dimensions["R"].values == (2.0, 3.0)


def test_weights_renormalise_over_what_was_rated_and_coverage_says_so():
    score = panel_scores(card("Ana", 1, {"S": 4, "M": 2}), SMART_WEIGHTS)["Ana"]

    assert score.total == pytest.approx((25 * 4 + 20 * 2) / 45)
    assert score.coverage == pytest.approx(0.45)
    assert score.low == pytest.approx(0.25 * 4 + 0.2 * 2 + 0.55 * 1)
    assert score.high == pytest.approx(0.25 * 4 + 0.2 * 2 + 0.55 * 5)
    assert list(score.dimensions) == ["S", "M"]


def test_dimension_outside_the_focus_is_not_missing_when_the_cells_asked_for_are_given():
    rows = [*card("Ana", 1, {"S": 4, "M": 3}), *card("Ana", 2, {"S": 2})]
    asked = [("Ana", 1, "S"), ("Ana", 1, "M"), ("Ana", 2, "S")]

    by_card = panel_scores(rows, {"S": 1, "M": 1})["Ana"]
    by_focus = panel_scores(rows, {"S": 1, "M": 1}, asked)["Ana"]

    assert (by_card.low, by_card.high, by_card.asked) == (2.5, 3.5, 4)
    assert (by_focus.low, by_focus.high, by_focus.asked) == (3.0, 3.0, 3)
    assert by_card.total == by_focus.total == 3.0
    assert not by_card.complete
    assert not by_focus.complete


def test_dimension_nobody_was_asked_about_may_be_anything():
    score = panel_scores(card("Ana", 1, {"S": 4}), {"S": 1, "M": 1}, [("Ana", 1, "S")])["Ana"]

    assert (score.total, score.coverage, score.low, score.high) == (4.0, 0.5, 2.5, 4.5)


def test_card_without_any_rating_counts_when_it_was_asked_for():
    rows = card("Ana", 1, {"S": 4, "M": 2})
    asked = [(candidate, 2, dimension) for candidate in ("Ana", "Ben") for dimension in ("S", "M")]

    scores = panel_scores(rows, {"S": 1, "M": 1}, asked)

    assert (scores["Ana"].cards, scores["Ana"].complete, scores["Ana"].low) == (2, False, 2.0)
    assert scores["Ben"] == PanelScore(None, 0.0, 1.0, 5.0, complete=False, cards=1, rated=0, asked=2, dimensions={})


def test_extra_rating_outside_the_focus_counts():
    score = panel_scores(card("Ana", 1, {"S": 4, "M": 2}), {"S": 1, "M": 1}, [("Ana", 1, "S")])["Ana"]

    assert (score.total, score.rated, score.asked, score.complete) == (3.0, 2, 2, True)


def test_interviewer_with_two_interviews_has_one_voice():
    rows = [*composites([("Ana", 1, 2), ("Ana", 1, 5), ("Ana", 2, 4)])]

    score = panel_scores(rows, {"y": 1})["Ana"]

    assert (score.total, score.cards, score.dimensions["y"].values) == (3.75, 2, (3.5, 4.0))


def test_two_interviews_of_one_interviewer_complete_each_other():
    rows = [*card("Ana", 1, {"S": 4}), *card("Ana", 1, {"M": 2})]

    assert panel_scores(rows, {"S": 1, "M": 1})["Ana"].complete


def test_dimension_of_weight_zero_keeps_its_figures_and_moves_nothing():
    rows = [*card("Ana", 1, {"S": 4, "M": 1}), *card("Ana", 2, {"S": 2})]

    score = panel_scores(rows, {"S": 1, "M": 0})["Ana"]

    assert (score.total, score.coverage, score.complete, score.low, score.high) == (3.0, 1.0, True, 3.0, 3.0)
    assert score.dimensions["M"] == DimensionScore(1.0, 1.0, (1.0,), 0.0, (1,))


def test_only_a_weightless_dimension_rated_gives_no_total():
    score = panel_scores(card("Ana", 1, {"M": 1}), {"S": 1, "M": 0})["Ana"]

    assert (score.total, score.coverage, score.low, score.high) == (None, 0.0, 1.0, 5.0)


def test_dimension_without_a_weight_entry_is_left_out():
    rows = card("Ana", 1, {"S": 4, "X": 1})

    assert panel_scores(rows, {"S": 1}) == panel_scores(card("Ana", 1, {"S": 4}), {"S": 1})


def test_no_ratings_give_no_scores():
    assert panel_scores([], SMART_WEIGHTS) == {}


def test_ids_may_be_of_different_types():
    rows = composites([("Ana", 1, 2), (3, "R", 4), ((1, 2), 1, 5)])

    assert {key: score.total for key, score in panel_scores(rows, {"y": 1}).items()} == {"Ana": 2, 3: 4, (1, 2): 5}


@pytest.mark.parametrize("weights", [{}, {"y": 0}, {"y": -1}, {"y": float("nan")}, {"y": 2, "z": -1}])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weight"):
        panel_scores(composites([("Ana", 1, 2)]), weights)


def test_rating_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not observed"):
        panel_scores(composites([("Ana", 1, float("nan"))]), {"y": 1})


@patient
@given(rating_rows(), st.randoms())
def test_order_of_rows_makes_no_difference(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert panel_scores(shuffled, SMART_WEIGHTS) == panel_scores(rows, SMART_WEIGHTS)


@patient
@given(rating_rows(), st.integers(-3, 3))
def test_adding_a_constant_shifts_every_figure(rows, shift):
    moved = [row._replace(value=row.value + shift) for row in rows]

    before, after = panel_scores(rows, SMART_WEIGHTS), panel_scores(moved, SMART_WEIGHTS)

    for candidate, score in before.items():
        assert after[candidate].total == pytest.approx(score.total + shift)
        for dimension, figures in score.dimensions.items():
            moved_figures = after[candidate].dimensions[dimension]
            assert moved_figures.mean == pytest.approx(figures.mean + shift)
            assert moved_figures.median == pytest.approx(figures.median + shift)
            assert moved_figures.spread == pytest.approx(figures.spread)


@patient
@given(rating_rows())
def test_figures_equal_a_plain_reckoning(rows):
    for candidate, score in panel_scores(rows, SMART_WEIGHTS).items():
        points = weight_rated = low = high = 0.0
        own = [row for row in rows if row.candidate_id == candidate]
        interviewers = sorted({row.interviewer_id for row in own})
        for dimension, weight in SMART_WEIGHTS.items():
            voices = []
            for interviewer in interviewers:
                given_ratings = [r.value for r in own if (r.interviewer_id, r.dimension_id) == (interviewer, dimension)]
                voices += [statistics.fmean(given_ratings)] if given_ratings else []
            gaps = len(interviewers) - len(voices)
            low += weight * (sum(voices) + gaps * 1) / len(interviewers) / 100
            high += weight * (sum(voices) + gaps * 5) / len(interviewers) / 100
            if voices:
                figures = score.dimensions[dimension]
                assert figures.mean == pytest.approx(statistics.fmean(voices))
                assert figures.median == pytest.approx(statistics.median(voices))
                assert figures.values == pytest.approx(tuple(voices))
                assert figures.spread == pytest.approx(max(voices) - min(voices))
                points, weight_rated = points + weight * figures.mean, weight_rated + weight
        assert score.total == pytest.approx(points / weight_rated)
        assert score.coverage == pytest.approx(weight_rated / 100)
        assert (score.low, score.high) == (pytest.approx(low), pytest.approx(high))
        assert score.low - 1e-9 <= score.total <= score.high + 1e-9
        assert score.cards == len(interviewers)
