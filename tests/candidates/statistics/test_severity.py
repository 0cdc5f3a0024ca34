from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import fdtrc

from candidates.statistics.agreement import intraclass_correlation
from candidates.statistics.severity import (
    Card,
    PanelFit,
    Refusal,
    complete_cards,
    fit_cards,
    fit_panel,
    severity_intervals,
)
from candidates.statistics.totals import panel_scores
from tests.candidates.statistics.panels import (
    SMART_WEIGHTS,
    card,
    composites,
    patient,
    published,
    random_panel,
    rating_rows,
    smart_panel,
)


def table_rows(table):
    """Rows of a candidates by raters table with gaps."""
    return composites(
        [(i, j, value) for i, row in enumerate(table) for j, value in enumerate(row) if value is not None]
    )


def generalised_least_squares(cards, ratio):
    """The same model by statsmodels, from its dense covariance matrix."""
    candidates = sorted({entry[0] for entry in cards})
    raters = sorted({entry[1] for entry in cards})
    x = np.array([[entry[0] == candidate for candidate in candidates] for entry in cards], dtype=float)
    z = np.array([[entry[1] == rater for rater in raters] for entry in cards], dtype=float)
    y = np.array([entry[2] for entry in cards])
    spread = np.eye(len(cards)) + ratio * z @ z.T
    fitted = sm.GLS(y, x, sigma=spread).fit()
    severity = ratio * z.T @ np.linalg.solve(spread, y - x @ fitted.params)
    return fitted, severity


def test_fit_reproduces_the_worked_example():
    case = published("smart-panel-worked")
    expected, exact = case["expected"], case["tolerance"]["exact"]

    fit = fit_panel(*smart_panel(), variance_ratio=case["inputs"]["variance_ratio"])

    assert list(fit.candidates) == expected["candidates"]
    assert list(fit.raters) == expected["raters"]
    assert fit.raw == pytest.approx(expected["raw_mean"], abs=exact)
    assert fit.adjusted == pytest.approx(expected["adjusted"], abs=exact)
    assert fit.severity == pytest.approx(expected["rater_severity"], abs=exact)
    assert fit.standard_errors == pytest.approx(expected["se"], abs=exact)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(expected["se"], abs=exact)
    assert fit.residual_variance == pytest.approx(expected["residual_variance"], abs=exact)
    assert (fit.df, fit.incomplete) == (expected["df"], ())


def test_fit_reproduces_robinson_1991():
    case = published("blup-robinson-1991")
    inputs = case["inputs"]
    cards = [Card(*row) for row in zip(inputs["herd"], inputs["sire"], inputs["y"], strict=True)]

    fit = fit_cards(cards, variance_ratio=inputs["variance_ratio_random_to_residual"])

    exact = [float(Fraction(value)) for value in case["expected"]["exact_fractions"]]
    assert [*fit.adjusted, *fit.severity] == pytest.approx(exact, abs=case["tolerance"]["full_precision"])
    printed = case["expected"]["printed"]
    assert fit.adjusted == pytest.approx(printed["fixed"], abs=case["tolerance"]["printed"])
    assert fit.severity == pytest.approx(list(printed["random"].values()), abs=case["tolerance"]["printed"])
    assert fit.raters == tuple(printed["random"])


def test_fit_with_a_huge_ratio_reproduces_montgomerys_fixed_effects():
    case = published("two-way-montgomery-catalyst")
    expected, exact = case["expected"], case["tolerance"]["full_precision"]

    fit = fit_panel(table_rows(case["inputs"]["y"]), {"y": 1}, variance_ratio=1e7)

    effects = fit.adjusted - fit.adjusted.mean()
    assert effects == pytest.approx([float(Fraction(value)) for value in expected["effects_exact"]], abs=exact)
    assert fit.adjusted.mean() == pytest.approx(expected["grand_mean"], abs=exact)
    assert fit.residual_variance * fit.df == pytest.approx(expected["ss_error"], abs=case["tolerance"]["printed"])
    shape = fit.covariance / fit.residual_variance
    contrast = np.array([[1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1]])
    treatments = contrast @ fit.adjusted @ np.linalg.solve(contrast @ shape @ contrast.T, contrast @ fit.adjusted)
    assert treatments == pytest.approx(expected["ss_treatments_adjusted"], abs=case["tolerance"]["printed"])
    ratio = treatments / 3 / expected["ms_error"]
    assert ratio == pytest.approx(expected["full_precision"]["F"], abs=1e-5)
    assert ratio == pytest.approx(expected["F"], abs=case["tolerance"]["printed"])
    freedom = fit.df - (len(fit.raters) - 1)  # where blocks are fixed too
    assert fdtrc(3, freedom, ratio) == pytest.approx(expected["full_precision"]["p"], abs=exact)
    error = np.sqrt(expected["ms_error"] * (shape[0, 0] + shape[1, 1] - 2 * shape[0, 1]))
    assert error == pytest.approx(expected["full_precision"]["se_difference"], abs=exact)
    assert error == pytest.approx(expected["se_difference"], abs=case["tolerance"]["printed"])


