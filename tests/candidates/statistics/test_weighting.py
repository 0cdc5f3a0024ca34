from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from candidates.statistics.weighting import (
    Reversal,
    StabilityRange,
    first_shares,
    local_first_shares,
    points_to_reverse,
    share_ahead,
    stability_ranges,
)
from tests.candidates.statistics.panels import patient, published

WEIGHTS = [25, 20, 20, 15, 20]
SMART_LIKE = published("weight-simplex-exact")["inputs"]["smart_like_5"]["scores"]


def least_weight_by_linear_programme(weights, gaps):
    """Half the smallest sum of changes that leaves no lead, or None when no weighting does."""
    count = len(weights)
    programme = linprog(
        c=[0.5] * 2 * count,
        A_ub=[[*-np.array(gaps), *gaps]],
        b_ub=[-np.dot(weights, gaps)],
        A_eq=[[1] * count + [-1] * count],
        b_eq=[0],
        bounds=[(0, weight) for weight in weights] + [(0, None)] * count,
    )
    return programme.fun if programme.success else None


def reweighted(weights, dimension, value):
    """The weights with one of them set, the others in proportion."""
    weights = np.array(weights, dtype=float)
    others = weights * (weights.sum() - value) / (weights.sum() - weights[dimension])
    others[dimension] = value
    return others


def test_points_to_reverse_reproduce_the_derived_cases():
    for name in ("five-dimensions", "dominance"):
        case = published("weight-flip", name)
        gaps = case["inputs"]["score_difference_first_minus_second"]

        reversal = points_to_reverse(case["inputs"]["weights"], gaps)

        if case["expected"]["weight_to_move"] is None:
            assert reversal is None
        else:
            close = {"abs": case["tolerance"]}
            assert reversal.weight_to_move == pytest.approx(case["expected"]["weight_to_move"], **close)
            assert reversal.new_weights == pytest.approx(case["expected"]["new_weights"], **close)
            assert np.dot(case["inputs"]["weights"], gaps) == pytest.approx(case["expected"]["lead"], **close)
            moved = np.array(reversal.new_weights) - case["inputs"]["weights"]
            assert moved[case["expected"]["moved_from"]] == pytest.approx(-case["expected"]["weight_to_move"], **close)
            assert moved[case["expected"]["moved_to"]] == pytest.approx(case["expected"]["weight_to_move"], **close)
            assert np.dot(reversal.new_weights, gaps) == pytest.approx(0, **close)


def test_lead_holds_within_the_published_largest_single_change_and_not_beyond():
    case = published("weight-flip", "five-dimensions")
    gaps, weights = case["inputs"]["score_difference_first_minus_second"], case["inputs"]["weights"]
    reach = case["expected"]["linf"]

    inside = local_first_shares([gaps, [0] * 5], weights, radius=reach - 1e-9)
    outside = local_first_shares([gaps, [0] * 5], weights, radius=reach + 0.03)

    assert inside.tolist() == [1.0, 0.0]
    assert 0.9 < outside[0] < 1


@patient
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-8, 8)), min_size=2, max_size=7))
def test_greedy_move_equals_a_linear_programme(pairs):
    weights, gaps = [pair[0] for pair in pairs], [pair[1] / 4 for pair in pairs]

    reversal = points_to_reverse(weights, gaps)

    least = least_weight_by_linear_programme(weights, gaps)
    if reversal is None:
        assert least is None
    else:
        assert reversal.weight_to_move == pytest.approx(least, abs=1e-6)
        assert sum(reversal.new_weights) == pytest.approx(sum(weights))
        assert min(reversal.new_weights) >= -1e-9
        assert np.dot(reversal.new_weights, gaps) <= 1e-9


def test_no_lead_needs_no_move():
    assert points_to_reverse([50, 50], [-1, 0.5]) == Reversal(0.0, (50.0, 50.0))


