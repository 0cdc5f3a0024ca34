"""The official figure: weighted means of what was rated, with coverage and the possible range."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from candidates.statistics.voices import Cell, FloatArray, Id, IntArray, Rating, Voices, read_voices

__all__ = ["HIGHEST", "LOWEST", "DimensionScore", "PanelScore", "Rating", "panel_scores"]

LOWEST, HIGHEST = 1.0, 5.0
"""The ends of the rating scale, which only the possible range needs."""


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """How the panel rated one candidate on one dimension; an interviewer counts once."""

    mean: float
    median: float
    values: tuple[float, ...]  # one per interviewer, in the order of ``interviewers``
    spread: float  # highest minus lowest; from 2 on, a disagreement
    interviewers: tuple[Id, ...]  # ascending ids


@dataclass(frozen=True, slots=True)
class PanelScore:
    """A candidate's official score and what is missing from it."""

    total: float | None  # None when no dimension that carries weight was rated
    coverage: float  # share of the weight that was rated by anybody, 0 to 1
    low: float  # the total if every missing rating were 1 …
    high: float  # … and if it were 5
    complete: bool  # every card rated every dimension that carries weight
    cards: int  # interviewers with a card for this candidate
    rated: int  # ratings given, and asked for, on dimensions that carry weight
    asked: int
    dimensions: dict[Id, DimensionScore]  # only those rated, in the order of the weights


def panel_scores(
    ratings: Iterable[Rating], weights: Mapping[Id, float], expected: Iterable[Cell] | None = None
) -> dict[Id, PanelScore]:
    """Score every candidate: the weighted mean over dimensions of the mean over interviewers.

    Weights need not add up to anything; those of unrated dimensions are shared out among the rated ones. A dimension
    with weight 0 keeps its figures and moves no total; one without an entry in ``weights`` is left out.

    A card is a candidate and interviewer with any rating; a missing rating is a dimension that card lacks. Pass
    ``expected`` (candidate, interviewer, dimension) cells when interviewers had a focus: a dimension nobody asked an
    interviewer to rate is then not missing, and a card with nothing observed still counts as one. A dimension that
    nobody rated may be anything from 1 to 5 either way.

    Raises ValueError as ``read_voices`` does.
    """
    voices = read_voices(ratings, weights, expected)
    shape = (len(voices.candidates), len(voices.dimensions))
    cells = voices.slot(voices.cell)
    counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
    sums = np.bincount(cells, weights=voices.value, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    asked = np.bincount(voices.slot(voices.asked), minlength=shape[0] * shape[1]).reshape(shape)

    cards = _cards_per_candidate(voices)
    weighted = voices.weights > 0
    rated = counts[:, weighted].sum(axis=1)
    coverage = np.where(rated > 0, 1 - (counts == 0) @ voices.weights, 0.0)
    points = np.divide(sums, counts, out=np.zeros(shape), where=counts > 0) @ voices.weights
    totals = np.divide(points, coverage, out=np.full(shape[0], np.nan), where=rated > 0)
    columns = (
        [None if np.isnan(total) else total for total in totals.tolist()],
        coverage.tolist(),
        _filled(sums, counts, asked, LOWEST, voices.weights).tolist(),
        _filled(sums, counts, asked, HIGHEST, voices.weights).tolist(),
        (rated == cards * weighted.sum()).tolist(),
        cards.tolist(),
        rated.tolist(),
        asked[:, weighted].sum(axis=1).tolist(),
        _dimension_scores(voices, counts),
    )
    rows = zip(*columns, strict=True)
    return {candidate: PanelScore(*row) for candidate, row in zip(voices.candidates, rows, strict=True)}


def _filled(sums: FloatArray, counts: IntArray, asked: IntArray, value: float, weights: FloatArray) -> FloatArray:
    """The totals if every rating that was asked for and not given were ``value``; a dimension nobody rated is too."""
    means = np.divide(sums + (asked - counts) * value, asked, out=np.full(sums.shape, value), where=asked > 0)
    filled: FloatArray = means @ weights
    return filled


def _cards_per_candidate(voices: Voices) -> IntArray:
    """Count the interviewers with a card for each candidate."""
    cards = np.unique(voices.asked // len(voices.dimensions))
    return np.bincount(cards // max(len(voices.interviewers), 1), minlength=len(voices.candidates))


def _dimension_scores(voices: Voices, counts: IntArray) -> list[dict[Id, DimensionScore]]:
    """For each candidate, the figures of every dimension that somebody rated."""
    cells = voices.slot(voices.cell)
    by_interviewer = np.argsort(cells, kind="stable")
    by_value = np.lexsort((voices.value, cells))
    slots, starts, sizes = np.unique(cells[by_interviewer], return_index=True, return_counts=True)
    ends = starts + sizes
    ascending = voices.value[by_value]
    medians = (ascending[starts + (sizes - 1) // 2] + ascending[starts + sizes // 2]) / 2
    spreads = ascending[ends - 1] - ascending[starts]
    means = np.bincount(cells, weights=voices.value, minlength=counts.size)[slots] / sizes

    values = voices.value[by_interviewer].tolist()
    interviewers = [voices.interviewers[place] for place in voices.interviewer[by_interviewer].tolist()]
    scores: list[dict[Id, DimensionScore]] = [{} for _ in voices.candidates]
    figures = (slots, starts, ends, means, medians, spreads)
    for slot, start, end, mean, median, spread in zip(*(figure.tolist() for figure in figures), strict=True):
        candidate, dimension = divmod(slot, len(voices.dimensions))
        scores[candidate][voices.dimensions[dimension]] = DimensionScore(
            mean, median, tuple(values[start:end]), spread, tuple(interviewers[start:end])
        )
    return scores
