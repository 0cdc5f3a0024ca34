"""Rating rows turned into arrays: one value per candidate, interviewer and dimension."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Id = Any
"""Any hashable value; the pages use primary keys."""

Cell = tuple[Id, Id, Id]
"""(candidate, interviewer, dimension): one rating that was asked for, whether or not it came."""

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


class Rating(NamedTuple):
    """One rating on one dimension. What was not observed has no row; it is never a zero."""

    candidate_id: Id
    interviewer_id: Id
    dimension_id: Id
    value: float


@dataclass(frozen=True)
class Voices:
    """All ratings of a panel as arrays, each interviewer one voice per candidate and dimension.

    ``cell`` numbers the rated cells in ascending order, ``value`` holds their ratings; ``asked`` numbers all cells
    that were rated or asked for. A cell is ``(candidate * interviewers + interviewer) * dimensions + dimension``,
    by position in the three id tuples.
    """

    candidates: tuple[Id, ...]
    interviewers: tuple[Id, ...]
    dimensions: tuple[Id, ...]
    weights: FloatArray  # one per dimension, adding up to 1
    cell: IntArray
    value: FloatArray
    asked: IntArray

    @cached_property
    def interviewer(self) -> IntArray:
        """The interviewer of each rated cell."""
        return self.cell // len(self.dimensions) % max(len(self.interviewers), 1)

    def slot(self, cells: IntArray) -> IntArray:
        """The candidate and dimension of each cell: ``candidate * dimensions + dimension``."""
        dimensions = len(self.dimensions)
        return cells // (dimensions * max(len(self.interviewers), 1)) * dimensions + cells % dimensions


def read_voices(
    ratings: Iterable[Rating], weights: Mapping[Id, float], expected: Iterable[Cell] | None = None
) -> Voices:
    """Arrange rows by candidate, interviewer and dimension; the order in which they come makes no difference.

    An interviewer who rated the same candidate and dimension more than once counts once, with the mean of those
    ratings. Rows on a dimension without an entry in ``weights`` are left out. ``expected`` lists the cells that were
    asked for; without it, every card (a candidate and interviewer with any rating) is asked for every dimension.

    Raises ValueError for a weight that is negative or not finite, weights that are all zero, or a rating that is not
    a finite number.
    """
    shares = normalised_weights(weights)
    rows = [row for row in ratings if row.dimension_id in weights]
    asked_for = None if expected is None else [cell for cell in expected if cell[2] in weights]
    columns = tuple(zip(*rows, strict=True)) or ((), (), (), ())
    asked_columns = tuple(zip(*(asked_for or []), strict=True)) or ((), (), ())
    candidates, interviewers = (ordered({*columns[side], *asked_columns[side]}) for side in (0, 1))
    dimensions = tuple(weights)
    places = tuple({key: place for place, key in enumerate(keys)} for keys in (candidates, interviewers, dimensions))

    codes = _codes(columns, places)
    values = np.array(columns[3], dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("A rating must be a finite number; leave out what was not observed.")
    order = np.lexsort((values, codes))
    cell, inverse, times = np.unique(codes[order], return_inverse=True, return_counts=True)
    value = np.bincount(inverse, weights=values[order], minlength=len(cell)) / times
    if asked_for is None:
        cards = np.unique(cell // len(dimensions))
        asked = (cards[:, None] * len(dimensions) + np.arange(len(dimensions))).ravel()
    else:
        asked = np.union1d(cell, _codes(asked_columns, places))
    return Voices(candidates, interviewers, dimensions, shares, cell, value, asked)


def normalised_weights(weights: Mapping[Id, float]) -> FloatArray:
    """The weights as shares that add up to 1, in the order of the mapping."""
    shares: FloatArray = np.array(list(weights.values()), dtype=float)
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise ValueError("A weight must be zero or more.")
    if not shares.sum() > 0:
        raise ValueError("At least one dimension needs a weight above zero.")
    shares /= shares.sum()
    return shares


def _codes(columns: tuple[tuple[Any, ...], ...], places: tuple[dict[Id, int], ...]) -> IntArray:
    """Number the cell of each row, given the place of every candidate, interviewer and dimension."""
    candidate, interviewer, dimension = (
        np.fromiter(map(place.__getitem__, column), dtype=np.intp, count=len(column))
        for place, column in zip(places, columns, strict=False)
    )
    return (candidate * len(places[1]) + interviewer) * len(places[2]) + dimension


def ordered(ids: set[Id]) -> tuple[Id, ...]:
    """Put ids into one order whatever the order of the rows; ids that do not compare go by type and text."""
    try:
        return tuple(sorted(ids))
    except TypeError:
        return tuple(sorted(ids, key=lambda key: (type(key).__name__, repr(key))))
