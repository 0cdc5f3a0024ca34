"""Panels for the statistics tests: published cases, random panels, and rows made from cards."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from candidates.statistics.severity import PanelFit
from candidates.statistics.totals import Rating

PUBLISHED = Path(__file__).parent / "published"
SMART_WEIGHTS = {"S": 25, "M": 20, "A": 20, "R": 15, "T": 20}

patient = settings(deadline=None, max_examples=60)


def published(case: str, name: str | None = None) -> dict[str, Any]:
    """A published case by file name, or one of the several cases in that file."""
    data = json.loads((PUBLISHED / f"{case}.json").read_text(encoding="utf-8"))
    return data if name is None else next(part for part in data["cases"] if part["name"] == name)


def card(candidate: Any, interviewer: Any, ratings: Mapping[Any, float]) -> list[Rating]:
    """The rows of one card."""
    return [Rating(candidate, interviewer, dimension, value) for dimension, value in ratings.items()]


def composites(cards: Iterable[tuple[Any, Any, float]]) -> list[Rating]:
    """Rows of cards that rate a single dimension, called "y"."""
    return [Rating(candidate, interviewer, "y", value) for candidate, interviewer, value in cards]


def smart_panel() -> tuple[list[Rating], dict[str, float]]:
    """The rows and weights of the worked example."""
    inputs = published("smart-panel-worked")["inputs"]
    letters = inputs["dimension_order"]
    rows = [
        row
        for entry in inputs["cards"]
        for row in card(entry["candidate"], entry["rater"], dict(zip(letters, entry["ratings"], strict=True)))
    ]
    return rows, dict(zip(letters, inputs["weights"], strict=True))


def random_panel(
    generator: np.random.Generator, *, candidates: int, interviewers: int, per_candidate: int, dimensions: int = 5
) -> list[Rating]:
    """Complete cards with ratings from 1 to 5, each candidate met by so many interviewers drawn at random."""
    return [
        Rating(candidate, int(interviewer), dimension, float(generator.integers(1, 6)))
        for candidate in range(candidates)
        for interviewer in generator.choice(interviewers, per_candidate, replace=False)
        for dimension in range(dimensions)
    ]


@st.composite
def rating_rows(draw: st.DrawFn) -> list[Rating]:
    """Rows of up to 5 candidates, 4 interviewers and the SMART dimensions, with gaps and repeated ratings."""
    row = st.builds(
        Rating,
        st.integers(1, 5),
        st.integers(1, 4),
        st.sampled_from(list(SMART_WEIGHTS)),
        st.integers(1, 5).map(float),
    )
    return draw(st.lists(row, min_size=1, max_size=60))


class IndependentEstimates(PanelFit):
    """Published estimates with standard errors of their own and nothing shared, in the place of a fit."""

    def __init__(self, scores: Sequence[float], errors: Sequence[float], names: Sequence[Any] = ()) -> None:
        values = {
            "candidates": tuple(names) or tuple(range(len(scores))),
            "adjusted": np.array(scores, dtype=float),
            "standard_errors": np.array(errors, dtype=float),
            "cards": np.full(len(scores), 2),
            "df": 10**9,
        }
        self.__dict__.update(values)

    def covariance_among(self, places: np.ndarray) -> np.ndarray:
        return np.diag(self.standard_errors[places] ** 2)

    def covariance_with(self, place: int) -> np.ndarray:
        return np.where(np.arange(len(self.candidates)) == place, self.standard_errors**2, 0.0)
