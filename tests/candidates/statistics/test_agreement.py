import warnings
from fractions import Fraction

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from candidates.statistics.agreement import (
    SINGLE_INTERVIEWER,
    AgreementRefusal,
    agreement_words,
    alpha_interval,
    dimension_agreement,
    intraclass_correlation,
    intraclass_intervals,
    krippendorff_alpha,
    panel_agreement,
    raters_needed,
    spearman_brown,
    weighted_kappa,
)
from tests.candidates.statistics.panels import card, composites, patient, published

FORMS = {
    "icc1": "ICC(1,1)",
    "icc2": "ICC(2,1)",
    "icc3": "ICC(3,1)",
    "icc1k": "ICC(1,k)",
    "icc2k": "ICC(2,k)",
    "icc3k": "ICC(3,k)",
}
KRIPPENDORFF = published("krippendorff-4x12")
LEVELS = list(KRIPPENDORFF["expected"]["printed"])


def krippendorff_table():
    return np.array(KRIPPENDORFF["inputs"]["ratings"], dtype=float)


def random_table(generator, gaps):
    """Ratings [raters, units] that agree somewhat, with gaps, at least two values and two ratings of a unit."""
    while True:
        truth = generator.integers(1, 6, size=(1, generator.integers(3, 15)))
        slips = generator.integers(-1, 2, size=(generator.integers(2, 6), truth.size))
        table = np.clip(truth + slips, 1, 5).astype(float)
        table[generator.random(table.shape) < gaps] = np.nan
        paired = table[:, np.isfinite(table).sum(axis=0) > 1]
        if len(np.unique(paired[np.isfinite(paired)])) > 1:
            return table


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_reproduces_krippendorff_2011(level):
    expected, near = KRIPPENDORFF["expected"], KRIPPENDORFF["tolerance"]

    alpha = krippendorff_alpha(krippendorff_table(), level)

    assert alpha == pytest.approx(expected["printed"][level], abs=near["printed"])
    assert alpha == pytest.approx(expected["full_precision"][level], abs=near["full_precision"])
    assert alpha == pytest.approx(float(Fraction(expected["exact_fraction"][level])), abs=near["full_precision"])


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_equals_the_krippendorff_package_on_random_tables_with_gaps(level):
    generator = np.random.default_rng(15)
    for gaps in np.linspace(0, 0.6, 100):
        table = random_table(generator, gaps)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = krippendorff.alpha(reliability_data=table, level_of_measurement=level)

        assert krippendorff_alpha(table, level) == pytest.approx(expected, abs=1e-12)


@patient
@given(st.integers(0, 10_000), st.floats(-3, 3))
def test_alpha_ignores_order_and_an_added_constant(seed, shift):
    generator = np.random.default_rng(seed)
    table = random_table(generator, 0.2)
    shuffled = generator.permutation(generator.permutation(table, axis=0), axis=1)

    for level in ("nominal", "ordinal", "interval"):
        alpha = krippendorff_alpha(table, level)
        assert krippendorff_alpha(shuffled, level) == pytest.approx(alpha, abs=1e-12)
        assert krippendorff_alpha(np.round(shuffled + shift, 6), level) == pytest.approx(alpha, abs=1e-6)


@pytest.mark.parametrize("table", [[[3, 3, 3], [3, 3, 3]], [[1, np.nan], [np.nan, 2]], [[np.nan], [np.nan]]])
def test_alpha_of_nothing_to_compare_is_no_number(table):
    assert np.isnan(krippendorff_alpha(table))
    assert np.isnan(alpha_interval(table)).all()


def test_perfect_agreement_is_one_and_its_interval_too():
    assert krippendorff_alpha([[1, 2, 3, 4, 5]] * 3) == 1
    assert alpha_interval([[1, 2, 3, 4, 5]] * 3) == (1, 1)


def test_alpha_interval_holds_the_alpha_and_narrows_with_more_units():
    table = random_table(np.random.default_rng(16), 0)
    many = np.tile(table, 20)

    low, high = alpha_interval(table)
    low_of_many, high_of_many = alpha_interval(many)

    assert low < krippendorff_alpha(table) < high
    assert high_of_many - low_of_many < (high - low) / 3