def test_drawback_of_exactly_zero_allows_a_tie():
    assert points_to_reverse([50, 50], [1, 0]) == Reversal(50.0, (0.0, 100.0))


def test_stability_ranges_say_who_takes_over():
    ranges = stability_ranges([50, 50], [[4, 3], [2, 4], [5, 1]])

    assert ranges == [
        StabilityRange(pytest.approx(100 / 3), pytest.approx(200 / 3), 1, 2),
        StabilityRange(pytest.approx(100 / 3), pytest.approx(200 / 3), 2, 1),
    ]


def test_stability_ranges_equal_brute_force_on_random_panels():
    generator = np.random.default_rng(6)
    for _ in range(500):
        size = (generator.integers(2, 7), generator.integers(2, 6))
        means = generator.integers(2, 11, size=size) / 2
        weights = generator.integers(1, 30, size=size[1])
        total = weights.sum()
        leader = int(np.argmax(np.round(means @ weights, 6)))
        for dimension, found in enumerate(stability_ranges(weights, means)):
            assert -1e-9 <= found.low <= weights[dimension] + 1e-9
            assert weights[dimension] - 1e-9 <= found.high <= total + 1e-9
            assert (found.below is None) == (found.low < 1e-9)
            assert (found.above is None) == (found.high > total - 1e-9)
            for value in np.linspace(0, total, 41):
                scores = means @ reweighted(weights, dimension, value)
                holds = scores[leader] >= scores.max() - 1e-9
                clear = min(abs(value - found.low), abs(value - found.high)) > 1e-6
                if clear:
                    assert holds == (found.low <= value <= found.high)
            for beyond, row in ((found.low - 1e-4, found.below), (found.high + 1e-4, found.above)):
                if row is not None and 0 <= beyond <= total:
                    scores = means @ reweighted(weights, dimension, beyond)
                    assert scores[row] == pytest.approx(scores.max(), abs=1e-8)
                    assert scores[row] > scores[leader]


def test_stability_ranges_reproduce_triantaphyllou_and_sanchez():
    case = published("weight-flip", "triantaphyllou-sanchez-1997")
    weights, scores = case["inputs"]["weights"], np.array(case["inputs"]["scores"])
    assert scores @ weights == pytest.approx(case["expected"]["preferences"], abs=case["tolerance"]["preferences"])
    smallest = {}
    for first in range(4):
        for second in range(first + 1, 4):
            ranges = stability_ranges(weights, scores[[first, second]])
            changes = [single_weight_change(weights, k, found) for k, found in enumerate(ranges)]
            printed = case["expected"]["single_weight_change_percent"].get(f"A{first + 1}-A{second + 1}")
            if printed:
                expected = [None if value == "NF" else pytest.approx(value, abs=1.4) for value in printed]
                assert changes == expected
            smallest[first, second] = [float("inf") if change is None else abs(change) for change in changes]
    top = np.min([changes for (first, _), changes in smallest.items() if first == 0], axis=0)
    assert np.argmin(top) == 2
    assert np.argmin(np.min(list(smallest.values()), axis=0)) == 0


def single_weight_change(weights, dimension, found):
    """The per cent by which one weight alone (the others not scaled) must fall for the order of two to change."""
    value = found.low if found.below is not None else found.high if found.above is not None else None
    if value is None:
        return None
    alone = value * (sum(weights) - weights[dimension]) / (sum(weights) - value)
    return 100 * (weights[dimension] - alone) / weights[dimension]


def test_stability_range_of_a_dimension_that_has_all_the_weight():
    ranges = stability_ranges([100, 0, 0], [[4, 1, 2], [3, 5, 4]])

    assert ranges[0] == StabilityRange(pytest.approx(75), 100, 1, None)


def test_single_dimension_decides_alone():
    assert stability_ranges([100], [[4], [3]]) == [StabilityRange(0, 100, None, None)]