def test_severities_reproduce_the_conditional_modes_of_the_penicillin_samples():
    case = published("crossed-penicillin")
    reml, ml = case["expected"]["reml"], case["expected"]["ml"]
    rows = table_rows(case["inputs"]["diameter"])

    by_reml = fit_panel(rows, {"y": 1}, variance_ratio=(reml["sd_sample"] / reml["sd_residual"]) ** 2)
    by_ml = fit_panel(rows, {"y": 1}, variance_ratio=(ml["sd_sample"] / ml["sd_residual"]) ** 2)

    modes = list(case["expected"]["computed_reml_modes_sample"].values())
    assert by_reml.severity == pytest.approx(modes, abs=case["tolerance"]["computed_reml_modes_sample"])
    assert np.sqrt(by_reml.residual_variance) == pytest.approx(reml["sd_residual"], abs=case["tolerance"]["reml"])
    assert by_ml.severity[-1] == pytest.approx(ml["conditional_mode_sample_F"], abs=case["tolerance"]["ml"])
    assert by_reml.adjusted.mean() == pytest.approx(reml["intercept"], abs=case["tolerance"]["reml"])


def strata(table):
    """Mean squares and degrees of freedom of a complete table of plates by samples, from the product's own figures."""
    squares = intraclass_correlation(table).mean_squares
    plates, samples = np.shape(table)
    mean = np.array([squares.between_subjects, squares.between_raters, squares.residual])
    return mean, np.array([plates - 1, samples - 1, (plates - 1) * (samples - 1)])


def deviance(variances, table, *, restricted):
    """Minus twice the log-likelihood of crossed random plates and samples, both of them random.

    In a complete table the model falls apart into strata, whose variances are sums of the three components; the mean
    has one of its own. Restricted, the mean costs a degree of freedom.
    """
    plate, sample, residual = variances
    rows, columns = np.shape(table)
    mean_squares, df = strata(table)
    expected = np.array([residual + columns * plate, residual + rows * sample, residual])
    of_mean = residual + columns * plate + rows * sample
    total = rows * columns
    value = float(df @ (np.log(expected) + mean_squares / expected)) + np.log(of_mean)
    if restricted:
        return value + (total - 1) * np.log(2 * np.pi) + np.log(total / of_mean)
    return value + total * np.log(2 * np.pi)


def test_penicillin_criterion_follows_from_our_mean_squares():
    """Our own model estimates no components; the published ones are reached by its sums of squares."""
    case = published("crossed-penicillin")
    table, expected = case["inputs"]["diameter"], case["expected"]["reml"]
    (plates, samples, residual), _ = strata(table)

    components = (plates - residual) / 6, (samples - residual) / 24, residual

    assert np.sqrt(components) == pytest.approx(
        [expected["sd_plate"], expected["sd_sample"], expected["sd_residual"]], abs=case["tolerance"]["reml"]
    )
    assert deviance(components, table, restricted=True) == pytest.approx(
        expected["criterion"], abs=case["tolerance"]["reml"]
    )


def test_penicillin_objective_and_conditional_variances_follow_from_our_equations():
    case = published("crossed-penicillin")
    table, expected = np.array(case["inputs"]["diameter"], dtype=float), case["expected"]["ml"]
    near = {"abs": case["tolerance"]["ml"]}

    best = minimize(
        lambda log: deviance(np.exp(log), table, restricted=False),
        [0, 0, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 10_000},
    )
    plate, sample, residual = np.exp(best.x)

    assert best.fun == pytest.approx(expected["objective"], abs=case["tolerance"]["ml_objective"])
    assert np.sqrt([plate, sample, residual]) == pytest.approx(
        [expected["sd_plate"], expected["sd_sample"], expected["sd_residual"]], **near
    )
    by_sample = fit_panel(table_rows(table), {"y": 1}, variance_ratio=sample / residual)
    by_plate = fit_panel(table_rows(table.T), {"y": 1}, variance_ratio=plate / residual)
    assert by_sample.adjusted.mean() == pytest.approx(expected["intercept"], **near)
    error = np.sqrt((residual + 6 * plate + 24 * sample) / table.size)
    assert error == pytest.approx(expected["se_intercept"], **near)
    # Contrasts of samples do not see the plates, so our equations, in which one side is fixed, give their share; the
    # two means, which our model leaves to the fixed side, are two equations of their own.
    means = np.linalg.inv([[6 + residual / plate, 12], [12, 24 + residual / sample]])
    for fit, own, name in ((by_sample, means[1, 1] / 6, "sample"), (by_plate, means[0, 0] / 24, "plate")):
        contrast = fit.rater_inverse[0, 0] - fit.rater_inverse[0, 1]
        variance = residual * (contrast * (1 - 1 / len(fit.raters)) + own)
        assert variance == pytest.approx(expected[f"conditional_variance_{name}"], **near)


