"""Would levelling strict and lenient interviewers change the order? Advisory, beside the official figure.

The composite of a card is ``y = candidate + severity of the rater + error``: candidates are fixed, raters random with
``variance of raters / variance of errors`` a published constant. Henderson's mixed-model equations are solved with
the candidates eliminated (their block is diagonal), which leaves one equation for each rater.

Sources: Henderson (1975), Biometrics 31; Robinson (1991), Statistical Science 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from candidates.statistics.connection import Component, SuggestedInterview, components, connecting_interviews
from candidates.statistics.distributions import stdtrit
from candidates.statistics.voices import BoolArray, Cell, FloatArray, Id, IntArray, Rating, ordered, read_voices

VARIANCE_RATIO = 0.4
LEAST_FREEDOM = 3
"""Fewer cards beyond one for each candidate than this, and nothing is said about uncertainty."""


class Card(NamedTuple):
    """One complete card: the weighted mean of its ratings."""

    candidate_id: Id
    interviewer_id: Id
    composite: float


class CompleteCards(NamedTuple):
    """The cards of candidates whose every card is complete, and the number of cards of the others."""

    cards: list[Card]
    incomplete: dict[Id, int]


@dataclass(frozen=True, eq=False)
class CardTable:
    """Cards as arrays, sorted by candidate; ``candidate`` and ``rater`` are positions in the tuples of ids."""

    candidates: tuple[Id, ...]
    raters: tuple[Id, ...]
    candidate: IntArray
    rater: IntArray
    composite: FloatArray
    incomplete: dict[Id, int]  # candidates kept out because a card of theirs has gaps, and their number of cards


@dataclass(frozen=True)
class Refusal:
    """Why no adjusted scores, intervals, probabilities or order are given, and what would mend it."""

    reason: Literal["disconnected", "too_few_cards", "incomplete_cards", "empty"]
    components: tuple[Component, ...] = ()  # who can be compared with whom, largest first
    suggestion: tuple[SuggestedInterview, ...] = ()  # when disconnected: these interviews would connect everybody
    cards_needed: int = 0  # when too few: so many further cards for these candidates are enough
    incomplete: tuple[Id, ...] = ()  # candidates left out because a card of theirs has gaps


@dataclass(frozen=True, eq=False)
class PanelFit:
    """Adjusted scores with their uncertainty. Arrays go by position in ``candidates`` and ``raters``."""

    candidates: tuple[Id, ...]
    raters: tuple[Id, ...]
    adjusted: FloatArray  # scores as an average interviewer of this panel would give them
    raw: FloatArray  # plain means of the composites: the official totals
    severity: FloatArray  # points above (lenient) or below (strict) the others
    cards: IntArray  # cards of each candidate; with one card nothing is claimed
    df: int
    residual_variance: float
    incomplete: tuple[Id, ...]  # candidates left out because a card of theirs has gaps
    card_candidate: IntArray  # for each card, its candidate and its rater by position
    card_rater: IntArray
    rater_inverse: FloatArray  # covariance of the raters' predictions over the residual variance

    @property
    def claimable(self) -> BoolArray:
        """Which candidates have two or more cards; about the others nothing is claimed."""
        return self.cards > 1

    def places(self, candidates: Sequence[Id] | None = None) -> IntArray:
        """Positions of these candidates, or of all. Raises KeyError for one who is not in the fit."""
        if candidates is None:
            return np.arange(len(self.candidates))
        place = {candidate: position for position, candidate in enumerate(self.candidates)}
        return np.array([place[candidate] for candidate in candidates], dtype=np.intp)

    @cached_property
    def covariance(self) -> FloatArray:
        """Covariance of the adjusted scores, [candidates, candidates]; built when first asked for."""
        return self.covariance_among(self.places())

    @cached_property
    def standard_errors(self) -> FloatArray:
        """Standard error of each adjusted score, without building the covariance."""
        left, right = _pairs(self.card_candidate, self.cards)
        shared = self.rater_inverse[self.card_rater[left], self.card_rater[right]]
        summed = np.bincount(self.card_candidate[left], weights=shared, minlength=len(self.cards))
        errors: FloatArray = np.sqrt(self.residual_variance * (1 / self.cards + summed / self.cards**2))
        return errors

    @cached_property
    def severity_errors(self) -> FloatArray:
        """Standard error of each rater's severity."""
        errors: FloatArray = np.sqrt(self.residual_variance * np.diag(self.rater_inverse))
        return errors

    def covariance_among(self, places: IntArray) -> FloatArray:
        """Covariance of the adjusted scores at these positions."""
        row = np.full(len(self.candidates), -1)
        row[places] = np.arange(len(places))
        chosen = row[self.card_candidate] >= 0
        share = np.zeros((len(places), len(self.raters)))
        cards = self.card_candidate[chosen]
        np.add.at(share, (row[cards], self.card_rater[chosen]), 1 / self.cards[cards])
        return self.residual_variance * (np.diag(1 / self.cards[places]) + share @ self.rater_inverse @ share.T)

    def covariance_with(self, place: int) -> FloatArray:
        """Covariance of every adjusted score with the one at this position."""
        own = self.card_rater[self.card_candidate == place]
        shared = self.rater_inverse[own].mean(axis=0)
        column = np.bincount(self.card_candidate, weights=shared[self.card_rater], minlength=len(self.cards))
        own_share = (np.arange(len(self.cards)) == place) / self.cards
        covariances: FloatArray = self.residual_variance * (column / self.cards + own_share)
        return covariances


