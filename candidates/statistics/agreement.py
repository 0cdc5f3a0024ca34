"""Do interviewers see the same thing? Coefficients for people who have read the ratings and their range first.

``krippendorff_alpha``, ``intraclass_correlation`` and ``weighted_kappa`` compute whatever table they are given; pages
ask ``dimension_agreement`` and ``panel_agreement``, which refuse with a reason where data do not carry a coefficient.

Sources: Krippendorff (2011), Computing Krippendorff's alpha-reliability; Shrout & Fleiss (1979), Psychological
Bulletin 86; Spearman (1910) and Brown (1910), British Journal of Psychology 3; Cohen (1968), Psychological Bulletin 70.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from candidates.statistics.distributions import fdtri
from candidates.statistics.severity import complete_cards
from candidates.statistics.voices import FloatArray, Id, Rating, ordered, read_voices

Level = Literal["nominal", "ordinal", "interval", "ratio"]

LEAST_CANDIDATES = 5
RELY, TENTATIVE = 0.8, 0.667
LEAST_PAIRS = 10
"""Rated practice answers from which on a kappa is told."""

NEAR, CLOSE = 0.8, 0.6
"""What a kappa of the practice exercise allows to say, as a guide."""

SINGLE_INTERVIEWER = 0.44
"""Reliability of one interviewer in a separate interview (Huffcutt, Culbertson & Weyhrauch 2013)."""

SEED = 2011


@dataclass(frozen=True)
class AgreementRefusal:
    """Why no coefficient is given."""

    reason: Literal["too_few_candidates", "no_variation", "incomplete_panel"]
    candidates: int  # rated by two or more interviewers


@dataclass(frozen=True)
class DimensionAgreement:
    """Krippendorff's alpha of one dimension, with a 90% interval of the ordinal figure."""

    ordinal: float
    low: float
    high: float
    interval: float
    candidates: int  # rated by two or more interviewers
    interviewers: int


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of a table of subjects by raters."""

    between_subjects: float
    within_subjects: float
    between_raters: float
    residual: float


@dataclass(frozen=True)
class IntraclassCorrelation:
    """All six forms of Shrout and Fleiss; ``icc2`` is ICC(A,1) and ``icc2k`` ICC(A,k). NaN where nothing varies."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float
    subjects: int
    raters: int
    mean_squares: MeanSquares


def dimension_agreement(ratings: Iterable[Rating], dimension_id: Id) -> DimensionAgreement | AgreementRefusal:
    """How far interviewers agree on one dimension; refused under 5 candidates that two or more of them rated."""
    voices = read_voices(ratings, {dimension_id: 1})
    table = np.full((len(voices.interviewers), len(voices.candidates)), np.nan)
    table[voices.interviewer, voices.slot(voices.cell)] = voices.value
    paired = np.isfinite(table).sum(axis=0) > 1
    candidates = int(paired.sum())
    if candidates < LEAST_CANDIDATES:
        return AgreementRefusal("too_few_candidates", candidates)
    table = table[:, paired]
    if np.nanmax(table) == np.nanmin(table):
        return AgreementRefusal("no_variation", candidates)
    low, high = alpha_interval(table)
    return DimensionAgreement(
        ordinal=krippendorff_alpha(table),
        low=low,
        high=high,
        interval=krippendorff_alpha(table, "interval"),
        candidates=candidates,
        interviewers=int(np.isfinite(table).any(axis=1).sum()),
    )


def panel_agreement(ratings: Iterable[Rating], weights: Mapping[Id, float]) -> IntraclassCorrelation | AgreementRefusal:
    """Intraclass correlations of the composites of a panel in which everybody rated every candidate on everything."""
    found = complete_cards(ratings, weights)
    candidates = ordered({card.candidate_id for card in found.cards})
    interviewers = ordered({card.interviewer_id for card in found.cards})
    if len(candidates) < LEAST_CANDIDATES:
        return AgreementRefusal("too_few_candidates", len(candidates))
    if found.incomplete or len(interviewers) < 2 or len(found.cards) < len(candidates) * len(interviewers):
        return AgreementRefusal("incomplete_panel", len(candidates))
    composites = {(card.candidate_id, card.interviewer_id): card.composite for card in found.cards}
    table = np.array([[composites[candidate, rater] for rater in interviewers] for candidate in candidates])
    if table.max() == table.min():
        return AgreementRefusal("no_variation", len(candidates))
    return intraclass_correlation(table)