def test_fit_of_the_alpha_design_equals_generalised_least_squares():
    cards = [tuple(entry) for entry in published("john-alpha")["inputs"]["cards"]]

    fit = fit_panel(composites(cards), {"y": 1})

    fitted, severity = generalised_least_squares(cards, 0.4)
    assert fit.adjusted == pytest.approx(fitted.params, abs=1e-10)
    assert fit.covariance == pytest.approx(fitted.cov_params(), abs=1e-10)
    assert fit.severity == pytest.approx(severity, abs=1e-10)


def test_fit_equals_generalised_least_squares_on_random_panels_with_gaps():
    generator = np.random.default_rng(5)
    fitted_panels = 0
    for _ in range(150):
        table = np.round(generator.normal(3, 1, size=(generator.integers(2, 9), generator.integers(2, 7))), 2)
        kept = generator.random(table.shape) < generator.uniform(0.4, 1)
        cards = [(int(i), int(j), float(table[i, j])) for i, j in np.argwhere(kept)]
        ratio = float(generator.uniform(0.1, 2))
        fit = fit_panel(composites(cards), {"y": 1}, variance_ratio=ratio)
        if isinstance(fit, Refusal):
            continue
        fitted_panels += 1
        fitted, severity = generalised_least_squares(cards, ratio)

        assert fit.adjusted == pytest.approx(fitted.params)
        assert fit.severity == pytest.approx(severity)
        assert fit.residual_variance == pytest.approx(fitted.scale)
        assert fit.covariance == pytest.approx(fitted.cov_params())
        assert fit.standard_errors == pytest.approx(fitted.bse)
        assert fit.covariance_with(1) == pytest.approx(fit.covariance[1])
        assert fit.covariance_among(np.array([1, 0])) == pytest.approx(fit.covariance[[1, 0]][:, [1, 0]])
    assert fitted_panels > 80


def test_severity_errors_come_from_the_mixed_model_equations():
    case = published("smart-panel-worked")
    fit = fit_panel(*smart_panel())
    pairs = [(entry["candidate"], entry["rater"]) for entry in case["inputs"]["cards"]]
    x = np.array([[candidate == name for name in fit.candidates] for candidate, _ in pairs], dtype=float)
    z = np.array([[rater == name for name in fit.raters] for _, rater in pairs], dtype=float)
    equations = np.block([[x.T @ x, x.T @ z], [z.T @ x, z.T @ z + np.eye(4) / 0.4]])

    intervals = severity_intervals(fit)

    errors = np.sqrt(fit.residual_variance * np.diag(np.linalg.inv(equations))[5:])
    assert fit.severity_errors == pytest.approx(errors)
    assert intervals[:, 1] - fit.severity == pytest.approx(1.9431802805 * errors)
    assert intervals.mean(axis=1) == pytest.approx(fit.severity)


@patient
@given(st.integers(2, 7), st.integers(2, 5), st.randoms(use_true_random=False))
def test_complete_panel_keeps_the_raw_means(candidates, raters, random):
    rows = composites([(i, j, random.randint(1, 5)) for i in range(candidates) for j in range(raters)])

    fit = fit_panel(rows, {"y": 1})

    if candidates * (raters - 1) < 3:
        assert fit.reason == "too_few_cards"
    else:
        totals = [score.total for score in panel_scores(rows, {"y": 1}).values()]
        assert fit.adjusted == pytest.approx(totals, abs=1e-12)
        assert fit.raw == pytest.approx(totals, abs=1e-12)


@patient
@given(rating_rows(), st.randoms())
def test_order_of_rows_makes_no_difference(rows, random):
    first = fit_panel(rows, SMART_WEIGHTS)
    second = fit_panel(random.sample(rows, len(rows)), SMART_WEIGHTS)

    if isinstance(first, Refusal):
        assert second == first
    else:
        assert second.candidates == first.candidates
        assert np.array_equal(second.adjusted, first.adjusted)
        assert np.array_equal(second.covariance, first.covariance)


@patient
@given(st.integers(0, 10_000), st.integers(-3, 3))
def test_adding_a_constant_shifts_the_scores_and_nothing_else(seed, shift):
    rows = random_panel(np.random.default_rng(seed), candidates=6, interviewers=4, per_candidate=3)
    moved = [row._replace(value=row.value + shift) for row in rows]
    weights = dict.fromkeys(range(5), 20)

    before, after = fit_panel(rows, weights), fit_panel(moved, weights)

    assert after.adjusted == pytest.approx(before.adjusted + shift)
    assert after.severity == pytest.approx(before.severity, abs=1e-9)
    assert after.covariance == pytest.approx(before.covariance)


