"""The grid of boxes that shows how far the panels of an opening are: a column is a candidate, a box an interviewer."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS, MOST_ROWS = 24, 8
STEP_X, STEP_Y, GAP_X, GAP_Y, EDGE = 19, 12, 3, 2, 0.75


@dataclass(frozen=True)
class Column:
    """One candidate: scorecards submitted, drafts as far as one may know of them, and all that are expected."""

    done: int
    drafts: int
    expected: int


@dataclass(frozen=True)
class Box:
    """One scorecard: its place in pixels, and `d` for submitted, `h` for draft, `o` for not started."""

    x: str
    y: str
    state: str


@dataclass(frozen=True)
class Boxes:
    """The drawing and its size."""

    width: int
    height: int
    boxes: tuple[Box, ...]


def draw_boxes(columns: Sequence[Column]) -> Boxes:
    """Draw the first columns; in each, submitted ones stand on top, so that no box stands for a certain person."""
    shown = columns[:MOST_COLUMNS]
    rows = min(MOST_ROWS, max((column.expected for column in shown), default=0))
    boxes = tuple(
        Box(f"{EDGE + STEP_X * x:g}", f"{EDGE + STEP_Y * y:g}", state)
        for x, column in enumerate(shown)
        for y, state in enumerate(_states(column)[:MOST_ROWS])
    )
    return Boxes(max(0, STEP_X * len(shown) - GAP_X), max(0, STEP_Y * rows - GAP_Y), boxes)


def _states(column: Column) -> str:
    drafts = min(column.drafts, column.expected - column.done)
    return "d" * column.done + "h" * drafts + "o" * (column.expected - column.done - drafts)
