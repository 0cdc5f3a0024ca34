"""The ranked table: any number of candidates in one list, sorted, filtered and paged."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.comparison.charts import ScoreChart, score_chart
from candidates.comparison.ladder import Ladder, Rung
from candidates.comparison.naming import employer_of, letters
from candidates.comparison.order import span
from candidates.models import Application
from smarter.marks import Mark, figure

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listing:
    """What a list shows and in which order.

    `sort` is "order", "name", "stage", "total" or the key of a dimension; a minus before it turns it round.
    """

    sort: str = "order"
    stage: str = ""
    search: str = ""


@dataclass(frozen=True)
class RankedRow:
    """One candidate of the list."""

    rung: Rung
    name: str
    employer: str
    marks: tuple[Mark, ...]
    total: str
    span: str
    chart: ScoreChart | None
    chart_id: str
    is_chosen: bool


def list_rows(found: Ladder, listing: Listing, *, masked: bool = False) -> Sequence[Rung]:
    """The rows that match, sorted; whoever has nothing to sort by comes last, in the order of names.

    By a figure, groups that share no interviewer stay apart: sorting is no way to put them in order all the same.
    """
    rows: Sequence[Rung] = found.rungs
    if listing.stage:
        rows = [row for row in rows if row.stage == listing.stage]
    if wanted := listing.search.casefold():
        rows = [row for row in rows if wanted in row.name.casefold()]
    key, backwards = listing.sort.removeprefix("-"), listing.sort.startswith("-")
    if key == "order":
        return rows[::-1] if backwards else rows
    values = {row.application: _value(row, key, found, masked=masked) for row in rows}
    known = [row for row in rows if values[row.application] is not None]
    others = [row for row in rows if values[row.application] is None]
    known.sort(key=lambda row: values[row.application] or "", reverse=backwards)
    if key not in {"name", "stage"}:
        known.sort(key=lambda row: row.group or len(found.rungs))
    return known + others


def _value(row: Rung, key: str, found: Ladder, *, masked: bool) -> str | float | None:
    """What a row is sorted by; highest first for figures, so they count downwards."""
    if key == "name":
        return _name(row, found, masked=masked).casefold()
    if key == "stage":
        return f"{Application.Stage.values.index(row.stage):02}"
    if row.total is None:
        return None
    if key == "total":
        return -row.total
    means = dict(zip((dimension.key for dimension in found.dimensions), row.means, strict=False))
    mean = means.get(key)
    return None if mean is None else -float(mean)


def _name(row: Rung, found: Ladder, *, masked: bool) -> str:
    """What the candidate is called here."""
    return f"Candidate {letters(found.places[row.application])}" if masked else row.name


def draw_rows(
    rows: Sequence[Rung], found: Ladder, chosen: Sequence[int], *, masked: bool = False
) -> tuple[RankedRow, ...]:
    """The rows of one page with their figures and charts."""
    return tuple(_draw(row, found, chosen, masked=masked) for row in rows)


def _draw(row: Rung, found: Ladder, chosen: Sequence[int], *, masked: bool) -> RankedRow:
    interval, possible = row.interval, row.possible
    shown = interval or possible
    name = _name(row, found, masked=masked)
    chart = None
    if row.total is not None:
        chart = score_chart(
            row.total,
            (interval.low, interval.high) if interval else None,
            (possible.low, possible.high) if possible else None,
            name=name,
        )
    return RankedRow(
        rung=row,
        name=name,
        employer="" if masked else employer_of(row.role),
        marks=found.marks(row),
        total=figure(row.total, 2 if shown else 1),
        span=span(shown) + (" possible" if possible and not interval else "") if shown else "",
        chart=chart,
        chart_id=f"ranked-{row.application}",
        is_chosen=row.application in chosen,
    )
