"""What one interviewer may see of themselves: own use of the scale, beside the others on the same candidates."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, pstdev, stdev

from candidates.statistics.distributions import stdtrit
from candidates.statistics.voices import Id, Rating

Cell = tuple[Id, Id]
"""(candidate, dimension)"""

LEAST_SHARED = 5
LEAST_CARDS = 10
LEAST_RATINGS_ALIKE = 3
NARROW_SPREAD = 0.5


@dataclass(frozen=True)
class MirrorRefusal:
    """Too few candidates were rated by this interviewer and by others as well."""

    shared: int
    needed: int = LEAST_SHARED


@dataclass(frozen=True)
class Gap:
    """Points above (more lenient) or below (stricter) the mean of the others, with a 90% interval."""

    mean: float
    low: float
    high: float
    candidates: int


@dataclass(frozen=True)
class Mirror:
    """An interviewer's own figures against all co-raters as one group."""

    shared: int  # candidates rated by others too
    cards: int  # candidates rated at all
    own: dict[float, int]  # how often each rating was given where others rated too, ascending
    others: dict[float, int]  # and by the others there
    gap: Gap
    dimensions: dict[Id, Gap | None]  # None with fewer than 5 shared candidates
    cards_alike: int | None  # cards with three or more ratings, all the same; None under 10 cards
    narrow: bool | None  # whether own ratings spread (standard deviation) under half a point; None under 10 cards


@dataclass(frozen=True)
class ScaleUse:
    """How one interviewer uses the scale, whoever else rated the same candidates."""

    given: dict[float, int]  # how often each rating was given, ascending
    cards: int  # candidates rated
    cards_alike: int | None  # as in ``Mirror``; None under 10 cards
    narrow: bool | None

    @property
    def ratings(self) -> int:
        """How many ratings were given in all."""
        return sum(self.given.values())


def scale_use(ratings: Iterable[Rating]) -> dict[Id, ScaleUse]:
    """Each interviewer's use of the scale, in the order in which they first come."""
    cards: dict[Id, dict[Id, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in ratings:
        cards[row.interviewer_id][row.candidate_id].append(row.value)
    return {
        interviewer: ScaleUse(_distribution(own.values()), len(own), *_remarks(own))
        for interviewer, own in cards.items()
    }


def interviewer_mirror(ratings: Iterable[Rating], interviewer_id: Id) -> Mirror | MirrorRefusal:
    """Hold an interviewer's ratings against those of the others on the same candidates and dimensions.

    A candidate counts once in a gap, whatever the number of dimensions, because ratings of one person are not
    independent of one another. Refused under 5 candidates that others rated on the same dimensions.
    """
    own: dict[Cell, list[float]] = defaultdict(list)
    others: dict[Cell, dict[Id, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in ratings:
        cell = (row.candidate_id, row.dimension_id)
        if row.interviewer_id == interviewer_id:
            own[cell].append(row.value)
        else:
            others[cell][row.interviewer_id].append(row.value)
    shared = {cell: fmean(own[cell]) - fmean(map(fmean, others[cell].values())) for cell in own if cell in others}
    gap = _gap(shared)
    if gap is None:
        return MirrorRefusal(len({candidate for candidate, _ in shared}))
    cards: dict[Id, list[float]] = defaultdict(list)
    for (candidate, _), values in own.items():
        cards[candidate] += values
    cards_alike, narrow = _remarks(cards)
    return Mirror(
        shared=gap.candidates,
        cards=len(cards),
        own=_distribution(own[cell] for cell in shared),
        others=_distribution(values for cell in shared for values in others[cell].values()),
        gap=gap,
        dimensions={
            dimension: _gap({cell: value for cell, value in shared.items() if cell[1] == dimension})
            for dimension in dict.fromkeys(cell[1] for cell in own)
        },
        cards_alike=cards_alike,
        narrow=narrow,
    )


def _gap(differences: Mapping[Cell, float]) -> Gap | None:
    """The mean over candidates of the differences by candidate and dimension; None under 5 candidates."""
    by_candidate: dict[Id, list[float]] = defaultdict(list)
    for (candidate, _), difference in differences.items():
        by_candidate[candidate].append(difference)
    if len(by_candidate) < LEAST_SHARED:
        return None
    means = sorted(map(fmean, by_candidate.values()))
    mean = fmean(means)
    half = float(stdtrit(len(means) - 1, 0.95)) * stdev(means) / len(means) ** 0.5
    return Gap(mean, mean - half, mean + half, len(means))


def _remarks(cards: Mapping[Id, Sequence[float]]) -> tuple[int | None, bool | None]:
    """How many cards give everything the same rating, and whether all ratings lie close; None under 10 cards."""
    if len(cards) < LEAST_CARDS:
        return None, None
    alike = sum(_alike(values) for values in cards.values())
    return alike, pstdev(chain.from_iterable(cards.values())) < NARROW_SPREAD


def _distribution(ratings: Iterable[Sequence[float]]) -> dict[float, int]:
    """How often each rating occurs, ascending."""
    return dict(sorted(Counter(chain.from_iterable(ratings)).items()))


def _alike(values: Sequence[float]) -> bool:
    """Whether a card gives everything the same rating."""
    return len(values) >= LEAST_RATINGS_ALIKE and len(set(values)) == 1