def fit_panel(
    ratings: Iterable[Rating],
    weights: Mapping[Id, float],
    variance_ratio: float = VARIANCE_RATIO,
    expected: Iterable[Cell] | None = None,
) -> PanelFit | Refusal:
    """Fit the candidates whose every card rated every dimension that carries weight; name the others.

    ``expected`` is as in ``panel_scores`` and serves to notice cards on which nothing at all was observed. An
    interviewer who met a candidate twice has one card, the mean of the two.

    Raises ValueError as ``read_voices`` does, and for a variance ratio that is not positive.
    """
    return _fit(_complete_table(ratings, weights, expected), variance_ratio)


def fit_cards(cards: Iterable[Card], variance_ratio: float = VARIANCE_RATIO) -> PanelFit | Refusal:
    """Fit composites that are already worked out, such as those of several openings with weights of their own.

    Every card counts, two of one interviewer for one candidate as well. Raises ValueError as ``fit_panel`` does.
    """
    rows = list(cards)
    candidates, raters = (ordered({row[side] for row in rows}) for side in (0, 1))
    candidate_place = {key: place for place, key in enumerate(candidates)}
    rater_place = {key: place for place, key in enumerate(raters)}
    places = sorted((candidate_place[row[0]], rater_place[row[1]], row[2]) for row in rows)
    candidate, rater = (np.array([place[side] for place in places], dtype=np.intp) for side in (0, 1))
    composite = np.array([place[2] for place in places], dtype=float)
    return _fit(CardTable(candidates, raters, candidate, rater, composite, {}), variance_ratio)


def complete_cards(
    ratings: Iterable[Rating], weights: Mapping[Id, float], expected: Iterable[Cell] | None = None
) -> CompleteCards:
    """Work out the composite of every card, keeping apart the candidates with a card that has gaps."""
    table = _complete_table(ratings, weights, expected)
    columns = (table.candidate.tolist(), table.rater.tolist(), table.composite.tolist())
    cards = [Card(table.candidates[i], table.raters[j], value) for i, j, value in zip(*columns, strict=True)]
    return CompleteCards(cards, table.incomplete)


def severity_intervals(fit: PanelFit, level: float = 0.9) -> FloatArray:
    """Interval of each rater's severity, [raters, 2]."""
    half = stdtrit(fit.df, (1 + level) / 2) * fit.severity_errors
    return np.column_stack([fit.severity - half, fit.severity + half])


