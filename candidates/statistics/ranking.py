"""Who is ahead, and how sure that is: probabilities, tiers instead of ranks, shares of first places.

Everything rests on a ``PanelFit``; where a panel allows no fit, none of this can be asked. A candidate with one card
only is never placed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from candidates.statistics.distributions import stdtr, stdtrit
from candidates.statistics.severity import PanelFit
from candidates.statistics.voices import FloatArray, Id, IntArray

CLEARLY = 0.9
"""A candidate is clearly ahead of another above this probability."""

MOST_RANKED = 30
"""Shares of first places are drawn for at most so many candidates at once."""

SEED = 36
ROUNDING = 1e-9


@dataclass(frozen=True)
class Difference:
    """How far one candidate is ahead of another, with its interval, and the probability of being ahead at all."""

    estimate: float
    low: float
    high: float
    probability: float


@dataclass(frozen=True, eq=False)
class RankShares:
    """What the draws say of the order. Arrays go by position in ``candidates``."""

    candidates: tuple[Id, ...]  # those with two or more cards
    first: FloatArray  # probability of being first; all add up to 1
    top: FloatArray  # [candidates, candidates]: probability of being among the first 1, 2, 3 …
    mean_rank: FloatArray
    low: IntArray  # the rank interval, the middle 80% of the draws
    high: IntArray


def score_intervals(fit: PanelFit, level: float = 0.9) -> FloatArray:
    """Interval of each adjusted score, [candidates, 2]; NaN for a candidate with one card."""
    half = stdtrit(fit.df, (1 + level) / 2) * np.where(fit.claimable, fit.standard_errors, np.nan)
    return np.column_stack([fit.adjusted - half, fit.adjusted + half])


def difference(fit: PanelFit, first: Id, second: Id, level: float = 0.9) -> Difference | None:
    """How far the first candidate is ahead of the second; None when either has one card only.

    The interval comes from the covariance of the two scores. Two separate intervals overlapping or not say less.
    """
    places = fit.places([first, second])
    if not fit.claimable[places].all():
        return None
    covariance = fit.covariance_among(places)
    error = _difference_errors(covariance)[0, 1]
    estimate = float(fit.adjusted[places[0]] - fit.adjusted[places[1]])
    half = float(stdtrit(fit.df, (1 + level) / 2) * error)
    probability = float(_probability(fit.df, np.array(estimate), np.array(error)))
    return Difference(estimate, estimate - half, estimate + half, probability)


def probability_ahead(fit: PanelFit, among: Sequence[Id] | None = None) -> FloatArray:
    """Probability that the candidate of the row is ahead of the one of the column, [n, n].

    NaN on the diagonal and wherever a candidate has one card only. ``among`` picks candidates and their order;
    the array grows with the square of their number.
    """
    places = fit.places(among)
    gaps = fit.adjusted[places][:, None] - fit.adjusted[places][None, :]
    probability = _probability(fit.df, gaps, _difference_errors(fit.covariance_among(places)))
    silent = ~fit.claimable[places]
    probability[silent, :] = probability[:, silent] = np.nan
    np.fill_diagonal(probability, np.nan)
    return probability


def tiers(fit: PanelFit, among: Sequence[Id] | None = None) -> list[list[Id]]:
    """Groups from the top: whoever the best of a tier is not clearly ahead of shares its tier; ``among`` picks some.

    Within a tier the scores descend, but nobody is ahead. Candidates with one card only are in no tier. No n × n array
    is built, so thousands of candidates are fine.
    """
    limit = stdtrit(fit.df, CLEARLY)
    places = fit.places(among)
    remaining = np.sort(places[fit.claimable[places]])
    remaining = remaining[np.argsort(-_settled(fit.adjusted[remaining]), kind="stable")]
    variances = fit.standard_errors**2
    found = []
    while len(remaining):
        best = remaining[0]
        shared = fit.covariance_with(int(best))[remaining]
        errors = np.sqrt(np.maximum(variances[best] + variances[remaining] - 2 * shared, 0))
        behind = _settled(fit.adjusted[best] - fit.adjusted[remaining]) > limit * errors
        behind[0] = False
        found.append([fit.candidates[place] for place in remaining[~behind]])
        remaining = remaining[behind]
    return found


def rank_shares(fit: PanelFit, draws: int = 20_000, seed: int = SEED, among: Sequence[Id] | None = None) -> RankShares:
    """Shares of first places, of places among the first m, and rank intervals, from multivariate t draws.

    The mean rank is exact: one more than the sum of the probabilities of each other candidate being ahead. Candidates
    that tie share their places. Raises ValueError for more than 30 candidates at once.
    """
    places = fit.places(among)
    places = places[fit.claimable[places]]
    if len(places) > MOST_RANKED:
        raise ValueError(f"Rank shares are drawn for at most {MOST_RANKED} candidates at once, not {len(places)}.")
    candidates = tuple(fit.candidates[place] for place in places)
    drawn = _draw_scores(fit.adjusted[places], fit.covariance_among(places), fit.df, draws, seed)
    top = _top_shares(_settled(drawn))
    return RankShares(
        candidates=candidates,
        first=top[:, :1].ravel(),
        top=top,
        mean_rank=1 + np.nansum(1 - probability_ahead(fit, candidates), axis=1),
        low=1 + (top < 0.1 - ROUNDING).sum(axis=1),
        high=1 + (top < 0.9 - ROUNDING).sum(axis=1),
    )


def ahead_words(probability: float) -> str:
    """The words for a probability of being ahead; below one half they say "behind"."""
    if np.isnan(probability):
        return "too few to say"
    likelier = max(probability, 1 - probability)
    if likelier <= 0.55:
        return "no difference seen"
    strength = "slightly" if likelier <= 0.75 else "probably" if likelier <= CLEARLY else "clearly"
    return f"{strength} {'ahead' if probability > 0.5 else 'behind'}"


def round_to_five(probability: float) -> int:
    """A probability in per cent, to the nearest 5."""
    return 5 * int(np.floor(probability * 20 + 0.5))


def chance_words(probability: float) -> str:
    """A probability as pages show it: to the nearest 5%, and never as certain."""
    if probability < 0.05:
        return "under 5%"
    if probability > 0.95:
        return "over 95%"
    return f"{round_to_five(probability)}%"


def _settled(values: FloatArray) -> FloatArray:
    """Values without the last digits of their arithmetic, so that equal cards tie."""
    return np.round(values, 9)


def _difference_errors(covariance: FloatArray) -> FloatArray:
    """Standard errors of all differences, [n, n]."""
    variances = np.diag(covariance)
    errors: FloatArray = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * covariance, 0))
    return errors


def _probability(df: float, gaps: FloatArray, errors: FloatArray) -> FloatArray:
    """Probability of a true difference above zero; where there is no error the difference itself decides."""
    gaps = _settled(gaps)
    certain = errors == 0
    ratio = np.divide(gaps, errors, out=np.zeros_like(gaps), where=~certain)
    return np.where(certain, (np.sign(gaps) + 1) / 2, stdtr(df, ratio))


def _draw_scores(scores: FloatArray, covariance: FloatArray, df: float, draws: int, seed: int) -> FloatArray:
    """Draws of all scores together from a multivariate t distribution, [candidates, draws]."""
    generator = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    normal = root @ generator.standard_normal((draws, len(scores))).T
    drawn: FloatArray = scores[:, None] + normal / np.sqrt(generator.chisquare(df, draws) / df)
    return drawn


def _top_shares(scores: FloatArray) -> FloatArray:
    """Share of the draws in which each candidate is among the first m, [candidates, m]; ties share their places."""
    candidates, draws = scores.shape
    beaten, alike, first_m = np.meshgrid(*[np.arange(candidates), *2 * [np.arange(1, candidates + 1)]], indexing="ij")
    within = np.clip((first_m - beaten) / alike, 0, 1).reshape(candidates**2, candidates)
    counts = []
    for own in scores:
        better = (scores > own).sum(axis=0, dtype=np.uint8)  # at most 30, and much faster than whole integers
        level = (scores == own).sum(axis=0, dtype=np.uint8)
        counts.append(np.bincount(better.astype(np.intp) * candidates + level - 1, minlength=candidates**2))
    top: FloatArray = np.array(counts).reshape(candidates, candidates**2) @ within / draws
    return top
