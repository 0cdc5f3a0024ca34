"""Do the weights decide? How far they may move before another candidate is first, and what other weights would say."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from candidates.comparison.charts import percent
from candidates.comparison.choice import Choice
from candidates.comparison.naming import Naming
from candidates.comparison.standings import Standing, Standings
from candidates.statistics.severity import PanelFit
from candidates.statistics.voices import FloatArray
from candidates.statistics.weighting import (
    StabilityRange,
    first_shares,
    local_first_shares,
    points_to_reverse,
    stability_ranges,
)
from smarter.marks import figure, listed

RADIUS = 10
POINTS = 100


@dataclass(frozen=True)
class Flip:
    """Beyond this weight of one dimension, the others keeping their proportions, somebody else is first."""

    dimension: str
    more: bool  # beyond means above; else below
    at: str  # in points, which are per cent
    now: str
    name: str
    notch: str  # where it stands on the slider
    distance: float


@dataclass(frozen=True)
class TriedWeight:
    """One slider."""

    key: str
    letter: str
    name: str
    points: str
    official: str
    flips: tuple[Flip, ...]


@dataclass(frozen=True)
class Share:
    """Under how many weightings one candidate is first."""

    name: str
    everywhere: str
    nearby: str


@dataclass(frozen=True)
class Preset:
    """Ready-made weights behind a link."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Trial:
    """The panel "Do the weights decide?". Without a leader, `refusal` says why nothing can be said."""

    weights: tuple[TriedWeight, ...]
    room: str  # the points they share: 100 less what lies on dimensions that do not compare across versions
    presets: tuple[Preset, ...]
    is_official: bool
    query: str  # the weights on trial, for the page that makes them official
    leader: str
    level: str  # all who are first together, where there are several
    shares: tuple[Share, ...]
    nearest: Flip | None
    points_to_move: str  # empty when no weighting changes who is first
    refusal: str
    left_out: tuple[str, ...]  # who is not compared here and why, a sentence for each


def try_weights(found: Standings, columns: Sequence[int], naming: Naming, choice: Choice) -> Trial:
    """Describe what the weights of `found` decide among the applications in `columns` that were rated throughout."""
    dimensions = [row for row in found.reading.dimensions if row.key not in found.apart]
    scored = [found.by_application[pk] for pk in columns if found.by_application[pk].total is not None]
    reasons = {row.application.pk: _left_out(found, row, [each.key for each in dimensions]) for row in scored}
    whole = [row for row in scored if not reasons[row.application.pk]]
    left_out = tuple(f"{naming.candidates[pk]} is left out: {why}" for pk, why in reasons.items() if why)
    names = [naming.of(row.application) for row in whole]
    room, official_weights = _room(found)
    weights = _points([found.weights[d.key] for d in dimensions], room)
    means = np.array([[row.score.dimensions[d.key].mean for d in dimensions] for row in whole if row.score])
    flips: list[tuple[Flip, ...]] = [()] * len(dimensions)
    refusal = _refusal(found, whole)
    if not refusal:
        rows = zip(dimensions, weights, stability_ranges(weights, means), strict=True)
        flips = [_flips(dimension.name, now, held, names, room) for dimension, now, held in rows]
    tried = tuple(
        TriedWeight(
            key=dimension.key,
            letter=dimension.letter,
            name=dimension.name,
            points=short(points),
            official=short(official),
            flips=flips[place],
        )
        for place, (dimension, points, official) in enumerate(
            zip(dimensions, weights, _points(official_weights, room), strict=True)
        )
    )
    presets = _presets(found, choice, tried)
    if refusal:
        is_official = choice.weights is None
        return Trial(tried, short(room), presets, is_official, choice.query(), "", "", (), None, "", refusal, left_out)
    scores = np.round(means @ np.array(weights), 9)
    leader = int(np.argmax(scores))
    level = [names[row] for row in np.flatnonzero(scores == scores[leader])]
    return Trial(
        weights=tried,
        room=short(room),
        presets=presets,
        is_official=choice.weights is None,
        query=choice.query(),
        leader=names[leader],
        level=listed(level) if len(level) > 1 else "",
        shares=_shares(means, weights, names, leader),
        nearest=min((flip for row in flips for flip in row), key=lambda flip: flip.distance, default=None),
        points_to_move=_least_to_move(means, weights, leader),
        refusal="",
        left_out=left_out,
    )


