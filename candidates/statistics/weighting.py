"""Do the weights decide? How far they may move, and under how many weightings each candidate is first.

Ratings are taken as they are here; how sure those are is another question, answered in ``ranking``. Weights may come in
points or as shares, and answers come in the same unit. Means are [candidates, dimensions] without gaps.

Source of the shares of weightings: Lahdelma & Salminen (2001), Operations Research 49 (SMAA-2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from candidates.statistics.voices import FloatArray

SEED = 1998
CHUNK = 10_000
PILOT = 1_000


@dataclass(frozen=True)
class Reversal:
    """The smallest shift of weight that takes a lead away."""

    weight_to_move: float
    new_weights: tuple[float, ...]


@dataclass(frozen=True)
class StabilityRange:
    """Between which weights of one dimension the leader stays first, the others keeping their proportions."""

    low: float
    high: float
    below: int | None  # row of the candidate who takes over below ``low``; None where nobody does
    above: int | None  # and above ``high``


def points_to_reverse(weights: Sequence[float], difference: Sequence[float]) -> Reversal | None:
    """Move as little weight as possible until a lead is gone; None when no weighting reverses it.

    ``difference`` is the leader's mean less the other's, by dimension. Weight goes to the dimension with the smallest
    difference, taken first from the one with the largest: each point moved then costs the lead the most.
    """
    new = np.array(weights, dtype=float)
    gaps = np.array(difference, dtype=float)
    target = int(np.argmin(gaps))
    lead = float(new @ gaps)
    if lead > 0 and gaps[target] > 0:
        return None
    moved = 0.0
    for source in np.argsort(-gaps, kind="stable"):
        cost = float(gaps[source] - gaps[target])
        if lead <= 0 or cost <= 0:
            break
        step = min(float(new[source]), lead / cost)
        new[source] -= step
        moved += step
        lead -= step * cost
    new[target] += moved
    return Reversal(moved, tuple(new.tolist()))


def stability_ranges(weights: Sequence[float], means: ArrayLike) -> list[StabilityRange]:
    """For each dimension, the exact interval of its weight in which the leader stays first.

    The leader is the candidate with the highest weighted mean, the earliest row of those that tie. Where all weight
    lies on one dimension, taking some away spreads it evenly over the others. Raises ValueError for means with gaps.
    """
    table = _without_gaps(means)
    chosen = np.array(weights, dtype=float)
    total = float(chosen.sum())
    leader = int(np.argmax(np.round(table @ chosen / total, 9)))
    ahead = np.round(table[leader] - table, 12)
    ranges = []
    for dimension in range(len(chosen)):
        others = np.delete(chosen, dimension)
        proportions = others if others.sum() > 0 else np.ones(len(others))
        at_zero = (
            np.delete(ahead, dimension, axis=1) @ proportions / (proportions.sum() or 1)
        )  # without it, leads are …
        at_total = ahead[:, dimension]  # … and with it alone
        share, above = _crossing(at_zero, at_total)
        rest, below = _crossing(at_total, at_zero)
        ranges.append(StabilityRange(total * (1 - rest), total * share, below, above))
    return ranges


def first_shares(means: ArrayLike, draws: int = 100_000, seed: int = SEED) -> FloatArray:
    """Share of all possible weightings under which each candidate is first, [candidates].

    Exact for two candidates; for more, weightings are drawn evenly from all that add up to the same (a flat
    Dirichlet). Candidates alike on every dimension share. Raises ValueError for means with gaps.
    """
    table, twin, twins = np.unique(_without_gaps(means), axis=0, return_inverse=True, return_counts=True)
    if len(table) == 2:
        ahead = share_ahead(table[0] - table[1])
        shares = np.array([ahead, 1 - ahead])
    else:
        generator = np.random.default_rng(seed)
        # Waiting times divided by their sum are a flat Dirichlet; the division does not change who is first.
        sizes = [(min(CHUNK, draws - done), table.shape[1]) for done in range(0, draws, CHUNK)]
        shares = np.sum([_wins(table, generator.standard_exponential(size)) for size in sizes], axis=0) / draws
    result: FloatArray = (shares / twins)[twin.ravel()]
    return result


def local_first_shares(
    means: ArrayLike, weights: Sequence[float], radius: float = 10, draws: int = 20_000, seed: int = SEED
) -> FloatArray:
    """The same share among the weightings that move no weight by more than ``radius`` (points) from the chosen ones.

    Weightings are drawn evenly from all that keep the sum, have no negative weight and stay within the radius.
    """
    table, twin, twins = np.unique(_without_gaps(means), axis=0, return_inverse=True, return_counts=True)
    wins = _wins(table, _nearby_weights(np.array(weights, dtype=float), radius, draws, seed))
    result: FloatArray = (wins / draws / twins)[twin.ravel()]
    return result


def share_ahead(difference: ArrayLike) -> float:
    """Exact share of all weightings under which the weighted sum of these differences is above zero.

    Evenly drawn weights behave like independent waiting times, so this is a race: each advantage and each drawback is
    a stage of its own length, and the side still running when the other is through wins. Equal differences, at which
    the closed formula divides by zero, need no special care. All differences zero is a tie: one half.
    """
    gaps = np.array(difference, dtype=float)
    advantages, drawbacks = gaps[gaps > 0], -gaps[gaps < 0]
    if not len(advantages) and not len(drawbacks):
        return 0.5
    chance = np.ones(len(drawbacks) + 1)  # of reaching each number of drawbacks done, before this advantage ends
    chance[1:] = 0.0
    won = 0.0
    for advantage in advantages:
        ended = np.zeros_like(chance)
        for done, drawback in enumerate(drawbacks):
            ended[done] = chance[done] * drawback / (advantage + drawback)
            chance[done + 1] += chance[done] * advantage / (advantage + drawback)
        won += float(chance[-1])
        chance = ended
    return won


def _without_gaps(means: ArrayLike) -> FloatArray:
    """The table of means, refused where a candidate has none on a dimension."""
    table = np.array(means, dtype=float)
    if not np.isfinite(table).all():
        raise ValueError("Every candidate needs a mean on every dimension; leave out who or what was not rated.")
    return table


def _crossing(start: FloatArray, end: FloatArray) -> tuple[float, int | None]:
    """How far from ``start`` to ``end``, from 0 to 1, no lead falls below zero, and whose lead falls first."""
    falling = np.flatnonzero(end < 0)
    if not len(falling):
        return 1.0, None
    shares = np.maximum(start[falling], 0) / (np.maximum(start[falling], 0) - end[falling])
    nearest = np.round(shares, 12) == np.round(shares.min(), 12)
    steepest = np.argmin(np.where(nearest, end[falling] - start[falling], np.inf))
    return float(shares.min()), int(falling[steepest])


def _wins(table: FloatArray, weights: FloatArray) -> FloatArray:
    """How many of these weightings put each row first."""
    return np.bincount(np.argmax(weights @ table.T, axis=1), minlength=len(table)).astype(float)


def _nearby_weights(chosen: FloatArray, radius: float, draws: int, seed: int) -> FloatArray:
    """Weightings drawn evenly from those within the radius, [draws, dimensions].

    Two ways of proposing are tried out, and the one of which more proposals lie within the radius is used.
    """
    generator = np.random.default_rng(seed)
    low, high = np.maximum(chosen - radius, 0), np.minimum(chosen + radius, chosen.sum())
    slack = 1e-9 * chosen.sum()

    def from_below(size: int) -> FloatArray:
        proposed: FloatArray = low + (chosen.sum() - low.sum()) * generator.dirichlet(np.ones(len(chosen)), size)
        return proposed

    def from_box(size: int) -> FloatArray:
        proposed: FloatArray = low + (high - low) * generator.random((size, len(chosen)))
        widest = int(np.argmax(high - low))
        proposed[:, widest] += chosen.sum() - proposed.sum(axis=1)
        return proposed

    def within(propose: Callable[[int], FloatArray], size: int) -> FloatArray:
        proposed = propose(size)
        kept: FloatArray = proposed[((proposed >= low - slack) & (proposed <= high + slack)).all(axis=1)]
        return kept

    better = max((from_below, from_box), key=lambda propose: len(within(propose, PILOT)))
    batches = [within(better, draws)]
    while sum(map(len, batches)) < draws:
        batches.append(within(better, draws))
    return np.concatenate(batches)[:draws]