def test_intraclass_correlations_reproduce_shrout_and_fleiss():
    case = published("icc-shrout-fleiss-1979")
    expected, near = case["expected"], case["tolerance"]

    icc = intraclass_correlation(case["inputs"]["ratings"])

    for field, name in FORMS.items():
        assert getattr(icc, field) == pytest.approx(expected["printed"][name], abs=near["printed"])
        assert getattr(icc, field) == pytest.approx(expected["full_precision"][name], abs=near["full_precision"])
        assert intraclass_intervals(icc, 0.95)[field] == pytest.approx(
            expected["ci95_two_decimals"][name], abs=near["ci95_two_decimals"]
        )
    squares = icc.mean_squares
    printed = expected["printed_mean_squares"]
    assert squares.between_subjects == pytest.approx(printed["between_targets"], abs=near["printed"])
    assert squares.within_subjects == pytest.approx(printed["within_targets"], abs=near["printed"])
    assert squares.between_raters == pytest.approx(printed["between_judges"], abs=near["printed"])
    assert squares.residual == pytest.approx(printed["residual"], abs=near["printed"])
    assert squares.between_subjects / squares.within_subjects == pytest.approx(expected["F"]["one_way"], abs=near["F"])
    assert squares.between_subjects / squares.residual == pytest.approx(expected["F"]["two_way"], abs=near["F"])


def test_mean_squares_reproduce_the_variance_components_of_penicillin():
    case = published("crossed-penicillin")
    table = case["inputs"]["diameter"]

    squares = intraclass_correlation(table).mean_squares

    reml, near = case["expected"]["reml"], case["tolerance"]["reml"]
    assert np.sqrt((squares.between_subjects - squares.residual) / 6) == pytest.approx(reml["sd_plate"], abs=near)
    assert np.sqrt((squares.between_raters - squares.residual) / 24) == pytest.approx(reml["sd_sample"], abs=near)
    assert np.sqrt(squares.residual) == pytest.approx(reml["sd_residual"], abs=near)
    assert np.mean(table) == pytest.approx(reml["intercept"], abs=near)


def test_intraclass_correlations_equal_pingouin_on_random_tables():
    generator = np.random.default_rng(17)
    for _ in range(40):
        shape = (generator.integers(3, 12), generator.integers(2, 6))
        table = np.round(generator.normal(3, 1, (shape[0], 1)) + generator.normal(0, 0.8, shape), 1)
        rows = [(i, j, table[i, j]) for i in range(shape[0]) for j in range(shape[1])]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = pd.DataFrame(rows, columns=["subject", "rater", "rating"])
            expected = pingouin.intraclass_corr(frame, targets="subject", raters="rater", ratings="rating")

        icc = intraclass_correlation(table)

        assert [getattr(icc, field) for field in FORMS] == pytest.approx(expected["ICC"].to_list(), abs=1e-9)


def test_intraclass_correlation_without_variation_is_no_number():
    icc = intraclass_correlation([[3.3, 3.3], [3.3, 3.3], [3.3, 3.3]])

    assert np.isnan([getattr(icc, field) for field in FORMS]).all()
    assert np.isnan(list(intraclass_intervals(icc).values())).all()


@pytest.mark.parametrize("table", [[[1, 2]], [[1], [2]], [[1, 2], [3, float("nan")]]])
def test_intraclass_correlation_of_a_table_too_small_or_with_gaps_is_refused(table):
    with pytest.raises(ValueError, match="no gaps"):
        intraclass_correlation(table)


def test_spearman_brown_reproduces_the_published_pairs():
    case = published("spearman-brown")
    inputs, expected, near = case["inputs"], case["expected"], case["tolerance"]

    projections = [spearman_brown(pair["r"], pair["k"]) for pair in inputs["projections"]]
    single = [spearman_brown(SINGLE_INTERVIEWER, k) for k in inputs["single_interviewer"]["k"]]
    needed = [raters_needed(pair["r"], pair["target"]) for pair in inputs["raters_needed"]]

    assert projections == pytest.approx(expected["projections"], abs=near["projections"])
    assert single == pytest.approx(expected["single_interviewer"], abs=near["single_interviewer"])
    assert needed == pytest.approx(expected["raters_needed_exact"], abs=near["raters_needed_exact"])
    assert np.ceil(needed).tolist() == expected["raters_needed_ceiling"]
    assert inputs["single_interviewer"]["r"] == SINGLE_INTERVIEWER