def _left_out(found: Standings, row: Standing, dimensions: Sequence[str]) -> str:
    """Why a candidate has no part in what the weights decide; empty where there is no reason."""
    if not row.score or any(key not in row.score.dimensions for key in dimensions):
        return "a dimension has no rating."
    if isinstance(found.fit, PanelFit) and found.groups.get(row.application.pk, 1) > 1:
        return "met by nobody who also met the others."
    return ""


def _refusal(found: Standings, whole: Sequence[Standing]) -> str:
    """Why nothing can be said of who is first."""
    if len(whole) < 2:
        return "Weights can decide only between two or more candidates who were rated on every dimension."
    if len({found.groups[row.application.pk] for row in whole if row.application.pk in found.groups}) > 1:
        return "The panels of these candidates share no interviewer, so nobody is first under any weights."
    return ""


def short(points: float) -> str:
    """Points as people write them: whole where they are, else with one place."""
    return f"{round(points, 1):g}"


def whole_points(weights: Mapping[str, float]) -> dict[str, int]:
    """Weights as whole points that total 100: rounded down, and what is left goes where most was cut off."""
    exact = dict(zip(weights, _points(weights.values()), strict=True))
    points = {key: math.floor(value) for key, value in exact.items()}
    cut = sorted(exact, key=lambda key: points[key] - exact[key])
    for key in cut[: POINTS - sum(points.values())]:
        points[key] += 1
    return points


def _points(weights: Collection[float], room: float = POINTS) -> list[float]:
    """Weights as points that total 100, or what room there is."""
    total = sum(weights) or 1.0
    return [room * value / total for value in weights]


def _room(found: Standings) -> tuple[float, list[float]]:
    """The points that lie on dimensions that compare, and their official weights."""
    official = found.reading.weights
    compared = [points for key, points in official.items() if key not in found.apart]
    share = sum(compared) / sum(official.values()) if official else 0.0
    return POINTS * (share or 1.0), compared


def _flips(dimension: str, now: float, found: StabilityRange, names: Sequence[str], room: float) -> tuple[Flip, ...]:
    """The ends of the range in which the leader stays first, as far as somebody takes over there."""
    ends = ((False, found.low, found.below), (True, found.high, found.above))
    return tuple(
        Flip(
            dimension,
            more,
            f"{figure(at, 0)}%",
            f"{figure(now, 0)}%",
            names[row],
            percent(POINTS * at / room),
            abs(at - now),
        )
        for more, at, row in ends
        if row is not None
    )


def _shares(means: FloatArray, weights: Sequence[float], names: Sequence[str], leader: int) -> tuple[Share, ...]:
    """Everybody's shares, the leader first, then by the share of all weightings."""
    everywhere, nearby = first_shares(means).tolist(), local_first_shares(means, weights, RADIUS).tolist()
    order = sorted(range(len(names)), key=lambda row: (row != leader, -everywhere[row], names[row]))
    return tuple(Share(names[row], share_words(everywhere[row]), share_words(nearby[row])) for row in order)


def share_words(share: float) -> str:
    """A share of weightings in whole per cent; 0% and 100% only where there is no exception."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{figure(share * 100, 0)}%"


def _least_to_move(means: FloatArray, weights: Sequence[float], leader: int) -> str:
    """How many whole points have to move until somebody else is first."""
    found = [points_to_reverse(weights, means[leader] - means[row]) for row in range(len(means)) if row != leader]
    moves = [reversal.weight_to_move for reversal in found if reversal]
    return str(math.ceil(min(moves) - 1e-9)) if moves else ""


def _presets(found: Standings, choice: Choice, tried: Sequence[TriedWeight]) -> tuple[Preset, ...]:
    """The official weights, all equal, and twice as much for the two dimensions where the lead is nearest to change."""
    official = found.reading.weights
    flipping = sorted((row for row in tried if row.flips), key=lambda row: min(flip.distance for flip in row.flips))
    offers: list[tuple[str, dict[str, float] | None]] = [
        ("This opening", None),
        ("All equal", dict.fromkeys(official, round(POINTS / len(official), 1)) if official else None),
    ]
    offers += [(f"{row.name} ×2", _doubled(official, row.key)) for row in flipping[:2]]
    return tuple(
        Preset(label, choice.query(weights=weights), weights == (dict(choice.weights) if choice.weights else None))
        for label, weights in offers
    )


def _doubled(official: Mapping[str, float], key: str) -> dict[str, float]:
    """Twice the share for one dimension; the others keep their proportions."""
    points = dict(zip(official, _points(official.values()), strict=True))
    more = min(POINTS, 2 * points[key])
    rest = POINTS - points[key]
    return {
        other: round(more if other == key else value * (POINTS - more) / rest if rest else 0.0, 1)
        for other, value in points.items()
    }