def test_first_shares_reproduce_the_exact_volumes():
    case = published("weight-simplex-exact")
    near = case["tolerance"]["monte_carlo_100k"]

    assert first_shares(case["inputs"]["hand_checkable_3"]["scores"]) == pytest.approx(
        case["expected"]["hand_checkable_3"], abs=near
    )
    assert first_shares(SMART_LIKE) == pytest.approx(case["expected"]["smart_like_5"]["decimals"], abs=near)


def test_share_of_a_pair_is_exact():
    case = published("weight-simplex-exact")
    gaps = [float(Fraction(value)) for value in case["inputs"]["pair_5"]["differences"]]

    shares = first_shares([gaps, [0] * 5])

    expected = case["expected"]["pair_5"]["decimal"]
    assert shares == pytest.approx([expected, 1 - expected], abs=case["tolerance"]["exact"])


@patient
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=6, unique=True))
def test_share_of_a_pair_equals_the_closed_formula(gaps):
    closed = sum(
        Fraction(gap) ** (len(gaps) - 1) / np.prod([Fraction(gap - other) for other in gaps if other != gap])
        for gap in gaps
        if gap > 0
    )

    if gaps != [0]:
        assert share_ahead(gaps) == pytest.approx(float(closed))


@patient
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=6))
def test_shares_of_a_pair_add_up_to_one_even_with_equal_differences(gaps):
    assert share_ahead(gaps) + share_ahead([-gap for gap in gaps]) == pytest.approx(1)


def test_equal_differences_agree_with_draws():
    gaps = [1, 1, -0.5, -0.5, 0]
    draws = np.random.default_rng(7).dirichlet(np.ones(5), 200_000) @ gaps

    assert share_ahead(gaps) == pytest.approx(np.mean(draws > 0), abs=0.004)


def test_candidates_alike_share_first_place():
    assert first_shares([[4, 2], [4, 2], [1, 1]]).tolist() == [0.5, 0.5, 0]
    assert first_shares([[3, 3], [3, 3]]).tolist() == [0.5, 0.5]
    assert local_first_shares([[4, 2], [4, 2], [1, 1]], [50, 50]).tolist() == [0.5, 0.5, 0]


def test_order_of_candidates_makes_no_difference_to_their_shares():
    shares = first_shares(SMART_LIKE)

    assert first_shares(SMART_LIKE[::-1])[::-1] == pytest.approx(shares, abs=1e-12)


def test_local_shares_without_room_name_the_leader():
    assert local_first_shares(SMART_LIKE, WEIGHTS, radius=0).tolist() == [1, 0, 0, 0]


def test_local_shares_with_all_the_room_are_the_global_ones():
    everywhere = local_first_shares(SMART_LIKE, WEIGHTS, radius=100, draws=100_000)

    assert everywhere == pytest.approx(first_shares(SMART_LIKE), abs=0.006)


@pytest.mark.parametrize("weights", [WEIGHTS, [100, 0, 0, 0, 0], [60, 40, 0, 0, 0], [10] * 10])
def test_local_shares_equal_plain_rejection(weights):
    generator = np.random.default_rng(8)
    means = generator.integers(2, 11, size=(4, len(weights))) / 2
    steps = generator.uniform(-10, 10, size=(2_000_000 // len(weights), len(weights)))
    near = np.array(weights) + steps
    near[:, 0] = 100 - near[:, 1:].sum(axis=1)
    near = near[(near >= 0).all(axis=1) & (abs(near - weights) <= 10).all(axis=1)]

    shares = local_first_shares(means, weights)

    assert len(near) > 1000
    plain = np.bincount(np.argmax(near @ means.T, axis=1), minlength=4) / len(near)
    assert shares == pytest.approx(plain, abs=0.03)


def test_means_with_gaps_are_refused():
    for share in (first_shares, lambda means: stability_ranges([50, 50], means)):
        with pytest.raises(ValueError, match="mean on every dimension"):
            share([[4, float("nan")], [3, 3]])