def test_kappa_equals_statsmodels_on_random_ratings():
    generator = np.random.default_rng(18)
    for _ in range(100):
        first = generator.integers(1, 6, size=generator.integers(2, 20))
        second = np.clip(first + generator.integers(-2, 3, size=len(first)), 1, 5)
        counts = np.zeros((5, 5))
        np.add.at(counts, (first - 1, second - 1), 1)
        if len({*first, *second}) < 2:
            continue

        expected = cohens_kappa(counts, wt="quadratic", return_results=False)

        assert weighted_kappa(first, second) == pytest.approx(expected, abs=1e-12)


def test_kappa_of_one_rating_throughout_is_no_number():
    assert np.isnan(weighted_kappa([3, 3, 3], [3, 3, 3]))


@pytest.mark.parametrize(("first", "second"), [([1, 2], [1]), ([], [])])
def test_kappa_needs_pairs(first, second):
    with pytest.raises(ValueError, match="same things"):
        weighted_kappa(first, second)


@pytest.mark.parametrize(
    ("alpha", "words"), [(0.8, "rely on it"), (0.79, "tentative"), (0.667, "tentative"), (0.66, "read the evidence")]
)
def test_alpha_in_words(alpha, words):
    assert agreement_words(alpha) == words


def test_dimension_agreement_reads_the_rows_of_that_dimension():
    table = krippendorff_table()
    rows = composites([(i, j, table[j, i]) for j, i in np.argwhere(np.isfinite(table)).tolist()])
    noise = [row._replace(dimension_id="other", value=1) for row in rows]

    found = dimension_agreement([*rows, *noise], "y")

    assert found.ordinal == pytest.approx(KRIPPENDORFF["expected"]["full_precision"]["ordinal"])
    assert found.interval == pytest.approx(KRIPPENDORFF["expected"]["full_precision"]["interval"])
    assert (found.candidates, found.interviewers) == (11, 4)
    assert found.low < found.ordinal < found.high


def test_dimension_agreement_refuses_what_the_data_do_not_carry():
    four = composites([(i, j, i) for i in range(1, 5) for j in range(3)])
    fifth_alone = composites([(5, 0, 2)])
    alike = composites([(i, j, 3) for i in range(6) for j in range(2)])

    assert dimension_agreement([*four, *fifth_alone], "y") == AgreementRefusal("too_few_candidates", 4)
    assert dimension_agreement(alike, "y") == AgreementRefusal("no_variation", 6)
    assert dimension_agreement([], "y") == AgreementRefusal("too_few_candidates", 0)


def test_panel_agreement_takes_the_composites_of_a_complete_panel():
    ratings = published("icc-shrout-fleiss-1979")["inputs"]["ratings"]
    rows = [
        row
        for i, line in enumerate(ratings)
        for j, value in enumerate(line)
        for row in card(i, j, {"S": value - 1, "M": value + 3})
    ]

    assert panel_agreement(rows, {"S": 3, "M": 1}).icc2 == pytest.approx(0.2897638, abs=1e-6)


def test_panel_agreement_refuses_what_the_data_do_not_carry():
    complete = composites([(i, j, i + j) for i in range(6) for j in range(3)])
    alike = [row._replace(value=3) for row in complete]
    alone = [row for row in complete if row.interviewer_id == 0]
    small = [row for row in complete if row.candidate_id < 4]

    assert panel_agreement(complete[:-1], {"y": 1}) == AgreementRefusal("incomplete_panel", 6)
    assert panel_agreement(alone, {"y": 1}) == AgreementRefusal("incomplete_panel", 6)
    assert panel_agreement(alike, {"y": 1}) == AgreementRefusal("no_variation", 6)
    assert panel_agreement(small, {"y": 1}) == AgreementRefusal("too_few_candidates", 4)
