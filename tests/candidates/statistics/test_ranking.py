import csv
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_t
from scipy.stats import t as student

from candidates.statistics.ranking import (
    Difference,
    ahead_words,
    chance_words,
    difference,
    probability_ahead,
    rank_shares,
    round_to_five,
    score_intervals,
    tiers,
)
from candidates.statistics.severity import Card, fit_cards, fit_panel
from tests.candidates.statistics.panels import (
    PUBLISHED,
    IndependentEstimates,
    card,
    composites,
    patient,
    published,
    random_panel,
    smart_panel,
)

WORKED = published("smart-panel-worked")
EVEN_WEIGHTS = dict.fromkeys(range(5), 20)


def table(name):
    """Rows of a published table."""
    return list(csv.DictReader((PUBLISHED / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def one_card_more():
    """The fit of the worked example with a candidate who has a single, splendid card."""
    rows, weights = smart_panel()
    return fit_panel([*rows, *card("Zoe", "R1", dict.fromkeys(weights, 5))], weights)


def test_score_intervals_reproduce_the_worked_example():
    fit = fit_panel(*smart_panel())

    low, high = score_intervals(fit).T

    assert (high - low) / 2 == pytest.approx(WORKED["expected"]["half_width_90"], abs=1e-7)
    assert (high + low) / 2 == pytest.approx(WORKED["expected"]["adjusted"], abs=1e-7)


def test_probabilities_reproduce_the_worked_example():
    probability = probability_ahead(fit_panel(*smart_panel()))

    expected = np.array(WORKED["expected"]["p_superior"], dtype=float)
    assert probability == pytest.approx(expected, abs=WORKED["tolerance"]["exact"], nan_ok=True)


def test_rank_shares_reproduce_the_worked_example():
    fit, near = fit_panel(*smart_panel()), WORKED["tolerance"]

    for shares in (rank_shares(fit), rank_shares(fit, draws=400_000, seed=2)):
        assert shares.candidates == fit.candidates
        assert shares.first == pytest.approx(WORKED["expected"]["p_first_multivariate_t"], abs=near["p_first"])
        assert shares.mean_rank == pytest.approx(WORKED["expected"]["mean_rank"], abs=near["mean_rank"])
        assert shares.first.sum() == pytest.approx(1)
        assert shares.top.sum(axis=0) == pytest.approx([1, 2, 3, 4, 5])
        assert (shares.low.tolist(), shares.high.tolist()) == ([1, 1, 4, 1, 2], [4, 4, 5, 4, 4])


def test_first_share_of_two_equals_the_multivariate_t_of_scipy():
    fit = fit_panel(*smart_panel())
    shares = rank_shares(fit, draws=200_000, among=["Ana", "Dee", "Eve"])

    places = fit.places(["Ana", "Dee", "Eve"])
    contrast = np.array([[-1, 1, 0], [-1, 0, 1]])  # the others less Ana: both below zero where Ana is first
    exact = multivariate_t.cdf(
        np.zeros(2),
        loc=contrast @ fit.adjusted[places],
        shape=contrast @ fit.covariance_among(places) @ contrast.T,
        df=fit.df,
        random_state=1,
    )
    assert shares.first[0] == pytest.approx(exact, abs=0.004)


def test_rank_intervals_hold_the_middle_of_the_draws():
    generator = np.random.default_rng(9)
    fit = fit_panel(random_panel(generator, candidates=6, interviewers=4, per_candidate=3), EVEN_WEIGHTS)

    shares = rank_shares(fit)

    draws = multivariate_t.rvs(fit.adjusted, fit.covariance, df=fit.df, size=40_000, random_state=generator)
    ranks = 1 + (draws[:, None, :] > draws[:, :, None]).sum(axis=2)
    for place in range(6):
        assert np.mean(ranks[:, place] < shares.low[place]) <= 0.11
        assert np.mean(ranks[:, place] > shares.high[place]) <= 0.11
        assert [np.mean(ranks[:, place] <= m) for m in range(1, 7)] == pytest.approx(shares.top[place], abs=0.015)
        assert ranks[:, place].mean() == pytest.approx(shares.mean_rank[place], abs=0.05)


def test_difference_uses_the_covariance_of_both_scores():
    fit = fit_panel(*smart_panel())

    found = difference(fit, "Ana", "Cy")

    variance = fit.covariance[0, 0] + fit.covariance[2, 2] - 2 * fit.covariance[0, 2]
    half = student.ppf(0.95, fit.df) * np.sqrt(variance)
    estimate = fit.adjusted[0] - fit.adjusted[2]
    assert found == Difference(
        pytest.approx(estimate),
        pytest.approx(estimate - half),
        pytest.approx(estimate + half),
        pytest.approx(WORKED["expected"]["p_superior"][0][2]),
    )


def test_tiers_of_the_worked_example():
    assert tiers(fit_panel(*smart_panel())) == [["Dee", "Ana", "Ben", "Eve"], ["Cy"]]


def test_tiers_follow_their_definition_on_random_panels():
    generator = np.random.default_rng(10)
    for _ in range(50):
        panel = random_panel(generator, candidates=12, interviewers=5, per_candidate=4)
        lifted = [row._replace(value=row.value + row.candidate_id / 6) for row in panel]
        fit = fit_panel(lifted, EVEN_WEIGHTS)
        ahead = probability_ahead(fit)

        found = tiers(fit)

        remaining = sorted(range(12), key=lambda place: -fit.adjusted[place])
        for tier in found:
            sharing = [k for k in remaining if k == remaining[0] or ahead[remaining[0], k] <= 0.9]
            assert tier == sharing
            remaining = [k for k in remaining if k not in sharing]
        assert not remaining


def test_tiers_of_thousands_build_no_square_array():
    rows = random_panel(np.random.default_rng(11), candidates=3000, interviewers=30, per_candidate=3, dimensions=1)
    fit = fit_panel(rows, {0: 1})

    assert sorted(chain(*tiers(fit))) == list(range(3000))
    assert "covariance" not in vars(fit)


@patient
@given(st.integers(0, 10_000))
def test_candidates_with_identical_cards_tie(seed):
    panel = random_panel(np.random.default_rng(seed), candidates=5, interviewers=4, per_candidate=3)
    twins = [row._replace(candidate_id=5) for row in panel if row.candidate_id == 0]

    fit = fit_panel([*panel, *twins], EVEN_WEIGHTS)

    assert fit.adjusted[5] == pytest.approx(fit.adjusted[0], abs=1e-12)
    assert probability_ahead(fit)[0, 5] == pytest.approx(0.5)
    assert any({0, 5} <= set(tier) for tier in tiers(fit))


def test_panel_that_agrees_to_the_point_ties_or_orders_without_draws():
    levels = [4.0, 4.0, 3.0, 2.0]
    fit = fit_panel(composites([(i, j, level) for i, level in enumerate(levels) for j in range(3)]), {"y": 1})

    shares = rank_shares(fit)

    assert fit.residual_variance == 0
    assert probability_ahead(fit)[0, 1:].tolist() == [0.5, 1, 1]
    assert tiers(fit) == [[0, 1], [2], [3]]
    assert shares.first.tolist() == [0.5, 0.5, 0, 0]
    assert shares.mean_rank.tolist() == [1.5, 1.5, 3, 4]
    assert shares.top[0].tolist() == [0.5, 1, 1, 1]


def test_one_card_claims_nothing():
    fit = one_card_more()

    assert np.isnan(probability_ahead(fit)[5]).all()
    assert np.isnan(probability_ahead(fit)[:, 5]).all()
    assert np.isnan(score_intervals(fit)[5]).all()
    assert difference(fit, "Zoe", "Cy") is None
    assert "Zoe" not in chain(*tiers(fit))
    assert rank_shares(fit).candidates == ("Ana", "Ben", "Cy", "Dee", "Eve")


def test_figures_among_some_are_those_of_all():
    fit = fit_panel(*smart_panel())

    some = probability_ahead(fit, among=["Eve", "Ana"])

    assert some[0, 1] == pytest.approx(probability_ahead(fit)[4, 0])
    assert rank_shares(fit, among=["Eve", "Ana"]).candidates == ("Eve", "Ana")
    assert rank_shares(fit, among=["Eve", "Ana"]).first[1] == pytest.approx(some[1, 0], abs=0.01)
    with pytest.raises(KeyError):
        probability_ahead(fit, among=["Nobody"])


def test_rank_shares_of_a_crowd_are_refused():
    rows = random_panel(np.random.default_rng(12), candidates=31, interviewers=4, per_candidate=3)
    fit = fit_panel(rows, EVEN_WEIGHTS)

    with pytest.raises(ValueError, match="at most 30"):
        rank_shares(fit)
    assert len(rank_shares(fit, among=list(range(30))).first) == 30


def test_probability_reproduces_the_common_language_effect_size():
    case = published("probability-of-superiority")

    for name, effect in case["inputs"]["d"].items():
        probability = probability_ahead(IndependentEstimates([effect, 0], [1, 1]))[0, 1]
        assert 100 * probability == pytest.approx(
            case["expected"]["cl_percent"][name], abs=case["tolerance"]["cl_percent"]
        )


def test_touching_intervals_reproduce_goldstein_and_healy():
    case = published("rank-intervals", "goldstein-healy-equal-se")
    half = case["expected"]["multiplier"]

    probability = probability_ahead(IndependentEstimates([2 * half, 0], [1, 1]))[0, 1]

    assert ndtri(probability) * np.sqrt(2) / 2 == pytest.approx(half)
    assert ndtri((1 + case["inputs"]["level"]) / 2) * np.sqrt(2) / 2 == pytest.approx(half, abs=case["tolerance"])


def test_travel_times_reproduce_the_individual_level():
    case = published("rank-intervals", "goldstein-healy-51-states")
    errors = [float(row["SE.2dec"]) for row in table("travel-time-2011")]
    apart = [
        ndtri(probability_ahead(IndependentEstimates([errors[i] + errors[k], 0], [errors[i], errors[k]]))[0, 1])
        for i, k in combinations(range(len(errors)), 2)
    ]

    multiplier = ndtri((1 + case["inputs"]["target_level"]) / 2) / np.mean(apart)

    assert 2 * ndtr(multiplier) - 1 == pytest.approx(case["expected"]["individual_level"], abs=case["tolerance"])


def test_joint_intervals_reproduce_the_published_multipliers():
    case = published("rank-intervals", "joint-region-multipliers")
    size, alpha = case["inputs"]["k"], case["inputs"]["alpha"]
    estimate = IndependentEstimates([0], [1])

    independent = score_intervals(estimate, level=(1 - alpha) ** (1 / size))
    bonferroni = score_intervals(estimate, level=1 - alpha / size)

    assert independent[0, 1] == pytest.approx(case["expected"]["z_independence"], abs=case["tolerance"])
    assert bonferroni[0, 1] == pytest.approx(case["expected"]["z_bonferroni"], abs=case["tolerance"])


def stepped_down(ratios, simulated, level):
    """Which differences are beyond the joint limit, dropping those found and looking again (Romano and Wolf)."""
    beyond = np.zeros(ratios.shape, dtype=bool)
    while True:
        limit = np.quantile(simulated[:, ~beyond].max(axis=1), level)
        found = beyond | (ratios > limit)
        if (found == beyond).all():
            return beyond
        beyond = found


@pytest.fixture(scope="module")
def pisa():
    rows = table("pisa-2018-math")
    return IndependentEstimates(
        [float(row["math_score"]) for row in rows],
        [float(row["math_se"]) for row in rows],
        [row["jurisdiction"] for row in rows],
    )


def test_pisa_reproduces_the_marginal_rank_set_of_the_united_kingdom(pisa):
    case = published("rank-intervals", "pisa-2018-rank-sets")
    expected = case["expected"]["united_kingdom"]
    place = pisa.candidates.index("United Kingdom")
    others = np.arange(len(pisa.candidates)) != place
    ratios = ndtri(probability_ahead(pisa)[place, others])
    noise = np.random.default_rng(13).standard_normal((20_000, len(others))) * pisa.standard_errors
    errors = np.sqrt(pisa.standard_errors[place] ** 2 + pisa.standard_errors[others] ** 2)
    simulated = abs(noise[:, [place]] - noise[:, others]) / errors

    separated = stepped_down(abs(ratios), simulated, 0.95)

    low = 1 + int((separated & (ratios < 0)).sum())
    high = len(others) - int((separated & (ratios > 0)).sum())
    assert int((pisa.adjusted > pisa.adjusted[place]).sum()) + 1 == expected["rank"]
    assert [low, high] == pytest.approx(expected["marginal_95"], abs=case["tolerance"]["rank_bound"])


@pytest.mark.parametrize(("level", "core", "borderline"), [(0.9, "top5_set_90", ()), (0.95, "top5_set_95_core", 1)])
def test_pisa_reproduces_the_sets_of_the_best_five(pisa, level, core, borderline):
    expected = published("rank-intervals", "pisa-2018-rank-sets")["expected"]
    pairs = ~np.eye(len(pisa.candidates), dtype=bool)
    behind = np.where(pairs, ndtri(1 - probability_ahead(pisa)), -np.inf)
    noise = np.random.default_rng(14).standard_normal((4_000, len(pairs))) * pisa.standard_errors
    errors = np.sqrt(np.add.outer(pisa.standard_errors**2, pisa.standard_errors**2))
    simulated = ((noise[:, None, :] - noise[:, :, None]) / errors)[:, pairs]

    separated = np.zeros_like(pairs)
    separated[pairs] = stepped_down(behind[pairs], simulated, level)

    best = {name for name, better in zip(pisa.candidates, separated.sum(axis=1), strict=True) if better < 5}
    assert best - set(expected["top5_set_95_borderline"] if borderline else ()) == set(expected[core])


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.5, "no difference seen"),
        (0.55, "no difference seen"),
        (0.45, "no difference seen"),
        (0.56, "slightly ahead"),
        (0.75, "slightly ahead"),
        (0.76, "probably ahead"),
        (0.9, "probably ahead"),
        (0.91, "clearly ahead"),
        (1.0, "clearly ahead"),
        (0.44, "slightly behind"),
        (0.2, "probably behind"),
        (0.02, "clearly behind"),
        (float("nan"), "too few to say"),
    ],
)
def test_probability_in_words(probability, words):
    assert ahead_words(probability) == words


@pytest.mark.parametrize(
    ("probability", "rounded", "words"),
    [
        (0.0, 0, "under 5%"),
        (0.04, 5, "under 5%"),
        (0.05, 5, "5%"),
        (0.324, 30, "30%"),
        (0.325, 35, "35%"),
        (0.95, 95, "95%"),
        (0.96, 95, "over 95%"),
        (1.0, 100, "over 95%"),
    ],
)
def test_probability_to_the_nearest_five_per_cent(probability, rounded, words):
    assert (round_to_five(probability), chance_words(probability)) == (rounded, words)


def test_lead_of_an_interviewers_favourite_shrinks_after_levelling():
    lenient = [Card(i, "lenient", value) for i, value in enumerate([5, 4, 5, 4])]
    strict = [Card(i, "strict", value) for i, value in enumerate([3, 2, 4])]
    fit = fit_cards([*lenient, *strict, Card(3, "third", 4), Card(0, "third", 4), Card(2, "third", 4.5)])

    assert fit.severity[fit.raters.index("strict")] < 0 < fit.severity[fit.raters.index("lenient")]
    assert fit.adjusted[1] > fit.raw[1]
