"""What the page of a version draws: pure geometry and wording, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Weighed(Protocol):
    """A dimension, as far as its weight is drawn."""

    letter: str
    name: str
    weight: int


@dataclass
class Weight:
    """A dimension of a document that is not saved, as far as its weight is drawn."""

    letter: str
    name: str
    weight: int


@dataclass(frozen=True)
class Segment:
    """One dimension's part of the weight bar, in per cent of its width; wide enough for its letter or not."""

    letter: str
    x: float
    width: float
    shows_letter: bool


@dataclass(frozen=True)
class WeightBar:
    """The weights side by side, and the sentence for those who do not see them."""

    segments: list[Segment]
    total: int
    sentence: str


def weight_bar(dimensions: Iterable[Weighed]) -> WeightBar:
    """Draw weights as shares of their sum, which in a draft may be other than 100."""
    rows = list(dimensions)
    total = sum(row.weight for row in rows)
    segments, x = [], 0.0
    for row in rows:
        width = 100 * row.weight / total if total else 0.0
        segments.append(Segment(row.letter, round(x, 3), round(width, 3), width >= 6))
        x += width
    listed = ", ".join(f"{row.name} {row.weight}" for row in rows)
    return WeightBar(segments, total, f"Weights: {listed}; sum {total}")