def _complete_table(
    ratings: Iterable[Rating], weights: Mapping[Id, float], expected: Iterable[Cell] | None
) -> CardTable:
    """The composites of the candidates whose every card rated every dimension that carries weight."""
    voices = read_voices(ratings, weights, expected)
    width, interviewers = len(voices.dimensions), max(len(voices.interviewers), 1)
    cards = np.unique(voices.asked // width)
    place = np.searchsorted(cards, voices.cell // width)
    weight = voices.weights[voices.cell % width]
    composite = np.bincount(place, weights=weight * voices.value, minlength=len(cards))
    gaps = np.bincount(place[weight > 0], minlength=len(cards)) < np.count_nonzero(voices.weights)
    candidate, interviewer = cards // interviewers, cards % interviewers
    with_gaps = np.bincount(candidate, weights=gaps, minlength=len(voices.candidates)) > 0
    numbers = np.bincount(candidate, minlength=len(voices.candidates))
    kept = ~with_gaps[candidate]
    complete, candidate_place = np.unique(candidate[kept], return_inverse=True)
    raters, rater_place = np.unique(interviewer[kept], return_inverse=True)
    return CardTable(
        candidates=tuple(voices.candidates[i] for i in complete.tolist()),
        raters=tuple(voices.interviewers[j] for j in raters.tolist()),
        candidate=candidate_place,
        rater=rater_place,
        composite=composite[kept].astype(float),
        incomplete={voices.candidates[i]: int(numbers[i]) for i in np.flatnonzero(with_gaps)},
    )


def _fit(table: CardTable, variance_ratio: float) -> PanelFit | Refusal:
    """Check that the cards can carry a comparison, and solve the equations."""
    if not variance_ratio > 0:
        raise ValueError("The variance ratio must be positive.")
    candidate, rater, y = table.candidate, table.rater, table.composite
    counts = np.bincount(candidate)
    equations = _rater_equations(candidate, rater, counts, len(table.raters), 1 / variance_ratio)
    refusal = _refusal(table, equations)
    if refusal:
        return refusal

    raw: FloatArray = np.bincount(candidate, weights=y) / counts
    centred = y - raw[candidate]
    inverse = np.linalg.inv(equations).astype(np.float64)
    severity: FloatArray = inverse @ np.bincount(rater, weights=centred)
    adjusted: FloatArray = raw - np.bincount(candidate, weights=severity[rater]) / counts
    df = len(y) - len(counts)
    # Candidates are orthogonal to the residuals, so the centred composites give y'(y - Xc - Zr) without cancellation.
    variance = float(centred @ (y - adjusted[candidate] - severity[rater])) / df
    return PanelFit(
        candidates=table.candidates,
        raters=table.raters,
        adjusted=adjusted,
        raw=raw,
        severity=severity,
        cards=counts,
        df=df,
        residual_variance=variance if variance > 1e-12 * max(1.0, float(np.mean(y**2))) else 0.0,
        incomplete=tuple(table.incomplete),
        card_candidate=candidate,
        card_rater=rater,
        rater_inverse=inverse,
    )


def _refusal(table: CardTable, equations: FloatArray) -> Refusal | None:
    """The reason not to fit these cards, if there is one."""
    incomplete = tuple(table.incomplete)
    if not table.candidates:
        return Refusal("incomplete_cards" if incomplete else "empty", incomplete=incomplete)
    if not _all_raters_linked(equations):
        links = [
            (table.candidates[i], table.raters[j])
            for i, j in zip(table.candidate.tolist(), table.rater.tolist(), strict=True)
        ]
        parts = components(links)
        return Refusal("disconnected", parts, connecting_interviews(parts, links), incomplete=incomplete)
    needed = LEAST_FREEDOM - (len(table.composite) - len(table.candidates))
    if needed <= 0:
        return None
    mended = sum(number - 1 for number in table.incomplete.values())
    reason: Literal["incomplete_cards", "too_few_cards"] = "incomplete_cards" if mended >= needed else "too_few_cards"
    everybody = (Component(table.candidates, table.raters),)
    return Refusal(reason, everybody, cards_needed=needed, incomplete=incomplete)


def _all_raters_linked(equations: FloatArray) -> bool:
    """Whether shared candidates join all raters: two of them share one where their equations meet."""
    reached = np.zeros(len(equations), dtype=bool)
    newly = np.array([0])
    while len(newly):
        reached[newly] = True
        newly = np.flatnonzero((equations[newly] != 0).any(axis=0) & ~reached)
    return bool(reached.all())


def _rater_equations(
    candidate: IntArray, rater: IntArray, counts: IntArray, raters: int, shrinkage: float
) -> FloatArray:
    """The equations for the raters after the candidates are eliminated, [raters, raters]."""
    left, right = _pairs(candidate, counts)
    shared = np.bincount(
        rater[left] * raters + rater[right], weights=1 / counts[candidate[left]], minlength=raters * raters
    )
    own = np.bincount(rater, minlength=raters) + shrinkage
    equations: FloatArray = np.diag(own) - shared.reshape(raters, raters)
    return equations


def _pairs(candidate: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """All ordered pairs of cards of the same candidate; cards must come sorted by candidate."""
    partners = counts[candidate]
    left = np.repeat(np.arange(len(candidate)), partners)
    first = np.cumsum(counts) - counts
    position = np.arange(len(left)) - np.repeat(np.cumsum(partners) - partners, partners)
    return left, first[candidate[left]] + position