def agreement_words(alpha: float) -> str:
    """What an alpha allows, as a guide and never a gate."""
    if alpha >= RELY:
        return "rely on it"
    return "tentative" if alpha >= TENTATIVE else "read the evidence"


def krippendorff_alpha(table: ArrayLike, level: Level = "ordinal") -> float:
    """Krippendorff's alpha of a table [raters, units] in which NaN is a missing rating.

    1 is perfect agreement, 0 what chance gives, below 0 worse. Units with one rating count for nothing. NaN when no
    unit has two ratings or all ratings are the same.
    """
    values, coincidences = _coincidences(table)
    return float(_alphas(values, coincidences.sum(axis=0)[None], level)[0])


def alpha_interval(
    table: ArrayLike, level: Level = "ordinal", confidence: float = 0.9, draws: int = 2_000, seed: int = SEED
) -> tuple[float, float]:
    """Interval of alpha from drawing whole units (candidates) anew, with replacement."""
    values, coincidences = _coincidences(table)
    units = len(coincidences)
    if not units:
        return float("nan"), float("nan")
    times = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=draws)
    alphas = _alphas(values, np.tensordot(times, coincidences, axes=1), level)
    alphas = alphas[np.isfinite(alphas)]
    if not len(alphas):
        return float("nan"), float("nan")
    low, high = np.quantile(alphas, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def intraclass_correlation(table: ArrayLike) -> IntraclassCorrelation:
    """Intraclass correlations of a complete table [subjects, raters].

    Raises ValueError for a table with gaps or with fewer than two subjects or raters.
    """
    ratings = np.array(table, dtype=float)
    if ratings.ndim != 2 or min(ratings.shape) < 2 or not np.isfinite(ratings).all():
        raise ValueError("An intraclass correlation needs two or more subjects and raters, and no gaps.")
    n, k = ratings.shape
    ratings -= ratings[0, 0]  # nothing depends on it, and equal ratings are then exactly zero
    grand = ratings.mean()
    subjects = k * float(((ratings.mean(axis=1) - grand) ** 2).sum())
    raters = n * float(((ratings.mean(axis=0) - grand) ** 2).sum())
    within = float(((ratings - ratings.mean(axis=1, keepdims=True)) ** 2).sum())
    squares = MeanSquares(
        between_subjects=subjects / (n - 1),
        within_subjects=within / (n * (k - 1)),
        between_raters=raters / (k - 1),
        residual=max(within - raters, 0.0) / ((n - 1) * (k - 1)),
    )
    b, w, j, e = squares.between_subjects, squares.within_subjects, squares.between_raters, squares.residual
    return IntraclassCorrelation(
        icc1=_ratio(b - w, b + (k - 1) * w),
        icc2=_ratio(b - e, b + (k - 1) * e + k * (j - e) / n),
        icc3=_ratio(b - e, b + (k - 1) * e),
        icc1k=_ratio(b - w, b),
        icc2k=_ratio(b - e, b + (j - e) / n),
        icc3k=_ratio(b - e, b),
        subjects=n,
        raters=k,
        mean_squares=squares,
    )


def intraclass_intervals(icc: IntraclassCorrelation, level: float = 0.9) -> dict[str, tuple[float, float]]:
    """The interval of each of the six forms, by the name of its field; NaN where raters agree without any residue."""
    n, k, squares, tail = icc.subjects, icc.raters, icc.mean_squares, (1 + level) / 2
    one = _f_bounds(squares.between_subjects, squares.within_subjects, n - 1, n * (k - 1), tail)
    two_way = _f_bounds(squares.between_subjects, squares.residual, n - 1, (n - 1) * (k - 1), tail)
    absolute = _absolute_bounds(icc, tail)
    return {
        "icc1": _pair((f - 1) / (f + k - 1) for f in one),
        "icc2": absolute,
        "icc3": _pair((f - 1) / (f + k - 1) for f in two_way),
        "icc1k": _pair(1 - 1 / f for f in one),
        "icc2k": _pair(spearman_brown(bound, k) for bound in absolute),
        "icc3k": _pair(1 - 1 / f for f in two_way),
    }


def spearman_brown(reliability: float, raters: float) -> float:
    """The reliability that the mean of so many interviewers has when one of them has this one."""
    return raters * reliability / (1 + (raters - 1) * reliability)


def raters_needed(reliability: float, target: float) -> float:
    """How many such interviewers reach the target; round up. The inverse of ``spearman_brown``."""
    return target * (1 - reliability) / (reliability * (1 - target))


def weighted_kappa(first: Sequence[float], second: Sequence[float]) -> float:
    """Quadratic weighted kappa of two people who rated the same things, as in the practice exercise.

    The squared distances of their pairs, against those of every rating of one with every rating of the other. NaN when
    both gave everything the same rating. Raises ValueError for lists of different length or without a pair.
    """
    one, other = np.array(first, dtype=float), np.array(second, dtype=float)
    if len(one) != len(other) or not len(one):
        raise ValueError("Kappa needs two lists of ratings of the same things.")
    chance = float(np.mean((one[:, None] - other[None, :]) ** 2))
    return 1 - _ratio(float(np.mean((one - other) ** 2)), chance)


def kappa_words(kappa: float) -> str:
    """How a kappa of the practice exercise is to be read."""
    if kappa >= NEAR:
        return "You rate as those did who agreed on the ratings."
    if kappa >= CLOSE:
        return "You are close. Look at the answers you rated two or more apart, and at the reason given."
    return "Not close yet. Read the five anchors again before each answer, and take the line nearest to what was said."


def _pair(bounds: Iterable[float]) -> tuple[float, float]:
    """Two bounds, low and high."""
    low, high = bounds
    return low, high


def _coincidences(table: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The values in use, ascending, and for each unit with two ratings its pairs of values, [units, values, values]."""
    ratings = np.array(table, dtype=float)
    values = np.unique(ratings[np.isfinite(ratings)])
    counts = (ratings[None] == values[:, None, None]).sum(axis=1).T.astype(float)
    counts = counts[counts.sum(axis=1) > 1]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    return values, pairs / (counts.sum(axis=1) - 1)[:, None, None]


def _alphas(values: FloatArray, coincidences: FloatArray, level: Level) -> FloatArray:
    """Alpha of each matrix of coincidences, [matrices, values, values]; NaN where nothing was expected to differ."""
    totals = coincidences.sum(axis=2)
    distances = _distances(values, totals, level)
    pairable = totals.sum(axis=1)
    observed = (coincidences * distances).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distances).sum(axis=(1, 2))
    ratio = np.divide(observed * (pairable - 1), expected, out=np.full(len(observed), np.nan), where=expected > 0)
    alphas: FloatArray = 1 - ratio
    return alphas


def _distances(values: FloatArray, totals: FloatArray, level: Level) -> FloatArray:
    """Squared distances of any two values at a level of measurement, [matrices or 1, values, values]."""
    ranks = values[None]
    if level == "ordinal":  # half the ratings with a value, and all below it
        ranks = np.cumsum(totals, axis=1) - totals / 2
    distances: FloatArray = (ranks[:, :, None] - ranks[:, None, :]) ** 2
    if level == "nominal":
        distances = (distances > 0).astype(float)
    if level == "ratio":
        sums = (values[:, None] + values[None, :]) ** 2
        distances = np.divide(distances, sums, out=np.zeros_like(distances), where=sums > 0)
    return distances


def _ratio(part: float, whole: float) -> float:
    """A quotient, NaN where there is nothing to divide by."""
    return part / whole if whole else float("nan")


def _f_bounds(between: float, error: float, df: float, df_error: float, tail: float) -> tuple[float, float]:
    """The F ratio divided by its quantile, and multiplied by that of its inverse."""
    ratio = _ratio(between, error)
    return ratio / float(fdtri(df, df_error, tail)), ratio * float(fdtri(df_error, df, tail))


def _absolute_bounds(icc: IntraclassCorrelation, tail: float) -> tuple[float, float]:
    """Interval of ICC(A,1), with the degrees of freedom after Satterthwaite that Shrout and Fleiss give."""
    n, k, squares = icc.subjects, icc.raters, icc.mean_squares
    if not squares.residual > 0:
        return float("nan"), float("nan")
    raters = squares.between_raters / squares.residual
    rest = n * (1 + (k - 1) * icc.icc2) - k * icc.icc2
    df = (k - 1) * (n - 1) * (k * icc.icc2 * raters + rest) ** 2
    df /= (n - 1) * (k * icc.icc2 * raters) ** 2 + rest**2
    below, above = float(fdtri(n - 1, df, tail)), float(fdtri(df, n - 1, tail))
    noise = k * squares.between_raters + (k * n - k - n) * squares.residual
    low = n * (squares.between_subjects - below * squares.residual)
    high = n * (above * squares.between_subjects - squares.residual)
    return low / (below * noise + n * squares.between_subjects), high / (noise + n * above * squares.between_subjects)
