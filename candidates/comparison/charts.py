"""Where the marks of the charts stand: x in per cent of the width, y in pixels. Templates draw, CSS colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from candidates.statistics.totals import HIGHEST, LOWEST
from smarter.marks import figure

MARGIN, WIDTH = 5.0, 90.0
SCALE = (1, 2, 3, 4, 5)
RECOMMENDATIONS = 4
DOT_SHIFT, DOT_ROW = 9.8, 20
RATING_ROWS = 2
"""Rows of dots for which a chart has room; a taller stack makes a taller chart."""


def percent(value: float) -> str:
    """A length for SVG, the same whatever the language of the page."""
    return f"{value:.1f}%"


def place_on_scale(value: float) -> float:
    """Where a value of the 1-5 scale stands, in per cent; values beyond stand at the ends."""
    return MARGIN + (min(HIGHEST, max(LOWEST, value)) - LOWEST) / (HIGHEST - LOWEST) * WIDTH


def scale_x(value: float) -> str:
    """The same as text for SVG."""
    return percent(place_on_scale(value))


@dataclass(frozen=True)
class AxisMark:
    """A whole number of the scale."""

    label: str
    x: str


AXIS = tuple(AxisMark(str(value), scale_x(value)) for value in SCALE)


@dataclass(frozen=True)
class Line:
    """A stretch of the axis."""

    start: str
    end: str
    width: str

    @classmethod
    def on_scale(cls, low: float, high: float) -> "Line":
        """From one value to another."""
        return cls(scale_x(low), scale_x(high), percent(place_on_scale(high) - place_on_scale(low)))


@dataclass(frozen=True)
class Rater:
    """One interviewer's mark before it has a place."""

    position: float  # in per cent
    initials: str
    label: str  # who gave what, in words
    is_you: bool = False
    is_apart: bool = False  # shadow: shown, never counted


@dataclass(frozen=True)
class Dot:
    """One interviewer's mark: a point in per cent and pixels, and its shift to the side in pixels."""

    x: str
    y: int
    shift: float
    rater: Rater


@dataclass(frozen=True)
class RatingChart:
    """The ratings of one candidate on one dimension, or the recommendations."""

    height: int
    base: int  # y of the axis
    dots: tuple[Dot, ...]
    mean: str  # x of the panel mean, or empty
    median: str  # x of the median where it is asked for, or empty
    spread: Line | None
    title: str


@dataclass(frozen=True)
class ScoreChart:
    """A total with its interval, or hollow with the possible range."""

    point: str
    interval: Line | None
    possible: Line | None
    band: Line | None  # the leader's interval, behind all rows
    title: str


def stack(raters: Iterable[Rater], base: int) -> tuple[Dot, ...]:
    """Give marks their places: equal ratings sit in pairs, then stack upwards."""
    dots = []
    for position, group in groupby(sorted(raters, key=lambda rater: rater.position), key=lambda rater: rater.position):
        equal = list(group)
        for number, rater in enumerate(equal):
            alone = number % 2 == 0 and number == len(equal) - 1
            shift = 0.0 if alone else DOT_SHIFT if number % 2 else -DOT_SHIFT
            dots.append(Dot(percent(position), base - number // 2 * DOT_ROW, shift, rater))
    return tuple(dots)


def extra_height(stacks: Iterable[Sequence[float]]) -> int:
    """How much taller a row of charts must be so that its highest stack fits."""
    highest = max((max(map(list(row).count, row), default=0) for row in stacks), default=0)
    return max(0, (highest + 1) // 2 - RATING_ROWS) * DOT_ROW


def recommendation_place(recommendation: int) -> float:
    """Where one of the four recommendations stands, in per cent."""
    return (recommendation - 0.5) / RECOMMENDATIONS * 100


RECOMMENDATION_POSITIONS = tuple(percent(recommendation_place(place)) for place in range(1, RECOMMENDATIONS + 1))


def score_chart(
    total: float,
    interval: tuple[float, float] | None,
    possible: tuple[float, float] | None,
    *,
    name: str,
    band: tuple[float, float] | None = None,
) -> ScoreChart:
    """The chart of one total, with the sentence that stands for it."""
    if interval:
        words = f"90% interval {figure(interval[0])} to {figure(interval[1])}"
    elif possible:
        words = f"no interval; between {figure(possible[0])} and {figure(possible[1])} whatever the missing ratings"
    else:
        words = "no interval"
    return ScoreChart(
        point=scale_x(total),
        interval=Line.on_scale(*interval) if interval else None,
        possible=Line.on_scale(*possible) if possible and not interval else None,
        band=Line.on_scale(*band) if band else None,
        title=f"{name}: {figure(total, 2 if interval or possible else 1)}, {words}",
    )
