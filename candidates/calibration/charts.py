"""Where the marks of the calibration charts stand: x in per cent, y in pixels. Templates draw, CSS colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from candidates.comparison.charts import AxisMark, Line, percent
from rubrics.models import RATINGS
from smarter.marks import figure, signed

BAND = 0.25
"""Differences up to here make no practical difference."""

FARTHEST = 1.0
LATEST, DAY = 72.0, 24.0
BASE, HIGHEST_BAR, PIXELS_A_PERCENT = 64.0, 50.0, 0.886


def lean_x(points: float) -> float:
    """Where a difference of up to a point stands; beyond, at the end."""
    return 4 + (max(-FARTHEST, min(FARTHEST, points)) + FARTHEST) / (2 * FARTHEST) * 92


def alpha_x(alpha: float) -> float:
    """Where an alpha stands; below zero, at zero."""
    return 2 + max(0.0, min(1.0, alpha)) * 96


def hours_x(hours: float) -> float:
    """Where hours stand; beyond three days, at the end."""
    return 1 + max(0.0, min(LATEST, hours)) / LATEST * 97


def share_x(share: float) -> float:
    """Where a share of one stands."""
    return 2 + share * 96


def _line(start: float, end: float) -> Line:
    return Line(percent(start), percent(end), percent(end - start))


LEAN_AXIS = tuple(
    AxisMark(label, percent(lean_x(value)))
    for label, value in (("−1", -1), ("−½", -0.5), ("0", 0), ("+½", 0.5), ("+1", 1))
)
ALPHA_AXIS = tuple(AxisMark(label, percent(alpha_x(value))) for label, value in (("0", 0), (".50", 0.5), ("1", 1)))
ALPHA_MARKS = tuple(AxisMark(label, percent(alpha_x(value))) for label, value in ((".67", 0.667), (".80", 0.8)))
HOURS_AXIS = tuple(AxisMark(f"{hours} h", percent(hours_x(hours))) for hours in (0, 24, 48, 72))
SHARE_AXIS = tuple(AxisMark(f"{value}%", percent(share_x(value / 100))) for value in (0, 50, 100))
LEAN_BAND = _line(lean_x(-BAND), lean_x(BAND))
ALPHA_BAND = _line(alpha_x(0.8), alpha_x(1))
DAY_MARK = percent(hours_x(DAY))


@dataclass(frozen=True)
class Estimate:
    """A dot with whiskers, and the sentence that stands for it."""

    point: str
    interval: Line
    title: str


@dataclass(frozen=True)
class Ticks:
    """One tick for each of many values, and a dot on their middle or share."""

    ticks: tuple[str, ...]
    point: str
    title: str


@dataclass(frozen=True)
class Bar:
    """One rating's share of a histogram."""

    value: int
    x: str
    middle: str
    y: str
    height: str
    label_y: str
    share: str


@dataclass(frozen=True)
class Histogram:
    """How often each rating was given, as shares."""

    bars: tuple[Bar, ...]
    title: str


def lean_estimate(name: str, mean: float, low: float, high: float, *, others: str) -> Estimate:
    """Points above or below the others."""
    title = f"{name}: {signed(mean, 2)} points against {others}, between {signed(low, 2)} and {signed(high, 2)}"
    return Estimate(percent(lean_x(mean)), _line(lean_x(low), lean_x(high)), title)


def alpha_estimate(name: str, alpha: float, low: float, high: float) -> Estimate:
    """Alpha of one dimension."""
    title = f"{name}: alpha {figure(alpha, 2)}, between {figure(low, 2)} and {figure(high, 2)}"
    return Estimate(percent(alpha_x(alpha)), _line(alpha_x(low), alpha_x(high)), title)


def hour_ticks(hours: Sequence[float], median: float, title: str) -> Ticks:
    """When each scorecard came in."""
    return Ticks(tuple(percent(hours_x(value)) for value in sorted(hours)), percent(hours_x(median)), title)


def histogram(name: str, given: Mapping[float, int], highest_share: float) -> Histogram:
    """Shares in per cent; `highest_share`, of one, is that of all histograms drawn side by side."""
    total = sum(given.values())
    unit = min(PIXELS_A_PERCENT, HIGHEST_BAR / (highest_share * 100)) if highest_share else PIXELS_A_PERCENT
    bars = []
    for place, value in enumerate(RATINGS):
        share = given.get(value, 0) / total * 100 if total else 0.0
        height = share * unit
        bars.append(
            Bar(
                value=value,
                x=f"{1 + 20 * place}%",
                middle=f"{10 + 20 * place}%",
                y=f"{BASE - height:.1f}",
                height=f"{height:.1f}",
                label_y=f"{BASE - height - 4:.1f}",
                share=figure(share, 0),
            )
        )
    said = ", ".join(f"{bar.value}: {bar.share}%" for bar in bars)
    return Histogram(tuple(bars), f"{name}, share of ratings: {said}")


def highest_share(*given: Mapping[float, int]) -> float:
    """The highest bar of several histograms, as a share of one."""
    return max((max(counts.values()) / sum(counts.values()) for counts in given if counts), default=0.0)