def test_candidate_with_a_gap_on_any_card_is_left_out_and_named():
    rows, weights = smart_panel()
    gappy = [*rows, *card("Flo", "R1", {"S": 4, "M": 4}), *card("Flo", "R2", dict.fromkeys(weights, 3))]

    fit = fit_panel(gappy, weights)

    assert fit.incomplete == ("Flo",)
    assert fit.candidates == ("Ana", "Ben", "Cy", "Dee", "Eve")
    assert np.array_equal(fit.adjusted, fit_panel(rows, weights).adjusted)


def test_gap_on_a_weightless_dimension_leaves_nobody_out():
    rows, weights = smart_panel()
    trimmed = [row for row in rows if (row.candidate_id, row.dimension_id) != ("Ana", "R")]

    assert fit_panel(trimmed, {**weights, "R": 0}).incomplete == ()


def test_card_with_nothing_observed_is_noticed_when_it_was_asked_for():
    rows, weights = smart_panel()

    fit = fit_panel(rows, weights, expected=[("Ben", "R4", "S")])

    assert fit.incomplete == ("Ben",)


def test_interviewer_who_met_a_candidate_twice_has_one_card():
    cards = complete_cards(composites([("Ana", 1, 2), ("Ana", 1, 5), ("Ana", 2, 4)]), {"y": 1}).cards

    assert cards == [Card("Ana", 1, 3.5), Card("Ana", 2, 4.0)]


def test_candidates_with_one_card_change_nobody_else():
    rows, weights = smart_panel()
    more = [*rows, *card("Flo", "R1", dict.fromkeys(weights, 3))]

    plain, fit = fit_panel(rows, weights), fit_panel(more, weights)

    assert fit.adjusted[:5] == pytest.approx(plain.adjusted)
    assert (fit.df, fit.residual_variance) == (plain.df, pytest.approx(plain.residual_variance))
    assert fit.claimable.tolist() == [True] * 5 + [False]


def test_perfect_agreement_leaves_no_spurious_spread():
    rows = composites([(i, j, 1 + 0.1 * i) for i in range(5) for j in range(4)])

    assert fit_panel(rows, {"y": 1}).residual_variance == 0.0


def test_unconnected_panels_are_refused_with_the_interview_that_mends_it():
    links = published("connectedness")["inputs"]["two_panels"]
    rows = composites([(candidate, rater, 3) for candidate, rater in links])

    refusal = fit_panel(rows, {"y": 1})

    assert refusal.reason == "disconnected"
    assert [part.candidates for part in refusal.components] == [("c1", "c2"), ("c3", "c4")]
    assert refusal.suggestion == (("c3", "r1"),)
    mended = fit_panel([*rows, *composites([(*refusal.suggestion[0], 3)])], {"y": 1})
    assert isinstance(mended, PanelFit)


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        ("complete", "too_few_cards"),
        ("two_panels", "disconnected"),
        ("two_panels_one_link", None),
        ("chain", "too_few_cards"),
        ("own_rater_each", "disconnected"),
    ],
)
def test_panels_that_cannot_be_compared_are_refused(panel, reason):
    rows = composites([(*link, 3) for link in published("connectedness")["inputs"][panel]])

    assert getattr(fit_panel(rows, {"y": 1}), "reason", None) == reason


def test_too_few_cards_say_how_many_are_needed():
    refusal = fit_panel(composites([("Ana", 1, 4), ("Ana", 2, 3), ("Ben", 1, 2)]), {"y": 1})

    assert (refusal.reason, refusal.cards_needed, refusal.incomplete) == ("too_few_cards", 2, ())


def test_gaps_are_the_reason_when_filling_them_would_be_enough():
    rows = [*card("Ana", 1, {"S": 4, "M": 4}), *card("Ana", 2, {"S": 3, "M": 4}), *card("Ana", 3, {"S": 3, "M": 4})]
    gappy = [*card("Ben", 1, {"S": 4}), *card("Ben", 2, {"S": 4, "M": 2})]

    refusal = fit_panel([*rows, *gappy], {"S": 1, "M": 1})

    assert (refusal.reason, refusal.cards_needed, refusal.incomplete) == ("incomplete_cards", 1, ("Ben",))


def test_only_incomplete_cards_are_refused():
    refusal = fit_panel(card("Ana", 1, {"S": 4}), {"S": 1, "M": 1})

    assert refusal == Refusal("incomplete_cards", incomplete=("Ana",))


def test_nothing_is_refused_as_empty():
    assert fit_panel([], {"y": 1}) == Refusal("empty")


def test_variance_ratio_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        fit_panel(*smart_panel(), variance_ratio=0)
